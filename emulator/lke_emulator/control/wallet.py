"""The wallet of an account: balance, top-ups, history, bills and prices (BA-17, BA-20, BA-22, GW-13 to GW-18)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.account.report import MOST_ROWS
from lke_emulator.billing.billing import FOREVER
from lke_emulator.billing.prices import Currency, Price
from lke_emulator.billing.wallet import BONUSES, COMING_SOON, METHODS, EntryKind, Movement, credit
from lke_emulator.control.table import Body, ControlCall, route
from lke_emulator.control.values import Moment, Money, MoneyGiven, micro, moment_given, units
from lke_emulator.primitives.refused import Refused
from lke_emulator.usage.amounts import Amounts

PATH = "/accounts/{uin}/wallet"


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    amount: Money
    credit: Money
    bonus: int
    """Per cent."""


class WalletState(msgspec.Struct, frozen=True, kw_only=True):
    currency: Currency
    balance: Money
    pending: Money
    """Charges that are not settled yet."""
    due: int | None
    """When they will be, in Unix seconds."""
    overdue_since: int | None
    presets: list[Preset]
    methods: tuple[str, ...]
    coming_soon: tuple[str, ...]


class TopUp(Body):
    amount: MoneyGiven
    method: Annotated[str, Meta(description="One of the methods of the wallet.")] = METHODS[0]


class CreditQuery(Body):
    amount: MoneyGiven


class Credited(msgspec.Struct, frozen=True, kw_only=True):
    amount: Money
    credit: Money


class WalletEntry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    time: float
    kind: EntryKind
    paid: Money
    amount: Money
    """By how much the balance changed."""
    balance: Money
    """What it was then."""
    method: str
    package: str
    """The id of the package that was paid for."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    entries: list[WalletEntry]
    """Oldest first."""


class BillRow(msgspec.Struct, frozen=True, kw_only=True):
    hour: int
    """Its first second."""
    api: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    pages: int
    split_tokens: int
    searches: int
    charge: Money


class BillList(msgspec.Struct, frozen=True, kw_only=True):
    bills: list[BillRow]
    """By hour, API and model, the oldest hour first."""
    charge: Money
    """Of all together."""


class BillQuery(Body):
    start: Moment | None = None
    stop: Moment | None = None
    """The first moment after the last hour."""
    api: str = ""
    model: str = ""


class PriceQuery(Body):
    api: str
    model: str = ""


@route("GET", PATH)
def get_wallet(call: ControlCall) -> WalletState:
    """What is in it, and how to pay in."""
    state = call.account.billing.wallet(call.now)
    custom = call.account.assumptions.custom_top_up_bonus
    presets = [
        Preset(amount=float(amount), credit=units(credit(micro("amount", amount), custom)), bonus=bonus)
        for amount, bonus in BONUSES.items()
    ]
    return WalletState(
        currency=state.currency,
        balance=units(state.balance),
        pending=units(state.pending),
        due=state.due,
        overdue_since=state.overdue_since,
        presets=presets,
        methods=METHODS,
        coming_soon=COMING_SOON,
    )


@route("POST", f"{PATH}/top-up", status=201)
def top_up(call: ControlCall, body: TopUp) -> WalletEntry:
    """Pay money in; it is there at once, with the bonus."""
    return entry(call.account.billing.top_up(micro("amount", body.amount), body.method, call.now))


@route("GET", f"{PATH}/credit")
def wallet_credit(call: ControlCall, query: CreditQuery) -> Credited:
    """What would be credited if so much were paid."""
    amount = micro("amount", query.amount)
    return Credited(amount=query.amount, credit=units(credit(amount, call.account.assumptions.custom_top_up_bonus)))


@route("GET", f"{PATH}/history")
def wallet_history(call: ControlCall) -> History:
    """Every payment and every hour that was settled, oldest first."""
    return History(entries=[entry(one) for one in call.account.billing.wallet(call.now).history])


def entry(one: Movement) -> WalletEntry:
    money = {"paid": units(one.paid), "amount": units(one.amount), "balance": units(one.balance)}
    return WalletEntry(**(msgspec.structs.asdict(one) | money))


@route("GET", "/accounts/{uin}/bills")
def bills(call: ControlCall, query: BillQuery) -> BillList:
    """Postpaid usage by hour, API and model."""
    start = 0 if query.start is None else int(moment_given("start", query.start, call))
    stop = FOREVER if query.stop is None else int(moment_given("stop", query.stop, call))
    rows = call.account.billing.bills(call.now, start, stop, query.api, query.model)
    if len(rows) > MOST_ROWS:
        raise Refused(f"this is more than {MOST_ROWS} bills: ask for a shorter range, of one API or model")
    return BillList(
        bills=[bill_row(bill.hour, bill.api, bill.model, bill.amounts, bill.charge) for bill in rows],
        charge=units(sum([bill.charge for bill in rows])),
    )


def bill_row(hour: int, api: str, model: str, amounts: Amounts, charge: int) -> BillRow:
    return BillRow(
        hour=hour,
        api=api,
        model=model,
        calls=amounts.calls,
        input_tokens=amounts.input,
        output_tokens=amounts.output,
        pages=amounts.pages,
        split_tokens=amounts.split,
        searches=amounts.search,
        charge=units(charge),
    )


@route("GET", "/accounts/{uin}/price")
def price(call: ControlCall, query: PriceQuery) -> Price:
    """What postpaid usage of an API and model costs: tokens by the thousand, everything else apiece."""
    return call.account.billing.price(query.api, query.model)
