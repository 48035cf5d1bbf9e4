"""A few answers kept for those who ask again."""

from bisect import insort
from collections.abc import Callable, Hashable
from typing import Any

ROOM = 30_000
"""Rows in all, about 15 MB; an answer that is one figure counts as a row."""


class Answers:
    """What a ledger found out about ranges; an answer is good until a call comes in before the end of its range."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}
        self.get: Callable[[Hashable], Any] = self._kept.get
        """The answer, or None."""
        self._sizes: dict[Hashable, tuple[int, int]] = {}
        """End and rows of what is kept."""
        self._rows = 0
        self._ends: list[tuple[int, int, Hashable]] = []
        """End, turn and key of what is kept, and of some that has gone, in order: a call drops no more than it has to."""
        self._turn = 0

    def put(self, key: Hashable, end: int, answer: Any, rows: int = 1) -> None:
        """Keep an answer about a range that ends before the second `end`; the oldest go when room runs out."""
        if rows > ROOM // 4:
            return
        self._drop(key)
        self._kept[key] = answer
        self._sizes[key] = end, rows
        self._turn += 1
        insort(self._ends, (end, self._turn, key))
        self._rows += rows
        while self._rows > ROOM:
            self._drop(next(iter(self._kept)))
        if len(self._ends) > 2 * len(self._kept) + 64:
            self._ends = sorted((end, turn, key) for turn, (key, (end, _)) in enumerate(self._sizes.items()))
            self._turn = len(self._ends)

    def drop_after(self, moment: int) -> None:
        """A call came in at this second."""
        while self._ends and self._ends[-1][0] > moment:
            _, _, key = self._ends.pop()
            if key in self._sizes and self._sizes[key][0] > moment:
                self._drop(key)

    def _drop(self, key: Hashable) -> None:
        if key in self._kept:
            del self._kept[key]
            self._rows -= self._sizes.pop(key)[1]
