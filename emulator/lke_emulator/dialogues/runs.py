"""The runs of an account's workflows."""

from collections.abc import Iterator

import msgspec

from lke_emulator.dialogues.run import QUEUED, RUNNING, NodeRun, Run, left_alone
from lke_emulator.primitives.change import AccountChange
from lke_emulator.primitives.fragment import Fragment, Things, joined


class Runs:
    """Those of one account, in the order in which they were begun."""

    class State(msgspec.Struct, frozen=True):
        runs: tuple[Run, ...]

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._touched: dict[str, None] | None = None
        """Those that may have changed; None while nobody asks."""
        self._noted: dict[str, Run | None] = {}
        """Those that were added or forgotten since somebody asked, as they were."""

    def add(self, run: Run) -> None:
        self._noted.setdefault(run.id, self._runs.get(run.id))
        self._runs[run.id] = run
        if self._touched is not None:
            self._touched[run.id] = None

    def find(self, id: str) -> Run | None:
        return self._runs.get(id)

    def node(self, id: str) -> tuple[Run, NodeRun] | None:
        """A node's run, and the run that it belongs to."""
        for run in self._runs.values():
            for node in run.nodes:
                if node.id == id:
                    return run, node
        return None

    def of(self, app: str) -> list[Run]:
        """The newest first."""
        return [run for run in reversed(self._runs.values()) if run.app == app]

    def forget(self, app: str) -> None:
        gone = [run.id for run in self._runs.values() if run.app == app]
        for id in gone:
            self._noted.setdefault(id, self._runs.pop(id))
        if self._touched is not None:
            self._touched |= dict.fromkeys(gone)

    def noted(self) -> list[AccountChange]:
        """What has changed since this was asked last."""
        if not self._noted:
            return []
        noted, self._noted = self._noted, {}
        found = []
        for id, before in noted.items():
            now = self._runs.get(id)
            if now is not None and now is not before:
                found.append(AccountChange("runs", "runs", id, "changed" if before else "created", now.workflow_name))
            elif now is None and before is not None:
                found.append(AccountChange("runs", "runs", id, "deleted", before.workflow_name))
        return found

    def marks(self) -> dict[tuple[str, str], object]:
        return {("runs", id): run for id, run in self._runs.items()}

    def saved(self) -> State:
        return copied(self.State(tuple(self._runs.values())))

    def fragments(self) -> Iterator[Fragment]:
        for run in self._runs.values():
            yield Fragment(run.id, 0, run)

    def news(self) -> list[Fragment]:
        touched, found = self._touched, []
        self._touched = {}
        for id in touched or ():
            run = self._runs.get(id)
            found.append(Fragment(id, 0, run))
            if run is not None and run.state in (
                QUEUED,
                RUNNING,
            ):  # it is added when it begins, and changes till it ends
                self._touched[id] = None
        return found

    @staticmethod
    def whole(things: Things) -> "Runs.State":
        return Runs.State(tuple(joined([run for (run,) in things], list[Run])))

    def restored(self, state: State) -> None:
        self._runs = {run.id: left_alone(run) for run in copied(state).runs}


def copied(state: Runs.State) -> Runs.State:
    """Nothing of it can be reached from the other."""
    return msgspec.convert(msgspec.to_builtins(state), Runs.State)
