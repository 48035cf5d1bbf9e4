"""Usage in adp's members: the ledger's figures, which are those of lke's statistics."""

from typing import Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.adp.test_apps import pages
from contract_tests.conftest import Control, Target
from contract_tests.lke.worlds import Ask, Refused

DAY = 86_400
SERVICE, STAFF = "1812732010083385344", "1826549130025795584"


@pytest.fixture
def lived(emulator: Control, target: Target) -> Ask:
    """adp of the default scenario."""
    emulator.load("default", rate_limit=0)
    credential = Credential(target.secret_id, target.secret_key)
    client = CommonClient("adp", "2026-05-20", credential, target.region, target.profile())

    def asked(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = client.call_json(action, params)["Response"]
        return reply

    return asked


def yesterday(emulator: Control) -> dict[str, str]:
    account = emulator.world.accounts["100000000001"]
    midnight = int(account.clock.now() + account.zone) // DAY * DAY - account.zone
    return {"StartTime": str(midnight - DAY), "EndTime": str(midnight - 1)}


def lke_totals(lke: LkeClient, times: dict[str, str], **params: Any) -> dict[str, Any]:
    asked = {"StatStartTime": int(times["StartTime"]), "StatEndTime": int(times["EndTime"]), **params}
    reply: dict[str, Any] = lke.call_json("DescribeTokenUsage", asked)["Response"]
    return reply


def of_models(ask: Ask, times: dict[str, str], view: int, scope: str, **params: Any) -> list[dict[str, Any]]:
    said = {"ResourceType": 1, "TimeRange": times, "ViewScope": {"ViewType": view, "ScopeId": scope}, **params}
    return pages(ask, "DescribeUsageSummaryList", "UsageSummaryList", 3, **said)


def total(row: dict[str, Any], label: str = "") -> float:
    return float(next(each["Value"] for each in row["Model"]["ResourceConsumptionList"] if each["Label"] == label))


def test_summaries_add_up_to_what_lke_tells(emulator: Control, lived: Ask, lke: LkeClient) -> None:
    times = yesterday(emulator)
    whole = of_models(lived, times, 1, "")
    assert sum(total(row) for row in whole) == lke_totals(lke, times)["TotalTokenUsage"]
    assert sum(total(row, "input") + total(row, "output") for row in whole) == sum(total(row) for row in whole)
    for space, app in (("default_space", SERVICE), ("staff_space", STAFF)):
        rows = of_models(lived, times, 2, space)
        assert {(row["SourceId"], row["ViewType"]) for row in rows} == {(app, 2)}
        assert sum(total(row) for row in rows) == lke_totals(lke, times, AppBizIds=[app])["TotalTokenUsage"] > 0
        assert of_models(lived, times, 3, app) == [{**row, "ViewType": 3} for row in rows]
    one = [{"Name": "model_name", "ValueList": ["hunyuan"]}]
    rows = of_models(lived, times, 1, "", FilterList=one)
    assert sum(total(row) for row in rows) == lke_totals(lke, times, ModelName="hunyuan")["TotalTokenUsage"] > 0


def test_details_are_the_calls_in_time_order(emulator: Control, lived: Ask) -> None:
    times = yesterday(emulator)
    said = {"ResourceType": 1, "TimeRange": times, "ViewScope": {"ViewType": 3, "ScopeId": STAFF}}
    first = lived("DescribeUsageDetailList", **said, PageNumber=0, PageSize=50)
    second = lived("DescribeUsageDetailList", **said, PageNumber=1, PageSize=50)
    rows = first["UsageDetailList"] + second["UsageDetailList"]
    moments = [int(row["EventTime"]) for row in rows]
    assert moments == sorted(moments)
    assert int(times["StartTime"]) <= moments[0]
    assert len({row["DosageId"] for row in rows}) == len(rows) == 100
    calls = sum(row["Model"]["CallCount"] for row in of_models(lived, times, 3, STAFF))
    assert int(first["TotalCount"]) == calls
    last = lived("DescribeUsageDetailList", **said, PageNumber=calls // 50, PageSize=50)["UsageDetailList"]
    assert len(last) == calls % 50


def test_consumption_and_metrics_are_of_the_same_counters(emulator: Control, lived: Ask) -> None:
    times = yesterday(emulator)
    view = {"ViewType": 2, "ScopeId": "staff_space"}
    reply = lived("DescribeConsumptionDetailList", TimeRange=times, ViewScope=view, PageNumber=0, PageSize=100)
    metrics = lived("DescribeMetricOverviewList", ResourceType=3, TimeRange=times, ViewScope=view)
    values = {row["Key"]: row["Value"] for row in metrics["MetricList"]}
    assert int(metrics["TotalCount"]) == len(metrics["MetricList"])
    assert values["total_calls"] == int(reply["TotalCount"])
    assert values["total_tokens"] == values["input_tokens"] + values["output_tokens"]
    assert {row["SpaceName"] for row in reply["ConsumptionDetailList"]} == {"Staff"}
    model = next(row for row in reply["ConsumptionDetailList"] if row["Classification"]["ConsumptionType"] == "model")
    assert model["Usage"]["ConsumptionPU"] == model["Usage"]["Usage"] / 1_000_000


def test_what_the_account_holds_is_summed_up(lived: Ask, lke: LkeClient) -> None:
    reply = lived("DescribeResourceSummary")
    used = lke.call_json("DescribeKnowledgeUsage", {})["Response"]["UsedCharSize"]
    assert reply["ResourcePackage"]["KnowledgeCapacity"] == 10_000_000
    assert reply["ResourcePackage"]["KnowledgeUsage"] == int(used) > 0
    assert 0 < reply["ResourcePackage"]["ResourceUsage"] <= reply["ResourcePackage"]["ResourceTotal"]


def test_how_answers_came_about_is_what_lke_tells(emulator: Control, lived: Ask, lke: LkeClient) -> None:
    times = yesterday(emulator)
    view = {"ViewType": 3, "ScopeId": SERVICE}
    said = {"AppType": 1, "TimeRange": times, "ViewScope": view, "SpaceId": "default_space", "AppId": SERVICE}
    told = lived("DescribeAppStatisticsOverview", **said)
    asked = {"StartTime": int(times["StartTime"]), "EndTime": int(times["EndTime"]), "AppBizId": [SERVICE]}
    theirs = lke.call_json("GetAnswerTypeDataCount", asked)["Response"]
    rows = told["ReplyTypeDistributionList"]
    assert int(told["TotalCallCount"]) == theirs["Total"] == sum(int(row["CallCount"]) for row in rows) > 0
    assert sorted(int(row["CallCount"]) for row in rows) == sorted(
        count for name, count in theirs.items() if name.endswith("Count")
    )
    assert abs(sum(row["Percentage"] for row in rows) - 100) < 0.1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ViewScope": {"ViewType": 0}}, "InvalidParameter"),
        ({"ViewScope": {"ViewType": 2, "ScopeId": "nowhere"}}, "ResourceNotFound"),
        ({"ViewScope": {"ViewType": 3, "ScopeId": "77"}}, "ResourceNotFound"),
        ({"ResourceType": 0}, "InvalidParameter"),
        ({"TimeRange": {"StartTime": "soon", "EndTime": "1"}}, "InvalidParameter"),
        ({"TimeRange": {"StartTime": "9", "EndTime": "1"}}, "InvalidParameter"),
        ({"FilterList": [{"Name": "colour", "ValueList": ["1"]}]}, "InvalidParameter"),
        ({"FilterList": [{"Name": "model_name", "ValueList": []}]}, "InvalidParameter"),
        ({"PageSize": 101}, "InvalidParameter"),
    ],
)
def test_what_cannot_be_asked_is_refused(refused: Refused, change: dict[str, Any], code: str) -> None:
    said = {
        "ResourceType": 1,
        "TimeRange": {"StartTime": "1700000000", "EndTime": "1700086399"},
        "ViewScope": {"ViewType": 1},
    }
    assert refused("DescribeUsageSummaryList", **{**said, **change}).get_code() == code


def test_refused_calls_are_told_one_by_one(ask: Ask, shop: Any) -> None:
    now = shop.clock.now()
    shop.concurrency.quota = lambda model, moment: 1
    shop.concurrency.enter("cs-normal", now)
    for _ in range(3):
        with pytest.raises(Exception, match="concurrency"):
            shop.concurrency.enter("cs-normal", now)
    times = {"StartTime": str(int(now) - 5), "EndTime": str(int(now))}
    reply = ask("DescribeConcurrencyLimitDetailList", TimeRange=times, ViewScope={"ViewType": 1})
    assert (reply["TotalCount"], {row["ModelName"] for row in reply["ConcurrencyLimitDetailList"]}) == (
        "3",
        {"cs-normal"},
    )
