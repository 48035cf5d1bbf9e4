"""What a part tells that grows with every call: one thing of it, or one item of a thing."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

Whole = TypeVar("Whole")


class Fragment(NamedTuple):
    """Item 0 is the thing itself and comes first; the items of a thing are numbered from 1 on."""

    thing: str
    item: int
    value: Any
    """None: it is gone; of item 0 with all its items."""


Things = Iterable[Sequence[bytes]]
"""In the order in which they came: of each the values of its fragments as MessagePack, by their numbers."""


def joined(values: Sequence[bytes], kind: type[Whole]) -> Whole:
    """The values of many fragments as one list, read at once."""
    return msgspec.msgpack.decode(b"\xdd" + len(values).to_bytes(4) + b"".join(values), type=kind)
