"""How usage finds its payer: experience package, paid package, postpaid (BA-21).

`settle` moves a cursor through what happened since it was last called, in the order of time: packages begin and end, hours
turn, service stops. Between two such events all usage of one kind, API and model has one payer, so any stretch of time is
one difference of the ledger's counters, and the second in which a package is used up or nearly so is their inverse. What a
long time costs grows with its events and with the hours in which postpaid usage came, not with its length; and it makes no
difference how often somebody looks.

A real call is allotted when it is recorded, in the second that the cursor has just left behind. When a clock is set back, what
happened till then is settled first and then the cursor follows; what an account has it keeps, and nothing is allotted, told or
billed a second time.
"""

from collections.abc import Callable, Mapping
from functools import partial
from heapq import heapify, heappop, heappush

import msgspec
from msgspec.structs import replace

from lke_emulator.billing.assumptions import BillingAssumptions
from lke_emulator.billing.bills import HOUR
from lke_emulator.billing.books import Books
from lke_emulator.billing.capacity import Capacity, Store
from lke_emulator.billing.notifications import (
    CONSOLE_CHANNELS,
    Mark,
    capacity_marks,
    day_marks,
    notice,
    subject_of,
    usage_marks,
)
from lke_emulator.billing.packages import GENERATIVE, SUMS, UNITS, Kind, Package, amount_of, kinds_of, rest
from lke_emulator.billing.payers import NEVER, Payers
from lke_emulator.billing.prices import Prices
from lke_emulator.primitives.months import first_of_month, months_after
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import Series

STALE = 300
"""Seconds that a moment may lie back because a call took long; from there on the machine's own clock was set back."""
LONGEST = 100_000 * HOUR
"""How much is billed at a time: an account that is overdue after a day is not billed for centuries first."""
EVERYTHING = Filter()
Cell = tuple[str, str]
"""API (or SubBizType, where usage names no API) and model: what is billed by itself."""
Event = tuple[int, int, int, Package | None, Mark | None]
"""Moment, package's id and place among its own, which say the order; then what happens: the package begins (no mark), comes to
a mark, or (no package) the account's clock starts."""


class Cells(Filter, frozen=True, kw_only=True):
    """The lines of some cells."""

    cells: tuple[Cell, ...]

    def matches(self, line: Line) -> bool:
        return cell_of(line) in self.cells


class Draw(msgspec.Struct):
    """The usage that one package pays for while nothing changes."""

    package: Package
    amount: int = 0
    cells: list[Cell] = []

    @property
    def member(self) -> str:
        return SUMS[self.package.kind]

    @property
    def lines(self) -> Cells:
        return Cells(cells=tuple(self.cells))


