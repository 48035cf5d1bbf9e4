"""Billing told the long way: second by second and hour by hour, one call after the other.

What the laws leave open is written here as plainly as possible, so that the emulator's leaps over time can be compared.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger

HOUR = 3600
DAY = 86400
PRICES = {"input": 3_700, "output": 11_300, "page": 21_000, "search": 5_500}
"""Micro-units: tokens by the thousand, pages and searches apiece."""
KINDS = ("tokens", "searches", "pages")
Cell = tuple[str, str]
Notice = tuple[int, str, str, int, str]
"""time, sender, event, threshold, package"""


def figures(amounts: Amounts) -> dict[str, int]:
    return {
        "tokens": amounts.input + amounts.output,
        "searches": amounts.rag + amounts.internet,
        "pages": amounts.pages,
    }


def cost(input: int, output: int, pages: int, searches: int) -> int:
    """Micro-units, an even number of them (the gateway's quota is 500 000 for one unit of money), half of two rounded up."""
    thousandths = input * PRICES["input"] + output * PRICES["output"]
    thousandths += 1000 * (pages * PRICES["page"] + searches * PRICES["search"])
    return (thousandths + 1000) // 2000 * 2


@dataclass
class Pack:
    id: str
    kind: str
    trial: bool
    total: int
    bought: int
    expires: int
    models: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    start: int = 0
    used: int = 0
    prepaid: bool = False

    def pays(self, kind: str, cell: Cell, moment: int) -> bool:
        return (
            self.kind == kind
            and self.used < self.total
            and self.start <= moment < self.expires
            and (self.apis == () or cell[0] in self.apis)
            and (self.models == () or cell[1] in self.models)
        )


@dataclass
class Row:
    """Of a bill: what calls cost, and what the scenario used."""

    calls: int = 0
    usage: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    paid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def charge(self) -> int:
        return self.calls + cost(*self.usage)


class Reference:
    def __init__(self, given: Ledger, zone: int, now: int, balance: int) -> None:
        self.given = given
        self.zone = zone
        self.cursor = self.allotted = now
        self.balance = balance
        self.overdue = balance < 0
        self.packs: list[Pack] = []
        self.on: set[str] = set()
        self.rows: dict[tuple[int, str, str], Row] = {}
        self.billed = 0
        self.waived = dict.fromkeys(KINDS, 0)
        self.covered = 0
        self.notices: list[Notice] = []

    def copy(self) -> "Reference":
        given, self.given = self.given, Ledger(0)
        twin = deepcopy(self)
        self.given = twin.given = given
        return twin

    def settle(self, now: int) -> None:
        stop = now + 1
        start, stop = self.cursor, max(self.cursor, stop)
        used: dict[int, dict[Cell, Amounts]] = {}
        count = self.given.totals(Filter(), max(start, self.allotted), stop).calls
        for call in self.given.calls(Filter(), max(start, self.allotted), stop, 0, count):
            cells = used.setdefault(call.moment, {})
            cell = (call.line.api or call.line.sub_biz_type, call.line.model)
            cells[cell] = Amounts(*map(sum, zip(cells.get(cell, Amounts()), call.amounts, strict=True)))
        first_hour = start + -(start + self.zone) % HOUR
        days = {pack.expires - days * DAY for pack in self.packs for days in (30, 7, 5, 3, 1, 0)}
        for second in sorted({*used, *range(first_hour, stop, HOUR), *days}):
            if start <= second < stop:
                self.tell_days(second)
                if (second + self.zone) % HOUR == 0:
                    self.turn()
                for cell in sorted(used.get(second, {})):
                    self.consume(cell, used[second][cell], second, served=False)
        self.cursor, self.allotted = stop, max(stop, self.allotted)

    def turn_back(self, before: int, after: int) -> None:
        """The clock is set back: what somebody has by then they have from then on."""
        self.settle(before)
        for pack in self.packs:
            if pack.start <= before:
                pack.start = min(pack.start, after)
        self.cursor = after + 1

    def turn(self) -> None:
        """An hour ends."""
        charged = sum(row.charge for row in self.rows.values())
        self.balance -= charged - self.billed
        self.billed = charged
        if self.balance < 0:
            self.overdue = True

    def tell_days(self, second: int) -> None:
        told: list[Notice] = []
        for pack in self.packs:
            for days in (30, 7, 5, 3, 1):
                if second == pack.expires - days * DAY > pack.start:
                    senders = [("console", (30, 7, 1)), ("cloud", (7, 5, 3, 1))]
                    told += [(second, who, "expiring", days, pack.id) for who, its_days in senders if days in its_days]
            if second == pack.expires:
                told.append((second, "console", "expired", 0, pack.id))
        self.notices += [notice for notice in told if notice not in self.notices]

    def consume(self, cell: Cell, amounts: Amounts, second: int, *, served: bool) -> None:
        """`served`: a real call, charged by itself."""
        left = {}
        for kind, need in figures(amounts).items():
            queue = [] if self.overdue else [pack for pack in self.packs if pack.pays(kind, cell, second)]
            for pack in sorted(queue, key=lambda pack: (not pack.trial, pack.expires, pack.bought, int(pack.id))):
                took = min(need, pack.total - pack.used)
                self.take(pack, took, second)
                need -= took
            if kind == "tokens" and not self.overdue and self.is_dedicated(cell, second):
                self.covered += need
                need = 0
            left[kind] = need
        if not any(left.values()):
            return
        if self.overdue or cell[0] not in self.on:
            for kind, need in left.items():
                self.waived[kind] += need
            return
        row = self.rows.setdefault((second - (second + self.zone) % HOUR, *cell), Row())
        output = min(left["tokens"], amounts.output)
        billed = [left["tokens"] - output, output, left["pages"], left["searches"]]
        if served:
            row.calls += cost(*billed)
        else:
            row.usage = [a + b for a, b in zip(row.usage, billed, strict=True)]
        for kind, need in left.items():
            row.paid[kind] += need

    def is_dedicated(self, cell: Cell, second: int) -> bool:
        """Whether somebody has bought concurrency for this model."""
        return cell[0] in ("ChatCompletions", "KnowledgeQA") and any(
            pack.kind == "concurrency" and pack.start <= second < pack.expires and cell[1] in (pack.models or cell[1:])
            for pack in self.packs
        )

    def take(self, pack: Pack, amount: int, second: int) -> None:
        before, pack.used = pack.used, pack.used + amount
        now, total = pack.used, pack.total
        for percent in (10, 5, 1):
            if (total - before) * 100 > total * percent >= (total - now) * 100:
                self.notices.append((second, "cloud", "remaining", percent, pack.id))
        if before * 10 <= total * 9 < now * 10:
            self.notices.append((second, "console", "nearly-exhausted", 90, pack.id))
        if before < now == total:
            self.notices.append((second, "console", "exhausted", 100, pack.id))

    def top_up(self, credit: int) -> None:
        self.balance += credit
        if self.balance > 0:
            self.overdue = False

    def state(self) -> dict[str, Any]:
        return {
            "used": {pack.id: pack.used for pack in self.packs},
            "balance": self.balance,
            "overdue": self.overdue,
            "bills": {key: row.charge for key, row in sorted(self.rows.items())},
            "covered": self.covered,
            "waived": {kind: amount for kind, amount in self.waived.items() if amount},
            "notices": sorted(self.notices),
        }
