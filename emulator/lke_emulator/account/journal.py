"""What happened: every call, newest first, within a bound of entries and of bytes. Secrets never get in."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

ENTRIES = 10_000
BYTES = 16 << 20
ENTRY_BYTES = 600  # what an entry holds beside its parameters, measured
REDACTED = "[redacted]"
SECRET_NAMES = frozenset(
    (
        *("secretid", "secretkey", "signature", "token", "authorization", "password", "credential"),
        *("appkey", "botappkey", "apikey", "api_key", "key"),
    )
)


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One call. It holds no cycle, and ten thousand of them would make every garbage collection slow."""

    time: float
    """Unix seconds by the real clock."""
    request_id: str
    account: str
    caller: str
    action: str
    params: Any
    """What came in, decoded, or the bytes of a JSON body."""
    code: str
    message: str
    source: str
    latency_us: int
    detail: Mapping[str, Any] | None
    size: int


def redacted(value: Any) -> Any:
    """The value with everything under a secret's name replaced, at any depth."""
    if isinstance(value, Mapping):
        return {
            name: REDACTED if str(name).lower() in SECRET_NAMES and inner not in ("", None) else redacted(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [redacted(inner) for inner in value]
    return value


def shown(params: Any) -> Any:
    """The parameters of an entry without secrets; of a body that is no JSON only its length, for it may hold any."""
    if not isinstance(params, bytes):
        return redacted(params)
    try:
        return redacted(msgspec.json.decode(params)) if params else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return f"{len(params)} bytes that are no JSON"


class Journal:
    __slots__ = ("_bytes", "_entries", "dropped")

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self.dropped = 0

    def add(self, entry: Entry) -> None:
        """Keep an entry; the oldest ones make room. `size` is the request's bytes, the measure of its parameters."""
        self._entries.append(entry)
        self._bytes += entry.size + ENTRY_BYTES
        while self._bytes > BYTES or len(self._entries) > ENTRIES:
            self._bytes -= self._entries.popleft().size + ENTRY_BYTES
            self.dropped += 1

    def named(self, request_ids: Collection[str]) -> dict[str, Entry]:
        """The entries of some requests, by their ids; those that made room are missing."""
        return {entry.request_id: entry for entry in self._entries if entry.request_id in request_ids}

    def find(
        self,
        *,
        account: str = "",
        action: str = "",
        caller: str = "",
        code: str = "",
        since: float = 0,
        limit: int = 100,
    ) -> Iterator[dict[str, Any]]:
        """Newest first. `action` is `DescribeX` or `lke.DescribeX`; `code` an error code, its prefix before the dot, or `ok`."""
        for entry in reversed(self._entries):
            if entry.time < since or limit <= 0:
                return
            if (
                (account and entry.account != account)
                or (caller and entry.caller != caller)
                or (action and action not in (entry.action, entry.action.partition(".")[2]))
                or (code and code not in (entry.code or "ok", entry.code.partition(".")[0]))
            ):
                continue
            limit -= 1
            yield {
                "Time": entry.time,
                "RequestId": entry.request_id,
                "Account": entry.account,
                "Caller": entry.caller,
                "Action": entry.action,
                "Params": shown(entry.params),
                "Verdict": "error" if entry.code else "ok",
                "Code": entry.code,
                "Message": entry.message,
                "Source": entry.source,
                "LatencyUs": entry.latency_us,
                "Detail": entry.detail,
            }
