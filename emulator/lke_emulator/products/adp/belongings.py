"""Plugins, skills, channels, triggers and categories of message records: kept as they were given, told back, listed.

One description a noun says where its members are; the actions are the same for all of them.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.belongings import Belonging, TriggerRun
from lke_emulator.knowledge.configuration import merged
from lke_emulator.knowledge.refusals import missing, no_such
from lke_emulator.products import action
from lke_emulator.products.adp.apps import check_space, found_app
from lke_emulator.products.adp.listing import filtered, masked, moment_text, paged_rows, plain, unix_text

WEBHOOK = 2
"""TriggerType (documented)."""
Show = Callable[[Belonging, Call], dict[str, Any]]


class Kind(NamedTuple):
    noun: str
    id: str
    """The member that holds its id."""
    owner: Literal["AppId", "SpaceId"]
    members: tuple[str, ...]
    """What a request that makes or changes one has of it; other members say where it is."""
    inside: str
    """The member of such requests that holds the members; empty where they stand beside the id."""
    describe: str
    """The member that an answer describes it in."""
    rows: str
    """The member that a list is in."""
    show: Show
    summary: Show
    name: Callable[[Belonging], str]
    """What Query looks at."""
    first_page: int = 0
    count_as_text: bool = False
    completed: Callable[[dict[str, Any], Call], dict[str, Any]] = lambda members, call: members
    """The members with what the service adds to them, such as the ids of tools."""


def owner_of(kind: Kind, call: Call) -> str:
    """A refusal where the app or the space is not there."""
    return found_app(call).biz_id if kind.owner == "AppId" else check_space(call)


def found(kind: Kind, call: Call) -> Belonging:
    owner = owner_of(kind, call) if call.params.get(kind.owner) else None
    return call.account.belongings.find(kind.noun, call.params.get(kind.id, ""), owner)


def given_members(kind: Kind, call: Call) -> dict[str, Any]:
    whole = call.params.get(kind.inside) or {} if kind.inside else call.params
    return {name: deepcopy(whole[name]) for name in kind.members if whole.get(name) is not None}


def create(kind: Kind, call: Call) -> dict[str, Any]:
    owner, members = owner_of(kind, call), given_members(kind, call)
    if kind.inside and not members:
        raise missing(kind.inside)
    made = Belonging(
        noun=kind.noun,
        id=call.account.ids.request_id(),
        owner=owner,
        members=kind.completed(members, call),
        created=call.now,
        updated=call.now,
        creator=call.caller,
        editor=call.caller,
    )
    call.account.belongings.put(made)
    return {kind.id: made.id}


def modify_belonging(kind: Kind, call: Call) -> dict[str, Any]:
    """What the mask names, or without one everything that is given."""
    belonging, said = found(kind, call), given_members(kind, call)
    paths = [path.removeprefix(f"{kind.inside}.") for path in masked(call)]
    if paths:
        wanted = {plain(path.split(".")[0]) for path in paths}
        said = {name: value for name, value in said.items() if plain(name) in wanted}
    members = kind.completed(merged(belonging.members, said), call)
    changed = replace(belonging, members=members, updated=call.now, editor=call.caller)
    call.account.belongings.put(changed)
    return {}


def describe(kind: Kind, call: Call) -> dict[str, Any]:
    return {kind.describe: kind.show(found(kind, call), call)}


def list_all(kind: Kind, call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    query, account = call.params.get("Query", "").casefold(), call.account
    rows = [
        each
        for each in reversed(account.belongings.of(kind.noun, owner_of(kind, call)))
        if query in kind.name(each).casefold()
    ]
    if call.params.get("FavoriteOnly") or call.params.get("IsFavoriteOnly"):
        rows = [each for each in rows if account.belongings.likes(call.caller, each.id)]
    rows = filtered(call, rows, filters(kind))
    count = len(rows)
    page = paged_rows(call, rows, first=kind.first_page if call.params.get("PageNumber") else 0)
    return {
        kind.rows: [kind.summary(each, call) for each in page],
        "TotalCount": str(count) if kind.count_as_text else count,
    }


def filters(kind: Kind) -> Mapping[str, Callable[[Belonging], object]]:
    """By id, and by every scalar that one has at the top or one level below."""
    names = FILTERS[kind.noun]

    def read(name: str, belonging: Belonging) -> object:
        for members in (belonging.members, *belonging.members.values()):
            if isinstance(members, dict) and name in members:
                return members[name]
        return DEFAULTS.get(name, "")

    ids = {kind.id: lambda each: each.id, f"{kind.id}List": lambda each: each.id}
    return {**ids, **{name: partial(read, name) for name in names}}


FILTERS: dict[str, tuple[str, ...]] = {
    "plugin": ("PluginKind", "CategoryKey", "PluginSource", "PluginClass", "BillingType", "AuthType", "IsShared"),
    "skill": ("ProviderType", "CategoryKey", "AnalysisStatus", "RiskLevel", "SkillStatus", "Perspective"),
    "channel": ("ChannelType", "ChannelStatus"),
    "trigger": ("Status", "TriggerType", "ExecuteType"),
}
"""Documented."""
DEFAULTS: dict[str, object] = {
    "ProviderType": 3,
    "AnalysisStatus": 2,
    "RiskLevel": 0,
    "SkillStatus": 3,
    "ChannelStatus": 2,
    "BillingType": 0,
    "Perspective": frozenset(("USER", "EDITOR", "ALL")),
    "Status": 1,
    "IsShared": "false",
}
"""What one has that does not say: a skill of one's own is checked and released, a channel runs."""


