"""What goes in and out by a shape: `check` and `read` for a request's parameters, `encode` for a reply.

The usual case is one msgspec.convert into a struct type that is compiled from the shape on first use. Only what that
refuses is walked member by member: to say everything that is wrong, or to bring a loose reply into form.
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from types import GenericAlias
from typing import Annotated, Any, NamedTuple

import msgspec

from lke_emulator.protocol.errors import ApiError, refusal
from lke_emulator.protocol.spec import Member, Shape

PYTHON: dict[str, Any] = {"string": str, "int64": int, "uint64": int, "float": (int, float), "bool": bool}
RANGES = {"int64": range(-(2**63), 2**63), "uint64": range(2**64)}
ORDER = ("parameter-type", "unknown", "missing", "parameter-value")
"""Inferred (protocol reference 7, step 16): a wrong type is told before an unknown name, a missing one, a bad value."""

INTEGER = re.compile(r"-?[0-9]{1,100}")
NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?")
BOOLS = {"True": True, "true": True, "1": True, "False": False, "false": False, "0": False}

# What msgspec can say about a value; it bounds by int64, so a uint64 above that is left to the walk.
Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Uint64 = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
REQUEST_TYPES: dict[str, Any] = {"string": str, "int64": Int64, "uint64": Uint64, "float": float, "bool": bool}
# A whole number leaves without a fraction, so a float is left to the walk.
RESPONSE_TYPES: dict[str, Any] = {**REQUEST_TYPES, "float": int}
ZEROS: dict[str, Any] = {"string": "", "int64": 0, "uint64": 0, "float": 0, "bool": False}

ERROR = "Error"
"""Left out where absent: an SDK takes an answer that has one, even empty, for a refusal. lkeap's task results have it."""

ENCODER = msgspec.json.Encoder()


class Problem(NamedTuple):
    path: str
    """`Filters.0.Name`."""
    reason: str
    """A key of the common texts: one of ORDER."""
    facts: dict[str, object]


class WrongReply(Exception):
    """A handler's result does not fit its response shape: a fault of the emulator, not of the caller."""


class Structs(dict[Shape, type[msgspec.Struct]]):
    """Shape -> struct type, compiled on first use."""

    def __init__(self, scalars: dict[str, Any], field: Callable[[Member, Shape, Any], tuple[Any, ...]]) -> None:
        self.scalars = scalars
        self.field = field

    def __missing__(self, shape: Shape) -> type[msgspec.Struct]:
        def inner(name: str) -> type[msgspec.Struct]:
            return self[shape.service.shapes[name]]

        fields = [self.field(member, shape, self.type_of(member)) for member in shape.members.values()]
        struct = msgspec.defstruct(
            shape.name,
            fields,
            namespace={"_inner": inner, "_unset": msgspec.UnsetType},
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )
        self[shape] = struct
        return struct

    def type_of(self, member: Member) -> Any:
        """Objects by an expression that msgspec evaluates when it needs the type: a shape may hold itself."""
        if member.type in self.scalars:
            scalar = self.scalars[member.type]
            return GenericAlias(list, (scalar,)) if member.many else scalar
        return f"list[_inner('{member.type}')]" if member.many else f"_inner('{member.type}')"


def request_field(member: Member, shape: Shape, type: Any) -> tuple[Any, ...]:
    """A null is left to the walk, so that what is accepted here holds none."""
    return (member.name, type) if member.needed else (member.name, type, None)


def response_field(member: Member, shape: Shape, type: Any) -> tuple[Any, ...]:
    if member.name == ERROR:
        return (member.name, f"{type} | _unset", msgspec.UNSET)
    if member.nullable:
        type = f"{type} | None" if isinstance(type, str) else type | None
    absent = zero(member, shape)
    default = absent if member.scalar and not member.many else msgspec.field(default_factory=lambda: absent)
    return (member.name, type, default)


REQUESTS = Structs(REQUEST_TYPES, request_field)
RESPONSES = Structs(RESPONSE_TYPES, response_field)


