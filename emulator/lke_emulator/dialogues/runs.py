"""The runs of an account's workflows."""

import msgspec

from lke_emulator.dialogues.run import NodeRun, Run


class Runs:
    """Those of one account, in the order in which they were begun."""

    class State(msgspec.Struct, frozen=True):
        runs: tuple[Run, ...]

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def add(self, run: Run) -> None:
        self._runs[run.id] = run

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
        self._runs = {id: run for id, run in self._runs.items() if run.app != app}

    def saved(self) -> State:
        return copied(self.State(tuple(self._runs.values())))

    def restored(self, state: State) -> None:
        self._runs = {run.id: run for run in copied(state).runs}


def copied(state: Runs.State) -> Runs.State:
    """Nothing of it can be reached from the other."""
    return msgspec.convert(msgspec.to_builtins(state), Runs.State)
