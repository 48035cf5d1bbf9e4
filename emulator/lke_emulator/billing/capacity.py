"""How much knowledge an account may keep, and what is isolated because it keeps too much (RL-14, RL-16, RL-17)."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Capacity(NamedTuple):
    """In characters."""

    total: int
    """What packages and the scenario's base allow at this moment."""
    used: int
    """Knowledge that can be searched."""
    isolated: int
    """Knowledge that is kept but cannot be searched until somebody restores it."""

    @property
    def available(self) -> int:
        return max(0, self.total - self.used)

    @property
    def exceeded(self) -> int:
        return max(0, self.used - self.total)


class Store(Protocol):
    """What an account keeps, isolated knowledge too."""

    capacity: int
    """Characters that it may keep without any package."""

    @property
    def used(self) -> Mapping[str, int]:
        """AppBizId or KnowledgeBizId -> characters."""

    @property
    def isolated(self) -> int:
        """Characters that cannot be searched until somebody restores them."""

    def isolate(self, characters: int) -> None:
        """At least so many more, the newest knowledge first."""

    def restore(self, now: float) -> None:
        """Make all of it searchable again."""
