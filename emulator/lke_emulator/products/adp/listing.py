"""Pages and filters as adp's lists have them, and what they tell of people and ids."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any, TypeVar

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid

T = TypeVar("T")
MOST = 100
"""Rows of a page (documented)."""
PER_PAGE = 10
IN, NOT_IN, BETWEEN = 0, 1, 2
"""Operator of a filter (documented)."""
FAR = 1 << 60
AT_ONCE = 20
"""Ids of one request, at most (documented)."""


def paged_rows(call: Call, rows: Sequence[T], default: int = PER_PAGE, first: int = 0, most: int = MOST) -> list[T]:
    """The page that is asked for, counted from `first`. InvalidParameter for one that cannot be."""
    number, size = call.params.get("PageNumber", first), call.params.get("PageSize", 0) or default
    if number < first:
        raise invalid("PageNumber", f"must be at least {first}, not {number}")
    if not 1 <= size <= most:
        raise invalid("PageSize", f"must be from 1 to {most}, not {size}")
    start = (number - first) * size
    return list(rows[start : start + size])


def filtered(
    call: Call,
    rows: Iterable[T],
    known: Mapping[str, Callable[[T], object]],
    words: Mapping[str, Callable[[T], str]] = MappingProxyType({}),
) -> list[T]:
    """The rows that every filter of the request lets pass. `known` gives what a filter of a name looks at: several values
    where it is a set; `words` the texts in which one looks for words. Names are `CategoryId` or `category_id`.
    InvalidParameter for a name that there is not."""
    forms = {plain(each): read for each, read in known.items()}
    texts = {plain(each): read for each, read in words.items()}
    found = list(rows)
    for i, given in enumerate(call.params.get("FilterList") or ()):
        place, form = f"FilterList.{i}", plain(given.get("Name", ""))
        if form in texts:
            wanted = [value.casefold() for value in given.get("ValueList") or ()]
            found = [row for row in found if any(word in texts[form](row).casefold() for word in wanted)]
        elif form in forms:
            passes = test(given, place)
            found = [row for row in found if passes(forms[form](row))]
        else:
            names = ", ".join((*known, *words))
            raise invalid(f"{place}.Name", f"must be one of {names}, not {given.get('Name', '')}")
    return found


def plain(name: str) -> str:
    return name.replace("_", "").casefold()


def test(given: Mapping[str, Any], place: str) -> Callable[[object], bool]:
    """What one filter says of a value. Empty texts among its values do not filter (documented by example)."""
    operator, values = given.get("Operator", IN), given.get("ValueList") or []
    if not values:
        raise invalid(f"{place}.ValueList", "must not be empty")
    if operator == BETWEEN:
        return between(values, place)
    if operator not in (IN, NOT_IN):
        raise invalid(f"{place}.Operator", f"must be 0, 1 or 2, not {operator}")
    wanted = {value for value in values if value != ""}
    if not wanted:
        return lambda value: True

    def passes(value: object) -> bool:
        several = value if isinstance(value, frozenset) else (value,)
        found = any(str(each) in wanted for each in several)
        return found if operator == IN else not found

    return passes


def between(values: Sequence[str], place: str) -> Callable[[object], bool]:
    """[first, second], both included; one of the two may be empty (documented)."""
    if len(values) != 2 or not any(values):
        raise invalid(f"{place}.ValueList", "must have two values, of which one may be empty")
    if not all(value == "" or (value.isascii() and value.isdecimal() and len(value) < 16) for value in values):
        raise invalid(f"{place}.ValueList", "must be Unix seconds")
    low, high = int(values[0] or 0), int(values[1] or FAR)
    return lambda value: low <= int(str(value)) <= high


def at_once(call: Call, name: str, most: int = AT_ONCE) -> list[Any]:
    """A list of the request that must not be empty or too long."""
    given: list[Any] = call.params[name]
    if not 1 <= len(given) <= most:
        raise invalid(name, f"must have 1 to {most}, not {len(given)}")
    return given


def person(call: Call, uin: str) -> dict[str, str]:
    return {"UserId": uin, "UserName": call.account.name_of(uin)}


def unix_text(time: float) -> str:
    return str(int(time))


def moment_text(seconds: float, zone: int) -> str:
    """ISO 8601 with the offset of the account's zone, as some of adp's times are."""
    return datetime.fromtimestamp(int(seconds), timezone(timedelta(seconds=zone))).isoformat()


def masked(call: Call, name: str = "UpdateMask") -> list[str]:
    """The paths of a field mask, which may also be written `category_id` (documented by example)."""
    paths = (call.params.get(name) or {}).get("Paths") or ()
    return [".".join(map(capitalized, path.split("."))) for path in paths]


def capitalized(step: str) -> str:
    if step[:1].isupper():
        return step
    return "".join(word[:1].upper() + word[1:] for word in step.split("_"))
