"""Five minutes of some series, call by call: who asks for one second of them will ask for the next."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import add, sub

from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.series import Series

LENGTH = 300
MOST = 300
"""Calls; a stretch with more of them is not worth it."""


class Stretch:
    """What was counted before each call of [start, start + LENGTH)."""

    def __init__(self, moments: list[int], rows: list[Amounts]) -> None:
        self._moments = moments
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def until(self, t: int) -> Amounts:
        return self._rows[bisect_left(self._moments, t)]


def stretch_of(series: Sequence[Series], start: int, before: Amounts) -> Stretch | None:
    """`before` is what the series counted before it; None where there are too many calls."""
    calls = [(one, range(one.calls_until(start), one.calls_until(start + LENGTH))) for one in series]
    if sum([len(numbers) for _, numbers in calls]) > MOST:
        return None
    found: list[tuple[int, tuple[int, ...]]] = []
    for one, numbers in calls:
        if numbers:
            rows = [one.amounts_until(k) for k in range(numbers.start, numbers.stop + 1)]
            amounts = [(1, *map(sub, after, row)) for row, after in pairwise(rows)]
            found += zip([one.moment(k) or 0 for k in numbers], amounts, strict=True)
    found.sort()
    sums = accumulate([Amounts(*amounts) for _, amounts in found], plus, initial=before)
    return Stretch([moment for moment, _ in found], list(sums))


def plus(amounts: Amounts, more: Amounts) -> Amounts:
    return Amounts(*map(add, amounts, more))
