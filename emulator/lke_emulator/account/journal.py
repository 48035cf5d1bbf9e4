"""What happened: every call of every surface, newest first, within a bound of entries and of bytes. Secrets never get in."""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from operator import attrgetter
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import msgspec

from lke_emulator.primitives.change import MOST, AccountChange, Noted, worked_out
from lke_emulator.primitives.members import has_members
from lke_emulator.primitives.secret_names import is_secret
from lke_emulator.primitives.strict_json import NotReadable, read_json
from lke_emulator.protocol.errors import Detail

if TYPE_CHECKING:
    from lke_emulator.account.events import EventLog
    from lke_emulator.account.watch import Watch

ENTRIES = 10_000
BYTES = 32 << 20
ANSWER_BYTES = 16 << 10
"""Of one answer; a longer one is not kept."""
ENTRY_BYTES = 800  # what an entry holds beside its parameters, measured
CHANGE_BYTES = 400
"""The same of each thing that it has changed."""
CONTROL = "control"
"""The surface whose calls are kept apart: a page that polls must not push out what it looks at."""
REDACTED = "[redacted]"


class Entry(msgspec.Struct, gc=False):
    """One call, from when it came in. It is filled while the call is served, and the call's tokens are read from it.

    It holds no cycle, and ten thousand of them would make every garbage collection slow.
    """

    time: float
    """Unix seconds by the real clock."""
    began: int
    """The same in nanoseconds of the clock that measures how long it took."""
    request_id: str
    surface: str
    size: int
    """Bytes that came in, and those of the answer that are kept; below 0 for an entry that made room."""
    events: "EventLog | None" = None
    """Who is told of its end."""
    method: str = ""
    path: str = ""
    """Decoded, without the query."""
    account: str = ""
    caller: str = ""
    """The uin that signed, or that owns the key."""
    operation: str = ""
    """`lke.DescribeX`, `openai.chat.completions`, `oneapi.list_logs`, ..."""
    names: Mapping[str, Any] | None = None
    """What path and query say, where they are not the parameters."""
    params: Any = b""
    """What came in, decoded, or the bytes of a JSON body."""
    source: str = ""
    streamed: bool = False
    key: str = ""
    """The id of the API key."""
    model: str = ""
    input: int = 0
    """Tokens."""
    output: int = 0
    """Tokens."""
    fault: str = ""
    """The id of the fault that struck it."""
    code: str = ""
    """Why it was refused, or how it broke; empty is well."""
    message: str = ""
    reason: str = ""
    """Which of the surface's texts the message is, and the facts in it: what `control/explain.py` begins with."""
    facts: Mapping[str, Any] = {}
    detail: Detail | None = None
    is_packet: bool = False
    """It came over a socket."""
    received: int = 0
    """Bytes of content that came in beside parameters."""
    status: int = 200
    """The answer's HTTP status."""
    noted: tuple[Noted, ...] = ()
    """What of the account it has changed, most of it not worked out."""
    watch: "Watch | None" = None
    """Who tells that when it ends, where it may change something."""
    region: str = ""
    """X-TC-Region of a signed call."""
    answer: bytes = b""
    """What went out, of a stream all its events; empty where it was longer than ANSWER_BYTES."""
    sent: int = 0
    """How many bytes went out."""
    latency_us: int = -1
    """Below 0 as long as it is being served."""

    def end(self, code: str = "", message: str = "") -> None:
        """Say how the call ended, once: before its last bytes leave, so that whoever has read them finds it here."""
        if self.latency_us < 0:
            self.code = code
            self.message = message
            if self.watch is not None:
                watch, self.watch = self.watch, None
                watch.end(self)
            self.latency_us = (perf_counter_ns() - self.began) // 1000
            if self.events is not None and self.events.ears:
                self.events.ended(self)

    def note(self, changes: Iterable[Noted]) -> None:
        """That it has changed this, too."""
        self.noted = (*self.noted, *changes)
        if len(self.noted) > MOST:
            self.noted = worked_out(self.noted)

    @property
    def changes(self) -> tuple[AccountChange, ...]:
        """What of the account it has changed."""
        self.noted = changes = worked_out(self.noted)
        return changes

    def told(self) -> Mapping[str, Any] | None:
        """The detail, worked out."""
        return self.detail() if callable(self.detail) else self.detail

    @property
    def verdict(self) -> str:
        return "error" if self.code else "open" if self.latency_us < 0 else "ok"


