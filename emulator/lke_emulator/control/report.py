"""The figures of the dashboard (GW-19 to GW-24) and the data report (BA-8, BA-9)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.account import report as figures
from lke_emulator.account.report import ReportRow
from lke_emulator.billing.billing import Unit
from lke_emulator.control.table import Body, ControlCall, route
from lke_emulator.control.values import Moment, Money, Names, moment_given, names, units
from lke_emulator.primitives.refused import Refused

DAY = 86_400


class PeriodFigures(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    """Its first second."""
    requests: int
    input_tokens: int
    output_tokens: int
    spending: Money


class ModelFigures(msgspec.Struct, frozen=True, kw_only=True):
    model: str
    requests: int
    input_tokens: int
    output_tokens: int


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    start: int
    """The first second of the day, week or month."""
    amount: Money


class DashboardFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Weeks begin on Monday, all in the account's time zone."""

    balance: Money
    """Less what is spent and not settled yet."""
    today: PeriodFigures
    week: PeriodFigures
    month: PeriodFigures
    models: list[ModelFigures]
    """Of this month, the most called first."""
    daily: list[Spending]
    weekly: list[Spending]
    monthly: list[Spending]
    """The present one last."""


class ReportQuery(Body):
    start: Moment | None = None
    """Left out: 30 days ago."""
    stop: Moment | None = None
    """The first moment after the range. Left out: now."""
    unit: Unit = "day"
    api: Names = ""
    model: Names = ""
    account: Names = ""
    api_key: Names = ""
    app: Annotated[Names, Meta(description="AppBizIds, with commas; empty for all.")] = ""
    space: str = ""


class DataReport(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[ReportRow]


@route("GET", "/accounts/{uin}/dashboard")
def get_dashboard(call: ControlCall) -> DashboardFigures:
    """Balance, requests, tokens, models and spending, as of this moment."""
    board = figures.dashboard(call.account, call.now)
    return DashboardFigures(
        balance=units(board.balance),
        today=period_figures(board.today),
        week=period_figures(board.week),
        month=period_figures(board.month),
        models=[
            ModelFigures(
                model=use.model,
                requests=use.amounts.calls,
                input_tokens=use.amounts.input,
                output_tokens=use.amounts.output,
            )
            for use in board.models
        ],
        daily=spending(board.spending["day"]),
        weekly=spending(board.spending["week"]),
        monthly=spending(board.spending["month"]),
    )


def period_figures(one: figures.PeriodUse) -> PeriodFigures:
    return PeriodFigures(
        start=one.start,
        requests=one.amounts.calls,
        input_tokens=one.amounts.input,
        output_tokens=one.amounts.output,
        spending=units(one.spending),
    )


def spending(rows: list[tuple[int, int]]) -> list[Spending]:
    return [Spending(start=start, amount=units(amount)) for start, amount in rows]


@route("GET", "/accounts/{uin}/report")
def get_report(call: ControlCall, query: ReportQuery) -> DataReport:
    """Usage by API and model, of some accounts and API keys or all."""
    now = call.now
    start = int(now) - 30 * DAY if query.start is None else int(moment_given("start", query.start, call))
    stop = None if query.stop is None else int(moment_given("stop", query.stop, call))
    try:
        rows = figures.data_report(
            call.account,
            now,
            start,
            stop,
            query.unit,
            apis=names(query.api),
            models=names(query.model),
            accounts=names(query.account),
            keys=names(query.api_key),
            apps=names(query.app),
            space=query.space,
        )
    except ValueError as error:
        raise Refused(str(error)) from None
    return DataReport(rows=rows)
