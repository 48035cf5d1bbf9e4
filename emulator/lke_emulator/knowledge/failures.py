"""What is to go wrong: a document, a release or a run that a test or a person wants to fail at a stage, with a reason."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from lke_emulator.knowledge.work import Work, work

Kind = Literal["document", "qa", "release", "run", "task"]
STAGES: dict[str, tuple[str, ...]] = {
    "document": ("import", "parse", "audit", "learn"),
    "qa": ("audit", "learn"),
    "release": ("audit", "release", "pause"),
    "run": ("run",),
    "task": ("task",),
}


class FailureSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What fails from now on. The first one that fits holds."""

    BETWEEN: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"properties": {"kind": {"const": kind}, "stage": {"enum": list(stages)}}}
            for kind, stages in STAGES.items()
        ]
    }

    kind: Kind
    name: str = "*"
    """A pattern of document names, questions, release descriptions, run queries or task types."""
    stage: str
    """Of a document: import, parse, audit or learn; of a Q&A: audit or learn; of a release: audit, release or pause; of a
    run: run; of a task: task."""
    reason: str = ""
    """What the reply says about it."""
    times: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0
    """How often it happens; 0 is every time."""

    def __post_init__(self) -> None:
        if self.stage not in STAGES[self.kind]:
            raise ValueError(f"a {self.kind} does not fail at `{self.stage}`; it can at {', '.join(STAGES[self.kind])}")


class Failures:
    """Those of one account."""

    class State(msgspec.Struct, frozen=True):
        sections: tuple[FailureSection, ...]
        happened: tuple[int, ...]
        """How often each did."""

    def __init__(self) -> None:
        self._sections: list[FailureSection] = []
        self._happened: list[int] = []

    def saved(self) -> State:
        return self.State(tuple(self._sections), tuple(self._happened))

    def restored(self, state: State) -> None:
        self._sections, self._happened = list(state.sections), list(state.happened)

    def add(self, section: FailureSection) -> None:
        self._sections.append(section)
        self._happened.append(0)

    def all(self) -> list[FailureSection]:
        return list(self._sections)

    def clear(self) -> None:
        self._sections.clear()
        self._happened.clear()

    def begin(self, kind: Kind, name: str, now: float, stages: Iterable[tuple[str, float]]) -> Work:
        """Work of this kind from now on, with the failure that is meant for it."""
        for i, section in enumerate(self._sections):
            spent = 0 < section.times <= self._happened[i]
            if section.kind == kind and not spent and fnmatchcase(name, section.name):
                self._happened[i] += 1
                return work(now, stages, section.stage, section.reason)
        return work(now, stages)
