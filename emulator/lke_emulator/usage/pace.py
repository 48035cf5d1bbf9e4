"""How usage is laid out in time, apart from how much there is of it.

A pace is a clock that runs fast while an account is busy and stands still while it sleeps: `until(t)` is a whole number
of busy units that never falls. A series scales it to calls, so everything that holds for a clock (order, additivity, an
inverse) holds for the counters.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import add, mul
from typing import NamedTuple, Protocol

from lke_emulator.primitives.millionths import Number, proportions
from lke_emulator.primitives.seeds import noise
from lke_emulator.usage.days import FINE, Days
from lke_emulator.usage.events import Tempo
from lke_emulator.usage.hours import PATTERNS, SCALE, Hours

MARK = 300
"""Five minutes: within one, usage is even."""
HOUR = 12 * MARK
DAY = 24 * HOUR


class Pace(Protocol):
    def until(self, t: int) -> int:
        """Busy units before the second t; never falls."""

    def column(self, moments: Sequence[int]) -> list[int]:
        """`until` of many moments, in order; cheapest for a range along a calendar's marks, hours or days."""

    def when(self, units: int) -> int | None:
        """The first second t with until(t) >= units; None when that never comes."""


class Day(NamedTuple):
    """One day of one line."""

    units: list[int]
    """Until each of its 25 full hours."""
    factors: list[int]
    """Of the line at those hours."""
    bits: int
    """Noise for the pattern of each hour."""


