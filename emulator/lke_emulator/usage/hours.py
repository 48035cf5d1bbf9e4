"""How usage lies in a day: hours by their weights, with slopes between them, and as the hours of a line waver."""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from lke_emulator.primitives.millionths import MILLION, Number, millionths, proportions
from lke_emulator.primitives.seeds import noise

MARKS = 12
"""In an hour."""
SCALE = 20
"""Bits of a place in an hour."""
EVEN = 1 << 10
"""The factor of an hour that does not waver."""
PATTERNS = 16
TILT = 8
"""A slope inside an hour is told in so many parts of its middle."""
PLACES_KEPT = 2048


class Hours:
    """What the days of all lines with one rhythm have in common.

    At every full hour a line has a factor of its own; between two of them the factor changes evenly, so that neither
    hours nor their noise are stairs. The twelve marks of an hour follow its slope and one of a few patterns of noise.
    """

    def __init__(self, hours: Sequence[Number], jitter: Number) -> None:
        share = millionths("jitter", jitter, 0, 1)
        self.midnight_wobble = (share << SCALE) // MILLION
        self._mark_wobble = (share << 9) // MILLION
        self.factors = [EVEN + (bits - 128) * share * 9 // (2 * MILLION) for bits in range(256)]
        """By eight bits of noise: 1 plus or minus 0.56 of the jitter."""
        self._marks = ramped(proportions("hours", hours, 24))
        lean = [2 * i + 1 for i in range(MARKS)]
        self.falling = [sum(w * (2 * MARKS - i) for w, i in zip(marks, lean, strict=True)) for marks in self._marks]
        self.rising = [sum(w * i for w, i in zip(marks, lean, strict=True)) for marks in self._marks]
        """What the factors at the two ends of each hour are worth."""
        self._places: dict[tuple[int, int, int], array[int]] = {}

    def places(self, hour: int, left: int, right: int, pattern: int) -> "array[int]":
        """The thirteen marks of an hour between two factors, from 0 to 2**SCALE."""
        both = left + right
        key = hour, (2 * TILT * (right - left) + both) // (2 * both), pattern
        places = self._places.get(key)
        if places is None:
            if len(self._places) == PLACES_KEPT:
                self._places.clear()
            places = self._places[key] = self._placed(*key)
        return places

    def _placed(self, hour: int, tilt: int, pattern: int) -> "array[int]":
        weights = [
            weight * (MARKS * TILT + tilt * (2 * i + 1 - MARKS)) << 10 for i, weight in enumerate(self._marks[hour])
        ]
        marks = list(accumulate(weights, initial=0))
        for i, (left, right) in enumerate(pairwise(weights), 1):
            bits = noise(pattern, MARKS * hour + i) >> 54
            marks[i] += min(left, right) * (bits - 512) * self._mark_wobble >> 19
        return array("q", [(mark << SCALE) // (marks[-1] or 1) for mark in marks])


hours_of = lru_cache(maxsize=256)(Hours)


def ramped(hours: list[int]) -> list[list[int]]:
    """Twelve weights for every hour that come to its own: a line from one full hour to the half, and on to the next.

    A full hour has the mean of the hours beside it, but at most half as much again as the smaller one: an hour of weight 0
    stays empty, and none has to go below 0 in its middle.
    """
    edges = [min(2 * (a + b), 6 * min(a, b)) for a, b in zip([hours[-1], *hours], [*hours, hours[0]], strict=True)]
    found = []
    for hour, (left, right) in zip(hours, pairwise(edges), strict=True):
        # In quarters of a weight: the middle makes the two trapezes come to the hour.
        middle = 8 * hour - (left + right) // 2
        rise = [left * (11 - 2 * i) + middle * (2 * i + 1) for i in range(6)]
        found.append(rise + [middle * (11 - 2 * i) + right * (2 * i + 1) for i in range(6)])
    return found
