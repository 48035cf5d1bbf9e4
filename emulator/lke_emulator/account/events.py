"""What happens, for whoever looks on: calls that ended, and what became of the accounts that they were for.

Nothing is kept until somebody listens, and then no more than the bounds: one log for all listeners, of which each knows how far
it has read. Who was away for less than KEPT_SECONDS reads on where it was.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.journal import CONTROL, Entry, Journal, journal_line
from lke_emulator.account.metrics import Metrics
from lke_emulator.account.world import World
from lke_emulator.billing.billing import BooksMark
from lke_emulator.primitives.bell import Bell, Ear
from lke_emulator.primitives.clock import real_now
from lke_emulator.primitives.months import at

EventKind = Literal["call", "notice", "clock", "change", "account", "world"]
EVENTS = 5_000
BYTES = 8 << 20
LARGE = 64 << 10
"""Bytes that came in with a call, beyond which its event leaves the parameters to the journal."""
KEPT_SECONDS = 60
WATCHED = 100
"""Accounts whose changes can be told; those that were called longest ago make room."""
SHARE = 20
"""Looking for changes takes at most every so many-th part of the time, however large the accounts are."""
PACE_SECONDS = 0.1
encode = msgspec.json.Encoder().encode


class LoggedEvent(NamedTuple):
    number: int
    kind: EventKind
    account: str
    """A uin; empty for what is nobody's."""
    data: bytes
    """JSON."""


class Sight(NamedTuple):
    """What an account looked like."""

    course: tuple[float, float | None]
    books: BooksMark


def sight_of(account: Account) -> Sight:
    account.billing.settle(account.clock.now())
    return Sight(account.clock.course, account.billing.mark())


class EventLog(Bell):
    """Rings whenever a call has ended; keeps what happens while somebody listens."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners = 0
        self._metrics: Metrics | None = None
        self._memory = Ear()
        """Among the ears as long as events are kept."""
        self._forget()

    def _forget(self) -> None:
        self.ears.discard(self._memory)
        self.since = ""
        """Which beginning the numbers count from."""
        self.number = 0
        """Of the newest event."""
        self._events: deque[LoggedEvent] = deque()
        self._bytes = 0
        self._until = self._due = 0.0
        self._sights: dict[str, Sight] = {}
        self._touched: dict[str, dict[str, None]] = {}
        """Account -> the parts that its calls have changed."""
        self._world: tuple[World, frozenset[str]] | None = None

    @contextmanager
    def listened(self, world: World, account: str) -> Iterator[Ear]:
        """Keep events as long as somebody is there, of one account or all."""
        if self._memory not in self.ears or (not self.listeners and real_now() > self._until):
            self._forget()
            self.since = f"{int(real_now() * 1000):x}"
            self.ears.add(self._memory)
            self._world = world, frozenset(world.accounts)
        else:
            # What happened while nobody was there comes before what a new listener hears.
            self._touched.setdefault("", {})
            self._due = 0
            self.look(world)
        for uin in [account] if account else list(world.accounts)[-WATCHED:]:
            self.begun(world.accounts.get(uin))
        self.listeners += 1
        try:
            with self.heard() as ear:
                yield ear
        finally:
            self.listeners -= 1
            self._until = real_now() + KEPT_SECONDS

    def begun(self, account: Account | None) -> None:
        """A call of an account begins: what it changes is told against what is there now."""
        if account is not None and account.uin not in self._sights and self._memory in self.ears:
            self._sights[account.uin] = sight_of(account)
            if len(self._sights) > WATCHED:
                del self._sights[next(iter(self._sights))]

    def measured(self, journal: Journal) -> Metrics:
        """What was counted; from the first time on every call is."""
        if self._metrics is None:
            self._metrics = Metrics(journal)
            self.ears.add(Ear())
        return self._metrics

    def ended(self, entry: Entry) -> None:
        if self._metrics is not None:
            self._metrics.add(entry)
        if self._memory in self.ears:
            if not self.listeners and real_now() > self._until:
                self._forget()
            else:
                parts = self._touched.setdefault(entry.account, {})
                parts |= dict.fromkeys([one.part for one in entry.changes])
                if entry.surface != CONTROL:
                    line = journal_line(entry) | ({"Params": None} if entry.size > LARGE else {})
                    self._add("call", entry.account, line)
        self.ring()

    def _add(self, kind: EventKind, account: str, value: Any) -> None:
        self.number += 1
        event = LoggedEvent(self.number, kind, account, encode(value))
        self._events.append(event)
        self._bytes += len(event.data)
        while self._bytes > BYTES or len(self._events) > EVENTS:
            self._bytes -= len(self._events.popleft().data)

    def event(self, number: int) -> LoggedEvent | None:
        """None for one that has made room already, or has not come yet."""
        place = number - self.number - 1
        return self._events[place] if -len(self._events) <= place < 0 else None

    def look(self, world: World) -> float:
        """Tell what changed in the accounts that calls were for; gives the seconds until the next look, 0 where nothing waits."""
        began = real_now()
        if not self._touched:
            return 0
        if began < self._due:
            return self._due - began
        number = self.number
        self._look_at_world(world)
        touched, self._touched = self._touched, {}
        for uin, parts in touched.items():
            self._look_at(uin, world.accounts.get(uin), parts)
        ended = real_now()
        self._due = ended + max(PACE_SECONDS, (ended - began) * SHARE)
        if self.number > number:
            self.ring()
        return 0

    def look_again(self) -> None:
        """Let the next look be at every account that is watched: time alone expires packages."""
        for uin in self._sights:
            self._touched.setdefault(uin, {})

    def _look_at_world(self, world: World) -> None:
        assert self._world is not None
        before, known = self._world
        now = world.accounts.keys()
        if world is not before:
            self._add("world", "", {"scenario": world.scenario, "accounts": list(now)})
        for uin in known - now:
            self._sights.pop(uin, None)
            self._add("account", uin, {"account": uin, "state": "closed"})
        for uin in now - known:
            self._add("account", uin, {"account": uin, "state": "opened"})
        if world is not before or known != now:
            self._world = world, frozenset(now)

    def _look_at(self, uin: str, account: Account | None, parts: dict[str, None]) -> None:
        before = self._sights.pop(uin, None)
        if account is None or before is None:
            return
        now = self._sights[uin] = sight_of(account)
        if now.course != before.course:
            moment = account.clock.now()
            text = at(moment, account.zone).isoformat(" ")
            self._add("clock", uin, {"account": uin, "now": moment, "text": text, "frozen": account.clock.frozen})
        told = account.billing.notices(account.clock.now())
        for notice in told[before.books.notices :]:
            self._add("notice", uin, {"account": uin} | msgspec.structs.asdict(notice))
        if now.books != before.books:  # time alone has settled it
            parts = parts | {"billing": None}
        changed = [name for name in parts if name != "clock"]
        if changed:
            self._add("change", uin, {"account": uin, "parts": changed})
