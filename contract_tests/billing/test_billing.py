"""Billing as a whole: clocks that go back, snapshots, moderation."""

import msgspec
import pytest

from contract_tests.billing.billing_account import (
    CHAT,
    DAY,
    HOUR,
    MICRO,
    NOON,
    ROOT,
    SUB,
    account,
    balance,
    chat,
    described,
    now,
    postpaid,
    refusal,
    used,
)
from lke_emulator.billing.books import Books
from lke_emulator.primitives.refused import Refused

# time, and the whole


def test_a_clock_that_is_set_back_is_followed_and_nothing_happens_twice() -> None:
    it = postpaid(paid_in=10)
    described(it, (NOON + 10, 1000))
    trial = it.billing.resources.grant("tokens", 1500, now(it), days=10).id
    it.clock.advance(20)
    chat(it, input=100)
    it.clock.set(NOON - 5 * DAY)
    chat(it, input=100)
    assert used(it) == {trial: 1200}
    chat(it, input=1300)
    it.clock.advance(HOUR)
    assert balance(it) == 10 * MICRO - 2000
    it.clock.set(NOON + 20)
    assert used(it) == {trial: 1500}
    assert balance(it) == 10 * MICRO - 2000
    exhausted = [one.time for one in it.billing.notices(now(it)) if one.event == "exhausted"]
    assert exhausted == [NOON - 5 * DAY]


def test_a_bill_that_was_pending_falls_due_when_the_hour_turns_on_a_clock_set_back() -> None:
    it = postpaid(paid_in=10)
    chat(it, input=1000)
    it.clock.set(NOON - 5 * DAY)
    assert balance(it) == 10 * MICRO
    it.clock.advance(HOUR)
    assert balance(it) == 10 * MICRO - 2000


def test_an_overdue_account_stays_so_on_a_clock_set_back() -> None:
    it = postpaid(paid_in=1)
    chat(it, input=1_000_000)
    it.clock.advance(HOUR)
    assert refusal(it) == "in-arrears"
    it.clock.set(NOON - 5 * DAY)
    assert refusal(it) == "in-arrears"


def test_a_call_that_took_long_does_not_turn_time_back() -> None:
    it = postpaid(paid_in=10)
    it.clock.advance(HOUR + 10)
    chat(it, input=1000)
    it.billing.record(CHAT, NOON + HOUR - 60, input=1000)
    assert [bill.hour for bill in it.billing.bills(now(it))] == [NOON + HOUR]


def test_a_snapshot_is_plain_data_and_brings_everything_back() -> None:
    it = postpaid(paid_in=10)
    it.billing.resources.grant("tokens", 100, now(it))
    chat(it, input=1100)
    it.billing.switch("GetEmbedding", False, ROOT, now(it))
    it.billing.permit(SUB, True, ROOT)
    saved = msgspec.json.encode(it.billing.saved())
    it.billing.top_up(20 * MICRO, "card", now(it))
    it.clock.advance(DAY)
    assert balance(it) != 10 * MICRO
    twin = postpaid()
    twin.billing.restored(msgspec.json.decode(saved, type=Books))
    assert msgspec.json.encode(twin.billing.saved()) == saved
    assert twin.billing.wallet(NOON).pending == 2000
    assert twin.billing.price("ChatCompletions", "deepseek-v3.2").input == 0.002
    with pytest.raises(Refused, match="changed less than"):
        twin.billing.switch("GetEmbedding", True, SUB, NOON)


# moderation


def test_moderation_is_on_until_somebody_takes_the_responsibility() -> None:
    it = account()
    assert it.moderation.on
    it.moderation.words = ("forbidden fruit", "Schmuggel")
    assert it.moderation.blocks("Wo gibt es SCHMUGGELware?") == "Schmuggel"
    assert it.moderation.blocks("an apple") is None
    assert "up to you" in it.moderation.disable()
    assert it.moderation.blocks("forbidden fruit") is None
    it.moderation.enable()
    assert it.moderation.blocks("forbidden fruit") == "forbidden fruit"
