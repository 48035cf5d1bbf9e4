"""The things of one section of a scenario, by what they can be called."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Generic, TypeVar

from lke_emulator.scenario.document import Place
from lke_emulator.scenario.mismatch import nearest

T = TypeVar("T")
References = str | int | list[str | int] | dict[str, float] | None
ALL = "all"


class Directory(Generic[T]):
    """Each key stands for one thing, the name of a group for all of its things."""

    def __init__(self, what: str) -> None:
        """`what` the things are, for messages: `app`."""
        self.what = what
        self.things: list[T] = []
        self._known: dict[str, list[T]] = {}
        self._places: list[Place] = []
        self._used: set[int] = set()

    def place(self, thing: T, id: str, name: str, at: Place) -> None:
        """Take a thing in; from now on its id and its name stand for it."""
        self.things.append(thing)
        self._places.append(at)
        self.call(id, [thing], at)
        if name != id:
            self.call(name, [thing], at)

    def group(self, name: str | None, first: int, at: Place) -> None:
        """From now on `name` stands for all things since the `first`, where they are several."""
        if name is not None and len(self.things) - first > 1:
            self.call(name, self.things[first:], at)

    def call(self, key: str, things: list[T], at: Place) -> None:
        if key in self._known or key == ALL:
            reason = "that word stands for all of them" if key == ALL else "each needs its own"
            raise at.wrong(f"a second {self.what} is called `{key}`; {reason}")
        self._known[key] = things

    def knows(self, key: str) -> bool:
        return key in self._known

    def find(self, key: str, at: Place) -> list[T]:
        if key not in self._known:
            raise at.wrong(f"no {self.what} of this account is called `{key}`; {nearest(key, self._known)}")
        return self._known[key]

    def one(self, key: str, at: Place) -> T:
        found = self.find(key, at)
        if len(found) > 1:
            raise at.wrong(f"`{key}` stands for {len(found)} of them; name one")
        return found[0]

    def shares(self, references: References, at: Place) -> list[tuple[T | None, Fraction]]:
        """What a figure is shared among, and each one's share; [(None, 1)] where nothing is referred to."""
        if references is None:
            return [(None, Fraction(1))]
        if references == ALL:
            return self.shared([(Fraction(1), self.things)], at)
        if isinstance(references, dict):
            groups = [(Fraction(weight), self.find(key, at / key)) for key, weight in references.items()]
        elif isinstance(references, list):
            groups = [(Fraction(1), self.find(str(key), at / i)) for i, key in enumerate(references)]
        else:
            groups = [(Fraction(1), self.find(str(references), at))]
        return self.shared(groups, at)

    def shared(self, groups: list[tuple[Fraction, list[T]]], at: Place) -> list[tuple[T | None, Fraction]]:
        """The members of each group take equal parts of its weight."""
        whole = sum(weight for weight, things in groups if things)
        if not whole:
            raise at.wrong(f"this names no {self.what} with a weight above 0")
        members: list[tuple[T | None, Fraction]] = [
            (thing, weight / whole / len(things)) for weight, things in groups if weight for thing in things
        ]
        if len({id(thing) for thing, _ in members}) < len(members):
            raise at.wrong(f"the same {self.what} is named twice")
        self._used.update(id(thing) for thing, _ in members)
        return members

    def unused(self) -> Iterator[str]:
        """A warning for each place whose things have no share in anything."""
        used = {at.path for thing, at in zip(self.things, self._places, strict=True) if id(thing) in self._used}
        for path, at in {at.path: at for at in self._places}.items():
            if path not in used:
                yield at.message(f"no usage names this {self.what}")
