"""HTTP in: an ASGI request becomes a Raw; its query or body becomes one dict of parameters."""

from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import msgspec
from starlette.types import Receive, Scope

from lke_emulator.protocol.errors import refusal

GET_LIMIT = 32 << 10
V1_LIMIT = 1 << 20
TC3_LIMIT = 10 << 20
DEPTH_LIMIT = 32
"""Of dots in a flattened name; the deepest request of the spec has 7."""

JSON = "application/json"


class Raw(NamedTuple):
    method: str
    query: str
    """The raw target's query, as sent: signatures cover these very characters."""
    headers: dict[str, str]
    """Lower-case names; of a repeated header the last."""
    body: bytes
    oversize: bool
    """The body was larger than the limit of its kind; then `body` is empty."""


def content_type(raw: Raw) -> str:
    """The media type without its parameters (Java sends `application/json; charset=utf-8`)."""
    value = raw.headers.get("content-type", "")
    return value if value == JSON else value.partition(";")[0].strip().lower()


def read_head(scope: Scope) -> tuple[dict[str, str], int]:
    """The headers, and how large the body may be."""
    pairs = scope["headers"]
    try:
        headers = {name.decode(): value.decode() for name, value in pairs}
    except UnicodeDecodeError:
        headers = {name.decode("latin-1"): value.decode("utf-8", "replace") for name, value in pairs}
    return headers, TC3_LIMIT if "authorization" in headers else V1_LIMIT


async def read(scope: Scope, receive: Receive) -> Raw:
    """The whole request; a body over its limit is not read to the end, and no more than the limit is ever held."""
    headers, limit = read_head(scope)
    method: str = scope["method"]
    query = scope["query_string"].decode("utf-8", "replace")
    if method != "POST":
        return Raw(method, query, headers, b"", False)
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        return Raw(method, query, headers, b"", True)
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        chunks = [body]
        size = len(body)
        while message.get("more_body"):
            message = await receive()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > limit:
                return Raw(method, query, headers, b"", True)
        body = b"".join(chunks)
    return Raw(method, query, headers, body, False)


def check_size(raw: Raw) -> None:
    """Documented limits: GET 32 KB, POST v1 1 MB (with a text of its own), POST TC3 10 MB."""
    if raw.oversize:
        raise refusal("size" if "authorization" in raw.headers else "v1-size")
    if raw.method == "GET" and len(raw.query) > GET_LIMIT:
        raise refusal("size")


def read_json(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refusal("not-json") from None
    if not isinstance(value, dict):
        raise refusal("not-json")
    return value


def read_pairs(text: str) -> dict[str, str]:
    """A query or a form as flat names and decoded values. An empty text has no pairs."""
    pairs: dict[str, str] = {}
    for piece in text.split("&") if text else ():
        name, equals, value = piece.partition("=")
        if not equals:
            raise refusal("no-equals")
        name = unquote_plus(name)
        if not name:
            raise refusal("empty-key")
        if name in pairs:
            raise refusal("repeated", name=name)
        pairs[name] = unquote_plus(value)
    return pairs


def unflatten(pairs: dict[str, str]) -> dict[str, Any]:
    """`Filters.0.Name=x` becomes {"Filters": [{"Name": "x"}]}; indexes are continuous from 0 (documented)."""
    tree: dict[str, Any] = {}
    for name, value in pairs.items():
        *path, last = name.split(".")
        if len(path) > DEPTH_LIMIT:
            raise refusal("format", name=name)
        node = tree
        for step in path:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise refusal("format", name=name)
        if last in node:
            raise refusal("format", name=name)
        node[last] = value
    return {name: listed(inner, name) for name, inner in tree.items()}


def listed(node: Any, path: str) -> Any:
    """A node whose names are numbers becomes a list."""
    if not isinstance(node, dict):
        return node
    inner = {name: listed(value, f"{path}.{name}") for name, value in node.items()}
    if not any(name.isdecimal() for name in inner):
        return inner
    ordered = [inner.get(str(index)) for index in range(len(inner))]
    if any(item is None for item in ordered):
        raise refusal("array-index", name=path)
    return ordered
