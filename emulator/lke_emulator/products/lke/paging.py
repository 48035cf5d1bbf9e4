"""Pages and times as lke's lists have them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid
from lke_emulator.primitives.months import at

T = TypeVar("T")
MOST = 200
"""Rows of a page (documented)."""


def paged(
    call: Call, rows: Sequence[T], number: str = "PageNumber", size: str = "PageSize", default: int = 15
) -> list[T]:
    """The page that is asked for, counted from 1. InvalidParameter for one that cannot be."""
    first = call.params.get(number, 1)
    length = call.params.get(size, default)
    if first < 1:
        raise invalid(number, f"must be at least 1, not {first}")
    if not 1 <= length <= MOST:
        raise invalid(size, f"must be from 1 to {MOST}, not {length}")
    return list(rows[(first - 1) * length : first * length])


def moment(name: str, text: str, zone: int) -> int:
    """Unix seconds of a moment that a filter names, 0 for none: Unix seconds, `2026-04-15T00:00:00Z`, or
    `2026-04-15 00:00:00` in the account's zone (documented in the first, by example in the second form)."""
    if not text:
        return 0
    if text.isascii() and text.isdecimal() and len(text) < 16:
        return int(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(name, f"must be a time such as 2026-04-15 00:00:00, not {text}") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=at(0, zone).tzinfo)
    return int(found.timestamp())


def span(call: Call, name: str) -> tuple[int, int]:
    """[start, end] of a TimeRange, both included; a side that is left open is far away."""
    given: dict[str, Any] = call.params.get(name) or {}
    start = moment(f"{name}.Start", given.get("Start", ""), call.account.zone)
    end = moment(f"{name}.End", given.get("End", ""), call.account.zone)
    return start, end or 1 << 60


def seconds(name: str, text: str) -> int:
    """Unix seconds that a member holds as text; nothing is 0."""
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise invalid(name, f"must be Unix seconds, not {text}")
    return int(text)
