"""Every answer of a ledger agrees with every other: totals, buckets, breakdowns, pages of calls, thresholds."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.usage.random_usage import DAY, NOON, filters, ledger_makers, moments, ranges
from lke_emulator.usage.amounts import NOTHING, Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import CallDetail, Ledger
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import literal, synthesised

MIDNIGHT = NOON - DAY // 2
ALL = Filter()

laws = settings(max_examples=30, deadline=None)
widths = st.sampled_from([300, 3600, DAY])


def added(parts: list[Amounts]) -> Amounts:
    return Amounts(*map(sum, zip(NOTHING, *parts, strict=True)))


def everything(ledger: Ledger, chosen: Filter, start: int, stop: int) -> list[CallDetail]:
    return ledger.calls(chosen, start, stop, 0, 1_000_000)


def of_line(**members: str) -> Ledger:
    """One call of 3 tokens in and 2 out, in one line."""
    return Ledger(0, [literal(Line(**members), [(NOON, Amounts(1, 3, 2))])])


@laws
@given(ledger_makers(), filters, ranges, widths)
def test_buckets_add_up_to_the_totals(
    make: Callable[[], Ledger], chosen: Filter, span: tuple[int, int], width: int
) -> None:
    buckets = make().graph(chosen, *span, width)
    assert added([bucket.amounts for bucket in buckets]) == make().totals(chosen, *span)
    assert all(bucket.amounts.calls > 0 for bucket in buckets)


@laws
@given(ledger_makers(), filters, ranges, widths)
def test_buckets_lie_in_order_on_the_grid_of_the_zone(
    make: Callable[[], Ledger], chosen: Filter, span: tuple[int, int], width: int
) -> None:
    ledger = make()
    starts = [bucket.start for bucket in ledger.graph(chosen, *span, width)]
    assert starts == sorted(set(starts))
    assert all((start + ledger.zone) % width == 0 and span[0] - width < start < span[1] for start in starts)


@laws
@given(ledger_makers(), filters, ranges, widths)
def test_calls_add_up_to_buckets_and_totals(
    make: Callable[[], Ledger], chosen: Filter, span: tuple[int, int], width: int
) -> None:
    ledger = make()
    calls = everything(ledger, chosen, *span)
    assert added([call.amounts for call in calls]) == ledger.totals(chosen, *span)
    assert all(call.amounts.calls == 1 and span[0] <= call.moment < span[1] for call in calls)
    for bucket in ledger.graph(chosen, *span, width):
        inside = [call.amounts for call in calls if bucket.start <= call.moment < bucket.start + width]
        assert added(inside) == bucket.amounts


@laws
@given(ledger_makers(), filters, ranges)
def test_total_is_input_plus_output_of_every_call_and_answer(
    make: Callable[[], Ledger], chosen: Filter, span: tuple[int, int]
) -> None:
    ledger = make()
    calls = everything(ledger, chosen, *span)
    totals = ledger.totals(chosen, *span)
    assert min(totals) >= 0
    assert all(min(call.amounts) >= 0 for call in calls)
    assert sum(call.amounts.total for call in calls) == totals.total == totals.input + totals.output
    assert sum(bucket.amounts.total for bucket in ledger.graph(chosen, *span, 3600)) == totals.total


@laws
@given(
    ledger_makers(), filters, ranges, st.sampled_from(["model", "app", "sub_account", "space", "key", "sub_biz_type"])
)
def test_the_parts_of_a_dimension_partition_the_totals(
    make: Callable[[], Ledger], chosen: Filter, span: tuple[int, int], dimension: str
) -> None:
    ledger = make()
    parts = ledger.breakdown(chosen, *span, dimension)
    assert added(list(parts.values())) == ledger.totals(chosen, *span)
    for value, amounts in parts.items():
        calls = everything(ledger, chosen, *span)
        assert added([call.amounts for call in calls if getattr(call.line, dimension) == value]) == amounts


@laws
@given(ledger_makers(), filters, moments, moments, moments)
def test_adjoining_ranges_add_up(make: Callable[[], Ledger], chosen: Filter, a: int, b: int, c: int) -> None:
    ledger = make()
    start, middle, stop = sorted((a, b, c))
    parts = [ledger.totals(chosen, start, middle), ledger.totals(chosen, middle, stop)]
    assert added(parts) == ledger.totals(chosen, start, stop)
    lists = everything(ledger, chosen, middle, stop) + everything(ledger, chosen, start, middle)
    assert lists == everything(ledger, chosen, start, stop)


@laws
@given(ledger_makers(), filters, ranges, st.integers(1, 60))
def test_pages_make_up_the_whole_list_newest_first(
    make: Callable[[], Ledger], chosen: Filter, span: tuple[int, int], size: int
) -> None:
    whole = everything(make(), chosen, *span)
    ledger = make()
    total = ledger.totals(chosen, *span).calls
    pages = [ledger.calls(chosen, *span, offset, size) for offset in range(0, total + size, size)]
    assert identities([call for page in pages for call in page]) == identities(whole)
    assert len(set(identities(whole))) == len(whole) == total
    assert [call.moment for call in whole] == sorted((call.moment for call in whole), reverse=True)


@laws
@given(ledger_makers(), filters, ranges, st.sampled_from(["calls", "total", "output", "search"]), st.data())
def test_a_threshold_is_met_in_the_first_second_that_reaches_it(
    make: Callable[[], Ledger], chosen: Filter, span: tuple[int, int], amount: str, data: st.DataObject
) -> None:
    start, stop = span
    consumed = getattr(make().totals(chosen, start, stop), amount)
    threshold = data.draw(st.integers(1, max(1, consumed + 2)))
    ledger = make()
    moment = ledger.moment_of(chosen, start, stop, amount, threshold)
    if moment is None:
        assert consumed < threshold
    else:
        assert start <= moment < stop
        until, through = ledger.totals(chosen, start, moment), ledger.totals(chosen, start, moment + 1)
        assert getattr(until, amount) < threshold <= getattr(through, amount)


class Question(NamedTuple):
    chosen: Filter
    start: int
    stop: int
    width: int

    def ask(self, ledger: Ledger) -> list[object]:
        page = ledger.calls(*self[:3], 3, 20)
        moment = ledger.moment_of(*self[:3], "total", 500)
        return [ledger.graph(*self), ledger.totals(*self[:3]), identities(page), moment]


questions = st.builds(lambda chosen, span, width: Question(chosen, span[0], span[1], width), filters, ranges, widths)


@laws
@given(ledger_makers(), st.lists(questions, min_size=1, max_size=6))
def test_the_same_question_has_the_same_answer_whatever_was_asked_before(
    make: Callable[[], Ledger], asked: list[Question]
) -> None:
    ledger = make()
    first = [question.ask(ledger) for question in asked]
    again = [question.ask(ledger) for question in reversed(asked)]
    assert first == again[::-1] == [question.ask(make()) for question in asked]


@laws
@given(ledger_makers(), questions, st.lists(st.tuples(moments, st.integers(0, 9)), min_size=1, max_size=8))
def test_a_recorded_call_is_seen_by_the_next_question(
    make: Callable[[], Ledger], question: Question, calls: list[tuple[int, int]]
) -> None:
    ledger = make()
    line = Line(key="of-this-test")
    for now, input in calls:
        before = ledger.totals(ALL, question.start, question.stop), ledger.graph(ALL, *question[1:])
        ledger.record(line, now, input=input)
        seen = question.start <= now < question.stop
        expected = added([before[0], Amounts(1, input)]) if seen else before[0]
        assert ledger.totals(ALL, question.start, question.stop) == expected
        graph = ledger.graph(ALL, *question[1:])
        assert added([bucket.amounts for bucket in graph]) == expected
        assert seen or graph == before[1]


def test_an_empty_filter_filters_nothing() -> None:
    """TU-38."""
    ledger = Ledger(0, [literal(Line(app=app), [(NOON, Amounts(1, 3, 2))]) for app in ("1", "2")])
    assert ledger.totals(Filter(sub_accounts=(), apps=(), sub_scenes=()), NOON, NOON + 1) == Amounts(2, 6, 4)


@pytest.mark.parametrize("written", ["fileparse", "FileParse", "FILEPARSE"])
def test_case_does_not_count_in_sub_biz_type(written: str) -> None:
    """TU-20: one page says `fileparse`, the other `FileParse`."""
    assert of_line(sub_biz_type="FileParse").totals(Filter(sub_biz_type=written), NOON, NOON + 1).calls == 1


@pytest.mark.parametrize("written", ["shared_knowledge", "shared_knowlege"])
@pytest.mark.parametrize("held", ["shared_knowledge", "shared_knowlege"])
def test_both_documented_spellings_of_the_shared_knowledge_base_mean_the_same(held: str, written: str) -> None:
    assert of_line(app_type=held).totals(Filter(app_type=written), NOON, NOON + 1).calls == 1


@pytest.mark.parametrize(
    "member", ["space", "app_type", "model", "sub_biz_type", "call_type", "key", "billing_tag", "api"]
)
def test_a_filter_takes_its_own_value_and_no_other(member: str) -> None:
    ledger = of_line(**{member: "this"})
    this, other = (msgspec.convert({member: value}, Filter) for value in ("this", "other"))
    assert ledger.totals(this, NOON, NOON + 1).calls == 1
    assert ledger.totals(other, NOON, NOON + 1) == NOTHING
    assert ledger.graph(other, NOON, NOON + 1, 300) == []


@pytest.mark.parametrize(
    ("member", "of"), [("sub_accounts", "sub_account"), ("apps", "app"), ("sub_scenes", "sub_scene")]
)
def test_a_list_filter_takes_any_of_its_values(member: str, of: str) -> None:
    ledger = Ledger(0, [literal(Line(**{of: value}), [(NOON, Amounts(1))]) for value in "abc"])
    assert ledger.totals(msgspec.convert({member: ["a", "c", "unknown"]}, Filter), NOON, NOON + 1).calls == 2


def test_a_million_calls_of_one_second_are_paged_without_opening_them_all() -> None:
    ledger = Ledger(0, [literal(Line(app=app), [(NOON, Amounts(1_000_000, 5_000_000))]) for app in ("1", "2")])
    page = ledger.calls(ALL, 0, NOON + DAY, 999_999, 3)
    assert [call.line.app for call in page] == ["2", "1", "1"]


def test_a_graph_without_a_beginning_costs_no_more_than_its_usage() -> None:
    ledger = of_line(app="1")
    assert [bucket.start for bucket in ledger.graph(ALL, 0, NOON + DAY, 300)] == [NOON]


def test_a_bucket_that_the_range_cuts_keeps_its_place_on_the_grid() -> None:
    series = synthesised(Line(), seed=1, zone=28800, since=MIDNIGHT, calls_a_day=86400, jitter=0)
    buckets = Ledger(28800, [series]).graph(ALL, MIDNIGHT + 100, MIDNIGHT + 700, 300)
    assert [(bucket.start - MIDNIGHT, bucket.amounts.calls) for bucket in buckets] == [(0, 200), (300, 300), (600, 100)]


def test_two_accounts_can_share_planned_series_and_meter_their_own() -> None:
    series = literal(Line(), [(NOON, Amounts(1))])
    one, two = Ledger(0, [series]), Ledger(0, [series])
    one.record(Line(key="k"), NOON)
    assert one.totals(ALL, NOON, NOON + 1).calls == 2
    assert two.totals(ALL, NOON, NOON + 1).calls == 1


def test_a_metered_call_keeps_its_line_and_id() -> None:
    ledger = Ledger(0)
    ledger.record(Line(key="k", api="ChatCompletions"), NOON, input=4, output=1, id="60c9")
    (call,) = ledger.calls(ALL, NOON, NOON + 1, 0, 10)
    assert (call.id, call.line.key, call.moment, call.amounts) == ("60c9", "k", NOON, Amounts(1, 4, 1))


def identities(calls: list[CallDetail]) -> list[tuple[int, int, Line]]:
    """What tells one call from another in two ledgers that were built alike."""
    return [(call.seed, call.moment, call.line) for call in calls]


def test_calls_of_two_series_that_are_alike_are_different_calls() -> None:
    twins = [literal(Line(app="1"), [(NOON, Amounts(2))]) for _ in range(2)]
    assert len(set(identities(everything(Ledger(0, twins), ALL, NOON, NOON + 1)))) == 4


def test_a_call_is_seen_by_every_question_already_asked_past_its_second() -> None:
    ledger = Ledger(0)

    def counts() -> list[int]:
        return [ledger.totals(ALL, 0, stop).calls for stop in (NOON, NOON + 1, NOON + 100)]

    ledger.record(Line(key="first"), NOON - 1)
    assert counts() == [1, 1, 1]
    ledger.record(Line(key="later"), NOON + 50)
    ledger.record(Line(key="its clock was set back"), NOON)
    assert counts() == [1, 2, 3]
