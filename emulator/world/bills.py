"""Bills of postpaid usage: a row for every hour, API and model that cost something (BA-22)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable

import msgspec

from emulator.world.amounts import NOTHING, Amounts

HOUR = 3600
Charge = Callable[[Amounts], int]


class Bill(msgspec.Struct, kw_only=True):
    hour: int
    """Unix seconds of its beginning, on the hours of the account's zone."""
    api: str
    model: str
    calls: Amounts = NOTHING
    """What metered calls used; each is charged in whole micro-units, so that their charges add up to the bill."""
    usage: Amounts = NOTHING
    """What the scenario's usage came to; it is charged by the hour, however often somebody looks."""
    charge: int = 0
    """Micro-units."""

    @property
    def amounts(self) -> Amounts:
        return plus(self.calls, self.usage)

    def add_call(self, amounts: Amounts, charge: Charge) -> int:
        """What the call costs."""
        self.calls = plus(self.calls, amounts)
        self.charge += (cost := charge(amounts))
        return cost

    def add_usage(self, amounts: Amounts, charge: Charge) -> int:
        """By how much the bill grew."""
        usage = plus(self.usage, amounts)
        cost = charge(usage) - charge(self.usage)
        self.usage = usage
        self.charge += cost
        return cost


def plus(one: Amounts, other: Amounts) -> Amounts:
    return Amounts(*map(int.__add__, one, other))


class Bills(msgspec.Struct):
    """In the order of their hours."""

    rows: list[Bill] = []

    def of(self, hour: int, api: str, model: str) -> Bill:
        """The row of this hour, made where there is none."""
        place = bisect_right(self.rows, hour, key=hour_of)
        first = bisect_left(self.rows, hour, hi=place, key=hour_of)
        for bill in self.rows[first:place]:
            if bill.api == api and bill.model == model:
                return bill
        bill = Bill(hour=hour, api=api, model=model)
        self.rows.insert(place, bill)
        return bill


def hour_of(bill: Bill) -> int:
    return bill.hour
