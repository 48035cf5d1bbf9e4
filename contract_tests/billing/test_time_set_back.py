"""A clock may be set back: what an account has it keeps, what it does now is seen now, and nobody's looking changes that."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

import pytest

from contract_tests.billing.billing_account import (
    DAY,
    HOUR,
    MICRO,
    NOON,
    ROOT,
    account,
    balance,
    chat,
    described,
    now,
    postpaid,
    refusal,
    used,
)
from lke_emulator.account.account import Account
from lke_emulator.account.report import dashboard, data_report
from lke_emulator.usage.filter import Filter

PAST = NOON - 400 * DAY
CHINA = timezone(timedelta(hours=8))
LOOKS: list[Callable[[Account], object]] = [
    lambda it: None,
    lambda it: it.billing.settle(now(it)),
    lambda it: it.billing.resources.list(now(it)),
]


def noon_of(day: date) -> int:
    return int(datetime.combine(day, time(12), CHINA).timestamp())


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("back", [60, HOUR, 400 * DAY])
def test_the_trial_serves_an_account_whose_clock_is_frozen_in_the_past(
    look: Callable[[Account], object], back: int
) -> None:
    it = account()
    it.billing.resources.register(now(it))
    look(it)
    it.clock.freeze(NOON - back)
    assert refusal(it, "QueryRewrite", "") is None
    chat(it, input=100)
    rows = it.billing.resources.list(now(it))
    assert {row.status for row in rows} == {"available"}
    assert {row.start for row in rows} == {NOON - back}
    assert sum(used(it).values()) == 100


def test_a_package_that_was_ended_is_renewed_from_its_end() -> None:
    """Not by the day on which it was had: the 31st would give it a day more, or nearly a month."""
    it = account()
    bought, ended = (date(2025, 8, 31), date(2025, 9, 29))
    it.clock.freeze(noon_of(bought))
    package = it.billing.resources.buy("concurrency", 1, now(it), period="month")
    it.clock.freeze(noon_of(ended))
    it.billing.resources.expire(package.id, now(it))
    it.clock.advance(-DAY)
    assert it.billing.resources.renew(package.id, now(it)).expires == noon_of(date(2025, 10, 29))


@pytest.mark.parametrize("look", LOOKS)
def test_a_package_that_had_not_begun_when_the_clock_was_set_back_begins_in_its_time(
    look: Callable[[Account], object],
) -> None:
    it = account()
    it.billing.resources.declare("tokens", 100, "purchased", NOON + 10)
    it.billing.resources.declare("tokens", 100, "purchased", NOON + HOUR)
    it.clock.advance(60)
    look(it)
    it.clock.set(PAST)
    assert [row.status for row in it.billing.resources.list(now(it), statuses=())] == ["available", "not-begun"]
    assert [row.id for row in it.billing.resources.list(now(it))] == ["1"]
    it.clock.set(NOON + HOUR)
    assert len(it.billing.resources.list(now(it))) == 2


@pytest.mark.parametrize("look", LOOKS)
def test_what_the_scenario_used_before_is_not_used_again(look: Callable[[Account], object]) -> None:
    it = account()
    described(it, (NOON + 10, 30), (NOON + 30, 40))
    it.billing.resources.buy("tokens", 1000, now(it))
    it.clock.set(NOON + 20)
    look(it)
    it.clock.set(PAST)
    assert used(it) == {"1": 30}
    it.clock.set(NOON + 40)
    assert used(it) == {"1": 70}


def test_what_has_not_begun_is_not_available() -> None:
    it = account()
    it.billing.resources.declare("tokens", 100, "purchased", NOON + 1)
    [row] = it.billing.resources.list(now(it), statuses=())
    assert row.status == "not-begun"
    assert refusal(it) == "run-out"
    it.clock.advance(1)
    assert [row.id for row in it.billing.resources.list(now(it))] == ["1"]
    assert refusal(it) is None


def test_calls_on_a_clock_that_was_set_back_are_seen_wherever_usage_is_told() -> None:
    it = account()
    package = it.billing.resources.buy("tokens", 1000, now(it)).id
    chat(it, input=10)
    it.clock.set(PAST)
    for input in (1, 2):
        chat(it, input=input)
        it.clock.advance(1)
    stop = int(now(it)) + 1
    assert it.ledger.totals(Filter(), 0, stop).input == 3
    assert [call.moment for call in it.ledger.calls(Filter(), 0, stop, 0, 9)] == [PAST + 1, PAST]
    assert dashboard(it, now(it)).today.amounts.input == 3
    assert [row.input_tokens for row in data_report(it, now(it))] == [3]
    assert used(it)[package] == 13
    it.clock.set(NOON)
    assert it.ledger.totals(Filter(), 0, NOON + 1).input == 13


def test_nothing_locks_a_switch_that_was_turned_in_what_is_now_the_future() -> None:
    it = account()
    it.billing.switch("ChatCompletions", True, ROOT, now(it))
    it.clock.set(PAST)
    assert not it.billing.switch("ChatCompletions", False, ROOT, now(it)).on
    it.clock.advance(HOUR)
    assert it.billing.switch("ChatCompletions", True, ROOT, now(it)).on


def test_knowledge_that_was_restored_is_isolated_again_when_its_capacity_expires_again() -> None:
    it = account()
    it.knowledge.declare(100, {"1801": 250})
    resources = it.billing.resources
    expires = resources.buy("knowledge", 200, now(it), period="month").expires
    it.clock.set(expires)
    assert resources.capacity(now(it)).isolated == 150
    it.clock.set(expires - DAY)
    assert resources.restore_knowledge(now(it)).isolated == 0
    it.clock.set(expires)
    assert resources.capacity(now(it)).isolated == 150
    assert [one.event for one in it.billing.notices(now(it))].count("expired") == 1


def test_a_minute_is_time_too() -> None:
    it = postpaid(paid_in=10)
    it.clock.set(NOON + 59 * 60)
    chat(it, input=1000)
    it.clock.advance(-60)
    chat(it, input=1000)
    it.clock.advance(61)
    assert it.ledger.totals(Filter(), NOON + 58 * 60, NOON + 59 * 60).calls == 1
    it.clock.set(NOON + HOUR)
    assert balance(it) == 10 * MICRO - 4000


def test_the_peak_of_calls_in_flight_is_that_of_its_time() -> None:
    it = account()
    for _ in range(3):
        it.concurrency.enter("m", now(it))
    it.clock.advance(10)
    it.concurrency.leave("m", now(it))
    it.clock.set(PAST)
    it.concurrency.enter("m", now(it))
    it.clock.advance(10)
    for _ in range(3):
        it.concurrency.leave("m", now(it))
    assert it.concurrency.in_flight("m") == 0
    assert it.concurrency.peak("m", PAST - 9, PAST) == 0
    assert it.concurrency.peak("m", PAST, PAST + 11) == 3
    assert it.concurrency.peak("m", PAST + 11, NOON) == 0
    assert it.concurrency.peak("m", NOON, NOON + 10) == 3
    assert it.concurrency.peak("m", NOON + 11, NOON + DAY) == 0
    assert it.concurrency.buckets("m", 0, NOON + DAY, 300) == [(PAST - PAST % 300, 3, 0), (NOON, 3, 0)]
