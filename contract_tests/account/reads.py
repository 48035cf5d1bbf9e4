"""Every action that reads, with a request that is answered where there is an app: what an account says about itself."""

import re
from collections.abc import Iterator
from typing import Any

from lke_emulator.protocol.spec import Shape, spec

READ = re.compile(r"(?:lke|adp)\.(?:List|Describe|Get(?!WsToken))")
ONE = frozenset(
    (
        *("lke.DescribeStorageCredential", "lke.GetTaskStatus", "lke.DescribeSharedKnowledge"),
        *("adp.DescribeAgentDetail", "adp.DescribeAppTrigger", "adp.DescribeAppTriggerInstance"),
        "adp.DescribeNodeBatchRun",
    )
)
"""What makes something, or is about one thing that its request need not name, as the app itself is."""
KNOWN: dict[str, Any] = {
    "PageNumber": 1,
    "PageSize": 20,
    "SpaceId": "lab",
    "ModelName": "cs-normal",
    "AppType": "",
    "VisitorId": "v",
    "UserId": "v",
    "TimeRange": {"StartTime": "1742000000", "EndTime": "1743000000"},
    "ViewScope": {"ViewType": 1},
    "Count": 20,
    "Limit": 20,
    "Domain": 1,
    "ResourceType": 1,
    "ModelScene": 1,
    "StartTime": 1742000000,
    "EndTime": 1743000000,
}
"""Name of a member -> what is sent in it, where its shape needs it."""


WHOSE = ("AppId", "AppBizId", "BotBizId", "AppKey", "BotAppKey", "UserId")
"""Sent wherever there is such a member."""


def reads(app: str, key: str, session: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Product, action and request: those that list, and those about the app or the session."""
    ids = dict.fromkeys(("AppBizId", "BotBizId", "AppId", "KbId"), app)
    ids |= dict.fromkeys(("AppKey", "BotAppKey"), key) | dict.fromkeys(("SessionId", "ConversationId"), session)
    for key, action in spec().by_key.items():
        if READ.match(key) and key not in ONE:
            params = request(action.request, KNOWN | ids)
            if params is not None:
                yield action.product, action.name, params


def request(shape: Shape, known: dict[str, Any]) -> dict[str, Any] | None:
    """With the members that are needed and those that say which app; None where one of them is not known."""
    needed = [member for member in shape.members.values() if member.needed or member.name in WHOSE]
    params: dict[str, Any] = {}
    for member in needed:
        value = known.get(member.name, 5 if member.name == "Type" and member.type != "string" else None)
        if member.name == "AppType" and member.type != "string":
            value = 0
        if value is None:
            return None
        params[member.name] = [value] if member.many else value
    return params
