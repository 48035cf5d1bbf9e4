"""The Q&A of the bases: written by hand, imported, or generated from documents and then verified."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import msgspec

from lke_emulator.knowledge.assumptions import KnowledgeAssumptions
from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.failures import Failures
from lke_emulator.knowledge.validity import Validity
from lke_emulator.knowledge.work import DONE, Work, work
from lke_emulator.primitives.bounds import Moment, Natural
from lke_emulator.primitives.snowflakes import Snowflakes

GENERATED, IMPORTED, MANUAL = 1, 2, 3
"""Source of a Q&A (documented)."""
UNVERIFIED, ACCEPTED, NOT_ACCEPTED = 1, 2, 3
"""AcceptStatus (documented)."""
WAITING, THERE, NOT_ADOPTED, AUDITING, AUDIT_FAILED = 1, 2, 6, 7, 8
EXPIRED, ISOLATED, RESTORING, LEARNING, LEARN_FAILED = 12, 13, 14, 19, 20
"""Status of a Q&A (documented)."""
RUNNING = {"audit": AUDITING, "learn": LEARNING}
FAILED = {"audit": AUDIT_FAILED, "learn": LEARN_FAILED}
GENERATING = "generate"
"""The stage of a Q&A that is not there yet."""


class Similar(msgspec.Struct, frozen=True):
    """Another way to ask the same."""

    id: str
    question: str


class Qa(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    base: str
    id: str
    category: str
    question: str
    answer: str
    source: Natural = MANUAL
    document: str = ""
    """The id of the document that it is about, or was generated from."""
    segment: str = ""
    """The id of the segment that it was generated from."""
    description: str = ""
    custom_param: str = ""
    similar: tuple[Similar, ...] = ()
    accept: Natural = ACCEPTED
    validity: Validity = Validity()
    created: Moment
    updated: Moment
    editor: str = ""
    """The uin of who changed it last."""
    work: Work
    isolated: bool = False
    restored: Work | None = None
    edition: int = 1
    """Counts what a release would carry over."""

    def hidden(self, now: float) -> bool:
        """Whether it is still being generated."""
        work = self.work
        return work.began <= now < work.ends and work.stage(now) == GENERATING

    def status(self, now: float) -> int:
        if self.accept != ACCEPTED:
            return WAITING if self.accept == UNVERIFIED else NOT_ADOPTED
        work = self.work
        if work.began <= now < work.ends:
            return RUNNING[work.stage(now)]
        if work.outcome != DONE:
            return FAILED[work.outcome]
        if self.isolated:
            return ISOLATED
        if self.restored is not None and self.restored.running(now):
            return RESTORING
        return EXPIRED if self.validity.expired(now) else THERE

    def findable(self, now: float) -> bool:
        status = self.status(now)
        return status == THERE or (status == EXPIRED and self.validity.outlives)

    @property
    def questions(self) -> tuple[str, ...]:
        """The question, and every other way to ask it."""
        return (self.question, *[each.question for each in self.similar])

    @property
    def characters(self) -> int:
        """Of question and answer (the law of four documented examples), and of the other ways to ask."""
        return len(self.answer) + sum([len(question) for question in self.questions])

    @property
    def size(self) -> int:
        """The same in bytes."""
        return len("".join((self.answer, *self.questions)).encode())


class Qas:
    """Those of one account. Whoever changes one also says who did, and when."""

    class State(msgspec.Struct, frozen=True):
        qas: tuple[Qa, ...]

    @staticmethod
    def check_state(state: State) -> None:
        for number, qa in enumerate(state.qas):
            qa.work.check_stages((GENERATING, *RUNNING), f".qas[{number}]")

    def __init__(self, snowflakes: Snowflakes, failures: Failures, assumptions: KnowledgeAssumptions) -> None:
        self._snowflakes = snowflakes
        self._failures = failures
        self._assumptions = assumptions
        self._kept: Collection[Qa] = Collection("Q&A")
        self._characters: dict[str, int] = {}
        self.isolated = 0
        """Characters of those that are isolated."""
        self._of_documents: dict[str, set[str]] = {}
        """Document -> its Q&A."""

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()))

    def restored(self, state: State) -> None:
        self._kept.fill(())
        self._characters.clear()
        self.isolated = 0
        self._of_documents.clear()
        for qa in state.qas:
            self._put(qa)

    def forget(self, base: str) -> None:
        for qa in list(self._kept.of(base).values()):
            self.delete(qa)
        self._kept.forget(base)

    # what there is

    def of(self, base: str, now: float) -> list[Qa]:
        """Those that are there, the oldest first."""
        return [
            qa for qa in self._kept.of(base).values() if not qa.work.began <= now < qa.work.ends or not qa.hidden(now)
        ]

    def get(self, base: str, id: str) -> Qa | None:
        """Also one that is still being generated."""
        return self._kept.get(base, id)

    def find(self, base: str, id: str) -> Qa:
        return self._kept.find(base, id)

    def found(self, base: str, ids: Iterable[str]) -> list[Qa]:
        """All of them, each once; a refusal that names the first that is not there."""
        return [self._kept.find(base, id) for id in dict.fromkeys(ids)]

    def everything(self) -> Iterable[Qa]:
        return self._kept.everything()

    def count_of(self, base: str, document: str, now: float) -> int:
        """How many Q&A a document has."""
        return sum(
            [not qa.hidden(now) for id in self._of_documents.get(document, ()) if (qa := self._kept.get(base, id))]
        )

    @property
    def characters(self) -> Mapping[str, int]:
        """Base -> the characters of its Q&A."""
        return self._characters

    def placed(self, base: str, now: float) -> dict[str, int]:
        """Category -> how many Q&A are in it."""
        counts: dict[str, int] = {}
        for qa in self.of(base, now):
            counts[qa.category] = counts.get(qa.category, 0) + 1
        return counts

    def changes(self, base: str) -> set[str]:
        """The ids of what is new, other or gone since this was asked last."""
        return self._kept.changes(base)

    # what happens to them

    def create(self, qa: Qa, similar: Sequence[str], now: float, generated: bool = False) -> Qa:
        """Take in a new one, whose ids and work are given to it here."""
        return self.declare(
            msgspec.structs.replace(
                qa,
                id=self._snowflakes.next(now),
                similar=tuple([Similar(self._snowflakes.next(now), question) for question in similar]),
                work=work(now, [(GENERATING, self._assumptions.qa_generation_s)])
                if generated
                else self._learned(qa.question, now),
            )
        )

    def declare(self, qa: Qa) -> Qa:
        """A Q&A as it stands."""
        self._put(qa)
        return qa

    def change(self, qa: Qa, caller: str, now: float, carried: bool = True, **members: Any) -> Qa:
        """Give it other members; `carried` says whether a release carries them over, and it is learned again then."""
        changed = msgspec.structs.replace(qa, edition=qa.edition + carried, editor=caller, updated=now, **members)
        if carried and not changed.hidden(now):
            changed = msgspec.structs.replace(changed, work=self._learned(changed.question, now))
        self._put(changed)
        return changed

    def rescope(self, qa: Qa, scope: int) -> None:
        """Give it another scope, as a release does on demand; it is not learned again."""
        good = msgspec.structs.replace(qa.validity, scope=scope)
        self._put(msgspec.structs.replace(qa, validity=good, edition=qa.edition + 1))

    def similar(self, question: str, now: float) -> Similar:
        return Similar(self._snowflakes.next(now), question)

    def delete(self, qa: Qa) -> None:
        self._kept.remove(qa)
        self._count(qa, -1)
        if qa.document:
            self._of_documents[qa.document].discard(qa.id)

    def regroup(self, base: str, gone: Set[str], category: str) -> None:
        """What was in a category that is gone is in this one."""
        for qa in list(self._kept.of(base).values()):
            if qa.category in gone:
                self._put(msgspec.structs.replace(qa, category=category))

    def isolate(self, qa: Qa) -> None:
        self._put(msgspec.structs.replace(qa, isolated=True, restored=None))

    def restore(self, qa: Qa, now: float) -> None:
        restoring = work(now, [("restore", self._assumptions.restoring_s)])
        self._put(msgspec.structs.replace(qa, isolated=False, restored=restoring))

    def _learned(self, question: str, now: float) -> Work:
        known = self._assumptions
        return self._failures.begin(
            "qa", question, now, [("audit", known.qa_auditing_s), ("learn", known.qa_learning_s)]
        )

    def _put(self, qa: Qa) -> None:
        before = self._kept.get(qa.base, qa.id)
        if before is not None:
            self._count(before, -1)
            if before.document and before.document != qa.document:
                self._of_documents[before.document].discard(qa.id)
        self._kept.put(qa)
        self._count(qa, 1)
        if qa.document:
            self._of_documents.setdefault(qa.document, set()).add(qa.id)

    def _count(self, qa: Qa, sign: int) -> None:
        characters = qa.characters
        self._characters[qa.base] = self._characters.get(qa.base, 0) + sign * characters
        if qa.isolated:
            self.isolated += sign * characters
