"""Example requests and replies of any action: values as generated replies have them, ids of what the account really has."""

import re
from collections.abc import Iterable
from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.jobs import Kind
from lke_emulator.products.generated import generated, rule_for
from lke_emulator.protocol.glossary import known_values
from lke_emulator.protocol.shapes import misfit
from lke_emulator.protocol.spec import Action, Member, Shape
from lke_emulator.usage.filter import Filter

HOUR, DAY = 3600, 86_400
TELLING = {
    "": ("StatStartTime", "StatEndTime", "Stream", "FileUrl", "AppId", "AppBizId", "BotBizId", "BotAppKey"),
    "Create": ("Name", "Agent", "Profile", "Variable", "Spec"),
    "Copy": ("TargetAppId",),
    "Modify": ("Variable", "Title", "AgentId", "TriggerId", "ConversationId", "ConflictGroupId", "SpaceId"),
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
MODELS = {"lkeap.ChatCompletions": "deepseek-v3.1", "lkeap.GetEmbedding": "lke-text-embedding-v1"}
JOBS: dict[str, Kind] = {"GetReconstructDocumentResult": "reconstruct", "GetSplitDocumentResult": "split"}
"""Action -> the kind of task that it asks for; CancelTask takes either."""
RECORDS = {
    "documents": ("DocBizId", "DocBizIds", "DocId", "DocIdList", "BizIds"),
    "labels": ("AttributeBizId", "AttributeBizIds", "LabelId", "LabelIdList"),
    "variables": ("VarId", "VariableId"),
    "agents": ("AgentId",),
    "rejected": ("RejectedBizId", "RejectedBizIds"),
    "releases": ("ReleaseBizId", "ReleaseId"),
    "unsatisfied": ("ReplyBizId", "ReplyBizIds"),
    "runs": ("WorkflowRunId",),
}
"""Part of an account -> members that name one of its records of an app."""
BELONGINGS = {"plugin": "PluginId", "skill": "SkillId"}
"""What an account has besides apps -> the member that names one."""
OF_APPS = {"trigger": "TriggerId", "channel": "ChannelId"}
CATEGORY = re.compile(r"(?:Modify|Delete)(?P<kind>Doc|QA|)(?:Cate|Category)")
IDENTIFIERS = re.compile(r"(Id|Ids|IdList|BizId|BizIds|CallbackToken)$")
FREE = ("ThreadId", "VisitorBizId", "SessionId", "ScopeId", "ParentBizId", "ParentId", "ModelId")
"""Members that name nothing which has to be there."""
DEEPEST = 6
SOME = 2


def example_request(action: Action, account: Account) -> dict[str, Any]:
    """Every member that is needed, and the few that tell. The range of statistics is the last day of the account's clock."""
    return object_of(action.request, facts(action, account), ())


def made_up(action: Action, params: dict[str, Any], account: Account) -> tuple[str, ...]:
    """Members of an example that name what this account has not: their values are invented."""
    known = facts(action, account)
    return tuple(
        name
        for name in params
        if IDENTIFIERS.search(name) and not known.get(name) and name not in FREE and params[name]
    )


def example_reply(action: Action, params: dict[str, Any], account: Account) -> dict[str, Any]:
    """All members, made up; the same for the same request within an hour."""
    reply = generated(action, params, account.seed, account.clock.now(), account.zone)
    return {**reply, "RequestId": "b9d3a7c2-4e51-4f0a-9c68-2d7e1f5a3b90"}


def facts(action: Action, account: Account) -> dict[str, Any]:
    """Member -> value, of what the account has; by the names of the members that need it."""
    app = fullest(account)
    now = int(account.clock.now()) // HOUR * HOUR
    known: dict[str, Any] = {
        "PageNumber": 0 if action.product == "adp" and action.key != "adp.DescribeWorkflowRunSummaryList" else 1,
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
        "FileName": "user-guide.docx",
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
        known |= records(account, app.biz_id) | {"TargetAppId": app.biz_id}
    if of_category := CATEGORY.fullmatch(action.name):
        known |= {"CateBizId": "", "CategoryId": ""} | category_of(account, app, of_category["kind"] or "QA")
    if action.key == "adp.DeleteSpace":  # one with apps in it cannot be deleted
        taken = {one.space for one in account.apps}
        known["SpaceId"] = next((id for id in account.spaces if id not in taken), "")
    if action.key in ("adp.ModifyKB", "adp.DeleteKB"):  # an app's own goes with it
        known["KbId"] = known.get("KnowledgeBizId", "")
    if action.key == "adp.ModifyDoc":
        known["Name"] = known.get("NewName", "")
    if changed := action.request.members.get("Fields") or action.request.members.get("Spec"):
        known["Paths"] = next(iter(object_of(action.request.of(changed), known, (action.request,))), "Name")
    if job := account.jobs.last(account.clock.now(), JOBS.get(action.name)) if action.product == "lkeap" else None:
        known["TaskId"] = job.id
    if action.key in MODELS:
        known["Model"] = MODELS[action.key]
    if series := account.ledger.select(Filter()):
        known["ModelName"] = series[0].line.model
    return known


def fullest(account: Account) -> App | None:
    """The first of the apps that have the most knowledge."""
    now = account.clock.now()
    return max(
        account.apps,
        key=lambda app: len(account.documents.of(app.biz_id)) + len(account.qas.of(app.biz_id, now)),
        default=None,
    )


def category_of(account: Account, app: App | None, kind: str) -> dict[str, str]:
    """A category that can be changed, under both its names."""
    if app is None:
        return {}
    tree = account.categories.tree(app.biz_id, "qa" if kind == "QA" else "doc", {})
    return next(({"CateBizId": one.id, "CategoryId": one.id} for one in tree.children if one.can_change), {})


def records(account: Account, app: str) -> dict[str, str]:
    """Member -> the id of an app's oldest record of that kind."""
    known: dict[str, str] = {}
    things: dict[str, Iterable[Any]] = {
        "ConversationId": account.conversations.select(app=app),
        "KnowledgeBizId": account.shared,
        **{member: account.belongings.of(noun) for noun, member in BELONGINGS.items()},
        **{member: account.belongings.of(noun, app) for noun, member in OF_APPS.items()},
    }
    firsts = {member: next(iter(kept), None) for member, kept in things.items()}
    known |= {member: one.id for member, one in firsts.items() if one is not None}
    for part, names in RECORDS.items():
        of_app = getattr(account, part).of(app)
        first = next(reversed(of_app) if part == "releases" else iter(of_app), None)
        if first is not None:
            known |= dict.fromkeys(names, first if isinstance(first, str) else first.id)
    if record := next((one for kept in account.conversations.select(app=app) for one in kept.records), None):
        known["RecordId"] = record.id
    if task := next(iter(account.tasks.of(app).values()), None):
        known |= {"TaskId": task.id, "TaskType": task.type}
    if document := next(iter(account.documents.of(app).values()), None):
        known["NewName"] = f"new-{document.name}"
    if qas := account.qas.of(app, account.clock.now()):
        known |= dict.fromkeys(("QaBizId", "QaBizIds", "QaId", "QaIdList"), qas[0].id)
    return known


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
