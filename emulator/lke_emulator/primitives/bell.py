"""Something has happened: whoever waits for it is told, without asking again and again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Ear:
    """One that listens. What rings between a look and the wait after it is not missed: `rung` says so."""

    __slots__ = ("rung", "wake")

    def __init__(self) -> None:
        self.rung = False
        self.wake: Callable[[], object] | None = None
        """Called from whatever thread rings."""


class Bell:
    __slots__ = ("ears",)

    def __init__(self) -> None:
        self.ears: set[Ear] = set()

    def ring(self) -> None:
        for ear in tuple(self.ears):
            ear.rung = True
            if ear.wake is not None:
                ear.wake()

    @contextmanager
    def heard(self) -> Iterator[Ear]:
        ear = Ear()
        self.ears.add(ear)
        try:
            yield ear
        finally:
            self.ears.discard(ear)
