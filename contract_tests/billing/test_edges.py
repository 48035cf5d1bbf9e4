"""The edges of seconds, hours and packages, one by one: what else only long random histories come to."""

import pytest

from contract_tests.billing.billing_account import (
    CHAT,
    DAY,
    HOUR,
    MICRO,
    NOON,
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
from lke_emulator.primitives.refused import Refused
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import literal

EMBED = Line(api="GetEmbedding", model="adp-text-embedding-0.5b")


def embedded(it: Account, *points: tuple[int, int]) -> None:
    it.ledger.add(literal(EMBED, [(moment, Amounts(1, tokens)) for moment, tokens in points]))


def times(it: Account, *events: str) -> list[tuple[int, str, str]]:
    notices = it.billing.notices(now(it))
    return [(one.time - NOON, one.event, one.package) for one in notices if not events or one.event in events]


# time


def test_a_clock_set_back_by_one_second_is_set_back() -> None:
    it = account()
    it.billing.resources.buy("tokens", 100, now(it))
    it.clock.advance(-1)
    [row] = it.billing.resources.list(now(it))
    assert row.start == NOON - 1


def test_a_machine_whose_own_clock_was_set_back_is_followed() -> None:
    it = postpaid(paid_in=10)
    it.billing.settle(NOON + DAY)
    it.billing.record(CHAT, NOON, input=1000)
    assert [bill.hour for bill in it.billing.bills(NOON)] == [NOON]


def test_a_package_keeps_its_beginning_where_the_clock_is_not_set_back_so_far() -> None:
    it = account()
    it.billing.resources.declare("tokens", 100, "purchased", NOON - 10 * DAY)
    it.clock.advance(-DAY)
    [row] = it.billing.resources.list(now(it))
    assert row.start == NOON - 10 * DAY


def test_an_expiry_in_the_very_next_second_is_told() -> None:
    it = account()
    resources = it.billing.resources
    resources.grant("pages", 5, now(it), days=1)
    other = resources.grant("tokens", 5, now(it)).id
    it.clock.advance(DAY - 1)
    resources.expire(other, now(it))
    it.clock.advance(1)
    assert times(it, "expired") == [(DAY - 1, "expired", "2"), (DAY, "expired", "1")]


def test_what_expired_long_ago_does_not_expire_again_when_another_package_is_renewed() -> None:
    it = account()
    it.knowledge.declare(100, {"1801": 250})
    resources = it.billing.resources
    held = resources.buy("concurrency", 1, now(it), period="year").id
    resources.buy("knowledge", 200, now(it), period="month")
    it.clock.advance(40 * DAY)
    assert resources.capacity(now(it)).isolated == 150
    resources.buy("knowledge", 150, now(it), period="month")
    assert resources.restore_knowledge(now(it)).isolated == 0
    resources.renew(held, now(it))
    it.clock.advance(1)
    assert resources.capacity(now(it)).isolated == 0


def test_how_full_the_knowledge_base_was_at_first_is_told_at_first() -> None:
    it = account()
    it.knowledge.declare(0, {"1801": 95})
    resources = it.billing.resources
    held = resources.buy("concurrency", 1, now(it), period="year").id
    it.clock.advance(HOUR)
    resources.buy("knowledge", 100, now(it), period="month")
    resources.renew(held, now(it))
    it.clock.advance(1)
    resources.isolate_excess(now(it))
    assert times(it, "nearly-exhausted", "exhausted") == [(HOUR, "nearly-exhausted", "")]


# hours


def test_an_hour_that_ends_as_the_clock_starts_has_been_paid() -> None:
    it = postpaid(paid_in=1)
    described(it, (NOON - 600, 1000), (NOON + 600, 1000))
    it.billing.resources.declare("pages", 1, "purchased", NOON - DAY)
    it.clock.advance(1)
    assert (len(it.billing.bills(now(it))), balance(it)) == (1, MICRO)
    it.clock.advance(HOUR)
    assert balance(it) == MICRO - 2000


def test_a_grace_that_ends_on_the_way_ends_there() -> None:
    it = postpaid(paid_in=-1, overdue_grace_hours=1)
    it.billing.resources.buy("tokens", 1000, now(it))
    described(it, (NOON + HOUR - 1, 60), (NOON + HOUR, 70), (NOON + 2 * HOUR, 80))
    it.clock.advance(3 * HOUR)
    assert used(it) == {"1": 60}
    assert it.billing.waived == {"tokens": 150}


def test_service_stops_with_the_bill_that_makes_the_account_overdue() -> None:
    it = postpaid(paid_in=1)
    it.billing.resources.buy("tokens", 1000, now(it), apis=["GetEmbedding"])
    described(it, (NOON + 10, 1_000_000), (NOON + HOUR, 1_000_000), (NOON + 2 * HOUR, 1_000_000))
    embedded(it, (NOON + HOUR - 1, 5), (NOON + HOUR, 7), (NOON + 2 * HOUR, 9))
    it.clock.advance(5 * HOUR)
    assert (balance(it), refusal(it)) == (-MICRO, "in-arrears")
    assert [bill.hour - NOON for bill in it.billing.bills(now(it))] == [0]
    assert used(it) == {"1": 5}
    assert it.billing.waived == {"tokens": 2_000_000 + 16}


def test_hours_of_several_models_are_billed_in_the_order_of_time() -> None:
    """The second model's first hour makes the account overdue, before the first model's second hour."""
    it = postpaid(paid_in=1)
    described(it, (NOON + HOUR + 10, 1_000_000))
    it.ledger.add(literal(Line(api="ChatCompletions", model="deepseek-v3"), [(NOON + 10, Amounts(1, 1_000_000))]))
    it.clock.advance(5 * HOUR)
    assert [(bill.hour - NOON, bill.model) for bill in it.billing.bills(now(it))] == [(0, "deepseek-v3")]
    assert balance(it) == -MICRO


# packages


def test_two_packages_that_are_used_up_on_one_way_are_each_used_up_in_their_second() -> None:
    it = account()
    resources = it.billing.resources
    for apis in (["ChatCompletions"], ["GetEmbedding"]):
        resources.grant("tokens", 100, now(it), apis=apis)
        resources.buy("tokens", 1000, now(it), apis=apis)
    described(it, (NOON + 20, 60), (NOON + 40, 60))
    embedded(it, (NOON + 10, 60), (NOON + 30, 70))
    it.clock.advance(HOUR)
    assert used(it) == {"1": 100, "2": 20, "3": 100, "4": 30}
    assert times(it, "exhausted") == [(30, "exhausted", "3"), (40, "exhausted", "1")]


def test_notices_of_several_packages_are_in_the_order_of_time() -> None:
    it = account()
    it.billing.resources.grant("tokens", 100, now(it), apis=["ChatCompletions"])
    it.billing.resources.grant("tokens", 100, now(it), apis=["GetEmbedding"])
    described(it, (NOON + 20, 90))
    embedded(it, (NOON + 10, 90))
    it.clock.advance(HOUR)
    assert times(it) == [(10, "remaining", "2"), (20, "remaining", "1")]


def test_a_threshold_counts_what_was_used_before() -> None:
    it = account()
    it.billing.resources.grant("tokens", 100, now(it))
    chat(it, input=50)
    described(it, (NOON + 10, 30), (NOON + 20, 10), (NOON + 30, 5))
    it.clock.advance(HOUR)
    assert times(it) == [(20, "remaining", "1"), (30, "nearly-exhausted", "1"), (30, "remaining", "1")]


def test_what_concurrency_covers_is_counted_once_while_another_package_is_used_up() -> None:
    it = account()
    it.billing.resources.buy("concurrency", 1, now(it))
    it.billing.resources.buy("tokens", 100, now(it), apis=["GetEmbedding"])
    described(it, (NOON + 10, 1000), (NOON + 30, 2000))
    embedded(it, (NOON + 20, 150), (NOON + 40, 50))
    it.clock.advance(HOUR)
    assert used(it)["2"] == 100
    assert it.billing.covered == 3000
    assert it.billing.waived == {"tokens": 100}


def test_what_nobody_pays_for_is_counted_once_while_another_package_is_used_up() -> None:
    it = account()
    it.billing.resources.buy("tokens", 100, now(it), apis=["GetEmbedding"])
    described(it, (NOON + 10, 1000), (NOON + 30, 2000))
    embedded(it, (NOON + 20, 150), (NOON + 40, 50))
    it.clock.advance(HOUR)
    assert used(it) == {"1": 100}
    assert it.billing.waived == {"tokens": 3100}


def test_the_list_is_in_the_order_of_expiry_after_a_renewal_too() -> None:
    it = account()
    resources = it.billing.resources
    first, second = [resources.buy("concurrency", 1, now(it) + day, period="month").id for day in range(2)]
    assert list(used(it)) == [first, second]
    resources.renew(first, now(it))
    assert list(used(it)) == [second, first]


def test_a_package_that_is_added_later_does_not_take_billing_into_the_past() -> None:
    it = account()
    described(it, (NOON - HOUR, 50))
    it.billing.settle(now(it))
    it.billing.resources.declare("tokens", 100, "purchased", NOON - DAY)
    assert used(it) == {"1": 0}
    it.clock.advance(DAY)
    assert (used(it), it.billing.began) == ({"1": 0}, NOON)


def test_a_package_with_an_expiry_of_its_own_is_renewed_to_that_day() -> None:
    it = account()
    package = it.billing.resources.declare("concurrency", 1, "purchased", NOON - 9 * DAY, expires=NOON + 3 * DAY)
    assert it.billing.resources.renew(package.id, now(it)).expires == NOON + 33 * DAY  # 30 September, 30 October


def test_a_package_renewed_as_it_expires_keeps_its_day() -> None:
    january = 1738296000  # 31 January 2025 12:00
    it = account(january)
    package = it.billing.resources.buy("concurrency", 1, now(it), period="month")
    it.clock.set(package.expires)
    assert it.billing.resources.renew(package.id, now(it)).expires == january + 59 * DAY  # 31 March
    assert package.past == ()


def test_a_switch_is_locked_from_its_last_change_on() -> None:
    it = account()
    for on in (True, False):
        it.billing.switch("SearchPro", on, it.uin, now(it))
        it.clock.advance(HOUR)
    it.billing.switch("SearchPro", True, it.uin, now(it))
    it.clock.advance(1)
    with pytest.raises(Refused) as refused:
        it.billing.switch("SearchPro", False, it.uin, now(it))
    assert refused.value.until == NOON + 3 * HOUR


def test_what_costs_nothing_can_be_had_while_the_account_is_overdue() -> None:
    it = postpaid(paid_in=-1, purchase_payment="balance")
    assert it.billing.resources.buy("tokens", 5, now(it), price=0).id == "1"


# money and concurrency


def test_what_costs_nothing_is_no_settlement() -> None:
    it = postpaid(paid_in=1, price_table="documented")
    assert chat(it, input=1000, model="gpt-4o") == 0
    it.clock.advance(HOUR)
    wallet = it.billing.wallet(now(it))
    assert (wallet.history, wallet.due) == ([], None)


def test_a_million_can_be_paid_in_and_no_cent_more() -> None:
    it = account(custom_top_up_bonus="none")
    assert it.billing.top_up(10**6 * MICRO, "card", now(it)).amount == 10**6 * MICRO
    with pytest.raises(Refused, match="at most"):
        it.billing.top_up(10**6 * MICRO + 10_000, "card", now(it))


def test_what_is_in_flight_when_the_clock_is_set_back_is_in_flight_then() -> None:
    it = account()
    it.concurrency.enter("m", now(it))
    it.clock.advance(-DAY)
    assert it.concurrency.peak("m", NOON - DAY - 1, NOON - DAY) == 0
    assert it.concurrency.peak("m", NOON - DAY, NOON - DAY + 1) == 1
    it.concurrency.leave("m", now(it))
    assert it.concurrency.peak("m", NOON - DAY + 1, NOON) == 0


def test_a_grace_that_ends_within_an_hour_ends_there_for_postpaid_too() -> None:
    it = account(NOON + 1800, overdue_grace_hours=1)
    it.billing.open(postpaid=["ChatCompletions"], balance=-1, currency="CNY")
    described(it, (NOON + HOUR + 1200, 1000), (NOON + HOUR + 2400, 1000))
    it.clock.advance(DAY)
    assert [(bill.hour - NOON, bill.charge) for bill in it.billing.bills(now(it))] == [(HOUR, 2000)]
    assert it.billing.waived == {"tokens": 1000}
