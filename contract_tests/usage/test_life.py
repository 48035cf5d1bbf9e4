"""Usage looks like life: days differ, hours rise and fall without stairs, holidays, growth and events leave their mark."""

from datetime import date
from itertools import pairwise
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.usage.random_usage import DAY
from contract_tests.usage.test_series import LINE, MONDAY, ZONE, calls_between, laws, office
from lke_emulator.primitives.seeds import noise
from lke_emulator.usage.events import FOREVER
from lke_emulator.usage.line import Line
from lke_emulator.usage.rhythms import RHYTHMS
from lke_emulator.usage.series import Series, spread, synthesised

WEEKDAYS, HOURS = RHYTHMS["office"].weekdays, RHYTHMS["office"].hours
HOUR = 3600


def midnight(year: int, month: int, day: int) -> int:
    """Unix seconds at +08:00."""
    return (date(year, month, day) - date(1970, 1, 1)).days * DAY - ZONE


def of_day(series: Series, *when: int) -> int:
    start = midnight(*when)
    return calls_between(series, start, start + DAY)


def exact(**changes: object) -> Series:
    """Without noise, from 2024 on."""
    return office(**{"since": midnight(2024, 1, 1), "jitter": 0, "weekdays": WEEKDAYS, **changes})


def test_days_differ_by_what_is_said_and_all_lines_of_an_account_feel_it() -> None:
    shop = office(days_vary=0.15, jitter=0)
    desk = synthesised(Line(app="1802"), seed=7, zone=ZONE, since=MONDAY, calls_a_day=5000, days_vary=0.15, jitter=0)
    counts = [
        [calls_between(series, MONDAY + day * DAY, MONDAY + (day + 1) * DAY) for day in range(365)]
        for series in (shop, desk)
    ]
    assert 0.12 < stdev(counts[0]) / mean(counts[0]) < 0.18
    assert max(abs(a - b) for a, b in zip(*counts, strict=True)) <= 1
    assert min(counts[0]) > 5000 / 8


def test_lines_of_an_account_still_differ_from_one_another() -> None:
    lines = [
        synthesised(Line(app=app), seed=7, zone=ZONE, since=MONDAY, calls_a_day=5000, days_vary=0.15)
        for app in ("1801", "1802")
    ]
    shares = []
    for day in range(100):
        one, other = (calls_between(line, MONDAY + day * DAY, MONDAY + (day + 1) * DAY) for line in lines)
        shares.append(one / (one + other))
    assert 0.01 < stdev(shares) < 0.1


