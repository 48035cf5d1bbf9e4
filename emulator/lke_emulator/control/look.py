"""What an action that only reads would answer: a page can show the cloud's own figures, and nobody has called."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lke_emulator.account.call import Call
from lke_emulator.account.journal import Entry
from lke_emulator.control.table import Body, ControlCall, route
from lke_emulator.exchange.answer import Answer
from lke_emulator.gateway.pipeline import business, reply, written
from lke_emulator.primitives.refused import Refused
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import Action, spec

READS = ("Describe", "List", "Get")
GIVES = ("Credential", "Secret", "WsToken")
"""Words in the names of actions that hand out something new."""
PRODUCTS = ("lke", "adp")
"""lkeap's are paid for."""
REGION = "ap-guangzhou"


class ReadingCall(Body):
    action: Annotated[str, Meta(description="One that only reads: lke.DescribeTokenUsage, adp.DescribeAppList.")]
    params: dict[str, Any] = msgspec.field(default_factory=dict)
    caller: Annotated[str, Meta(description="The uin of the root or of a sub-account; empty for the root.")] = ""


def is_read(action: Action) -> bool:
    return (
        action.product in PRODUCTS and action.name.startswith(READS) and not any(word in action.name for word in GIVES)
    )


@route("POST", "/accounts/{uin}/look")
def look(call: ControlCall, body: ReadingCall) -> dict[str, Any]:
    """What an action that only reads would answer now, without RequestId: neither the journal nor limits, faults and usage
    know of it."""
    action = spec().by_key.get(body.action)
    if action is None:
        raise LookupError(f"there is no action {body.action[:80]}; they are written as lke.DescribeTokenUsage")
    if not is_read(action):
        raise Refused(f"action: {action.key} is no action of {' or '.join(PRODUCTS)} that only reads: call it")
    account, caller = call.account, call.person(body.caller)
    assumptions, host = account.assumptions, call.headers.get("host", "")
    entry = Entry(0, 0, "", "control", 0)
    try:
        params = business(action, body.params, None, assumptions.extra_members == "ignore")
        asked = Call(account, caller, action, params, call.now, REGION, "", assumptions, host, entry)
        result, entry.source = reply(asked, call.running.settings)
    except ApiError as error:
        raise Refused(f"{error.code}: {error.message('en-US', assumptions.error_texts)}") from None
    answer = written(result, asked)
    if not isinstance(answer, Answer):
        raise Refused(f"action: {action.key} takes its time: call it")
    response: dict[str, Any] = msgspec.json.decode(answer.body)["Response"]
    del response["RequestId"]
    return response
