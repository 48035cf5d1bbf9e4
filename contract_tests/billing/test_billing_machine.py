"""Whatever an account does, in whatever order: the laws of billing hold, and leaping over time changes nothing."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contract_tests.billing.billing_reference import DAY, HOUR, KINDS, PRICES, Pack, Reference, figures
from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.billing.billing import Unserved
from lke_emulator.billing.packages import Package
from lke_emulator.billing.prices import Price
from lke_emulator.primitives.clock import Clock
from lke_emulator.primitives.refused import Refused
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import Series, literal, steady

ROOT = "100000000001"
BEGIN = 1758945600 + 1234
"""Some time after noon, at UTC+8."""
MICRO = 1_000_000
CENT = 10_000
APIS = ("ChatCompletions", "GetEmbedding", "SearchPro", "KnowledgeQA")
MODELS = ("deepseek-v3.2", "deepseek-r1")
OWN = Price(
    input=PRICES["input"] / MICRO,
    output=PRICES["output"] / MICRO,
    page=PRICES["page"] / MICRO,
    search=PRICES["search"] / MICRO,
)

apis = st.sampled_from(APIS)
models = st.sampled_from(MODELS)
scopes = st.tuples(
    st.one_of(st.just(()), st.just(()), st.tuples(models)),
    st.one_of(st.just(()), st.just(()), st.tuples(apis), st.just(("GetEmbedding", "SearchPro"))),
)
sizes = st.one_of(st.integers(1, 100), st.integers(1, 20_000))
kinds = st.sampled_from(["tokens", *KINDS, "tokens"])
lines = st.one_of(
    st.builds(Line, api=apis, model=models, key=st.sampled_from(["1", "2"])),
    st.builds(Line, sub_biz_type=st.just("KnowledgeQA"), model=models),
)
amounts = st.builds(
    Amounts,
    st.integers(1, 3),
    st.integers(0, 3000),
    st.integers(0, 2000),
    st.integers(0, 5),
    st.just(0),
    *[st.integers(0, 3)] * 2,
)
points = st.lists(st.tuples(st.integers(BEGIN, BEGIN + 12 * DAY), amounts), min_size=1, max_size=8)
regular = st.builds(
    steady,
    lines,
    seed=st.just(1),
    since=st.integers(BEGIN, BEGIN + DAY),
    until=st.just(BEGIN + 9 * DAY),
    calls=st.integers(1, 20),
    input=st.integers(0, 900),
    output=st.integers(0, 400),
    internet=st.integers(0, 1),
    spread=st.just(0.5),
)
usage = st.lists(st.one_of(regular, regular, st.builds(literal, lines, points)), min_size=1, max_size=4)
zones = st.sampled_from([28800, 20700, -12600])
balances = st.one_of(st.integers(30_000, 900_000), st.integers(-5, 30_000), st.integers(30_000, 900_000))
"""A call costs some thousand."""
spans = st.one_of(
    st.integers(0, 9000), st.integers(0, 3 * HOUR), st.integers(0, 2 * DAY), st.integers(0, 2 * DAY), st.just(30 * DAY)
)


class Had(NamedTuple):
    """A package that somebody gets."""

    kind: Any
    total: int
    scope: tuple[tuple[str, ...], tuple[str, ...]]
    """Models and APIs."""
    days: int
    """Of a trial; 0 for a purchase."""


totals = st.one_of(st.integers(1, 60), st.integers(1000, 30_000), st.integers(30_000, 300_000))
packages = st.builds(Had, kinds, totals, scopes, st.one_of(st.just(0), st.integers(1, 40)))


class Call(NamedTuple):
    line: Line
    now: int
    amounts: Any


def account_with(given: list[Series], zone: int, balance: int, **assumed: Any) -> Account:
    account = Account(ROOT, zone=zone, clock=Clock(BEGIN, frozen=True), assumptions=Assumptions(**assumed))
    for one in given:
        account.ledger.add(one)
    account.billing.open(balance=balance, prices=[OWN])
    return account


def state(account: Account) -> dict[str, Any]:
    """What the reference tells of itself."""
    billing, now = account.billing, account.clock.now()
    wallet = billing.wallet(now)
    return {
        "used": {row.id: row.used for row in billing.resources.list(now, statuses=())},
        "balance": wallet.balance,
        "overdue": wallet.overdue_since is not None,
        "bills": {(bill.hour, bill.api, bill.model): bill.charge for bill in billing.bills(now)},
        "covered": billing.covered,
        "waived": billing.waived,
        "notices": sorted(
            (one.time, one.sender, one.event, one.threshold, one.package) for one in billing.notices(now)
        ),
    }


class Machine(RuleBasedStateMachine):
    @initialize(
        given=usage,
        zone=zones,
        balance=balances,
        had=st.lists(packages, min_size=2, max_size=6),
        on=st.lists(apis, unique=True),
    )
    def start(self, given: list[Series], zone: int, balance: int, had: list[Had], on: list[str]) -> None:
        self.given, self.zone, self.balance = given, zone, balance
        self.account = account_with(given, zone, balance)
        self.reference = Reference(Ledger(zone, given), zone, BEGIN, balance)
        self.calls: list[Call] = []
        self.credited = 0
        self.changed: dict[str, float] = {}
        self.saved: list[tuple[Any, ...]] = []
        for one in had:
            self.a_package_is_had(one)
        for api in on:
            self.a_switch_is_turned(api, True)

    @property
    def now(self) -> int:
        return int(self.account.clock.now())

    @rule(uses=st.lists(st.tuples(lines, sizes, st.integers(0, 900), spans, st.integers(0, 3)), min_size=1, max_size=6))
    def calls_are_made(self, uses: list[tuple[Line, int, int, int, int]]) -> None:
        for line, input, output, seconds, extra in uses:
            self.account.clock.advance(seconds // 40)
            self.call(line, {"input": input, "output": output, "pages": extra // 2, "internet": extra % 2})

    def call(self, line: Line, used: Any) -> None:
        self.reference.settle(self.now)
        cell = (line.api or line.sub_biz_type, line.model)
        self.reference.consume(cell, Amounts(1, **used), self.reference.cursor - 1, served=True)
        before = sum(bill.charge for bill in self.account.billing.bills(self.now))
        paid = self.account.billing.record(line, self.now, **used)
        assert paid == sum(bill.charge for bill in self.account.billing.bills(self.now)) - before
        self.calls.append(Call(line, self.now, used))

    @rule(had=packages)
    def a_package_is_had(self, had: Had) -> None:
        resources, (models, apis) = self.account.billing.resources, had.scope
        self.reference.settle(self.now)
        if had.days:
            package = resources.grant(had.kind, had.total, self.now, models=models, apis=apis, days=had.days)
            assert package.expires - package.start == had.days * DAY
        else:
            package = resources.buy(had.kind, had.total, self.now, models=models, apis=apis)
            assert package.expires - package.start in (365 * DAY, 366 * DAY)
        self.keep(package, had.kind)

    @rule(total=st.integers(1, 9), names=st.lists(models, max_size=1))
    def concurrency_is_bought(self, total: int, names: list[str]) -> None:
        self.reference.settle(self.now)
        resources = self.account.billing.resources
        self.keep(resources.buy("concurrency", total, self.now, models=names, period="month"), "concurrency")

    def keep(self, package: Package, kind: str) -> None:
        trial = package.source == "trial"
        pack = Pack(
            package.id, kind, trial, package.total, package.bought, package.expires, package.models, package.apis
        )
        pack.start, pack.prepaid = package.start, kind == "concurrency"
        self.reference.packs.append(pack)

    @precondition(lambda self: self.reference.packs)
    @rule(data=st.data())
    def a_package_is_renewed(self, data: st.DataObject) -> None:
        pack = data.draw(st.sampled_from(self.reference.packs))
        resources = self.account.billing.resources
        self.reference.settle(self.now)
        if not pack.prepaid:
            with pytest.raises(Refused):
                resources.renew(pack.id, self.now)
            return
        before = max(pack.expires, self.reference.cursor - 1)
        if pack.expires < before:
            pack.start = before
        pack.expires = resources.renew(pack.id, self.now).expires
        assert 28 * DAY <= pack.expires - before <= 31 * DAY

    @precondition(lambda self: self.reference.packs)
    @rule(data=st.data())
    def a_package_is_ended(self, data: st.DataObject) -> None:
        pack = data.draw(st.sampled_from(self.reference.packs))
        self.reference.settle(self.now)
        moment = self.reference.cursor - 1
        if pack.expires <= moment:
            with pytest.raises(Refused):
                self.account.billing.resources.expire(pack.id, self.now)
            return
        self.account.billing.resources.expire(pack.id, self.now)
        pack.expires = moment
        if (notice := (moment, "console", "expired", 0, pack.id)) not in self.reference.notices:
            self.reference.notices.append(notice)

    @rule(seconds=spans)
    def time_passes(self, seconds: int) -> None:
        self.account.clock.advance(seconds)

    @rule(seconds=st.sampled_from([-1, 0, 1]))
    def an_hour_ends(self, seconds: int) -> None:
        self.account.clock.advance(HOUR - (self.now + self.zone) % HOUR + seconds)

    @rule(seconds=st.integers(1, 2 * DAY))
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.reference.turn_back(self.now, self.now - seconds)
        self.account.clock.advance(-seconds)

    @rule(api=apis, on=st.booleans())
    def a_switch_is_turned(self, api: str, on: bool) -> None:
        self.reference.settle(self.now)
        if 0 <= self.now - self.changed.get(api, float("-inf")) < HOUR:
            with pytest.raises(Refused) as refused:
                self.account.billing.switch(api, on, ROOT, self.now)
            assert refused.value.until == self.changed[api] + HOUR
            return
        self.account.billing.switch(api, on, ROOT, self.now)
        self.changed[api] = self.now
        self.reference.on = self.reference.on | {api} if on else self.reference.on - {api}

    @rule(cents=st.integers(1, 99))
    def money_is_paid_in(self, cents: int) -> None:
        self.reference.settle(self.now)
        self.account.billing.top_up(cents * CENT, "card", self.now)
        self.reference.top_up(cents * CENT)
        self.credited += cents * CENT

    @rule()
    def all_is_saved(self) -> None:
        self.reference.settle(self.now)
        self.account.billing.settle(self.now)
        snapshot = self.account.billing.saved()
        stand = (list(self.calls), self.credited, dict(self.changed), self.now)
        self.saved.append((snapshot, self.reference.copy(), *stand))

    @precondition(lambda self: self.saved)
    @rule(data=st.data())
    def what_was_saved_comes_back(self, data: st.DataObject) -> None:
        snapshot, reference, calls, self.credited, changed, now = data.draw(st.sampled_from(self.saved))
        self.reference, self.changed = reference.copy(), dict(changed)
        self.account = account_with(self.given, self.zone, 0)
        self.account.clock.set(now)
        self.calls = list(calls)
        for call in self.calls:
            self.account.ledger.record(call.line, call.now, **call.amounts)
        self.account.billing.restored(snapshot)

    @invariant()
    def it_is_as_if_every_second_had_been_looked_at(self) -> None:
        self.reference.settle(self.now)
        assert state(self.account) == self.reference.state()

    @invariant()
    def nothing_is_lost_and_nothing_counts_twice(self) -> None:
        billing = self.account.billing
        rows = billing.resources.list(self.now, statuses=())
        for row in rows:
            assert 0 <= row.used <= row.total
            assert row.used + row.remaining == row.total
        used = figures(self.account.ledger.totals(Filter(), 0, self.reference.allotted))
        paid = [figures(bill.amounts) for bill in billing.bills(self.now)]
        waived: dict[Any, int] = billing.waived
        for kind in KINDS:
            deducted = sum(row.used for row in rows if row.kind == kind)
            postpaid = sum(one[kind] for one in paid)
            covered = billing.covered if kind == "tokens" else 0
            assert deducted + postpaid + covered + waived.get(kind, 0) == used[kind]

    @invariant()
    def the_balance_is_what_was_paid_in_less_the_bills(self) -> None:
        wallet = self.account.billing.wallet(self.now)
        billed = sum(bill.charge for bill in self.account.billing.bills(self.now))
        assert wallet.balance == self.balance + self.credited - billed + wallet.pending
        assert wallet.balance == self.balance + sum(entry.amount for entry in wallet.history)
        assert wallet.balance >= 0 or wallet.overdue_since is not None

    @invariant()
    def nothing_is_told_twice(self) -> None:
        notices = self.account.billing.notices(self.now)
        amounts = [
            (one.package, one.sender, one.threshold) for one in notices if one.event in ("remaining", "exhausted")
        ]
        days = [(one.package, one.sender, one.threshold, one.time) for one in notices if one.event == "expiring"]
        assert len(amounts) == len(set(amounts))
        assert len(days) == len(set(days))

    @invariant()
    def a_call_is_served_where_something_pays_for_it(self) -> None:
        billing, reference = self.account.billing, self.reference
        reference.settle(self.now)
        for api, kind in (("ChatCompletions", "tokens"), ("SearchPro", "searches")):
            try:
                billing.admit(api, MODELS[0], ROOT, self.now)
                reason = None
            except Unserved as unserved:
                reason = unserved.reason
            cell, moment = (api, MODELS[0]), reference.cursor - 1
            if reference.overdue:
                assert reason == "in-arrears"
            elif api in reference.on or reference.is_dedicated(cell, moment):
                assert reason is None
            else:
                pays = any(pack.pays(kind, cell, moment) for pack in reference.packs)
                assert reason == (None if pays else "run-out")


TestBilling = Machine.TestCase
TestBilling.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


@settings(max_examples=40, deadline=None)
@given(
    given=usage,
    zone=zones,
    balance=balances,
    had=st.lists(packages, min_size=3, max_size=6),
    on=st.one_of(st.just(APIS), st.tuples(apis)),
    looks=st.lists(st.integers(0, 14 * DAY), max_size=12),
)
def test_weeks_are_leapt_over_as_if_somebody_had_looked_at_every_second(
    given: list[Series], zone: int, balance: int, had: list[Had], on: tuple[str, ...], looks: list[int]
) -> None:
    snapshots = []
    for moments in (sorted(looks), []):
        machine = Machine()
        machine.start(given, zone, balance, had, [*on])
        for moment in (*moments, 14 * DAY):
            machine.account.billing.settle(BEGIN + moment)
        snapshots.append(machine.account.billing.saved())
    assert snapshots[0] == snapshots[1]
    machine.account.clock.set(BEGIN + 14 * DAY)
    machine.it_is_as_if_every_second_had_been_looked_at()
    machine.nothing_is_lost_and_nothing_counts_twice()


@settings(max_examples=20, deadline=None)
@given(given=usage, zone=zones, balance=balances, looks=st.lists(st.integers(0, 60 * DAY), max_size=12))
def test_months_are_settled_alike_however_often_somebody_looks(
    given: list[Series], zone: int, balance: int, looks: list[int]
) -> None:
    snapshots = []
    for moments in (sorted(looks), []):
        account = account_with(given, zone, balance, settlement="monthly")
        account.billing.open(balance=balance, prices=[OWN], postpaid=APIS)
        for moment in (*moments, 60 * DAY):
            account.billing.settle(BEGIN + moment)
        snapshots.append(account.billing.saved())
        october, november = (midnight - zone for midnight in (1759276800, 1761955200))
        now = BEGIN + 60 * DAY
        september = sum(bill.charge for bill in account.billing.bills(now, stop=october))
        billed = sum(bill.charge for bill in account.billing.bills(now))
        wallet = account.billing.wallet(now)
        assert wallet.balance == balance - billed
        if balance < 0:
            assert wallet.overdue_since == BEGIN
        elif balance - september < 0:
            assert wallet.overdue_since == october
        else:
            assert wallet.overdue_since == (november if wallet.balance < 0 else None)
    assert snapshots[0] == snapshots[1]
