"""A dozen buckets of a graph, kept together with what was drawn of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from lke_emulator.usage.amounts import Amounts

SIZE = 12


class Bucket(NamedTuple):
    start: int
    """Where the bucket begins on the grid of the zone, even if the range cuts it."""
    amounts: Amounts


class Box:
    """Buckets in order, without the empty ones. A range of time is some whole boxes, and what it cuts off at its ends."""

    __slots__ = ("_drawn", "buckets")

    def __init__(self, buckets: list[Bucket]) -> None:
        self.buckets = buckets
        self._drawn: dict[str, Any] = {}

    def drawn(self, name: str, draw: Callable[[list[Bucket]], Any]) -> Any:
        """What `draw` makes of the buckets, once for a name."""
        made = self._drawn.get(name)
        if made is None:
            made = self._drawn[name] = draw(self.buckets)
        return made
