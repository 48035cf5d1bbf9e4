"""The figures of the dashboard (GW-19 to GW-24) and of the data report (BA-8, BA-9): usage from the ledger, money from billing.

Moments are Unix seconds, ranges half open, money micro-units. Nothing is counted here: a call shows as soon as it ends.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.billing.billing import Unit, unit_of
from lke_emulator.billing.bills import HOUR, plus
from lke_emulator.billing.deduction import cell_of
from lke_emulator.billing.notifications import DAY
from lke_emulator.usage.amounts import NOTHING, Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.line import Line

EVERYTHING = Filter()
MOST_ROWS = 100_000
DAYS, WEEKS, MONTHS = 31, 12, 12
"""How far back the spending charts go; the days hold any month."""


class Selection(Filter, frozen=True, kw_only=True):
    """Usage by what a data report names. Empty members do not filter."""

    root: str
    """The uin that usage without a sub-account belongs to."""
    accounts: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    def matches(self, line: Line) -> bool:
        return (
            (not self.accounts or (line.sub_account or self.root) in self.accounts)
            and (not self.apis or cell_of(line)[0] in self.apis)
            and (not self.models or line.model in self.models)
            and (not self.keys or line.key in self.keys)
            and (not self.apps or line.app in self.apps)
            and (not self.space or line.space == self.space)
        )


class OfSubject(Filter, frozen=True, kw_only=True):
    """Usage of one model; or of one API, where it has no model."""

    subject: str

    def matches(self, line: Line) -> bool:
        return super().matches(line) and line.subject == self.subject


class Lines(Filter, frozen=True, kw_only=True):
    """Exactly these lines."""

    lines: tuple[Line, ...]

    def matches(self, line: Line) -> bool:
        return line in self.lines


class PeriodUse(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    amounts: Amounts
    spending: int


class ModelUse(msgspec.Struct, frozen=True, kw_only=True):
    model: str
    amounts: Amounts


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """Weeks begin on Monday, all in the account's zone."""

    balance: int
    """Less what is spent and not settled yet."""
    today: PeriodUse
    week: PeriodUse
    month: PeriodUse
    models: list[ModelUse]
    """Of this month, the most called first; usage that has no model is told by its API."""
    spending: dict[Unit, list[tuple[int, int]]]
    """By day, week and month: every first second with its money, the present one last."""


def dashboard(account: Account, now: float) -> Dashboard:
    wallet = account.billing.wallet(now)
    spending = {unit: spent(account, now, unit, count) for unit, count in CHARTS.items()}
    today, week, month = [period_use(account, now, *chart[-1]) for chart in spending.values()]
    by_model = account.ledger.breakdown(EVERYTHING, month.start, int(now) + 1, "subject")
    models = [ModelUse(model=model, amounts=amounts) for model, amounts in by_model.items()]
    models.sort(key=lambda use: (-use.amounts.calls, use.model))
    return Dashboard(
        balance=wallet.balance - wallet.pending, today=today, week=week, month=month, models=models, spending=spending
    )


CHARTS: dict[Unit, int] = {"day": DAYS, "week": WEEKS, "month": MONTHS}


def period_use(account: Account, now: float, start: int, spending: int) -> PeriodUse:
    """From its first second until now."""
    return PeriodUse(start=start, amounts=account.ledger.totals(EVERYTHING, start, int(now) + 1), spending=spending)


