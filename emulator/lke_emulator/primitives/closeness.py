"""What was probably meant by a name that is not there."""

from collections.abc import Iterable

LONGEST = 80
"""Characters of a name that are looked at: comparing takes the square of them."""
MOST = 1000
"""Names that are looked at."""


def closest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The names that are like this one in whatever case, the likeliest first; none where nothing is near."""
    from difflib import get_close_matches

    by_lower: dict[str, str] = {}
    for one in known:
        if len(by_lower) < MOST:
            by_lower.setdefault(one.lower(), one)
    return [by_lower[near] for near in get_close_matches(name.lower()[:LONGEST], by_lower, count)]
