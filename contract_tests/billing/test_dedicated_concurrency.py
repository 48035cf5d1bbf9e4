"""Dedicated concurrency is a remedy for exhausted packages (BA-13): calls of its model are let through, within its quota."""

import pytest

from contract_tests.billing.billing_account import (
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
from lke_emulator.billing.billing import Unserved

MODEL = "deepseek-v3.2"


def test_calls_of_its_model_are_let_through_while_it_holds() -> None:
    it = account()
    resources = it.billing.resources
    resources.grant("tokens", 10, now(it))
    chat(it, input=10)
    assert refusal(it) == "run-out"
    package = resources.buy("concurrency", 2, now(it), models=[MODEL], period="month")
    assert refusal(it) is None
    assert refusal(it, "KnowledgeQA") is None
    assert refusal(it, model="deepseek-r1") == "run-out"
    assert it.billing.spendable("ChatCompletions", MODEL, now(it)) == 1
    it.clock.set(package.expires)
    assert refusal(it) == "run-out"


def test_embeddings_and_images_have_no_generative_model() -> None:
    it = account()
    it.billing.resources.buy("concurrency", 2, now(it))
    for api in ("GetEmbedding", "RunRerank", "QueryRewrite", "ImageGeneration", "SearchPro", "FileParse"):
        assert refusal(it, api) == "run-out"
    assert refusal(it) is None


def test_no_more_calls_than_its_quota() -> None:
    it = account()
    it.billing.resources.buy("concurrency", 2, now(it), models=[MODEL])
    for _ in range(2):
        it.concurrency.enter(MODEL, now(it))
    with pytest.raises(Unserved) as unserved:
        it.concurrency.enter(MODEL, now(it))
    assert unserved.value.reason == "concurrency"


def test_it_pays_for_tokens_after_the_packages_and_before_the_balance() -> None:
    it = postpaid(paid_in=10)
    it.billing.resources.buy("tokens", 100, now(it))
    it.billing.resources.buy("concurrency", 2, now(it), models=[MODEL])
    assert chat(it, input=60, output=1000) == 0
    assert used(it)["1"] == 100
    assert (it.billing.covered, it.billing.waived, it.billing.bills(now(it))) == (960, {}, [])
    assert chat(it, input=1000, model="deepseek-v3") == 2000


def test_that_postpaid_pays_where_it_is_on_can_be_assumed() -> None:
    it = postpaid(paid_in=10, dedicated_usage="postpaid")
    it.billing.resources.buy("concurrency", 2, now(it), models=[MODEL])
    assert chat(it, input=1000) == 2000
    it.billing.switch("ChatCompletions", False, it.uin, now(it))
    assert refusal(it) is None
    assert chat(it, input=1000) == 0
    assert it.billing.covered == 1000


def test_what_the_scenario_uses_is_covered_as_long_as_it_holds() -> None:
    it = postpaid(paid_in=10)
    described(it, (NOON + HOUR, 1000), (NOON + 40 * DAY, 1000))
    it.billing.resources.buy("concurrency", 2, now(it), models=[MODEL], period="month")
    it.clock.advance(50 * DAY)
    assert balance(it) == 10 * MICRO - 2000
    assert it.billing.covered == 1000


def test_an_overdue_account_has_no_use_of_it() -> None:
    it = postpaid(paid_in=-1)
    it.billing.resources.buy("concurrency", 2, now(it), models=[MODEL])
    assert refusal(it) == "in-arrears"
    it.billing.top_up(2 * MICRO, "card", now(it))
    assert refusal(it) is None


def test_how_many_places_there_were_is_told_of_the_time_that_is_asked_for() -> None:
    it = account()
    resources = it.billing.resources
    package = resources.buy("concurrency", 5, now(it), models=[MODEL], period="month")
    it.clock.advance(DAY)
    resources.buy("concurrency", 2, now(it), period="month")
    first, second = package.expires, package.expires + DAY
    it.clock.set(second + 10 * DAY)
    resources.renew(package.id, now(it))
    places = [
        (NOON - DAY, NOON, 0),
        (NOON - DAY, NOON + 1, 5),
        (NOON, NOON + DAY, 5),
        (NOON, NOON + DAY + 1, 7),
        (first - 1, first, 7),
        (first, second, 2),
        (second, second + 10 * DAY, 0),
        (second + 10 * DAY, second + 10 * DAY, 5),
    ]
    for start, stop, most in places:
        assert it.most_places(MODEL, start, stop) == most