def spent(account: Account, now: float, unit: Unit, count: int) -> list[tuple[int, int]]:
    """The last so many units, also those without spending."""
    starts = [unit_of(int(now), unit, account.zone)]
    while len(starts) < count:
        starts.append(unit_of(starts[-1] - 1, unit, account.zone))
    money = dict(account.billing.spending(now, unit, starts[-1]))
    return [(start, money.get(start, 0)) for start in reversed(starts)]


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the data report, with the columns that `data_report_columns` names."""

    time: int | msgspec.UnsetType = msgspec.UNSET
    """The first second of the hour, day, week or month."""
    api: str | msgspec.UnsetType = msgspec.UNSET
    """Its action, or the SubBizType of what an app used."""
    model: str | msgspec.UnsetType = msgspec.UNSET
    account: str | msgspec.UnsetType = msgspec.UNSET
    """The uin of the root or of a sub-account."""
    api_key: str | msgspec.UnsetType = msgspec.UNSET
    """The id of an API key; empty for signed calls."""
    calls: int | msgspec.UnsetType = msgspec.UNSET
    input_tokens: int | msgspec.UnsetType = msgspec.UNSET
    output_tokens: int | msgspec.UnsetType = msgspec.UNSET
    total_tokens: int | msgspec.UnsetType = msgspec.UNSET
    pages: int | msgspec.UnsetType = msgspec.UNSET
    split_tokens: int | msgspec.UnsetType = msgspec.UNSET
    searches: int | msgspec.UnsetType = msgspec.UNSET


FIGURES = {
    "calls": "calls",
    "input_tokens": "input",
    "output_tokens": "output",
    "total_tokens": "total",
    "pages": "pages",
    "split_tokens": "split",
    "searches": "search",
}
"""Column -> member of Amounts; every other column says whose usage a row is."""


def data_report(
    account: Account,
    now: float,
    start: int = 0,
    stop: int | None = None,
    unit: Unit = "day",
    *,
    apis: Collection[str] = (),
    models: Collection[str] = (),
    accounts: Collection[str] = (),
    keys: Collection[str] = (),
    apps: Collection[str] = (),
    space: str = "",
) -> list[ReportRow]:
    """Usage of [start, stop), no further than now, in the columns of the assumption `data_report_columns`.

    ValueError where that would be more than 100,000 rows.
    """
    chosen = Selection(
        root=account.uin,
        apis=tuple(apis),
        models=tuple(models),
        accounts=tuple(accounts),
        keys=tuple(keys),
        apps=tuple(apps),
        space=space,
    )
    stop = int(now) + 1 if stop is None else min(stop, int(now) + 1)
    columns = account.assumptions.data_report_columns
    groups: dict[tuple[Any, ...], list[Line]] = {}
    names = [column for column in columns if column not in FIGURES]
    for series in account.ledger.select(chosen):
        groups.setdefault(tuple(column_text(series.line, name, account.uin) for name in names), []).append(series.line)
    sums: dict[tuple[Any, ...], Amounts] = {}
    for group, lines in groups.items():
        for moment, amounts in parts(account, lines, start, stop, unit if "time" in names else None):
            key = tuple(moment if name == "time" else value for name, value in zip(names, group, strict=True))
            sums[key] = plus(sums.get(key, NOTHING), amounts)
        check_rows(len(sums))
    return [report_row(columns, dict(zip(names, key, strict=True)), sums[key]) for key in sorted(sums)]


def column_text(line: Line, column: str, root: str) -> str:
    """What a line of usage has in a column."""
    match column:
        case "api":
            return cell_of(line)[0]
        case "model":
            return line.model
        case "account":
            return line.sub_account or root
        case "api_key":
            return line.key
    return ""


def parts(
    account: Account, lines: Sequence[Line], start: int, stop: int, unit: Unit | None
) -> list[tuple[int, Amounts]]:
    """The usage of some lines by hours or days, each named by the unit that it is in; at once without a unit."""
    chosen = Lines(lines=tuple(lines))
    if unit is None:
        amounts = account.ledger.totals(chosen, start, stop)
        return [(start, amounts)] if amounts.calls else []
    width = HOUR if unit == "hour" else DAY
    check_rows((stop - max(start, account.ledger.first(chosen, stop))) // width)
    buckets = account.ledger.graph(chosen, start, stop, width)
    return [(unit_of(bucket.start, unit, account.zone), bucket.amounts) for bucket in buckets]


def check_rows(count: int) -> None:
    if count > MOST_ROWS:
        raise ValueError(f"this is more than {MOST_ROWS} rows: ask for a shorter range, or by month")


def report_row(columns: Sequence[str], names: dict[str, Any], amounts: Amounts) -> ReportRow:
    figures = {column: getattr(amounts, FIGURES[column]) for column in columns if column in FIGURES}
    return ReportRow(**names, **figures)
