"""What pays for calls, in which order, and what happens when nothing does (BA-12 to BA-22, RL-4, RL-5, RL-30, RL-32)."""

import json
from typing import Any

import pytest

from contract_tests.billing.billing_account import (
    DAY,
    HOUR,
    MICRO,
    NOON,
    ROOT,
    SUB,
    account,
    balance,
    chat,
    now,
    refusal,
    used,
)
from lke_emulator.account.account import Account
from lke_emulator.account.records import Model
from lke_emulator.billing.billing import Unserved
from lke_emulator.billing.packages import APIS, Kind
from lke_emulator.billing.prices import Price
from lke_emulator.primitives.refused import Refused
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import literal, steady

CHAT = Line(api="ChatCompletions", model="deepseek-v3.2")


def postpaid(*apis: str, paid_in: int = 0, **assumed: Any) -> Account:
    it = account(**assumed)
    it.billing.open(postpaid=apis or APIS, balance=paid_in * MICRO, currency="CNY")
    return it


# deduction


def test_an_experience_package_goes_first_then_a_paid_one_then_the_balance() -> None:
    it = postpaid(paid_in=10)
    resources = it.billing.resources
    paid = resources.buy("tokens", 100, now(it)).id
    trial = resources.grant("tokens", 50, now(it), days=400).id
    assert chat(it, input=30) == 0
    assert used(it) == {trial: 30, paid: 0}
    assert chat(it, input=30) == 0
    assert used(it) == {trial: 50, paid: 10}
    assert chat(it, input=1090) == 1000 * 2
    assert used(it) == {trial: 50, paid: 100}


def test_of_two_paid_packages_the_one_that_expires_first_goes_first() -> None:
    it = account()
    late = it.billing.resources.declare("tokens", 100, "purchased", NOON - 2 * DAY, expires=NOON + 9 * DAY).id
    soon = it.billing.resources.declare("tokens", 100, "purchased", NOON - DAY, expires=NOON + 5 * DAY).id
    chat(it, input=120)
    assert used(it) == {soon: 100, late: 20}


def test_of_two_that_expire_together_the_one_bought_first_goes_first() -> None:
    it = account()
    second = it.billing.resources.declare("tokens", 100, "purchased", NOON - DAY, expires=NOON + 9 * DAY).id
    first = it.billing.resources.declare("tokens", 100, "purchased", NOON - 2 * DAY, expires=NOON + 9 * DAY).id
    chat(it, input=120)
    assert used(it) == {first: 100, second: 20}


def test_the_order_of_purchase_can_be_assumed() -> None:
    it = account(package_order="purchase")
    first = it.billing.resources.declare("tokens", 100, "purchased", NOON - 2 * DAY, expires=NOON + 9 * DAY).id
    second = it.billing.resources.declare("tokens", 100, "purchased", NOON - DAY, expires=NOON + 5 * DAY).id
    chat(it, input=120)
    assert used(it) == {first: 100, second: 20}


def test_a_package_pays_for_its_models_and_apis_alone() -> None:
    it = account()
    resources = it.billing.resources
    r1 = resources.buy("tokens", 100, now(it), models=["deepseek-r1"]).id
    embedding = resources.buy("tokens", 100, now(it), apis=["GetEmbedding"]).id
    assert refusal(it) == "run-out"
    assert refusal(it, model="deepseek-r1") is None
    assert refusal(it, "GetEmbedding", "adp-text-embedding-0.5b") is None
    chat(it, input=7, model="deepseek-r1")
    chat(it, input=5, model="adp-text-embedding-0.5b", api="GetEmbedding")
    assert used(it) == {r1: 7, embedding: 5}


def test_each_kind_of_usage_has_its_own_packages() -> None:
    it = account()
    resources = it.billing.resources
    kinds: tuple[Kind, ...] = ("tokens", "searches", "pages", "split", "images")
    ids = [resources.buy(kind, 1000, now(it)).id for kind in kinds]
    record, moment = it.billing.record, now(it)
    record(CHAT, moment, input=10, output=20, rag=1, internet=2)
    record(Line(api="CreateReconstructDocumentFlow"), moment, pages=6)
    record(Line(api="CreateSplitDocumentFlow"), moment, split=70, pages=1)
    record(Line(api="ImageGeneration", model="dall-e-3"), moment)
    assert [used(it)[id] for id in ids] == [30, 3, 7, 70, 1]


