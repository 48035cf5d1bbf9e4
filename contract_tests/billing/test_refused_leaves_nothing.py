"""First build, then check, then pay, then change: what was refused leaves no entry, no id and no cent."""

from collections.abc import Callable

import msgspec
import pytest

from contract_tests.billing.billing_account import MICRO, ROOT, SUB, account, balance, now, used
from lke_emulator.account.account import Account
from lke_emulator.billing.packages import TrialGrant
from lke_emulator.primitives.refused import Refused

END = 253_370_764_800
"""The last year before 10000 begins."""
REFUSED: dict[str, Callable[[Account], object]] = {
    "an unknown API": lambda it: it.billing.resources.buy("tokens", 5, now(it), apis=["Chat"], price=MICRO),
    "a period of what is usage-based": lambda it: it.billing.resources.buy(
        "tokens", 5, now(it), period="month", price=MICRO
    ),
    "an empty package": lambda it: it.billing.resources.buy("tokens", 0, now(it), price=MICRO),
    "APIs of what is held": lambda it: it.billing.resources.buy(
        "concurrency", 5, now(it), apis=["ChatCompletions"], price=MICRO
    ),
    "too little money": lambda it: it.billing.resources.buy("tokens", 5, now(it), price=100 * MICRO),
    "no price": lambda it: it.billing.resources.buy("tokens", 5, now(it)),
    "a price below 0": lambda it: it.billing.resources.buy("tokens", 5, now(it), price=-1),
    "a gift of nothing": lambda it: it.billing.resources.grant("tokens", 0, now(it)),
    "a gift that has expired": lambda it: it.billing.resources.grant("tokens", 5, now(it), days=0),
    "a renewal of what is usage-based": lambda it: it.billing.resources.renew("2", now(it), price=MICRO),
    "a renewal without money": lambda it: it.billing.resources.renew("1", now(it), price=100 * MICRO),
    "a renewal without a price": lambda it: it.billing.resources.renew("1", now(it)),
    "a renewal of nothing": lambda it: it.billing.resources.renew("9", now(it), price=1),
    "a second end": lambda it: it.billing.resources.expire("3", now(it)),
    "a second trial": lambda it: it.billing.resources.register(now(it)),
    "a switch of nothing": lambda it: it.billing.switch("Chat", True, ROOT, now(it)),
    "a switch without permission": lambda it: it.billing.switch("SearchPro", True, SUB, now(it)),
    "a switch too soon": lambda it: it.billing.switch("ChatCompletions", False, ROOT, now(it)),
    "a permission by a sub-account": lambda it: it.billing.permit(SUB, True, SUB),
    "a payment by cash": lambda it: it.billing.top_up(MICRO, "cash", now(it)),
    "a payment of half a cent": lambda it: it.billing.top_up(5000, "card", now(it)),
    "a channel that is not there": lambda it: it.billing.choose_channels(["email", "fax"]),
}


def busy() -> Account:
    it = account(purchase_payment="balance", trial_grants=(TrialGrant(kind="split", total=9),))
    it.billing.open(balance=10 * MICRO)
    resources = it.billing.resources
    resources.buy("concurrency", 5, now(it), price=MICRO)
    resources.buy("tokens", 5, now(it), price=MICRO)
    resources.expire(resources.grant("pages", 5, now(it)).id, now(it))
    resources.register(now(it))
    it.billing.switch("ChatCompletions", True, ROOT, now(it))
    it.clock.advance(60)
    it.billing.settle(now(it))
    return it


@pytest.mark.parametrize("name", REFUSED)
def test_what_was_refused_changed_nothing(name: str) -> None:
    it = busy()
    before = msgspec.json.encode(it.billing.saved())
    with pytest.raises(Refused):
        REFUSED[name](it)
    assert msgspec.json.encode(it.billing.saved()) == before


def test_the_package_after_a_refused_purchase_has_the_next_id_and_its_own_entry_alone() -> None:
    it = busy()
    for _ in range(2):
        with pytest.raises(Refused):
            it.billing.resources.buy("tokens", 5, now(it), apis=["Chat"], price=MICRO)
    package = it.billing.resources.buy("tokens", 5, now(it), price=MICRO)
    assert package.id == "5"
    assert balance(it) == 7 * MICRO
    assert [entry.package for entry in it.billing.wallet(now(it)).history] == ["1", "2", "5"]


def test_a_trial_that_cannot_be_given_whole_is_not_given() -> None:
    it = account(trial_grants=(TrialGrant(kind="tokens", total=9), TrialGrant(kind="tokens", total=0)))
    for _ in range(2):
        with pytest.raises(Refused, match="at least 1 token"):
            it.billing.resources.register(now(it))
    assert used(it) == {}


def test_a_package_cannot_be_renewed_out_of_the_calendar() -> None:
    it = account()
    resources = it.billing.resources
    package = resources.buy("knowledge", 5, now(it), period="year")
    while package.expires < END:
        resources.renew(package.id, now(it))
    with pytest.raises(Refused, match="10000"):
        resources.renew(package.id, now(it))
