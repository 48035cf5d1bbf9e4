"""Bills of postpaid usage: a row for every hour, API and model that cost something (BA-22)."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Annotated

import msgspec

from lke_emulator.primitives.months import LATEST
from lke_emulator.usage.amounts import NOTHING, Amounts

HOUR = 3600
Charge = Callable[[Amounts], int]


class Bill(msgspec.Struct, kw_only=True):
    hour: Annotated[int, msgspec.Meta(ge=0, le=LATEST)]
    """Unix seconds of its beginning, on the hours of the account's zone."""
    api: str
    model: str
    calls: Amounts = NOTHING
    """What metered calls used; each is charged in whole micro-units, so that their charges add up to the bill."""
    usage: Amounts = NOTHING
    """What the scenario used, charged by the hour however often somebody looks. Its calls are not counted but for images:
    which of them a package paid for is nobody's knowledge."""
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
    """In the order of their hours, then of API and model."""

    rows: list[Bill] = []

    def of(self, hour: int, api: str, model: str) -> Bill:
        """The row of this hour, made where there is none."""
        place = bisect_left(self.rows, (hour, api, model), key=place_of)
        if place == len(self.rows) or place_of(self.rows[place]) != (hour, api, model):
            self.rows.insert(place, Bill(hour=hour, api=api, model=model))
        return self.rows[place]


def place_of(bill: Bill) -> tuple[int, str, str]:
    return bill.hour, bill.api, bill.model
