"""The agents of apps."""

from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.agents import MAIN, OF_APP, OF_USER, Agent
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.refusals import invalid, missing
from lke_emulator.knowledge.releases import MODIFIED, NEW
from lke_emulator.products import action
from lke_emulator.products.adp.apps import found_app
from lke_emulator.products.adp.belongings import skill_summary, skill_version
from lke_emulator.products.adp.listing import filtered, masked, paged_rows, unix_text
from lke_emulator.products.lke.agents import AGENT_PATTERNS, main_id
from lke_emulator.products.lke.releases import ACTIONS

PARTS = (
    "Profile",
    "Instructions",
    "Model",
    "ToolList",
    "PluginList",
    "SkillList",
    "AdvancedConfig",
    "ExternalToolList",
)
"""Members of AgentSpec; a path of ModifyAgent's mask begins with one (documented)."""
ONE_APP, ACROSS = 0, 1
"""Scope of the list (documented)."""


@action("adp.CreateAgent")
def create_agent(call: Call) -> dict[str, Any]:
    app, params = found_app(call), call.params
    kind = params.get("Kind", OF_APP)
    if kind not in (OF_APP, OF_USER):
        raise invalid("Kind", f"must be 0 or 1, not {kind}")
    if not params.get("Agent"):
        raise missing("Agent")
    agent = Agent(base=app.biz_id, id="", kind=kind, spec=params["Agent"], created=call.now, updated=call.now)
    return {"AgentId": call.account.agents.create(agent).id}


@action("adp.CopyAgentFromApp")
def copy_agent_from_app(call: Call) -> dict[str, Any]:
    """Every agent of the app, the main one first; those under it then have the copied one above them.

    A user's agents are copied within the app: TargetAppId is for agents of apps alone (documented).
    """
    source, agents = found_app(call), call.account.agents
    of_user = call.params.get("Kind", OF_APP) == OF_USER and not call.params.get("TargetAppId")
    target = source if of_user else found_app(call, "TargetAppId")
    originals = sorted(agents.of(source.biz_id).values(), key=lambda agent: agent.role)
    if not originals:
        originals = [own(source)]
    parent = ""
    for original in originals:
        profile = {**original.profile, **({"ParentAgentId": parent, "Role": 1} if parent else {})}
        made = agents.create(
            replace(
                original,
                base=target.biz_id,
                kind=call.params.get("Kind", OF_APP),
                spec={**original.spec, "Profile": profile},
                created=call.now,
                updated=call.now,
                edition=1,
            )
        )
        parent = parent or made.id
    return {"ParentAgentId": parent}


def own(app: App) -> Agent:
    """The agent that an app of agents has by itself, where no main one was made."""
    qa = app.draft.qa
    model: dict[str, Any] = qa.get("Model") or {}
    return Agent(
        base=app.biz_id,
        id=main_id(app),
        spec={
            "Profile": {
                "Name": app.name,
                "IconUrl": app.draft.avatar,
                "Role": MAIN,
                "Description": app.draft.description,
            },
            "Instructions": qa.get("RoleDescription", ""),
            "Model": {"ModelId": model.get("Name", ""), "Alias": model.get("AliasName", "")},
        },
        created=app.created,
        updated=app.updated,
    )


def all_of(app: App, call: Call) -> list[Agent]:
    agents = list(call.account.agents.of(app.biz_id).values())
    if app.draft.pattern in AGENT_PATTERNS and not any(agent.role == MAIN for agent in agents):
        agents.insert(0, own(app))
    return agents


def found_agent(call: Call) -> Agent:
    app, id = found_app(call), call.params.get("AgentId", "")
    found = next((agent for agent in all_of(app, call) if agent.id == id), None)
    return found or call.account.agents.find(app.biz_id, id)


@action("adp.ModifyAgent")
def modify_agent(call: Call) -> dict[str, Any]:
    """What the mask names is written; what an app's own agent says is written to the app (inferred)."""
    agent, given, paths = found_agent(call), call.params.get("Agent") or {}, masked(call)
    spec = {**agent.spec, "Profile": dict(agent.profile)}
    for path in paths:
        part, _, member = path.partition(".")
        if part not in PARTS:
            raise invalid("UpdateMask.Paths", f"must begin with one of {', '.join(PARTS)}, not be {path}")
        inside, name = (spec["Profile"], member) if part == "Profile" and member else (spec, part)
        value = (given.get("Profile") or {}).get(name) if inside is not spec else given.get(name)
        inside.pop(name, None)
        if value is not None:
            inside[name] = value
    changed = replace(agent, spec=spec, updated=call.now, edition=agent.edition + 1)
    call.account.agents.put(changed)
    return {}


