"""The form that messages show for an answer in JSON: a JSON Schema, or an example of the object that is wanted."""

import json
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

READ = 20_000
"""Characters of a message in which a form is looked for."""
TRIES = 50
"""Braces at which an object may begin."""
DEEP = 20
"""Levels of an example that are followed."""
TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")


def form_of(texts: Sequence[str]) -> dict[str, Any] | None:
    """As a JSON Schema: of the first text that shows any, its last object. None where none is shown."""
    for text in texts:
        shown = [value for value in objects(text[:READ]) if value]
        if shown:
            last = shown[-1]
            return last if is_schema(last) else schema_of(last)
    return None


def objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text that are in no other one."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(TRIES):
        if start < 0:
            return
        try:
            value, end = decoder.raw_decode(text, start)
            yield value
        except (ValueError, RecursionError):
            end = start + 1
        start = text.find("{", end)


def is_schema(value: dict[str, Any]) -> bool:
    return "$schema" in value or (value.get("type") == "object" and isinstance(value.get("properties"), dict))


def schema_of(example: Any, depth: int = 0) -> dict[str, Any]:
    """Whatever has the members and types of the example. A text may name a type ("string"), or choices ("yes|no")."""
    if depth == DEEP:
        return {}
    match example:
        case dict():
            members = {name: schema_of(value, depth + 1) for name, value in example.items()}
            return {"type": "object", "properties": members, "required": list(members)}
        case list():
            return {"type": "array", "items": schema_of(example[0], depth + 1) if example else {}, "minItems": 1}
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer", "minimum": 0 if example >= 0 else -99}
        case float() if isfinite(example) and 0 <= example <= 1:
            return {"type": "number", "multipleOf": 0.125, "minimum": 0, "maximum": 1}
        case float():
            return {"type": "number", "minimum": 0}
        case str() if example.lower() in TYPES:
            return {"type": example.lower()}
        case str() if "|" in example:
            return {"enum": [choice.strip() for choice in example.split("|")]}
        case str():
            return {"type": "string"}
    return {"type": "null"}
