"""The part of an object that a GET asks for."""

import re

from lke_emulator.objects.refusal import ObjectRefusal

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def range_of(header: str, size: int) -> range | None:
    """None for the whole, also where the header is none that is understood. A refusal for what lies beyond the end."""
    found = RANGE.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if first:
        start, stop = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < start:
            return None
    else:
        start, stop = max(0, size - int(last)), size
    if start >= size or start >= stop:
        raise ObjectRefusal("InvalidRange")
    return range(start, stop)
