"""What the shipped scenarios promise, through the official SDK where a client can see it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openai import AuthenticationError, OpenAI
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.conftest import Control, Target
from lke_emulator.scenario.load import load, shipped
from lke_emulator.usage.filter import Filter

ROOT = Path(__file__).parents[2]
NOON = 1759032000
"""2025-09-28 12:00 at +08:00, a Sunday."""
MIDNIGHT = NOON - 12 * 3600
DAY = 86400
EVERYTHING = Filter()


def test_every_shipped_scenario_loads_by_name() -> None:
    stories = {"burst", "default", "documented-examples", "empty", "many-tenants", "quiet-weekend", "running-dry"}
    assert stories <= set(shipped())
    for name in shipped():
        assert load(name).scenario == name


def test_a_world_serialises_so_it_holds_plain_text_only() -> None:
    account = next(iter(load("default").accounts.values()))
    records = [account.sub_accounts, account.spaces, account.apps.saved(), account.models, account.messages]
    assert json.loads(msgspec.json.encode(records))[0]["100000000011"]["name"] == "web-shop"


def test_default_serves_without_faker() -> None:
    code = "import sys; from lke_emulator.scenario.load import load; load('default'); sys.exit('faker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_default_is_a_company_with_ninety_days_of_office_hours_that_goes_on() -> None:
    world = load("default", now=NOON)
    assert world.first_credential.secret_id == "AKIDlocal"
    account = world.accounts["100000000001"]
    assert (len(account.apps), len(account.sub_accounts)) == (2, 3)
    assert {"cs-normal-70b", "cs-normal", "hunyuan"} <= set(account.models)
    day = [account.ledger.totals(EVERYTHING, MIDNIGHT - d * DAY, MIDNIGHT - (d - 1) * DAY) for d in range(92)]
    assert day[90].calls > 0
    assert day[91].calls == 0
    assert sum(each.total for each in day[2:7]) > 8 * day[1].total  # five working days, and the Saturday after them
    kinds = account.ledger.breakdown(EVERYTHING, MIDNIGHT - 7 * DAY, MIDNIGHT, "sub_biz_type")
    assert {"KnowledgeQA", "SearchEngine", "FileParse", "Embedding", "Rewrite"} <= kinds.keys()
    assert account.ledger.totals(EVERYTHING, NOON, NOON + 30 * DAY).calls > 0


ROOT_KEY = "sk-localRootKeyOfLkeEmulatorOpensNothingOutsideOfIt"
"""As docs/sdks.md shows it."""
SHOP_KEY = "sk-localShopKeyOfLkeEmulatorOpensNothingOutsideOfIt"


@pytest.mark.parametrize(("secret", "owner"), [(ROOT_KEY, "100000000001"), (SHOP_KEY, "100000000011")])
def test_default_can_be_called_at_once_with_the_documented_keys(emulator: Control, secret: str, owner: str) -> None:
    assert ROOT_KEY in (ROOT / "docs" / "sdks.md").read_text("utf-8")
    before = calls_of(emulator, owner)
    with OpenAI(base_url=f"{emulator.url}/v1", api_key=secret, max_retries=0) as client:
        for model in ("deepseek-v3.2", "deepseek-r1", "gpt-4o"):
            reply = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hello"}])
            assert reply.choices[0].message.content
        assert client.embeddings.create(model="text-embedding-3-small", input="Hello").data
        assert client.images.generate(model="dall-e-3", prompt="A harbour").data
    assert calls_of(emulator, owner) - before == 5


def calls_of(emulator: Control, owner: str) -> int:
    """Metered with an API key of the owner."""
    account = emulator.world.accounts["100000000001"]
    now = int(account.clock.now()) + 1
    return sum(account.ledger.totals(Filter(key=key.id), 0, now).calls for key in account.keys.all(owner))


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("ChatCompletions", {"Model": "deepseek-v3", "Messages": [{"Role": "user", "Content": "Hello"}]}),
        ("GetEmbedding", {"Model": "lke-text-embedding-v1", "Inputs": ["Hello"]}),
        ("QueryRewrite", {"Messages": [{"Role": "user", "Content": "Hello"}], "Model": "lke-query-rewrite-base"}),
        ("RunRerank", {"Query": "Hello", "Docs": ["Hello", "Goodbye"], "Model": "lke-reranker-base"}),
        ("CreateReconstructDocumentFlow", {"FileType": "PDF", "FileUrl": "https://example.com/a.pdf"}),
        ("CreateSplitDocumentFlow", {"FileType": "PDF", "FileUrl": "https://example.com/a.pdf"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_default_pays_for_every_signed_action(
    emulator: Control, lkeap: Any, action: str, params: dict[str, Any]
) -> None:
    assert lkeap.call_json(action, params)["Response"]["RequestId"]


@pytest.mark.parametrize("day", range(0, 28, 5))
def test_the_resources_of_default_look_like_those_of_its_age_on_any_day(day: int) -> None:
    account = load("default", now=NOON + day * DAY + 3600 * day).accounts["100000000001"]
    billing, now = account.billing, account.clock.now()
    packages = {row.name: row for row in billing.resources.list(now, statuses=())}
    trial, chats = packages["Trial for chats"], packages["Chat tokens"]
    assert (trial.source, trial.status, chats.source, chats.used) == ("trial", "available", "purchased", 0)
    assert 0.5 < trial.used / trial.total < 0.9
    assert {row.status for row in packages.values()} == {"available", "exhausted", "expired"}
    assert {row.kind for row in packages.values()} >= {"tokens", "searches", "pages"}
    assert billing.waived == {}  # nothing was used that nobody paid for
    assert billing.wallet(now).balance > 0
    assert sum(charge for _, charge in billing.spending(now, "day")) > 0
    notices = billing.notices(now)
    assert [notice.time for notice in notices] == sorted(notice.time for notice in notices)
    assert {(notice.sender, notice.event) for notice in notices} >= {
        ("cloud", "remaining"),
        ("cloud", "expiring"),
        ("console", "nearly-exhausted"),
        ("console", "exhausted"),
        ("console", "expired"),
    }


def test_many_tenants_have_a_thousand_million_calls_in_five_hundred_lines() -> None:
    account = load("many-tenants", now=NOON).accounts["100000000001"]
    assert len(account.ledger.select(EVERYTHING)) == 500
    year = account.ledger.totals(EVERYTHING, MIDNIGHT - 365 * DAY, MIDNIGHT)
    assert year.calls == pytest.approx(10**9, rel=0.01)


def test_an_empty_account_has_nothing_to_pay_with(
    emulator: Control, lkeap: Any, refusal: Callable[..., TencentCloudSDKException]
) -> None:
    emulator.load("empty")
    asked = {"Model": "deepseek-v3", "Messages": [{"Role": "user", "Content": "Hello"}]}
    assert refusal(lkeap.call_json, "ChatCompletions", asked).code == "ResourceUnavailable.ResourcePackageRunOut"
    client = OpenAI(base_url=f"{emulator.url}/v1", api_key=ROOT_KEY, max_retries=0)
    with client, pytest.raises(AuthenticationError):
        client.models.list()


def test_an_empty_account_answers_zeros_and_empty_lists(emulator: Control, target: Target) -> None:
    emulator.load("empty")
    lke = target.client()
    usage = lke.call_json("DescribeTokenUsage", {})["Response"]
    del usage["RequestId"]
    assert set(usage.values()) == {0}
    graph = lke.call_json("DescribeTokenUsageGraph", {})["Response"]
    assert [graph[name] for name in ("Total", "Input", "Output")] == [[], [], []]


SUNDAY = {"StatStartTime": 1758988800, "StatEndTime": 1759075199}


def test_on_a_quiet_weekend_only_the_last_second_has_a_call(emulator: Control, target: Target) -> None:
    emulator.load("quiet-weekend")
    lke = target.client()
    saturday = {"StatStartTime": 1758988800 - DAY, "StatEndTime": 1758988799}
    assert lke.call_json("DescribeTokenUsage", saturday)["Response"]["ApiCallStats"] == 0
    assert lke.call_json("DescribeTokenUsage", SUNDAY)["Response"]["ApiCallStats"] == 1
    assert lke.call_json("DescribeTokenUsageGraph", saturday)["Response"]["Total"] == []
    friday = {"StatStartTime": 1758988800 - 2 * DAY, "StatEndTime": 1758988799 - DAY}
    assert lke.call_json("DescribeTokenUsage", friday)["Response"]["ApiCallStats"] > 300


def test_a_burst_is_more_than_the_concurrency_and_is_followed_by_nothing(emulator: Control, target: Target) -> None:
    emulator.load("burst")
    lke = target.client()
    begin = 1762862400  # 2025-11-11 20:00 +08:00

    def calls(minutes: range) -> int:
        params = {"StatStartTime": begin + 60 * minutes.start, "StatEndTime": begin + 60 * minutes.stop - 1}
        count: int = lke.call_json("DescribeTokenUsage", params)["Response"]["ApiCallStats"]
        return count

    assert calls(range(10)) > 20 * calls(range(-10, 0))
    assert calls(range(10, 40)) == 0
    assert calls(range(40, 70)) > 0
    day = {"ModelName": "cs-normal-70b", "StatStartTime": begin - 20 * 3600, "StatEndTime": begin + 4 * 3600 - 1}
    peak = lke.call_json("DescribeConcurrencyUsage", day)["Response"]
    assert peak["ConcurrencyPeak"] == peak["AvailableConcurrency"]
    assert peak["ExceedUsageTime"] > 0


# The documented examples: requests and figures of the pages (TU-35, TG-24) and of the pinned tccli package

TU_35 = {
    "ModelName": "cs-normal-70b",
    "StartTime": "1758988800",
    "EndTime": "1759075199",
    "UinAccount": [],
    "AppBizIds": [],
    "SubScenes": [],
    "AppType": "knowledge_qa",
    "SpaceId": "default_space",
    **SUNDAY,
}


def documented(emulator: Control, target: Target, action: str, params: dict[str, Any]) -> dict[str, Any]:
    emulator.load("documented-examples")
    response: dict[str, Any] = target.client().call_json(action, params)["Response"]
    del response["RequestId"]
    return response


def test_the_documented_token_usage(emulator: Control, target: Target) -> None:
    assert documented(emulator, target, "DescribeTokenUsage", TU_35) == {
        "ApiCallStats": 4909,
        "DosageTypeCurr": 0,
        "DosageTypeLimit": 0,
        "InputTokenUsage": 3178475,
        "InternetSearchUsage": 0,
        "OutputTokenUsage": 439374,
        "PageUsage": 0,
        "RagSearchUsage": 0,
        "SearchUsage": 0,
        "SplitTokenUsage": 0,
        "TotalTokenUsage": 3617849,
    }


GRAPH = {
    "Total": {"0930": 14896, "0915": 694, "0945": 14968, "0935": 36641},
    "Input": {"0945": 14914, "0935": 36547, "0930": 14662, "0915": 268},
    "Output": {"0930": 234, "0915": 426, "0945": 54, "0935": 94},
}


def test_the_documented_graph_in_its_documented_order(emulator: Control, target: Target) -> None:
    asked = {"ModelName": "cs-normal", "StartTime": "1726070400", "EndTime": "1726156799"}
    assert documented(emulator, target, "DescribeTokenUsageGraph", asked) == {
        name: [{"X": f"20241119{time}", "Y": tokens} for time, tokens in points.items()]
        for name, points in GRAPH.items()
    }


def test_the_day_of_the_documented_graph_has_its_figures(emulator: Control, target: Target) -> None:
    asked = {"ModelName": "cs-normal", "StartTime": "1731945600", "EndTime": "1732031999"}
    graph = documented(emulator, target, "DescribeTokenUsageGraph", asked)
    assert {name: {point["X"][8:]: point["Y"] for point in points} for name, points in graph.items()} == GRAPH


CALLS = {
    "1730": 1078,
    "1710": 9,
    "1310": 1,
    "1155": 5,
    "1140": 5,
    "1120": 12,
    "1110": 8,
    "0030": 1,
    "1840": 16,
    "1805": 1,
}
CALLS |= {
    "1725": 1356,
    "1430": 4,
    "1210": 5,
    "1145": 9,
    "1130": 1,
    "1055": 5,
    "1915": 1,
    "1905": 3,
    "1900": 958,
    "1845": 827,
}
CALLS |= {"1200": 7, "1150": 5, "1030": 11}


def test_the_documented_call_graph_completed_to_the_documented_total(emulator: Control, target: Target) -> None:
    asked = {name: value for name, value in TU_35.items() if name != "SubScenes"}  # not the very example
    points = documented(emulator, target, "DescribeCallStatsGraph", asked)["List"]
    counts = {point["X"]: point["Y"] for point in points}
    assert counts.items() >= {f"20250928{time}": calls for time, calls in CALLS.items()}.items()
    assert sum(counts.values()) == 4909


def test_the_documented_call_details_but_for_their_ids(emulator: Control, target: Target) -> None:
    asked = TU_35 | {"CallType": "AllCallType", "PageNumber": 1, "PageSize": 2}
    rows = documented(emulator, target, "ListUsageCallDetail", asked)["List"]
    common = {
        "AppName": "jacobs-0926",
        "BillingTag": "null",
        "CallType": "对话调用-分享用户端对话",
        "ModelName": "youtu-mrc-pro",
        "SearchUsage": 0,
        "SubScene": "",
        "UinAccount": "700000963993",
        "OutputTokenUsage": 15,
    }
    figures = [
        {"CallTime": "1759057890", "InputTokenUsage": 168, "TotalTokenUsage": 183},
        {"CallTime": "1759057441", "InputTokenUsage": 145, "TotalTokenUsage": 160},
    ]
    for row, figure in zip(rows, figures, strict=True):
        assert row.items() >= (common | figure).items()


@pytest.mark.parametrize(
    ("action", "asked", "answer"),
    [
        (
            "DescribeSearchStatsGraph",
            {**SUNDAY, "ModelName": "cs-normal-70b", "SpaceId": "default_space"},
            {"List": []},
        ),
        (
            "DescribeConcurrencyUsage",
            {
                "AppBizIds": ["1812732010083385344"],
                "ModelName": "cs-normal-70b",
                "StartTime": "1724688000",
                "EndTime": "1724774400",
            },
            {"AvailableConcurrency": 0, "ConcurrencyPeak": 0, "ExceedUsageTime": 1},
        ),
        (
            "DescribeConcurrencyUsageGraph",
            {**SUNDAY, "ModelName": "lke-deepseek-r1-vip", "SpaceId": "default-space"},
            {"X": [], "AvailableY": [], "SuccessCallY": []},
        ),
        (
            "GetAnswerTypeDataCount",
            {
                "StartTime": 1716368386,
                "EndTime": 1716454119,
                "AppBizId": ["1747088166522585088", "1780116741678956544"],
                "Type": 4,
                "LoginUin": "600000562346",
                "LoginSubAccountUin": "600000562346",
            },
            {
                "Total": 127,
                "ModelReplyCount": 90,
                "TaskFlowCount": 18,
                "SearchEngineCount": 9,
                "UnknownIssuesCount": 10,
            },
        ),
        (
            "GetLikeDataCount",
            {"StartTime": 1715396806, "EndTime": 1716435550, "AppBizId": ["1", "1778345918658510848"], "Type": 1},
            {
                "Total": 4,
                "AppraisalTotal": 7,
                "ParticipationRate": 1.75,
                "LikeTotal": 3,
                "LikeRate": 0.43,
                "DislikeTotal": 4,
                "DislikeRate": 0.57,
            },
        ),
        ("DescribeKnowledgeUsage", {}, {"AvailableCharSize": "10000000", "ExceedCharSize": "0"}),
    ],
)
def test_other_documented_figures(
    emulator: Control, target: Target, action: str, asked: dict[str, Any], answer: dict[str, Any]
) -> None:
    assert documented(emulator, target, action, asked).items() >= answer.items()


def test_the_documented_pie(emulator: Control, target: Target) -> None:
    pie = documented(emulator, target, "DescribeKnowledgeUsagePieGraph", {})
    shares = [(row["AppName"], row["UsedCharSize"], row["Proportion"]) for row in pie["List"]][:4]
    assert shares == [
        ("未使用", "9953504", 0.9953504),
        ("智能客服", "16738", 0.0016738),
        ("测试下", "16717", 0.0016717),
        ("无情三刀", "13041", 0.0013041),
    ]


CANNED = """accounts:
  - uin: 1
    credentials: [{secret_id: AKIDlocal, secret_key: local-secret-key}]
    replies:
      - action: lke.DescribeTokenUsage
        match: {ModelName: x, AppBizIds: ["1"]}
        result: {PageUsage: 3}
      - action: lke.DescribeTokenUsage
        match: {ModelName: x}
        result: {PageUsage: 4}
      - action: lke.DescribeTokenUsage
        match: {ModelName: z}
        exact: true
        result: {PageUsage: 5}
"""


def test_a_canned_reply_is_given_only_for_what_it_matches(emulator: Control, target: Target) -> None:
    emulator.load(CANNED)
    lke = target.client()

    def pages(**params: Any) -> int:
        count: int = lke.call_json("DescribeTokenUsage", params)["Response"]["PageUsage"]
        return count

    assert pages(ModelName="x", AppBizIds=["1"], SpaceId="any") == 3
    assert pages(ModelName="x", AppBizIds=["2"]) == 4
    assert pages(ModelName="y", AppBizIds=["1"]) == 0
    assert pages(ModelName="z") == 5
    assert pages(ModelName="z", AppBizIds=["1"]) == 0
