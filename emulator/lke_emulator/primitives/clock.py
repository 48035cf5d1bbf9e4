"""Time. Business is judged by an account's clock, signatures by the real one; nothing else reads the time of day."""

import time
from typing import Literal

import msgspec

real_now = time.time
"""Unix seconds of the machine; for signatures, uptime and the journal."""


class Clock:
    """An account's clock: follows the real one at an offset, or stands still. Moments are Unix seconds (float)."""

    __slots__ = ("_frozen_at", "_offset")

    class State(msgspec.Struct, frozen=True):
        course: Literal["real", "moved", "frozen"]
        """With the machine's clock, on from a moment, or not at all."""
        now: float

    def __init__(self, start: float | None = None, frozen: bool = False) -> None:
        """Begin at `start` (default: now), running or frozen."""
        self._offset = 0.0
        self._frozen_at: float | None = None
        if frozen:
            self.freeze(start)
        elif start is not None:
            self.set(start)

    def saved(self) -> State:
        course: Literal["real", "moved"] = "moved" if self._offset else "real"
        return self.State("frozen" if self.frozen else course, self.now())

    def restored(self, state: State) -> None:
        self._offset, self._frozen_at = 0.0, None
        if state.course == "frozen":
            self.freeze(state.now)
        elif state.course == "moved":
            self.set(state.now)

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def now(self) -> float:
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at

    def freeze(self, at: float | None = None) -> None:
        self._frozen_at = self.now() if at is None else float(at)

    def set(self, moment: float) -> None:
        """Jump to a moment; a frozen clock stays frozen there, a running one runs on from there."""
        if self._frozen_at is None:
            self._offset = moment - time.time()
        else:
            self._frozen_at = float(moment)

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def follow(self) -> None:
        """Run again: from the frozen moment if it stood still, else at the real time."""
        if self._frozen_at is None:
            self._offset = 0.0
        else:
            moment, self._frozen_at = self._frozen_at, None
            self.set(moment)
