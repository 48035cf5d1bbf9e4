"""One request that showed a good key, as the functions that serve it see it, and the parts that they answer with."""

from collections.abc import Generator
from typing import Any, NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.call import Wait
from lke_emulator.account.keys import Key


class Call(NamedTuple):
    account: Account
    key: Key
    params: dict[str, Any]
    """The decoded body, not yet checked."""
    now: float
    """Unix seconds on the account's clock when the call came in."""
    request_id: str
    assumptions: Assumptions
    host: str
    """The Host of the request."""
    name: str
    """What the path names: a model of /v1/models/{name}."""
    notes: dict[str, Any]
    """What the journal tells of the call beside its verdict; filled while it is served."""

    @property
    def base_url(self) -> str:
        """How the caller reaches this emulator, for the URLs that a reply holds."""
        return "http://" + self.host


class Begin(NamedTuple):
    """What follows are the events of a stream, each sent at once; without it the only bytes are a JSON body."""


class Verdict(NamedTuple):
    """How the call ended, for the journal. Given before the last bytes: whoever has read them finds it there."""

    code: str = ""
    message: str = ""


class Broken(NamedTuple):
    """The connection breaks: in a stream where it stands, else within this body."""

    body: bytes = b""


Parts = Generator[bytes | Wait | Begin | Verdict | Broken, None, None]
