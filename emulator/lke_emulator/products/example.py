"""Example requests and replies of any action: values as generated replies have them, ids of what the account really has."""

import re
from itertools import count
from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.knowledge.apps import App
from lke_emulator.products.facts import candidates, facts, taken
from lke_emulator.products.generated import generated, rule_for
from lke_emulator.protocol.glossary import known_values
from lke_emulator.protocol.shapes import misfit
from lke_emulator.protocol.spec import Action, Member, Shape

TELLING = {
    "": ("StatStartTime", "StatEndTime", "Stream", "FileUrl", "AppId", "AppBizId", "BotBizId", "BotAppKey"),
    "Create": ("Name", "Agent", "Profile", "Variable", "Spec", "ToolList"),
    "Copy": ("TargetAppId",),
    "Modify": (
        "Variable",
        "Title",
        "AgentId",
        "TriggerId",
        "ConversationId",
        "ConflictGroupId",
        "QaIdList",
        "Resolution",
        "SpaceId",
    ),
    "Delete": ("TriggerId", "SpaceId"),
    "Pause": ("TriggerId",),
    "Resume": ("TriggerId",),
    "Run": ("TriggerId",),
    "Describe": ("AgentId", "TriggerId", "InstanceId", "WorkflowRunId"),
    "Save": ("CallbackToken",),
    "Rename": ("DocBizId", "NewName"),
    "Retry": ("DocBizIds",),
    "Check": ("AttributeBizId",),
}
"""First word of an action -> members that may be left out, and without which an example says little or is refused."""
IDENTIFIERS = re.compile(r"(Id|Ids|IdList|BizId|BizIds|CallbackToken)$")
FREE = ("ThreadId", "VisitorBizId", "SessionId", "ScopeId", "ParentBizId", "ParentId", "ModelId", "WorkspaceId")
"""Members that name nothing which has to be there."""
DEEPEST = 6
SOME = 2
NAMED = ("Name", "AttrName", "VarName", "KnowledgeName", "Question", "CosHash")
"""Members in which nothing can have the value of another one."""


def example_request(action: Action, account: Account) -> dict[str, Any]:
    """Every member that is needed, and the few that tell. The range of statistics is the last day of the account's clock."""
    app, params, _ = fitting(action, account)
    return unlike(params, taken(account, app)) if action.name.startswith(("Create", "Save", "Modify")) else params


def fitting(action: Action, account: Account) -> tuple[App | None, dict[str, Any], tuple[str, ...]]:
    """Of the apps that the action can be about the one of which least has to be made up; the request, and what is made up."""
    found = []
    for app in candidates(action, account):
        known = facts(action, account, app)
        if changed := action.request.members.get("Fields") or action.request.members.get("Spec"):
            known["Paths"] = next(iter(object_of(action.request.of(changed), known, (action.request,))), "Name")
        params = object_of(action.request, known, ())
        invented = unknown(params, known)
        found.append((app, params, invented))
        if not invented:
            break
    return min(found, key=lambda one: len(one[2]))


def made_up(action: Action, account: Account) -> tuple[str, ...]:
    """Members of an example that name what this account has not: their values are invented."""
    return fitting(action, account)[2]


def unlike(value: Any, names: set[str]) -> Any:
    """The same, with another name where something is called so already."""
    if isinstance(value, list):
        return [unlike(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: another(inner, names) if name in NAMED and inner in names else unlike(inner, names)
        for name, inner in value.items()
    }


def another(name: str, names: set[str]) -> str:
    """As many characters as there have to be: a number at its end, after a blank where the name has one."""
    blank = " " if " " in name else ""
    return next(new for number in count(2) if (new := f"{name}{blank}{number}") not in names)


def unknown(params: dict[str, Any], known: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        name
        for name in params
        if IDENTIFIERS.search(name) and not known.get(name) and name not in FREE and params[name]
    )


def example_reply(action: Action, params: dict[str, Any], account: Account) -> dict[str, Any]:
    """All members, made up; the same for the same request within an hour."""
    reply = generated(action, params, account.seed, account.clock.now(), account.zone)
    return {**reply, "RequestId": "b9d3a7c2-4e51-4f0a-9c68-2d7e1f5a3b90"}


def object_of(shape: Shape, known: dict[str, Any], above: tuple[Shape, ...]) -> dict[str, Any]:
    members = [one for one in shape.members.values() if not one.disabled]
    telling = (
        [] if above else [name for word, names in TELLING.items() if shape.name.startswith(word) for name in names]
    )
    wanted = [one for one in members if one.needed or one.name in telling]
    if above and not wanted:  # an object of which no part is needed
        wanted = [one for one in members if one.name in (*known, "Profile", "Name")] or [
            one for one in members if one.scalar
        ][:SOME]
    return {one.name: value_for(shape, one, known, above) for one in wanted}


def scalar_for(shape: Shape, member: Member, known: dict[str, Any]) -> Any:
    """What the account has, else the first known value, else one as generated replies have it."""
    values = known_values(shape, member)
    if known.get(member.name, "") != "" and not misfit(member.type, known[member.name]):
        return known[member.name]
    if values:
        first = next(iter(values))
        return first if member.type == "string" else int(first)
    return False if member.type == "bool" else rule_for(member.type, f"{shape.name}.{member.name}")(1)


def value_for(shape: Shape, member: Member, known: dict[str, Any], above: tuple[Shape, ...]) -> Any:
    if member.scalar:
        one = scalar_for(shape, member, known)
    elif shape in above or len(above) > DEEPEST:
        return [] if member.many else {}
    else:
        one = object_of(shape.of(member), known, (*above, shape))
    return [one] if member.many else one
