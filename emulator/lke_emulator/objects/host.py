"""Which requests are for object storage, and what they call an object.

It is reached in three ways (documented): at a host of its own that has the bucket's name in it; through a proxy, whose request
has that whole address for its target; and at the emulator's own host, as a custom domain, where the bucket is that of the
credential. At the emulator's own host a request is for object storage if
- it is signed as its requests are: by `Authorization: q-sign-algorithm=...`, or by q-signature in the query; or
- its path lies below /corp/ or /public/, where no other surface has one: an address without a signature, or the OPTIONS that a
  browser sends before. Its OPTIONS for a list, whose path is `/`, gets the gateway's answer, which allows the same.

The path is decoded once and taken as it then is: nothing is collapsed, and nothing is redirected.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_plus

HOST = re.compile(
    r"(?P<bucket>[a-z0-9-]+)\.cos(?:-internal)?\.(?P<region>[a-z0-9-]+)\.(?:myqcloud\.com|tencentcos\.cn)(?::\d+)?"
)
SUFFIXES = ("myqcloud.com", "tencentcos.cn")
ALGORITHM = "q-sign-algorithm="
ROOTS = ("corp/", "public/")


def is_for_storage(path: str, query: str, headers: Mapping[str, str]) -> bool:
    return (
        path.lstrip("/").startswith(ROOTS)
        or "q-signature=" in query
        or headers.get("authorization", "").startswith(ALGORITHM)
        or headers.get("host", "").partition(":")[0].endswith(SUFFIXES)
    )


class Target(NamedTuple):
    bucket: str
    """Of the host; empty where the host has none."""
    key: str
    """Without the slash before it."""


def target_of(path: str, headers: Mapping[str, str], strips: bool) -> Target:
    found = HOST.fullmatch(headers.get("host", "").lower())
    key = path.lstrip("/") if strips else path.removeprefix("/")
    return Target(found["bucket"] if found else "", key)


def pairs_of(query: str) -> list[tuple[str, str]]:
    """Names and values of a query, decoded; a `+` is a blank, as Python's SDK writes it (observed)."""
    pieces = (piece.partition("=") for piece in query.split("&") if piece)
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in pieces]
