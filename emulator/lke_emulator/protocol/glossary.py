"""What actions, members and values mean, in our own words: English and Chinese, read from `glossary.json` when first asked.

    {"actions": {"lke.CreateQA": ["Add a question ...", "..."]},
     "members": {"Query": [...], "lkeap.Query": [...]},
     "values": {"lke.AttrRange": {"1": ["everybody", "..."], "2": [...]}}}

What stands under the most exact name holds: `lke.CreateApp.AppType`, `lke.AttrLabelRefer.Source`, `lke.AppType`, `AppType`.
Values are those that documents list or that the emulator tells apart; others are not refused for it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from lke_emulator.protocol.spec import Action, Member, Shape

FILE = Path(__file__).parent / "glossary.json"
Words = tuple[str, ...]
"""English and Chinese."""
Found = TypeVar("Found")


class Glossary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    actions: dict[str, Words]
    members: dict[str, Words]
    values: dict[str, dict[str, Words]]


@cache
def glossary() -> Glossary:
    return msgspec.json.decode(FILE.read_bytes(), type=Glossary)


def meaning(shape: Shape, member: Member) -> Words | None:
    return under(glossary().members, shape, member)


def known_values(shape: Shape, member: Member) -> Mapping[str, Words]:
    """Value, written as text -> what it stands for; nothing where any value may be meant."""
    return under(glossary().values, shape, member) or {}


def under(table: Mapping[str, Found], shape: Shape, member: Member) -> Found | None:
    return next((table[name] for name in names_of_member(shape, member) if name in table), None)


def names_of_member(shape: Shape, member: Member) -> Iterator[str]:
    product = shape.service.product
    yield f"{product}.{shape.name.removesuffix('Request')}.{member.name}"
    yield f"{product}.{member.name}"
    yield member.name


def reachable(*shapes: Shape) -> list[Shape]:
    """The shapes and all that are in them, each once."""
    found = dict.fromkeys(shapes)
    queue = list(shapes)
    for shape in queue:  # grows meanwhile
        for member in shape.members.values():
            if not member.scalar and (inner := shape.of(member)) not in found:
                found[inner] = None
                queue.append(inner)
    return list(found)


@cache
def words_of(action: Action) -> tuple[str, ...]:
    """The names of all members in a request and its reply: what a search for one looks at."""
    shapes = reachable(action.request, action.response)
    return tuple(dict.fromkeys(name for shape in shapes for name in shape.members))
