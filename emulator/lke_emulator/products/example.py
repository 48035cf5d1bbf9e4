"""Example requests and replies of any action: values as generated replies have them, ids of what the account really has."""

from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.products.generated import generated, rule_for
from lke_emulator.protocol.glossary import known_values
from lke_emulator.protocol.shapes import misfit
from lke_emulator.protocol.spec import Action, Member, Shape
from lke_emulator.usage.filter import Filter

HOUR, DAY = 3600, 86_400
TELLING = {
    "": ("StatStartTime", "StatEndTime", "Stream", "FileUrl", "AppId", "AppBizId", "BotBizId", "BotAppKey"),
    "Create": ("Name", "Agent", "Variable", "Spec"),
    "Modify": ("Variable", "Title"),
    "Rename": ("DocBizId", "NewName"),
    "Retry": ("DocBizIds",),
    "Check": ("AttributeBizId",),
}
"""First word of an action -> members that may be left out, and without which an example says little or is refused."""
MODELS = {"lkeap.ChatCompletions": "deepseek-v3.1", "lkeap.GetEmbedding": "lke-text-embedding-v1"}
RECORDS = {
    "documents": ("DocBizId", "DocBizIds", "DocId", "DocIdList", "BizIds"),
    "labels": ("AttributeBizId", "AttributeBizIds", "LabelId", "LabelIdList"),
    "variables": ("VarId", "VariableId"),
    "agents": ("AgentId",),
    "rejected": ("RejectedBizId", "RejectedBizIds"),
    "releases": ("ReleaseBizId", "ReleaseId"),
}
"""Part of an account -> members that name one of its records of an app."""
DEEPEST = 6
SOME = 2


def example_request(action: Action, account: Account) -> dict[str, Any]:
    """Every member that is needed, and the few that tell. The range of statistics is the last day of the account's clock."""
    return object_of(action.request, facts(action, account), ())


def example_reply(action: Action, params: dict[str, Any], account: Account) -> dict[str, Any]:
    """All members, made up; the same for the same request within an hour."""
    reply = generated(action, params, account.seed, account.clock.now(), account.zone)
    return {**reply, "RequestId": "b9d3a7c2-4e51-4f0a-9c68-2d7e1f5a3b90"}


def facts(action: Action, account: Account) -> dict[str, Any]:
    """Member -> value, of what the account has; by the names of the members that need it."""
    app = next(iter(account.apps), None)
    now = int(account.clock.now()) // HOUR * HOUR
    known: dict[str, Any] = {
        "PageNumber": 0 if action.product == "adp" else 1,
        "PageSize": 10,
        "Limit": 10,
        "Count": 10,
        "SpaceId": "default_space",
        "StatStartTime": now - DAY,
        "StatEndTime": now,
        "StartTime": str(now - DAY),
        "EndTime": str(now),
        "Role": "user",
        "Content": "Hello",
        "FileUrl": "https://lke.example.com/page/handbook.pdf",
        "FileType": "PDF" if action.product == "lkeap" else "docx",
        "CateBizId": "0",
        "ParentBizId": "0",
        "ScopeId": "",
        "AttrRange": 1,
        "Stream": True,
    }
    if app is not None:
        known |= dict.fromkeys(("BotBizId", "AppBizId", "AppId", "KbId", "AppBizIds"), app.biz_id)
        known |= dict.fromkeys(("AppKey", "BotAppKey"), app.key)
        if "AppId" in action.request.members:  # the scope of figures is then that app's
            known |= {"ViewType": 3, "ScopeId": app.biz_id}
        known |= records(account, app.biz_id)
    if changed := action.request.members.get("Fields") or action.request.members.get("Spec"):
        known["Paths"] = next(iter(object_of(action.request.of(changed), known, (action.request,))), "Name")
    if action.key in MODELS:
        known["Model"] = MODELS[action.key]
    if series := account.ledger.select(Filter()):
        known["ModelName"] = series[0].line.model
    return known


def records(account: Account, app: str) -> dict[str, str]:
    """Member -> the id of an app's oldest record of that kind."""
    known: dict[str, str] = {}
    for part, names in RECORDS.items():
        kept = getattr(account, part).of(app)
        first = next(iter(kept), None)
        if first is not None:
            known |= dict.fromkeys(names, first if isinstance(first, str) else first.id)
    if qas := account.qas.of(app, account.clock.now()):
        known |= dict.fromkeys(("QaBizId", "QaBizIds", "QaId", "QaIdList"), qas[0].id)
    if bases := account.shared.of(app):
        known |= dict.fromkeys(("KnowledgeBizId",), bases[0])
    return known


def object_of(shape: Shape, known: dict[str, Any], above: tuple[Shape, ...]) -> dict[str, Any]:
    members = [one for one in shape.members.values() if not one.disabled]
    telling = (
        [] if above else [name for word, names in TELLING.items() if shape.name.startswith(word) for name in names]
    )
    wanted = [one for one in members if one.needed or one.name in telling]
    if above and not wanted:  # an object of which no part is needed
        wanted = [one for one in members if one.name in known] or [one for one in members if one.scalar][:SOME]
    return {one.name: value_for(shape, one, known, above) for one in wanted}


def scalar_for(shape: Shape, member: Member, known: dict[str, Any]) -> Any:
    """What the account has, else the first known value, else one as generated replies have it."""
    values = known_values(shape, member)
    if member.name in known and not misfit(member.type, known[member.name]):
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
