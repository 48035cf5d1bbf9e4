"""A series is two counters that never fall; these are their laws, for every kind of series."""

import tracemalloc
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.usage.random_usage import DAY, NOON, Maker, makers, moments, synthesised_makers, windows
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.line import Line
from lke_emulator.usage.metered import Metered
from lke_emulator.usage.series import Series, literal, repeating, spread, steady, synthesised

LINE = Line(app="1801", model="cs-normal-70b")
ZONE = 28800
MONDAY = 1758470400
"""2025-09-22 00:00 at UTC+8."""

laws = settings(max_examples=50, deadline=None)


def office(**changes: object) -> Series:
    """A series of an ordinary account, with some arguments changed."""
    plain: dict[str, object] = {"seed": 7, "zone": ZONE, "since": MONDAY, "calls_a_day": 5000, "input": 650.5}
    return synthesised(LINE, **{**plain, **changes})  # type: ignore[arg-type]


def calls_between(series: Series, start: int, stop: int) -> int:
    return series.calls_until(stop) - series.calls_until(start)


def amounts_of_call(series: Series, k: int) -> list[int]:
    return [after - before for before, after in zip(series.amounts_until(k), series.amounts_until(k + 1), strict=True)]


@laws
@given(makers, st.lists(moments, min_size=2, max_size=30))
def test_a_counter_starts_at_zero_and_never_falls(maker: Maker, times: list[int]) -> None:
    series = maker()
    counted = [series.calls_until(t) for t in [0, *sorted(times)]]
    assert counted[0] == 0
    assert counted == sorted(counted)
    assert not any(series.amounts_until(0))


@laws
@given(makers, moments, st.integers(0, 40))
def test_the_moment_of_a_call_is_the_inverse_of_the_counter(maker: Maker, t: int, further: int) -> None:
    series = maker()
    k = maker().calls_until(t) + further
    moment = series.moment(k)
    if moment is None:
        assert series.calls_until(NOON + 100_000 * DAY) <= k
    else:
        assert series.calls_until(moment) <= k < series.calls_until(moment + 1)
        assert series.first is not None
        assert moment >= series.first


@laws
@given(makers, st.lists(moments, min_size=1, max_size=20))
def test_many_moments_at_once_tell_the_same_as_one_by_one(maker: Maker, times: list[int]) -> None:
    times.sort()
    columns = dict(maker().columns(times))
    series = maker()
    for place, t in reversed(list(enumerate(times))):
        calls = series.calls_until(t)
        expected = (calls, *series.amounts_until(calls))
        assert [columns[member][place] if member in columns else 0 for member in range(7)] == list(expected)


@laws
@given(
    st.one_of(st.integers(0, 5000), st.floats(0, 50, allow_nan=False)),
    st.one_of(st.integers(0, 1), st.floats(0, 1, allow_nan=False)),
    st.integers(0, 2000),
)
def test_a_call_consumes_its_mean_within_the_spread(mean: float, share: float, k: int) -> None:
    series = office(input=mean, output=mean / 2, pages=mean / 3, spread=share)
    for amount, middle in zip(amounts_of_call(series, k), (mean, mean / 2, mean / 3), strict=False):
        assert floor(middle * (1 - share) - 1e-5) <= amount <= ceil(middle * (1 + share) + 1e-5)
        assert amount >= (1 if middle >= 1.000001 else 0)


def test_a_call_has_a_token_wherever_the_mean_is_one_or_more() -> None:
    for mean in (1, 1.5, 40):
        series = office(input=mean, spread=1)
        assert min(amounts_of_call(series, k)[0] for k in range(2000)) >= 1


@laws
@given(st.integers(1, 400), st.integers(0, 90_000), st.integers(0, 900), st.integers(0, 20), windows())
def test_a_spread_has_exactly_its_totals(
    calls: int, input: int, output: int, pages: int, some: list[tuple[int, int, float]]
) -> None:
    some = [(start, stop, factor) for start, stop, factor in some if stop < NOON + DAY]
    make = partial(spread, LINE, seed=3, zone=ZONE, start=NOON - DAY, stop=NOON + 2 * DAY, windows=some)
    series = make(calls=calls, input=input, output=output, pages=pages)
    assert series.calls_until(NOON + 2 * DAY) == series.calls_until(NOON + 900 * DAY) == calls
    assert series.amounts_until(calls) == (input, output, pages, 0, 0, 0)
    assert series.moment(calls) is None
    parts = [amounts_of_call(series, k) for k in range(calls)]
    assert min(map(min, parts)) >= 0
    assert input < calls or min(part[0] for part in parts) >= 1


