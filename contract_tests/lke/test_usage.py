"""The statistics of lke through the official SDK: what each action answers, and that they agree with each other.

Tests that take `lke` alone hold on any account of any endpoint; the others bring a scenario of their own.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control
from lke_emulator.billing.billing import Unserved

DOCUMENTED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "documented-usage.json").read_text()
)
TODAY = (int(time.time()) + 8 * 3600) // 86_400 * 86_400 - 8 * 3600
WEEK = {"StatStartTime": TODAY - 10 * 86_400, "StatEndTime": TODAY - 3 * 86_400 - 1}
DAY = {"StatStartTime": TODAY - 5 * 86_400, "StatEndTime": TODAY - 4 * 86_400 - 1}
ROOT, SHOP, DESK, INTRANET = "100000000001", "100000000011", "100000000012", "100000000013"


def ask(client: Any, action: str, **params: Any) -> dict[str, Any]:
    reply: dict[str, Any] = client.call_json(action, params)["Response"]
    return reply


def tokens(client: Any, **params: Any) -> int:
    total: int = ask(client, "DescribeTokenUsage", **params)["TotalTokenUsage"]
    return total


def height(stats: list[dict[str, Any]]) -> int:
    return sum(stat["Y"] for stat in stats)


@pytest.mark.parametrize("documented", DOCUMENTED, ids=lambda documented: str(documented["action"]))
def test_a_documented_request_gets_the_documented_reply(
    emulator: Control, lke: LkeClient, documented: dict[str, Any]
) -> None:
    emulator.load("documented-examples")
    reply = ask(lke, documented["action"], **documented["request"])
    assert reply.pop("RequestId")
    assert reply == documented["reply"]


def test_a_reply_can_be_asked_for_twice(emulator: Control, lke: LkeClient) -> None:
    """A handler must never hand out a list that the next answer shares and changes."""
    emulator.load("documented-examples")
    for documented in [*DOCUMENTED, *DOCUMENTED]:
        reply = ask(lke, documented["action"], **documented["request"])
        assert {name: reply[name] for name in documented["reply"]} == documented["reply"]


def test_total_is_input_and_output(lke: LkeClient) -> None:
    used = ask(lke, "DescribeTokenUsage", **WEEK)
    assert used["TotalTokenUsage"] == used["InputTokenUsage"] + used["OutputTokenUsage"]


def test_the_token_graph_sums_to_the_totals(lke: LkeClient) -> None:
    used, graph = ask(lke, "DescribeTokenUsage", **DAY), ask(lke, "DescribeTokenUsageGraph", **DAY)
    for name in ("Total", "Input", "Output"):
        assert height(graph[name]) == used[f"{name}TokenUsage"]


def test_the_series_of_a_graph_share_their_x(lke: LkeClient) -> None:
    graph = ask(lke, "DescribeTokenUsageGraph", **DAY)
    sets = [{stat["X"] for stat in graph[name]} for name in ("Total", "Input", "Output")]
    assert sets[0] == sets[1] == sets[2]
    by_x = [{stat["X"]: stat["Y"] for stat in graph[name]} for name in ("Total", "Input", "Output")]
    assert all(by_x[0][x] == by_x[1][x] + by_x[2][x] for x in by_x[0])


def test_a_client_that_does_not_join_by_x_fails_here_too(emulator: Control, lke: LkeClient) -> None:
    graph = ask(lke, "DescribeTokenUsageGraph", **DAY)
    orders = [[stat["X"] for stat in graph[name]] for name in ("Total", "Input", "Output")]
    assert any(order != sorted(order) for order in orders)
    assert len({tuple(order) for order in orders}) > 1
    emulator.load(
        Path("scenarios/default.yaml").read_text().replace("    name: Harbour", "    order: asc\n    name: Harbour")
    )
    graph = ask(lke, "DescribeTokenUsageGraph", **DAY)
    assert all(
        [stat["X"] for stat in graph[name]] == sorted(stat["X"] for stat in graph[name])
        for name in graph
        if name != "RequestId"
    )


@pytest.mark.parametrize(
    ("days", "digits", "step"), [(1, 12, 5), (7, 10, 1), (8, 8, 1)], ids=["a day", "a week", "longer"]
)
@pytest.mark.needs("usage")
@pytest.mark.assumes("graph_minutes_up_to", "graph_hours_up_to")
def test_the_length_of_the_range_chooses_the_buckets(lke: LkeClient, days: int, digits: int, step: int) -> None:
    stats = ask(
        lke, "DescribeCallStatsGraph", StatStartTime=TODAY - 9 * 86_400, StatEndTime=TODAY - (9 - days) * 86_400 - 1
    )
    assert stats["List"]
    assert all(len(stat["X"]) == digits and int(stat["X"][-2:]) % step == 0 for stat in stats["List"])


@pytest.mark.needs("usage")
def test_labels_lie_in_the_range_asked_for_in_the_zone_of_the_account(lke: LkeClient) -> None:
    first = time.strftime("%Y%m%d%H%M", time.gmtime(DAY["StatStartTime"] + 8 * 3600))
    last = time.strftime("%Y%m%d%H%M", time.gmtime(DAY["StatEndTime"] + 1 + 8 * 3600))
    labels = [stat["X"] for stat in ask(lke, "DescribeCallStatsGraph", **DAY)["List"]]
    assert labels
    assert all(first < label <= last for label in labels)


def test_empty_buckets_are_left_out(emulator: Control, lke: LkeClient) -> None:
    emulator.load("documented-examples")
    stats = ask(lke, "DescribeCallStatsGraph", StatStartTime=1758988800, StatEndTime=1759075199)["List"]
    assert 0 < len(stats) < 288
    assert all(stat["Y"] > 0 for stat in stats)


def test_the_call_graph_sums_to_the_number_of_calls(lke: LkeClient) -> None:
    assert (
        height(ask(lke, "DescribeCallStatsGraph", **WEEK)["List"])
        == ask(lke, "DescribeTokenUsage", **WEEK)["ApiCallStats"]
    )


def test_the_search_graph_sums_to_the_searches_of_both_kinds(lke: LkeClient) -> None:
    used = ask(lke, "DescribeTokenUsage", **WEEK)
    assert height(ask(lke, "DescribeSearchStatsGraph", **WEEK)["List"]) == used["SearchUsage"]
    assert used["SearchUsage"] == used["RagSearchUsage"] + used["InternetSearchUsage"]


def test_the_pages_of_call_details_are_the_calls_that_were_counted(emulator: Control, lke: LkeClient) -> None:
    asked = {"ModelName": "hunyuan", **DAY}
    used = ask(lke, "DescribeTokenUsage", **asked)
    total = ask(lke, "ListUsageCallDetail", **asked, PageNumber=1, PageSize=1)["Total"]
    rows: list[dict[str, Any]] = []
    for page in range(1, total // 400 + 2):
        rows += ask(lke, "ListUsageCallDetail", **asked, PageNumber=page, PageSize=400)["List"]
    assert len(rows) == total == used["ApiCallStats"]
    assert len({row["Id"] for row in rows}) == len(rows)
    assert sum(row["TotalTokenUsage"] for row in rows) == used["TotalTokenUsage"]
    times = [int(row["CallTime"]) for row in rows]
    assert times == sorted(times, reverse=True)
    assert all(DAY["StatStartTime"] <= moment <= DAY["StatEndTime"] for moment in times)


@pytest.mark.parametrize(("number", "size"), [(0, 10), (1, 0), (1, 1001)])
@pytest.mark.assumes("page_size_max")
def test_a_page_outside_its_bounds_is_refused(lke: LkeClient, refusal: Any, number: int, size: int) -> None:
    params = {"ModelName": "m", "PageNumber": number, "PageSize": size}
    assert refusal(lke.call_json, "ListUsageCallDetail", params).get_code() == "InvalidParameterValue"


def test_adjoining_ranges_add_up_to_the_second(lke: LkeClient) -> None:
    start, middle, end = DAY["StatStartTime"], DAY["StatStartTime"] + 40_001, DAY["StatEndTime"]
    halves = tokens(lke, StatStartTime=start, StatEndTime=middle) + tokens(
        lke, StatStartTime=middle + 1, StatEndTime=end
    )
    assert halves == tokens(lke, **DAY)


@pytest.mark.needs("usage")
def test_both_time_pairs_are_honoured(lke: LkeClient) -> None:
    strings = {"StartTime": str(DAY["StatStartTime"]), "EndTime": str(DAY["StatEndTime"])}
    assert tokens(lke, **strings) == tokens(lke, **DAY) == tokens(lke, **strings, **DAY) > 0


def test_the_integer_pair_wins_where_they_differ(emulator: Control, lke: LkeClient) -> None:
    assert tokens(lke, StartTime="1", EndTime="2", **DAY) == tokens(lke, **DAY)


def test_a_time_that_is_no_number_is_refused(lke: LkeClient, refusal: Any) -> None:
    error = refusal(lke.call_json, "DescribeTokenUsage", {"StartTime": "yesterday"})
    assert error.get_code() == "InvalidParameter"


@pytest.mark.assumes("end_before_start")
def test_a_range_that_ends_before_it_starts_is_refused(lke: LkeClient, refusal: Any) -> None:
    error = refusal(lke.call_json, "DescribeTokenUsage", {"StatStartTime": 200, "StatEndTime": 100})
    assert error.get_code() == "InvalidParameterValue"


def test_usage_to_come_is_not_told(lke: LkeClient) -> None:
    now = int(time.time())
    assert tokens(lke, StatStartTime=now + 3600, StatEndTime=now + 86_400) == 0


def test_no_time_is_all_time(emulator: Control, lke: LkeClient) -> None:
    emulator.load("documented-examples")
    frozen = int(emulator.world.accounts[emulator.world.first_credential.account].clock.now())
    assert tokens(lke) == tokens(lke, StatStartTime=1, StatEndTime=frozen) > 3617849


def test_an_empty_list_filters_nothing(lke: LkeClient) -> None:
    assert tokens(lke, UinAccount=[], AppBizIds=[], SubScenes=[], **DAY) == tokens(lke, **DAY)


@pytest.mark.parametrize(
    "params",
    [
        {"UinAccount": ["1"]},
        {"AppBizIds": ["1"]},
        {"ModelName": "x"},
        {"SpaceId": "x"},
        {"SubBizType": "x"},
        {"AppType": "x"},
    ],
    ids=lambda params: next(iter(params)),
)
def test_an_unknown_value_matches_nothing(lke: LkeClient, params: dict[str, Any]) -> None:
    assert tokens(lke, **DAY, **params) == 0


CROSSED = """
accounts:
  - uin: 100000000001
    credentials: [{ secret_id: AKIDlocal, secret_key: local-secret-key }]
    sub_accounts: [{ uin: 11, name: one }, { uin: 12, name: two }]
    spaces: [{ id: here }, { id: there }]
    apps: [{ name: left, biz_id: 1812732010083385344, space: here }, { name: right, biz_id: 1826549130025795584, space: there }]
    models: [{ name: small }, { name: large }]
    usage:
      - { kind: generated, app: all, model: all, sub_account: all, since: -30d, calls_a_day: 900, per_call: { input_tokens: 80 } }
