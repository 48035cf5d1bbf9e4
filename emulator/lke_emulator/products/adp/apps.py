"""Apps in adp's members: the same records that lke shows."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.configuration import MOUNTS, PATTERNS, Configuration, blank, merged
from lke_emulator.knowledge.refusals import check_length, failed, invalid, no_such
from lke_emulator.products import action
from lke_emulator.products.adp.listing import filtered, masked, paged_rows, unix_text
from lke_emulator.products.lke.apps import NAME_LENGTH, PERMISSIONS, STATUSES, default_model, status_of
from lke_emulator.protocol.shapes import present

DEVELOPMENT, PRODUCTION = 1, 2
"""Domain (documented)."""
TOP = ("Name", "Avatar", "Description", "AppMode", "SharedKbIdList", "FileVolumeMountList")
"""Paths of ModifyApp's mask beside those of Config (documented)."""
QA = ("KnowledgeQa",)
COMMON: dict[tuple[str, ...], tuple[str, ...]] = {
    ("Greeting", "Greeting"): ("Greeting",),
    ("Greeting", "OpeningQuestionList"): ("OpeningQuestions",),
    ("Experience", "Role", "RoleDescription"): ("RoleDescription",),
    ("Experience", "Conversation", "FallbackReply"): ("Output", "BareAnswer"),
    ("Experience", "Conversation", "Method"): ("Output", "Method"),
    ("Experience", "Conversation", "EnableRecommended"): ("Output", "UseRecommended"),
    ("Experience", "Conversation", "RecommendPromptMode"): ("Output", "RecommendedPromptMode"),
    ("Experience", "Conversation", "EnableFallbackReply"): ("Output", "UseGeneralKnowledge"),
    ("Experience", "Advanced", "EnableImageTextRetrieval"): ("ImageTextRetrieval",),
    ("Memory", "Enabled"): ("LongMemoryOpen",),
    ("Memory", "LongMemoryDay"): ("LongMemoryDay",),
    ("Model", "GenerateModel", "Model", "ModelId"): ("Model", "Name"),
    ("Model", "GenerateModel", "Model", "Alias"): ("Model", "AliasName"),
    ("Model", "GenerateModel", "Model", "HistoryLimit"): ("Model", "HistoryLimit"),
    ("Model", "ThinkModel", "Model", "ModelId"): ("ThoughtModel", "Name"),
    ("Model", "ThinkModel", "Model", "Alias"): ("ThoughtModel", "AliasName"),
    ("Model", "ThinkModel", "Model", "HistoryLimit"): ("ThoughtModel", "HistoryLimit"),
    ("Mode", "SingleWorkflowConfig", "WorkflowId"): ("SingleWorkflow", "WorkflowId"),
    ("Mode", "SingleWorkflowConfig", "WorkflowName"): ("SingleWorkflow", "WorkflowName"),
    ("Mode", "SingleWorkflowConfig", "WorkflowDescription"): ("SingleWorkflow", "WorkflowDesc"),
    ("Mode", "SingleWorkflowConfig", "Status"): ("SingleWorkflow", "Status"),
    ("Mode", "SingleWorkflowConfig", "AsyncWorkflow"): ("SingleWorkflow", "AsyncWorkflow"),
    ("Workflow", "EnablePDL"): ("Workflow", "UsePdl"),
}
"""Members of adp's AppConfig, and the members of lke's KnowledgeQa that are the same (inferred from their texts). In
UseGeneralKnowledge lke says the opposite of EnableFallbackReply."""
OPPOSITE = ("Output", "UseGeneralKnowledge")
SEARCHES = {
    ("WebSearch", "Enabled"): ("search", "IsEnabled"),
    ("Experience", "Conversation", "EnableWebSearch"): ("search", "UseSearchEngine"),
    ("Experience", "Advanced", "ReplyFlexibility"): ("qa", "ReplyFlexibility"),
}
"""The same for entries of KnowledgeQa.Search: type and member."""


def found_app(call: Call, name: str = "AppId") -> App:
    return call.account.apps.find(call.params.get(name, ""))


def check_space(call: Call, name: str = "SpaceId") -> str:
    id: str = call.params.get(name, "")
    if id not in call.account.spaces:
        raise no_such("space", id)
    return id


def mode_of(pattern: str) -> int:
    return PATTERNS.index(pattern) + 1 if pattern in PATTERNS else 1