@laws
@given(st.integers(0, 5), moments, moments, moments, moments)
def test_a_window_multiplies_its_calls_and_leaves_the_rest_alone(factor: int, a: int, b: int, c: int, d: int) -> None:
    start, stop, *_ = sorted((a, b))
    stop += 1
    plain, windowed = office(since=NOON - 4 * DAY), office(since=NOON - 4 * DAY, windows=[(start, stop, factor)])
    assert abs(calls_between(windowed, start, stop) - factor * calls_between(plain, start, stop)) <= factor + 1
    later, latest = sorted((stop + abs(c - a), stop + abs(d - a)))
    assert abs(calls_between(windowed, later, latest) - calls_between(plain, later, latest)) <= 1
    assert windowed.calls_until(start) == plain.calls_until(start)
    if factor == 0:
        assert calls_between(windowed, start, stop) <= 1


@laws
@given(synthesised_makers(growth=0, windows=()), moments, moments)
def test_figures_of_a_day_do_not_depend_on_when_the_series_began(maker: Maker, a: int, b: int) -> None:
    """Restarted a day later, a scenario of `90 days up to now` shows the days it showed before as they were."""
    early, late = partial(maker, since=min(a, b), until=None)(), partial(maker, since=max(a, b), until=None)()
    low, high = early.calls_until(max(a, b)), early.calls_until(max(a, b) + 3 * DAY)
    assert late.calls_until(max(a, b) + 3 * DAY) == high - low
    consumed = zip(early.amounts_until(low), early.amounts_until(high), strict=True)
    assert late.amounts_until(high - low) == tuple(after - before for before, after in consumed)


def test_a_gap_that_begins_right_after_a_call_does_not_take_it_along() -> None:
    gap = (MONDAY + 3600, MONDAY + 7200, 0)
    series = steady(LINE, seed=1, since=MONDAY, period=3600, calls=10, windows=[gap])
    assert series.moment(9) == MONDAY + 3600 - 1
    assert series.moment(10) == MONDAY + 7200 + 360


def test_a_window_that_opened_before_the_series_began_counts_from_the_beginning() -> None:
    late, early = ((MONDAY - days * DAY, MONDAY + 5 * DAY, 3) for days in (0, 40))
    plain, same = office(growth=0.5, windows=[late]), office(growth=0.5, windows=[early])
    calls = plain.calls_until(MONDAY + 9 * DAY)
    assert same.calls_until(MONDAY + 9 * DAY) == calls
    assert [same.moment(k) for k in range(0, calls, 997)] == [plain.moment(k) for k in range(0, calls, 997)]


def test_what_a_series_remembers_is_bounded() -> None:
    series = office()

    def ask(hours: range) -> None:
        for hour in hours:
            series.calls_until(MONDAY + 3600 * hour + 1)

    ask(range(24_000))
    tracemalloc.start()
    ask(range(24_000, 27_000))
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 100_000


def test_without_jitter_a_day_has_the_calls_that_its_weekday_and_growth_say() -> None:
    weekdays = (1, 1, 1, 1, 1, 0.5, 0)
    series = office(calls_a_day=5500, weekdays=weekdays, growth=0.01, jitter=0)
    for day in range(60):
        expected = 7000 * weekdays[day % 7] * (1 + 0.01 * day)
        assert abs(calls_between(series, MONDAY + day * DAY, MONDAY + (day + 1) * DAY) - expected) <= 1


def test_a_level_that_falls_comes_to_rest_at_zero() -> None:
    series = office(growth=-0.1, jitter=1)
    rest = MONDAY + 10 * DAY
    assert series.calls_until(rest) > 20_000
    assert calls_between(series, rest, rest + 400 * DAY) == 0
    assert series.moment(series.calls_until(rest)) is None


def test_a_moment_is_found_from_wherever_the_series_was_asked_last() -> None:
    growing = office(growth=0.5)
    growing.calls_until(MONDAY + 3000 * DAY + 5000)
    assert growing.moment(3) == office(growth=0.5).moment(3)