def delete(kind: Kind, call: Call) -> dict[str, Any]:
    call.account.belongings.remove(found(kind, call))
    return {}


def favour(kind: Kind, likes: bool, call: Call) -> dict[str, Any]:
    call.account.belongings.favour(call.caller, found(kind, call).id, likes)
    return {}


# what each shows


def with_tool_ids(members: dict[str, Any], call: Call) -> dict[str, Any]:
    """A tool that says none gets an id, by which agents then name it."""
    tools = members.get("ToolList") or []
    told = [{**tool, "ToolId": tool.get("ToolId") or call.account.ids.request_id()} for tool in tools]
    return {**members, "ToolList": told}


def plugin(each: Belonging, call: Call) -> dict[str, Any]:
    tools = each.members.get("ToolList") or []
    return {
        **each.members,
        "ToolList": [{**tool, "PluginId": each.id} for tool in tools],
        "Operation": {"Introduction": (each.members.get("Profile") or {}).get("Description", "")},
        "PluginId": each.id,
        "PluginVersion": 1,
        "CreateTime": unix_text(each.created),
        "UpdateTime": unix_text(each.updated),
        "Status": 1,
        "Statistics": {"ToolCount": len(tools)},
        "UserState": {"IsFavorite": call.account.belongings.likes(call.caller, each.id)},
    }


def plugin_summary(each: Belonging, call: Call) -> dict[str, Any]:
    shown = plugin(each, call)
    names = ("PluginId", "Profile", "Config", "Operation", "Statistics", "Status", "UserState", "UpdateTime")
    tools = [{"ToolId": tool.get("ToolId", "")} for tool in each.members.get("ToolList") or ()]
    return {**{name: shown[name] for name in names if name in shown}, "SpaceId": each.owner, "ToolList": tools}


def skill_summary(each: Belonging, call: Call) -> dict[str, Any]:
    members, account = each.members, call.account
    return {
        "SkillId": each.id,
        "IsFavorite": account.belongings.likes(call.caller, each.id),
        "Profile": {
            "CreateTime": unix_text(each.created),
            "Creator": account.name_of(each.creator),
            "Description": members.get("DisplayDescription", ""),
            "DisplayDescription": members.get("DisplayDescription", ""),
            "DisplayName": members.get("DisplayName", ""),
            "IconUrl": members.get("IconUrl", ""),
            "Name": skill_name(each),
            "UpdateTime": unix_text(each.updated),
            "SpaceId": each.owner,
        },
        "ClassificationInfo": {"CreateType": members.get("CreateType", 0), "ProviderType": 3},
        "CurrentVersionInfo": skill_version(each, call),
        "ShareList": [each.share] if each.share else [],
        "SkillStatus": 3,
    }


