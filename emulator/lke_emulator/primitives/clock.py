"""Time. Business is judged by an account's clock, signatures by the real one; nothing else reads the time of day."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Annotated, Literal

import msgspec

from lke_emulator.primitives.months import LATEST

_standing: dict[int, float] = {}
"""Thread -> where the machine's clock stands for it."""


def real_now() -> float:
    """Unix seconds of the machine; for signatures, uptime and the journal."""
    standing = _standing.get(get_ident()) if _standing else None
    return time.time() if standing is None else standing


@contextmanager
def machine_at(moment: float) -> Iterator[None]:
    """The machine's clock stands at a moment, for all clocks of this thread, so that what is done within can be done again."""
    thread = get_ident()
    before = _standing.get(thread)
    _standing[thread] = moment
    try:
        yield
    finally:
        if before is None:
            del _standing[thread]
        else:
            _standing[thread] = before


class Course(msgspec.Struct, frozen=True):
    """The same as long as nobody moves the clock."""

    offset: float
    """From the machine's."""
    frozen_at: float | None


class Clock:
    """An account's clock: follows the real one at an offset, or stands still. Moments are Unix seconds (float)."""

    __slots__ = ("_frozen_at", "_offset", "_watchers")

    class State(msgspec.Struct, frozen=True):
        course: Literal["real", "moved", "frozen"]
        """With the machine's clock, on from a moment, or not at all."""
        now: Annotated[float, msgspec.Meta(ge=0, le=LATEST)]

    def __init__(self, start: float | None = None, frozen: bool = False) -> None:
        """Begin at `start` (default: now), running or frozen."""
        self._watchers: list[Callable[[float, float], None]] = []
        self._offset = 0.0
        self._frozen_at: float | None = None
        if frozen:
            self.freeze(start)
        elif start is not None:
            self.set(start)

    def saved(self) -> State:
        course: Literal["real", "moved"] = "moved" if self._offset else "real"
        return self.State("frozen" if self.frozen else course, self.now())

    def seen(self) -> Course:
        return Course(self._offset if self._frozen_at is None else 0, self._frozen_at)

    def restored(self, state: State) -> None:
        """Nobody is told: what is restored was never set back."""
        self._offset = state.now - real_now() if state.course == "moved" else 0.0
        self._frozen_at = state.now if state.course == "frozen" else None

    def run(self, offset: float, frozen_at: float | None) -> None:
        """Take a course. Nobody is told: it was never left."""
        self._offset, self._frozen_at = offset, frozen_at

    def watch(self, told: Callable[[float, float], None]) -> None:
        """Have `told` called just before the clock is set back, with the moment that it shows and the one that it will."""
        self._watchers.append(told)

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    @property
    def course(self) -> tuple[float, float | None]:
        """How far it is from the machine's, and where it stands still: the same as long as nobody moves it."""
        return self._offset, self._frozen_at

    def now(self) -> float:
        return real_now() + self._offset if self._frozen_at is None else self._frozen_at

    def freeze(self, at: float | None = None) -> None:
        if at is not None:
            self._tell(at)
        self._frozen_at = self.now() if at is None else float(at)

    def set(self, moment: float) -> None:
        """Jump to a moment; a frozen clock stays frozen there, a running one runs on from there."""
        self._tell(moment)
        if self._frozen_at is None:
            self._offset = moment - real_now()
        else:
            self._frozen_at = float(moment)

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def follow(self) -> None:
        """Run again: from the frozen moment if it stood still, else at the real time."""
        if self._frozen_at is None:
            self._tell(real_now())
            self._offset = 0.0
        else:
            self._offset, self._frozen_at = self._frozen_at - real_now(), None

    def _tell(self, moment: float) -> None:
        if moment < (now := self.now()):
            for told in self._watchers:
                told(now, moment)
