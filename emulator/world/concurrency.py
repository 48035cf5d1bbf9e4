"""Calls in flight, per model, against what the account may have at a time."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator

from emulator.world.unserved import Unserved

Quota = Callable[[str, float], int | None]
"""(model, now) -> calls in flight at the same time; None is no limit."""


class Flights:
    """One model: seconds in which something changed, with the most calls in flight and refusals of that second, and how many
    were in flight after it."""

    def __init__(self) -> None:
        self.in_flight = 0
        self._seconds = array("q")
        self._peaks = array("q")
        self._after = array("q")
        self._refused = array("q")

    def change(self, now: float, step: int, refused: int = 0) -> None:
        """A call begins (1), ends (-1) or is refused. When a clock was set back, it counts at the last second."""
        self.in_flight += step
        if not self._seconds or self._seconds[-1] < int(now):
            self._seconds.append(int(now))
            self._peaks.append(self.in_flight - min(step, 0))
            self._refused.append(0)
            self._after.append(0)
        self._peaks[-1] = max(self._peaks[-1], self.in_flight)
        self._after[-1] = self.in_flight
        self._refused[-1] += refused

    def peak(self, start: int, stop: int) -> int:
        first, last = self._range(start, stop)
        before = self._after[first - 1] if first and start < stop else 0
        return max(before, *self._peaks[first:last], 0)

    def refusals(self, start: int, stop: int) -> int:
        first, last = self._range(start, stop)
        return sum(self._refused[first:last])

    def _range(self, start: int, stop: int) -> tuple[int, int]:
        return bisect_left(self._seconds, start), bisect_left(self._seconds, stop)


class Bucket(tuple[int, int, int]):
    pass
