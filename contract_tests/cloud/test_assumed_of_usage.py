"""What the statistics of lke and its apps are assumed to do, as it can be seen from outside."""

import time
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

NOW = int(time.time())
TODAY = (NOW + 8 * 3600) // 86_400 * 86_400 - 8 * 3600
YESTERDAY = {"StatStartTime": TODAY - 86_400, "StatEndTime": TODAY - 1}


def ask(lke: Any, action: str, **params: Any) -> Any:
    return lke.call_json(action, params)["Response"]


@pytest.mark.needs("usage")
@pytest.mark.assumes("graph_fill_zero")
def test_a_graph_leaves_out_buckets_of_nothing(lke: Any) -> None:
    calls = [stat["Y"] for stat in ask(lke, "DescribeCallStatsGraph", **YESTERDAY)["List"]]
    if 0 not in calls and len(calls) == 288:
        pytest.skip("there were calls in every five minutes of yesterday")
    assert 0 not in calls


@pytest.mark.assumes("dosage_type_limit", "dosage_type_curr")
def test_models_have_no_dosage(lke: Any) -> None:
    usage = ask(lke, "DescribeTokenUsage")
    assert (usage["DosageTypeLimit"], usage["DosageTypeCurr"]) == (0, 0)


@pytest.mark.needs("usage")
@pytest.mark.assumes("time_precedence")
def test_of_two_ranges_the_one_in_seconds_counts(lke: Any) -> None:
    long_ago = {"StartTime": str(TODAY - 4000 * 86_400), "EndTime": str(TODAY - 3999 * 86_400)}
    yesterday = ask(lke, "DescribeTokenUsage", **YESTERDAY)["TotalTokenUsage"]
    if not yesterday:
        pytest.skip("yesterday no tokens were used")
    assert ask(lke, "DescribeTokenUsage", **YESTERDAY, **long_ago)["TotalTokenUsage"] == yesterday


@pytest.mark.writes
@pytest.mark.assumes("category_depth")
def test_ten_categories_can_be_one_under_another(lke: Any) -> None:
    base = {"Name": "lke-emulator verify", "Avatar": "https://example.com/a.png", "Desc": "deleted at the end"}
    app = ask(lke, "CreateApp", AppType="knowledge_qa", BaseConfig=base)["AppBizId"]
    try:
        assert depth_of(lke, app) == 10
    finally:
        ask(lke, "DeleteApp", AppBizId=app, AppType="knowledge_qa")


def depth_of(lke: Any, app: str) -> int:
    parent = "0"
    for depth in range(12):
        try:
            parent = ask(lke, "CreateQACate", BotBizId=app, ParentBizId=parent, Name=f"c{depth}")["CateBizId"]
        except TencentCloudSDKException:
            return depth
    return 12
