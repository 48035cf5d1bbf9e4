"""An account as it is written down: what of it is written already, and what has changed since."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import msgspec

from lke_emulator.account.account import ASKED, PARTS, Account
from lke_emulator.account.part import Growing, state_of
from lke_emulator.account.snapshot import Identity, Snapshot, identity_of, restore
from lke_emulator.durable.database import Parts
from lke_emulator.durable.numbered import Numbered, all_fragments, assembled, changed, numbered, numbers_of
from lke_emulator.primitives.fragment import Fragment

WINDOWS = ("limits", "throttle")
"""Calls counted within a second or a minute: that alone is no change."""
BOOKS = "billing"
"""What time has settled is settled again by whoever looks next."""
CLOCK = "clock"
"""It passes; its course is kept with the account."""
GROWING = tuple(name for name, part in PARTS.items() if hasattr(part, "news"))
WHOLE = tuple(name for name in PARTS if name not in GROWING and name != CLOCK)
COUNTING = ("chat_rules", "dialogue_limits", "faults", "limits", "throttle")
"""What any call counts, whatever else it changes."""
ALWAYS = tuple([name for name in WHOLE if name in COUNTING or name not in ASKED])
"""Whatever a call says that it may change."""
ISOLATING = ("documents", "knowledge", "qas")
"""A package that expires isolates what is in them, whoever looks next."""
PartFragment = tuple[str, Fragment]


class Standing(msgspec.Struct, frozen=True):
    """What is kept of an account beside its parts."""

    identity: Identity
    offset: float
    """Of its clock."""
    frozen_at: float | None
    opened: bool
    """It is not the scenario's."""


class Unwritten(NamedTuple):
    standing: Standing
    isolated: int
    """Characters."""
    states: dict[str, Numbered]
    fragments: list[PartFragment]
    news: list[PartFragment]
    """Of parts that grow: what may have changed."""
    is_change: bool
    """False where, but for `news`, only time has passed, and calls were counted for a limit."""


class KeptAccount:
    def __init__(self, id: int, account: Account, opened: bool) -> None:
        self.id = id
        self.account = account
        self._identity = identity_of(account)
        self.standing = self._stands(opened)
        self._states = {name: numbered(getattr(account, name).saved()) for name in WHOLE}
        self._isolated = account.knowledge.isolated
        self._news: list[PartFragment] = []
        """They are told once, and stay here until they are written."""
        for part in self._growing().values():
            part.news()

    def _growing(self) -> dict[str, Growing]:
        return {name: getattr(self.account, name) for name in GROWING}

    def _stands(self, opened: bool) -> Standing:
        return Standing(self._identity, *self.account.clock.course, opened)

    def number(self, parts: Parts) -> bool:
        """Let the fragments have the numbers under which they were read; False where these are not what is known now."""
        for name, known in self._states.items():
            numbers = numbers_of(known.state, parts.get(name, {}))
            if numbers is None:
                return False
            self._states[name] = Numbered(known.state, numbers)
        return True

    def fragments(self) -> Iterator[PartFragment]:
        """All of it."""
        for name, known in self._states.items():
            yield from ((name, fragment) for fragment in all_fragments(known))
        for name, part in self._growing().items():
            yield from ((name, fragment) for fragment in part.fragments())

    def changes(self, opened: bool, keeps_books: bool, asked: Collection[str]) -> Unwritten:
        """What has changed since it was written, of what every call changes, and of the parts that are `asked`. `keeps_books`:
        a change of the books alone is one."""
        account, isolated = self.account, self.account.knowledge.isolated
        standing = self._stands(opened)
        is_change = standing != self.standing
        fragments: list[PartFragment] = []
        states: dict[str, Numbered] = {}
        asked = {*ALWAYS, *asked, *(ISOLATING if isolated != self._isolated else ())}
        for name in [name for name in WHOLE if name in asked]:
            known, state = self._states[name], getattr(account, name).saved()
            if state is not known.state and state != known.state:
                states[name], found = changed(known, state)
                fragments += [(name, fragment) for fragment in found]
                is_change = is_change or (name not in WINDOWS and (name != BOOKS or keeps_books))
        for name, part in self._growing().items():
            self._news += [(name, fragment) for fragment in part.news()]
        return Unwritten(standing, isolated, states, fragments, self._news, is_change)

    def wrote(self, changes: Unwritten) -> None:
        self.standing = changes.standing
        self._states |= changes.states
        self._isolated = changes.isolated

    def told(self) -> None:
        """What was new is written, or was written before."""
        self._news = []


def read_account(standing: Standing, parts: Parts) -> Account:
    """ValueError or msgspec.MsgspecError for what is none."""
    states: dict[str, msgspec.Struct] = {}
    for name, things in parts.items():
        values = {thing: [value for _, value in items] for thing, items in things.items()}
        if name in GROWING:
            part: type[Growing] = PARTS[name]  # type: ignore[assignment]
            states[name] = part.whole(values.values())
        else:
            states[name] = msgspec.msgpack.decode(assembled(values), type=state_of(PARTS[name]))
    account = restore(Snapshot(standing.identity, states))
    account.clock.run(standing.offset, standing.frozen_at)
    return account
