"""What the statistics of lke have to agree on, in any scenario: asked by the official SDK, over a socket."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.conftest import Control, Target

DAY = 86_400
MIDNIGHT = 1758988800
"""2025-09-28 00:00 at UTC+8: where the range of the documented example begins (TU-35)."""
NOW = MIDNIGHT + 10 * DAY
MODELS = ("cs-normal-70b", "cs-normal")
APPS = {"1801": "default_space", "1802": "lab", "1803": ""}
TYPES = {"1801": "knowledge_qa", "1802": "knowledge_qa", "1803": "shared_knowledge"}
UINS = ("100000000001", "100000000011", "100000000012")
SPACES = ("default_space", "lab")
TOKENS = {"Total": "TotalTokenUsage", "Input": "InputTokenUsage", "Output": "OutputTokenUsage"}
FIGURES = (*TOKENS.values(), "ApiCallStats", "SearchUsage", "PageUsage", "SplitTokenUsage", "RagSearchUsage")

laws = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

moments = st.integers(MIDNIGHT - 3 * DAY, NOW + DAY)
busy = st.one_of(st.integers(20, 300), st.integers(20, 300), st.floats(0, 3))
beginnings = st.integers(MIDNIGHT - 3 * DAY, MIDNIGHT + 3 * DAY)
per_call = st.fixed_dictionaries(
    {"input_tokens": st.floats(1, 900), "output_tokens": st.integers(0, 90)},
    optional={"pages": st.integers(0, 9), "rag_searches": st.floats(0, 2), "internet_searches": st.integers(0, 2)},
)
amounts = st.fixed_dictionaries(
    {"calls": st.integers(1, 30), "input_tokens": st.integers(1, 9000), "output_tokens": st.integers(0, 900)},
    optional={"split_tokens": st.integers(0, 90), "rag_searches": st.integers(0, 9)},
)
line = {
    "app": st.sampled_from([*APPS]),
    "model": st.sampled_from(MODELS),
    "sub_account": st.sampled_from(UINS[1:]),
    "sub_biz_type": st.sampled_from(["KnowledgeQA", "KnowledgeSummary", "Rewrite"]),
}
lines = {**line, "app": st.sampled_from([*APPS, "all"]), "model": st.sampled_from([*MODELS, "all"])}
generated = st.fixed_dictionaries(
    {
        **lines,
        "kind": st.just("generated"),
        "since": beginnings,
        "calls_a_day": busy,
        "per_call": per_call,
    },
    optional={"rhythm": st.sampled_from(["office", "night"]), "growth_a_day": st.sampled_from([-0.1, 0.2])},
)
totals = st.fixed_dictionaries(
    {**line, "kind": st.just("total"), "since": beginnings, "until": st.just(NOW + 2 * DAY), "amounts": amounts}
)
points = st.fixed_dictionaries(
    {
        **line,
        "kind": st.just("points"),
        "points": st.lists(st.builds(lambda at, used: {"at": at, **used}, moments, amounts), min_size=1, max_size=5),
    }
)
usages = st.lists(st.one_of(generated, generated, totals, points), min_size=1, max_size=4)


class Asked(NamedTuple):
    """A range, and members of the request that filter."""

    start: int
    end: int
    filters: dict[str, Any]

    def params(self, **more: Any) -> dict[str, Any]:
        return {"StatStartTime": self.start, "StatEndTime": self.end, **self.filters, **more}


days = st.builds(lambda first, count: (MIDNIGHT + first * DAY, count * DAY), st.integers(2, 7), st.integers(1, 9))
ranges = st.one_of(
    days.map(lambda span: (span[0], sum(span) - 1)),
    days.map(lambda span: (span[0] - 12345, sum(span) - 6789)),
    st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair))),
)
one_filter = st.sampled_from(
    [
        {},
        {},
        {},
        {"ModelName": MODELS[0]},
        {"ModelName": MODELS[1]},
        {"ModelName": "unknown"},
        {"AppBizIds": []},
        {"AppBizIds": ["1801"]},
        {"AppBizIds": ["1802", "1803"]},
        {"UinAccount": [UINS[1]]},
        {"UinAccount": ["uin:" + UINS[2]]},
        {"SubBizType": "knowledgeqa"},
        {"SubBizType": "KonwledgeQA"},
        {"SubBizType": "Rewrite"},
        {"AppType": "knowledge_qa"},
        {"AppType": "shared_knowlege"},
    ]
)
filters = st.one_of(one_filter, st.builds(lambda one, other: one | other, one_filter, one_filter))
questions = st.builds(lambda span, members: Asked(span[0], span[1], members), ranges, filters)


def scenario(usage: list[dict[str, Any]]) -> str:
    account = {
        "uin": UINS[0],
        "clock": {"frozen_at": NOW},
        "rate_limit": 0,
        "credentials": [{"secret_id": "AKIDlocal", "secret_key": "local-secret-key"}],
        "sub_accounts": [{"uin": uin, "name": uin} for uin in UINS[1:]],
        "spaces": [{"id": space, "name": space} for space in SPACES],
        "apps": [
            {"biz_id": app, "name": app, "type": TYPES[app]} | ({"space": space} if space else {})
            for app, space in APPS.items()
        ],
        "models": [{"name": name} for name in MODELS],
        "usage": usage,
    }
    return json.dumps({"seed": 3, "accounts": [account]}, indent=1)


class Cloud:
    """Answers of an emulator that serves one scenario."""

    def __init__(self, target: Target) -> None:
        self._client = target.client()

    def __call__(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        response: dict[str, Any] = self._client.call_json(action, params)["Response"]
        del response["RequestId"]
        return response

    def usage(self, asked: Asked, **more: Any) -> dict[str, int]:
        return self("DescribeTokenUsage", asked.params(**more))

    def details(self, asked: Asked, size: int = 1000, **more: Any) -> Iterator[dict[str, Any]]:
        """The rows of every page, in order."""
        number = 0
        while True:
            number += 1
            page = self("ListUsageCallDetail", asked.params(PageNumber=number, PageSize=size, **more))
            yield from page["List"]
            if number * size >= page["Total"]:
                return


@pytest.fixture
def cloud(emulator: Control, target: Target) -> Cloud:
    return Cloud(target)


def by_x(stats: list[dict[str, Any]]) -> dict[str, float]:
    joined = {stat["X"]: stat["Y"] for stat in stats}
    assert len(joined) == len(stats)
    return joined


@laws
@given(usages, questions)
def test_the_token_graph_adds_up_to_the_token_usage(
    emulator: Control, cloud: Cloud, usage: list[dict[str, Any]], asked: Asked
) -> None:
    """TG-27, TG-29, TU-37 and TU-44."""
    emulator.load(scenario(usage))
    figures, graph = cloud.usage(asked), cloud("DescribeTokenUsageGraph", asked.params())
    series = {member: by_x(graph[member]) for member in TOKENS}
    assert series["Total"].keys() == series["Input"].keys() == series["Output"].keys()
    assert all(y == series["Input"][x] + series["Output"][x] for x, y in series["Total"].items())
    assert {TOKENS[member]: sum(points.values()) for member, points in series.items()} == {
        member: figures[member] for member in TOKENS.values()
    }
    assert figures["TotalTokenUsage"] == figures["InputTokenUsage"] + figures["OutputTokenUsage"]


@laws
@given(usages, questions)
def test_the_call_and_search_graphs_add_up_to_the_usage(
    emulator: Control, cloud: Cloud, usage: list[dict[str, Any]], asked: Asked
) -> None:
    emulator.load(scenario(usage))
    figures = cloud.usage(asked)
    assert sum(by_x(cloud("DescribeCallStatsGraph", asked.params())["List"]).values()) == figures["ApiCallStats"]
    plain = Asked(asked.start, asked.end, {name: asked.filters[name] for name in asked.filters if name != "AppType"})
    searches = by_x(cloud("DescribeSearchStatsGraph", plain.params())["List"])
    figures = cloud.usage(plain)
    assert sum(searches.values()) == figures["SearchUsage"]
    assert figures["SearchUsage"] == figures["RagSearchUsage"] + figures["InternetSearchUsage"]


@laws
@given(usages, days, st.sampled_from(MODELS), st.sampled_from([7, 100, 1000]))
def test_the_call_details_add_up_to_the_usage_page_by_page(
    emulator: Control, cloud: Cloud, usage: list[dict[str, Any]], span: tuple[int, int], model: str, size: int
) -> None:
    emulator.load(scenario(usage))
    asked = Asked(span[0], span[0] + 2 * DAY - 1, {"ModelName": model})
    figures = cloud.usage(asked)
    rows = list(cloud.details(asked, max(size, -(-figures["ApiCallStats"] // 20))))
    assert len(rows) == figures["ApiCallStats"]
    assert len({row["Id"] for row in rows}) == len(rows)
    times = [int(row["CallTime"]) for row in rows]
    assert times == sorted(times, reverse=True)
    assert all(asked.start <= time <= min(asked.end, NOW) for time in times)
    assert all(row["TotalTokenUsage"] == row["InputTokenUsage"] + row["OutputTokenUsage"] for row in rows)
    for member in ("TotalTokenUsage", "InputTokenUsage", "OutputTokenUsage", "SearchUsage", "PageUsage"):
        assert sum(row[member] for row in rows) == figures[member]


@laws
@given(usages, questions)
def test_models_apps_sub_accounts_and_spaces_each_partition_the_usage(
    emulator: Control, cloud: Cloud, usage: list[dict[str, Any]], asked: Asked
) -> None:
    emulator.load(scenario(usage))
    asked = Asked(asked.start, asked.end, {name: asked.filters[name] for name in asked.filters if name == "SubBizType"})
    whole = cloud.usage(asked)
    partitions: list[list[dict[str, Any]]] = [
        [{"ModelName": name} for name in MODELS],
        [{"AppBizIds": [app]} for app in APPS],
        [{"UinAccount": [uin]} for uin in UINS[1:]],
        [{"AppType": "knowledge_qa"}, {"AppType": "shared_knowledge"}],
        [*({"SpaceId": space} for space in SPACES), {"AppBizIds": ["1803"]}],
    ]
    for parts in partitions:
        answers = [cloud.usage(asked, **part) for part in parts]
        assert {member: sum(answer[member] for answer in answers) for member in FIGURES} == {
            member: whole[member] for member in FIGURES
        }


@laws
@given(usages, questions, st.integers(0, 2**40))
def test_adjoining_ranges_add_up(
    emulator: Control, cloud: Cloud, usage: list[dict[str, Any]], asked: Asked, at: int
) -> None:
    emulator.load(scenario(usage))
    middle = asked.start + at % (asked.end - asked.start + 1)
    whole, left = cloud.usage(asked), cloud.usage(Asked(asked.start, middle, asked.filters))
    if middle == asked.end:
        assert left == whole
    else:
        right = cloud.usage(Asked(middle + 1, asked.end, asked.filters))
        assert {member: left[member] + right[member] for member in FIGURES} == {
            member: whole[member] for member in FIGURES
        }


@laws
@given(usages, questions)
def test_the_same_question_gets_the_same_answer_also_after_a_restart(
    emulator: Control, cloud: Cloud, usage: list[dict[str, Any]], asked: Asked
) -> None:
    model = asked.filters.get("ModelName", MODELS[0])
    details = {
        "PageNumber": 1,
        "PageSize": 50,
        "StatStartTime": asked.start,
        "StatEndTime": asked.end,
        "ModelName": model,
    }

    def answers() -> list[dict[str, Any]]:
        graphs = [cloud(action, asked.params()) for action in ("DescribeTokenUsageGraph", "DescribeCallStatsGraph")]
        return [*graphs, cloud.usage(asked), cloud("ListUsageCallDetail", details)]

    emulator.load(scenario(usage))
    first = answers()
    assert answers() == first
    emulator.load(scenario(usage))
    assert answers() == first


@laws
@given(usages, filters, st.sampled_from([(1, 12, 5), (7, 10, 0), (30, 8, 0)]))
def test_labels_are_as_long_as_the_range_asks_and_lie_in_it(
    emulator: Control,
    cloud: Cloud,
    usage: list[dict[str, Any]],
    members: dict[str, Any],
    form: tuple[int, int, int],
) -> None:
    """Five minutes up to a day, hours up to seven, else days; the widths and the label's edge are assumptions."""
    emulator.load(scenario(usage))
    days, digits, step = form
    graph = cloud("DescribeCallStatsGraph", Asked(MIDNIGHT, MIDNIGHT + days * DAY - 1, members).params())["List"]
    labels = by_x(graph)
    assert all(len(x) == digits and x.isdecimal() for x in labels)
    assert not step or all(int(x) % step == 0 for x in labels)
    assert all("20250928" <= x[:8] <= "20251008" for x in labels)
    assert all(y > 0 for y in labels.values())


