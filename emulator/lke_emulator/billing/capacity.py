"""How much knowledge an account may keep, and what is isolated because it keeps too much (RL-14, RL-16, RL-17)."""

from typing import NamedTuple

import msgspec


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


class Knowledge(msgspec.Struct, frozen=True):
    """The capacity of the knowledge base and what each app uses of it, in characters."""

    capacity: int
    used: dict[str, int]
    """AppBizId -> characters."""
