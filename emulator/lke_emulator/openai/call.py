"""One request that showed a good key, as the functions that serve it see it."""

from typing import Any, NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.journal import Entry
from lke_emulator.account.keys import Key
from lke_emulator.exchange.answer import JSON, Answer, Headers, encode
from lke_emulator.primitives.clock import real_now


class OpenaiCall(NamedTuple):
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
    entry: Entry
    """Its line in the journal, which is filled while it is served: model, tokens."""

    @property
    def base_url(self) -> str:
        """How the caller reaches this emulator, for the URLs that a reply holds."""
        return "http://" + self.host

    def window(self) -> float:
        """Now, as the limits of keys count it (assumption `limit_clock`)."""
        return self.account.clock.now() if self.assumptions.limit_clock == "account" else real_now()

    def answer(self, value: Any) -> Answer:
        """The whole answer; with it the call has ended well."""
        self.entry.end()
        return Answer(encode(value), self.headers(JSON))

    def headers(self, headers: Headers) -> Headers:
        return [*headers, (b"x-request-id", self.request_id.encode())]
