"""The resource packages of an account: the list, the trial, prices, renewal, knowledge capacity (BA-10 to BA-13, RL-2 to
RL-18)."""

from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.billing.billing_account import DAY, MICRO, NOON, account, balance, chat, now, used
from lke_emulator.account.account import Account
from lke_emulator.billing.packages import APIS, OFFERS, TrialGrant
from lke_emulator.primitives.refused import Refused


def at(text: str) -> int:
    """Unix seconds of a moment in the account's zone."""
    return int((datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=8)).timestamp())


def ids(it: Account, *statuses: str, **filters: object) -> list[str]:
    return [row.id for row in it.billing.resources.list(now(it), statuses, **filters)]  # type: ignore[arg-type]


# the list


def test_the_list_shows_what_is_available_unless_other_states_are_chosen() -> None:
    it = account()
    resources = it.billing.resources
    exhausted = resources.grant("tokens", 10, now(it)).id
    expired = resources.grant("pages", 10, now(it), days=1).id
    available = resources.buy("tokens", 100, now(it)).id
    dedicated = resources.buy("concurrency", 5, now(it), models=["hunyuan"], period="month").id
    chat(it, input=10)
    it.clock.advance(DAY)
    assert {row.id for row in resources.list(now(it))} == {available, dedicated}
    assert ids(it, "exhausted") == [exhausted]
    assert ids(it, "expired") == [expired]
    assert sorted(ids(it)) == sorted([exhausted, expired, available, dedicated])
    assert ids(it, kinds=["concurrency"]) == [dedicated]


def test_a_row_says_source_use_and_expiry() -> None:
    it = account()
    it.billing.resources.grant("tokens", 500, now(it), name="Welcome", models=["hunyuan"], days=30)
    it.billing.resources.buy("knowledge", 1000, now(it), period="year", price=9 * MICRO)
    chat(it, input=20, output=3, model="hunyuan")
    trial, bought = it.billing.resources.list(now(it))
    assert (trial.source, trial.status, trial.unit, trial.name) == ("trial", "available", "token", "Welcome")
    assert (trial.total, trial.used, trial.remaining) == (500, 23, 477)
    assert (trial.models, trial.apis, trial.period) == (("hunyuan",), (), "")
    assert trial.expires == NOON + 30 * DAY
    assert (bought.source, bought.unit, bought.period, bought.price) == ("purchased", "character", "year", 9 * MICRO)
    assert bought.expires == at("2026-09-27 12:00")


def test_an_exhausted_package_is_expired_once_its_validity_ends() -> None:
    it = account()
    it.billing.resources.grant("tokens", 10, now(it), days=1)
    chat(it, input=10)
    assert ids(it, "exhausted") == ["1"]
    it.clock.advance(DAY)
    assert (ids(it, "exhausted"), ids(it, "expired")) == ([], ["1"])


def test_an_unused_rest_lapses() -> None:
    it = account()
    it.billing.resources.grant("tokens", 10, now(it), days=1)
    chat(it, input=4)
    it.clock.advance(DAY)
    [row] = it.billing.resources.list(now(it), ["expired"])
    assert (row.used, row.remaining) == (4, 6)
    assert it.billing.spendable("ChatCompletions", "deepseek-v3.2", now(it)) == 0


# the trial


def test_registering_gives_the_documented_trial_of_rewriting() -> None:
    it = account()
    it.billing.resources.register(now(it))
    assert it.billing.spendable("QueryRewrite", "", now(it)) == 500_000
    assert {row.source for row in it.billing.resources.list(now(it))} == {"trial"}


def test_the_trial_lets_every_api_be_tried_but_images() -> None:
    it = account()
    it.billing.resources.register(now(it))
    assert [api for api in APIS if it.billing.refusal(api, "some-model", now(it))] == ["ImageGeneration"]


def test_the_trial_is_given_once() -> None:
    it = account()
    it.billing.resources.register(now(it))
    count = len(ids(it))
    it.clock.advance(400 * DAY)
    with pytest.raises(Refused, match="once"):
        it.billing.resources.register(now(it))
    assert len(ids(it)) == count


def test_the_trial_can_be_assumed_otherwise() -> None:
    it = account(trial_grants=(TrialGrant(kind="tokens", total=7, models=("hunyuan",), days=3),))
    it.billing.resources.register(now(it))
    [row] = it.billing.resources.list(now(it))
    assert (row.total, row.models, row.expires) == (7, ("hunyuan",), NOON + 3 * DAY)


# buying


def test_a_bought_package_is_valid_for_one_year() -> None:
    package = account().billing.resources.buy("tokens", 100, NOON)
    assert (package.start, package.expires) == (NOON, at("2026-09-27 12:00"))