def test_the_usage_of_apps_is_billed_by_its_business_type() -> None:
    it = account()
    it.billing.resources.buy("tokens", 100, now(it), apis=["KnowledgeQA"])
    it.billing.record(Line(sub_biz_type="KnowledgeQA", model="cs-normal"), now(it), input=7)
    assert list(used(it).values()) == [7]
    assert refusal(it, "KnowledgeQA", "cs-normal") is None
    assert refusal(it, "KnowledgeSummary", "cs-normal") == "run-out"


def test_what_a_call_uses_beyond_the_packages_is_postpaid_though_the_switch_is_off() -> None:
    it = account()
    it.billing.open(currency="CNY")
    it.billing.resources.buy("tokens", 100, now(it))
    assert refusal(it) is None
    assert chat(it, input=60, output=1040) == 1000 * 3
    assert refusal(it) == "run-out"


def test_that_it_is_free_can_be_assumed() -> None:
    it = account(overflow="free")
    it.billing.resources.buy("tokens", 100, now(it))
    assert chat(it, input=1100) == 0
    assert it.billing.waived == {"tokens": 1000}


def test_what_goes_in_is_deducted_before_what_comes_out() -> None:
    it = postpaid(paid_in=1)
    it.billing.resources.buy("tokens", 1500, now(it))
    chat(it, input=1000, output=1000)
    [bill] = it.billing.bills(now(it))
    assert (bill.amounts.input, bill.amounts.output) == (0, 500)


def test_an_exhausted_and_an_expired_package_take_nothing() -> None:
    it = account()
    small = it.billing.resources.grant("tokens", 10, now(it)).id
    short = it.billing.resources.grant("tokens", 10, now(it), days=500, models=["deepseek-r1"]).id
    chat(it, input=10)
    assert refusal(it) == "run-out"
    it.clock.advance(500 * DAY - 1)
    assert refusal(it, model="deepseek-r1") is None
    it.clock.advance(1)
    assert refusal(it, model="deepseek-r1") == "run-out"
    chat(it, input=5)
    assert used(it) == {small: 10, short: 0}


# what the scenario describes


def described(it: Account, *points: tuple[int, int]) -> None:
    """Calls at these moments, of so many input tokens."""
    it.ledger.add(literal(CHAT, [(moment, Amounts(1, tokens)) for moment, tokens in points]))


def test_a_package_is_used_by_the_scenario_since_it_began() -> None:
    it = account()
    described(it, (NOON - 9, 1000), (NOON - 5, 10), (NOON - 4, 20), (NOON, 40), (NOON + 1, 80))
    it.billing.resources.declare("tokens", 1000, "purchased", NOON - 5)
    assert it.billing.began == NOON - 5
    assert used(it) == {"1": 70}
    assert it.ledger.totals(Filter(), it.billing.began, NOON + 1).total == 70
    it.clock.advance(1)
    assert used(it) == {"1": 150}


def test_usage_before_anything_was_had_is_history() -> None:
    it = postpaid(paid_in=1)
    described(it, (NOON - 9, 1000), (NOON + 9, 1000))
    it.clock.advance(DAY)
    assert balance(it) == 1 * MICRO - 2000


def test_a_package_that_the_scenario_uses_up_hands_over_within_the_second() -> None:
    it = account()
    described(it, (NOON + 10, 60), (NOON + 20, 60), (NOON + 30, 60))
    first = it.billing.resources.grant("tokens", 100, now(it)).id
    second = it.billing.resources.buy("tokens", 1000, now(it)).id
    it.clock.advance(25)
    assert used(it) == {first: 100, second: 20}
    assert [one.time for one in it.billing.notices(now(it)) if one.event == "exhausted"] == [NOON + 20]
    it.clock.advance(10)
    assert used(it) == {first: 100, second: 80}


