"""Bills, what was spent, and what a unit of usage costs."""

import pytest

from contract_tests.billing.billing_account import (
    DAY,
    HOUR,
    MICRO,
    NOON,
    account,
    chat,
    now,
    postpaid,
)
from lke_emulator.billing.prices import Price
from lke_emulator.usage.amounts import Amounts


def test_bills_are_by_hour_model_and_api() -> None:
    it = postpaid(paid_in=10)
    chat(it, input=1000, output=1000)
    chat(it, input=1000)
    chat(it, input=1000, output=1000, model="deepseek-r1")
    it.clock.advance(HOUR)
    chat(it, output=2000)
    rows = [
        (b.hour - NOON, b.api, b.model, b.amounts.calls, b.amounts.total, b.charge) for b in it.billing.bills(now(it))
    ]
    assert rows == [
        (0, "ChatCompletions", "deepseek-r1", 1, 2000, 20000),
        (0, "ChatCompletions", "deepseek-v3.2", 2, 3000, 7000),
        (HOUR, "ChatCompletions", "deepseek-v3.2", 1, 2000, 6000),
    ]
    assert [b.model for b in it.billing.bills(now(it), stop=NOON + HOUR, model="deepseek-r1")] == ["deepseek-r1"]
    assert it.billing.bills(now(it), api="GetEmbedding") == []


def test_spending_is_by_hour_day_week_and_month_of_the_account() -> None:
    it = postpaid(paid_in=10)  # Saturday the 27th
    midnight = NOON - 12 * HOUR
    for _ in range(6):
        chat(it, input=1000)
        it.clock.advance(DAY)
    at = now(it)
    assert it.billing.spending(at, "hour") == [(NOON + day * DAY, 2000) for day in range(6)]
    assert it.billing.spending(at, "day") == [(midnight + day * DAY, 2000) for day in range(6)]
    assert it.billing.spending(at, "week") == [(midnight - 5 * DAY, 4000), (midnight + 2 * DAY, 8000)]
    assert it.billing.spending(at, "month") == [(1756656000, 8000), (1759248000, 4000)]
    assert it.billing.spending(at, "day", NOON, NOON + 1) == [(midnight, 2000)]


@pytest.mark.parametrize(
    ("model", "input", "output"),
    [
        ("deepseek-r1-0528", 0.004, 0.016),
        ("deepseek-v3-0324", 0.002, 0.008),
        ("deepseek-v3.1-terminus", 0.004, 0.012),
        ("deepseek-v3.2", 0.002, 0.003),
        ("deepseek-r1", 0.004, 0.016),
        ("deepseek-v3", 0.002, 0.008),
        ("Deepseek/deepseek-v3.2", 0.002, 0.003),
        ("Deepseek/deepseek-r1-250528", 0.004, 0.016),
    ],
)
def test_documented_prices_in_cny_for_a_thousand_tokens(model: str, input: float, output: float) -> None:
    it = account(price_table="documented")
    it.billing.open(currency="CNY")
    price = it.billing.price("ChatCompletions", model)
    assert (price.input, price.output) == (input, output)
    assert it.billing.cost("ChatCompletions", model, Amounts(1, 2000, 3000)) == round((2 * input + 3 * output) * MICRO)


def test_what_has_no_documented_price_is_free_where_invented_ones_are_not_wanted() -> None:
    it = account(price_table="documented")
    assert it.billing.cost("ChatCompletions", "gpt-4o", Amounts(1, 1000, 1000, 1, 1, 1, 1)) == 0


def test_an_accounts_own_prices_come_first_and_say_only_what_they_say() -> None:
    it = account()
    own = [
        Price(model="gpt-*", input=1.5),
        Price(api="SearchPro", search=0.25),
        Price(api="ImageGeneration", image=0.07),
    ]
    it.billing.open(prices=own)
    shipped = account().billing.price("ChatCompletions", "gpt-4o")
    price = it.billing.price("ChatCompletions", "gpt-4o")
    assert (price.input, price.output, price.page) == (1.5, shipped.output, shipped.page)
    assert it.billing.cost("SearchPro", "", Amounts(1, internet=3)) == 750_000
    assert it.billing.cost("ImageGeneration", "dall-e-3", Amounts(1)) == 70_000
    assert it.billing.cost("ChatCompletions", "dall-e-3", Amounts(1)) == 0