def test_a_year_from_a_leap_day_ends_in_february() -> None:
    package = account(at("2024-02-29 08:00")).billing.resources.buy("tokens", 100, at("2024-02-29 08:00"))
    assert package.expires == at("2025-02-28 08:00")


@pytest.mark.parametrize(
    ("kind", "api", "total", "dollars"),
    [
        ("pages", "CreateReconstructDocumentFlow", 500, 42),
        ("pages", "CreateReconstructDocumentFlow", 1_000, 75),
        ("pages", "CreateReconstructDocumentFlow", 10_000, 708),
        ("pages", "CreateReconstructDocumentFlow", 50_000, 2_333),
        ("pages", "CreateReconstructDocumentFlow", 100_000, 4_083),
        ("pages", "CreateReconstructDocumentFlow", 500_000, 16_667),
        ("pages", "CreateReconstructDocumentFlow", 1_000_000, 31_250),
        ("pages", "CreateReconstructDocumentFlow", 5_000_000, 120_834),
        ("split", "CreateSplitDocumentFlow", 5_000_000, 59),
        ("split", "CreateSplitDocumentFlow", 100_000_000, 1_084),
        ("tokens", "GetEmbedding", 50_000_000, 42),
        ("tokens", "GetEmbedding", 100_000_000, 83),
        ("tokens", "GetEmbedding", 5_000_000_000, 375),
        ("tokens", "GetEmbedding", 10_000_000_000, 750),
    ],
)
def test_documented_package_prices_in_usd(kind: str, api: str, total: int, dollars: int) -> None:
    assert len(OFFERS) == 14
    it = account(purchase_payment="balance")
    it.billing.open(balance=200_000 * MICRO)
    package = it.billing.resources.buy(kind, total, now(it), apis=[api])  # type: ignore[arg-type]
    assert package.price == dollars * MICRO
    assert balance(it) == (200_000 - dollars) * MICRO


def test_a_purchase_is_paid_for_beside_the_balance_and_in_the_history() -> None:
    it = account()
    it.billing.resources.buy("pages", 500, now(it), apis=["CreateReconstructDocumentFlow"])
    [entry] = it.billing.wallet(now(it)).history
    assert (entry.kind, entry.paid, entry.amount, entry.balance, entry.package) == ("purchase", 42 * MICRO, 0, 0, "1")


def test_from_the_balance_nothing_is_bought_that_it_does_not_pay_for() -> None:
    it = account(purchase_payment="balance")
    it.billing.open(balance=5 * MICRO)
    resources = it.billing.resources
    with pytest.raises(Refused, match=r"5\.00 does not pay for 6\.50"):
        resources.buy("tokens", 100, now(it), price=6_500_000)
    with pytest.raises(Refused, match="price"):
        resources.buy("tokens", 100, now(it))
    assert ids(it) == []
    resources.buy("tokens", 100, now(it), price=5 * MICRO)
    assert (balance(it), ids(it)) == (0, ["1"])


def test_what_cannot_be_a_package_is_refused() -> None:
    resources = account().billing.resources
    with pytest.raises(Refused, match="at least 1 token"):
        resources.buy("tokens", 0, NOON)
    with pytest.raises(Refused, match="Chat"):
        resources.buy("tokens", 5, NOON, apis=["Chat"])
    with pytest.raises(Refused, match="usage-based"):
        resources.buy("tokens", 5, NOON, period="month")
    with pytest.raises(Refused, match="not below 0"):
        resources.buy("tokens", 5, NOON, price=-1)
    with pytest.raises(Refused, match="after it began"):
        resources.declare("tokens", 5, "trial", NOON, expires=NOON)
    assert resources.list(NOON, statuses=()) == []


# renewing and expiring


def test_a_prepaid_package_is_renewed_by_another_period_that_ends_on_the_day_it_began() -> None:
    it = account(at("2025-01-31 12:00"))
    resources = it.billing.resources
    package = resources.buy("concurrency", 5, now(it), period="month")
    assert package.expires == at("2025-02-28 12:00")
    assert resources.renew(package.id, now(it)).expires == at("2025-03-31 12:00")
    assert resources.renew(package.id, now(it), "year", price=3 * MICRO).expires == at("2026-03-31 12:00")
    assert resources.renew(package.id, now(it), "month").expires == at("2026-04-30 12:00")
    assert [entry.kind for entry in it.billing.wallet(now(it)).history] == ["purchase", *["renewal"] * 3]