def skill_version(each: Belonging, call: Call) -> dict[str, Any]:
    return {
        "Version": each.members.get("SkillVersion") or "1.0.0",
        "VersionId": version_id(each),
        "VersionStatus": 3,
        "AnalysisInfo": {"AnalysisStatus": 2, "RiskLevel": 0},
        "SkillUrl": each.members.get("FileUrl", ""),
        "CreateTime": unix_text(each.updated),
        "UpdateDesc": each.members.get("UpdateDescription", ""),
        "Updater": call.account.name_of(each.editor),
    }


def version_id(skill: Belonging) -> str:
    """Of the only version that a skill has."""
    return f"{skill.id}-1"


def skill(each: Belonging, call: Call) -> dict[str, Any]:
    return {"SkillSummary": skill_summary(each, call), "VersionList": [skill_version(each, call)]}


def skill_name(each: Belonging) -> str:
    """Its own, or that of the package it came in."""
    name: str = each.members.get("Name") or each.members.get("FileUrl", "").rpartition("/")[2].partition(".")[0]
    return name


def channel(each: Belonging, call: Call) -> dict[str, Any]:
    return {
        "ChannelId": each.id,
        "ChannelStatus": 2,
        "CreateTime": unix_text(each.created),
        "UpdateTime": unix_text(each.updated),
        "Updater": call.account.name_of(each.editor),
        "Spec": each.members,
    }


def trigger(each: Belonging, call: Call) -> dict[str, Any]:
    return {
        "Status": 1,
        **each.members,
        "SuccessCount": str(len(each.runs)),
        "FailedCount": "0",
        "AppId": each.owner,
        "TriggerId": each.id,
        "TriggerStatus": trigger_status(each, call),
    }


def trigger_status(each: Belonging, call: Call) -> dict[str, Any]:
    """Of a schedule nothing ever comes by itself: it fires where it is told to."""
    if each.members.get("TriggerType") == WEBHOOK:
        config = each.members.get("TriggerConfig") or {}
        return {"WebhookStatus": {"WebhookUrl": (config.get("WebhookConfig") or {}).get("WebhookUrl", "")}}
    last = moment_text(each.runs[-1].at, call.account.zone) if each.runs else ""
    return {"ScheduledStatus": {"LastFireTime": last, "NextFireTime": "", "PolicySummary": ""}}


def with_webhook(members: dict[str, Any], call: Call) -> dict[str, Any]:
    """A trigger that waits for a call from outside gets an address, and what opens it."""
    known = (members.get("TriggerConfig") or {}).get("WebhookConfig") or {}
    if members.get("TriggerType") != WEBHOOK or known.get("WebhookUrl"):
        return members
    ids = call.account.ids
    key = ids.request_id()
    opened = {
        "WebhookKey": key,
        "WebhookToken": ids.hex(48),
        "WebhookUrl": f"{call.base_url}/adp/v2/app/{call.params.get('AppId', '')}/trigger/webhook/{key}",
    }
    return merged(members, {"TriggerConfig": {"WebhookConfig": opened}})


def trigger_summary(each: Belonging, call: Call) -> dict[str, Any]:
    names = ("ExecuteType", "FailedCount", "Scope", "Status", "SuccessCount", "TriggerName", "TriggerType", "UserId")
    shown = trigger(each, call)
    return {
        "AppId": each.owner,
        "TriggerId": each.id,
        "LastSessionId": conversation_of(each.runs[-1]) if each.runs else "",
        "TriggerStatus": shown["TriggerStatus"],
        "UnreadRunLogCount": str(len(each.runs)),
        **{name: shown[name] for name in names if name in shown},
    }


