"""Who changed what: the operations of an account's people that its audit log tells."""

from collections import deque

import msgspec

from lke_emulator.primitives.bounds import Moment

MOST = 10_000
"""Operations that are kept (inferred); the oldest are forgotten."""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    time: Moment
    """Unix seconds on the account's clock."""
    uin: str
    verb: str
    """create, modify, delete ..."""
    noun: str
    """app, agent, doc ..."""
    name: str = ""
    """What was changed was called so then."""
    space: str = ""
    app: str = ""
    app_name: str = ""
    """As it was called then."""


class Audit:
    class State(msgspec.Struct, frozen=True):
        operations: tuple[AuditEntry, ...]

    def __init__(self) -> None:
        self._operations: deque[AuditEntry] = deque(maxlen=MOST)

    def saved(self) -> State:
        return self.State(tuple(self._operations))

    def restored(self, state: State) -> None:
        self._operations.extend(state.operations)

    def add(self, operation: AuditEntry) -> None:
        self._operations.append(operation)

    def newest(self) -> list[AuditEntry]:
        """The newest first, whatever the clock did."""
        return list(reversed(self._operations))
