"""Replies that a visitor disliked, and what became of them."""

from collections.abc import Iterable, Mapping

import msgspec

from lke_emulator.knowledge.collection import Collection
from lke_emulator.primitives.snowflakes import Snowflakes

PENDING, REJECTED, IGNORED = 0, 1, 2
"""Status of an unsatisfied reply (documented)."""


class ContextLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one side said around the reply."""

    record: str
    is_visitor: bool
    name: str = ""
    content: str
    reply_method: int = 0


class Unsatisfied(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    base: str
    """The app."""
    id: str
    record: str
    """The RecordId of the reply."""
    question: str
    answer: str
    reasons: tuple[str, ...] = ()
    feedback: str = ""
    visitor: str = ""
    status: int = PENDING
    operator: str = ""
    """The uin of who handled it."""
    created: float
    updated: float
    context: tuple[ContextLine, ...] = ()


class UnsatisfiedReplies:
    class State(msgspec.Struct, frozen=True):
        replies: tuple[Unsatisfied, ...]

    def __init__(self, snowflakes: Snowflakes) -> None:
        self._snowflakes = snowflakes
        self._kept: Collection[Unsatisfied] = Collection("unsatisfied reply")

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()))

    def restored(self, state: State) -> None:
        self._kept.fill(state.replies)

    def forget(self, base: str) -> None:
        self._kept.forget(base)

    def of(self, base: str) -> Mapping[str, Unsatisfied]:
        """By id, the oldest first."""
        return self._kept.of(base)

    def find(self, base: str, id: str) -> Unsatisfied:
        return self._kept.find(base, id)

    def found(self, base: str, ids: Iterable[str]) -> list[Unsatisfied]:
        """All of them, each once; a refusal that names the first that is not there."""
        return [self._kept.find(base, id) for id in dict.fromkeys(ids)]

    def add(self, reply: Unsatisfied, now: float) -> Unsatisfied:
        """Keep a reply that was disliked; the same record again takes the place of what was kept of it."""
        self.drop(reply.base, reply.record)
        made = msgspec.structs.replace(reply, id=self._snowflakes.next(now))
        self._kept.put(made)
        return made

    def drop(self, base: str, record: str) -> None:
        """The dislike of a record was taken back."""
        for known in list(self._kept.of(base).values()):
            if known.record == record:
                self._kept.remove(known)

    def handle(self, reply: Unsatisfied, status: int, caller: str, now: float) -> None:
        self._kept.put(msgspec.structs.replace(reply, status=status, operator=caller, updated=now))