PLUGIN = Kind(
    noun="plugin",
    id="PluginId",
    owner="SpaceId",
    members=("Profile", "Config", "ToolList"),
    inside="",
    describe="Plugin",
    rows="PluginList",
    show=plugin,
    summary=plugin_summary,
    name=lambda each: (each.members.get("Profile") or {}).get("Name", ""),
    completed=with_tool_ids,
)
SKILL = Kind(
    noun="skill",
    id="SkillId",
    owner="SpaceId",
    members=(
        "CreateType",
        "FileUrl",
        "DisplayDescription",
        "DisplayName",
        "IconUrl",
        "Name",
        "SkillVersion",
        "UpdateDescription",
    ),
    inside="",
    describe="SkillDetail",
    rows="SkillSummaryList",
    show=skill,
    summary=skill_summary,
    name=lambda each: f"{skill_name(each)} {each.members.get('DisplayName', '')}",
)
CHANNEL = Kind(
    noun="channel",
    id="ChannelId",
    owner="AppId",
    members=(
        "ChannelName",
        "ChannelType",
        "Description",
        "DingTalk",
        "Lark",
        "Line",
        "Scene",
        "Telegram",
        "UserAgent",
        "Wechat",
        "WechatClawBot",
        "WechatCustomerService",
        "WecomApp",
        "WecomRobot",
        "ShareGroupConversation",
        "IsDebug",
    ),
    inside="Spec",
    describe="Channel",
    rows="ChannelList",
    show=channel,
    summary=channel,
    name=lambda each: each.members.get("ChannelName", ""),
    first_page=1,
)
TRIGGER_MEMBERS = (
    "ExecuteConfig",
    "ExecuteType",
    "PushConfig",
    "Scope",
    "TriggerConfig",
    "TriggerName",
    "TriggerType",
    "UserId",
)
TRIGGER = Kind(
    noun="trigger",
    id="TriggerId",
    owner="AppId",
    members=TRIGGER_MEMBERS,
    inside="",
    describe="Trigger",
    rows="TriggerList",
    show=trigger,
    summary=trigger_summary,
    name=lambda each: each.members.get("TriggerName", ""),
    first_page=1,
    count_as_text=True,
    completed=with_webhook,
)
MODIFIED_TRIGGER = TRIGGER._replace(inside="Trigger")
ACTIONS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "adp.CreatePlugin": partial(create, PLUGIN),
    "adp.ModifyPlugin": partial(modify_belonging, PLUGIN),
    "adp.DescribePlugin": partial(describe, PLUGIN),
    "adp.DescribePluginSummaryList": partial(list_all, PLUGIN),
    "adp.DeletePlugin": partial(delete, PLUGIN),
    "adp.FavoritePlugin": partial(favour, PLUGIN, True),
    "adp.UnfavoritePlugin": partial(favour, PLUGIN, False),
    "adp.ModifySkill": partial(modify_belonging, SKILL),
    "adp.DescribeSkillDetail": partial(describe, SKILL),
    "adp.DescribeSkillSummaryList": partial(list_all, SKILL),
    "adp.DeleteSkill": partial(delete, SKILL),
    "adp.FavoriteSkill": partial(favour, SKILL, True),
    "adp.UnfavoriteSkill": partial(favour, SKILL, False),
    "adp.CreateChannel": partial(create, CHANNEL),
    "adp.ModifyChannel": partial(modify_belonging, CHANNEL),
    "adp.DescribeChannel": partial(describe, CHANNEL),
    "adp.DescribeChannelList": partial(list_all, CHANNEL),
    "adp.DeleteChannel": partial(delete, CHANNEL),
    "adp.CreateAppTrigger": partial(create, TRIGGER),
    "adp.ModifyAppTrigger": partial(modify_belonging, MODIFIED_TRIGGER),
    "adp.DescribeAppTrigger": partial(describe, TRIGGER),
    "adp.DescribeAppTriggerSummaryList": partial(list_all, TRIGGER),
    "adp.DeleteAppTrigger": partial(delete, TRIGGER),
}
for name, handler in ACTIONS.items():
    action(name)(handler)


@action("adp.CreateSkill")
def create_skill(call: Call) -> dict[str, Any]:
    id = create(SKILL, call)["SkillId"]
    return {"SkillId": id, "VersionId": f"{id}-1"}


