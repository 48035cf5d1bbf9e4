"""What happens to an account: times in which more comes than usual, or less, once or again and again."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, pairwise
from math import prod
from typing import NamedTuple

from lke_emulator.primitives.millionths import Number, proportions

FOREVER = 1 << 60

Window = tuple[int, int, Number]
"""start, stop, factor: 4 is a burst, 0 a gap. Those of one series do not overlap."""
Event = tuple[int, int, Number, int]
"""start, stop, factor, and after how many seconds it comes again; 0 is never. They may overlap."""
HORIZON = 10 * 366 * 86400
"""Seconds for which it does come again."""


class Tempo(NamedTuple):
    """How fast time runs before the first edge, between two, and after the last one: `scale` is as usual."""

    edges: list[int]
    factors: list[int]
    scale: int


@lru_cache(256)
def tempo_of(windows: tuple[Window, ...], events: tuple[Event, ...], first: int) -> Tempo:
    """Where windows and events hold at the same time, their factors are multiplied. Windows hold from the second `first` on.

    ValueError for what cannot be.
    """
    for (start, stop, _), (later, *_) in pairwise([*sorted(windows), (FOREVER, FOREVER, 1)]):
        if stop <= start:
            raise ValueError(f"windows: one that starts at {start} and stops at {stop} is empty")
        if later < stop:
            raise ValueError(f"windows: two overlap at {later}")
    cut = [(max(start, first), stop, factor) for start, stop, factor in windows if stop > first]
    pieces = overlaid([*cut, *chain.from_iterable(occurrences(*event) for event in events)])
    whole = proportions("windows", (1, *[factor for _, factor in pieces]))
    # The last piece reaches to the end of time.
    return Tempo([edge for edge, _ in pieces if edge < FOREVER], whole[: len(pieces) + 1], whole[0])


def overlaid(spans: list[Window]) -> list[tuple[int, Number]]:
    """From which second on which factor holds: the product of all that do."""
    edges = sorted({edge for start, stop, _ in spans for edge in (start, stop)})
    coming = sorted(spans, reverse=True)
    running: list[Window] = []
    found = []
    for edge in edges:
        running = [span for span in running if span[1] > edge]
        while coming and coming[-1][0] <= edge:
            running.append(coming.pop())
        found.append((edge, prod([factor for *_, factor in running])))
    return found


def occurrences(start: int, stop: int, factor: Number, every: int) -> Iterator[Window]:
    if stop <= start:
        raise ValueError(f"events: one that starts at {start} and stops at {stop} is empty")
    if every and every < stop - start:
        raise ValueError(f"events: one lasts {stop - start} seconds and comes again after {every}")
    for later in range(0, HORIZON, every) if every else (0,):
        yield start + later, stop + later, factor
