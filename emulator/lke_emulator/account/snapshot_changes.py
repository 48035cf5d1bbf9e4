"""What two snapshots have not in common, as people read it: by part what appeared, what went, and what changed.

What only the emulator itself reads, such as where its identifiers stand, is left out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

KEYS = (
    "id",
    "biz_id",
    "uin",
    "secret_id",
    "path",
    "record",
    "second",
    "hour",
    "name",
    "line",
    "number",
    "question",
    "model",
)
"""Members by which an element of a list is known, the best first."""
LABELS = ("name", "title", "label", "question", "file_name", "query", "content", "kind")
"""Members that tell people what it is."""
INNER: Mapping[str, tuple[str, ...] | None] = {
    "ids": None,
    "snowflakes": None,
    "limits": ("counts", "second"),
    "throttle": ("minute", "windows"),
    "billing": ("allotted", "cursor", "has_begun"),
}
"""Part -> members that nobody but the emulator reads; None for all."""
SHOWN = 5
"""Of many that appeared, or went, at one place."""
LONGEST = 80
"""Characters of a value in a line."""


class SnapshotChange(NamedTuple):
    place: tuple[str, ...]
    """The part, and the way from there."""
    sign: str
    """+ appeared, - went, ~ changed."""
    what: str

    def __str__(self) -> str:
        way = " ".join(self.place[1:])
        return f"  {self.sign} {way}{': ' if way and self.what else ''}{self.what}"


def changes_between(before: Any, after: Any) -> Iterator[SnapshotChange]:
    """Of two snapshots as JSON."""
    yield from changes_within(("account",), before["account"], after["account"])
    for part in sorted(before["parts"].keys() | after["parts"].keys()):
        old, new = (seen_of(part, each["parts"].get(part)) for each in (before, after))
        yield from changes_within((part,), old, new)


def seen_of(part: str, state: Any) -> Any:
    """What people can see of a part."""
    hidden = INNER.get(part, ())
    if part == "clock" and isinstance(state, dict) and state.get("course") != "frozen":
        hidden = ("now",)  # it goes on by itself
    if hidden is None or not isinstance(state, dict):
        return None if hidden is None else state
    return {name: value for name, value in state.items() if name not in hidden}


def changes_within(place: tuple[str, ...], before: Any, after: Any) -> Iterator[SnapshotChange]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            # A part's only member says no more than its name.
            inner = place if len(place) == 1 and len(before.keys() | after.keys()) == 1 else (*place, name)
            yield from member_changes(inner, before, after, name)
    elif isinstance(before, list) and isinstance(after, list):
        yield from element_changes(place, before, after)
    else:
        yield SnapshotChange(place, "~", f"{short(before)} -> {short(after)}")


def member_changes(
    place: tuple[str, ...], before: dict[str, Any], after: dict[str, Any], name: str
) -> Iterator[SnapshotChange]:
    if name not in before:
        yield SnapshotChange(place, "+", called(after[name]))
    elif name not in after:
        yield SnapshotChange(place, "-", called(before[name]))
    else:
        yield from changes_within(place, before[name], after[name])


def element_changes(place: tuple[str, ...], before: list[Any], after: list[Any]) -> Iterator[SnapshotChange]:
    """By what they are known, where that is; figures and texts in a row by how many there are."""
    key = key_of(before, after)
    if key is None:
        if after[: len(before)] == before:
            yield SnapshotChange(place, "+", f"{len(after) - len(before)} more, {len(after)} now")
        elif before[: len(after)] == after:
            yield SnapshotChange(place, "-", f"{len(before) - len(after)} less, {len(after)} now")
        else:
            yield SnapshotChange(place, "~", f"{short(before)} -> {short(after)}")
        return
    old, new = ({name_of(one, key): one for one in each} for each in (before, after))
    yield from some_of(place, "-", {name: one for name, one in old.items() if name not in new})
    yield from some_of(place, "+", {name: one for name, one in new.items() if name not in old})
    for name, one in new.items():
        if name in old:
            yield from changes_within((*place, name), value_of(old[name]), value_of(one))


def some_of(place: tuple[str, ...], sign: str, named: dict[str, Any]) -> Iterator[SnapshotChange]:
    for name in list(named)[:SHOWN]:
        yield SnapshotChange((*place, name), sign, called(named[name]))
    if len(named) > SHOWN:
        yield SnapshotChange(place, sign, f"and {len(named) - SHOWN} more")


def key_of(before: Sequence[Any], after: Sequence[Any]) -> str | int | None:
    """The member that all elements have, each another one; 0 for pairs of a name and a value; None where there is none."""
    everything = [*before, *after]
    if all(isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) for one in everything):
        return 0 if are_different(before, 0) and are_different(after, 0) else None
    if all(isinstance(one, dict) for one in everything):
        for key in KEYS:
            if all(key in one for one in everything) and are_different(before, key) and are_different(after, key):
                return key
    return None


def are_different(elements: Sequence[Any], key: str | int) -> bool:
    return len({name_of(one, key) for one in elements}) == len(elements)


def name_of(element: Any, key: str | int) -> str:
    name = element[key]
    if isinstance(name, dict):  # a line of usage
        return "/".join(str(value) for value in name.values() if value)
    return str(name)


def value_of(element: Any) -> Any:
    """A pair's value; a record is its own."""
    return element[1] if isinstance(element, list) else element


def called(value: Any) -> str:
    """What it is called, where it or what is in it has a name."""
    value = value_of(value) if isinstance(value, list) and len(value) == 2 else value
    inner = [one for one in value.values() if isinstance(one, dict)] if isinstance(value, dict) else []
    for one in (value, *inner):
        if isinstance(one, dict):
            label = next((one[name] for name in LABELS if isinstance(one.get(name), str) and one[name]), None)
            if label is not None:
                return short(label)
    return short(value)


def short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
