"""The life of a workflow run: begun, looked at node by node, ended, stopped, failed; the same in both products."""

from typing import Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential

from contract_tests.conftest import Target
from contract_tests.lke.worlds import SHOP, Ask, Refused
from lke_emulator.account.account import Account
from lke_emulator.knowledge.failures import FailureSection

RUNNING, SUCCESS, FAILED, CANCELLED = 1, 2, 3, 4


@pytest.fixture
def app(ask: Ask) -> str:
    base = {"Name": "Flow", "Avatar": "https://a.example.com/a.png"}
    id: str = ask("CreateApp", AppType="knowledge_qa", BaseConfig=base, Pattern="single_workflow")["AppBizId"]
    return id


def described(ask: Ask, app: str, run: str) -> dict[str, Any]:
    return ask("DescribeWorkflowRun", AppBizId=app, WorkflowRunId=run)


def test_a_run_goes_from_node_to_node_and_ends(ask: Ask, shop: Account, app: str) -> None:
    said = {"Query": "你好", "CustomVariables": [{"Name": "Url", "Value": "https://a.example.com"}]}
    reply = ask("CreateWorkflowRun", AppBizId=app, RunEnv=0, VisitorId="user-1", **said)
    assert {name: reply[name] for name in said} == said
    assert reply["CreateTime"] == str(int(shop.clock.now() * 1000))
    run = reply["WorkflowRunId"]
    seen = []
    for _ in range(60):
        told = described(ask, app, run)
        seen.append((told["WorkflowRun"]["State"], len(told["NodeRuns"])))
        if told["WorkflowRun"]["State"] != RUNNING:
            break
        shop.clock.advance(0.1)
    assert seen == sorted(seen)
    assert (seen[0][0], seen[-1][0]) == (RUNNING, SUCCESS)
    assert told["WorkflowRun"]["CustomVariables"] == said["CustomVariables"]
    assert told["WorkflowRun"]["Output"]
    nodes = told["NodeRuns"]
    assert {node["State"] for node in nodes} == {SUCCESS}
    assert sum(node["TotalTokens"] for node in nodes) == told["WorkflowRun"]["TotalTokens"] > 0
    node = next(node for node in nodes if node["NodeType"] == 3)
    detail = ask("DescribeNodeRun", AppBizId=app, NodeRunId=node["NodeRunId"])["NodeRun"]
    assert {name: detail[name] for name in node if name in detail} == {
        name: node[name] for name in node if name in detail
    }
    (statistic,) = detail["StatisticInfos"]
    assert statistic["TotalTokens"] == statistic["InputTokens"] + statistic["OutputTokens"]
    assert int(detail["EndTime"]) - int(detail["StartTime"]) == detail["CostMilliseconds"]


def test_a_run_is_metered(ask: Ask, shop: Account, app: str) -> None:
    run = ask("CreateWorkflowRun", AppBizId=app, Query="Hello")["WorkflowRunId"]
    shop.clock.advance(10)
    used = ask("DescribeTokenUsage", AppBizIds=[app])["TotalTokenUsage"]
    assert used == described(ask, app, run)["WorkflowRun"]["TotalTokens"]


def test_a_run_is_stopped_once(ask: Ask, refused: Refused, app: str) -> None:
    run = ask("CreateWorkflowRun", AppBizId=app, Query="Hello")["WorkflowRunId"]
    ask("StopWorkflowRun", AppBizId=app, WorkflowRunId=run)
    assert described(ask, app, run)["WorkflowRun"]["State"] == CANCELLED
    assert refused("StopWorkflowRun", AppBizId=app, WorkflowRunId=run).get_code() == "FailedOperation"


def test_a_run_fails_when_it_is_told_to(ask: Ask, shop: Account, app: str) -> None:
    shop.failures.add(FailureSection(kind="run", name="Bad*", stage="run", reason="no luck"))
    run = ask("CreateWorkflowRun", AppBizId=app, Query="Bad luck")["WorkflowRunId"]
    shop.clock.advance(10)
    told = described(ask, app, run)
    assert (told["WorkflowRun"]["State"], told["WorkflowRun"]["FailMessage"]) == (FAILED, "no luck")
    assert told["NodeRuns"][-1]["State"] == FAILED


