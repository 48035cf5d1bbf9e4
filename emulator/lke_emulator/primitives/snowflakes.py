"""Business ids as the cloud makes them: the moment in the high bits, an order in the low ones."""

import msgspec

from lke_emulator.primitives.ids import Ids

EPOCH_MS = 1_288_834_974_657
"""Inferred: eight of ten documented ids with a time beside them fall within five seconds of it."""
LOW_BITS = 22
FIRST_MS = 10**18 >> LOW_BITS
"""What an id of 19 digits needs at least, in the middle of 2018."""


class Snowflakes:
    """No two are the same, and of two made at one moment the later one is greater (until four million are made)."""

    class State(msgspec.Struct, frozen=True):
        made: int

    def __init__(self, ids: Ids) -> None:
        self._made = int.from_bytes(ids.take(2))

    def saved(self) -> State:
        return self.State(self._made)

    def restored(self, state: State) -> None:
        self._made = state.made

    def next(self, now: float) -> str:
        """An id of 19 digits that was made now (Unix seconds)."""
        self._made += 1
        moment = max(FIRST_MS + 1, int(now * 1000) - EPOCH_MS)
        return str(moment << LOW_BITS | self._made & (1 << LOW_BITS) - 1)
