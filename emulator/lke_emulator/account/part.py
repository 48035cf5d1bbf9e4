"""A part of an account: one noun, and everything that is known of it."""

from collections.abc import Iterator
from typing import Any, Protocol, TypeVar, get_args, get_origin, runtime_checkable

import msgspec

from lke_emulator.primitives.fragment import Fragment, Things

S = TypeVar("S", bound=msgspec.Struct)


class Part(Protocol[S]):
    """What every class in the list of `account.py` can do. What can be worked out again, such as a cache, is not saved, and
    neither is what is in flight.

    The State (a struct, by convention a class in the part's own) goes through sorted JSON and comes back equal: the order of
    a tuple does, that of a dict does not.
    """

    def saved(self) -> S:
        """What the part knows now; whatever happens to it later, this stays."""

    def restored(self, state: S) -> None:
        """Stand as when `state` was saved, keeping nothing of it that can change. Called once, on the part of a new account.

        ValueError for a state that no part can be in.
        """


@runtime_checkable
class Forgetful(Protocol):
    """A part that knows what is in an app or a shared knowledge base."""

    def forget(self, base: str) -> None:
        """It is gone, and everything in it."""


class Checked(Protocol):
    """A part whose State says less than what it takes for granted, such as members that are kept by the cloud's names."""

    @staticmethod
    def check_state(state: Any) -> None:
        """Of a state that somebody may have written in. ValueError(place: what is wrong)."""


@runtime_checkable
class Growing(Protocol):
    """A part that grows with every call: whoever writes it down cannot look at all of it each time."""

    def fragments(self) -> Iterator[Fragment]:
        """All of it."""

    def news(self) -> list[Fragment]:
        """The fragments that may have changed since this was asked last; the first time none."""

    @staticmethod
    def whole(things: Things) -> Any:
        """The State that these fragments come to."""


def state_of(part: Any) -> Any:
    """What a part is restored from; `part` is its class, or one of a kind, such as Register[App]."""
    state = (get_origin(part) or part).restored.__annotations__["state"]
    return state[get_args(part)] if get_args(part) else state