def test_runs_are_listed_page_by_page(ask: Ask, app: str) -> None:
    ids = [ask("CreateWorkflowRun", AppBizId=app, Query=f"Question {i}")["WorkflowRunId"] for i in range(5)]
    listed = []
    for page in (1, 2, 3):
        reply = ask("ListWorkflowRuns", AppBizId=app, Page=page, PageSize=2)
        assert reply["Total"] == 5
        listed += [row["WorkflowRunId"] for row in reply["WorkflowRuns"]]
    assert listed == ids[::-1]
    part = ids[2].removeprefix("wfr-")
    assert [
        row["WorkflowRunId"] for row in ask("ListWorkflowRuns", AppBizId=app, PageSize=9, Query=part)["WorkflowRuns"]
    ] == [ids[2]]
    assert ask("ListWorkflowRuns", AppBizId=app, PageSize=9, RunEnv=1)["Total"] == 0


def test_what_cannot_run_is_refused(ask: Ask, refused: Refused, shop: Account, app: str) -> None:
    error = refused("CreateWorkflowRun", AppBizId=SHOP, Query="Hello")
    assert (error.get_code(), "single-workflow" in error.get_message()) == ("FailedOperation", True)
    assert refused("CreateWorkflowRun", AppBizId=app, RunEnv=1, Query="Hello").get_code() == "FailedOperation"
    assert refused("CreateWorkflowRun", AppBizId=app, RunEnv=2, Query="Hello").get_code() == "InvalidParameter"
    ask("CreateRelease", BotBizId=app)
    shop.clock.advance(10)
    assert ask("CreateWorkflowRun", AppBizId=app, RunEnv=1, Query="Hello")["RunEnv"] == 1
    for action, id in (
        ("DescribeWorkflowRun", "WorkflowRunId"),
        ("StopWorkflowRun", "WorkflowRunId"),
        ("DescribeNodeRun", "NodeRunId"),
    ):
        assert "77" in refused(action, AppBizId=app, **{id: "77"}).get_message()
    assert refused("CallbackWorkflowToolNode", CallbackToken="77", Result="{}").get_code() == "FailedOperation"


def test_adp_tells_the_same_runs(ask: Ask, shop: Account, target: Target, app: str) -> None:
    credential = Credential(target.secret_id, target.secret_key)
    client = CommonClient("adp", "2026-05-20", credential, target.region, target.profile())

    def adp(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = client.call_json(action, {"AppId": app, **params})["Response"]
        return reply

    run = adp("CreateWorkflowRun", Domain=1, Query="Hello")["WorkflowRunId"]
    other = ask("CreateWorkflowRun", AppBizId=app, Query="Stop me")["WorkflowRunId"]
    stopped = adp("StopWorkflowRunList", WorkflowRunIdList=[other, "77"])
    assert (stopped["SuccessIdList"], stopped["FailedIdList"]) == ([other], ["77"])
    shop.clock.advance(10)
    told = adp("DescribeWorkflowRun", WorkflowRunId=run)
    theirs = described(ask, app, run)
    summary = told["WorkflowRun"]["WorkflowRunSummary"]
    assert summary["WorkflowRunResult"]["Status"] == theirs["WorkflowRun"]["State"] == SUCCESS
    assert told["WorkflowRun"]["WorkflowRunOutput"]["Output"] == theirs["WorkflowRun"]["Output"]
    assert [node["NodeRunId"] for node in told["NodeRunList"]] == [node["NodeRunId"] for node in theirs["NodeRuns"]]
    detail = adp("DescribeNodeRunDetail", NodeRunId=told["NodeRunList"][1]["NodeRunId"])["NodeRunDetail"]
    assert detail["NodeRun"] == told["NodeRunList"][1]
    rows = adp("DescribeWorkflowRunSummaryList", Domain=1, PageNumber=1, PageSize=10)
    assert [row["WorkflowRunProfile"]["WorkflowRunId"] for row in rows["WorkflowRunSummaryList"]] == [other, run]
