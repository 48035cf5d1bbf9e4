"""Money into the wallet, to the cent (GW-13 to GW-18), and the units it is told in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.billing.billing_account import DAY, HOUR, MICRO, NOON, account, balance, chat, now, postpaid
from lke_emulator.primitives.money import money, of_quota, quota, text
from lke_emulator.primitives.refused import Refused

CENT = 10_000


def credited(amount: int, method: str = "card", **assumed: Any) -> int:
    it = account(**assumed)
    entry = it.billing.top_up(amount, method, now(it))
    assert entry.paid == amount
    assert entry.balance == entry.amount == balance(it)
    return entry.amount


@pytest.mark.parametrize(
    ("pays", "gets"),
    [(10, "10.00"), (20, "22.00"), (50, "57.50"), (100, "120.00"), (200, "240.00"), (500, "600.00")],
)
def test_the_presets_have_the_bonus_of_the_manual(pays: int, gets: str) -> None:
    assert text(credited(pays * MICRO)) == gets
    assert text(credited(pays * MICRO, custom_top_up_bonus="none")) == gets


@pytest.mark.parametrize(
    ("pays", "gets"),
    [("0.01", "0.01"), ("9.99", "9.99"), ("19.99", "19.99"), ("33.33", "36.66"), ("75", "86.25"), ("1000", "1200.00")],
)
def test_a_custom_amount_has_the_bonus_of_the_preset_below_it(pays: str, gets: str) -> None:
    amount = money("amount", float(pays))
    assert text(credited(amount)) == gets
    assert credited(amount, custom_top_up_bonus="none") == amount


@pytest.mark.parametrize("method", ["card", "visa", "mastercard", "american-express", "paypal"])
def test_cards_and_paypal_are_accepted(method: str) -> None:
    assert credited(10 * MICRO, method) == 10 * MICRO


@pytest.mark.parametrize("method", ["cryptocurrency", "bitcoin", "ethereum", "usdt"])
def test_cryptocurrency_is_coming_soon(method: str) -> None:
    it = account()
    with pytest.raises(Refused, match="coming soon"):
        it.billing.top_up(10 * MICRO, method, now(it))
    assert it.billing.wallet(now(it)).history == []


def test_other_methods_are_unknown() -> None:
    with pytest.raises(Refused, match="'cash'"):
        account().billing.top_up(10 * MICRO, "cash", NOON)


@pytest.mark.parametrize("amount", [0, -10 * MICRO, 1, CENT + 1, 10**13])
def test_what_is_no_amount_of_money_is_refused(amount: int) -> None:
    it = account()
    with pytest.raises(Refused, match="whole number of cents"):
        it.billing.top_up(amount, "card", now(it))
    assert balance(it) == 0


def test_money_is_there_at_once_and_in_the_history() -> None:
    it = account()
    it.billing.top_up(20 * MICRO, "paypal", now(it))
    it.clock.advance(7)
    it.billing.top_up(50 * MICRO, "visa", now(it))
    rows = [
        (row.time, row.kind, row.paid, row.amount, row.balance, row.method)
        for row in it.billing.wallet(now(it)).history
    ]
    assert rows == [
        (NOON, "top-up", 20 * MICRO, 22 * MICRO, 22 * MICRO, "paypal"),
        (NOON + 7, "top-up", 50 * MICRO, 57_500_000, 79_500_000, "visa"),
    ]


@given(st.lists(st.integers(1, 100_000), max_size=6))
def test_the_history_adds_up_to_the_balance(cents: list[int]) -> None:
    it = account()
    for each in cents:
        it.billing.top_up(each * CENT, "card", now(it))
    history = it.billing.wallet(now(it)).history
    assert sum(row.amount for row in history) == balance(it)
    assert all(row.paid <= row.amount <= row.paid * 6 // 5 for row in history)


def test_a_dollar_is_500_000_quota() -> None:
    assert quota(MICRO) == 500_000
    assert of_quota(500_000) == MICRO
    assert quota(57_500_000) == 28_750_000


@given(st.integers(0, 10**15))
def test_quota_is_exact(units: int) -> None:
    assert quota(of_quota(units)) == units


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "0.00"), (1, "0.000001"), (57_500_000, "57.50"), (-1_230_000, "-1.23"), (12_345_678, "12.345678")],
)
def test_money_is_shown_with_two_places_or_more(amount: int, shown: str) -> None:
    assert text(amount) == shown


def test_money_is_read_exactly() -> None:
    assert [money("balance", value) for value in (57.5, 0.1, -0.000001, 3, 1e9)] == [
        57_500_000,
        100_000,
        -1,
        3_000_000,
        10**15,
    ]
    with pytest.raises(ValueError, match="balance"):
        money("balance", 1e10)


def test_settlements_and_purchases_are_in_the_history() -> None:
    it = postpaid(paid_in=10, purchase_payment="balance")
    it.billing.resources.buy("tokens", 10, now(it), models=["hunyuan"], price=MICRO)
    chat(it, input=1000)
    it.clock.advance(HOUR + 7)
    chat(it, input=2000)
    it.clock.advance(DAY)
    history = it.billing.wallet(now(it)).history
    assert [(row.time - NOON, row.kind, row.paid, row.amount, row.package) for row in history] == [
        (0, "purchase", MICRO, -MICRO, "1"),
        (HOUR, "settlement", 2000, -2000, ""),
        (2 * HOUR, "settlement", 4000, -4000, ""),
    ]
    assert [row.balance for row in history] == [9 * MICRO, 9 * MICRO - 2000, 9 * MICRO - 6000]
    assert history[-1].balance == balance(it)