def test_an_expired_one_is_renewed_from_the_day_of_renewal() -> None:
    it = account(at("2025-01-15 12:00"))
    resources = it.billing.resources
    package = resources.buy("concurrency", 5, now(it), models=["hunyuan"], period="month")
    it.clock.set(at("2025-06-10 09:00"))
    assert resources.dedicated("hunyuan", now(it)) == 0
    assert resources.renew(package.id, now(it)).expires == at("2025-07-10 09:00")
    assert resources.dedicated("hunyuan", now(it)) == 5


def test_a_usage_based_package_is_not_renewed() -> None:
    it = account()
    package = it.billing.resources.buy("tokens", 5, now(it))
    with pytest.raises(Refused, match="buy another"):
        it.billing.resources.renew(package.id, now(it))
    with pytest.raises(Refused, match="no package '9'"):
        it.billing.resources.renew("9", now(it))


def test_a_package_can_be_ended_at_once_and_only_once() -> None:
    it = account()
    package = it.billing.resources.grant("tokens", 100, now(it))
    it.clock.advance(5)
    it.billing.resources.expire(package.id, now(it))
    assert ids(it, "expired") == [package.id]
    assert it.billing.refusal("ChatCompletions", "", now(it)) == "run-out"
    with pytest.raises(Refused, match="expired already"):
        it.billing.resources.expire(package.id, now(it))
    assert [(one.time, one.event) for one in it.billing.notices(now(it))] == [(NOON + 5, "expired")]


def test_a_package_that_begins_later_pays_from_then_on() -> None:
    it = account()
    it.billing.resources.declare("tokens", 100, "purchased", NOON + DAY)
    assert it.billing.refusal("ChatCompletions", "", now(it)) == "run-out"
    it.clock.advance(DAY)
    assert it.billing.refusal("ChatCompletions", "", now(it)) is None
    chat(it, input=5)
    assert used(it) == {"1": 5}


# knowledge capacity


def stored(base: int, characters: int) -> Account:
    it = account()
    it.knowledge.declare(base, {"1801": characters})
    return it


def test_knowledge_capacity_adds_up_while_it_is_paid_for() -> None:
    it = stored(100, 250)
    package = it.billing.resources.buy("knowledge", 200, now(it), period="month")
    capacity = it.billing.resources.capacity(now(it))
    assert (capacity.total, capacity.used, capacity.available, capacity.exceeded, capacity.isolated) == (
        300,
        250,
        50,
        0,
        0,
    )
    [row] = it.billing.resources.list(now(it))
    assert (row.id, row.used, row.remaining) == (package.id, 150, 50)


def test_the_knowledge_packages_are_filled_one_after_the_other() -> None:
    it = stored(100, 350)
    for characters in (200, 100, 100):
        it.billing.resources.buy("knowledge", characters, now(it), period="month")
        it.clock.advance(DAY)
    assert [row.used for row in it.billing.resources.list(now(it))] == [200, 50, 0]


def test_knowledge_beyond_the_capacity_is_isolated_when_it_expires_and_restored_by_hand() -> None:
    it = stored(100, 250)
    resources = it.billing.resources
    package = resources.buy("knowledge", 200, now(it), period="month")
    it.clock.set(package.expires - 1)
    assert resources.capacity(now(it)).isolated == 0
    it.clock.advance(1)
    capacity = resources.capacity(now(it))
    assert (capacity.total, capacity.used, capacity.isolated) == (100, 100, 150)
    with pytest.raises(Refused, match="150 characters are isolated and the capacity has room for 0"):
        resources.restore_knowledge(now(it))
    resources.buy("knowledge", 149, now(it), period="month")
    with pytest.raises(Refused, match="room for 149"):
        resources.restore_knowledge(now(it))
    resources.renew(package.id, now(it))
    assert resources.capacity(now(it)).isolated == 150
    capacity = resources.restore_knowledge(now(it))
    assert (capacity.total, capacity.used, capacity.isolated) == (449, 250, 0)


def test_each_expiry_isolates_what_then_is_too_much() -> None:
    it = stored(100, 250)
    for days in (0, 10):
        it.clock.advance(days * DAY)
        it.billing.resources.buy("knowledge", 100, now(it), period="month")
    it.clock.advance(25 * DAY)
    assert it.billing.resources.capacity(now(it)) == (200, 200, 50)
    it.clock.advance(10 * DAY)
    assert it.billing.resources.capacity(now(it)) == (100, 100, 150)


def test_other_packages_isolate_nothing_when_they_expire() -> None:
    it = stored(100, 250)
    it.billing.resources.grant("tokens", 5, now(it), days=1)
    it.clock.advance(2 * DAY)
    assert it.billing.resources.capacity(now(it)) == (100, 250, 0)
