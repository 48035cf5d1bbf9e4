"""The agents of an app in lke's members."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.agents import MAIN, MOST, Agent
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.refusals import failed
from lke_emulator.products import action
from lke_emulator.products.lke.apps import found_app

AGENT_PATTERNS = ("agent", "ClawAgent")


def main_id(app: App) -> str:
    """The id of the agent that an app of agents has by itself (documented by example)."""
    return f"mainagent-{app.biz_id}"


@action("lke.DescribeAppAgentList")
def describe_app_agent_list(call: Call) -> dict[str, Any]:
    app = found_app(call)
    agents = list(call.account.agents.of(app.biz_id).values())
    rows = [agent_row(agent) for agent in agents]
    if app.draft.pattern in AGENT_PATTERNS and not any(agent.role == MAIN for agent in agents):
        rows.insert(0, own_agent(app))
    start = next((row["AgentId"] for row in rows if row["IsStartingAgent"]), "")
    for row in rows:
        if row["AgentId"] == start:
            row["Handoffs"] = [other["AgentId"] for other in rows if other["AgentId"] != start]
    return {"StaringAgentId": start, "Agents": rows, "MaxAgentCount": MOST}


def own_agent(app: App) -> dict[str, Any]:
    """The agent that the app's own configuration describes."""
    qa = app.draft.qa
    model: dict[str, Any] = qa.get("Model") or {}
    return {
        "AgentId": main_id(app),
        "Name": app.name,
        "IconUrl": app.draft.avatar,
        "Instructions": qa.get("RoleDescription", ""),
        "Model": {
            "ModelName": model.get("Name", ""),
            "ModelAliasName": model.get("AliasName", ""),
            "HistoryLimit": model.get("HistoryLimit", 0),
            "IsEnabled": True,
        },
        "IsStartingAgent": True,
    }


def agent_row(agent: Agent) -> dict[str, Any]:
    spec, profile = agent.spec, agent.profile
    model: dict[str, Any] = spec.get("Model") or {}
    tools = [each.get("Config") or {} for each in spec.get("ToolList") or ()]
    return {
        "AgentId": agent.id,
        "Name": agent.name,
        "IconUrl": profile.get("IconUrl", ""),
        "Instructions": spec.get("Instructions", ""),
        "HandoffDescription": profile.get("Description", ""),
        "Handoffs": [],
        "Model": {
            "ModelName": model.get("ModelId", ""),
            "ModelAliasName": model.get("Alias", ""),
            "ModelContextWordsLimit": str(model.get("ContextWordsLimit", "")),
            "InstructionsWordsLimit": model.get("InstructionsWordsLimit", 0),
            "IsEnabled": True,
        },
        "Tools": [
            {
                "PluginId": tool.get("PluginId", ""),
                "ToolId": tool.get("ToolId", ""),
                "ToolDesc": tool.get("Description", ""),
            }
            for tool in tools
        ],
        "Plugins": [{"PluginId": each.get("PluginId", "")} for each in spec.get("PluginList") or ()],
        "IsStartingAgent": agent.role == MAIN,
    }


@action("lke.DeleteAgent")
def delete_agent(call: Call) -> dict[str, Any]:
    """AppBizId may be left out: ids of agents are unique."""
    agents, id, app = call.account.agents, call.params["AgentId"], call.params.get("AppBizId", "")
    if not app:
        app = next((each.base for each in agents.everything() if each.id == id), "")
    elif id == main_id(found_app(call)):
        raise failed(f"the agent {id} is the app's own and goes with it")
    agents.delete(agents.find(app, id))
    return {"AgentId": id}
