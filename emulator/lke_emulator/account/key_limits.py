"""Limits of the OpenAI-compatible endpoint, per API key and model: requests and tokens a minute, calls in flight.

A minute is a fixed window on the account's clock: with a frozen clock exactly so many requests pass, every time.
Requests are refused once the minute's tokens are used up; the one that uses them up is still served (assumption).
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Literal, NamedTuple

import msgspec

MINUTE = 60
Most = Annotated[int, msgspec.Meta(ge=0, le=10**12)]


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """0 is no limit."""

    requests_per_minute: Most = 0
    """Requests that are served in a minute of the account's clock."""
    tokens_per_minute: Most = 0
    """Tokens, of questions and answers, after which a minute serves no more requests."""
    concurrency: Most = 0
    """Calls in flight at the same time."""


class LimitFor(msgspec.Struct, frozen=True):
    """The limit of the models and key labels that these patterns match."""

    model: str
    key: str
    limit: Limit


class Throttled(Exception):
    """A request too many."""

    def __init__(self, kind: Literal["requests", "tokens", "concurrency"], limit: int, retry_after: int) -> None:
        super().__init__(kind, limit, retry_after)
        self.kind = kind
        self.limit = limit
        self.retry_after = retry_after
        """Seconds until the window ends, at least 1."""


class Minute(NamedTuple):
    """What a key's calls of a model came to in one."""

    key: str
    model: str
    requests: int
    tokens: int


class KeyLimits(msgspec.Struct, frozen=True):
    limits: tuple[LimitFor, ...]


class Throttle:
    """The windows of one account. Only the current minute is kept."""

    class State(msgspec.Struct, frozen=True):
        limits: tuple[LimitFor, ...]
        minute: int
        windows: tuple[Minute, ...]

    def __init__(self) -> None:
        self.limits: Sequence[LimitFor] = ()
        """The first one that fits holds."""
        self._minute = -1
        self._requests: dict[tuple[str, str], int] = {}
        self._tokens: dict[tuple[str, str], int] = {}
        self._in_flight: dict[tuple[str, str], int] = {}

    def saved(self) -> State:
        windows = sorted({**self._requests, **self._tokens})
        rows = [Minute(*window, self._requests.get(window, 0), self._tokens.get(window, 0)) for window in windows]
        return self.State(tuple(self.limits), self._minute, tuple(rows))

    def seen(self) -> KeyLimits:
        return KeyLimits(tuple(self.limits))

    def restored(self, state: State) -> None:
        self.limits, self._minute = state.limits, state.minute
        self._requests = {row[:2]: row.requests for row in state.windows}
        self._tokens = {row[:2]: row.tokens for row in state.windows}

    def limit_of(self, label: str, model: str, otherwise: Limit) -> Limit:
        for each in self.limits:
            if fnmatchcase(model, each.model) and fnmatchcase(label, each.key):
                return each.limit
        return otherwise

    def enter(self, key: str, model: str, limit: Limit, now: float) -> None:
        """Count a request of the key's id and begin it; Throttled where it is one too many. Pair it with `leave`."""
        self._turn(now)
        window = key, model
        rest = MINUTE - int(now) % MINUTE
        requests = self._requests.get(window, 0)
        if 0 < limit.requests_per_minute <= requests:
            raise Throttled("requests", limit.requests_per_minute, rest)
        if 0 < limit.tokens_per_minute <= self._tokens.get(window, 0):
            raise Throttled("tokens", limit.tokens_per_minute, rest)
        if 0 < limit.concurrency <= self._in_flight.get(window, 0):
            raise Throttled("concurrency", limit.concurrency, 1)
        self._requests[window] = requests + 1
        self._in_flight[window] = self._in_flight.get(window, 0) + 1

    def leave(self, key: str, model: str, tokens: int, now: float) -> None:
        """End a request that consumed so many tokens."""
        self._turn(now)
        window = key, model
        self._tokens[window] = self._tokens.get(window, 0) + tokens
        self._in_flight[window] -= 1
        if not self._in_flight[window]:
            del self._in_flight[window]

    def _turn(self, now: float) -> None:
        minute = int(now) // MINUTE
        if minute != self._minute:
            self._minute = minute
            self._requests.clear()
            self._tokens.clear()
