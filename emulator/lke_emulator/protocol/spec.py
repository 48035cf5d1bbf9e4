"""The definitions of the three products: services, actions, shapes. Read once, strictly, from `protocol/definitions/*.json`.

A file holds one service: its actions with their request and response shapes, and every shape as member name -> type:

    {"service": "lke", "version": "2023-11-30", "source": "tccli 3.1.189.1",
     "actions": {"DescribeTokenUsage": ["DescribeTokenUsageRequest", "DescribeTokenUsageResponse"]},
     "shapes": {"Stat": {"X": "string?", "Y": "float?"}, "Filter": {"Name": "string!", "Values": "[string]!"}}}

A type is a scalar (SCALARS) or a shape's name, in brackets when there is a list of it, then in this order the marks
`!` required in a request, `?` may be null in a response, `~` disabled (deprecated, still accepted).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

FOLDER = Path(__file__).parent / "definitions"
SCALARS = frozenset(("string", "int64", "uint64", "float", "bool"))
TYPE = re.compile(r"(?:(\w+)|\[(\w+)\])(!?)(\??)(~?)", re.ASCII)


class SpecError(Exception):
    """A definition that is not understood; the text says which and where."""


class Member(NamedTuple):
    name: str
    type: str
    """A scalar of SCALARS, or the name of a shape of the same service."""
    many: bool = False
    required: bool = False
    nullable: bool = False
    disabled: bool = False

    @property
    def scalar(self) -> bool:
        return self.type in SCALARS

    @property
    def needed(self) -> bool:
        """Whether a request without it is refused: not where it may be null in a reply (inferred: adp marks every part of
        AppConfig both ways, and ModifyApp takes the parts that its mask names)."""
        return self.required and not self.nullable


class Shape:
    """An object's members in the order of the spec. Members are read on first use."""

    def __init__(self, name: str, types: Mapping[str, str], service: "Service") -> None:
        self.name = name
        self.service = service
        self._types = types

    @cached_property
    def members(self) -> Mapping[str, Member]:
        return {name: member(name, text) for name, text in self._types.items()}

    def of(self, member: Member) -> "Shape":
        """The shape of a member that is an object or a list of objects."""
        return self.service.shapes[member.type]

    def __repr__(self) -> str:
        return f"<Shape {self.service.product}.{self.name}>"


class Action(NamedTuple):
    product: str
    version: str
    name: str
    key: str
    """`lke.DescribeTokenUsage`."""
    request: Shape
    response: Shape


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of one file."""

    service: str
    version: str
    source: str
    actions: dict[str, tuple[str, str]]
    shapes: dict[str, dict[str, str]]


class Service:
    """One product at one version."""

    def __init__(self, definition: Definition) -> None:
        self.product = product = definition.service
        self.version = version = definition.version
        self.source = definition.source
        shapes = {name: Shape(name, members, self) for name, members in definition.shapes.items()}
        self.shapes: Mapping[str, Shape] = shapes
        self.actions: Mapping[str, Action] = {
            name: Action(product, version, name, f"{product}.{name}", shapes[request], shapes[response])
            for name, (request, response) in definition.actions.items()
        }


class Spec:
    """Every look-up that a request needs, as a dict."""

    def __init__(self, services: list[Service]) -> None:
        self.services = {(service.product, service.version): service for service in services}
        self.products = frozenset(service.product for service in services)
        self.by_key = {action.key: action for service in services for action in service.actions.values()}
        # For a call that names no product: the first service with that version, or with an action of that name.
        self.product_of_version = {service.version: service.product for service in reversed(services)}
        self.product_of_action = {name: service.product for service in reversed(services) for name in service.actions}

    def shape(self, key: str) -> Shape:
        """The shape of a name such as `lke.AppConfig`."""
        product, _, name = key.partition(".")
        return next(service.shapes[name] for service in self.services.values() if service.product == product)


def member(name: str, text: str) -> Member:
    """`[Filter]!` -> a required list of Filter; SpecError when it is no type."""
    match = TYPE.fullmatch(text)
    if match is None:
        raise SpecError(f"{name}: `{text}` is not a type")
    one, many, required, nullable, disabled = match.groups()
    return Member(name, one or many, many is not None, bool(required), bool(nullable), bool(disabled))


def understood(text: str, shapes: Mapping[str, Any]) -> bool:
    match = TYPE.fullmatch(text)
    if match is None:
        return False
    name = match[1] or match[2]
    return name in SCALARS or name in shapes


def faults(definition: Definition) -> Iterator[str]:
    """The places whose types are not understood, or that name a shape which does not exist."""
    shapes = definition.shapes
    types = {text for members in shapes.values() for text in members.values()}
    unknown = {text for text in types if not understood(text, shapes)}
    for name, members in shapes.items() if unknown else ():
        for inner, text in members.items():
            if text in unknown:
                yield f"shapes.{name}.{inner}: unknown type `{text}`"
    for name, pair in definition.actions.items():
        for shape in pair:
            if shape not in shapes:
                yield f"actions.{name}: unknown shape `{shape}`"


def read_definition(data: bytes, where: str) -> Definition:
    """The definition in a file's bytes; SpecError names the file (`where`) and the place of the first fault."""
    try:
        definition = msgspec.json.decode(data, type=Definition)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{where}: {error}") from None
    fault = next(faults(definition), None)
    if fault is not None:
        raise SpecError(f"{where}: {fault}")
    return definition


def load_spec(folder: Path = FOLDER) -> Spec:
    """The definitions in a folder, lke before lkeap before adp: a call that names no product is for lke first."""
    files = sorted(folder.glob("*.json"), key=lambda path: (not path.name.startswith("lke"), path.name))
    if not files:
        raise SpecError(f"{folder}: no definitions; `make spec` writes them")
    return Spec([Service(read_definition(path.read_bytes(), path.name)) for path in files])


@cache
def spec() -> Spec:
    """The shipped definitions, loaded once in a process."""
    return load_spec()
