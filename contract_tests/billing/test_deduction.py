"""Which package pays for a call, in which order, and what a scenario's usage takes (BA-12 to BA-16, RL-4, RL-5)."""

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
from lke_emulator.billing.packages import APIS, Kind
from lke_emulator.billing.prices import Price
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import steady


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


def test_a_call_that_uses_up_a_package_takes_no_money_while_every_switch_is_off() -> None:
    it = account()
    it.billing.resources.buy("tokens", 100, now(it))
    other = it.billing.resources.buy("tokens", 100, now(it), apis=["GetEmbedding"]).id
    assert refusal(it) is None
    assert chat(it, input=1100) == 0
    assert it.billing.waived == {"tokens": 1000}
    it.clock.advance(2 * HOUR)
    assert (balance(it), it.billing.bills(now(it)), it.billing.wallet(now(it)).overdue_since) == (0, [], None)
    assert refusal(it) == "run-out"
    assert refusal(it, "GetEmbedding") is None
    assert used(it)[other] == 0


def test_that_it_is_billed_all_the_same_can_be_assumed() -> None:
    it = account(overflow="postpaid")
    it.billing.open(currency="CNY")
    it.billing.resources.buy("tokens", 100, now(it))
    assert chat(it, input=60, output=1040) == 1000 * 3
    assert it.billing.waived == {}
    assert refusal(it) == "run-out"


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
