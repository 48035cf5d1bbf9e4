"""The audit log, and what else of adp has no record of its own: debug contexts, tools of plugins, workspaces."""

from typing import Any

import httpx
import pytest

from contract_tests.conftest import Control, Target
from contract_tests.lke.worlds import ROOT, SHOP, START, Ask, Refused, account_of
from lke_emulator.exchange.settings import Settings
from lke_emulator.knowledge.configuration import Configuration

SPACE = {"SpaceId": "default_space"}
APP = {"AppId": SHOP}


def lines(ask: Ask, **params: Any) -> list[tuple[str, str, str]]:
    rows = ask("DescribeAuditLogList", **{"Limit": 100, **params})["AuditLogList"]
    return [(row["Action"], row["Biz"], row["Content"]) for row in rows]


def test_the_log_tells_who_changed_what_the_newest_first(ask: Ask, refused: Refused, emulator: Control) -> None:
    made = ask("CreateApp", **SPACE, Name="Desk", AppMode=1)["AppId"]
    account_of(emulator).clock.freeze(START + 60)
    ask("CreateAgent", **APP, Agent={"Profile": {"Name": "Helper"}})
    ask("DeleteApp", AppId=made)
    refused("DeleteApp", AppId=made)
    ask("DescribeApp", **APP)
    assert lines(ask) == [
        ("删除", "应用", "删除-Desk"),
        ("新建", "智能体", "新建-Helper"),
        ("新建", "应用", "新建-Desk"),
    ]
    newest = ask("DescribeAuditLogList", Limit=1)["AuditLogList"][0]
    assert (newest["AppId"], newest["AppName"], newest["OperateTime"]) == (made, "Desk", str(START + 60))
    assert newest["AccountInfo"]["AccountUin"] == ROOT
    assert len(newest["UniqueId"]) == 64


def test_pages_follow_each_other_without_a_gap(ask: Ask) -> None:
    for number in range(5):
        ask("CreateApp", **SPACE, Name=f"App {number}", AppMode=1)
    seen: list[str] = []
    page = ask("DescribeAuditLogList", Limit=2)
    while page["AuditLogList"]:
        seen += [row["AppName"] for row in page["AuditLogList"]]
        page = ask("DescribeAuditLogList", Limit=2, SearchAfter=page["SearchAfter"])
    assert seen == [f"App {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [
        ("Action", ["create"], 2),
        ("Action", ["删除"], 1),
        ("BizObject", ["app"], 2),
        ("Content", ["helper"], 1),
        ("SpaceId", ["default_space"], 2),
        ("AccountUin", ["1"], 0),
        ("startTime", [str(START + 1)], 0),
        ("endTime", [str(START)], 3),
    ],
)
def test_the_log_is_filtered(ask: Ask, name: str, values: list[str], count: int) -> None:
    made = ask("CreateApp", **SPACE, Name="Desk", AppMode=1)["AppId"]
    ask("CreateAgent", **APP, Agent={"Profile": {"Name": "Helper"}})
    ask("DeleteApp", AppId=made)
    assert len(lines(ask, FilterList=[{"Name": name, "ValueList": values}])) == count


def test_what_the_log_names_is_in_its_words(ask: Ask) -> None:
    ask("CreateApp", **SPACE, Name="Desk", AppMode=1)
    meta = ask("DescribeAuditLogMeta")
    assert {"Key": "create", "Name": "新建"} in meta["Actions"]
    assert {"Key": "app", "Name": "应用"} in meta["BizObjects"]
    assert {(row[0], row[1]) for row in lines(ask)} <= {
        (verb["Name"], noun["Name"]) for verb in meta["Actions"] for noun in meta["BizObjects"]
    }