@laws
@given(usages)
def test_usage_to_come_is_not_told(emulator: Control, cloud: Cloud, usage: list[dict[str, Any]]) -> None:
    emulator.load(scenario(usage))
    assert not any(cloud.usage(Asked(NOW + 1, NOW + 9 * DAY, {})).values())
    assert cloud.usage(Asked(MIDNIGHT, NOW + 9 * DAY, {})) == cloud.usage(Asked(MIDNIGHT, NOW, {}))


@laws
@given(usages, questions)
def test_the_concurrency_peak_is_the_highest_point_of_its_graph(
    emulator: Control, cloud: Cloud, usage: list[dict[str, Any]], asked: Asked
) -> None:
    emulator.load(scenario(usage))
    params = {"StatStartTime": asked.start, "StatEndTime": asked.end, "ModelName": MODELS[0]}
    peak, graph = cloud("DescribeConcurrencyUsage", params), cloud("DescribeConcurrencyUsageGraph", params)
    assert len(graph["X"]) == len(graph["AvailableY"]) == len(graph["SuccessCallY"]) == len(set(graph["X"]))
    assert peak["ConcurrencyPeak"] == max(graph["SuccessCallY"], default=0)
    assert all(found <= places for found, places in zip(graph["SuccessCallY"], graph["AvailableY"], strict=True))