def test_nothing_happens_on_a_weekday_or_in_an_hour_of_weight_zero() -> None:
    series = office(weekdays=(1, 1, 1, 1, 1, 0, 0), hours=(0,) * 8 + (1,) * 12 + (0,) * 4, jitter=1)
    for week in range(4):
        saturday = MONDAY + (7 * week + 5) * DAY
        assert calls_between(series, saturday, saturday + 2 * DAY) == 0
        assert calls_between(series, saturday - DAY, saturday - DAY + 8 * 3600) == 0
        assert calls_between(series, saturday - DAY + 8 * 3600, saturday - DAY + 20 * 3600) > 0


def test_neighbouring_days_hours_and_marks_differ_though_their_weights_do_not() -> None:
    series = office(calls_a_day=500_000)
    for width in (DAY, 3600, 300):
        counts = [calls_between(series, MONDAY + i * width, MONDAY + (i + 1) * width) for i in range(12)]
        even = 500_000 * width / DAY
        assert len(set(counts)) > 6
        assert all(0.6 * even - 1 <= count <= 1.4 * even + 1 for count in counts) or width < DAY
        assert 0.8 * even < sum(counts) / 12 < 1.2 * even


def test_a_year_has_the_calls_that_the_average_day_promises() -> None:
    year = calls_between(
        office(hours=(1,) * 12 + (5,) * 12, weekdays=(3, 1, 1, 1, 1, 0.3, 0)), MONDAY, MONDAY + 364 * DAY
    )
    assert abs(year - 364 * 5000) < 5000


def test_a_rare_call_comes_at_any_time_of_day() -> None:
    series = office(calls_a_day=0.3, hours=(1,) * 12 + (5,) * 12)
    moments = [series.moment(k) or 0 for k in range(200)]
    hours = [datetime.fromtimestamp(moment, UTC).hour for moment in moments]
    assert moments == sorted(set(moments))
    assert len(set(hours)) > 12


def test_series_that_differ_in_line_or_seed_wobble_apart() -> None:
    def days(series: Series) -> list[int]:
        return [series.calls_until(MONDAY + day * DAY) for day in range(1, 30)]

    other = synthesised(Line(app="1802"), seed=7, zone=ZONE, since=MONDAY, calls_a_day=5000, input=650.5)
    assert days(office()) == days(office())
    assert days(office()) != days(office(seed=8))
    assert days(office()) != days(other)


def test_renaming_an_app_moves_no_figure() -> None:
    named = synthesised(Line(app="1801", app_name="Help desk"), seed=7, zone=ZONE, since=MONDAY, calls_a_day=50)
    plain = synthesised(Line(app="1801"), seed=7, zone=ZONE, since=MONDAY, calls_a_day=50)
    assert [named.moment(k) for k in range(100)] == [plain.moment(k) for k in range(100)]


def test_a_scenario_gives_the_same_figures_on_every_machine_and_python() -> None:
    """Pinned: to change one of these is to change every figure of every scenario that users have."""
    burst = (MONDAY + 3 * DAY, MONDAY + 4 * DAY, 2.5)
    series = office(output=90, hours=(1,) * 12 + (5,) * 12, growth=0.002, windows=[burst])
    assert series.calls_until(MONDAY + DAY) == 4745
    assert series.calls_until(MONDAY + 3 * DAY + 54321) == 19948
    assert series.calls_until(MONDAY + 300 * DAY + 299) == 1955995
    assert series.amounts_until(10_000) == (6504973, 900010, 0, 0, 0, 0)


def test_a_constant_is_the_same_in_every_period() -> None:
    series = steady(LINE, seed=1, since=MONDAY, period=3600, calls=10, input=100, output=7)
    for hour in range(100):
        assert calls_between(series, MONDAY + hour * 3600, MONDAY + (hour + 1) * 3600) == 10
    assert series.amounts_until(1000) == (100_000, 7000, 0, 0, 0, 0)


