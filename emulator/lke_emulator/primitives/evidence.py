"""What a default rests on, written into the type of its setting: `Annotated[int, documented("page of GetMsgRecord")]`."""

from typing import Any, Literal, NamedTuple, get_args

Mark = Literal["documented", "observed", "inferred"]


class Evidence(NamedTuple):
    mark: Mark
    """documented: an official page, definition or SDK says so. observed: seen in a real reply, or in what public clients do.
    inferred: neither."""
    source: str
    """Where it stands, or what it is inferred from."""


def documented(source: str) -> Evidence:
    return Evidence("documented", source)


def observed(source: str) -> Evidence:
    return Evidence("observed", source)


def inferred(source: str) -> Evidence:
    return Evidence("inferred", source)


def evidence_of(kind: Any) -> Evidence:
    """That of an annotated type. LookupError for one that has none."""
    for note in get_args(kind)[1:]:
        if isinstance(note, Evidence):
            return note
    raise LookupError(f"{kind} says nothing of its evidence")
