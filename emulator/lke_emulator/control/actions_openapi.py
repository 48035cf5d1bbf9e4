"""The OpenAPI 3.1 document of a product's signed actions, from the spec.

All actions have one path and are told apart by a header, which OpenAPI cannot say; so each has `/#lke.Action` for its path, as
documents of such APIs do: a fragment does not leave the client.
"""

from functools import cache
from typing import Any

from lke_emulator.control.table import ControlCall, route
from lke_emulator.protocol.glossary import glossary, meaning, reachable
from lke_emulator.protocol.spec import Action, Member, Shape, spec

SCALAR_SCHEMAS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "int64": {"type": "integer", "format": "int64"},
    "uint64": {"type": "integer", "minimum": 0},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
}
REFUSAL: dict[str, Any] = {
    "type": "object",
    "required": ["Error", "RequestId"],
    "properties": {
        "Error": {
            "type": "object",
            "required": ["Code", "Message"],
            "properties": {"Code": {"type": "string"}, "Message": {"type": "string"}},
        },
        "RequestId": {"type": "string"},
    },
}


@route("GET", "/openapi/{product}")
def openapi_of_product(call: ControlCall) -> dict[str, Any]:
    """The OpenAPI 3.1 document of a product's signed actions: lke, lkeap or adp."""
    product = call.names["product"].removesuffix(".json")
    if product not in spec().products:
        raise LookupError(f"there is no product {product[:80]}; there are {', '.join(sorted(spec().products))}")
    return document_of(product)


@cache
def document_of(product: str) -> dict[str, Any]:
    actions = [action for action in spec().by_key.values() if action.product == product]
    asked = dict.fromkeys(reachable(*(action.request for action in actions)))
    replied = reachable(*(action.response for action in actions))
    schemas = {shape.name: schema_of(shape, is_reply=False, asked=asked) for shape in asked}
    schemas |= {name_of(shape, True, asked): schema_of(shape, is_reply=True, asked=asked) for shape in replied}
    signature = {"type": "apiKey", "in": "header", "name": "Authorization", "description": "TC3-HMAC-SHA256 ..."}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{product} as lke-emulator has it", "version": actions[0].version},
        "security": [{"TC3-HMAC-SHA256": []}],
        "paths": {f"/#{action.key}": {"post": operation_of(action, asked)} for action in actions},
        "components": {
            "schemas": schemas | {"Refusal": REFUSAL},
            "securitySchemes": {"TC3-HMAC-SHA256": signature},
        },
    }


def operation_of(action: Action, asked: dict[Shape, None]) -> dict[str, Any]:
    reply = {"anyOf": [shape_reference(action.response, True, asked), {"$ref": "#/components/schemas/Refusal"}]}
    envelope = {"type": "object", "required": ["Response"], "properties": {"Response": reply}}
    given = (
        ("X-TC-Action", {"const": action.name}),
        ("X-TC-Version", {"const": action.version}),
        ("X-TC-Region", {"type": "string"}),
        ("X-TC-Timestamp", {"type": "integer"}),
    )
    return {
        "operationId": action.name,
        "summary": glossary().actions[action.key][0],
        "parameters": [{"name": name, "in": "header", "required": True, "schema": schema} for name, schema in given],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": shape_reference(action.request, False, asked)}},
        },
        "responses": {
            "200": {
                "description": "The reply, or why the call was refused.",
                "content": {"application/json": {"schema": envelope}},
            }
        },
    }


def name_of(shape: Shape, is_reply: bool, asked: dict[Shape, None]) -> str:
    """A shape that is in requests and in replies has other rules in each."""
    return f"{shape.name}InReply" if is_reply and shape in asked else shape.name


def shape_reference(shape: Shape, is_reply: bool, asked: dict[Shape, None]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name_of(shape, is_reply, asked)}"}


def schema_of(shape: Shape, *, is_reply: bool, asked: dict[Shape, None]) -> dict[str, Any]:
    """Requests take null for a member that is not meant; replies have every member but Error, and
    deprecated ones."""
    properties: dict[str, Any] = {}
    for name, member in shape.members.items():
        schema = type_schema(shape, member, is_reply, asked)
        if is_nullable(shape, member) if is_reply else not member.needed:
            schema = {"anyOf": [schema, {"type": "null"}]}
        words = meaning(shape, member)
        properties[name] = {**schema, **({"description": words[0]} if words else {}), **deprecated(member)}
    required = [
        name
        for name, member in shape.members.items()
        if (name != "Error" and not member.disabled if is_reply else member.needed)
    ]
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": required} if required else {})


def is_nullable(shape: Shape, member: Member) -> bool:
    """Also an object that would hold itself without end."""
    return member.nullable or not (member.scalar or member.many or shape not in reachable(shape.of(member)))


def deprecated(member: Member) -> dict[str, Any]:
    return {"deprecated": True} if member.disabled else {}


def type_schema(shape: Shape, member: Member, is_reply: bool, asked: dict[Shape, None]) -> dict[str, Any]:
    one = SCALAR_SCHEMAS[member.type] if member.scalar else shape_reference(shape.of(member), is_reply, asked)
    return {"type": "array", "items": one} if member.many else one
