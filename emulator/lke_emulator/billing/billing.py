"""Billing, as the rest of the emulator sees it: may this be called, this was called, what did it come to.

Every method that takes `now`, the moment on the account's clock, settles first. Moments are Unix seconds, money is
micro-units of the account's currency.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from lke_emulator.billing.assumptions import BillingAssumptions
from lke_emulator.billing.bills import HOUR, Bill, Bills
from lke_emulator.billing.books import Books
from lke_emulator.billing.capacity import Store
from lke_emulator.billing.deduction import Deduction, cell_of
from lke_emulator.billing.notifications import CLOUD_CHANNELS, DAY, Coming, Notice, coming
from lke_emulator.billing.packages import APIS, Kind, Package
from lke_emulator.billing.postpaid import Switch
from lke_emulator.billing.prices import Currency, Price
from lke_emulator.billing.resources import Resources
from lke_emulator.billing.wallet import Movement, Wallet
from lke_emulator.primitives.change import AccountChange, Telling
from lke_emulator.primitives.differences import differences
from lke_emulator.primitives.months import first_of_month
from lke_emulator.primitives.refused import Refused
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.ledger import Ledger
from lke_emulator.usage.line import Line

Reason = Literal["unopened", "in-arrears", "run-out", "concurrency"]
Unit = Literal["hour", "day", "week", "month"]
LENGTHS = {"hour": HOUR, "day": DAY, "week": 7 * DAY}
MONDAY = 4 * DAY
"""1970-01-05."""
FOREVER = 1 << 60
ENCODER = msgspec.msgpack.Encoder()
DECODER = msgspec.msgpack.Decoder(Books)
EMPTY = Books(cursor=0, allotted=0, opened=0, began=0)
T = TypeVar("T")


class Unserved(Exception):
    """A call that the account may not make now."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Billing:
    """One account's. `knowledge` is what it keeps."""

    def __init__(self, uin: str, ledger: Ledger, knowledge: Store, now: float, assumptions: BillingAssumptions) -> None:
        self._uin = uin
        self._ledger = ledger
        self._assumptions = assumptions
        self._books = Books(cursor=int(now), allotted=int(now), began=int(now), opened=int(now))
        self._deduction = Deduction(self._books, ledger, knowledge, assumptions)
        self.resources = Resources(self._deduction, ledger.zone, assumptions)
        self._noted = self.mark()
        self._saved: tuple[BooksEdition, Books] | None = None

    # calls

    def admit(self, api: str, model: str, caller: str, now: float) -> None:
        """Unserved when nothing would pay for a call. Who calls makes no difference: sub-accounts use what the root has."""
        reason = self.refusal(api, model, now)
        if reason is not None:
            raise Unserved(reason)

    def refusal(self, api: str, model: str, now: float) -> Reason | None:
        """Why a call would not be served; None when it would."""
        self.settle(now)
        moment = self._books.cursor - 1
        if not self._books.is_activated:
            return "unopened"
        deduction, kind, cell = self._deduction, APIS.get(api, "tokens"), (api, model)
        if deduction.chain(kind, cell, moment) or deduction.is_covered(kind, cell, moment):
            return None
        if deduction.is_stopped(moment):
            return "in-arrears"
        return None if self._books.postpaid.is_on(api) else "run-out"

    def record(
        self,
        line: Line,
        now: float,
        *,
        input: int = 0,
        output: int = 0,
        pages: int = 0,
        split: int = 0,
        rag: int = 0,
        internet: int = 0,
        id: str = "",
        visitor: str = "",
    ) -> int:
        """Meter one real call, have it deducted, and tell what it costs from the balance. Every image is a call."""
        self.settle(now)
        amounts = Amounts(1, input, output, pages, split, rag, internet)
        cost = self._deduction.spend(cell_of(line), amounts, self._books.cursor - 1, is_call=True)
        self._ledger.record(
            line,
            int(now),
            input=input,
            output=output,
            pages=pages,
            split=split,
            rag=rag,
            internet=internet,
            id=id,
            charge=cost,
            visitor=visitor,
        )
        return cost

    def spendable(self, api: str, model: str, now: float) -> int:
        """What packages have left for it, and at least 1 where postpaid or dedicated concurrency serves; 0 where nothing does
        (GetWsToken Balance)."""
        if self.refusal(api, model, now) is not None:
            return 0
        chain = self._deduction.chain(APIS.get(api, "tokens"), (api, model), self._books.cursor - 1)
        return sum([package.remaining for package in chain]) or 1

    def granted(self, api: str, model: str, now: float) -> tuple[int, int]:
        """Tokens of the packages that are there for it, used or not: of free ones, and of those that were bought."""
        self.settle(now)
        held = self._deduction.payers.held("tokens", self._books.cursor - 1)
        fitting = [package for package in held if package.covers("tokens", api, model)]
        free, bought = [
            sum([one.total for one in fitting if one.source == source]) for source in ("trial", "purchased")
        ]
        return free, bought

    def settle(self, now: float) -> None:
        """Let everything happen that has happened up to the end of the second of `now`."""
        self._deduction.settle(now)

    def watch(self, watcher: Callable[[Callable[[], None]], None]) -> None:
        """Whenever time brings something, the watcher is given what lets it happen."""
        self._deduction.watcher = watcher

    def turn_back(self, before: float, after: float) -> None:
        """To be told just before the account's clock is set back, so that it makes no difference who looked when."""
        self._deduction.turn_back(before, after)

    # settings

    def open(
        self,
        *,
        activated: bool = True,
        postpaid: Iterable[str] = (),
        permitted: Iterable[str] = (),
        balance: int = 0,
        currency: Currency = "USD",
        prices: Sequence[Price] = (),
    ) -> None:
        """How the account stands as its clock starts; no switch counts as changed by this. Before anything is settled."""
        books = self._books
        books.is_activated = activated
        books.postpaid.switches = {api: Switch(on=True) for api in postpaid}
        books.postpaid.permitted = tuple(sorted(set(permitted)))
        books.wallet = Wallet(currency=currency, balance=balance)
        books.wallet.check(books.opened)
        books.prices = list(prices)
        self._saved = None
        self._deduction.reprice()

    def activate(self, on: bool) -> None:
        """Open the service, or close it: calls are then refused as `unopened`."""
        self._books.is_activated = on

    def switches(self, now: float) -> dict[str, Switch]:
        """The postpaid switch of every API."""
        self.settle(now)
        return {api: self._books.postpaid.switches.get(api, Switch()) for api in APIS}

    def switch(self, api: str, on: bool, caller: str, now: float) -> Switch:
        """Turn postpaid of an API on or off. Refused to sub-accounts without the permission (RL-4), and within an hour of
        the last time that this switch was turned (BA-18, RL-30)."""
        self.settle(now)
        postpaid = self._books.postpaid
        if caller != self._uin and caller not in postpaid.permitted:
            raise Refused(
                f"sub-account {caller} may not change Postpaid Settings: the root account grants it the permission first"
            )
        return postpaid.turn(api, on, now, self._assumptions.postpaid_cooldown_s, self._ledger.zone)

    def permit(self, sub_account: str, on: bool, caller: str) -> None:
        """Give a sub-account the permission `Postpaid Settings`, or take it back; only the root can (RL-5)."""
        if caller != self._uin:
            raise Refused(f"only the root account {self._uin} grants permissions, not {caller}")
        others = set(self._books.postpaid.permitted) - {sub_account}
        self._books.postpaid.permitted = tuple(sorted(others | {sub_account} if on else others))

    @property
    def permitted(self) -> tuple[str, ...]:
        """The sub-accounts that may change Postpaid Settings."""
        return self._books.postpaid.permitted

    def choose_channels(self, channels: Collection[str]) -> None:
        """Which of in-site, sms and email the cloud's own notifications take (RL-25)."""
        unknown = sorted(set(channels) - set(CLOUD_CHANNELS))
        if unknown:
            raise Refused(f"there is no channel {unknown[0]!r}: {', '.join(CLOUD_CHANNELS)}")
        self._books.channels = tuple([channel for channel in CLOUD_CHANNELS if channel in channels])

    # money

    def wallet(self, now: float) -> Wallet:
        """Balance, what is pending of it, and the history; to be read, not changed."""
        self.settle(now)
        return self._books.wallet

    def top_up(self, amount: int, method: str, now: float) -> Movement:
        """Pay money in. Refused for a method that is not offered, or an amount that is no money."""
        self.settle(now)
        return self._books.wallet.top_up(amount, method, now, self._assumptions.custom_top_up_bonus)

    def price(self, api: str, model: str) -> Price:
        return self._deduction.prices.of(api, model)

    def cost(self, api: str, model: str, amounts: Amounts) -> int:
        """What this would cost postpaid."""
        return self._deduction.prices.charge(api, model, amounts)

    # statements

    def bills(self, now: float, start: int = 0, stop: int = FOREVER, api: str = "", model: str = "") -> list[Bill]:
        """Postpaid usage by hour, API and model, the oldest hour first; of the hours that begin in [start, stop)."""
        self.settle(now)
        return [
            bill
            for bill in self._books.bills.rows
            if start <= bill.hour < stop and (not api or bill.api == api) and (not model or bill.model == model)
        ]

    def spending(self, now: float, unit: Unit, start: int = 0, stop: int = FOREVER) -> list[tuple[int, int]]:
        """What postpaid usage came to: (the unit's first second, money). Weeks begin on Monday, all in the account's zone."""
        sums: dict[int, int] = {}
        for bill in self.bills(now, start, stop):
            begin = unit_of(bill.hour, unit, self._ledger.zone)
            sums[begin] = sums.get(begin, 0) + bill.charge
        return list(sums.items())

    def notices(self, now: float) -> list[Notice]:
        """Every notification sent so far, oldest first."""
        self.settle(now)
        return list(self._books.notices)

    def coming(self, now: float) -> list[Coming]:
        """What will be told next of every package, in the order in which they are deducted."""
        self.settle(now)
        books = self._books
        return [one for package in books.packages for one in coming(package, now, books.channels)]

    @property
    def channels(self) -> tuple[str, ...]:
        """Those of the cloud's Message Center that are on."""
        return self._books.channels

    @property
    def began(self) -> int:
        """Usage before this second is history that nobody was billed for."""
        return self._books.began

    @property
    def waived(self) -> dict[Kind, int]:
        """What was used that nothing paid for, by kind, when billing last settled: the overflow of calls that used up a
        package, and calls of the scenario that the cloud would have refused."""
        return dict(self._books.waived)

    @property
    def covered(self) -> int:
        """Tokens beyond the packages that dedicated concurrency had paid for when billing last settled."""
        return self._books.covered

    # the whole

    def seen(self) -> "SeenBooks":
        """What people see of it; bills are usage."""
        books = self._books
        return books_seen(
            self.mark(), tuple(map(replace, books.packages)), tuple(books.wallet.history), tuple(books.notices)
        )

    def mark(self) -> "BooksMark":
        """The same as long as nothing that people see of it has changed, however much there is."""
        books = self._books
        wallet, postpaid = books.wallet, books.postpaid
        return BooksMark(
            books.is_activated,
            books.is_registered,
            self._deduction.changed,
            wallet.balance,
            wallet.pending,
            wallet.overdue_since,
            len(wallet.history),
            postpaid.switches,
            postpaid.permitted,
            books.channels,
            books.prices,
            len(books.notices),
        )

    def noted(self) -> Sequence[Telling]:
        """What has changed since this was asked last."""
        before, now = self._noted, self.mark()
        if now == before:
            return ()
        packages, self._deduction.noted = self._deduction.noted, {}
        self._noted, books = now, self._books
        old = tuple([was for _, was in packages.values() if was is not None])
        new = tuple([replace(package) for package, _ in packages.values()])
        movements, notices = books.wallet.history[before.movements :], books.notices[before.notices :]
        return (Telling(book_changes, before, now, old, new, tuple(movements), tuple(notices)),)

    def edition(self) -> "BooksEdition":
        """The same as long as `saved` is."""
        books, deduction = self._books, self._deduction
        return BooksEdition(
            self.mark(),
            books.cursor,
            books.allotted,
            books.opened,
            books.began,
            books.has_begun,
            books.covered,
            books.filled,
            books.wallet.due,
            deduction.allotted,
        )

    def saved(self) -> Books:
        """Everything that billing remembers; the ledger is a part of its own. What has not changed is the same as it was."""
        books, now = self._books, self.edition()
        before, known = self._saved or (None, EMPTY)
        if now == before:
            return known
        is_billed = before is None or before.billed != now.billed
        wallet = replace(books.wallet, history=same_or_copied(known.wallet.history, books.wallet.history))
        state = replace(
            books,
            packages=self._deduction.copies(),
            postpaid=replace(books.postpaid),
            wallet=wallet,
            bills=Bills(books.bills.rows.copy()) if is_billed else known.bills,
            waived=books.waived.copy(),
            notices=same_or_copied(known.notices, books.notices),
        )
        self._saved = now, state
        return state

    def restored(self, state: Books) -> None:
        for name, value in msgspec.structs.asdict(copied(state)).items():
            setattr(self._books, name, value)
        self._deduction.reread()
        self._noted, self._saved = self.mark(), None


