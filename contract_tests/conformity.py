"""Whether a reply has the form that its shape says, told independently of the code that made it."""

from collections.abc import Iterator
from typing import Any

from lke_emulator.protocol.spec import Member, Shape

INTEGERS = {"int64": (-(2**63), 2**63 - 1), "uint64": (0, 2**64 - 1)}


def faults(shape: Shape, value: Any, path: str = "Response") -> Iterator[str]:
    """Every place of a decoded reply that differs from its shape: members, their order, types, nulls, whole floats."""
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is not an object"
        return
    if list(value) != [name for name in shape.members if name in value or name != "Error"]:
        yield f"{path}: {list(value)} are not the members of {shape.name} in their order"
    for member in shape.members.values():
        if member.name in value:
            yield from member_faults(member, value[member.name], shape, f"{path}.{member.name}")


def member_faults(member: Member, value: Any, shape: Shape, path: str) -> Iterator[str]:
    if value is None:
        if not member.nullable:
            yield f"{path}: null"
    elif not member.many:
        yield from item_faults(member, value, shape, path)
    elif not isinstance(value, list):
        yield f"{path}: {value!r} is not a list"
    else:
        for index, item in enumerate(value):
            yield from item_faults(member, item, shape, f"{path}.{index}")


def item_faults(member: Member, value: Any, shape: Shape, path: str) -> Iterator[str]:
    match member.type:
        case "string":
            fits = isinstance(value, str)
        case "bool":
            fits = isinstance(value, bool)
        case "float":
            whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**63
            fits = type(value) in (int, float) and not whole
        case "int64" | "uint64" as name:
            low, high = INTEGERS[name]
            fits = type(value) is int and low <= value <= high
        case _:
            yield from faults(shape.of(member), value, path)
            return
    if not fits:
        yield f"{path}: {value!r} is not a {member.type}"
