"""The OpenAPI 3.1 document of control, from the table of routes and the structs that read and write."""

from typing import Any

import msgspec

from emulator import __version__
from emulator.control.reply import Problem
from emulator.control.table import PREFIX, TABLE, Call, Operation, route

REFS = "#/components/schemas/{name}"
PROBLEMS = {
    400: "What was sent cannot be meant.",
    403: "Control is not open to this caller.",
    404: "There is no such thing.",
    409: "It may not be done now.",
}


@route("GET", "/openapi.json")
def document(call: Call) -> dict[str, Any]:
    """This document."""
    kinds = [kind for one in TABLE for kind in (one.query, one.body, one.result) if kind not in (None, type(None))]
    schemas, components = msgspec.json.schema_components([*kinds, Problem], ref_template=REFS)
    described = dict(zip(map(id, kinds), schemas, strict=False))
    paths: dict[str, Any] = {}
    for one in TABLE:
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = operation(one, described, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "lke-emulator control", "version": __version__, "summary": "What a test does to the world."},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "The --control-token."}},
        },
    }


def operation(one: Operation, described: dict[int, Any], components: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": one.summary}
    if one.result is not type(None):
        success["content"] = content(described[id(one.result)])
    answer: dict[str, Any] = {
        "operationId": one.handler.__name__,
        "summary": one.summary,
        "tags": [one.path.split("/")[-1 if one.path.count("/") < 3 else 3]],
        "parameters": parameters(one, components),
        "responses": {str(one.status): success, **problems(one, described)},
        "security": [] if one.public else [{}, {"token": []}],
    }
    if one.body is not None:
        answer["requestBody"] = {"content": content(described[id(one.body)]), "required": any_required(one.body)}
    return answer


def any_required(kind: type[msgspec.Struct]) -> bool:
    return any(field.required for field in msgspec.structs.fields(kind))


def content(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def problems(one: Operation, described: dict[int, Any]) -> dict[str, Any]:
    """The refusals of an operation, in the form of Problem."""
    if one.public:
        return {}
    problem = content({"$ref": REFS.format(name="Problem")})
    return {str(status): {"description": text, "content": problem} for status, text in PROBLEMS.items()}


def parameters(one: Operation, components: dict[str, Any]) -> list[dict[str, Any]]:
    """Names in the path, and the members of the query."""
    steps = [step[1:-1] for step in one.path.split("/") if step.startswith("{")]
    found: list[dict[str, Any]] = [
        {"name": step, "in": "path", "required": True, "schema": {"type": "string"}} for step in steps
    ]
    if one.query is not None:
        schema = components[one.query.__name__]
        for name, member in schema["properties"].items():
            required = name in schema.get("required", ())
            found.append({"name": name, "in": "query", "required": required, "schema": member})
    return found
