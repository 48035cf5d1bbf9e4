"""What happened to an account, in a scenario's short words, and what its usage shows of it."""

import pytest

from contract_tests.scenario.scenario_text import ACCOUNT, EVERYTHING, NOON, world_of
from lke_emulator.account.account import Account
from lke_emulator.scenario.load import load

MIDNIGHT = NOON - 12 * 3600
"""2025-09-28 00:00 at +08:00, a Sunday."""
DAY = 86400


def account_of(text: str, now: float = NOON) -> Account:
    return next(iter(world_of(ACCOUNT + text, now).accounts.values()))


def generated(*more: str, account: str = "", now: float = NOON) -> Account:
    entry = ", ".join(["kind: generated", "since: 2025-06-02", "calls_a_day: 5000", *more])
    return account_of(f"{account}    usage: [{{{entry}}}]\n", now)


def of_day(account: Account, day: int) -> int:
    """Calls of a day, counted from 2025-09-28."""
    return account.ledger.totals(EVERYTHING, MIDNIGHT + day * DAY, MIDNIGHT + (day + 1) * DAY).calls


NATIONAL_DAY = 3
"""2025-10-01, a Wednesday."""


def test_days_vary_unless_nothing_shall_waver() -> None:
    steady, lively = generated("jitter: 0"), generated()
    assert {of_day(steady, day) for day in range(-40, 0)} <= {4999, 5000, 5001}
    assert len({of_day(lively, day) for day in range(-40, 0)}) == 40
    calm = generated("rhythm: {days_vary: 0}")
    assert all(4000 < of_day(calm, day) < 6000 for day in range(-40, 0))


def test_an_account_keeps_the_holidays_of_its_country_in_its_offices() -> None:
    account = "    holidays: china\n"
    office = generated("jitter: 0", "rhythm: office", account=account)
    assert of_day(office, NATIONAL_DAY) < of_day(office, NATIONAL_DAY - 7) / 4
    for other in ("consumer", "night"):
        kept = generated("jitter: 0", f"rhythm: {other}", account=account)
        assert abs(of_day(kept, NATIONAL_DAY) - of_day(kept, NATIONAL_DAY - 7)) <= 1


def test_a_rhythm_names_the_holidays_that_it_keeps() -> None:
    indonesia = generated("jitter: 0", "rhythm: {like: office, holidays: indonesia}", account="    holidays: china\n")
    assert abs(of_day(indonesia, NATIONAL_DAY) - of_day(indonesia, NATIONAL_DAY - 7)) <= 1
    assert of_day(indonesia, -23) < of_day(indonesia, -16) / 4  # 2025-09-05, the Prophet's birthday
    none = generated("jitter: 0", "rhythm: {like: office, holidays: none}", account="    holidays: china\n")
    assert abs(of_day(none, NATIONAL_DAY) - of_day(none, NATIONAL_DAY - 7)) <= 1


def test_a_rhythm_like_another_says_what_it_leaves_out() -> None:
    like = generated("jitter: 0", "rhythm: {like: office, weekdays: [1, 1, 1, 1, 1, 1, 1]}")
    assert {of_day(like, day) for day in range(-7, 0)} <= {4999, 5000, 5001}
    night = like.ledger.totals(EVERYTHING, MIDNIGHT, MIDNIGHT + 6 * 3600).calls
    assert night < 100


@pytest.mark.parametrize(
    ("words", "days", "share"), [("1% a day", 50, 0.5), ("7% a week", 50, 0.5), ("30 % a month", 60, 0.6)]
)
def test_growth_in_words_adds_a_share_of_the_first_level(words: str, days: int, share: float) -> None:
    account = generated("jitter: 0", f"growth: {words}", "growth_from: -60d")
    assert abs(of_day(account, days - 60) - 5000 * (1 + share)) <= 1
    assert abs(of_day(account, -70) - 5000) <= 1


def test_growth_from_a_date_leaves_yesterday_as_it_was() -> None:
    def days(now: float) -> list[int]:
        entry = "kind: generated, since: -90d, calls_a_day: 5000, growth: 12% a month, growth_from: 2025-06-01"
        event = "    events: [{kind: incident, at: 2025-07-01 10:00, lasts: 8h, every: 4w}]\n"
        account = account_of(f"{event}    usage: [{{{entry}, rhythm: office}}]\n", now)
        return [of_day(account, day) for day in range(-80, 0)]

    assert days(NOON) == days(NOON + 9 * DAY)


