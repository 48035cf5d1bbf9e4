"""Records by their key, in the order in which they came."""

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

R = TypeVar("R")


def by_key(pairs: Iterable[tuple[str, R]]) -> dict[str, R]:
    """ValueError where a key is there twice."""
    found: dict[str, R] = {}
    for key, record in pairs:
        if key in found:
            raise ValueError(f"{key!r} is there twice")
        found[key] = record
    return found


class Records(msgspec.Struct, Generic[R], frozen=True):
    records: tuple[tuple[str, R], ...]


class Register(dict[str, R]):
    """A part of an account that is nothing but records; these never change, they are replaced."""

    def saved(self) -> Records[R]:
        return Records(tuple(self.items()))

    def restored(self, state: Records[R]) -> None:
        self.clear()
        self.update(by_key(state.records))
