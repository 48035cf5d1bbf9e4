"""Apps: made, set up in draft, shown in draft or as released, listed, deleted; their keys and agents."""

from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.configuration import PATTERNS, STANDARD, Configuration, blank, merged
from lke_emulator.knowledge.refusals import check_length, failed, invalid, no_such
from lke_emulator.products import action
from lke_emulator.products.lke.paging import paged

TYPES = {"knowledge_qa": "知识库问答", "summary": "摘要", "classify": "分类"}
"""AppType -> AppTypeDesc; the first is documented."""
AGENT_TYPES = ("dialogue", "wechat")
NOT_ONLINE, ONLINE, DISABLED = 1, 2, 3
STATUSES = {NOT_ONLINE: "未上线", ONLINE: "运行中", DISABLED: "停用"}
"""AppStatus (documented)."""
NAME_LENGTH = 50
GREETING, ROLE, BARE_ANSWER = 200, 4000, 300
"""Characters (documented)."""
TOP_N = 5
"""The most of QaTopN and DocTopN (documented)."""
PERMISSIONS = ["adpAppEdit", "adpAppView"]
APPS_PER_PAGE = 10


def found_app(call: Call, name: str = "AppBizId") -> App:
    return call.account.apps.find(call.params.get(name, ""))


def status_of(app: App, call: Call) -> int:
    if app.disabled:
        return DISABLED
    return ONLINE if call.account.releases.is_released(app.biz_id, call.now) else NOT_ONLINE


@action("lke.CreateApp")
def create_app(call: Call) -> dict[str, Any]:
    params = call.params
    pattern, agent_type = params.get("Pattern") or STANDARD, params.get("AgentType") or "dialogue"
    if params["AppType"] not in TYPES:
        raise invalid("AppType", f"must be knowledge_qa, not {params['AppType']}")
    if pattern not in PATTERNS:
        raise invalid("Pattern", f"must be one of {', '.join(PATTERNS)}, not {pattern}")
    if agent_type not in AGENT_TYPES:
        raise invalid("AgentType", f"must be dialogue or wechat, not {agent_type}")
    base = params["BaseConfig"]
    check_length("BaseConfig.Name", base["Name"], NAME_LENGTH)
    draft = blank(base["Name"], base["Avatar"], base.get("Desc", ""), pattern, default_model(call))
    app = call.account.apps.create(draft, default_space(call), agent_type, call.caller, call.now)
    return {"AppBizId": app.biz_id, "IsCustomList": False}


def default_model(call: Call) -> str:
    return next(iter(call.account.models), "")


def default_space(call: Call) -> str:
    """lke knows no spaces: an app is made in the first one."""
    return next(iter(call.account.spaces), "")


@action("lke.ModifyApp")
def modify_app(call: Call) -> dict[str, Any]:
    app, params = found_app(call), call.params
    check_type(app, params["AppType"])
    base, given = params["BaseConfig"], params["AppConfig"]
    check_length("BaseConfig.Name", base["Name"], NAME_LENGTH)
    check_config(given)
    members = merged(app.draft.members, given)
    draft = replace(
        app.draft,
        name=base["Name"],
        avatar=base["Avatar"],
        description=base.get("Desc", app.draft.description),
        pattern=members.get("KnowledgeQa", {}).get("Pattern") or app.draft.pattern,
        members=members,
    )
    call.account.apps.modify(app, draft, call.caller, call.now)
    return {"AppBizId": app.biz_id, "UpdateTime": str(int(call.now))}


def check_type(app: App, type: str) -> None:
    if type and type != app.type:
        raise invalid("AppType", f"must be {app.type}, as the app's is, not {type}")


def check_config(config: dict[str, Any]) -> None:
    """The documented limits of a configuration."""
    qa: dict[str, Any] = config.get("KnowledgeQa") or {}
    where = "AppConfig.KnowledgeQa"
    check_length(f"{where}.Greeting", qa.get("Greeting", ""), GREETING, least=0)
    check_length(f"{where}.RoleDescription", qa.get("RoleDescription", ""), ROLE, least=0)
    check_length(f"{where}.Output.BareAnswer", (qa.get("Output") or {}).get("BareAnswer", ""), BARE_ANSWER, least=0)
    pattern = qa.get("Pattern") or STANDARD
    if pattern not in PATTERNS:
        raise invalid(f"{where}.Pattern", f"must be one of {', '.join(PATTERNS)}, not {pattern}")
    for i, search in enumerate(qa.get("Search") or ()):
        for member in ("QaTopN", "DocTopN"):
            if search.get(member, 0) > TOP_N:
                raise invalid(f"{where}.Search.{i}.{member}", f"must be at most {TOP_N}, not {search[member]}")
        confidence = search.get("Confidence") or 0.5
        if not 0.01 <= confidence <= 0.99:
            raise invalid(f"{where}.Search.{i}.Confidence", f"must be from 0.01 to 0.99, not {confidence}")


