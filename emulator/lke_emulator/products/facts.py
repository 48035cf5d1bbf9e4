"""What an account has that a request can name: member -> value, in a state in which the action can be done."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.knowledge import documents, releases
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.jobs import Job, Kind
from lke_emulator.products.adp.belongings import CATEGORY as MESSAGE_CATEGORY
from lke_emulator.products.adp.belongings import version_id
from lke_emulator.products.adp.qas import conflicting
from lke_emulator.protocol.spec import Action
from lke_emulator.usage.filter import Filter

HOUR, DAY = 3600, 86_400
MOST_APPS = 10
MODELS = {"lkeap.ChatCompletions": "deepseek-v3.1", "lkeap.GetEmbedding": "lke-text-embedding-v1"}
JOBS: dict[str, Kind] = {"GetReconstructDocumentResult": "reconstruct", "GetSplitDocumentResult": "split"}
"""Action -> the kind of task that it asks for; CancelTask takes either, where it still runs."""
RECORDS = {
    "documents": ("DocBizId", "DocBizIds", "DocId", "DocIdList", "BizIds"),
    "labels": ("AttributeBizId", "AttributeBizIds", "LabelId", "LabelIdList"),
    "variables": ("VarId", "VariableId"),
    "agents": ("AgentId",),
    "rejected": ("RejectedBizId", "RejectedBizIds"),
    "releases": ("ReleaseBizId", "ReleaseId"),
    "unsatisfied": ("ReplyBizId", "ReplyBizIds"),
    "runs": ("WorkflowRunId", "WorkflowRunIdList"),
}
"""Part of an account -> members that name one of its records of an app."""
BELONGINGS = {"plugin": "PluginId", "skill": "SkillId"}
"""What an account has besides apps -> the member that names one."""
OF_APPS = {"trigger": "TriggerId", "channel": "ChannelId"}
CATEGORY = re.compile(r"(?:Modify|Delete)(?P<kind>Doc|QA|)(?:Cate|Category)")
OF_WORKFLOWS = re.compile(r"Workflow|NodeRun|NodeBatchRun")
STATES: Mapping[str, Callable[[Any, float], bool]] = {
    "RetryDocParse": lambda document, now: document.status(now) in documents.BROKEN,
    "RetryDocAudit": lambda document, now: document.status(now) == documents.AUDIT_FAILED,
    "StopDocParse": lambda document, now: document.status(now) == documents.PARSING,
    "RetryRelease": lambda release, now: release.status(now) in (releases.FAILED, releases.AUDIT_FAILED),
    "RollbackRelease": lambda release, now: release.status(now) == releases.SUCCEEDED,
}
"""Action -> whether it can be done to a record as it is now."""


def in_any_state(record: Any, now: float) -> bool:
    return True


def fullest(account: Account) -> list[App]:
    """The apps, those that have the most knowledge first."""
    now = account.clock.now()

    def knowledge(app: App) -> int:
        return len(account.documents.of(app.biz_id)) + len(account.qas.of(app.biz_id, now))

    return sorted(account.apps, key=knowledge, reverse=True)[:MOST_APPS]


def candidates(action: Action, account: Account) -> list[App | None]:
    """The apps that the action can be about; None where there is none."""
    apps = fullest(account)
    if OF_WORKFLOWS.search(action.name):
        apps = [app for app in account.apps if app.draft.pattern == "single_workflow"][:MOST_APPS] or apps
    return [*apps] or [None]


def facts(action: Action, account: Account, app: App | None) -> dict[str, Any]:
    """Of what the account has, and of what this app has."""
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
        known |= records(action, account, app.biz_id) | {"TargetAppId": app.biz_id}
    if of_category := CATEGORY.fullmatch(action.name):
        known |= {"CateBizId": "", "CategoryId": ""} | category_of(account, app, of_category["kind"] or "QA")
    if action.key == "adp.DeleteSpace":  # one with apps in it cannot be deleted
        taken = {one.space for one in account.apps}
        known["SpaceId"] = next((id for id in account.spaces if id not in taken), "")
    if action.key in ("adp.ModifyKB", "adp.DeleteKB"):  # an app's own goes with it
        known["KbId"] = known.get("KnowledgeBizId", "")
    if action.key == "adp.ModifyDoc":
        known["Name"] = known.get("NewName", "")
    if job := job_of(action, account):
        known["TaskId"] = job.id
    if action.key in MODELS:
        known["Model"] = MODELS[action.key]
    if series := account.ledger.select(Filter()):
        known["ModelName"] = series[0].line.model
    return known


def job_of(action: Action, account: Account) -> Job | None:
    if action.product != "lkeap":
        return None
    now = account.clock.now()
    running = account.jobs.last(now, is_running=True) if action.name == "CancelTask" else None
    return running or account.jobs.last(now, JOBS.get(action.name))


def category_of(account: Account, app: App | None, kind: str) -> dict[str, str]:
    """A category that can be changed, under both its names."""
    if app is None:
        return {}
    tree = account.categories.tree(app.biz_id, "qa" if kind == "QA" else "doc", {})
    return next(({"CateBizId": one.id, "CategoryId": one.id} for one in tree.children if one.can_change), {})


def records(action: Action, account: Account, app: str) -> dict[str, str]:
    """Member -> the id of an app's oldest record of that kind that is so that the action can be done."""
    now = account.clock.now()
    known: dict[str, str] = {}
    things: dict[str, Iterable[Any]] = {
        "ConversationId": account.conversations.select(app=app),
        "KnowledgeBizId": account.shared,
        **{member: account.belongings.of(noun) for noun, member in BELONGINGS.items()},
        **{member: account.belongings.of(noun, app) for noun, member in OF_APPS.items()},
    }
    firsts = {member: next(iter(kept), None) for member, kept in things.items()}
    known |= {member: one.id for member, one in firsts.items() if one is not None}
    known |= parts_of(firsts)
    is_fit = STATES.get(action.name, in_any_state)
    for part, names in RECORDS.items():
        of_app = getattr(account, part).of(app)
        kept = [*(of_app.values() if isinstance(of_app, Mapping) else of_app)]
        if part == "releases" and action.name != "RollbackRelease":
            kept.reverse()
        first = next((one for one in kept if part not in ("documents", "releases") or is_fit(one, now)), None)
        if first is not None:
            known |= dict.fromkeys(names, first.id)
    answers = [one for kept in account.conversations.select(app=app) for one in kept.records if one.can_rate]
    if answers:
        known["RecordId"] = answers[0].id
    if cited := next((one for answer in answers for one in answer.references), None):
        known["ReferBizIds"] = cited.id
    if run := next((run for run in account.runs.of(app) if run.nodes), None):
        known["NodeRunId"] = run.nodes[0].id
    if task := next(iter(account.tasks.of(app).values()), None):
        known |= {"TaskId": task.id, "TaskType": task.type}
    if document := next(iter(account.documents.of(app).values()), None):
        known["NewName"] = f"new-{document.name}"
    if qas := account.qas.of(app, now):
        known |= dict.fromkeys(("QaBizId", "QaBizIds", "QaId", "QaIdList"), qas[0].id)
    for group, asked in conflicting(account, app, now).items():
        known |= {"ConflictGroupId": group}
        if "ConflictGroupId" in action.request.members:
            known |= dict.fromkeys(("QaIdList",), asked[0].id)
        break
    if "MsgRecordCategory" in action.name:
        kept = [*account.belongings.of(MESSAGE_CATEGORY, app)]
        known["CategoryId"] = kept[0].id if kept else ""
    return known


def parts_of(firsts: Mapping[str, Any]) -> dict[str, str]:
    """What is inside of the things that an account has: a plugin's tool, a skill's version, a trigger's run."""
    known = {}
    plugin, skill, trigger = (firsts.get(member) for member in ("PluginId", "SkillId", "TriggerId"))
    if plugin is not None and (tools := plugin.members.get("ToolList")):
        known["ToolName"] = tools[0].get("Name", "")
    if skill is not None:
        known["VersionId"] = version_id(skill)
    if trigger is not None and trigger.runs:
        known["InstanceId"] = trigger.runs[0].id
    return known


def taken(account: Account, app: App | None) -> set[str]:
    """Names that nothing new can have, and what documents hold."""
    names = {one.name for one in account.shared} | {one.name for one in account.spaces.values()}
    if app is None:
        return names
    base = app.biz_id
    for part in ("labels", "variables", "agents"):
        names |= {one.name for one in getattr(account, part).of(base).values()}
    names |= {one.question for one in account.rejected.of(base).values()}
    names |= {one.hash for one in account.documents.of(base).values()}
    for kind in ("doc", "qa"):
        names |= {one.name for one in account.categories.tree(base, kind, {}).children}
    return names
