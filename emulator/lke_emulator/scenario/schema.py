"""The JSON Schema of the scenario format for editors, from the very structs that read it."""

import inspect
import linecache
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect as types

from lke_emulator.scenario.section import Text
from lke_emulator.scenario.world import Scenario


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12; a member's description is the text under the field."""
    root = msgspec.json.schema(Scenario, schema_hook=text_schema)
    definitions = root["$defs"]
    for struct in dict.fromkeys(structs(types.type_info(Scenario))):
        properties = definitions[struct.__name__]["properties"]
        for name, text in described(struct).items():
            if name in properties:
                properties[name] = {"description": text, **properties[name]}
    texts: list[type[Text]] = [Text, *Text.__subclasses__()]
    definitions |= {kind.__name__: text_definition(kind) for kind in texts}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root}


def text_schema(kind: type) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{kind.__name__}"}


def text_definition(kind: type[Text]) -> dict[str, Any]:
    """Text may be written as a whole number."""
    form = {"minLength": 1} if kind.form == Text.form else {"pattern": f"^{kind.form}$"}
    return {"type": ["string", "integer"], "description": inspect.cleandoc(kind.__doc__ or ""), **form}


def structs(kind: types.Type) -> Iterator[type[msgspec.Struct]]:
    """Every struct that a type is made of."""
    match kind:
        case types.StructType():
            yield kind.cls
            for field in kind.fields:
                yield from structs(field.type)
        case types.ListType() | types.VarTupleType():
            yield from structs(kind.item_type)
        case types.DictType():
            yield from structs(kind.value_type)
        case types.UnionType():
            for each in kind.types:
                yield from structs(each)


FIELD = re.compile(r"(\w+): ")
TEXT = '"""'


def described(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The texts under the fields of a struct and of what it extends."""
    texts: dict[str, str] = {}
    for each in reversed(struct.__mro__):
        if issubclass(each, msgspec.Struct) and each is not msgspec.Struct:
            texts |= texts_under(body_lines(each))
    return texts


def body_lines(struct: type) -> Iterator[str]:
    """The lines of its body. Nothing is parsed: two threads that do so at once break one another in CPython 3.11 (gh-106905)."""
    indent = "    " * struct.__qualname__.count(".")
    head = re.compile(rf"{indent}class {struct.__name__}\b")
    lines = iter(linecache.getlines(inspect.getfile(struct)))
    for line in lines:
        if head.match(line):
            break
    inner = indent + "    "
    for line in lines:
        if line.strip() and not line.startswith((inner, f"{indent})")):
            return
        yield line.removeprefix(inner).rstrip("\n")


def texts_under(lines: Iterator[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    name = ""
    for line in lines:
        field = FIELD.match(line)
        if field:
            name = field[1]
        elif line.startswith(TEXT):
            text = line
            while text.count(TEXT) < 2:
                text = f"{text} {next(lines)}"
            if name:
                texts[name] = " ".join(text.strip('"').split())
            name = ""
        elif line and not line.startswith((" ", ")", "]", "}")):
            name = ""
    return texts