@action("adp.DescribeSkillReferenceList")
def describe_skill_reference_list(call: Call) -> dict[str, Any]:
    """The agents that have it."""
    each, account = found(SKILL, call), call.account
    agents = [
        agent
        for agent in account.agents.everything()
        if any(skill.get("SkillId") == each.id for skill in agent.spec.get("SkillList") or ())
    ]
    rows = []
    for agent in agents:
        app = account.apps.find(agent.base)
        space = account.spaces.get(app.space)
        rows.append(
            {
                "ReferenceId": agent.id,
                "ReferenceName": agent.name,
                "ReferenceType": 1,
                "SpaceId": app.space,
                "SpaceName": space.name if space else "",
                "Owner": app.creator,
                "AppIdentity": {"AppId": agent.base, "AppName": app.name},
            }
        )
    groups = [{"ReferenceSummaryList": rows, "ReferenceType": 1, "TotalCount": len(rows)}] if rows else []
    return {"ReferenceList": groups, "AllowForceModify": True}


@action("adp.DescribeSkillCategoryList")
def describe_skill_category_list(call: Call) -> dict[str, Any]:
    """The one that is documented by example."""
    return {"CategoryList": [{"CategoryKey": "doc", "CategoryName": "文档"}]}


@action("adp.ReleaseSkill")
def release_skill(call: Call) -> dict[str, Any]:
    """A skill of one's own is released when it is made; this says that there is such a version."""
    check_version(found(SKILL, call), call)
    return {}


def check_version(each: Belonging, call: Call) -> None:
    if call.params["VersionId"] != version_id(each):
        raise no_such("version of the skill", call.params["VersionId"])


@action("adp.CreateSkillShare")
def create_skill_share(call: Call) -> dict[str, Any]:
    """Shared at once: nobody here approves."""
    each = found(SKILL, call)
    check_version(each, call)
    share: dict[str, Any] = {
        "SkillId": each.id,
        "ShareSkillId": each.id,
        "ShareVersionId": call.params["VersionId"],
        "ShareVersion": skill_version(each, call)["Version"],
        "ApprovalId": "0",
        "Status": 2,
    }
    config = call.params.get("CorpShareConfig") or {}
    share |= {"CorpShareConfig": deepcopy(config)}
    call.account.belongings.put(replace(each, share=share, updated=call.now))
    return {"NeedApproval": False}


@action("adp.DeleteSkillShare")
def delete_skill_share(call: Call) -> dict[str, Any]:
    each = found(SKILL, call)
    check_version(each, call)
    if each.share is None:
        raise no_such("share of the skill", each.id)
    call.account.belongings.put(replace(each, share=None, updated=call.now))
    return {"NeedApproval": False}


PAUSED, ENABLED = 2, 1
"""Status of a trigger (documented)."""


def set_status(status: int, call: Call) -> dict[str, Any]:
    each = found(TRIGGER, call)
    call.account.belongings.put(replace(each, members={**each.members, "Status": status}, updated=call.now))
    return {}


action("adp.PauseAppTrigger")(partial(set_status, PAUSED))
action("adp.ResumeAppTrigger")(partial(set_status, ENABLED))


@action("adp.RunAppTriggerNow")
def run_app_trigger_now(call: Call) -> dict[str, Any]:
    """A run that is kept in the trigger's log."""
    each, id = found(TRIGGER, call), call.account.ids.request_id()
    runs = (*each.runs, TriggerRun(id, int(call.now)))
    call.account.belongings.put(replace(each, runs=runs, updated=call.now))
    return {"InstanceId": id}


SUCCESS, MANUAL, FROM_TRIGGER, NOT_PUSHED, PUSHED = 4, 3, 1, 1, 3
"""Status, FireType, Source and PushStatus of a run (documented)."""


def conversation_of(run: TriggerRun) -> str:
    """As the documented examples make it of the run's id."""
    return f"t{run.id.replace('-', '')}"


def run_members(trigger: Belonging, run: TriggerRun) -> dict[str, Any]:
    return {
        "ConversationId": conversation_of(run),
        "InstanceId": run.id,
        "ResultCode": "SUCCESS",
        "ResultSummary": "",
        "RunId": run.id,
        "Scope": trigger.members.get("Scope", 0),
        "Status": SUCCESS,
        "TriggerId": trigger.id,
        "UserId": trigger.members.get("UserId", ""),
        "WorkflowRunId": "",
    }