def test_the_scenario_goes_on_where_nothing_pays_and_that_costs_nothing() -> None:
    it = account()
    described(it, (NOON + 10, 60), (NOON + 20, 60))
    it.billing.resources.grant("tokens", 100, now(it))
    it.clock.advance(DAY)
    assert (balance(it), it.billing.bills(now(it))) == (0, [])
    assert it.billing.waived == {"tokens": 20}


def test_the_balance_is_that_of_the_start_however_old_the_packages_are() -> None:
    """Bills of the hours before have been paid, or a scenario could not say what an account has."""
    it = account(NOON + 1800)
    it.ledger.add(steady(CHAT, seed=1, since=NOON - 30 * DAY, period=HOUR, calls=2, input=500))
    it.billing.resources.declare("pages", 1, "purchased", NOON - 30 * DAY)
    it.billing.open(balance=MICRO, postpaid=["ChatCompletions"], currency="CNY")
    assert sum(bill.charge for bill in it.billing.bills(now(it))) == (30 * 24 * 2 + 1) * 500 * 2
    assert balance(it) == MICRO
    it.clock.advance(HOUR)
    assert balance(it) == MICRO - 2000


def test_a_year_of_postpaid_hours_is_billed_hour_by_hour() -> None:
    it = postpaid(paid_in=1000)
    it.ledger.add(steady(CHAT, seed=1, since=NOON, period=HOUR, calls=2, input=500))
    it.clock.advance(365 * DAY)
    bills = it.billing.bills(now(it))
    assert len(bills) == 365 * 24
    assert {bill.charge for bill in bills} == {2000}
    assert balance(it) == 1000 * MICRO - 365 * 24 * 2000


