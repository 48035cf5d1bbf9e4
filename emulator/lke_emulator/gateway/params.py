"""What a query or a body says: one dict of parameters, flat or as JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from lke_emulator.exchange.raw import Raw
from lke_emulator.primitives.strict_json import NotReadable, read_json
from lke_emulator.protocol.errors import refusal

GET_LIMIT = 32 << 10
V1_LIMIT = 1 << 20
TC3_LIMIT = 10 << 20
DEPTH_LIMIT = 32
"""Of dots in a flattened name; the deepest request of the spec has 7."""

JSON = "application/json"


def content_type(raw: Raw) -> str:
    """The media type without its parameters (Java sends `application/json; charset=utf-8`)."""
    value = raw.headers.get("content-type", "")
    return value if value == JSON else value.partition(";")[0].strip().lower()


def bound(method: str, headers: Mapping[str, str]) -> int:
    """How many bytes a body may have (documented): TC3 10 MB, v1 1 MB. Of another method than POST none is read."""
    if method != "POST":
        return 0
    return TC3_LIMIT if "authorization" in headers else V1_LIMIT


def check_size(raw: Raw) -> None:
    """Documented limits: GET 32 KB, POST v1 1 MB (with a text of its own), POST TC3 10 MB."""
    if raw.oversize:
        raise refusal("size" if "authorization" in raw.headers else "v1-size")
    if raw.method == "GET" and len(raw.query) > GET_LIMIT:
        raise refusal("size")


def read_object(body: bytes) -> dict[str, Any]:
    try:
        value = read_json(body)
    except NotReadable:
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