"""


def test_models_apps_sub_accounts_and_spaces_partition_the_account(emulator: Control, lke: LkeClient) -> None:
    emulator.load(CROSSED)
    whole = tokens(lke, **WEEK)
    parts: dict[str, list[Any]] = {
        "ModelName": ["small", "large"],
        "AppBizIds": [["1812732010083385344"], ["1826549130025795584"]],
        "UinAccount": [["11"], ["12"]],
        "SpaceId": ["here", "there"],
    }
    assert whole > 0
    for name, values in parts.items():
        shares = [tokens(lke, **WEEK, **{name: value}) for value in values]
        assert sum(shares) == whole
        assert all(shares)


def test_a_sub_account_may_be_named_bare_or_with_its_prefix(emulator: Control, lke: LkeClient) -> None:
    assert tokens(lke, **DAY, UinAccount=[SHOP]) == tokens(lke, **DAY, UinAccount=[f"uin:{SHOP}"]) > 0


def test_the_root_account_stands_for_all_of_its_sub_accounts(emulator: Control, lke: LkeClient) -> None:
    assert tokens(lke, **DAY, UinAccount=[ROOT]) == tokens(lke, **DAY)


def test_the_credentials_of_a_sub_account_see_what_the_root_sees(
    emulator: Control, target: Any, lke: LkeClient
) -> None:
    shop = target.client(LkeClient, secret_id="AKIDlocal-shop", secret_key="local-secret-key-shop")
    assert tokens(shop, **DAY) == tokens(lke, **DAY)


@pytest.mark.parametrize("spelling", ["Embedding", "embedding", "EMBEDDING"])
def test_business_types_are_compared_without_case(emulator: Control, lke: LkeClient, spelling: str) -> None:
    assert tokens(lke, **WEEK, SubBizType=spelling) == tokens(lke, **WEEK, SubBizType="Embedding") > 0


def test_parsing_counts_pages_and_search_counts_searches(emulator: Control, lke: LkeClient) -> None:
    parsing = ask(lke, "DescribeTokenUsage", **WEEK, SubBizType="FileParse")
    assert parsing["PageUsage"] > 0
    assert parsing["SplitTokenUsage"] > 0
    assert parsing["TotalTokenUsage"] == parsing["ApiCallStats"] == 0
    searching = ask(lke, "DescribeTokenUsage", **WEEK, SubBizType="SearchEngine")
    assert searching["SearchUsage"] > 0
    assert searching["ApiCallStats"] == 0


def test_the_same_request_gets_the_same_figures_again(lke: LkeClient) -> None:
    replies = [ask(lke, "DescribeTokenUsageGraph", **DAY) for _ in range(2)]
    assert replies[0].pop("RequestId") != replies[1].pop("RequestId")
    assert replies[0] == replies[1]


def test_a_scenario_gives_the_same_figures_whenever_it_is_loaded(emulator: Control, lke: LkeClient) -> None:
    seen = []
    for _ in range(2):
        emulator.load("default")
        seen.append([ask(lke, "DescribeTokenUsageGraph", **DAY)["Total"], tokens(lke, **WEEK)])
    assert seen[0] == seen[1]


def test_concurrency_is_told_against_its_quota(emulator: Control, lke: LkeClient) -> None:
    usage = ask(lke, "DescribeConcurrencyUsage", ModelName="cs-normal-70b", **DAY)
    graph = ask(lke, "DescribeConcurrencyUsageGraph", ModelName="cs-normal-70b", **DAY)
    assert len(graph["X"]) == len(graph["AvailableY"]) == len(graph["SuccessCallY"]) > 0
    assert set(graph["AvailableY"]) == {usage["AvailableConcurrency"]}
    assert max(graph["SuccessCallY"]) == usage["ConcurrencyPeak"] <= usage["AvailableConcurrency"]


def test_real_calls_in_flight_are_told_and_so_is_the_one_too_many(emulator: Control, lke: LkeClient) -> None:
    account = emulator.load(FOUR_PLACES).accounts["100000000001"]
    now = account.clock.now()
    for _ in range(4):
        account.concurrency.enter("deepseek-v3.2", now)
    with pytest.raises(Unserved):
        account.concurrency.enter("deepseek-v3.2", now)
    usage = ask(lke, "DescribeConcurrencyUsage", ModelName="deepseek-v3.2")
    assert (usage["AvailableConcurrency"], usage["ConcurrencyPeak"], usage["ExceedUsageTime"]) == (4, 4, 1)
    graph = ask(lke, "DescribeConcurrencyUsageGraph", ModelName="deepseek-v3.2")
    assert (graph["AvailableY"], graph["SuccessCallY"]) == ([4], [4])


FOUR_PLACES = """
accounts:
  - uin: 100000000001
    clock: { frozen_at: 2026-01-05 12:00 }
    credentials: [{ secret_id: AKIDlocal, secret_key: local-secret-key }]
    models: [{ name: deepseek-v3.2, concurrency: 4 }]
