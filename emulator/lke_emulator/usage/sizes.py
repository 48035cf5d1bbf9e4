"""What the first k calls of a series consumed: the second of its two counters."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from lke_emulator.primitives.millionths import MILLION
from lke_emulator.primitives.seeds import noise, noises
from lke_emulator.usage.amounts import Amounts

KINDS = Amounts._fields[1:]
Row = tuple[int, ...]
"""One whole number for each of KINDS."""


class Sizes(Protocol):
    def until(self, calls: int) -> Row:
        """What the first `calls` calls consumed together; never falls."""

    def columns(self, calls: Sequence[int]) -> Iterable[tuple[int, Sequence[int]]]:
        """The same for many numbers of calls, member by member: its place in Amounts, and its figures."""


class Scattered:
    """Calls around a mean. The sum is the mean's line, pushed up by noise between 0 and the spread, then rounded down:
    a call differs from the mean by at most the spread, and any sum costs the same."""

    def __init__(
        self,
        key: int,
        sums: Sequence[int],
        calls: int,
        spread: int,
        *,
        before: Callable[[], int] = lambda: 0,
        exact: bool,
    ) -> None:
        """`sums` are what `calls` calls consume: on average, or exactly. `spread` is in millionths of the mean.

        Counts the calls after the first `before` ones of the same noise.
        """
        self._key = key
        self._calls = calls
        self._first = before
        self._last = calls if exact else -1
        self._parts: list[tuple[int, int, int, int]] = []
        for kind, total in enumerate(sums):
            # Where the mean is 1 or more no call goes below 1.
            push = min(total * spread // MILLION, total - calls if total >= calls else total)
            if total:
                self._parts.append((kind, total, push + 1, 10 * kind))

    @cached_property
    def _before(self) -> int:
        return self._first()

    @cached_property
    def _offset(self) -> list[int]:
        return [-figure for figure in self._row(self._before, [0] * len(KINDS))]

    def until(self, calls: int) -> Row:
        return tuple(self._row(calls + self._before, self._offset.copy()))

    def _row(self, calls: int, row: list[int]) -> list[int]:
        bits = 0 if calls in (0, self._last) else noise(self._key, calls)
        for kind, total, push, shift in self._parts:
            row[kind] += (calls * total + ((bits >> shift & 1023) * push >> 10)) // self._calls
        return row

    def columns(self, calls: Sequence[int]) -> Iterable[tuple[int, Sequence[int]]]:
        # A sparse series has the same number of calls again and again.
        before = self._before
        asked = [k + before for k in dict.fromkeys(calls)]
        bits = [0 if k in (0, self._last) else b for k, b in zip(asked, noises(self._key, asked), strict=True)]
        for kind, total, push, shift in self._parts:
            base, divisor = self._offset[kind], self._calls
            figures = [
                base + (k * total + ((b >> shift & 1023) * push >> 10)) // divisor
                for k, b in zip(asked, bits, strict=True)
            ]
            if len(asked) < len(calls):
                places = dict(zip(asked, figures, strict=True))
                figures = [places[k + before] for k in calls]
            yield kind + 1, figures


class Listed:
    """Groups of calls with exact amounts, shared evenly within a group; the first group follows the last one again."""

    def __init__(self, groups: Sequence[Amounts]) -> None:
        self._groups = groups
        self._calls, *sums = [list(accumulate(amounts, initial=0)) for amounts in zip(*groups, strict=True)]
        self._sums = list(zip(*sums, strict=True))

    def until(self, calls: int) -> Row:
        turn, rest = divmod(calls, self._calls[-1])
        place = bisect_right(self._calls, rest) - 1
        part = rest - self._calls[place]
        _, *amounts = group = self._groups[place]
        return tuple(
            turn * whole + before + part * amount // group.calls
            for whole, before, amount in zip(self._sums[-1], self._sums[place], amounts, strict=True)
        )

    def columns(self, calls: Sequence[int]) -> Iterable[tuple[int, Sequence[int]]]:
        return enumerate(zip(*[self.until(k) for k in calls], strict=True), start=1)