def pattern_of(mode: int) -> str:
    if not 1 <= mode <= len(PATTERNS):
        raise invalid("AppMode", f"must be from 1 to {len(PATTERNS)}, not {mode}")
    return PATTERNS[mode - 1]


@action("adp.CreateApp")
def make_app(call: Call) -> dict[str, Any]:
    params, space = call.params, check_space(call)
    name = params.get("Name", "")
    check_length("Name", name, NAME_LENGTH)
    pattern = pattern_of(params.get("AppMode", 0) or 1)
    draft = blank(name, params.get("Avatar", ""), params.get("Description", ""), pattern, default_model(call))
    return {"AppId": call.account.apps.create(draft, space, "dialogue", call.caller, call.now).biz_id}


@action("adp.CopyApp")
def copy_app(call: Call) -> dict[str, Any]:
    """The set-up, not the knowledge (inferred)."""
    app = found_app(call)
    space = check_space(call, "TargetSpaceId") if call.params.get("TargetSpaceId") else app.space
    name = f"{app.name}_copy"[:NAME_LENGTH]
    draft = replace(app.draft, name=name, members=deepcopy(app.draft.members), others=deepcopy(app.draft.others))
    copied = call.account.apps.create(draft, space, app.agent_type, call.caller, call.now)
    call.account.shared.refer(copied.biz_id, call.account.shared.of(app.biz_id))
    return {"NewAppId": copied.biz_id}


@action("adp.ModifyApp")
def modify_app(call: Call) -> dict[str, Any]:
    """What the mask names is written; an empty mask writes nothing (documented)."""
    app, params, paths = found_app(call), call.params, masked(call)
    check_paths(paths)
    draft = app.draft
    if "Name" in paths:
        check_length("Name", params.get("Name", ""), NAME_LENGTH)
        draft = replace(draft, name=params["Name"])
    if "Avatar" in paths:
        draft = replace(draft, avatar=params.get("Avatar", ""))
    if "Description" in paths:
        draft = replace(draft, description=params.get("Description", ""))
    if "AppMode" in paths:
        pattern = pattern_of(params.get("AppMode", 0))
        draft = replace(draft, pattern=pattern, members=merged(draft.members, {"KnowledgeQa": {"Pattern": pattern}}))
    given: dict[str, Any] = {}
    for path in paths:
        steps = path.split(".")
        if steps[0] == "Config":
            value = reached(params.get("Config") or {}, steps[1:])
            given = merged(given, nested(steps[1:], value)) if steps[1:] else merged(given, value or {})
    draft = configured(draft, given)
    if "FileVolumeMountList" in paths:
        mounts = [each.get("FileVolumeMount") or {} for each in params.get("FileVolumeMountList") or ()]
        draft = replace(draft, others={**draft.others, MOUNTS: mounts})
    if "SharedKbIdList" in paths:
        call.account.shared.refer(app.biz_id, params.get("SharedKbIdList") or ())
    call.account.apps.modify(app, draft, call.caller, call.now)
    return {"AppId": app.biz_id, "UpdateTime": unix_text(call.now)}


def check_paths(paths: list[str]) -> None:
    for path in paths:
        if path not in TOP and path.split(".")[0] != "Config":
            raise invalid("UpdateMask.Paths", f"must be {', '.join(TOP)} or begin with Config, not {path}")


def reached(value: Any, steps: list[str]) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def nested(steps: list[str], value: Any) -> dict[str, Any]:
    for step in reversed(steps):
        value = {step: value}
    whole: dict[str, Any] = value
    return whole


def configured(draft: Configuration, given: Mapping[str, Any]) -> Configuration:
    """The draft with what adp's AppConfig says: what lke has too goes to lke's members, the rest is kept as it is."""
    qa = deepcopy(draft.qa)
    rest = deepcopy(dict(given))
    for adp, lke in COMMON.items():
        value = reached(rest, list(adp))
        if value is not None:
            take(rest, adp)
            qa = merged(qa, nested(list(lke), (not value) if lke == OPPOSITE else value))
    for adp, (kind, member) in SEARCHES.items():
        value = reached(rest, list(adp))
        if value is not None:
            take(rest, adp)
            rows = [dict(each) for each in qa.get("Search") or ()]
            row = next((each for each in rows if each.get("Type") == kind), None)
            if row is None:
                rows.append(row := {"Type": kind})
            row[member] = value
            qa["Search"] = rows
    return replace(draft, members={**draft.members, "KnowledgeQa": qa}, others=present(merged(draft.others, rest)))


