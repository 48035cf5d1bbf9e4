"""The dashboard and the data report: parts add up to the whole, and a call shows as soon as it has ended."""

from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.usage.random_usage import DAY, NOON, Maker, RealCall, makers, moments, real_calls, zones
from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions, ReportColumn
from lke_emulator.account.report import PeriodUse, ReportRow, dashboard, data_report
from lke_emulator.billing.billing import Unit
from lke_emulator.billing.packages import APIS
from lke_emulator.billing.prices import Price
from lke_emulator.primitives.clock import Clock
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.line import Line

ROOT, SUB = "100000000001", "100000000011"
BEGIN = NOON - 4 * DAY
DIMENSIONS: tuple[ReportColumn, ...] = ("time", "api", "model", "account", "api_key")
FIGURES = ("calls", "input_tokens", "output_tokens", "total_tokens", "pages", "split_tokens", "searches")
UNITS: tuple[Unit, ...] = ("hour", "day", "week", "month")
columns = st.sets(st.sampled_from(DIMENSIONS)).map(lambda chosen: (*sorted(chosen, key=DIMENSIONS.index), *FIGURES))

laws = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def opened(zone: int = 28800, **assumptions: Any) -> Account:
    """Everything is paid afterwards, tokens at prices that no rounding touches."""
    account = Account(ROOT, zone=zone, clock=Clock(BEGIN, frozen=True), assumptions=Assumptions(**assumptions))
    account.billing.open(postpaid=APIS, balance=10**12, prices=[Price(input=0.004, output=0.012)])
    return account


@st.composite
def accounts(draw: st.DrawFn) -> tuple[Account, int]:
    """An account with planned and metered usage, and a moment after the last real call."""
    account = opened(draw(zones), data_report_columns=draw(columns))
    planned: list[Maker] = draw(st.lists(makers, min_size=1, max_size=3))
    for maker in planned:
        account.ledger.add(maker())
    calls: list[RealCall] = draw(real_calls)
    for line, now, input, output in calls:
        line = msgspec.structs.replace(line, api=draw(st.sampled_from(["ChatCompletions", "GetEmbedding"])))
        account.billing.record(line, now, input=input, output=output)
    return account, max([draw(moments), *[call.now for call in calls]])


def local(moment: int, zone: int) -> datetime:
    return datetime.fromtimestamp(moment, timezone(timedelta(seconds=zone)))


def summed(rows: list[ReportRow]) -> dict[str, int]:
    """Every figure, of reports that have them all."""
    return {name: sum(getattr(row, name) for row in rows) for name in FIGURES}


def input_tokens(account: Account, now: float, **filters: Any) -> int:
    return sum(
        row.input_tokens for row in data_report(account, now, **filters) if row.input_tokens is not msgspec.UNSET
    )


def figures(amounts: Amounts) -> dict[str, int]:
    calls, input, output, pages, split, rag, internet = amounts
    return dict(zip(FIGURES, (calls, input, output, input + output, pages, split, rag + internet), strict=True))


@laws
@given(accounts(), st.sampled_from(UNITS), moments, moments)
def test_the_rows_of_a_report_sum_to_the_ledger(given: tuple[Account, int], unit: Unit, start: int, stop: int) -> None:
    account, now = given
    rows = data_report(account, now, start, stop, unit)
    assert summed(rows) == figures(account.ledger.totals(Filter(), start, min(stop, now + 1)))
    assert all(row.calls for row in rows)
    said = [tuple(getattr(row, name) for name in DIMENSIONS) for row in rows]
    assert len(said) == len(set(said))


@laws
@given(
    accounts(), st.sampled_from([("api", "apis"), ("model", "models"), ("account", "accounts"), ("api_key", "keys")])
)
def test_a_filter_leaves_the_rows_that_it_names(given: tuple[Account, int], named: tuple[str, str]) -> None:
    account, now = given
    member, filter = named
    rows = data_report(account, now)
    if rows and getattr(rows[0], member) is not msgspec.UNSET:
        for value in {getattr(row, member) for row in rows}:
            chosen: dict[str, Any] = {filter: [value]}
            assert data_report(account, now, **chosen) == [row for row in rows if getattr(row, member) == value]
    unknown: dict[str, Any] = {filter: ["nobody"]}
    assert data_report(account, now, **unknown) == []


@laws
@given(accounts())
def test_coarser_units_hold_the_finer_ones(given: tuple[Account, int]) -> None:
    account, now = given
    reports = [summed(data_report(account, now, unit=unit)) for unit in UNITS]
    assert all(report == reports[0] for report in reports)


@laws
@given(accounts())
def test_a_row_is_named_by_the_beginning_of_its_unit(given: tuple[Account, int]) -> None:
    account, now = given
    for unit in UNITS[1:]:
        for row in data_report(account, now, unit=unit):
            if row.time is not msgspec.UNSET:
                begin = local(row.time, account.zone)
                assert (begin.hour, begin.minute, begin.second) == (0, 0, 0)
                assert unit != "week" or begin.weekday() == 0
                assert unit != "month" or begin.day == 1