def test_a_debug_context_is_what_test_runs_find(ask: Ask, refused: Refused, emulator: Control) -> None:
    account = account_of(emulator)
    app = account.apps.find(SHOP)
    draft = Configuration(
        name=app.name, pattern="single_workflow", members={"KnowledgeQa": {"Pattern": "single_workflow"}}
    )
    account.apps.modify(app, draft, ROOT, START)
    variable = {
        "Name": "city",
        "Type": 0,
        "ModuleType": 2,
        "Description": "",
        "DefaultValue": "",
        "DefaultFileName": "",
    }
    id = ask("CreateVariable", **APP, Variable={**variable, "VariableId": ""})["VariableId"]
    said = [{"VariableId": id, "VariableValue": "Oslo"}]
    ask("SaveWorkflowDebugContext", **APP, SessionId="s", UserId="u", AppVariableValueList=said)
    run = {**APP, "Query": "Go", "UserId": "u"}

    def variables(**params: Any) -> dict[str, str]:
        begun = ask("CreateWorkflowRun", **run, **params)["WorkflowRunId"]
        told = ask("DescribeWorkflowRun", **APP, WorkflowRunId=begun)["WorkflowRun"]["WorkflowRunMetadata"]
        return {each["Name"]: each["Value"] for each in told["CustomVariableList"]}

    assert variables(Domain=1) == {"city": "Oslo"}
    assert variables(Domain=1, CustomVariableList=[{"Name": "city", "Value": "Bergen"}]) == {"city": "Bergen"}
    said[0]["VariableId"] = "none"
    error = refused("SaveWorkflowDebugContext", **APP, SessionId="s", UserId="u", AppVariableValueList=said)
    assert (error.get_code(), "none" in error.get_message()) == ("ResourceNotFound", True)
    ask("DeleteVariable", **APP, VariableId=id)
    assert variables(Domain=1) == {}


def test_a_tool_is_called_where_its_plugin_has_it(ask: Ask, refused: Refused) -> None:
    ui = {"Meta": {"Ui": {"ResourceUri": "ui://list"}}}
    tools = [{"Name": "view", "ToolConfig": {"MCPToolConfig": ui}}]
    plugin = ask("CreatePlugin", **SPACE, Profile={"Name": "p"}, Config={}, ToolList=tools)["PluginId"]
    call = {"PluginId": plugin, "ThreadId": "t", "ToolName": "view"}
    assert ask("CallMCPTool", **call, Arguments='{"a": 1}')["Result"]
    assert refused("CallMCPTool", **{**call, "PluginId": "none"}).get_code() == "ResourceNotFound"
    assert refused("CallMCPTool", **{**call, "ToolName": "none"}).get_code() == "ResourceNotFound"
    assert refused("CallMCPTool", **call, Arguments="{").get_code() == "InvalidParameter"
    assert ask("ReadMCPResource", PluginId=plugin, ThreadId="t", Uri="ui://list")["Contents"]
    assert refused("ReadMCPResource", PluginId=plugin, ThreadId="t", Uri="ui://none").get_code() == "ResourceNotFound"


def test_a_workspace_is_opened_to_who_may_talk_to_the_app(ask: Ask, refused: Refused, emulator: Control) -> None:
    key = account_of(emulator).apps.find(SHOP).key
    asked = {"Type": 5, "WorkspaceId": "w", "UserId": "u"}
    assert ask("CreateWorkspaceCredential", **asked, AppKey=key)["WorkspaceId"] == "w"
    assert refused("CreateWorkspaceCredential", **asked).get_code() == "MissingParameter"
    assert "4505004" in refused("CreateWorkspaceCredential", **asked, AppKey="none").get_message()
    assert refused("CreateWorkspaceCredential", Type=3, WorkspaceId="w").get_code() == "InvalidParameter"


def test_what_is_generated_says_so_or_is_refused(ask: Ask, target: Target, emulator: Control) -> None:
    plugin = ask("CreatePlugin", **SPACE, Profile={"Name": "p"}, Config={}, ToolList=[{"Name": "t"}])["PluginId"]
    emulator.app.running.settings = Settings(port=0, auth="off")
    head = {"X-TC-Action": "CallMCPTool", "X-TC-Version": "2026-05-20", "X-TC-Region": "ap-guangzhou"}
    body = {"PluginId": plugin, "ThreadId": "t", "ToolName": "t"}
    answer = httpx.post(target.url, json=body, headers=head)
    assert answer.headers["x-emulator-source"] == "generated"
    emulator.app.running.settings = Settings(port=0, auth="off", strict=True)
    assert httpx.post(target.url, json=body, headers=head).json()["Response"]["Error"]["Code"] == "UnsupportedOperation"


def test_categories_of_skills_are_told(ask: Ask) -> None:
    assert ask("DescribeSkillCategoryList")["CategoryList"] == [{"CategoryKey": "doc", "CategoryName": "文档"}]