@pytest.mark.parametrize(
    ("event", "day", "factor"),
    [
        ("{kind: launch, at: 2025-09-20}", -2, 1.4),
        ("{kind: launch, at: 2025-09-20, lasts: 3d, factor: 2}", -7, 2),
        ("{kind: launch, at: 2025-09-20, lasts: 3d, factor: 2}", -5, 1),
        ("{kind: rush, at: 2025-09-20 10:00}", -8, 1 + 2 / 24),
        ("{kind: incident, at: 2025-09-20, lasts: 1d}", -8, 0.3),
        ("{kind: outage, at: 2025-09-20, lasts: 12h}", -8, 0.5),
        ("{kind: outage, at: 2025-09-20, lasts: 12h, every: 1w}", -1, 0.5),
        ("{kind: launch, at: -3d, factor: 3}", -2, 3),
    ],
)
def test_what_happens_is_seen_in_all_generated_usage(event: str, day: int, factor: float) -> None:
    account = generated("jitter: 0", account=f"    events: [{event}]\n")
    assert abs(of_day(account, day) - 5000 * factor) <= 2
    assert abs(of_day(account, -12) - 5000) <= 1


def test_a_company_holiday_counts_as_sundays() -> None:
    account = generated(
        "jitter: 0", "rhythm: office", account="    events: [{kind: holiday, at: 2025-09-22, lasts: 3d}]\n"
    )
    sunday = of_day(account, 0)
    assert [abs(of_day(account, day) - sunday) <= 1 for day in range(-6, -1)] == [True, True, True, False, False]


def test_an_event_of_one_usage_is_seen_there_alone() -> None:
    account = account_of(
        "    models: [{name: a}, {name: b}]\n    usage:\n"
        "      - {kind: generated, model: a, since: -30d, calls_a_day: 5000, jitter: 0,"
        " events: [{kind: outage, at: -3d, lasts: 1d}]}\n"
        "      - {kind: generated, model: b, since: -30d, calls_a_day: 5000, jitter: 0}\n"
    )
    parts = account.ledger.breakdown(EVERYTHING, MIDNIGHT - 3 * DAY, MIDNIGHT - 2 * DAY, "model")
    assert (parts.get("a"), parts["b"].calls) == (None, 5000)


MOVING = """    clock: { frozen_at: 2025-09-20 10:00, moves: true }
    models: [{ name: a }]
    keys: [{ label: old, created: 2025-09-01 }]
    usage:
      - { kind: points, model: a, points: [{ at: 2025-09-19 20:00, calls: 3 }, { at: -1h, calls: 4 }] }
      - { kind: generated, model: a, since: 2025-09-10, until: 2025-09-12, calls_a_day: 10, jitter: 0 }
"""


@pytest.mark.parametrize(
    ("now", "days"), [(NOON, 8), (NOON - 3 * 3600, 7), (NOON + 400 * DAY, 408), (NOON - 9 * DAY, -1)]
)
def test_a_story_that_moves_ends_now_with_all_its_dates(now: int, days: int) -> None:
    account = account_of(MOVING, now)
    ten = MIDNIGHT - 8 * DAY + 10 * 3600 + days * DAY
    assert account.clock.now() == ten
    assert account.clock.frozen
    assert now - DAY < ten <= now
    assert account.ledger.totals(EVERYTHING, ten - 14 * 3600, ten - 14 * 3600 + 1).calls == 3
    assert account.ledger.totals(EVERYTHING, ten - 3600, ten - 3599).calls == 4
    assert account.ledger.totals(EVERYTHING, 0, ten - 8 * DAY).calls == 20
    assert [key.created for key in account.keys.all(account.uin)] == [ten - 19 * DAY - 10 * 3600]


def test_default_shows_growth_a_launch_an_incident_and_a_holiday_week_in_ninety_days() -> None:
    now = NOON + 424 * DAY  # 2026-11-26, a Thursday
    account = load("default", now=now).accounts["100000000001"]
    day = [of_day(account, 424 - back) for back in range(91)]
    golden_week = day[50:57]  # 2026-10-01 to 2026-10-07
    assert max(golden_week) < 0.35 * sum(day[58:61]) / 3  # three days of the week before
    assert sum(day[25:46]) > 1.25 * sum(day[60:81])  # three weeks of the campaign, and three before the holidays
    assert day[8] < 0.65 * day[7]  # 2026-11-18, a bad day
    year_before = load("default", now=now - 364 * DAY).accounts["100000000001"]
    assert sum(day[1:29]) > 1.5 * sum(of_day(year_before, 424 - 364 - back) for back in range(1, 29))
    assert all(1000 < calls < 30_000 for calls in day[1:])
