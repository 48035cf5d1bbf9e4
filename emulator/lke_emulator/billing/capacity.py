"""How much knowledge an account may keep, and what is isolated because it keeps too much (RL-14, RL-16, RL-17)."""

from typing import NamedTuple

import msgspec

from lke_emulator.primitives.register import by_key


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


class Knowledge(msgspec.Struct):
    """The capacity of the knowledge base and what each app uses of it, in characters."""

    class State(msgspec.Struct, frozen=True):
        capacity: int
        used: tuple[tuple[str, int], ...]

    capacity: int
    used: dict[str, int]
    """AppBizId -> characters."""

    def saved(self) -> State:
        return self.State(self.capacity, tuple(self.used.items()))

    def restored(self, state: State) -> None:
        self.capacity, self.used = state.capacity, by_key(state.used)
