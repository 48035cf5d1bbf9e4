"""How usage is laid out in time, apart from how much there is of it.

A pace is a clock that runs fast while an account is busy and stands still while it sleeps: `until(t)` is a whole number
of busy units that never falls. A series scales it to calls, so everything that holds for a clock (order, additivity, an
inverse) holds for the counters.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

from lke_emulator.primitives.millionths import MILLION, Number, millionths, proportions
from lke_emulator.primitives.seeds import noise

MARK = 300
"""Five minutes: within one, usage is even."""
HOUR = 12 * MARK
DAY = 24 * HOUR

FINE = 40
"""Bits below the unit of a weight: room for the noise and for a sparse series."""

Window = tuple[int, int, Number]
"""start, stop, factor: 4 is a burst, 0 a gap."""


class Pace(Protocol):
    def until(self, t: int) -> int:
        """Busy units before the second t; never falls."""

    def when(self, units: int) -> int | None:
        """The first second t with until(t) >= units; None when that never comes."""


class CalendarShape:
    """What calendars have in common when only their noise differs: how days and hours are weighed."""

    def __init__(
        self, origin: int, weekdays: Sequence[Number], hours: Sequence[Number], growth: Number, jitter: Number
    ) -> None:
        """The day `origin` (counted from 1970-01-01) has the level 1, and each later day `growth` more."""
        self.origin = origin
        weekday = (origin + 3) % 7  # 1970-01-01 was a Thursday
        week = proportions("weekdays", weekdays, 7)
        self._week = week[weekday:] + week[:weekday]
        self._level, slope = proportions("growth", (1, abs(growth)))
        self._slope = slope if growth >= 0 else -slope
        self.last = origin - -self._level // slope if self._slope < 0 else None
        """The day on which a falling level has reached 0."""
        self._weights = list(accumulate(self._week, initial=0))
        self._moments = list(accumulate((i * weight for i, weight in enumerate(self._week)), initial=0))
        share = millionths("jitter", jitter, 0, 1)
        self._day_wobble = (share << FINE - 16) // MILLION
        wobble = (share << 9) // MILLION
        self.marks = [(5 * i, [(i + 1 << 14) + (bits - 16) * wobble for bits in range(32)]) for i in range(11)]
        """For each boundary between two marks: where its five bits of noise are, and its places in 1/(12 * 16,384)."""
        day = proportions("hours", hours, 24)
        self.hours = [weight << 18 for weight in accumulate(day, initial=0)]
        self.hour_wobble = [min(pair) * wobble for pair in zip([0, *day], [*day, 0], strict=True)]
        self._midnights: dict[int, tuple[int, int]] = {}

    def units_a_week(self) -> int:
        """At the level 1."""
        return self._weights[7] * self._level << FINE

    def midnight(self, day: int) -> tuple[int, int]:
        """Units until the day begins, and how far each of 65,536 steps of noise moves that."""
        known = self._midnights.get(day)
        if known is None:
            age = day - self.origin
            smaller = min(self._rate(age - 1), self._rate(age))
            known = self._sum(age) << FINE, smaller * self._day_wobble
            if len(self._midnights) == 4096:
                self._midnights.clear()
            self._midnights[day] = known
        return known

    def _rate(self, age: int) -> int:
        return self._week[age % 7] * max(0, self._level + self._slope * age)

    def _sum(self, age: int) -> int:
        """The rates of the days before this age: whole weeks are a sum along a line, and at most six days remain."""
        if self.last is not None:
            age = min(age, self.last - self.origin)
        weeks, rest = divmod(age, 7)
        week = self._level * self._weights[7] + self._slope * self._moments[7]
        week_by_week = 7 * self._slope * self._weights[7] * (weeks * (weeks - 1) // 2)
        level = self._level + 7 * weeks * self._slope
        return weeks * week + week_by_week + level * self._weights[rest] + self._slope * self._moments[rest]


shape = lru_cache(maxsize=256)(CalendarShape)


class Calendar:
    """Days grow along a line and are weighed by weekday, hours are weighed within a day, twelve marks fill an hour.

    Midnights have a closed form. The boundary between two neighbours (days, hours, marks) is displaced by seeded noise,
    at most by `jitter` times half of the smaller one: boundaries never cross, and next to a weight of 0 nothing moves.
    """

    def __init__(self, key: int, zone: int, shape: CalendarShape) -> None:
        self._key = key
        self._zone = zone
        self._shape = shape
        self._day = self._opened(shape.origin)
        self._marks: dict[int, list[int]] = {}

    def until(self, t: int) -> int:
        day, rest = divmod(t + self._zone, DAY)
        if rest == 0:
            return self._midnight(day)
        hour, rest = divmod(rest, HOUR)
        if rest == 0:
            return self._hour(day, hour)
        mark, rest = divmod(rest, MARK)
        marks = self._marks_of(day * 24 + hour)
        left = marks[mark]
        return left + (marks[mark + 1] - left) * rest // MARK

    def when(self, units: int) -> int | None:
        index = next((index for index, marks in self._marks.items() if marks[0] < units <= marks[12]), None)
        if index is None:
            day = self._day_of(units)
            if day is None:
                return None
            index = day * 24 + bisect_left(range(1, 24), units, key=lambda hour: self._hour(day, hour))
        marks = self._marks_of(index)
        mark = bisect_left(marks, units) - 1
        second = -((marks[mark] - units) * MARK // (marks[mark + 1] - marks[mark]))
        return index * HOUR + mark * MARK + second - self._zone

    def _midnight(self, day: int) -> int:
        """Units until a day (counted from 1970-01-01 in the zone) begins."""
        units, step = self._shape.midnight(day)
        return units + step * ((noise(self._key, day << 5) >> 48) - 0x8000)

    def _opened(self, day: int) -> tuple[int, int, int]:
        left = self._midnight(day)
        return day, left, self._midnight(day + 1) - left

    def _hour(self, day: int, hour: int) -> int:
        """Units until an hour begins, 0 to 24."""
        if self._day[0] != day:
            self._day = self._opened(day)
        _, left, span = self._day
        shape = self._shape
        wobble = ((noise(self._key, (day << 5) + hour + 1) >> 55) - 256) * shape.hour_wobble[hour]
        return left + span * (shape.hours[hour] + wobble) // shape.hours[24]

    def _marks_of(self, index: int) -> list[int]:
        """Units until each of the thirteen marks of an hour (counted from 1970-01-01 00:00 in the zone)."""
        marks = self._marks.get(index)
        if marks is None:
            day, hour = divmod(index, 24)
            left = self._hour(day, hour)
            span = self._hour(day, hour + 1) - left
            bits = noise(self._key, (day << 5) + hour + 1)
            part = span // (12 << 14)
            inner = [left + part * places[bits >> at & 31] for at, places in self._shape.marks]
            marks = [left, *inner, left + span]
            if len(self._marks) == 4:
                del self._marks[next(iter(self._marks))]
            self._marks[index] = marks
        return marks

    def _day_of(self, units: int) -> int | None:
        """The day in which the units are reached, sought outwards from the last one looked into.

        They are more than there were at the origin: before it, a line that grows would come down from above.
        """
        day, left, span = self._day
        if left < units <= left + span:
            return day
        if self._shape.last is not None and units > self._midnight(self._shape.last):
            return None
        low = high = day
        step = 1
        while self._midnight(high) < units:
            low, high, step = high, high + step, step * 2
        while self._midnight(low) >= units:
            low, high, step = max(self._shape.origin, low - step), low, step * 2
        return low + bisect_left(range(low + 1, high), units, key=self._midnight)


class Cycle:
    """A period cut into slots of equal length, repeated for ever; even within a slot."""

    def __init__(self, first: int, period: int, weights: Sequence[Number]) -> None:
        """`first` is the second at which a period begins. ValueError unless the slots divide the period."""
        self._first = first
        self._period = period
        slots = proportions("weights", weights)
        self._width, rest = divmod(period, len(slots))
        if rest or self._width == 0:
            raise ValueError(f"period: {period} seconds cannot be cut into {len(slots)} equal slots of whole seconds")
        self._slots = [weight << FINE for weight in slots]
        self._until = list(accumulate(self._slots, initial=0))

    def units_a_period(self) -> int:
        return self._until[-1]

    def until(self, t: int) -> int:
        turn, rest = divmod(t - self._first, self._period)
        slot, rest = divmod(rest, self._width)
        return turn * self._until[-1] + self._until[slot] + self._slots[slot] * rest // self._width

    def when(self, units: int) -> int | None:
        turn, rest = divmod(units - 1, self._until[-1])
        slot = bisect_right(self._until, rest) - 1
        second = -((self._until[slot] - rest - 1) * self._width // self._slots[slot])
        return self._first + turn * self._period + slot * self._width + second


class Windowed:
    """A pace that is faster or slower inside windows: its units are rescaled piece by piece, so it stays monotone."""

    def __init__(self, pace: Pace, windows: Sequence[Window], first: int) -> None:
        """What is before the second `first` is cut off. ValueError for an empty window, or windows that overlap."""
        windows = sorted(windows)
        for i, (start, stop, _) in enumerate(windows):
            if stop <= start:
                raise ValueError(f"windows: one that starts at {start} and stops at {stop} is empty")
            if i and start < windows[i - 1][1]:
                raise ValueError(f"windows: two overlap at {start}")
        windows = [(max(start, first), stop, factor) for start, stop, factor in windows if stop > first]
        whole = proportions("windows", (1, *(factor for _, _, factor in windows)))
        self._pace = pace
        self.scale = whole[0]
        """Units for one unit of the pace."""
        self._edges: list[int] = []
        self._factors = [self.scale]
        for (start, stop, _), factor in zip(windows, whole[1:], strict=True):
            self._edges += [start, stop]
            self._factors += [factor, self.scale]
        self._inner = [pace.until(edge) for edge in self._edges]
        self._outer: list[int] = []
        for i, units in enumerate(self._inner):
            before = self._outer[-1] + self._factors[i] * (units - self._inner[i - 1]) if i else self.scale * units
            self._outer.append(before)

    def until(self, t: int) -> int:
        piece = bisect_right(self._edges, t)
        units = self._pace.until(t)
        if piece == 0:
            return self.scale * units
        return self._outer[piece - 1] + self._factors[piece] * (units - self._inner[piece - 1])

    def when(self, units: int) -> int | None:
        piece = bisect_left(self._outer, units)
        if piece == 0:
            return self._pace.when(-(-units // self.scale))
        more = units - self._outer[piece - 1]
        return self._pace.when(self._inner[piece - 1] - (-more // self._factors[piece]))
