"""The JSON Schema of the scenario format for editors, from the very structs that read it."""

import ast
import inspect
import textwrap
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


def described(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The texts under the fields of a struct and of what it extends."""
    texts: dict[str, str] = {}
    for each in reversed(struct.__mro__):
        if issubclass(each, msgspec.Struct) and each is not msgspec.Struct:
            body = ast.parse(textwrap.dedent(inspect.getsource(each))).body[0]
            assert isinstance(body, ast.ClassDef)
            for field, text in zip(body.body, body.body[1:], strict=False):
                match field, text:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(docstring))):
                        texts[name] = " ".join(docstring.split())
    return texts