def test_an_hour_of_the_scenario_is_rounded_once_however_often_somebody_looks() -> None:
    bills = []
    for looks in (1, 2):
        it = account()
        it.billing.open(postpaid=APIS, balance=MICRO, prices=[Price(input=0.0001)])  # a tenth of a micro-unit a token
        described(it, (NOON + 10, 5), (NOON + 20, 5))
        for _ in range(looks):
            it.clock.advance(30 // looks)
            bills.append(it.billing.bills(now(it))[0].charge)
    assert bills == [2, 0, 2]  # to the nearest two micro-units


# postpaid


def test_postpaid_is_off_at_first_and_calls_fail() -> None:
    it = account()
    assert not any(switch.on for switch in it.billing.switches(now(it)).values())
    with pytest.raises(Unserved) as unserved:
        it.billing.admit("ChatCompletions", "deepseek-v3.2", ROOT, now(it))
    assert unserved.value.reason == "run-out"


def test_service_goes_on_by_postpaid_when_a_package_is_used_up() -> None:
    it = postpaid("ChatCompletions", paid_in=1)
    it.billing.resources.grant("tokens", 10, now(it))
    chat(it, input=10)
    assert refusal(it) is None
    assert refusal(it, "GetEmbedding") == "run-out"


def test_postpaid_usage_is_taken_from_the_balance_when_the_hour_turns() -> None:
    it = postpaid(paid_in=10)
    assert chat(it, input=1_000_000) == 2 * MICRO
    it.clock.advance(HOUR - 1)
    wallet = it.billing.wallet(now(it))
    assert (wallet.balance, wallet.pending, wallet.due) == (10 * MICRO, 2 * MICRO, NOON + HOUR)
    it.clock.advance(1)
    wallet = it.billing.wallet(now(it))
    assert (wallet.balance, wallet.pending, wallet.due) == (8 * MICRO, 0, None)


def test_hours_are_those_of_the_account() -> None:
    it = Account(ROOT, zone=20700, clock=account().clock)  # Kathmandu: 09:45
    it.billing.open(postpaid=APIS, balance=MICRO)
    chat(it, input=1000)
    assert it.billing.wallet(now(it)).due == NOON + 15 * 60
    assert [bill.hour for bill in it.billing.bills(now(it))] == [NOON - 45 * 60]


def test_a_month_at_a_time_can_be_assumed() -> None:
    it = postpaid(paid_in=10, settlement="monthly")
    chat(it, input=1_000_000)
    it.clock.set(1759248000 - 1)  # September ends
    assert balance(it) == 10 * MICRO
    it.clock.advance(1)
    assert balance(it) == 8 * MICRO


def test_a_switch_can_be_changed_once_an_hour() -> None:
    it = account()
    it.billing.switch("ChatCompletions", True, ROOT, now(it))
    for seconds, on in ((0, True), (1, False), (3598, True)):
        it.clock.advance(seconds)
        with pytest.raises(Refused, match="2025-09-27 13:00:00") as refused:
            it.billing.switch("ChatCompletions", on, ROOT, now(it))
        assert refused.value.until == NOON + HOUR
    assert it.billing.switch("GetEmbedding", True, ROOT, now(it)).on
    it.clock.advance(1)
    assert not it.billing.switch("ChatCompletions", False, ROOT, now(it)).on
    assert {api for api, switch in it.billing.switches(now(it)).items() if switch.on} == {"GetEmbedding"}


def test_a_switch_that_the_scenario_set_can_be_changed_at_once() -> None:
    it = postpaid("ChatCompletions")
    assert not it.billing.switch("ChatCompletions", False, ROOT, now(it)).on


def test_only_apis_that_are_billed_have_a_switch() -> None:
    with pytest.raises(Refused, match="RunRerank"):
        account().billing.switch("Rerank", True, ROOT, NOON)


def test_sub_accounts_need_the_roots_permission_to_change_a_switch() -> None:
    billing = account().billing
    with pytest.raises(Refused, match="permission"):
        billing.switch("ChatCompletions", True, SUB, NOON)
    with pytest.raises(Refused, match=ROOT):
        billing.permit(SUB, True, SUB)
    billing.permit(SUB, True, ROOT)
    assert billing.permitted == (SUB,)
    billing.switch("ChatCompletions", True, SUB, NOON)
    billing.permit(SUB, False, ROOT)
    with pytest.raises(Refused, match="permission"):
        billing.switch("GetEmbedding", True, SUB, NOON)


# overdue


def test_an_overdue_account_is_refused_until_it_is_topped_up() -> None:
    it = postpaid(paid_in=1)
    it.billing.resources.buy("tokens", 1000, now(it), models=["deepseek-r1"])
    chat(it, input=1_000_000)
    assert refusal(it) is None
    it.clock.advance(HOUR)
    assert balance(it) == -1 * MICRO
    assert refusal(it) == "in-arrears"
    assert refusal(it, model="deepseek-r1") == "in-arrears"  # the package's deduction is paused
    it.billing.top_up(1 * MICRO, "card", now(it))
    assert refusal(it) == "in-arrears"  # a balance of 0 is not positive
    it.billing.top_up(10_000, "card", now(it))
    assert refusal(it) is None
    assert refusal(it, model="deepseek-r1") is None


def test_a_balance_of_exactly_nothing_is_not_overdue() -> None:
    it = postpaid(paid_in=2)
    chat(it, input=1_000_000)
    it.clock.advance(HOUR)
    assert (balance(it), refusal(it)) == (0, None)


def test_packages_are_not_deducted_while_service_is_stopped() -> None:
    it = postpaid(paid_in=-1)
    described(it, (NOON + 10, 60), (NOON + 30, 60))
    it.billing.resources.buy("tokens", 1000, now(it))
    it.clock.advance(20)
    it.billing.top_up(2 * MICRO, "paypal", now(it))
    it.clock.advance(20)
    assert used(it) == {"1": 60}
    assert it.billing.waived == {"tokens": 60}


def test_that_packages_go_on_can_be_assumed() -> None:
    it = postpaid(paid_in=-1, overdue_pauses_packages=False)
    it.billing.resources.buy("tokens", 1000, now(it), models=["deepseek-r1"])
    assert refusal(it, model="deepseek-r1") is None
    assert refusal(it) == "in-arrears"


def test_a_grace_before_service_stops_can_be_assumed() -> None:
    it = postpaid(paid_in=1, overdue_grace_hours=24)
    it.ledger.add(steady(CHAT, seed=1, since=NOON, period=HOUR, calls=1, input=1_000_000))
    it.clock.advance(25 * HOUR - 1)
    assert balance(it) == 1 * MICRO - 24 * 2 * MICRO
    assert refusal(it) is None
    it.clock.advance(1)
    assert refusal(it) == "in-arrears"
    it.clock.advance(DAY)
    assert balance(it) == 1 * MICRO - 25 * 2 * MICRO


def test_a_closed_service_says_so_whatever_it_has() -> None:
    it = postpaid(paid_in=1)
    it.billing.activate(False)
    assert refusal(it) == "unopened"
    it.billing.activate(True)
    assert refusal(it) is None


def test_what_can_be_spent_follows() -> None:
    it = account()
    billing = it.billing
    assert billing.spendable("ChatCompletions", "deepseek-v3.2", now(it)) == 0
    billing.resources.grant("tokens", 500, now(it))
    billing.resources.buy("tokens", 70, now(it), models=["deepseek-v3.2"])
    assert billing.spendable("ChatCompletions", "deepseek-v3.2", now(it)) == 570
    chat(it, input=570)
    assert billing.spendable("ChatCompletions", "deepseek-v3.2", now(it)) == 0
    billing.switch("ChatCompletions", True, ROOT, now(it))
    assert billing.spendable("ChatCompletions", "deepseek-v3.2", now(it)) == 1


# bills and prices


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
    saved = json.dumps(it.billing.snapshot())
    it.billing.top_up(20 * MICRO, "card", now(it))
    it.clock.advance(DAY)
    assert balance(it) != 10 * MICRO
    twin = postpaid()
    twin.billing.restore(json.loads(saved))
    assert json.dumps(twin.billing.snapshot()) == saved
    assert twin.billing.wallet(NOON).pending == 2000
    assert twin.billing.price("ChatCompletions", "deepseek-v3.2").input == 0.002
    with pytest.raises(Refused, match="changed less than"):
        twin.billing.switch("GetEmbedding", True, SUB, NOON)


# concurrency


def test_calls_beyond_the_dedicated_concurrency_are_refused_and_told() -> None:
    it = account()
    it.models["cs-normal"] = Model("cs-normal", "cs-normal", 1, 5)
    it.billing.resources.buy("concurrency", 1, now(it), models=["cs-normal"], period="month")
    concurrency = it.concurrency
    assert concurrency.quota("cs-normal", now(it)) == 2
    concurrency.enter("cs-normal", NOON)
    concurrency.enter("cs-normal", NOON)
    for _ in range(3):
        with pytest.raises(Unserved) as unserved:
            concurrency.enter("cs-normal", NOON + 400)
        assert unserved.value.reason == "concurrency"
    concurrency.leave("cs-normal", NOON + 500)
    concurrency.enter("cs-normal", NOON + 500)
    concurrency.leave("cs-normal", NOON + 700)
    concurrency.leave("cs-normal", NOON + 1300)
    assert concurrency.peak("cs-normal", NOON, NOON + 1000) == 2
    assert concurrency.peak("cs-normal", NOON + 701, NOON + 702) == 1
    assert concurrency.peak("cs-normal", NOON + 1301, NOON + 2000) == 0
    assert concurrency.refusals("cs-normal", NOON, NOON + 400) == 0
    assert concurrency.refusals("cs-normal", NOON, NOON + 401) == 3
    assert concurrency.buckets("cs-normal", NOON - HOUR, NOON + HOUR, 300) == [
        (NOON, 2, 0),
        (NOON + 300, 2, 3),
        (NOON + 600, 2, 0),
        (NOON + 900, 1, 0),
        (NOON + 1200, 1, 0),
    ]
    assert concurrency.in_flight("cs-normal") == 0


def test_dedicated_concurrency_ends_with_its_package() -> None:
    it = account(shared_concurrency=1)
    package = it.billing.resources.buy("concurrency", 3, now(it), models=["cs-normal"], period="month")
    assert it.concurrency.quota("cs-normal", package.expires - 1) == 3
    assert it.concurrency.quota("cs-normal", package.expires) == 1
    assert it.concurrency.quota("hunyuan", package.expires) == 1


def test_shared_concurrency_has_no_limit_unless_one_is_assumed() -> None:
    it = account()
    for _ in range(100):
        it.concurrency.enter("deepseek-v3.2", NOON)
    assert it.concurrency.quota("deepseek-v3.2", NOON) is None
    assert it.concurrency.peak("deepseek-v3.2", NOON, NOON + 1) == 100


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
