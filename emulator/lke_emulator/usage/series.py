"""One line of usage as two counters that never fall; everything else is a difference of them.

    calls_until(t)     how many calls came before the second t
    amounts_until(k)   what the first k calls consumed
    moment(k)          the second in which call k came (from 0): the inverse of the first counter

A scenario builds series with the functions below. All moments are whole Unix seconds; a `Number` is an int, or a float
that is read as its decimal text with six places. Wrong arguments raise ValueError("<argument>: <what is wrong>").
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, Protocol

import msgspec

from lke_emulator.primitives.millionths import MILLION, Number, millionths
from lke_emulator.primitives.seeds import noise, number
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.days import Swap, days_of
from lke_emulator.usage.events import FOREVER, Event, Window, tempo_of
from lke_emulator.usage.holidays import SUNDAY, Country, swaps
from lke_emulator.usage.hours import hours_of
from lke_emulator.usage.line import Line
from lke_emulator.usage.pace import DAY, Calendar, Cycle, Pace, Windowed
from lke_emulator.usage.plans import planned
from lke_emulator.usage.sizes import Listed, Row, Scattered, Sizes

EVEN_WEEK = (1,) * 7
EVEN_DAY = (1,) * 24
MONDAY = 4
"""1970-01-05, counted from 1970-01-01."""

Span = tuple[int, int]
"""start, stop"""


class Series(Protocol):
    line: Line
    key: int
    """Seeds what is made up about single calls, such as their ids."""

    @property
    def first(self) -> int | None:
        """No call came before this second; None when there is no call at all."""

    def calls_until(self, t: int) -> int: ...

    def amounts_until(self, calls: int) -> Row: ...

    def charges_until(self, calls: int) -> int:
        """What the first calls cost the balance, in micro-units; 0 for what a scenario describes: it is billed by the hour."""

    def columns(self, moments: Sequence[int]) -> Iterable[tuple[int, Sequence[int]]]:
        """Both counters before each of many moments, member by member: its place in Amounts, and its figures."""

    def moment(self, k: int) -> int | None:
        """None when there is no such call."""

    def id(self, k: int) -> str:
        """The id that call k was recorded with, or empty."""

    def saved(self) -> msgspec.Struct:
        """What it can be had from again."""


class Calls(Protocol):
    """The first counter by itself."""

    first: int

    def until(self, t: int) -> int: ...

    def column(self, moments: Sequence[int]) -> list[int]:
        """`until` of many moments, in order."""

    def moment(self, k: int) -> int | None: ...


class Planned:
    """A series that a scenario describes. Nothing else is stored and it never changes: accounts can share it."""

    plan: Any
    """See `plans.py`."""

    def __init__(self, line: Line, key: int, calls: Calls, sizes: Sizes) -> None:
        self.line = line
        self.key = key
        self.first: int | None = calls.first
        self.calls_until = calls.until
        self.moment = calls.moment
        self._column = calls.column
        self.amounts_until = sizes.until
        self._sizes = sizes

    def columns(self, moments: Sequence[int]) -> Iterable[tuple[int, Sequence[int]]]:
        calls = self._column(moments)
        return (0, calls), *self._sizes.columns(calls)

    def charges_until(self, calls: int) -> int:
        return 0

    def id(self, k: int) -> str:
        return ""

    def saved(self) -> msgspec.Struct:
        plan: msgspec.Struct = self.plan
        return plan


class Paced:
    """Calls in proportion to a pace, (units * factor + phase) // divisor, from `first` to before `stop`."""

    def __init__(
        self, pace: Pace, factor: int, divisor: int, first: int, stop: int | None, phase: int | None = None
    ) -> None:
        """Without a phase the counter starts from 0 at `first` exactly."""
        if stop is None:
            stop = FOREVER
        if stop <= first:
            raise ValueError(f"until: must be after {first}, not {stop}")
        self._pace = pace
        self._factor = factor
        self._divisor = divisor
        self._phase = -factor * pace.until(first) if phase is None else phase
        self.first = first
        self._stop = stop

    @cached_property
    def before(self) -> int:
        """Calls that the pace would have had before the first. Who loads a scenario does not wait for them."""
        return (self._factor * self._pace.until(self.first) + self._phase) // self._divisor

    def until(self, t: int) -> int:
        if t <= self.first:
            return 0
        if t > self._stop:
            t = self._stop
        return (self._factor * self._pace.until(t) + self._phase) // self._divisor - self.before

    def column(self, moments: Sequence[int]) -> list[int]:
        if not moments or moments[0] < self.first or moments[-1] > self._stop:
            return [self.until(t) for t in moments]
        factor, phase, divisor, before = self._factor, self._phase, self._divisor, self.before
        return [(factor * units + phase) // divisor - before for units in self._pace.column(moments)]

    def moment(self, k: int) -> int | None:
        if self._factor == 0:
            return None
        units = -((self._phase - (self.before + k + 1) * self._divisor) // self._factor)
        t = self._pace.when(units)
        return None if t is None or t > self._stop else t - 1


class Pointed:
    """Groups of calls, each at one moment."""

    def __init__(self, moments: Sequence[int], calls: Iterable[int]) -> None:
        self.first = moments[0]
        self._moments = moments
        self._until = list(accumulate(calls, initial=0))

    def until(self, t: int) -> int:
        return self._until[bisect_left(self._moments, t)]

    def column(self, moments: Sequence[int]) -> list[int]:
        return [self.until(t) for t in moments]

    def moment(self, k: int) -> int | None:
        return self._moments[bisect_right(self._until, k) - 1] if k < self._until[-1] else None


@planned
def synthesised(
    line: Line,
    *,
    seed: int,
    zone: int,
    since: int,
    until: int | None = None,
    calls_a_day: Number,
    input: Number = 0,
    output: Number = 0,
    pages: Number = 0,
    split: Number = 0,
    rag: Number = 0,
    internet: Number = 0,
    spread: Number = 0.3,
    weekdays: Sequence[Number] = EVEN_WEEK,
    hours: Sequence[Number] = EVEN_DAY,
    growth: Number = 0,
    growth_days: int = 1,
    growth_from: int | None = None,
    jitter: Number = 0.4,
    days_vary: Number = 0,
    month_end: Number = 1,
    holidays: Country | None = None,
    closed: Sequence[Span] = (),
    windows: Sequence[Window] = (),
    events: Sequence[Event] = (),
) -> Series:
    """Endless usage from `since` (to before `until`). `calls_a_day` is the average over a week, on the first level;
    `input` to `internet` are means per call, and a call's amounts lie within mean * (1 -+ spread).

    Weights of weekdays (Monday first) and hours are relative. `growth` is the share of the first level that is added in
    every `growth_days` days from the day of `growth_from` on (left out: of `since`). `jitter` (0 to 1) is how far hours
    and five-minute marks wobble, and days of one line against those of another; `days_vary` how far all days of an
    account differ from what they should be; `month_end` how much busier a month's last working days are, at the cost of
    its others. The country's `holidays`, and days that a span of `closed` touches, count as Sundays. `windows` do not
    overlap, `events` may. `zone` is seconds east of UTC.
    """
    key = number(seed, *line.identity())
    # Without growth any day can be the origin: with a fixed Monday, a later `since` leaves the figures of a day alone.
    origin = ((since if growth_from is None else growth_from) + zone) // DAY if growth else MONDAY
    swapped = swaps_of(holidays, closed, zone)
    days = days_of(seed, tuple(weekdays), growth, growth_days, origin, swapped, days_vary, month_end)
    calendar = Calendar(key, zone, days, hours_of(tuple(hours), jitter))
    pace, scale = windowed(calendar, windows, since, events)
    divisor = days.units_a_week() * scale * MILLION
    factor = 7 * millionths("calls_a_day", calls_a_day)
    calls = Paced(pace, factor, divisor, since, until, noise(key, -1) * divisor >> 64)
    means = per_call(input=input, output=output, pages=pages, split=split, rag=rag, internet=internet)
    share = millionths("spread", spread, 0, 1)
    return Planned(line, key, calls, Scattered(key, means, MILLION, share, before=lambda: calls.before, exact=False))


@planned
def spread(
    line: Line,
    *,
    seed: int,
    zone: int,
    start: int,
    stop: int,
    calls: int,
    input: int = 0,
    output: int = 0,
    pages: int = 0,
    split: int = 0,
    rag: int = 0,
    internet: int = 0,
    spread: Number = 0.3,
    weekdays: Sequence[Number] = EVEN_WEEK,
    hours: Sequence[Number] = EVEN_DAY,
    jitter: Number = 0.4,
    days_vary: Number = 0,
    month_end: Number = 1,
    holidays: Country | None = None,
    closed: Sequence[Span] = (),
    windows: Sequence[Window] = (),
    events: Sequence[Event] = (),
) -> Series:
    """Exact totals over [start, stop), laid out as `synthesised` does."""
    totals = Amounts(calls, input, output, pages, split, rag, internet)
    check_amounts(totals, "calls")
    key = number(seed, *line.identity())
    days = days_of(seed, tuple(weekdays), 0, 1, MONDAY, swaps_of(holidays, closed, zone), days_vary, month_end)
    calendar = Calendar(key, zone, days, hours_of(tuple(hours), jitter))
    pace, _ = windowed(calendar, windows, start, events)
    units = pace.until(stop) - pace.until(start)
    if units <= 0:
        raise ValueError(f"stop: between {start} and {stop} there is no time in which calls can come")
    share = millionths("spread", spread, 0, 1)
    return Planned(
        line, key, Paced(pace, calls, units, start, stop), Scattered(key, totals[1:], calls, share, exact=True)
    )


@planned
def steady(
    line: Line,
    *,
    seed: int,
    since: int,
    until: int | None = None,
    period: int = 86400,
    calls: Number,
    weights: Sequence[Number] = (1,),
    input: Number = 0,
    output: Number = 0,
    pages: Number = 0,
    split: Number = 0,
    rag: Number = 0,
    internet: Number = 0,
    spread: Number = 0,
    windows: Sequence[Window] = (),
) -> Series:
    """`calls` in every period of so many seconds, laid out by the weights of equal slots; the first at `since`."""
    key = number(seed, *line.identity())
    cycle = Cycle(since, period, weights)
    pace, scale = windowed(cycle, windows, since)
    paced = Paced(pace, millionths("calls", calls), cycle.units_a_period() * scale * MILLION, since, until)
    means = per_call(input=input, output=output, pages=pages, split=split, rag=rag, internet=internet)
    share = millionths("spread", spread, 0, 1)
    return Planned(line, key, paced, Scattered(key, means, MILLION, share, exact=False))


@planned
def repeating(
    line: Line,
    *,
    since: int,
    until: int | None = None,
    period: int,
    slots: Sequence[Amounts],
    windows: Sequence[Window] = (),
) -> Series:
    """Exact amounts for every slot of a period of so many seconds, for ever; the first period begins at `since`."""
    for i, slot in enumerate(slots):
        check_amounts(slot, f"slots[{i}]")
    calls = [slot.calls for slot in slots]
    cycle = Cycle(since, period, calls)
    pace, scale = windowed(cycle, windows, since)
    paced = Paced(pace, sum(calls), cycle.units_a_period() * scale, since, until)
    return Planned(line, number("repeating", *line.identity()), paced, Listed(slots))


@planned
def literal(line: Line, points: Iterable[tuple[int, Amounts]]) -> Series:
    """Exact amounts at moments, in any order; the calls of a point share its amounts."""
    used = []
    for i, (moment, amounts) in enumerate(points):
        check_amounts(amounts, f"points[{i}]")
        if amounts.calls:
            used.append((moment, amounts))
    if not used:
        raise ValueError("points: at least one needs a call")
    moments, groups = zip(*sorted(used), strict=True)
    calls = Pointed(moments, [group.calls for group in groups])
    return Planned(line, number("literal", *line.identity()), calls, Listed(groups))


def swaps_of(holidays: Country | None, closed: Sequence[Span], zone: int) -> tuple[Swap, ...]:
    """The days that count as another weekday; a span of `closed` has precedence over a weekend that is worked."""
    found = dict(swaps(holidays)) if holidays else {}
    for start, stop in closed:
        found |= dict.fromkeys(range((start + zone) // DAY, (stop - 1 + zone) // DAY + 1), SUNDAY)
    return tuple(sorted(found.items()))


def windowed(pace: Pace, windows: Sequence[Window], first: int, events: Sequence[Event] = ()) -> tuple[Pace, int]:
    """The pace with its windows, and how many of its units stand for one. What is in a window before `first` is cut off."""
    if not windows and not events:
        return pace, 1
    tempo = tempo_of(tuple(windows), tuple(events), first)
    return Windowed(pace, tempo), tempo.scale


def per_call(**means: Number) -> list[int]:
    return [millionths(name, mean) for name, mean in means.items()]


def check_amounts(amounts: Amounts, name: str) -> None:
    if min(amounts) < 0:
        raise ValueError(f"{name}: no amount may be below 0")
    if amounts.calls == 0 and any(amounts):
        raise ValueError(f"{name}: amounts need at least one call that consumed them")