@laws
@given(st.integers(2024, 2090), st.integers(1, 12), st.floats(0, 1), st.sampled_from([0, 0.5, 3]), st.booleans())
def test_a_month_comes_to_the_same_however_its_days_vary(
    year: int, month: int, vary: float, month_end: float, grows: bool
) -> None:
    first, after = midnight(year, month, 1), midnight(year + month // 12, month % 12 + 1, 1)
    plain = {"growth": 0.02 if grows else 0, "growth_from": midnight(2025, 5, 17), "holidays": "china"}
    varied = exact(days_vary=vary, month_end=month_end, **plain)
    assert abs(calls_between(varied, first, after) - calls_between(exact(**plain), first, after)) <= 1


def test_the_last_working_days_of_a_month_are_busier() -> None:
    plain, closing = exact(), exact(month_end=2)
    # 2025-08-31 is a Sunday: the last working days are from the 27th to the 29th.
    ratio = [of_day(closing, 2025, 8, day) / of_day(plain, 2025, 8, day) for day in range(1, 32)]
    others = [*ratio[:26], *ratio[29:]]
    assert max(others) - min(others) < 0.01
    assert all(1.99 < busy / others[0] < 2.01 for busy in ratio[26:29])


def test_hours_keep_their_weights_and_have_no_stairs_between_them() -> None:
    series = exact(hours=HOURS, calls_a_day=1_000_000)
    day = MONDAY + 7 * DAY
    whole = calls_between(series, day, day + DAY)
    for hour, weight in enumerate(HOURS):
        counted = calls_between(series, day + hour * HOUR, day + (hour + 1) * HOUR)
        assert counted == pytest.approx(whole * weight / sum(HOURS), abs=1.01)
    marks = [calls_between(series, day + i * 300, day + (i + 1) * 300) for i in range(288)]
    steps = [after / before for before, after in pairwise(marks[7 * 12 : 22 * 12])]
    # Hours rise by up to 4 (from 7 to 8 o'clock); five minutes never by much more than a quarter.
    assert max(steps) < 1.3
    assert min(steps) > 0.8


def test_noise_brings_no_stairs_either() -> None:
    """The step into a full hour is on average no larger than the steps inside hours."""
    series = office(hours=(1,) * 24, calls_a_day=5_000_000)
    marks = [calls_between(series, MONDAY + i * 300, MONDAY + (i + 1) * 300) for i in range(288 * 28)]
    steps = [abs(after - before) for before, after in pairwise(marks)]
    into_hours = mean(steps[11::12])
    inside = mean([step for i, step in enumerate(steps, 1) if i % 12])
    assert into_hours < 1.1 * inside


@pytest.mark.parametrize(
    ("country", "off", "worked"),
    [
        # State Council: National Day and Mid-Autumn 2025; Spring Festival 2026 with the Saturday worked for it.
        ("china", [(2025, 10, 1), (2025, 10, 8), (2026, 2, 16), (2026, 2, 23)], [(2025, 9, 28), (2026, 2, 28)]),
        # Idul Fitri and Nyepi 2026, Independence Day 2027.
        ("indonesia", [(2026, 3, 19), (2026, 3, 20), (2026, 3, 23), (2027, 8, 17)], []),
    ],
)
def test_a_public_holiday_is_a_sunday_and_a_worked_weekend_is_none(
    country: str, off: list[tuple[int, int, int]], worked: list[tuple[int, int, int]]
) -> None:
    series, plain = exact(holidays=country), exact()
    sunday, monday = of_day(plain, 2025, 9, 21), of_day(plain, 2025, 9, 22)
    assert all(abs(of_day(series, *day) - sunday) <= 1 < of_day(plain, *day) - sunday for day in off)
    assert all(abs(of_day(series, *day) - monday) <= 1 for day in worked)
    assert abs(of_day(series, 2025, 9, 24) - of_day(plain, 2025, 9, 24)) <= 1


def test_days_on_which_a_company_is_closed_count_as_sundays() -> None:
    start = midnight(2025, 9, 23) + 9 * HOUR
    series = exact(closed=[(start, start + 30 * HOUR)])
    sunday = of_day(series, 2025, 9, 21)
    assert [abs(of_day(series, 2025, 9, day) - sunday) <= 1 for day in (22, 23, 24, 25)] == [False, True, True, False]


def test_growth_is_by_the_month_from_a_fixed_day_whenever_the_series_began() -> None:
    fixed = {"growth": 0.12, "growth_days": 30, "growth_from": midnight(2025, 1, 1), "weekdays": (1,) * 7}
    early, late = exact(**fixed), exact(**fixed, since=midnight(2025, 6, 1))
    assert [of_day(early, 2024, 12, day) for day in (1, 31)] == [5000, 5000]
    # 300 days on, ten times 12 % of the first level are there.
    assert abs(of_day(early, 2025, 10, 28) - 5000 * 2.2) <= 1
    later = [midnight(2025, 6, 1) + day * DAY + 4321 for day in range(90)]
    assert [calls_between(early, *pair) for pair in pairwise(later)] == [
        calls_between(late, *pair) for pair in pairwise(later)
    ]


def test_events_multiply_what_comes_where_they_hold_and_come_again() -> None:
    week = 7 * DAY
    noon = MONDAY + DAY + 12 * HOUR
    launch, outage, rush = (
        (MONDAY + DAY, FOREVER, 1.5, 0),
        (noon, noon + HOUR, 0, week),
        (noon + HOUR, noon + DAY, 2, 0),
    )
    plain = office()
    series = office(events=[launch, outage, rush])
    for start, stop, factor in (
        (MONDAY, MONDAY + DAY, 1),
        (MONDAY + DAY, noon, 1.5),
        (noon, noon + HOUR, 0),
        (noon + HOUR, noon + DAY, 3),
        (noon + DAY, noon + week, 1.5),
        (noon + week, noon + week + HOUR, 0),
        (noon + 52 * week, noon + 52 * week + HOUR, 0),
        (noon + 52 * week + HOUR, noon + 53 * week, 1.5),
    ):
        assert abs(calls_between(series, start, stop) - factor * calls_between(plain, start, stop)) <= 3


def test_totals_stay_exact_whatever_happens_in_their_range() -> None:
    outage = (MONDAY + 2 * DAY, MONDAY + 3 * DAY, 0, 0)
    series = spread(
        LINE,
        seed=3,
        zone=ZONE,
        start=MONDAY,
        stop=MONDAY + 9 * DAY,
        calls=1234,
        input=99_999,
        days_vary=0.3,
        holidays="china",
        events=[outage],
    )
    assert series.calls_until(MONDAY + 9 * DAY) == 1234
    assert series.amounts_until(1234)[0] == 99_999
    assert calls_between(series, MONDAY + 2 * DAY, MONDAY + 3 * DAY) <= 1


def test_what_a_moment_costs_does_not_grow_with_history(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def counting(key: int, index: int) -> int:
        nonlocal asked
        asked += 1
        return noise(key, index)

    monkeypatch.setattr("lke_emulator.usage.days.noise", counting)
    series = office(seed=987_654, days_vary=0.15, growth=0.01, holidays="china")
    series.calls_until(MONDAY + DAY * 365 * 500 + 12_345)
    assert 0 < asked <= 4 * 2 * 31  # the months around the beginning and around the moment


def test_a_story_gives_the_same_figures_on_every_machine_and_python() -> None:
    """Pinned, as in test_series.py."""
    series = office(
        weekdays=(1, 1, 1, 1, 1, 0.2, 0.1),
        growth=0.12,
        growth_days=30,
        growth_from=MONDAY - 90 * DAY,
        days_vary=0.15,
        month_end=1.4,
        holidays="china",
        closed=[(MONDAY + 40 * DAY, MONDAY + 41 * DAY)],
        events=[(MONDAY + 5 * DAY, FOREVER, 1.5, 0), (MONDAY, MONDAY + 3600, 0, 7 * DAY)],
    )
    assert series.calls_until(MONDAY + DAY) == 5188
    assert series.calls_until(MONDAY + 3 * DAY + 54321) == 21805
    assert series.calls_until(MONDAY + 300 * DAY + 299) == 4103614
    assert series.moment(123456) == 1760037411
