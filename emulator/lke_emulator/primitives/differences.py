"""What two States of a part have not in common, thing by thing. Things are replaced when they change: most are the same ones."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import astuple

from lke_emulator.primitives.change import AccountChange, Plain
from lke_emulator.primitives.secret_names import is_secret

KEYS = ("id", "biz_id", "uin", "path", "record", "owner", "question", "name", "model", "app")
"""Members by which a thing is known, the best first; never one that opens something."""
LABELS = ("name", "title", "label", "file_name", "question", "query", "content")
"""Members that tell people what it is."""
LONGEST = 80
"""Characters of a text that is told."""
BLOCK = 1024


def differences(part: str, before: msgspec.Struct, after: msgspec.Struct) -> Iterator[AccountChange]:
    for noun, was, now in zip(after.__struct_fields__, astuple(before), astuple(after), strict=True):
        if was is now or was == now:
            continue
        if isinstance(now, dict):
            yield from differences_of_things(part, noun, tuple(was.items()), tuple(now.items()))
        elif isinstance(now, (tuple, list)):
            yield from differences_of_things(part, noun, was, now)
        else:
            yield AccountChange(part, noun, "", "changed", "", {noun: before_and_after(noun, was, now)})


def differences_of_marks(
    part: str, before: Mapping[tuple[str, str], object], after: Mapping[tuple[str, str], object]
) -> Iterator[AccountChange]:
    """By noun and id, of things that are known by what is the same as long as nothing becomes of them."""
    for (noun, id), mark in before.items():
        if (noun, id) not in after:
            yield AccountChange(part, noun, id, "deleted")
        elif after[noun, id] != mark:
            yield AccountChange(part, noun, id, "changed")
    for noun, id in after.keys() - before.keys():
        yield AccountChange(part, noun, id, "created")


def differences_of_things(part: str, noun: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[AccountChange]:
    if len(before) == len(after):  # mostly some were replaced where they stood
        pairs = [(old, new) for old, new in zip(before, after, strict=True) if old is not new and old != new]
        if len(pairs) == 1 and (id := same_id(*pairs[0])) is not None:  # as of every chat
            old, new = pairs[0]
            yield AccountChange(part, noun, id, "changed", label(new), members(value_within(old), value_within(new)))
            return
        before, after = [old for old, _ in pairs], [new for _, new in pairs]
    else:
        same = common(before, after)
        before, after = before[same:], after[same:]
    old, new = keyed(before), keyed(after)
    if old is None or new is None:
        yield from differences_of_nameless(part, noun, before, after)
        return
    for id, one in old.items():
        if id not in new:
            yield AccountChange(part, noun, id, "deleted", label(one))
    for id, one in new.items():
        if id not in old:
            yield AccountChange(part, noun, id, "created", label(one))
        elif old[id] is not one and old[id] != one:
            yield AccountChange(
                part, noun, id, "changed", label(one), members(value_within(old[id]), value_within(one))
            )
    if old == new:
        yield AccountChange(part, noun, "", "changed", "", {"order": (None, None)})


def differences_of_nameless(
    part: str, noun: str, before: Sequence[Any], after: Sequence[Any]
) -> Iterator[AccountChange]:
    """By how many there are of them: nothing tells one from the other."""
    changed = min(len(before), len(after))
    if changed:
        yield AccountChange(part, noun, "", "changed", count=changed)
    if len(after) > changed:
        yield AccountChange(part, noun, "", "created", count=len(after) - changed)
    elif len(before) > changed:
        yield AccountChange(part, noun, "", "deleted", count=len(before) - changed)


def common(before: Sequence[Any], after: Sequence[Any]) -> int:
    """How many elements at the beginning are equal."""
    most = min(len(before), len(after))
    same = 0
    while same < most and before[same : same + BLOCK] == after[same : same + BLOCK] and same + BLOCK <= most:
        same += BLOCK
    while same < most and before[same] == after[same]:
        same += 1
    return same


def keyed(things: Sequence[Any]) -> dict[str, Any] | None:
    """By what they are known; None where several are known by the same, or one by nothing."""
    for key in keys_of(things[0]) if things else (0,):
        try:
            found = {str(known_by(one, key)): one for one in things}
        except (AttributeError, LookupError, TypeError):
            return None
        if len(found) == len(things):
            return found
    return None


def same_id(before: Any, after: Any) -> str | None:
    """By what both are known."""
    for key in keys_of(before)[:1]:
        try:
            id, other = known_by(before, key), known_by(after, key)
        except (AttributeError, LookupError, TypeError):
            return None
        return str(id) if id == other else None
    return None


def keys_of(thing: Any) -> tuple[str | int, ...]:
    """A pair is known by its first."""
    if type(thing) is tuple:
        return (0,) if isinstance(thing[0], str) else ()
    return thing_form(thing).keys


def known_by(thing: Any, key: str | int) -> str | int:
    found: str | int = thing[key] if isinstance(key, int) else getattr(thing, key)
    return found


class Form(NamedTuple):
    """What is known of a kind of thing."""

    fields: tuple[str, ...]
    keys: tuple[str, ...]
    labels: tuple[str, ...]


FORMS: dict[type, Form] = {}


def thing_form(thing: Any) -> Form:
    kind = type(thing)
    form = FORMS.get(kind)
    if form is None:
        fields = getattr(kind, "__struct_fields__", getattr(kind, "_fields", ()))
        form = FORMS[kind] = Form(
            fields, *(tuple(name for name in names if name in fields) for names in (KEYS, LABELS))
        )
    return form


def value_within(thing: Any) -> Any:
    """A pair's value; a record is its own."""
    return thing[1] if type(thing) is tuple and len(thing) == 2 else thing


def label(thing: Any) -> str:
    thing = value_within(thing)
    for name in thing_form(thing).labels:
        found = getattr(thing, name)
        if found and isinstance(found, str):
            return found if len(found) <= LONGEST else f"{found[: LONGEST - 3]}..."
    return ""


def members(before: Any, after: Any) -> dict[str, tuple[Plain, Plain]]:
    found = {}
    if type(before) is type(after):
        fields = thing_form(after).fields
        for name, was, now in zip(fields, values_of(before), values_of(after), strict=True):
            if was is not now and was != now:
                found[name] = before_and_after(name, was, now)
    return found


def values_of(thing: Any) -> tuple[Any, ...]:
    """Of its fields, in their order."""
    if isinstance(thing, msgspec.Struct):
        return astuple(thing)
    return tuple([getattr(thing, name) for name in thing_form(thing).fields])


def before_and_after(name: str, before: Any, after: Any) -> tuple[Plain, Plain]:
    if is_secret(name) or not (is_plain(before) and is_plain(after)):
        return None, None
    return before, after


def is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and len(value) <= LONGEST)
