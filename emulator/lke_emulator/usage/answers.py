"""A few answers kept for those who ask again."""

from collections.abc import Hashable
from typing import Any

ROOM = 20_000
"""Rows in all, about 10 MB; an answer that is one figure counts as a row."""


class Answers:
    """What a ledger found out about ranges; an answer is good until a call comes in before the end of its range."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[int, int, Any]] = {}
        self._rows = 0
        self._latest = 0

    def get(self, key: Hashable) -> Any:
        """The answer, or None."""
        kept = self._kept.get(key)
        return None if kept is None else kept[2]

    def put(self, key: Hashable, end: int, answer: Any, rows: int = 1) -> None:
        """Keep an answer about a range that ends before the second `end`; the oldest go when room runs out."""
        if rows > ROOM // 4:
            return
        self._drop(key)
        self._kept[key] = end, rows, answer
        self._latest = max(self._latest, end)
        self._rows += rows
        while self._rows > ROOM:
            self._drop(next(iter(self._kept)))

    def drop_after(self, moment: int) -> None:
        """A call came in at this second."""
        if moment < self._latest:
            for key in [key for key, (end, _, _) in self._kept.items() if moment < end]:
                self._drop(key)
            self._latest = moment

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        self._rows -= 0 if kept is None else kept[1]
