"""What pays for the calls of an account: packages first, then the balance, hour by hour.

Nothing runs in the background. The state is what was done (grants, purchases, switches, top-ups) and a cursor: everything
before that second has been allotted. `settle(now)` moves it on through what happened since, in the order of time: packages
begin and end, hours turn, thresholds are crossed. Between two such events every line of usage has one payer, so any stretch
of time is one difference of the ledger's counters; the second in which a package is used up is their inverse. What a long
time costs grows with the events in it, and with the hours in which postpaid usage really came, not with its length.

Usage that the scenario describes is history before `began`: the start of the account's earliest package, or of its clock.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec

from emulator.world.amounts import Amounts
from emulator.world.assumptions import Assumptions
from emulator.world.bills import Bill, Bills
from emulator.world.capacity import Capacity
from emulator.world.filter import Filter
from emulator.world.ledger import Ledger
from emulator.world.line import Line
from emulator.world.money import money
from emulator.world.notifications import CLOUD_CHANNELS, CONSOLE_CHANNELS, Mark, Notice, day_marks, notice, usage_marks
from emulator.world.number import Number
from emulator.world.packages import (
    APIS,
    FIELDS,
    MONTHS,
    SUMS,
    Kind,
    Package,
    PackageRow,
    PackageSection,
    Period,
    Source,
    Status,
    kinds_of,
    list_price,
    months_after,
    rest,
    row,
)
from emulator.world.postpaid import Postpaid, Switch
from emulator.world.prices import Currency, Price, Prices
from emulator.world.records import Knowledge
from emulator.world.refused import Refused
from emulator.world.wallet import Entry, Wallet

HOUR = 3600
DAY = 86400
MONDAY = 4 * DAY
"""1970-01-05, from which weeks are counted."""
NEVER = 1 << 60
Reason = Literal["unopened", "in-arrears", "run-out", "concurrency"]
Unit = Literal["hour", "day", "week", "month"]
Cell = tuple[str, str]
"""What is billed by itself: API (or SubBizType, where usage has no API) and model."""


class Unserved(Exception):
    """A call that the account may not make now."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Cells(Filter, frozen=True, kw_only=True):
    """The lines of some cells."""

    cells: tuple[Cell, ...]

    def matches(self, line: Line) -> bool:
        return cell_of(line) in self.cells


EVERYTHING = Filter()


def cell_of(line: Line) -> Cell:
    return line.api or line.sub_biz_type, line.model


class Draw(msgspec.Struct):
    """What goes to one package for as long as nothing changes."""

    package: Package
    cells: list[Cell]
    amount: int

    @property
    def sum(self) -> str:
        return SUMS[self.package.kind]

    @property
    def filter(self) -> Cells:
        return Cells(cells=tuple(self.cells))


class Books(msgspec.Struct, kw_only=True):
    """Everything that billing remembers; the ledger is beside it."""

    cursor: int
    """Usage and events before this second are allotted."""
    opened: int
    """When the account's clock started; bills of hours that ended before are paid."""
    begun: bool = False
    is_open: bool = True
    """Whether the service was opened at all."""
    is_registered: bool = False
    """Whether the trial was given."""
    made: int = 0
    packages: list[Package] = []
    """In the order in which they are deducted."""
    postpaid: Postpaid = msgspec.field(default_factory=Postpaid)
    wallet: Wallet = msgspec.field(default_factory=Wallet)
    prices: list[Price] = []
    bills: Bills = msgspec.field(default_factory=Bills)
    waived: dict[str, int] = {}
    """Kind -> usage of the scenario that nothing paid for; the cloud would have refused those calls."""
    isolated: int = 0
    channels: tuple[str, ...] = CLOUD_CHANNELS
    """Those of the cloud's Message Center that are on."""
    notices: list[Notice] = []