class SeenBooks(msgspec.Struct, frozen=True):
    is_activated: bool
    is_registered: bool
    packages: tuple[Package, ...]
    balance: int
    """Micro-units."""
    pending: int
    overdue_since: int | None
    movements: tuple[Movement, ...]
    switches: Mapping[str, Switch]
    permitted: tuple[str, ...]
    channels: tuple[str, ...]
    prices: Sequence[Price]
    notices: tuple[Notice, ...]


class BooksMark(NamedTuple):
    """Members as of SeenBooks; of what there can be many, how many there are or how often they were changed."""

    is_activated: bool
    is_registered: bool
    packages: int
    balance: int
    pending: int
    overdue_since: int | None
    movements: int
    switches: Mapping[str, Switch]
    permitted: tuple[str, ...]
    channels: tuple[str, ...]
    prices: Sequence[Price]
    notices: int


class BooksEdition(NamedTuple):
    """Members as of Books, beside what people see."""

    mark: BooksMark
    cursor: int
    allotted: int
    opened: int
    began: int
    has_begun: bool
    covered: int
    filled: int
    due: int | None
    billed: int
    """How often something was billed, or paid by nobody."""


def books_seen(
    mark: BooksMark, packages: tuple[Package, ...], movements: tuple[Movement, ...], notices: tuple[Notice, ...]
) -> SeenBooks:
    things = {"packages": packages, "movements": movements, "notices": notices}
    return SeenBooks(**(mark._asdict() | things))


def book_changes(
    before: BooksMark,
    now: BooksMark,
    old: tuple[Package, ...],
    new: tuple[Package, ...],
    movements: tuple[Movement, ...],
    notices: tuple[Notice, ...],
) -> Iterator[AccountChange]:
    """Between two marks; of packages those that may have changed, of the rest what was added."""
    return differences("billing", books_seen(before, old, (), ()), books_seen(now, new, movements, notices))


def same_or_copied(known: list[T], now: list[T]) -> list[T]:
    """Of a list to which things are only added."""
    return known if len(known) == len(now) else now.copy()


def copied(books: Books) -> Books:
    return DECODER.decode(ENCODER.encode(books))


def unit_of(moment: int, unit: Unit, zone: int) -> int:
    """The first second of the hour, day, week or month of a moment."""
    if unit == "month":
        return first_of_month(moment, zone)
    shift = zone - (MONDAY if unit == "week" else 0)
    return moment - (moment + shift) % LENGTHS[unit]
