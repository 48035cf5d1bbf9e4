"""What goes out for a request: one whole answer, or the head of a stream and its bytes one after the other."""

from collections.abc import Generator
from typing import Any, NamedTuple

import msgspec

from lke_emulator.account.call import Wait

Headers = list[tuple[bytes, bytes]]
encode = msgspec.json.Encoder().encode
BODILESS = (204, 304)
"""Statuses of answers that have no body."""
JSON: Headers = [(b"content-type", b"application/json")]


class Spelled(bytes):
    """The name of a header that leaves as it is written: object storage's clients read `ETag` from a plain dict.

    Names are equal in whatever case. uvicorn writes what `lower` gives, which is therefore the name itself."""

    def lower(self) -> "Spelled":
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, bytes) and bytes.lower(self) == bytes.lower(other)

    def __hash__(self) -> int:
        return hash(bytes.lower(self))


class Answer(NamedTuple):
    """All of it; its length is added when it leaves."""

    body: bytes
    headers: Headers = JSON
    status: int = 200


class Begin(NamedTuple):
    """The head of a stream; every `bytes` after it is an event that leaves at once."""

    headers: Headers


class Broken(NamedTuple):
    """The connection breaks: in a stream where it stands, else in the middle of this answer."""

    answer: Answer | None = None
    bytes: int | None = None
    """How much of the answer's body leaves; None is half of it."""
    reset: bool = False
    """The connection is reset, not closed."""


Part = Answer | Begin | bytes | Wait | Broken
Parts = Generator[Part, None, None]


def of_json(value: Any, status: int = 200, headers: Headers = JSON) -> Answer:
    return Answer(encode(value), headers, status)