def test_a_shape_repeats_by_its_weights() -> None:
    series = steady(LINE, seed=1, since=MONDAY, period=DAY, calls=100, weights=(1, 0, 2, 1))
    for day in range(9):
        quarters = [MONDAY + day * DAY + quarter * DAY // 4 for quarter in range(5)]
        assert [calls_between(series, *pair) for pair in pairwise(quarters)] == [25, 0, 50, 25]


def test_literal_slots_repeat_exactly() -> None:
    slots = [Amounts(calls=3, input=100, output=10), Amounts(), Amounts(calls=1, pages=7)]
    series = repeating(LINE, since=MONDAY, period=900, slots=slots)
    for turn in range(50):
        for slot, expected in enumerate(slots):
            start = MONDAY + turn * 900 + slot * 300
            low, high = series.calls_until(start), series.calls_until(start + 300)
            consumed = zip(series.amounts_until(low), series.amounts_until(high), strict=True)
            assert (high - low, *[after - before for before, after in consumed]) == expected


def test_literal_points_hold_what_they_say_and_share_it_among_their_calls() -> None:
    points = [(NOON + 60, Amounts(calls=3, input=10, output=2)), (NOON, Amounts(calls=1, input=5, pages=4))]
    series = literal(LINE, points)
    assert [series.calls_until(t) for t in (NOON, NOON + 1, NOON + 60, NOON + 61)] == [0, 1, 1, 4]
    assert [series.moment(k) for k in range(5)] == [NOON, NOON + 60, NOON + 60, NOON + 60, None]
    assert amounts_of_call(series, 0)[:3] == [5, 0, 4]
    assert sorted(amounts_of_call(series, k)[0] for k in (1, 2, 3)) == [3, 3, 4]
    assert series.amounts_until(4) == (15, 2, 4, 0, 0, 0)


def test_a_metered_series_counts_what_was_recorded() -> None:
    series = Metered(LINE)
    assert series.first is None
    for now, input, pages in [(5, 7, 0), (9, 8, 0), (9, 9, 2)]:
        series.record(now, (input, 0, pages, 0, 0, 0), "")
    assert [series.calls_until(t) for t in (5, 6, 9, 10)] == [0, 1, 1, 3]
    assert [series.amounts_until(k) for k in range(4)] == [
        (0, 0, 0, 0, 0, 0),
        (7, 0, 0, 0, 0, 0),
        (15, 0, 0, 0, 0, 0),
        (24, 0, 2, 0, 0, 0),
    ]


def test_after_a_clock_was_set_back_a_metered_series_takes_no_call() -> None:
    series = Metered(LINE)
    assert series.takes(0)
    series.record(100, (1,) * 6, "")
    assert [series.takes(now) for now in (40, 99, 100, 101)] == [False, False, True, True]


def test_a_metered_call_keeps_the_id_it_came_with() -> None:
    series = Metered(LINE)
    for id in ("", "a", ""):
        series.record(1, (1,) * 6, id)
    assert [series.id(k) for k in range(3)] == ["", "a", ""]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: office(hours=(1,) * 23), "hours"),
        (lambda: office(weekdays=(0,) * 7), "weekdays"),
        (lambda: office(weekdays=(1, 1, 1, 1, 1, 1, -1)), "weekdays"),
        (lambda: office(jitter=1.5), "jitter"),
        (lambda: office(spread=-0.1), "spread"),
        (lambda: office(calls_a_day=-1), "calls_a_day"),
        (lambda: office(input=-1), "input"),
        (lambda: office(until=MONDAY), "until"),
        (lambda: office(windows=[(5, 5, 1)]), "windows"),
        (lambda: office(windows=[(1, 9, 1), (8, 12, 2)]), "windows"),
        (lambda: office(windows=[(MONDAY, MONDAY + 9, -1)]), "windows"),
        (lambda: spread(LINE, seed=1, zone=0, start=9, stop=5, calls=1), "stop"),
        (lambda: spread(LINE, seed=1, zone=0, start=5, stop=9, calls=0, input=1), "calls"),
        (lambda: spread(LINE, seed=1, zone=0, start=5, stop=9, calls=-1), "calls"),
        (lambda: spread(LINE, seed=1, zone=0, start=5, stop=9, calls=1, windows=[(0, 99, 0)]), "stop"),
        (lambda: steady(LINE, seed=1, since=0, period=100, calls=1, weights=(1, 1, 1)), "period"),
        (lambda: repeating(LINE, since=0, period=100, slots=[Amounts(input=1)]), r"slots\[0\]"),
        (lambda: literal(LINE, [(5, Amounts(calls=1)), (6, Amounts(output=1))]), r"points\[1\]"),
        (lambda: literal(LINE, []), "points"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_description_is_refused_by_the_name_of_what_is_wrong(make, name: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=f"^{name}: "):
        make()