class Deduction:
    def __init__(self, books: Books, ledger: Ledger, knowledge: Store, assumptions: BillingAssumptions) -> None:
        self.books = books
        self._ledger = ledger
        self.knowledge = knowledge
        self._assumptions = assumptions
        self._series: tuple[Series, ...] = ()
        self._cells: list[Cell] = []
        self.payers = Payers(books)
        self._agenda: list[Event] | None = None
        self._told: set[tuple[str, Mark, int]] = set()
        self.noted: dict[str, tuple[Package, Package | None]] = {}
        """Packages that may have changed since somebody asked, and as what each stood before; None: it was not there."""
        self.changed = 0
        """How often one may have."""
        self._copies: dict[str, Package] = {}
        """Of packages that have not changed since they were saved."""
        self.allotted = 0
        """How often something was billed, or paid by nobody."""
        self.watcher: Callable[[Callable[[], None]], None] | None = None
        self.reprice()

    def reread(self) -> None:
        """After the books were restored."""
        self._copies.clear()
        self.reprice()
        self.rearrange()
        self._told = {
            (one.package, Mark(one.time, one.sender, one.event, one.threshold), one.time) for one in self.books.notices
        }

    def reprice(self) -> None:
        """After the currency or the account's own prices have changed."""
        invented = self._assumptions.price_table == "shipped"
        self.prices = Prices(self.books.wallet.currency, self.books.prices, invented)

    def settle(self, now: float) -> None:
        books, stop = self.books, int(now) + 1
        if stop <= books.cursor:
            if stop < books.cursor - STALE:
                self._rewind(stop)
            return
        if self.watcher is None:
            self._pass(stop)
        else:
            self.watcher(lambda: self._pass(stop))

    def _pass(self, stop: int) -> None:
        self.books.has_begun = True
        if self._agenda is None:
            self._agenda = self._planned()
        while self._agenda and self._agenda[0][0] < stop:
            moment, _, _, package, mark = heappop(self._agenda)
            self._advance(moment)
            self._happen(package, mark, moment)
        self._advance(stop)

    def turn_back(self, before: float, after: float) -> None:
        """The clock, which shows `before`, is about to be set back."""
        self.settle(before)
        if int(after) + 1 < self.books.cursor:
            self._rewind(int(after) + 1)

    def add(self, package: Package) -> None:
        """The account has a package more, from this second on at the earliest; or earlier, before anything was settled."""
        self.books.add(self.changing(package, is_new=True), self._assumptions.package_order)
        self.payers.forget()
        if self._agenda is not None:
            for event in self._events(package):
                heappush(self._agenda, event)
            if package.kind == "knowledge":
                self.tell_capacity(self.books.cursor - 1)

    def changing(self, package: Package, *, is_new: bool = False) -> Package:
        """Whoever changes one has it by this."""
        if package.id not in self.noted:
            self.noted[package.id] = package, None if is_new else replace(package)
        self.changed += 1
        self._copies.pop(package.id, None)
        return package

    def copies(self) -> list[Package]:
        """Of all packages; of one that has not changed the same as before."""
        copies, packages = self._copies, self.books.packages
        for package in packages:
            if package.id not in copies:
                copies[package.id] = replace(package)
        return [copies[package.id] for package in packages]

    def rearrange(self) -> None:
        """After packages were renewed, ended or moved."""
        self.books.arrange(self._assumptions.package_order)
        self.payers.forget()
        self._agenda = None

    def spend(self, cell: Cell, amounts: Amounts, moment: int, *, is_call: bool) -> int:
        """Find payers for what was used in one second, and tell what it cost from the balance in micro-units.

        With the switch off a served call costs nothing beyond the packages (BA-14, BA-16; assumption `overflow`).
        """
        api = cell[0]
        taken: dict[Kind, int] = {}
        for kind in kinds_of(api):
            need = amount_of(kind, amounts)
            taken[kind] = 0
            for package in self.chain(kind, cell, moment) if need else ():
                took = min(need - taken[kind], package.remaining)
                for mark in marks_within(package, took):
                    self.tell(package, mark, moment)
                self._use(package, took)
                taken[kind] += took
                if taken[kind] == need:
                    break
            if taken[kind] < need and self.is_covered(kind, cell, moment):
                self.books.covered += need - taken[kind]
                taken[kind] = need
        left = rest(api, amounts, taken)
        if not any(left):
            return 0
        if is_call:
            left = left._replace(calls=1)
        if self.is_postpaid(api, moment) or (is_call and self._assumptions.overflow == "postpaid"):
            return self._charge(cell, left, moment, is_call=is_call)
        self._waive(api, left)
        return 0

    def chain(self, kind: Kind, cell: Cell, moment: int) -> list[Package]:
        """The packages that pay, first to last; none while service is stopped (documented: deduction is paused)."""
        return [] if self._is_paused(moment) else self.payers.chain(kind, *cell, moment)

    def is_covered(self, kind: Kind, cell: Cell, moment: int) -> bool:
        """Whether dedicated concurrency pays for what the packages leave: it is a remedy where they are exhausted (BA-13)."""
        api, model = cell
        if kind != "tokens" or api not in GENERATIVE or self._is_paused(moment):
            return False
        is_prepaid = self._assumptions.dedicated_usage == "prepaid" or not self.is_postpaid(api, moment)
        return is_prepaid and self.payers.dedicated(model, moment) > 0

    def is_postpaid(self, api: str, moment: int) -> bool:
        return self.books.postpaid.is_on(api) and not self.is_stopped(moment)

    def is_stopped(self, moment: int) -> bool:
        return moment >= self._halt()

    def _is_paused(self, moment: int) -> bool:
        return self._assumptions.overdue_pauses_packages and self.is_stopped(moment)

    @property
    def base_capacity(self) -> int:
        return self.knowledge.capacity

    def capacity(self, moment: int) -> Capacity:
        bought = sum([package.total for package in self.payers.held("knowledge", moment)])
        isolated = self.knowledge.isolated
        stored = sum(self.knowledge.used.values())
        return Capacity(self.base_capacity + bought, stored - isolated, isolated)

    def end(self, package: Package, moment: int) -> None:
        """The package expires now, before its time."""
        self.changing(package).expires = moment
        self.rearrange()
        self._happen(package, Mark(moment, "console", "expired", 0), moment)

    def tell(self, package: Package, mark: Mark, moment: int) -> None:
        if mark.sender == "cloud" and package.source == "trial" and self._assumptions.cloud_notices == "purchased":
            return
        self._send(package.id, subject_of(package), mark, moment)

    def tell_capacity(self, moment: int) -> None:
        """That the knowledge base is nearly or wholly full (RL-20, RL-21): when it comes to be, not as long as it is."""
        capacity, books = self.capacity(moment), self.books
        marks = capacity_marks(capacity.used, capacity.total)
        for mark in marks:
            if mark.threshold > books.filled:
                self._send("", f"The knowledge base ({capacity.total} x {UNITS['knowledge']})", mark, moment)
        books.filled = max([mark.threshold for mark in marks], default=0)

    def _send(self, package: str, subject: str, mark: Mark, moment: int) -> None:
        channels = CONSOLE_CHANNELS if mark.sender == "console" else self.books.channels
        if channels:
            self.books.notices.append(notice(package, subject, mark, moment, channels))
            self._told.add((package, mark, moment))

    def _happen(self, package: Package | None, mark: Mark | None, moment: int) -> None:
        """Tell of a mark, unless this moment came before and then the clock was set back."""
        if package is not None and mark is not None and (package.id, mark, moment) not in self._told:
            self.tell(package, mark, moment)
        if package is None or package.kind == "knowledge":
            if mark is not None and mark.event == "expired":
                # What exceeds the capacity when some of it expires cannot be searched any more (RL-16).
                self.knowledge.isolate(self.capacity(moment).exceeded)
            self.tell_capacity(moment)

    def _use(self, package: Package, amount: int) -> None:
        self.changing(package).used += amount
        if not package.remaining:
            self.payers.forget()

    def _halt(self) -> int:
        """When service stops, or stopped, because the account is overdue."""
        since = self.books.wallet.overdue_since
        return NEVER if since is None else since + self._assumptions.overdue_grace_hours * HOUR

    def _planned(self) -> list[Event]:
        """Everything from the cursor on that is known beforehand, as a heap."""
        events = [event for package in self.books.packages for event in self._events(package)]
        if self.books.opened >= self.books.cursor:
            events.append((self.books.opened, 0, 0, None, None))
        heapify(events)
        return events

    def _events(self, package: Package) -> list[Event]:
        marks: list[tuple[int, Mark | None]] = [(mark.at, mark) for mark in day_marks(package)]
        return [
            (at, int(package.id), place, package, mark)
            for place, (at, mark) in enumerate([(package.start, None), *marks])
            if at >= self.books.cursor
        ]

    def _advance(self, to: int) -> None:
        books = self.books
        while books.cursor < to:
            self._turn(books.cursor)
            ends = [to, books.wallet.due or to, self._halt()]
            self._flow(min([end for end in ends if end > books.cursor]))

    def _rewind(self, stop: int) -> None:
        """The clock was set back, to before the second `stop`: go on from there."""
        books, moment = self.books, stop - 1
        for package in books.packages:
            if package.start <= max(books.cursor - 1, books.opened):
                self.changing(package).start = min(package.start, moment)
        books.opened = min(books.opened, moment)
        wallet = books.wallet
        if wallet.overdue_since is not None:
            wallet.overdue_since = min(wallet.overdue_since, moment)
        if wallet.due is not None:
            wallet.due = self._due(moment)
        books.cursor = stop
        self.rearrange()

    def _turn(self, moment: int) -> None:
        """Settle the hours that have ended."""
        wallet = self.books.wallet
        if wallet.due is not None and wallet.due <= moment:
            wallet.settle(wallet.due, deducted=wallet.due > self.books.opened)

    def _flow(self, stop: int) -> None:
        """Allot the ledger's usage from the cursor on, to where payers change or to `stop`.

        In this time no package begins or ends, and no bill falls due that is known already.
        """
        books = self.books
        start = books.cursor
        if start < books.allotted:
            books.cursor = min(stop, books.allotted)
            return
        used = self._used(start, stop)
        draws, taken, covered = self._draws(used, start)
        drained = [draw for draw in draws if draw.amount > draw.package.remaining]
        dry = min([self._reach(draw, start, stop, draw.package.remaining) for draw in drained], default=None)
        end = self._bill(used, taken, start, stop, dry)
        news: list[tuple[int, int, Package, Mark]] = []
        for cell in covered:
            self.books.covered += self._ledger.totals(Cells(cells=(cell,)), start, end).total
        for draw in draws:
            amount = draw.amount if end == stop else self._total(draw, start, end)
            for mark in marks_within(draw.package, amount):
                moment = self._reach(draw, start, end, mark.at - draw.package.used)
                news.append((moment, len(news), draw.package, mark))
            self._use(draw.package, amount)
        for moment, _, package, mark in sorted(news):
            self.tell(package, mark, moment)
        books.cursor = books.allotted = end
        if end == dry:
            # In this second a package is used up; what it cannot take goes on to the next payer, cell by cell.
            books.cursor = books.allotted = end + 1
            for cell, amounts in self._used(end, end + 1).items():
                self.spend(cell, amounts, end, is_call=False)

    def _used(self, start: int, stop: int) -> dict[Cell, Amounts]:
        if not self._ledger.totals(EVERYTHING, start, stop).calls:
            return {}
        if (series := self._ledger.select(EVERYTHING)) is not self._series:
            self._series = series
            self._cells = sorted({cell_of(one.line) for one in series})
        used = {cell: self._ledger.totals(Cells(cells=(cell,)), start, stop) for cell in self._cells}
        return {cell: amounts for cell, amounts in used.items() if amounts.calls}

    def _draws(
        self, used: Mapping[Cell, Amounts], moment: int
    ) -> tuple[list[Draw], dict[Cell, list[Kind]], list[Cell]]:
        """What each package pays for, which kinds of a cell's usage are paid for, and where dedicated concurrency does it."""
        draws: dict[str, Draw] = {}
        covered: list[Cell] = []
        paid: dict[Cell, list[Kind]] = {cell: [] for cell in used}
        for cell, amounts in used.items():
            for kind in kinds_of(cell[0]):
                amount = amount_of(kind, amounts)
                chain = self.chain(kind, cell, moment) if amount else []
                if chain:
                    draw = draws.setdefault(chain[0].id, Draw(chain[0]))
                    draw.amount += amount
                    draw.cells.append(cell)
                    paid[cell].append(kind)
                elif amount and self.is_covered(kind, cell, moment):
                    covered.append(cell)
                    paid[cell].append(kind)
        return list(draws.values()), paid, covered

    def _bill(
        self, used: Mapping[Cell, Amounts], paid: Mapping[Cell, list[Kind]], start: int, stop: int, dry: int | None
    ) -> int:
        """Bill what no package pays for, hour by hour; return where that ends: where a package is used up, or where a bill
        makes the account overdue and service stops."""
        end = stop if dry is None else dry

        def left(cell: Cell, amounts: Amounts) -> Amounts:
            return rest(cell[0], amounts, {kind: amount_of(kind, amounts) for kind in paid[cell]})

        unpaid = [cell for cell, amounts in used.items() if any(left(cell, amounts))]
        billed = [cell for cell in unpaid if self.is_postpaid(cell[0], start)]
        if billed:
            end = min(end, start + LONGEST)
        rows = [
            (hour, cell, charged)
            for cell in billed
            for hour, amounts in self._ledger.graph(Cells(cells=(cell,)), start, end, HOUR)
            if any(charged := left(cell, amounts))
        ]
        for hour, cell, amounts in sorted(rows):
            self._turn(hour)
            if self.is_stopped(hour):
                break
            self._charge(cell, amounts, hour, is_call=False)
        self._turn(end if end == dry else end - 1)
        if start < (halt := self._halt()) < end:
            end = halt
        for cell in unpaid:
            if cell not in billed:
                self._waive(cell[0], left(cell, self._ledger.totals(Cells(cells=(cell,)), start, end)))
        return end

    def _charge(self, cell: Cell, amounts: Amounts, moment: int, *, is_call: bool) -> int:
        wallet = self.books.wallet
        hour = moment - (moment + self._ledger.zone) % HOUR
        cost = self.books.bills.add(hour, *cell, amounts, partial(self.prices.charge, *cell), is_call=is_call)
        self.allotted += 1
        wallet.pending += cost
        wallet.due = self._due(moment)
        return cost

    def _due(self, moment: int) -> int:
        """When usage of this moment is settled."""
        zone = self._ledger.zone
        if self._assumptions.settlement == "monthly":
            return months_after(first_of_month(moment, zone), 1, zone)
        return moment - (moment + zone) % HOUR + HOUR

    def _waive(self, api: str, amounts: Amounts) -> None:
        self.allotted += 1
        for kind in kinds_of(api):
            if amount := amount_of(kind, amounts):
                self.books.waived[kind] = self.books.waived.get(kind, 0) + amount

    def _total(self, draw: Draw, start: int, stop: int) -> int:
        amount: int = getattr(self._ledger.totals(draw.lines, start, stop), draw.member)
        return amount

    def _reach(self, draw: Draw, start: int, stop: int, amount: int) -> int:
        """The second in which the package's usage from `start` on comes to this amount; it does before `stop`."""
        moment = self._ledger.moment_of(draw.lines, start, stop, draw.member, amount)
        assert moment is not None
        return moment


def cell_of(line: Line) -> Cell:
    return line.api or line.sub_biz_type, line.model


def marks_within(package: Package, amount: int) -> list[Mark]:
    """What there is to tell when so much more of a package is used."""
    return [mark for mark in usage_marks(package.total) if package.used < mark.at <= package.used + amount]