def take(whole: dict[str, Any], path: tuple[str, ...]) -> None:
    for step in path[:-1]:
        whole = whole[step]
    del whole[path[-1]]


def app_config(shown: Configuration) -> dict[str, Any]:
    """AppConfig in adp's members."""
    config = deepcopy({name: value for name, value in shown.others.items() if name != MOUNTS})
    for adp, lke in COMMON.items():
        value = reached(shown.qa, list(lke))
        if value is not None:
            config = merged(config, nested(list(adp), (not value) if lke == OPPOSITE else value))
    for adp, (kind, member) in SEARCHES.items():
        value = shown.search(kind).get(member)
        if value is not None:
            config = merged(config, nested(list(adp), value))
    return config


@action("adp.DescribeApp")
def describe_app(call: Call) -> dict[str, Any]:
    """The draft, or the released one in the production domain. An empty mask shows everything (documented)."""
    app, paths = found_app(call), set(masked(call, "FieldMask"))
    shown = app.draft
    domain = call.params.get("Domain", 0)
    if domain not in (0, DEVELOPMENT, PRODUCTION):
        raise invalid("Domain", f"must be 1 or 2, not {domain}")
    if domain == PRODUCTION:
        live = call.account.releases.live(app.biz_id, call.now)
        if live is None:
            raise failed(f"the app {app.biz_id} was never released")
        shown = live.configuration
    status = status_of(app, call)
    members: dict[str, Any] = {
        "Metadata": {
            "AppId": app.biz_id,
            "AppMode": mode_of(shown.pattern),
            "Avatar": shown.avatar,
            "CreateTime": unix_text(app.created),
            "Description": shown.description,
            "Name": shown.name,
            "SpaceId": app.space,
            "UpdateTime": unix_text(app.updated),
        },
        "Status": {"Status": status, "StatusDescription": STATUSES[status]},
        "AuxiliaryInfo": {
            "Appeal": {"AppealingStatus": {}},
            "SearchResourceStatus": {"ResourceStatus": 1},
            "SpecialStatusInfo": {"Status": 0},
            "SubStatus": {"ApprovalId": "0", "SubStatusList": []},
        },
    }
    shared = call.account.shared
    optional = {
        "AppConfig": ("Config", app_config(shown)),
        "SecretInfo": ("SecretInfo", {"AppKey": app.key, "CreateTime": unix_text(app.created)}),
        "ShareUrlInfo": ("ShareUrlInfo", {"ShareUrl": f"{call.base_url}/share/{app.biz_id}"}),
        "SharedKbList": (
            "SharedKbList",
            [{"KbId": id, "KbName": shared.find(id).name} for id in shared.of(app.biz_id)],
        ),
        "FileVolumeMountList": ("FileVolumeMountList", shown.others.get(MOUNTS, [])),
    }
    members |= {name: value for path, (name, value) in optional.items() if not paths or path in paths}
    return {"App": members}


@action("adp.DescribeAppSummaryList")
def describe_app_summary_list(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    space, query = check_space(call), call.params.get("Query", "").casefold()
    rows = [app for app in reversed(list(call.account.apps)) if app.space == space and query in app.name.casefold()]
    found = filtered(
        call,
        rows,
        {"AppStatus": lambda app: status_of(app, call), "AppMode": lambda app: mode_of(app.draft.pattern)},
    )
    return {"AppSummaryList": [app_summary(app, call) for app in paged_rows(call, found)], "TotalCount": len(found)}


def app_summary(app: App, call: Call) -> dict[str, Any]:
    status, account = status_of(app, call), call.account
    return {
        "AppId": app.biz_id,
        "AppMode": mode_of(app.draft.pattern),
        "Avatar": app.draft.avatar,
        "Name": app.name,
        "Description": app.draft.description,
        "OperationInfo": {
            "Creator": account.name_of(app.creator),
            "CreatorUin": app.creator,
            "UpdateTime": unix_text(app.updated),
            "Updater": account.name_of(app.updater),
            "UpdaterUin": app.updater,
        },
        "Status": {"Status": status, "StatusDescription": STATUSES[status]},
        "PermissionIdList": PERMISSIONS,
    }


@action("adp.DeleteApp")
def delete_app(call: Call) -> dict[str, Any]:
    call.account.forget(found_app(call).biz_id)
    return {}