@action("adp.DescribeAppTriggerInstance")
def describe_app_trigger_instance(call: Call) -> dict[str, Any]:
    id = call.params.get("InstanceId", "")
    for each in call.account.belongings.of("trigger", found_app(call).biz_id):
        for run in each.runs:
            if run.id == id:
                at = moment_text(run.at, call.account.zone)
                told = {
                    "AppId": each.owner,
                    "Source": FROM_TRIGGER,
                    "RequestId": f"trigger_{run.id}",
                    "TraceId": f"{run.id.replace('-', '')} / {run.id}",
                    **dict.fromkeys(("CreatedAt", "StartedAt", "FinishedAt"), at),
                }
                return {"Instance": {**run_members(each, run), **told}}
    raise no_such("run of a trigger", id)


@action("adp.DescribeAppTriggerRunLogList")
def describe_app_trigger_run_log_list(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    wanted = call.params.get("TriggerId", "")
    rows = [
        {
            **run_members(each, run),
            "FireType": MANUAL,
            "PushStatus": PUSHED if each.members.get("PushConfig") else NOT_PUSHED,
            "Unread": True,
            **dict.fromkeys(("ScheduledFireTime", "StartTime", "EndTime"), moment_text(run.at, call.account.zone)),
            "DurationMs": "0",
        }
        for each in call.account.belongings.of("trigger", found_app(call).biz_id)
        if wanted in ("", each.id)
        for run in each.runs
    ][::-1]
    rows = filtered(call, rows, {name: itemgetter(name) for name in ("Status", "PushStatus", "FireType")})
    first = 1 if call.params.get("PageNumber") else 0
    return {"RunLogList": paged_rows(call, rows, first=first), "TotalCount": str(len(rows))}


# categories of message records

CATEGORY = "message category"


@action("adp.CreateMsgRecordCategory")
def create_msg_record_category(call: Call) -> dict[str, Any]:
    app, params, belongings = found_app(call), call.params, call.account.belongings
    parent = params.get("ParentId", "")
    if parent not in ("", "0"):
        belongings.find(CATEGORY, parent, app.biz_id)
    made = Belonging(
        noun=CATEGORY,
        id=call.account.snowflakes.next(call.now),
        owner=app.biz_id,
        members={"Name": category_name(call), "ParentId": parent or "0"},
        created=call.now,
        updated=call.now,
    )
    belongings.put(made)
    return {"CategoryId": made.id}


def category_name(call: Call) -> str:
    if not call.params["Name"]:
        raise missing("Name")
    name: str = call.params["Name"]
    return name


def found_category(call: Call) -> Belonging:
    return call.account.belongings.find(CATEGORY, call.params["CategoryId"], found_app(call).biz_id)


@action("adp.ModifyMsgRecordCategory")
def modify_msg_record_category(call: Call) -> dict[str, Any]:
    each = found_category(call)
    call.account.belongings.put(replace(each, members={**each.members, "Name": category_name(call)}, updated=call.now))
    return {}


@action("adp.DeleteMsgRecordCategory")
def delete_msg_record_category(call: Call) -> dict[str, Any]:
    """With those under it."""
    belongings = call.account.belongings
    left = [found_category(call)]
    while left:
        each = left.pop()
        belongings.remove(each)
        left += [other for other in belongings.of(CATEGORY, each.owner) if other.members.get("ParentId") == each.id]
    return {}


@action("adp.DescribeMsgRecordCategoryList")
def describe_msg_record_category_list(call: Call) -> dict[str, Any]:
    known = call.account.belongings.of(CATEGORY, found_app(call).biz_id)

    def under(parent: str) -> list[dict[str, Any]]:
        return [
            {
                "CategoryId": each.id,
                "Name": each.members.get("Name", ""),
                "Children": under(each.id),
                "Permission": {"CanAdd": True, "CanDelete": True, "CanEdit": True},
                "TotalCount": "0",
            }
            for each in known
            if each.members.get("ParentId") == parent
        ]

    return {"CategoryList": under("0")}