def redacted(value: Any) -> Any:
    """The value with everything under a secret's name replaced, at any depth."""
    if isinstance(value, Mapping):
        return {
            name: REDACTED if inner not in ("", None) and is_secret(str(name)) else redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [redacted(inner) for inner in value]
    return value


def params_of(entry: Entry) -> Any:
    """The parameters of an entry without secrets; of a body that is no JSON only its length, for it may hold any."""
    names = redacted(entry.names or {})
    try:
        came = entry.params or {}
        value = redacted(read_json(came) if isinstance(came, bytes) else came)
    except NotReadable:
        value = f"{len(entry.params)} bytes that are no JSON"
    if isinstance(value, dict):
        return names | value
    return names | {"body": value} if names else value


def journal_line(entry: Entry) -> dict[str, Any]:
    """An entry as control tells it."""
    return {
        "Time": entry.time,
        "RequestId": entry.request_id,
        "Surface": entry.surface,
        "Method": entry.method,
        "Path": entry.path,
        "Status": entry.status,
        "Account": entry.account,
        "Caller": entry.caller,
        "Region": entry.region,
        "Action": entry.operation,
        "Params": params_of(entry),
        "Verdict": entry.verdict,
        "Code": entry.code,
        "Message": entry.message,
        "Source": entry.source,
        "Streamed": entry.streamed,
        "Key": entry.key,
        "Model": entry.model,
        "InputTokens": entry.input,
        "OutputTokens": entry.output,
        "LatencyUs": max(entry.latency_us, 0),
        "Fault": entry.fault,
        "Changes": entry.changes,
        "Detail": entry.told(),
    }


class CallMatch(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls are meant. What is empty does not choose."""

    surface: str = ""
    """Left empty: every one but control."""
    account: str = ""
    operation: str = ""
    """A pattern such as lke.Describe*; the product may be left out."""
    caller: str = ""
    region: str = ""
    """X-TC-Region of a signed call."""
    code: str = ""
    """An error code, its prefix before the dot, or `ok`."""
    model: str = ""
    key: str = ""
    streamed: bool | None = None
    request_id: str = ""
    params: Mapping[str, Any] = {}
    """Path -> value: {"Filters.0.Name": "x"}."""

    def fits(self, entry: Entry) -> bool:
        return (
            (not self.surface or entry.surface == self.surface)
            and (not self.account or entry.account == self.account)
            and (not self.caller or entry.caller == self.caller)
            and (not self.region or entry.region == self.region)
            and (not self.code or self.code in (entry.code or "ok", entry.code.partition(".")[0]))
            and (not self.model or entry.model == self.model)
            and (not self.key or entry.key == self.key)
            and (self.streamed is None or entry.streamed is self.streamed)
            and (not self.request_id or entry.request_id == self.request_id)
            and (not self.operation or is_operation(entry.operation, self.operation))
            and (not self.params or has_members(params_of(entry), self.params))
        )


def is_operation(operation: str, pattern: str) -> bool:
    return fnmatchcase(operation, pattern) or fnmatchcase(operation.partition(".")[2], pattern)


class Entries:
    """Entries within the bounds, oldest first; the oldest ones make room, and are still counted."""

    __slots__ = ("_bytes", "gone", "kept")

    def __init__(self) -> None:
        self.kept: deque[Entry] = deque()
        self._bytes = 0
        self.gone: Counter[tuple[Any, ...]] = Counter()
        """What MATCHED says of those that made room -> how many there were."""

    @property
    def dropped(self) -> int:
        return self.gone.total()

    def add(self, entry: Entry) -> None:
        if self.kept and self.kept[-1].noted:  # which was not known when it was added
            self.kept[-1].size += (grown := CHANGE_BYTES * len(self.kept[-1].noted))
            self._bytes += grown
        self.kept.append(entry)
        self._bytes += entry.size + ENTRY_BYTES
        if self._bytes > BYTES or len(self.kept) > ENTRIES:
            self.make_room()

    def make_room(self) -> None:
        while self.kept and (self._bytes > BYTES or len(self.kept) > ENTRIES):
            oldest = self.kept.popleft()
            self._bytes -= oldest.size + ENTRY_BYTES
            oldest.size = -1
            self.gone[matched(oldest)] += 1

    def answered(self, entry: Entry, body: bytes) -> None:
        entry.sent += len(body)
        if entry.size < 0:
            return
        kept = len(body) if entry.sent <= ANSWER_BYTES else -len(entry.answer)
        entry.answer = entry.answer + body if kept >= 0 else b""
        entry.size += kept
        self._bytes += kept
        if self._bytes > BYTES:
            self.make_room()

    def forget(self, match: CallMatch) -> None:
        kept: list[Entry] = []
        for entry in self.kept:
            if match.fits(entry):
                entry.size = -1
            else:
                kept.append(entry)
        self.kept = deque(kept)
        self._bytes = sum(entry.size + ENTRY_BYTES for entry in kept)
        for values in [values for values in self.gone if match.fits(tallied(values))]:
            del self.gone[values]


MATCHED = ("surface", "account", "operation", "caller", "region", "code", "model", "key", "streamed")
"""What is still known of entries that made room."""
matched = attrgetter(*MATCHED)


def tallied(values: tuple[Any, ...]) -> Entry:
    """An entry that stands for those that made room."""
    entry = Entry(0, 0, "", values[0], 0)
    for name, value in zip(MATCHED, values, strict=True):
        setattr(entry, name, value)
    return entry


class Journal:
    __slots__ = ("_calls", "_control")

    def __init__(self) -> None:
        self._calls = Entries()
        self._control = Entries()

    def _of(self, surface: str) -> Entries:
        return self._control if surface == CONTROL else self._calls

    def add(self, entry: Entry) -> None:
        """Keep an entry, which may still be filled."""
        entries = self._control if entry.surface == CONTROL else self._calls
        entries.add(entry)

    def answered(self, entry: Entry, body: bytes) -> None:
        """This went out; of a stream piece by piece."""
        self._calls.answered(entry, body)

    def dropped(self, surface: str = "") -> int:
        """How many entries made room for newer ones."""
        return self._of(surface).dropped

    def ended(self) -> Iterator[Entry]:
        """Those of all surfaces that have."""
        return (entry for entries in (self._calls, self._control) for entry in entries.kept if entry.latency_us >= 0)

    def in_flight(self) -> int:
        """How many of all surfaces have not ended."""
        return sum(entry.latency_us < 0 for entries in (self._calls, self._control) for entry in entries.kept)

    def entry(self, request_id: str) -> Entry | None:
        """The newest of this id."""
        return next((entry for entry in reversed(self._calls.kept) if entry.request_id == request_id), None)

    def named(self, request_ids: Collection[str]) -> dict[str, Entry]:
        """The entries of some requests, by their ids; those that made room are missing."""
        return {entry.request_id: entry for entry in self._calls.kept if entry.request_id in request_ids}

    def entries(self, match: CallMatch, since: float = 0, limit: int = 100) -> Iterator[Entry]:
        """Newest first."""
        for entry in reversed(self._of(match.surface).kept):
            if entry.time < since or limit <= 0:
                return
            if match.fits(entry):
                limit -= 1
                yield entry

    def count(self, match: CallMatch) -> int:
        """How many calls have ended, also of those whose entries made room; their parameters and ids are not known any more."""
        entries = self._of(match.surface)
        gone = sum(many for values, many in entries.gone.items() if match.fits(tallied(values)))
        return gone + sum(entry.latency_us >= 0 and match.fits(entry) for entry in entries.kept)

    def forget(self, match: CallMatch) -> None:
        """Calls that nobody is to see or count any more."""
        self._of(match.surface).forget(match)
