"""How much usage each day has: by weekday, growth, holidays and the end of a month, and as days vary.

Every line of an account that has the same rhythm shares one: a slow day is slow for all of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import sub

from lke_emulator.primitives.millionths import MILLION, Number, millionths, proportions
from lke_emulator.primitives.seeds import noise, number

FINE = 40
"""Bits below the unit of a weight: room for the noise and for a sparse series."""

LIVELY = 1 << 20
"""An ordinary day; none goes below an eighth of it."""
DEVIATION = 37_837
"""The standard deviation of the sum of four numbers of sixteen bits."""
MONTH_ENDS = 3
MONTHS_KEPT, MIDNIGHTS_KEPT = 24, 400

Swap = tuple[int, int]
"""A day (counted from 1970-01-01), and the weekday (0 is Monday) that it counts as: a holiday as a Sunday."""


class Days:
    """Units until each midnight. Whole months have a closed form; a month is shared among its days by what they are."""

    def __init__(
        self,
        seed: int,
        weekdays: Sequence[Number],
        growth: Number = 0,
        growth_days: int = 1,
        origin: int = 0,
        swaps: Sequence[Swap] = (),
        vary: Number = 0,
        month_end: Number = 1,
    ) -> None:
        """The level is 1 until the day `origin`, and then grows by `growth` in every `growth_days` days, along a line.

        `vary` is the standard deviation of days, as a share; `month_end` the weight of a month's last working days.
        """
        self._key = number("days", seed)
        self.origin = origin
        weekday = (origin + 3) % 7  # 1970-01-01 was a Thursday
        week = proportions("weekdays", weekdays, 7)
        self._week = week[weekday:] + week[:weekday]
        self._level, slope = proportions("growth", (growth_days, abs(growth)))
        self._slope = slope if growth >= 0 else -slope
        self.last = origin - -self._level // slope if self._slope < 0 else None
        """The day on which a falling level has reached 0."""
        self._weights = list(accumulate(self._week, initial=0))
        self._moments = list(accumulate((i * weight for i, weight in enumerate(self._week)), initial=0))
        swaps = sorted(swaps)
        self._swapped = [day for day, _ in swaps]
        changes = [(week[counts_as] - week[(day + 3) % 7]) * self._level_on(day) for day, counts_as in swaps]
        self._changes = list(accumulate(changes, initial=0))
        self._vary = millionths("days_vary", vary, 0, 1)
        self._month_end = millionths("month_end", month_end)
        self._months: dict[int, tuple[int, list[int]]] = {}
        self._midnights: dict[int, tuple[int, int]] = {}

    def units_a_week(self) -> int:
        """At the level 1."""
        return self._weights[7] * self._level << FINE

    def midnight(self, day: int) -> tuple[int, int]:
        """Units until the day begins, and the units of the smaller one of the two days beside its midnight."""
        known = self._midnights.get(day)
        if known is None:
            if len(self._midnights) == MIDNIGHTS_KEPT:
                self._midnights.clear()
            first, units = self._month(month_of(day))
            i = day - first
            before = units[i - 1] if i else self._month(month_of(day - 1))[1][-2]
            known = self._midnights[day] = units[i], min(units[i] - before, units[i + 1] - units[i])
        return known

    def _month(self, month: int) -> tuple[int, list[int]]:
        """Its first day, and the units until each of its midnights, the last of which begins the next month."""
        known = self._months.get(month)
        if known is None:
            if len(self._months) == MONTHS_KEPT:
                self._months.clear()
            known = self._months[month] = self._opened(first_of(month), first_of(month + 1))
        return known

    def _opened(self, first: int, after: int) -> tuple[int, list[int]]:
        sums = [self._sum(day) for day in range(first, after + 1)]
        rates = list(map(sub, sums[1:], sums))
        shares = list(accumulate(self._lively(first, rates), initial=0))
        start, whole = sums[0] << FINE, sums[-1] - sums[0] << FINE
        return first, [start + whole * share // (shares[-1] or 1) for share in shares]

    def _lively(self, first: int, rates: list[int]) -> list[int]:
        """The days of a month against one another; what they come to does not matter."""
        if self._month_end != MILLION:
            working = [i for i, rate in enumerate(rates) if 2 * rate > max(rates)][-MONTH_ENDS:]
            rates = [rate * (self._month_end if i in working else MILLION) for i, rate in enumerate(rates)]
        if not self._vary:
            return rates
        return [rate * self._liveliness(day) for day, rate in enumerate(rates, first)]

    def _liveliness(self, day: int) -> int:
        """Near a normal distribution around LIVELY: four fifths the day's own, three fifths its week's (0.8² + 0.6² is 1)."""
        bits = 4 * deviation(noise(self._key, 2 * day)) + 3 * deviation(noise(self._key, 2 * ((day + 3) // 7) + 1))
        return max(LIVELY >> 3, LIVELY + LIVELY * self._vary * bits // (5 * DEVIATION * MILLION))

    def _level_on(self, day: int) -> int:
        return max(0, self._level + self._slope * max(0, day - self.origin))

    def _sum(self, day: int) -> int:
        """The rates of the days before this one: whole weeks are a sum along a line, and at most six days remain."""
        if self.last is not None:
            day = min(day, self.last)
        swapped = self._changes[bisect_left(self._swapped, day)]
        weeks, rest = divmod(day - self.origin, 7)
        if weeks < 0:
            return swapped + self._level * (weeks * self._weights[7] + self._weights[rest])
        week = self._level * self._weights[7] + self._slope * self._moments[7]
        week_by_week = 7 * self._slope * self._weights[7] * (weeks * (weeks - 1) // 2)
        level = self._level + 7 * weeks * self._slope
        days = level * self._weights[rest] + self._slope * self._moments[rest]
        return swapped + weeks * week + week_by_week + days


days_of = lru_cache(maxsize=256)(Days)


def deviation(bits: int) -> int:
    return (bits & 65535) + (bits >> 16 & 65535) + (bits >> 32 & 65535) + (bits >> 48) - 131_070


def month_of(day: int) -> int:
    """Months since March of the year 0, for a day counted from 1970-01-01: a leap day ends its year."""
    era, day = divmod(day + 719_468, 146_097)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    return 12 * (400 * era + year) + (5 * day + 2) // 153


def first_of(month: int) -> int:
    """The first day of such a month."""
    year, month = divmod(month, 12)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 - 719_468
