"""One verified, validated request, as a handler sees it."""

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.journal import Entry
from lke_emulator.primitives.bell import Ear
from lke_emulator.protocol.spec import Action


class Call(NamedTuple):
    account: Account
    caller: str
    """The uin that signed: the root's or a sub-account's."""
    action: Action
    params: dict[str, Any]
    """Checked against the request's shape; types are the spec's; absent members are absent."""
    now: float
    """Unix seconds on the account's clock, read once for the whole call."""
    region: str
    request_id: str
    assumptions: Assumptions
    host: str
    """The Host of the request."""
    entry: Entry
    """Its line in the journal, which is filled while it is served: model, tokens."""

    @property
    def base_url(self) -> str:
        """How the caller reaches this emulator, for the URLs that a reply holds."""
        return "http://" + self.host.removeprefix("http://")


ANY_TIME = 86400.0
"""Of a wait that ends when an ear hears something."""


class Wait(NamedTuple):
    """A pause, in seconds; it ends when the ear hears something."""

    seconds: float
    ear: Ear | None = None


class Slow(NamedTuple):
    """A reply that leaves after `seconds`; `done` is called before it leaves, or when the caller has gone; a second time it does
    nothing."""

    result: dict[str, Any]
    seconds: float
    done: Callable[[], None]


class Prepared(NamedTuple):
    """A reply that `shapes.prepare` checked and encoded when it was first asked for: only its RequestId is still missing."""

    body: bytes


Frames = Generator[dict[str, Any] | Wait, None, None]
Handler = Callable[[Call], dict[str, Any] | Prepared | Slow | Frames]
"""Gives the members of the reply without RequestId, or the frames of a stream."""
