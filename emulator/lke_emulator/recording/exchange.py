"""One request with its reply, in the form in which a scenario's `replies:` have one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from lke_emulator.account.replies import ErrorReply
from lke_emulator.gateway import common
from lke_emulator.gateway.params import read_pairs, unflatten
from lke_emulator.protocol import shapes
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.signature import parse_authorization
from lke_emulator.protocol.spec import Action, spec


class HttpRequest(NamedTuple):
    method: str
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    """By lower-cased name."""
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


class HttpReply(NamedTuple):
    status: int
    content_type: str
    body: bytes


class Circumstances(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """When and how it was asked."""

    at: float
    """Unix seconds."""
    version: str = ""
    region: str = ""
    language: str = ""
    body: str = ""
    """What was sent, where that is no JSON object."""
    status: int = 200
    """Of HTTP."""


class RecordedReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Of `result`, `error` and `events` it has one."""

    action: str = ""
    """Of a signed call: lke.DescribeTokenUsage."""
    request: str = ""
    """Of another endpoint's: POST /v1/chat/completions."""
    match: dict[str, Any] = {}
    """What was asked."""
    exact: bool = False
    result: Any = None
    """The members of the reply without RequestId; text where it is no JSON."""
    error: ErrorReply | None = None
    events: list[Any] | None = None
    """Of a stream: the data of each event; with a name {"event": name, "data": data}."""
    recorded: Circumstances

    @property
    def operation(self) -> str:
        return self.action or self.request


class SignedCall(NamedTuple):
    """What a request of API 3.0 says, in whatever form."""

    product: str
    action: str
    version: str
    region: str
    language: str
    pairs: dict[str, str] | None
    """Of the query or a form; None for a body of its own."""


def signed_call(request: HttpRequest) -> SignedCall | None:
    """None for a request of another endpoint."""
    get = request.headers.get
    if get("x-tc-action"):
        scope = parse_authorization(get("authorization", ""))
        action, version = get("x-tc-action", ""), get("x-tc-version", "")
        product = product_of(scope.service if scope else "", action, version)
        pairs = pairs_of(request.query) if request.method == "GET" else None
        return SignedCall(product, action, version, get("x-tc-region", ""), get("x-tc-language", ""), pairs)
    if request.path != "/":
        return None
    pairs = pairs_of(request.query if request.method == "GET" else request.body.decode("utf-8", "replace"))
    if "Action" not in pairs:
        return None
    action, version = pairs["Action"], pairs.get("Version", "")
    product = product_of("", action, version)
    return SignedCall(product, action, version, pairs.get("Region", ""), pairs.get("Language", ""), pairs)


def pairs_of(text: str) -> dict[str, str]:
    try:
        return read_pairs(text)
    except ApiError:
        return {}


def product_of(service: str, action: str, version: str) -> str:
    """The product that the signature names, or the one that has the action in this version."""
    if service in spec().products:
        return service
    named = [one for one in spec().by_key.values() if one.name == action]
    return next((one.product for one in named if one.version == version), named[0].product if named else service)


def recorded_reply(request: HttpRequest, reply: HttpReply, at: float) -> RecordedReply:
    call = signed_call(request)
    return of_other(request, reply, at) if call is None else of_signed(call, request, reply, at)


def of_signed(call: SignedCall, request: HttpRequest, reply: HttpReply, at: float) -> RecordedReply:
    key = f"{call.product}.{call.action}"
    match, body = parameters_of(call.pairs, request.body, spec().by_key.get(key))
    circumstances = Circumstances(
        at=at, version=call.version, region=call.region, language=call.language, body=body, status=reply.status
    )
    found = RecordedReply(action=key, match=match, exact=True, recorded=circumstances)
    if is_stream(reply):
        return msgspec.structs.replace(found, events=[without_id(data) for data in events_of(reply.body)])
    said = json_or_text(reply.body)
    response = said.get("Response") if isinstance(said, dict) else None
    if not isinstance(response, dict):
        return msgspec.structs.replace(found, result=said)
    if isinstance(response.get("Error"), dict):
        error = response["Error"]
        told = ErrorReply(code=str(error.get("Code", "")), message=str(error.get("Message", "")))
        return msgspec.structs.replace(found, error=told)
    return msgspec.structs.replace(found, result=without_id(response))


def parameters_of(pairs: dict[str, str] | None, body: bytes, action: Action | None) -> tuple[dict[str, Any], str]:
    """The parameters; of a body that is no JSON object its text."""
    if pairs is None:
        value = json_or_text(body) if body else {}
        return (value, "") if isinstance(value, dict) else ({}, body.decode("utf-8", "replace"))
    own = {name: value for name, value in pairs.items() if name not in common.PARAMS}
    try:
        tree = unflatten(own)
        return (shapes.read_params(action.request, tree) if action else tree), ""
    except ApiError:
        return dict(own), ""


def of_other(request: HttpRequest, reply: HttpReply, at: float) -> RecordedReply:
    value = json_or_text(request.body) if request.body else {}
    match, body = (value, "") if isinstance(value, dict) else ({}, request.body.decode("utf-8", "replace"))
    circumstances = Circumstances(at=at, body=body, status=reply.status)
    found = RecordedReply(request=f"{request.method} {request.target}", match=match, recorded=circumstances)
    if is_stream(reply):
        return msgspec.structs.replace(found, events=list(events_of(reply.body)))
    return msgspec.structs.replace(found, result=json_or_text(reply.body))


def is_stream(reply: HttpReply) -> bool:
    return reply.content_type.partition(";")[0].strip() == "text/event-stream"


def events_of(body: bytes) -> Iterator[Any]:
    for block in body.decode("utf-8", "replace").replace("\r\n", "\n").split("\n\n"):
        lines = [line.partition(":") for line in block.split("\n")]
        data = "\n".join(value.removeprefix(" ") for name, _, value in lines if name == "data")
        name = next((value.strip() for field, _, value in lines if field == "event"), "")
        if data or name:
            value = json_or_text(data.encode())
            yield {"event": name, "data": value} if name else value


def json_or_text(body: bytes) -> Any:
    """Of bytes that are no text only how many there are."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"{len(body)} bytes"


def without_id(value: Any) -> Any:
    """A reply without RequestId, which every one has anew."""
    if not isinstance(value, dict):
        return value
    inner = value.get("Response")
    if isinstance(inner, dict):
        return {**value, "Response": without_id(inner)}
    return {name: inner for name, inner in value.items() if name != "RequestId"}