ONE_POINT = {
    "kind": "points",
    "app": "1803",
    "model": "cs-normal",
    "sub_account": UINS[1],
    "sub_biz_type": "KnowledgeQA",
}


def test_the_end_of_a_range_is_included(emulator: Control, cloud: Cloud) -> None:
    """TU-40."""
    emulator.load(scenario([{**ONE_POINT, "points": [{"at": MIDNIGHT + DAY - 1, "calls": 1, "input_tokens": 5}]}]))
    assert cloud.usage(Asked(MIDNIGHT, MIDNIGHT + DAY - 1, {}))["InputTokenUsage"] == 5
    assert cloud.usage(Asked(MIDNIGHT, MIDNIGHT + DAY - 2, {}))["InputTokenUsage"] == 0
    assert cloud.usage(Asked(MIDNIGHT + DAY - 1, MIDNIGHT + DAY - 1, {}))["InputTokenUsage"] == 5


def test_both_pairs_of_times_are_honoured(emulator: Control, cloud: Cloud) -> None:
    """TU-39: one as strings, one as integers."""
    emulator.load(scenario([{**ONE_POINT, "points": [{"at": MIDNIGHT + 60, "calls": 1, "input_tokens": 5}]}]))
    strings = {"StartTime": str(MIDNIGHT), "EndTime": str(MIDNIGHT + DAY - 1)}
    whole = {"StatStartTime": MIDNIGHT, "StatEndTime": MIDNIGHT + DAY - 1}
    elsewhere = {"StartTime": str(MIDNIGHT + DAY), "EndTime": str(MIDNIGHT + 2 * DAY)}
    for times in (strings, whole, strings | whole, elsewhere | whole, {}):
        assert cloud("DescribeTokenUsage", times)["InputTokenUsage"] == 5
    assert cloud("DescribeTokenUsage", elsewhere)["InputTokenUsage"] == 0


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"UinAccount": [], "AppBizIds": [], "SubScenes": []}, 1),
        ({"UinAccount": [UINS[1]]}, 1),
        ({"UinAccount": ["uin:" + UINS[1]]}, 1),
        ({"UinAccount": [UINS[0]]}, 1),
        ({"UinAccount": [UINS[2]]}, 0),
        ({"SubBizType": "knowledgeqa"}, 1),
        ({"SubBizType": "KonwledgeQA"}, 1),
        ({"SubBizType": "FileParse"}, 0),
        ({"SubBizType": "NoSuchType"}, 0),
        ({"AppType": "shared_knowledge"}, 1),
        ({"AppType": "shared_knowlege"}, 1),
        ({"AppType": "knowledge_qa"}, 0),
        ({"AppBizIds": ["1801", "1803"]}, 1),
        ({"AppBizIds": ["1801"]}, 0),
        ({"SpaceId": "lab"}, 0),
        ({"ModelName": "hunyuan"}, 0),
    ],
    ids=str,
)
def test_a_filter_takes_every_documented_form(
    emulator: Control, cloud: Cloud, members: dict[str, Any], found: int
) -> None:
    """TU-20, TU-38 and the forms that examples show; the root's uin stands for the whole account (assumption)."""
    emulator.load(scenario([{**ONE_POINT, "points": [{"at": MIDNIGHT, "calls": 1, "input_tokens": 5}]}]))
    assert cloud.usage(Asked(MIDNIGHT, NOW, {}), **members)["ApiCallStats"] == found


def test_an_account_without_usage_has_zeros_and_empty_lists(emulator: Control, cloud: Cloud) -> None:
    """TU-34; the graphs are empty in the documented examples, not filled with zeros."""
    emulator.load(scenario([]))
    asked = Asked(MIDNIGHT, NOW, {"ModelName": MODELS[0]})
    figures = cloud.usage(asked)
    assert len(figures) == 11
    assert not any(figures.values())
    assert cloud("DescribeTokenUsageGraph", asked.params()) == {"Total": [], "Input": [], "Output": []}
    assert cloud("DescribeSearchStatsGraph", asked.params()) == {"List": []}
    assert cloud("DescribeConcurrencyUsageGraph", asked.params()) == {"X": [], "AvailableY": [], "SuccessCallY": []}
    assert cloud("ListUsageCallDetail", asked.params(PageNumber=1, PageSize=10)) == {"Total": 0, "List": []}
