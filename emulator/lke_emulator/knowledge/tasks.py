"""Tasks that change or export something meanwhile; what has become of one is read from the clock."""

from collections.abc import Mapping

import msgspec

from lke_emulator.knowledge.collection import Collection
from lke_emulator.knowledge.failures import Failures
from lke_emulator.knowledge.work import DONE, Work
from lke_emulator.primitives.snowflakes import Snowflakes


class Task(msgspec.Struct, frozen=True, kw_only=True):
    base: str
    id: str
    type: str
    """Such as ModifyAttributeLabel."""
    subject: str = ""
    """The id of what it is about."""
    path: str = ""
    """Where its file is."""
    work: Work

    def status(self, now: float) -> str:
        """SUCCESS, FAILED or RUNNING (documented; PENDING is not taken)."""
        if self.work.running(now):
            return "RUNNING"
        return "SUCCESS" if self.work.outcome == DONE else "FAILED"


class Tasks:
    class State(msgspec.Struct, frozen=True):
        tasks: tuple[Task, ...]

    def __init__(self, snowflakes: Snowflakes, failures: Failures) -> None:
        self._snowflakes = snowflakes
        self._failures = failures
        self._kept: Collection[Task] = Collection("task")

    def saved(self) -> State:
        return self.State(tuple(self._kept.everything()))

    def restored(self, state: State) -> None:
        self._kept.fill(state.tasks)

    def forget(self, base: str) -> None:
        self._kept.forget(base)

    def find(self, base: str, id: str) -> Task:
        return self._kept.find(base, id)

    def begin(self, base: str, type: str, seconds: float, now: float, subject: str = "", path: str = "") -> Task:
        work = self._failures.begin("task", type, now, [("task", seconds)])
        task = Task(base=base, id=self._snowflakes.next(now), type=type, subject=subject, path=path, work=work)
        self._kept.put(task)
        return task

    def of(self, base: str) -> Mapping[str, Task]:
        return self._kept.of(base)

    def about(self, base: str, subject: str, now: float) -> bool:
        """Whether something is still being done with it."""
        return any(task.subject == subject and task.work.running(now) for task in self._kept.of(base).values())
