"""A State as fragments: of each field what it is, or its elements under numbers that rise; a struct in it that can change, such
as a wallet, is written field by field, too.

Elements never change, they are replaced. So what is new of a State is found by looking at which objects are in it, and only
that is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import astuple

from lke_emulator.primitives.differences import common
from lke_emulator.primitives.fragment import Fragment

encode = msgspec.msgpack.Encoder().encode
SEQUENCE = encode(())
"""What stands for a field whose elements have fragments of their own."""


class Numbered(NamedTuple):
    state: msgspec.Struct
    numbers: dict[str, Sequence[int]]
    """Of the fields that are sequences: under which number each element is written."""


def numbered(state: msgspec.Struct) -> Numbered:
    """With every element under its place, from 1 on."""
    fields = fields_of(state)
    return Numbered(
        state, {name: range(1, len(value) + 1) for name, value in fields.items() if isinstance(value, (tuple, list))}
    )


def fields_of(state: msgspec.Struct) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in zip(state.__struct_fields__, astuple(state), strict=True):
        if isinstance(value, msgspec.Struct) and not value.__struct_config__.frozen:
            fields |= {f"{name}.{inner}": each for inner, each in fields_of(value).items()}
        else:
            fields[name] = value
    return fields


def all_fragments(of: Numbered) -> Iterator[Fragment]:
    for name, value in fields_of(of.state).items():
        if name in of.numbers:
            yield Fragment(name, 0, ())
            for number, element in zip(of.numbers[name], value, strict=True):
                yield Fragment(name, number, as_value(element))
        else:
            yield Fragment(name, 0, as_value(value))


def changed(known: Numbered, state: msgspec.Struct) -> tuple[Numbered, list[Fragment]]:
    """What is written now, and what has to be written for it."""
    numbers, found = dict(known.numbers), []
    all_before = fields_of(known.state)
    for name, value in fields_of(state).items():
        before = all_before[name]
        if value is before or value == before:
            continue
        if name in numbers:
            numbers[name], news = aligned(before, numbers[name], value)
            found += [Fragment(name, *each) for each in news]
        else:
            found.append(Fragment(name, 0, as_value(value)))
    return Numbered(state, numbers), found


def as_value(value: Any) -> Any:
    """None is no value of a fragment: there it means that it is gone."""
    return msgspec.Raw(encode(None)) if value is None else value


def aligned(
    before: Sequence[Any], numbers: Sequence[int], after: Sequence[Any]
) -> tuple[Sequence[int], list[tuple[int, Any]]]:
    """The numbers of the elements after, and which numbers have to be written: those that stay in their order keep theirs."""
    same = common(before, after)
    if len(before) == len(after):  # mostly one was replaced where it stood
        rest = common(before[:same:-1], after[:same:-1])
        if same + rest + 1 >= len(after):
            return numbers, [(numbers[same], as_value(after[same]))] if same < len(after) else []
    places = {identity(one): number for one, number in zip(before[same:], numbers[same:], strict=True)}
    kept = list(numbers[:same])
    last = kept[-1] if kept else 0
    news: list[tuple[int, Any]] = []
    for place, one in enumerate(after[same:], same):
        number = places.get(identity(one), 0)
        if not number and place < len(before) and before[place] == one:
            number = numbers[place]
        if number <= last:
            number = last + 1
            news.append((number, as_value(one)))
        kept.append(number)
        last = number
    gone = sorted(set(numbers[same:]).difference(kept[same:]))
    return kept, [*news, *((number, None) for number in gone)]


def identity(element: Any) -> Any:
    """Which object it is; a pair of objects is made anew each time it is saved."""
    return tuple(map(id, element)) if type(element) is tuple else id(element)


def numbers_of(
    state: msgspec.Struct, things: Mapping[str, Sequence[tuple[int, bytes]]]
) -> dict[str, Sequence[int]] | None:
    """Under which numbers the State was read; None where it is not what was read, as when a field of it is new."""
    numbers: dict[str, Sequence[int]] = {}
    for name, value in fields_of(state).items():
        items = things.get(name, ())
        is_sequence = isinstance(value, (tuple, list))
        if len(items) != 1 + (len(value) if is_sequence else 0):
            return None
        if is_sequence:
            numbers[name] = [number for number, _ in items[1:]]
    return numbers


def assembled(things: Mapping[str, Sequence[bytes]]) -> bytes:
    """The State as MessagePack, from the values of its fragments by their numbers."""
    fields: dict[str, Any] = {}
    for name, (what, *elements) in things.items():
        *outer, last = name.split(".")
        within = fields
        for one in outer:
            within = within.setdefault(one, {})
        within[last] = [msgspec.Raw(one) for one in elements] if what == SEQUENCE else msgspec.Raw(what)
    return encode(fields)
