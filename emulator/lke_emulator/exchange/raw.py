"""HTTP in: an ASGI request becomes a Raw."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NamedTuple

from starlette.types import Receive, Scope

from lke_emulator.primitives.digest import Digest

Bound = Callable[[str, Mapping[str, str]], int]
"""How many bytes a body may have, by method and headers; 0: none is read."""


class Raw(NamedTuple):
    method: str
    path: str
    """Decoded."""
    query: str
    """The raw target's query, as sent: signatures cover these very characters."""
    headers: dict[str, str]
    """Lower-case names; of a repeated header the last."""
    body: bytes
    oversize: bool = False
    """The body was larger than the limit of its kind; then `body` is empty."""
    client: str = ""
    """The caller's address."""
    digest: Digest | None = None
    """Of a body that is content."""


def read_head(scope: Scope) -> dict[str, str]:
    pairs = scope["headers"]
    try:
        return {name.decode(): value.decode() for name, value in pairs}
    except UnicodeDecodeError:
        return {name.decode("latin-1"): value.decode("utf-8", "replace") for name, value in pairs}


async def read_raw(scope: Scope, receive: Receive, bound: Bound, digest: Digest | None = None) -> Raw | None:
    """The whole request, or None where its caller left before it was all there.

    A body over its limit is not read to the end, and no more than the limit is ever held. `digest` grows as the body comes.
    """
    headers = read_head(scope)
    method: str = scope["method"]
    client = scope.get("client")
    query = scope["query_string"].decode("utf-8", "replace")
    head = Raw(method, scope["path"], query, headers, b"", False, client[0] if client else "")
    limit = bound(method, headers)
    if not limit:
        return head
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        return head._replace(oversize=True)
    body = BytesIO()  # what grows in it is given out without a copy
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        body.write(piece)
        if body.tell() > limit:
            return head._replace(oversize=True)
        if digest is not None:
            digest.update(piece)
        more = message.get("more_body", False)
    return head._replace(body=body.getvalue(), digest=digest)