@laws
@given(accounts())
def test_the_parts_of_the_dashboard_add_up(given: tuple[Account, int]) -> None:
    account, now = given
    board = dashboard(account, now)
    here = local(now, account.zone)
    midnight = here.replace(hour=0, minute=0, second=0)
    assert board.today.start == midnight.timestamp()
    assert board.week.start == (midnight - timedelta(days=midnight.weekday())).timestamp()
    assert board.month.start == midnight.replace(day=1).timestamp()
    for longer in (board.week, board.month):
        assert all(less <= more for less, more in zip(board.today.amounts, longer.amounts, strict=True))
        assert board.today.spending <= longer.spending
    assert Amounts(*map(sum, zip(*[use.amounts for use in board.models], strict=True))) == board.month.amounts or (
        not board.models and not any(board.month.amounts)
    )
    calls = [use.amounts.calls for use in board.models]
    assert calls == sorted(calls, reverse=True)


@laws
@given(accounts())
def test_spending_adds_up_to_the_bills(given: tuple[Account, int]) -> None:
    account, now = given
    board = dashboard(account, now)
    bills = account.billing.bills(now)
    for unit, present in zip(UNITS[1:], (board.today, board.week, board.month), strict=True):
        chart = board.spending[unit]
        assert chart[-1] == (present.start, present.spending)
        assert present.spending == sum(bill.charge for bill in bills if bill.hour >= present.start)
        assert sum(money for _, money in chart) == sum(bill.charge for bill in bills if bill.hour >= chart[0][0])
    assert board.balance == 10**12 - sum(bill.charge for bill in bills)


@laws
@given(accounts(), st.integers(0, 900), st.integers(0, 90))
def test_a_call_shows_at_once(given: tuple[Account, int], input: int, output: int) -> None:
    """GW-24."""
    account, now = given
    before = dashboard(account, now)
    line = Line(sub_account=ROOT, model="gpt-4o", api="ChatCompletions", key="7", call_type="API")
    cost = account.billing.record(line, now, input=input, output=output)
    after = dashboard(account, now)
    assert cost == input * 4 + output * 12
    assert after.balance == before.balance - cost
    for old, new in ((before.today, after.today), (before.week, after.week), (before.month, after.month)):
        assert (added(old, new).calls, added(old, new).input, added(old, new).output) == (1, input, output)
        assert new.spending == old.spending + cost
    rows = data_report(account, now, keys=["7"])
    assert summed(rows) == figures(Amounts(1, input, output))


def added(old: PeriodUse, new: PeriodUse) -> Amounts:
    return Amounts(*[more - less for less, more in zip(old.amounts, new.amounts, strict=True)])


@pytest.fixture
def account() -> Account:
    """Two people call two models with three keys on two days."""
    account = opened()
    for day, owner, key, model, input in (
        (0, ROOT, "1", "gpt-4o", 10),
        (0, ROOT, "2", "gpt-4o", 20),
        (0, SUB, "3", "gpt-4o", 40),
        (1, SUB, "3", "glm-4", 80),
        (1, SUB, "3", "glm-4", 160),
    ):
        line = Line(sub_account=owner, model=model, api="ChatCompletions", key=key, call_type="API")
        account.billing.record(line, BEGIN + day * DAY, input=input, output=1)
    return account


def test_a_report_shows_usage_by_api_model_account_and_key(account: Account) -> None:
    """BA-8, BA-9."""
    midnight = BEGIN - 12 * 3600
    rows = [(*msgspec.structs.astuple(row)[:6], row.input_tokens) for row in data_report(account, BEGIN + DAY)]
    assert rows == [
        (midnight, "ChatCompletions", "gpt-4o", ROOT, "1", 1, 10),
        (midnight, "ChatCompletions", "gpt-4o", ROOT, "2", 1, 20),
        (midnight, "ChatCompletions", "gpt-4o", SUB, "3", 1, 40),
        (midnight + DAY, "ChatCompletions", "glm-4", SUB, "3", 2, 240),
    ]


def test_filters_of_a_report_combine(account: Account) -> None:
    now = BEGIN + DAY
    assert input_tokens(account, now, accounts=[ROOT], keys=["2"]) == 20
    assert input_tokens(account, now, accounts=[ROOT], keys=["3"]) == 0
    assert input_tokens(account, now, models=["gpt-4o", "glm-4"], accounts=[SUB]) == 280
    assert data_report(account, now, apis=["GetEmbedding"]) == []


def test_a_report_does_not_tell_the_future(account: Account) -> None:
    assert input_tokens(account, BEGIN, stop=BEGIN + 9 * DAY) == 70


def test_the_columns_of_a_report_are_a_setting() -> None:
    """What the columns are is documented nowhere."""
    account = opened(data_report_columns=("model", "calls"))
    for model in ("glm-4", "gpt-4o", "glm-4"):
        account.billing.record(Line(model=model, api="ChatCompletions", key="1"), BEGIN, input=1)
    rows = msgspec.to_builtins(data_report(account, BEGIN))
    assert rows == [{"model": "glm-4", "calls": 2}, {"model": "gpt-4o", "calls": 1}]


def test_usage_that_names_nobody_is_the_roots() -> None:
    account = opened()
    account.billing.record(Line(sub_biz_type="KnowledgeQA", model="cs-normal"), BEGIN, input=5)
    (row,) = data_report(account, BEGIN, accounts=[ROOT])
    assert (row.account, row.api, row.api_key, row.input_tokens) == (ROOT, "KnowledgeQA", "", 5)
