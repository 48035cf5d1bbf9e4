"""The OpenAI-compatible endpoint: how it reads a request, knows a caller, and words an error (GW-31)."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.account.keys import Key
from lke_emulator.exchange.answer import JSON, Answer, Parts, encode
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.paths import Paths
from lke_emulator.openai.call import OpenaiCall
from lke_emulator.openai.chat import completions
from lke_emulator.openai.embeddings import embeddings
from lke_emulator.openai.errors import OpenaiError, of_code
from lke_emulator.openai.images import images
from lke_emulator.openai.models import model, models
from lke_emulator.primitives.strict_json import NotReadable, read_json

BODY_LIMIT = 10 << 20


class Path(NamedTuple):
    path: str
    """With and without /v1 before it."""
    operation: str
    method: str
    serve: Callable[[OpenaiCall], Answer | Parts]
    may_change: tuple[str, ...] | None = None


TABLE = (
    Path("/chat/completions", "openai.chat.completions", "POST", completions, ()),
    Path("/models", "openai.models", "GET", models),
    Path("/models/{name:path}", "openai.models", "GET", model),
    Path("/embeddings", "openai.embeddings", "POST", embeddings, ()),
    Path("/images/generations", "openai.images.generations", "POST", images, ("files",)),
)
PATHS = Paths((row.method, prefix + row.path, row) for row in TABLE for prefix in ("/v1", ""))


class Openai(Exchange):
    surface = "openai"
    refusals = (OpenaiError,)
    invalid = "invalid"

    row: Path
    call: OpenaiCall

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        return BODY_LIMIT if method == "POST" else 0

    def identify(self) -> None:
        """In this order are refused: path, method, size, key, and what is no JSON."""
        raw, entry = self.raw, self.entry
        found = PATHS.find(raw.path)
        if not found:
            raise OpenaiError("path", path=raw.path, paths=", ".join(f"/v1{row.path}" for row in TABLE))
        row, names = next(iter(found.values()))
        self.row = row
        entry.operation, self.may_change = row.operation, row.may_change
        if raw.method != row.method:
            raise OpenaiError("method", path=raw.path, method=row.method)
        if raw.oversize:
            raise OpenaiError("size")
        account, key = self.authenticated()
        self.account = account
        entry.account, entry.caller = account.uin, key.owner
        now = account.clock.now()
        status = key.status(now)
        if status != "enabled":
            raise OpenaiError(status)
        key.last_used = now
        entry.params = raw.body
        params = read_object(raw.body) if raw.method == "POST" else {}
        host = raw.headers.get("host", "")
        assumptions, name = self.assumptions, names.get("name", "")
        self.call = OpenaiCall(account, key, params, now, self.request_id, assumptions, host, name, entry)

    def authenticated(self) -> tuple[Account, Key]:
        """Whose key it is; where anyone may call (`--auth off`) any or no key acts as the first account's root."""
        scheme, _, secret = self.raw.headers.get("authorization", "").partition(" ")
        secret = secret.strip() if scheme.lower() == "bearer" else ""
        found = self.world.account_of_key(secret) if secret else None
        if found is not None:
            return found
        if self.settings.auth == "off":
            account = self.world.accounts[self.world.first_credential.account]
            return account, anyone(account.uin)
        raise OpenaiError("bad-key" if secret else "no-key")

    def serve(self) -> Answer | Parts:
        return self.row.serve(self.call)

    def refuse(self, error: Exception) -> Answer:
        assert isinstance(error, OpenaiError)
        assumptions, entry = self.assumptions, self.entry
        if error.reason:
            entry.detail = {"Reason": error.reason}
        entry.end(error.code, error.text.message)
        headers = [*JSON, (b"x-request-id", self.request_id.encode())]
        if error.wait:
            headers.append((b"retry-after", str(error.wait).encode()))
        return Answer(encode(error.body(assumptions, self.request_id)), headers, error.status(assumptions))

    def internal(self) -> Exception:
        return OpenaiError("internal")

    def fault(self, code: str, message: str) -> Exception:
        return of_code(code, message)


def read_object(body: bytes) -> dict[str, Any]:
    try:
        value = read_json(body)
    except NotReadable as error:
        raise OpenaiError("not-json", why=str(error)) from None
    if not isinstance(value, dict):
        raise OpenaiError("not-json", why=f"it is {'a list' if isinstance(value, list) else 'a single value'}")
    return value


def anyone(uin: str) -> Key:
    """Stands for a caller without a key."""
    return Key(id="", account=uin, owner=uin, label="", digest=b"", masked="", created=0)
