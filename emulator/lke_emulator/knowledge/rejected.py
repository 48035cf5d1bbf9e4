"""Questions that an app does not answer."""

from collections.abc import Iterable, Mapping

import msgspec

from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.refusals import failed
from lke_emulator.knowledge.validity import DRAFT
from lke_emulator.primitives.snowflakes import Snowflakes

FROM_REPLY, MANUAL = 1, 2
"""BusinessSource (documented): from an unsatisfied reply, or written by hand."""


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    base: str
    id: str
    question: str
    source: int = MANUAL
    source_id: str = ""
    """The id of the unsatisfied reply."""
    scope: int = DRAFT
    created: float
    updated: float
    editor: str = ""
    """The uin of who changed it last."""
    edition: int = 1


class RejectedQuestions:
    class State(msgspec.Struct, frozen=True):
        questions: tuple[Rejected, ...]

    def __init__(self, snowflakes: Snowflakes) -> None:
        self._snowflakes = snowflakes
        self._kept: Collection[Rejected] = Collection("rejected question")

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()))

    def restored(self, state: State) -> None:
        self._kept.fill(state.questions)

    def forget(self, base: str) -> None:
        self._kept.forget(base)

    def of(self, base: str) -> Mapping[str, Rejected]:
        """By id, the oldest first."""
        return self._kept.of(base)

    def get(self, base: str, id: str) -> Rejected | None:
        return self._kept.get(base, id)

    def found(self, base: str, ids: Iterable[str]) -> list[Rejected]:
        """All of them, each once; a refusal that names the first that is not there."""
        return [self._kept.find(base, id) for id in dict.fromkeys(ids)]

    def changes(self, base: str) -> set[str]:
        """The ids of what is new, other or gone since this was asked last."""
        return self._kept.changes(base)

    def create(self, rejected: Rejected, now: float) -> Rejected:
        """A refusal where the same question is rejected already."""
        self._check(rejected.base, rejected.question)
        return self._put(msgspec.structs.replace(rejected, id=self._snowflakes.next(now)))

    def change(self, base: str, id: str, question: str, scope: int, caller: str, now: float) -> Rejected:
        rejected = self._kept.find(base, id)
        if question != rejected.question:
            self._check(base, question)
        return self._put(
            msgspec.structs.replace(
                rejected,
                question=question,
                scope=scope or rejected.scope,
                editor=caller,
                updated=now,
                edition=rejected.edition + 1,
            )
        )

    def delete(self, rejected: Rejected) -> None:
        self._kept.remove(rejected)

    def lift(self, rejected: Rejected, scope: int) -> None:
        """Give it another scope, as a release does on demand."""
        self._put(msgspec.structs.replace(rejected, scope=scope, edition=rejected.edition + 1))

    def _check(self, base: str, question: str) -> None:
        if any(each.question == question for each in self._kept.of(base).values()):
            raise failed(f"the question `{question}` is rejected already")

    def _put(self, rejected: Rejected) -> Rejected:
        self._kept.put(rejected)
        return rejected