def check(shape: Shape, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters without nulls, which count as absent; raises the ApiError of the first problem.

    The problems after the first are in the error's `detail`, for the journal.
    """
    try:
        try:
            msgspec.convert(params, REQUESTS[shape])
            return params
        except msgspec.ValidationError:
            found = problems(shape, params)
            without_nulls = present(params)
    except RecursionError:
        raise refusal("not-json") from None
    if found:
        raise as_error(found)
    return without_nulls


def as_error(found: list[Problem]) -> ApiError:
    first, *others = found
    error = refusal(first.reason, **first.facts)
    if others:
        error.detail = {"others": [refusal(other.reason, **other.facts).message("en-US") for other in others]}
    return error


def problems(shape: Shape, params: dict[str, Any]) -> list[Problem]:
    """Everything that is wrong with a request's parameters, in the order in which the cloud would tell it."""
    found: list[Problem] = []
    objects = [(shape, params, "")]
    for inner, value, prefix in objects:  # grows meanwhile by the objects inside
        members = inner.members
        for name, given in value.items():
            if name not in members:
                found.append(Problem(prefix + name, "unknown", {"name": prefix + name}))
            elif given is not None:
                judge(members[name], given, prefix + name, inner, found, objects)
        found += [
            Problem(prefix + name, "missing", {"name": prefix + name})
            for name, member in members.items()
            if member.needed and value.get(name) is None
        ]
    return sorted(found, key=lambda problem: ORDER.index(problem.reason))


def judge(
    member: Member, value: Any, path: str, shape: Shape, found: list[Problem], objects: list[tuple[Shape, Any, str]]
) -> None:
    """Add what is wrong with a member's value to `found`, and the objects in it to `objects`."""
    if member.many:
        if not isinstance(value, list):
            found.append(wrong_type(path, "array"))
            return
        items = [(f"{path}.{index}", item) for index, item in enumerate(value)]
    else:
        items = [(path, value)]
    for place, item in items:
        if member.scalar:
            reason = misfit(member.type, item)
            if reason == "parameter-type":
                found.append(wrong_type(place, member.type))
            elif reason:
                found.append(Problem(place, reason, {"name": place, "value": item}))
        elif isinstance(item, dict):
            objects.append((shape.of(member), item, place + "."))
        else:
            found.append(wrong_type(place, "object"))


def wrong_type(path: str, word: str) -> Problem:
    """The observed text names `string`; the other words, `array` and `object` among them, are inferred."""
    return Problem(path, "parameter-type", {"name": path, "type": word})


def misfit(scalar: str, value: Any) -> str:
    """Why a value is not one of a scalar type: `parameter-type`, `parameter-value` (out of range), or nothing."""
    if not isinstance(value, PYTHON[scalar]) or isinstance(value, bool) is not (scalar == "bool"):
        return "parameter-type"
    if scalar in RANGES:
        return "" if value in RANGES[scalar] else "parameter-value"
    return "parameter-value" if scalar == "float" and not finite(value) else ""


def finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no double can hold
        return False


def present(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters without the members that are null, at any depth."""

    def inside(value: Any) -> Any:
        if isinstance(value, dict):
            return present(value)
        return [inside(item) for item in value] if isinstance(value, list) else value

    return {name: inside(value) for name, value in params.items() if value is not None}


def without_others(shape: Shape, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters without the members that the shape does not have, at any depth."""

    def inside(member: Member, value: Any) -> Any:
        if isinstance(value, dict) and not member.scalar:
            return without_others(shape.of(member), value)
        return [inside(member, item) for item in value] if isinstance(value, list) else value

    members = shape.members
    return {name: inside(members[name], value) for name, value in params.items() if name in members}


def read_params(shape: Shape, tree: dict[str, Any]) -> dict[str, Any]:
    """The typed parameters of a query or a form, whose values are all strings (`{"Filters": [{"Limit": "1"}]}`).

    What cannot be read as its type, or has no member, stays as it is: `check` words the refusal. Booleans as the SDKs
    write them: `True` (Python), `true` (the others), `1`.
    """
    return {
        name: read_member(shape.members[name], value, shape) if name in shape.members else value
        for name, value in tree.items()
    }


def read_member(member: Member, value: Any, shape: Shape) -> Any:
    if member.many and isinstance(value, list):
        return [read_member(member._replace(many=False), item, shape) for item in value]
    if isinstance(value, dict) and not member.scalar and not member.many:
        return read_params(shape.of(member), value)
    if isinstance(value, str) and member.scalar and not member.many:
        return read_scalar(member.type, value)
    return value


def read_scalar(scalar: str, text: str) -> Any:
    if scalar == "bool":
        return BOOLS.get(text, text)
    if scalar in RANGES and INTEGER.fullmatch(text):
        return int(text)
    if scalar == "float" and NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text


def encode(shape: Shape, result: dict[str, Any]) -> bytes:
    """The JSON of a result in the order of the spec, with a typed zero for every member it does not have.

    An int where the spec says string is written as one, a whole number in a float member without a fraction, as in the
    documented examples. WrongReply when the result has what the shape does not.
    """
    try:
        return ENCODER.encode(msgspec.convert(result | counts(shape, result), RESPONSES[shape]))
    except msgspec.ValidationError:
        return ENCODER.encode(conform(shape, result, shape.name))


def counts(shape: Shape, result: dict[str, Any]) -> dict[str, str]:
    """The ints of a result that its shape has as strings, such as the Total of most lists: not every row is walked for it."""
    ints = [name for name, value in result.items() if value.__class__ is int]
    members = [shape.members[name] for name in ints if name in shape.members]
    return {member.name: str(result[member.name]) for member in members if member.type == "string" and not member.many}


REQUEST_ID_END = b'"RequestId":""}'


def prepare(shape: Shape, result: dict[str, Any]) -> bytes:
    """What `encode` gives for a result, up to where its RequestId is written: the last member of every response."""
    body = encode(shape, {**result, "RequestId": ""})
    if not body.endswith(REQUEST_ID_END):
        raise WrongReply(f"{shape.name}: RequestId is not its last member")
    return body[:-2]


def prepare_figures(shape: Shape, figures: dict[str, int]) -> bytes:
    """What `prepare` gives for a result of whole numbers, which come in the order of the spec."""
    return blank_of(shape, tuple(figures)) % tuple(figures.values())


@lru_cache(64)
def blank_of(shape: Shape, names: tuple[str, ...]) -> bytes:
    """The reply as a form, with a %d for each of the members."""
    marks = range(10**15, 10**15 + len(names))
    form = prepare(shape, dict(zip(names, marks, strict=True))).replace(b"%", b"%%")
    places = [form.find(b":%d" % mark) for mark in marks]
    if -1 in places or sorted(places) != places:
        raise WrongReply(f"{shape.name}: {', '.join(names)} are not its numbers in their order")
    for mark in marks:
        form = form.replace(b":%d" % mark, b":%d")
    return form


def conform(shape: Shape, result: Any, path: str) -> dict[str, Any]:
    if not isinstance(result, dict):
        raise WrongReply(f"{path}: {result!r} is no object of {shape.name}")
    unknown = result.keys() - shape.members.keys()
    if unknown:
        raise WrongReply(f"{path}.{min(unknown)}: {shape.name} has no such member")
    return {
        name: conform_member(member, result[name], shape, f"{path}.{name}") if name in result else zero(member, shape)
        for name, member in shape.members.items()
        if name in result or name != ERROR
    }


def conform_member(member: Member, value: Any, shape: Shape, path: str) -> Any:
    if value is None:
        if member.nullable:
            return None
        raise WrongReply(f"{path}: is never null")
    if not member.many:
        return conform_item(member, value, shape, path)
    if not isinstance(value, (list, tuple)):
        raise WrongReply(f"{path}: {value!r} is no list of {member.type}")
    return [conform_item(member, item, shape, f"{path}.{index}") for index, item in enumerate(value)]


def conform_item(member: Member, value: Any, shape: Shape, path: str) -> Any:
    if not member.scalar:
        return conform(shape.of(member), value, path)
    if member.type == "string" and type(value) is int:
        return str(value)
    if misfit(member.type, value):
        raise WrongReply(f"{path}: {value!r} is no {member.type}")
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**63 else value


def zero(member: Member, shape: Shape, above: tuple[Shape, ...] = ()) -> Any:
    """What stands for an absent member; an object that would hold itself without end is null."""
    if member.many:
        return []
    if member.scalar:
        return ZEROS[member.type]
    inner = shape.of(member)
    if member.nullable or inner in above:
        return None
    return {name: zero(each, inner, (*above, inner)) for name, each in inner.members.items()}
