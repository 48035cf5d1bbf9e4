"""The table of control routes. A route is one function; what it takes and gives are its annotations.

    @route("POST", "/accounts/{uin}/keys", status=201)
    def create_key(call: Call, body: NewKey) -> NewSecret:
        \"\"\"What it does: the summary in the OpenAPI document.\"\"\"

A handler that waits is a generator of Wait whose return value is what is given back.

`body` is a JSON object that is read strictly, `query` the same from the query string; both are structs, and so is what is
given back. The document at /_emulator/openapi.json is made from these, so it cannot say anything else.
"""

from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.world import World
from lke_emulator.exchange.answer import Headers, Parts
from lke_emulator.exchange.running import Running
from lke_emulator.primitives.strict_json import NotReadable, read_json, what_and_where

PREFIX = "/_emulator"
DOCUMENT = f"{PREFIX}/openapi.json"
REREAD = 1 << 20
"""Bytes of a body in which numbers are looked at once more."""
STREAM: Headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]


class ControlCall(NamedTuple):
    """One request to control."""

    running: Running
    names: Mapping[str, str]
    """What the path names: `uin`, `id`, ..."""
    headers: Mapping[str, str] = {}
    """Lower-case names."""

    @property
    def world(self) -> World:
        return self.running.world

    @property
    def account(self) -> Account:
        """LookupError where there is none."""
        return self.account_of(self.names["uin"])

    def account_of(self, uin: str) -> Account:
        """LookupError where there is none."""
        account = self.world.accounts.get(uin)
        if account is None:
            raise LookupError(f"there is no account {uin}; GET {PREFIX}/accounts lists them")
        return account

    @property
    def now(self) -> float:
        """Unix seconds on the account's clock."""
        return self.account.clock.now()

    def person(self, uin: str) -> str:
        """The uin of the root or of a sub-account; empty is the root. LookupError where there is none."""
        account = self.account
        if uin and uin != account.uin and uin not in account.sub_accounts:
            known = ", ".join((account.uin, *account.sub_accounts))
            raise LookupError(f"account {account.uin} has nobody of uin {uin}: {known}")
        return uin or account.uin


class EventStream(NamedTuple):
    """What comes back where it has no end: server-sent events."""

    parts: Parts
    """Without the head."""


class PlainText(NamedTuple):
    """What comes back where it is no JSON."""

    text: str
    content_type: bytes = b"text/plain; charset=utf-8"


class YamlText(NamedTuple):
    """The same where it is YAML."""

    text: str
    content_type: bytes = b"application/yaml"


class HarText(NamedTuple):
    """The same where it is HAR."""

    text: str
    content_type: bytes = b"application/har+json"


class Invalid(Exception):
    """What was sent cannot be meant; the text says where and what could be."""


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What comes back instead."""

    error: str
    """Why it was refused, and what would help."""
    until: float | None = None
    """The Unix second on the account's clock from which it would be accepted, if time helps."""


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a request sends. An unknown member is a mistake.

    What holds between its members is in `BETWEEN` as JSON Schema says it.
    """


def not_both(given: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of objects that lack at least one of these members; each has the schema of what counts as given."""
    return {"not": {"required": list(given), "properties": dict(given)}}


Handler = Callable[..., Any]
Read = TypeVar("Read", bound=Handler)


class Operation(NamedTuple):
    method: str
    path: str
    """Below /_emulator."""
    handler: Handler
    status: int
    public: bool
    """Open to everybody, with and without a token."""
    query: type[msgspec.Struct] | None
    body: type[msgspec.Struct] | None
    result: Any

    @property
    def summary(self) -> str:
        return (self.handler.__doc__ or "").strip()


TABLE: list[Operation] = []


def route(method: str, path: str, *, status: int = 200, public: bool = False) -> Callable[[Read], Read]:
    def register(handler: Read) -> Read:
        hints = get_type_hints(handler)
        result = hints["return"]
        if get_origin(result) is Generator:
            result = get_args(result)[2]
        row = Operation(method, path, handler, status, public, hints.get("query"), hints.get("body"), result)
        TABLE.append(row)
        return handler

    return register


def operate(operation: Operation, call: ControlCall, pairs: list[tuple[str, str]], body: bytes) -> Any:
    """What the handler gives. Raises Invalid, and what the handler raises."""
    given: dict[str, Any] = {}
    if operation.query is not None:
        given["query"] = read_query(operation.query, pairs)
    elif pairs:
        raise Invalid(f"{operation.method} {operation.path} takes no query; {DOCUMENT} describes it")
    if operation.body is not None:
        given["body"] = read_body(operation.body, body)
    elif body:
        raise Invalid(f"{operation.method} {operation.path} takes no body; {DOCUMENT} describes it")
    return operation.handler(call, **given)


def read_body(kind: type[msgspec.Struct], body: bytes) -> msgspec.Struct:
    """Nothing at all is an object without members."""
    try:
        value: msgspec.Struct = read_json(body or b"{}", kind)
    except msgspec.ValidationError as error:
        try:
            if len(body) <= REREAD:
                return msgspec.convert(without_fractions(read_json(body or b"{}")), kind)
        except (msgspec.ValidationError, NotReadable, RecursionError):
            pass
        raise Invalid(place(error, kind)) from None
    except NotReadable as error:
        raise Invalid(f"the body is no JSON: {error}") from None
    return value


def without_fractions(value: Any) -> Any:
    """JSON has one kind of number: 1.0 is the integer 1."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {name: without_fractions(inner) for name, inner in value.items()}
    return [without_fractions(inner) for inner in value] if isinstance(value, list) else value


def read_query(kind: type[msgspec.Struct], pairs: list[tuple[str, str]]) -> msgspec.Struct:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise Invalid(f"{name} is there twice; several values are written with commas")
        given[name] = value
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(place(error, kind)) from None


def place(error: msgspec.ValidationError, kind: type[msgspec.Struct]) -> str:
    """`models[0]: Expected ...`; of an object as a whole what it may have."""
    why, where = what_and_where(error)
    if where:
        return f"{where.removeprefix('.')}: {why}"
    return f"{why}; members are {', '.join(kind.__struct_encode_fields__) or 'none'}"
