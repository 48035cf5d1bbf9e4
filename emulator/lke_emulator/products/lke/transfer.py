"""Whether somebody asks for a person."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import no_such
from lke_emulator.products import action

WORDS = (
    "转人工",
    "人工客服",
    "人工服务",
    "找人工",
    "真人",
    "human agent",
    "real person",
    "live agent",
    "human support",
)
"""The first is documented by example."""


@action("lke.IsTransferIntent")
def is_transfer_intent(call: Call) -> dict[str, Any]:
    key = call.params["BotAppKey"]
    if call.account.apps.by_key(key) is None:
        raise no_such("app with the AppKey", key)
    content = call.params["Content"].casefold()
    return {"Hit": any(word in content for word in WORDS)}