"""


def test_concurrency_of_a_model_that_nobody_calls_is_three_empty_lists(lke: LkeClient) -> None:
    graph = ask(lke, "DescribeConcurrencyUsageGraph", ModelName="nobody", **DAY)
    assert graph["X"] == graph["AvailableY"] == graph["SuccessCallY"] == []


def test_a_burst_exceeds_the_quota_while_it_lasts(emulator: Control, lke: LkeClient) -> None:
    """The flash sale of the scenario: ten minutes from 2025-11-11 20:00 at UTC+8."""
    emulator.load("burst")
    eve = {"StatStartTime": 1762862400, "StatEndTime": 1762865999}
    usage = ask(lke, "DescribeConcurrencyUsage", ModelName="cs-normal-70b", **eve)
    assert usage["ExceedUsageTime"] == 2
    assert usage["ConcurrencyPeak"] == usage["AvailableConcurrency"]


def test_the_capacity_pie_adds_up_to_the_whole(emulator: Control, lke: LkeClient) -> None:
    pie = ask(lke, "DescribeKnowledgeUsagePieGraph")
    knowledge = ask(lke, "DescribeKnowledgeUsage")
    assert sum(int(row["UsedCharSize"]) for row in pie["List"]) == int(pie["AvailableCharSize"])
    assert sum(row["Proportion"] for row in pie["List"]) == pytest.approx(1)
    assert pie["List"][0]["AppName"] == "未使用"
    used = [int(row["UsedCharSize"]) for row in pie["List"][1:]]
    assert used == sorted(used, reverse=True)
    assert sum(used) == int(knowledge["UsedCharSize"])
    rows = ask(lke, "ListAppKnowledgeDetail", PageNumber=1, PageSize=10)
    assert rows["Total"] == len(rows["List"]) == len(used)
    assert sum(int(row["ExceedCharSize"]) for row in rows["List"]) == int(knowledge["ExceedCharSize"])


def test_answer_counts_add_up_to_the_messages(emulator: Control, lke: LkeClient) -> None:
    week = {"StartTime": WEEK["StatStartTime"], "EndTime": WEEK["StatEndTime"]}
    counts = ask(lke, "GetAnswerTypeDataCount", **week)
    parts = [value for name, value in counts.items() if name.endswith("Count")]
    assert len(parts) == 9
    assert (
        sum(parts)
        == counts["Total"]
        == ask(lke, "DescribeTokenUsage", **WEEK, SubBizType="KnowledgeQA")["ApiCallStats"]
    )


def test_likes_and_dislikes_add_up_to_the_appraisals(emulator: Control, lke: LkeClient) -> None:
    week = {"StartTime": WEEK["StatStartTime"], "EndTime": WEEK["StatEndTime"]}
    likes = ask(lke, "GetLikeDataCount", **week, Type=1)
    assert likes["LikeTotal"] + likes["DislikeTotal"] == likes["AppraisalTotal"] > 0
    assert likes["LikeRate"] == round(likes["LikeTotal"] / likes["AppraisalTotal"], 2)
    assert likes["DislikeRate"] == round(likes["DislikeTotal"] / likes["AppraisalTotal"], 2)
    assert likes["ParticipationRate"] == round(likes["AppraisalTotal"] / likes["Total"], 2)


@pytest.mark.parametrize(("action", "kind"), [("GetLikeDataCount", 3), ("GetAnswerTypeDataCount", 9)])
def test_an_unknown_message_source_is_refused(lke: LkeClient, refusal: Any, action: str, kind: int) -> None:
    params = {"StartTime": 1, "EndTime": 2, "Type": kind}
    assert refusal(lke.call_json, action, params).get_code() == "InvalidParameterValue"
