"""Tools of MCP plugins and the workspaces of conversations, as far as anything of them is known: whether they are there.

What a tool gives, and what kind of storage a workspace has, is in no document: those members are generated, and say so.
"""

from lke_emulator.account.call import Call
from lke_emulator.knowledge.belongings import Belonging
from lke_emulator.knowledge.refusals import invalid, missing, no_such
from lke_emulator.primitives.strict_json import NotReadable, read_json
from lke_emulator.products import checks
from lke_emulator.products.adp.apps import found_app
from lke_emulator.products.talking import app_of_key

VISITOR, API, SHARE = 1, 5, 20
TYPES = (VISITOR, 2, API, 10, SHARE)
"""Type of a conversation (documented)."""


def plugin_of(call: Call) -> Belonging:
    return call.account.belongings.find("plugin", call.params["PluginId"])


@checks("adp.CallMCPTool")
def check_tool_call(call: Call) -> None:
    """A call reaches the tools of its plugin alone (documented)."""
    tools, name = plugin_of(call).members.get("ToolList") or (), call.params["ToolName"]
    if name not in [tool.get("Name") for tool in tools]:
        raise no_such(f"tool of the plugin {call.params['PluginId']}", name)
    arguments = call.params.get("Arguments", "")
    try:
        read_json(arguments.encode() or b"{}")
    except NotReadable as problem:
        raise invalid("Arguments", f"must be JSON: {problem}") from None


@checks("adp.ReadMCPResource")
def check_resource(call: Call) -> None:
    """A resource is one that a tool of the plugin names, where any does (documented: `_meta.ui.resourceUri`)."""
    tools, uri = plugin_of(call).members.get("ToolList") or (), call.params["Uri"]
    configs = [((tool.get("ToolConfig") or {}).get("MCPToolConfig") or {}).get("Meta") or {} for tool in tools]
    known = {(meta.get("Ui") or {}).get("ResourceUri", "") for meta in configs} - {""}
    if known and uri not in known:
        raise no_such(f"resource of the plugin {call.params['PluginId']}", uri)


@checks("adp.CreateWorkspaceCredential")
def check_workspace(call: Call) -> None:
    params = call.params
    if params["Type"] not in TYPES:
        raise invalid("Type", f"must be one of {', '.join(map(str, TYPES))}, not {params['Type']}")
    needed = {API: ("AppKey", "UserId"), SHARE: ("ShareCode",)}.get(params["Type"], ())
    for name in needed:
        if not params.get(name):
            raise missing(name)
    if params["Type"] == API:
        app_of_key(call, "AppKey")
    if params.get("AppId"):
        found_app(call)
