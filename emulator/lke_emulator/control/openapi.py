"""The OpenAPI 3.1 document of control, from the table of routes and the structs that read and write."""

from functools import cache
from types import UnionType
from typing import Any, get_args

import msgspec

from lke_emulator import __version__
from lke_emulator.account.snapshot import UIN
from lke_emulator.control.table import (
    PREFIX,
    TABLE,
    ControlCall,
    EventStream,
    HarText,
    Operation,
    PlainText,
    ProblemDetails,
    YamlText,
    route,
)

REFS = "#/components/schemas/{name}"
TEXT = {"schema": {"type": "string"}}
TEXTS: dict[Any, dict[str, Any]] = {
    EventStream: {"text/event-stream": {}},
    PlainText: {"text/plain": TEXT},
    YamlText: {"application/yaml": {}},
    HarText: {"application/har+json": {"schema": {"type": "object"}}},
}
IN_PATHS = {"{uin}": {"type": "string", "pattern": UIN}}
UNTYPED = (None, type(None), *TEXTS)
PROBLEMS = {
    400: "What was sent cannot be meant.",
    403: "Control is not open to this caller.",
    404: "There is no such thing.",
    409: "It is well formed and cannot be done: not now, or what it describes cannot be.",
}


@route("GET", "/openapi.json")
def openapi(call: ControlCall) -> dict[str, Any]:
    """This document."""
    return document()


@cache
def document() -> dict[str, Any]:
    """Made once: the table is complete when the first request comes."""
    kinds = [kind for one in TABLE for kind in (one.query, one.body, *results_of(one)) if kind not in UNTYPED]
    schemas, components = msgspec.json.schema_components([*kinds, ProblemDetails], ref_template=REFS)
    explain(components, [*kinds, ProblemDetails])
    shapes = dict(zip(kinds, schemas, strict=False))
    paths: dict[str, Any] = {}
    for one in TABLE:
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = operation(one, shapes, components)
    token = {"type": "http", "scheme": "bearer", "description": "The --control-token, where one is set."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "lke-emulator control", "version": __version__},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": token}},
    }


def explain(components: dict[str, Any], kinds: list[Any]) -> None:
    """A member's description is the text under the field, as in the schema of scenarios; and what holds between members."""
    from lke_emulator.scenario.schema import described, structs

    for kind in kinds:
        for struct in structs(msgspec.inspect.type_info(kind)):
            properties = components[struct.__name__]["properties"]
            for name, text in described(struct).items():
                if name in properties:
                    properties[name] = {**properties[name], "description": text}
            components[struct.__name__] |= between(struct)


def between(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of what holds between members, for those that say it."""
    found: dict[str, Any] = getattr(struct, "BETWEEN", {})
    return found


def results_of(one: Operation) -> tuple[Any, ...]:
    """What may come back: JSON of a kind, or text."""
    return get_args(one.result) if isinstance(one.result, UnionType) else (one.result,)


def operation(one: Operation, shapes: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": one.summary}
    kinds = [kind for kind in results_of(one) if kind is not type(None)]
    if kinds:
        success["content"] = {
            media: schema
            for kind in kinds
            for media, schema in (TEXTS[kind] if kind in TEXTS else content(shapes[kind])).items()
        }
    answer: dict[str, Any] = {
        "operationId": one.handler.__name__,
        "summary": one.summary,
        "tags": [one.handler.__module__.rpartition(".")[2]],
        "parameters": parameters(one, components),
        "responses": {str(one.status): success} | ({} if one.public else problems()),
        "security": [] if one.public else [{}, {"token": []}],
    }
    if one.body is not None:
        required = any(field.required for field in msgspec.structs.fields(one.body)) or "anyOf" in between(one.body)
        answer["requestBody"] = {"content": content(shapes[one.body]), "required": required}
    return answer


def content(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def problems() -> dict[str, Any]:
    problem = content({"$ref": REFS.format(name=ProblemDetails.__name__)})
    return {str(status): {"description": text, "content": problem} for status, text in PROBLEMS.items()}


def parameters(one: Operation, components: dict[str, Any]) -> list[dict[str, Any]]:
    """Names in the path, and the members of the query."""
    found: list[dict[str, Any]] = [
        {"name": step[1:-1], "in": "path", "required": True, "schema": IN_PATHS.get(step, {"type": "string"})}
        for step in one.path.split("/")
        if step.startswith("{")
    ]
    if one.query is not None:
        schema = components[one.query.__name__]
        for name, member in schema["properties"].items():
            required = name in schema.get("required", ())
            found.append({"name": name, "in": "query", "required": required, "schema": member})
    return found
