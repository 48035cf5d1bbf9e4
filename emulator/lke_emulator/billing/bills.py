"""Bills of postpaid usage: a row for every hour, API and model that cost something (BA-22)."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec.structs import replace

from lke_emulator.primitives.months import LATEST
from lke_emulator.usage.amounts import NOTHING, Amounts

HOUR = 3600
Charge = Callable[[Amounts], int]


class Bill(msgspec.Struct, frozen=True, kw_only=True):
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

    def with_call(self, amounts: Amounts, charge: Charge) -> "Bill":
        return replace(self, calls=plus(self.calls, amounts), charge=self.charge + charge(amounts))

    def with_usage(self, amounts: Amounts, charge: Charge) -> "Bill":
        usage = plus(self.usage, amounts)
        return replace(self, usage=usage, charge=self.charge + charge(usage) - charge(self.usage))


def plus(one: Amounts, other: Amounts) -> Amounts:
    return Amounts(*map(int.__add__, one, other))


class Bills(msgspec.Struct):
    """In the order of their hours, then of API and model."""

    rows: list[Bill] = []

    def add(self, hour: int, api: str, model: str, amounts: Amounts, charge: Charge, *, is_call: bool) -> int:
        """Tell by how much the row of this hour, which is made where there is none, has grown."""
        place = bisect_left(self.rows, (hour, api, model), key=place_of)
        if place == len(self.rows) or place_of(self.rows[place]) != (hour, api, model):
            self.rows.insert(place, Bill(hour=hour, api=api, model=model))
        before = self.rows[place]
        self.rows[place] = now = before.with_call(amounts, charge) if is_call else before.with_usage(amounts, charge)
        return now.charge - before.charge


def place_of(bill: Bill) -> tuple[int, str, str]:
    return bill.hour, bill.api, bill.model