class Calendar:
    """Days and hours, as one line wavers about them.

    Midnights have a closed form. Each is displaced by seeded noise, at most by a quarter of the smaller day beside it:
    they never cross, and next to a day without usage nothing moves.
    """

    def __init__(self, key: int, zone: int, days: Days, hours: Hours) -> None:
        self._key = key
        self._zone = zone
        self._days = days
        self._hours = hours
        self._opened: dict[int, Day] = {}
        self._marks: dict[int, list[int]] = {}

    def until(self, t: int) -> int:
        mark, rest = divmod(t + self._zone, MARK)
        hour, mark = divmod(mark, 12)
        if rest == 0 and mark == 0:
            day, hour = divmod(hour, 24)
            known = self._opened.get(day)
            if known is not None:
                return known.units[hour]
            return self._day(day).units[hour] if hour else self._midnight(day)
        marks = self._marks.get(hour) or self._marks_of(hour)
        left = marks[mark]
        return left + (marks[mark + 1] - left) * rest // MARK

    def column(self, moments: Sequence[int]) -> list[int]:
        if not isinstance(moments, range) or moments.step not in (MARK, HOUR) or not moments:
            return [self.until(t) for t in moments]
        first, rest = divmod(moments[0] + self._zone, moments.step)
        if rest:
            return [self.until(t) for t in moments]
        found: list[int] = []
        i, end, size = first, first + len(moments), 12 if moments.step == MARK else 24
        while i < end:
            outer, inner = divmod(i, size)
            units = self._marks_of(outer) if size == 12 else self._day(outer).units
            found += units[inner : min(size, inner + end - i)]
            i += size - inner
        return found

    def when(self, units: int) -> int | None:
        index = next((index for index, marks in self._marks.items() if marks[0] < units <= marks[12]), None)
        if index is None:
            day = self._day_of(units)
            if day is None:
                return None
            index = day * 24 + bisect_left(self._day(day).units, units, 1, 24) - 1
        marks = self._marks_of(index)
        mark = bisect_left(marks, units) - 1
        second = -((marks[mark] - units) * MARK // (marks[mark + 1] - marks[mark]))
        return index * HOUR + mark * MARK + second - self._zone

    def _midnight(self, day: int) -> int:
        """Units until a day (counted from 1970-01-01 in the zone) begins."""
        units, smaller = self._days.midnight(day)
        step = smaller * self._hours.midnight_wobble >> SCALE + 17
        return units + step * ((noise(self._key, day << 3) >> 48) - 0x8000)

    def _day(self, day: int) -> Day:
        known = self._opened.get(day)
        if known is None:
            known = self._open(day)
            if len(self._opened) == 3:
                del self._opened[next(iter(self._opened))]
            self._opened[day] = known
        return known

    def _open(self, day: int) -> Day:
        key, hours = self._key, self._hours
        at = (day << 3) + 1
        knots = b"".join([noise(key, at + i).to_bytes(8) for i in range(3)]) + noise(key, at + 8).to_bytes(8)[:1]
        factors = [hours.factors[bits] for bits in knots]
        shares = map(add, map(mul, hours.falling, factors), map(mul, hours.rising, factors[1:]))
        sums = list(accumulate(shares, initial=0))
        left, whole = self._midnight(day), sums[-1]
        span = self._midnight(day + 1) - left
        bits = noise(key, at + 3) << 64 | noise(key, at + 4)
        return Day([left + span * share // whole for share in sums], factors, bits)

    def _marks_of(self, index: int) -> list[int]:
        """Units until each of the thirteen marks of an hour (counted from 1970-01-01 00:00 in the zone)."""
        marks = self._marks.get(index)
        if marks is None:
            day, hour = divmod(index, 24)
            units, factors, bits = self._day(day)
            left = units[hour]
            span = units[hour + 1] - left
            places = self._hours.places(hour, factors[hour], factors[hour + 1], bits >> 4 * hour & PATTERNS - 1)
            marks = [left + (span * place >> SCALE) for place in places]
            if len(self._marks) == 4:
                del self._marks[next(iter(self._marks))]
            self._marks[index] = marks
        return marks

    def _day_of(self, units: int) -> int | None:
        """The day in which the units are reached, sought outwards from the last one looked into."""
        day = next(reversed(self._opened), self._days.origin)
        if self._days.last is not None and units > self._midnight(self._days.last):
            return None
        low = high = day
        step = 1
        while self._midnight(high) < units:
            low, high, step = high, high + step, step * 2
        while self._midnight(low) >= units:
            low, high, step = low - step, low, step * 2
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

    def column(self, moments: Sequence[int]) -> list[int]:
        return [self.until(t) for t in moments]

    def when(self, units: int) -> int | None:
        turn, rest = divmod(units - 1, self._until[-1])
        slot = bisect_right(self._until, rest) - 1
        second = -((self._until[slot] - rest - 1) * self._width // self._slots[slot])
        return self._first + turn * self._period + slot * self._width + second


class Windowed:
    """A pace that runs faster or slower at times: its units are rescaled piece by piece, so it stays monotone.

    They are counted from the first time on, whenever a series begins: what is shown of a day stays as it was.
    """

    def __init__(self, pace: Pace, tempo: Tempo) -> None:
        self._pace = pace
        self._edges, self._factors, self._scale = tempo
        # At each edge, as far as anybody asked: a story may go on for years.
        self._inner: list[int] = []
        self._outer: list[int] = []

    def until(self, t: int) -> int:
        units = self._pace.until(t)
        piece = bisect_right(self._edges, t)
        if piece == 0:
            return self._scale * units
        while len(self._outer) < piece:
            self._go_on()
        return self._outer[piece - 1] + self._factors[piece] * (units - self._inner[piece - 1])

    def column(self, moments: Sequence[int]) -> list[int]:
        last = self.until(moments[-1])
        piece = bisect_right(self._edges, moments[-1])
        if bisect_right(self._edges, moments[0]) < piece:
            return [self.until(t) for t in moments]
        factor, base = self._factors[piece], last - self._factors[piece] * self._pace.until(moments[-1])
        return [base + factor * units for units in self._pace.column(moments)]

    def _go_on(self) -> None:
        """To the next edge."""
        i = len(self._inner)
        units = self._pace.until(self._edges[i])
        before = self._outer[-1] + self._factors[i] * (units - self._inner[-1]) if i else self._scale * units
        self._inner.append(units)
        self._outer.append(before)

    def when(self, units: int) -> int | None:
        while len(self._outer) < len(self._edges) and (not self._outer or self._outer[-1] < units):
            self._go_on()
        piece = bisect_left(self._outer, units)
        if piece == 0:
            return self._pace.when(-(-units // self._scale))
        if self._factors[piece] == 0:
            return None
        more = units - self._outer[piece - 1]
        return self._pace.when(self._inner[piece - 1] - (-more // self._factors[piece]))
