"""JSON that came from outside, read with one bound on its depth: whatever is taken in can be walked and written again."""

from typing import Any

import msgspec

DEPTH = 100
"""Of lists and objects in each other; the deepest request of the spec has 7, a schema for a tool seldom 20."""
BRACKETS = bytes.maketrans(b"{}", b"[]")
OTHERS = bytes(set(range(256)) - set(b"[]{}"))


class NotReadable(ValueError):
    """What came is no JSON, or is nested too deeply; the text says which."""


def read_json(body: bytes, kind: Any = Any) -> Any:
    """The value, as `kind` where one is given. Raises NotReadable, and msgspec.ValidationError for another kind of value."""
    # Few bodies have so many brackets at all.
    if body.count(b"[") + body.count(b"{") > DEPTH and is_too_deep(body):
        raise NotReadable(f"it is nested more than {DEPTH} deep")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        if kind is Any:  # everything is of that kind but a number of thousands of digits
            raise NotReadable(str(error)) from None
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotReadable(str(error)) from None


def what_and_where(error: msgspec.ValidationError) -> tuple[str, str]:
    """What is wrong, and the place (`.models[0].name`), empty for the value as a whole."""
    text = str(error)
    # No regex: callers' own texts stand in it, however long.
    what, at, place = text.rpartition(" - at `$")
    return (what, place.removesuffix("`")) if at else (text, "")


def is_too_deep(body: bytes) -> bool:
    """Whether brackets outside strings are nested more than DEPTH deep. Linear in C: each pass takes the innermost away."""
    outside = b"".join(body.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2])
    brackets = outside.translate(BRACKETS, OTHERS)
    for _ in range(DEPTH):
        inner = brackets.replace(b"[]", b"")
        if len(inner) == len(brackets):  # nothing left, or no JSON: the decoder says so
            return False
        brackets = inner
    return bool(brackets)