@action("lke.DescribeApp")
def describe_app(call: Call) -> dict[str, Any]:
    """The draft, or with IsRelease what was released last (documented)."""
    app = found_app(call)
    check_type(app, call.params.get("AppType", ""))
    shown = app.draft
    if call.params.get("IsRelease"):
        live = call.account.releases.live(app.biz_id, call.now)
        if live is None:
            raise failed(f"the app {app.biz_id} was never released")
        shown = live.configuration
    status = status_of(app, call)
    return {
        "AppBizId": app.biz_id,
        "AppType": app.type,
        "AppTypeDesc": TYPES.get(app.type, ""),
        "BaseConfig": {"Name": shown.name, "Avatar": shown.avatar, "Desc": shown.description},
        "AppConfig": app_config(app, shown, call),
        "AppKey": app.key,
        "AppStatus": status,
        "AppStatusDesc": STATUSES[status],
        "AgentType": app.agent_type,
    }


def app_config(app: App, shown: Configuration, call: Call) -> dict[str, Any]:
    """AppConfig, with the names of the shared knowledge bases that the app uses."""
    config = dict(shown.members)
    shared = call.account.shared
    bases = [shared.find(id) for id in shared.of(app.biz_id)]
    kept = {each.get("KnowledgeBizId"): each for each in shown.qa.get("ShareKnowledgeBases") or ()}
    rows = [{**kept.get(base.id, {}), "KnowledgeBizId": base.id, "KnowledgeName": base.name} for base in bases]
    config["KnowledgeQa"] = {**shown.qa, "ShareKnowledgeBases": rows}
    return config


@action("lke.ListApp")
def list_app(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    params = call.params
    keyword, status = params.get("Keyword", "").casefold(), params.get("AppStatus", "")
    rows = [
        app
        for app in reversed(list(call.account.apps))
        if params.get("AppType", "") in ("", app.type)
        and params.get("AgentType", "") in ("", app.agent_type)
        and keyword in app.name.casefold()
        and status in ("", "0", str(status_of(app, call)))
    ]
    page = paged(call, rows, default=APPS_PER_PAGE)
    return {"Total": len(rows), "List": [app_info(app, call) for app in page]}


def app_info(app: App, call: Call) -> dict[str, Any]:
    status, draft = status_of(app, call), app.draft
    model: dict[str, Any] = draft.qa.get("Model") or {}
    thought: dict[str, Any] = draft.qa.get("ThoughtModel") or {}
    return {
        "AppType": app.type,
        "AppTypeDesc": TYPES.get(app.type, ""),
        "AppBizId": app.biz_id,
        "Name": draft.name,
        "Avatar": draft.avatar,
        "Desc": draft.description,
        "AppStatus": status,
        "AppStatusDesc": STATUSES[status],
        "UpdateTime": str(int(app.updated)),
        "Operator": call.account.name_of(app.updater),
        "ModelName": model.get("Name", ""),
        "ModelAliasName": model.get("AliasName", ""),
        "Pattern": draft.pattern,
        "ThoughtModelAliasName": thought.get("AliasName", ""),
        "PermissionIds": PERMISSIONS,
        "Creator": call.account.name_of(app.creator),
    }


@action("lke.DeleteApp")
def delete_app(call: Call) -> dict[str, Any]:
    app = found_app(call)
    check_type(app, call.params.get("AppType", ""))
    call.account.forget(app.biz_id)
    return {}


@action("lke.GetAppSecret")
def get_app_secret(call: Call) -> dict[str, Any]:
    app = found_app(call)
    return {
        "AppKey": app.key,
        "CreateTime": str(int(app.created)),
        "IsRelease": call.account.releases.is_released(app.biz_id, call.now),
        "HasPermission": True,
    }


@action("lke.DescribeRobotBizIDByAppKey")
def describe_robot_biz_id_by_app_key(call: Call) -> dict[str, Any]:
    app = call.account.apps.by_key(call.params["AppKey"])
    if app is None:
        raise no_such("app with the AppKey", call.params["AppKey"])
    return {"BotBizId": app.biz_id}
