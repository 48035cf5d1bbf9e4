"""What happens when no package pays: postpaid, its switches, and an account that is overdue (BA-17 to BA-22)."""

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
from lke_emulator.account.account import Account
from lke_emulator.billing.billing import Unserved
from lke_emulator.billing.packages import APIS
from lke_emulator.primitives.refused import Refused
from lke_emulator.usage.series import steady

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