@action("adp.DeleteAgent")
def delete_agent(call: Call) -> dict[str, Any]:
    agents = call.account.agents
    agents.delete(agents.find(found_app(call).biz_id, call.params["AgentId"]))
    return {}


@action("adp.DescribeAgentDetail")
def describe_agent_detail(call: Call) -> dict[str, Any]:
    agent = found_agent(call)
    spec, skills = agent.spec, call.account.belongings
    return {
        "Agent": {
            "AgentId": agent.id,
            "Profile": shown_profile(agent, call),
            "Instructions": spec.get("Instructions") or "",
            "Model": spec.get("Model") or {},
            "ToolList": [{"Config": each.get("Config") or {}, "Status": 1} for each in spec.get("ToolList") or ()],
            "PluginList": [
                {"Config": each, "Name": skills.name_of("plugin", each.get("PluginId", "")), "Status": 1}
                for each in spec.get("PluginList") or ()
            ],
            "SkillList": [{**each, **skill_of(each.get("SkillId", ""), call)} for each in spec.get("SkillList") or ()],
            "AdvancedConfig": spec.get("AdvancedConfig") or {},
            "ExternalToolList": spec.get("ExternalToolList") or [],
        }
    }


def skill_of(id: str, call: Call) -> dict[str, Any]:
    """What an agent's skill is; the id alone of one that is gone."""
    known = {each.id: each for each in call.account.belongings.of("skill")}
    if id not in known:
        return {"SkillId": id}
    profile = skill_summary(known[id], call)["Profile"]
    names = ("Name", "Description", "DisplayDescription", "DisplayName", "IconUrl")
    version = skill_version(known[id], call)["Version"]
    return {"SkillId": id, "CurrentVersion": version, **{name: profile[name] for name in names}}


def shown_profile(agent: Agent, call: Call) -> dict[str, Any]:
    app = call.account.apps.find(agent.base)
    return {**agent.profile, "AppName": app.name, "Developer": call.account.name_of(app.creator)}


@action("adp.DescribeAgentSummaryList")
def describe_agent_summary_list(call: Call) -> dict[str, Any]:
    """Of one app, or across all of them."""
    scope, account = call.params.get("Scope", ONE_APP), call.account
    if scope not in (ONE_APP, ACROSS):
        raise invalid("Scope", f"must be 0 or 1, not {scope}")
    apps = [found_app(call)] if scope == ONE_APP else list(account.apps)
    rows = [agent for app in apps for agent in all_of(app, call)]
    found = filtered(
        call,
        rows,
        {
            "SpaceId": lambda agent: account.apps.find(agent.base).space,
            "AgentSource": lambda agent: agent.kind,
            "AppId": lambda agent: agent.base,
        },
        {"SearchWord": lambda agent: agent.name},
    )
    return {
        "TotalCount": len(found),
        "AgentList": [
            {
                "AgentId": agent.id,
                "Profile": shown_profile(agent, call),
                "AdvancedConfig": agent.spec.get("AdvancedConfig") or {},
            }
            for agent in paged_rows(call, found)
        ],
    }


@action("adp.DescribeAgentReleasePreviewList")
def describe_agent_release_preview_list(call: Call) -> dict[str, Any]:
    """What a release would change in the agents; pages count from 0 (inferred from the other lists)."""
    app, query = found_app(call), call.params.get("Query", "").casefold()
    live = call.account.releases.live(app.biz_id, call.now)
    known = live.agents if live else {}
    rows = []
    for agent in call.account.agents.of(app.biz_id).values():
        before = known.get(agent.id)
        if before != agent.edition and query in agent.name.casefold():
            change = NEW if before is None else MODIFIED
            rows.append(
                {
                    "AgentId": agent.id,
                    "Name": agent.name,
                    "UpdateTime": unix_text(agent.updated),
                    "Action": change,
                    "ActionDescription": ACTIONS[change],
                }
            )
    found = filtered(call, rows, {"ActionList": lambda row: row["Action"], "UpdateTime": lambda row: row["UpdateTime"]})
    return {"ReleaseList": paged_rows(call, found), "TotalCount": len(found)}
