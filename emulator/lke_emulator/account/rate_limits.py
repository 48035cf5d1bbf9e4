"""Rate limits: fixed one-second windows per action, access region and caller, on the account's clock (documented).

With a frozen clock exactly `limit` calls pass and the next is refused, every time.
"""

import msgspec

from lke_emulator.protocol.errors import refusal

RATE_LIMIT = 20
RATE_LIMITS = {"lke.GetWsToken": 100, "lke.DescribeStorageCredential": 100}
"""Calls a second; the default and the two exceptions are documented, others than these are assumed to have the default."""


class ActionLimits(msgspec.Struct, frozen=True):
    """Calls a second."""

    every: int
    single: dict[str, int]


class Limits:
    """The windows of one account. Only the current second is kept."""

    __slots__ = ("_counts", "_second", "every", "single")

    class State(msgspec.Struct, frozen=True):
        every: int
        single: dict[str, int]
        second: int
        counts: tuple[tuple[str, str, str, int], ...]
        """Action, region and caller, and how often they called in this second."""

    def __init__(self) -> None:
        self.every = RATE_LIMIT
        """Calls a second of an action; 0 is no limit."""
        self.single = RATE_LIMITS.copy()
        """`product.Action` -> the same, where it has a limit of its own."""
        self._second = -1
        self._counts: dict[tuple[str, str, str], int] = {}

    def saved(self) -> State:
        return self.State(
            self.every,
            self.single.copy(),
            self._second,
            tuple([(*window, times) for window, times in self._counts.items()]),
        )

    def seen(self) -> ActionLimits:
        return ActionLimits(self.every, self.single.copy())

    def restored(self, state: State) -> None:
        self.every, self.single = state.every, state.single.copy()
        self._second = state.second
        self._counts = {(action, region, caller): times for action, region, caller, times in state.counts}

    def of(self, action: str) -> int:
        """Calls a second that `product.Action` may have; 0 is no limit."""
        return self.single.get(action, self.every)

    def admit(self, action: str, region: str, caller: str, limit: int, now: float) -> None:
        """Count a call; RequestLimitExceeded with its ordinal once more than `limit` came in this second. 0 is no limit."""
        if not limit:
            return
        second = int(now)
        if second != self._second:
            self._second = second
            self._counts.clear()
        window = (action, region, caller)
        times = self._counts.get(window, 0) + 1
        self._counts[window] = times
        if times > limit:
            raise refusal("rate", times=times, limit=limit)
