"""Calls in flight, per model, against what the account may have at a time (RL-13)."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from lke_emulator.billing.billing import Unserved
from lke_emulator.primitives.fragment import Fragment, Things, joined

Quota = Callable[[str, float], int | None]
"""(model, now) -> calls that may be in flight; None is no limit."""


class ConcurrencyBucket(NamedTuple):
    start: int
    """On the grid of the zone, even if the range cuts it."""
    peak: int
    refusals: int


class Second(NamedTuple):
    """One in which something happened."""

    second: int
    peak: int
    after: int
    """Calls in flight at its end; in the last one that is saved none, for what is in flight is not saved."""
    refusals: int


class Flown(NamedTuple):
    """What a timeline is of."""

    model: str
    place: int
    """Among the timelines of the model."""

    def __str__(self) -> str:
        return f"{self.place} {self.model}"


def at_rest(rows: list[Second]) -> tuple[Second, ...]:
    """What is in flight is not saved."""
    return (*rows[:-1], rows[-1]._replace(after=0)) if rows else ()


class Timeline:
    """The calls of one model as long as the clock only went forward: of each second in which something happened the most in
    flight, the number after it, and the refusals."""

    def __init__(self) -> None:
        self.seconds = array("q")
        self._peaks = array("q")
        self._after = array("q")
        self._refusals = array("q")

    def note(self, second: int, in_flight: int, refusals: int = 0) -> None:
        """So many are in flight from now on. A moment that lies back, because a call took long, counts at the last second."""
        if not self.seconds or self.seconds[-1] < second:
            self.seconds.append(second)
            self._peaks.append(0)
            self._after.append(0)
            self._refusals.append(0)
        self._peaks[-1] = max(self._peaks[-1], in_flight)
        self._after[-1] = in_flight
        self._refusals[-1] += refusals

    def saved(self) -> tuple[Second, ...]:
        return at_rest(self.rows())

    def rows(self, first: int = 0) -> list[Second]:
        columns = (self.seconds, self._peaks, self._after, self._refusals)
        return list(map(Second, *[column[first:] for column in columns]))

    def fragments(self, flown: "Flown", told: int = 0) -> Iterator[Fragment]:
        """Those after the first so many, and the last of these, which may have changed."""
        first = max(0, told - 1)
        if not told:
            yield Fragment(str(flown), 0, flown)
        for number, second in enumerate(self.rows(first), first + 1):
            yield Fragment(str(flown), number, second)

    def restored(self, state: tuple[Second, ...]) -> None:
        columns = zip(*state, strict=True)
        self.seconds, self._peaks, self._after, self._refusals = [array("q", column) for column in columns]

    def peak(self, start: int, stop: int) -> int:
        first, last = self._places(start, stop)
        carried = self._after[first - 1] if first else 0
        return max(carried, max(self._peaks[first:last], default=0))

    def refusals(self, start: int, stop: int) -> int:
        first, last = self._places(start, stop)
        return sum(self._refusals[first:last])

    def _places(self, start: int, stop: int) -> tuple[int, int]:
        return bisect_left(self.seconds, start), bisect_left(self.seconds, stop)


class Flights:
    """The calls of one model: a timeline more each time that the clock was set back."""

    def __init__(self) -> None:
        self.in_flight = 0
        self.timelines = [Timeline()]

    @property
    def first(self) -> int | None:
        """The first second in which something happened."""
        return min([timeline.seconds[0] for timeline in self.timelines if timeline.seconds], default=None)

    def note(self, now: float, step: int, refusals: int = 0) -> None:
        """A call begins (1), ends (-1) or is refused."""
        self.in_flight += step
        self.timelines[-1].note(int(now), self.in_flight, refusals)

    def turn_back(self, before: int, after: int) -> None:
        """What is in flight goes on from `after`."""
        seconds = self.timelines[-1].seconds
        if seconds and (seconds[-1] > after or self.in_flight):
            self.timelines[-1].note(before, 0)
            self.timelines.append(Timeline())
            if self.in_flight:
                self.timelines[-1].note(after, self.in_flight)

    def saved(self) -> tuple[tuple[Second, ...], ...]:
        return tuple([timeline.saved() for timeline in self.timelines if timeline.seconds])

    def restored(self, state: tuple[tuple[Second, ...], ...]) -> None:
        self.timelines = [Timeline() for _ in state] or [Timeline()]
        for timeline, seconds in zip(self.timelines, state, strict=False):
            timeline.restored(seconds)

    def peak(self, start: int, stop: int) -> int:
        return max([timeline.peak(start, stop) for timeline in self.timelines])

    def refusals(self, start: int, stop: int) -> int:
        return sum([timeline.refusals(start, stop) for timeline in self.timelines])


class Concurrency:
    """Ranges are whole Unix seconds, half open: [start, stop)."""

    class State(msgspec.Struct, frozen=True):
        models: dict[str, tuple[tuple[Second, ...], ...]]

    def __init__(self, quota: Quota, zone: int) -> None:
        self.quota = quota
        self._zone = zone
        self._flights: dict[str, Flights] = {}
        self._told: dict[Flown, tuple[int, Second]] | None = None
        """Of every timeline how many seconds `news` has told, and the last; None while nobody asks."""

    def saved(self) -> State:
        return self.State({model: flights.saved() for model, flights in self._flights.items()})

    def restored(self, state: State) -> None:
        for model, timelines in state.models.items():
            self._flights[model] = Flights()
            self._flights[model].restored(timelines)

    def _timelines(self) -> dict[Flown, Timeline]:
        return {
            Flown(model, place): timeline
            for model, flights in self._flights.items()
            for place, timeline in enumerate(flights.timelines)
            if timeline.seconds
        }

    def fragments(self) -> Iterator[Fragment]:
        for flown, timeline in self._timelines().items():
            yield from timeline.fragments(flown)

    def news(self) -> list[Fragment]:
        timelines, told = self._timelines(), self._told
        self._told = {flown: (len(one.seconds), one.rows(-1)[0]) for flown, one in timelines.items()}
        if told is None or told == self._told:
            return []
        grown = [flown for flown, last in self._told.items() if told.get(flown) != last]
        return [
            fragment
            for flown in grown
            for fragment in timelines[flown].fragments(flown, told[flown][0] if flown in told else 0)
        ]

    @staticmethod
    def whole(things: Things) -> "Concurrency.State":
        models: dict[str, tuple[tuple[Second, ...], ...]] = {}
        for what, *seconds in things:
            model = msgspec.msgpack.decode(what, type=Flown).model
            models[model] = (*models.get(model, ()), at_rest(joined(seconds, list[Second])))
        return Concurrency.State(models)

    def turn_back(self, before: float, after: float) -> None:
        """To be told just before the account's clock is set back."""
        for flights in self._flights.values():
            flights.turn_back(int(before), int(after))

    def enter(self, model: str, now: float) -> None:
        """A call begins; pair it with `leave`. Unserved, and noted, when the quota is used up."""
        flights = self._flights.setdefault(model, Flights())
        quota = self.quota(model, now)
        if quota is not None and flights.in_flight >= quota:
            flights.note(now, 0, refusals=1)
            raise Unserved("concurrency")
        flights.note(now, 1)

    def leave(self, model: str, now: float) -> None:
        self._flights[model].note(now, -1)

    def in_flight(self, model: str) -> int:
        flights = self._flights.get(model)
        return flights.in_flight if flights else 0

    def peak(self, model: str, start: int, stop: int) -> int:
        """The most calls at the same time; those that began earlier and still ran count."""
        flights = self._flights.get(model)
        return flights.peak(start, stop) if flights and start < stop else 0

    def refusals(self, model: str, start: int, stop: int) -> int:
        flights = self._flights.get(model)
        return flights.refusals(start, stop) if flights else 0

    def refused(self, model: str, start: int, stop: int) -> list[Second]:
        """The seconds of a range in which calls found no place."""
        flights = self._flights.get(model)
        timelines = flights.saved() if flights else ()
        return [row for rows in timelines for row in rows if row.refusals and start <= row.second < stop]

    def buckets(self, model: str, start: int, stop: int, width: int) -> list[ConcurrencyBucket]:
        """The range in steps of `width` seconds on the grid of the zone, in order; those without a call left out."""
        flights = self._flights.get(model)
        if not flights or start >= stop or (first := flights.first) is None:
            return []
        start = max(start, first)
        edges = range(start - (start + self._zone) % width, stop, width)
        rows = [
            ConcurrencyBucket(
                edge,
                flights.peak(max(edge, start), min(edge + width, stop)),
                flights.refusals(max(edge, start), min(edge + width, stop)),
            )
            for edge in edges
        ]
        return [row for row in rows if row.peak or row.refusals]
