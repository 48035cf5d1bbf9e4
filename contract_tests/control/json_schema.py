"""JSON Schema 2020-12 as far as control's document uses it: what of a value is wrong, and values to try."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "object": dict,
    "array": list,
}
UNREAD = {
    "title",
    "description",
    "default",
    "format",
    "deprecated",
    "$ref",
    "properties",
    "type",
    "required",
    "additionalProperties",
}
"""What says nothing, or is read where the value is taken apart."""
Schemas = Mapping[str, Any]
"""Name -> schema: what a $ref names the last step of."""


def resolved(schema: Any, schemas: Schemas) -> Any:
    if "$ref" not in schema:
        return schema
    return {**schemas[schema["$ref"].rpartition("/")[2]], **{name: schema[name] for name in schema if name != "$ref"}}


def wrong(value: Any, schema: Any, schemas: Schemas, at: str = "$") -> Iterator[str]:
    """What of a value is not as its schema says. KeyError for a keyword that is not known here."""
    schema = resolved(schema, schemas)
    kind = schema.get("type")
    if kind and not is_of(value, kind):
        yield f"{at} is no {kind}: {value!r}"
        return
    for keyword, wanted in schema.items():
        if keyword in ("anyOf", "oneOf", "allOf", "not"):
            fitting = [not list(wrong(value, one, schemas, at)) for one in (wanted if keyword != "not" else [wanted])]
            if not COMBINED[keyword](fitting):
                yield f"{at} is not {keyword} {wanted}: {value!r}"
        elif keyword not in UNREAD and not KEYWORDS[keyword](value, wanted):
            yield f"{at} is not {keyword} {wanted}: {value!r}"
    if isinstance(value, dict):
        members = schema.get("properties", {})
        yield from (f"{at} lacks {name}" for name in schema.get("required", ()) if name not in value)
        others = schema.get("additionalProperties", True)
        for name, inner in value.items():
            if name in members:
                yield from wrong(inner, members[name], schemas, f"{at}.{name}")
            elif isinstance(others, dict):
                yield from wrong(inner, others, schemas, f"{at}.{name}")
            elif not others:
                yield f"{at} has {name}, of which the document knows nothing"
    elif isinstance(value, list) and "items" in schema:
        for place, inner in enumerate(value):
            yield from wrong(inner, schema["items"], schemas, f"{at}[{place}]")


def is_of(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, float) and value.is_integer())


def same(value: Any, other: Any) -> bool:
    """JSON knows no false that is 0."""
    return value == other and isinstance(value, bool) == isinstance(other, bool)


def whole(form: str) -> str:
    """The same for Python, whose `$` lets a line end after it."""
    return form.replace("$", r"\Z")


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


COMBINED: dict[str, Any] = {
    "anyOf": any,
    "oneOf": lambda fitting: sum(fitting) == 1,
    "allOf": all,
    "not": lambda fitting: not any(fitting),
}
KEYWORDS: dict[str, Any] = {
    "enum": lambda value, known: any(same(value, one) for one in known),
    "const": same,
    "minimum": lambda value, least: not is_number(value) or value >= least,
    "maximum": lambda value, most: not is_number(value) or value <= most,
    "pattern": lambda value, form: not isinstance(value, str) or re.search(whole(form), value) is not None,
    "minLength": lambda value, least: not isinstance(value, str) or len(value) >= least,
    "minProperties": lambda value, least: not isinstance(value, dict) or len(value) >= least,
    "items": lambda value, kind: True,
}
PRINTED = st.characters(min_codepoint=32, max_codepoint=126)
TEXTS = st.text(PRINTED, max_size=8)
ODD = st.sampled_from([None, True, False, 0, -1, 1, 2.5, 10**16, "", "x", "-1", "now", [], ["x"], {}, {"x": 1}])


def values(schema: Any, schemas: Schemas) -> st.SearchStrategy[Any]:
    """Mostly as the schema says, and now and then not: `wrong` tells which."""
    schema = resolved(schema, schemas)
    return st.integers(0, 11).flatmap(lambda draw: ODD if draw == 7 else meant(schema, schemas))


def meant(schema: Any, schemas: Schemas) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        return objects(schema, schemas)
    if kind == "array":
        return st.lists(values(schema.get("items", {}), schemas), max_size=2)
    if kind == "string":
        return texts_like(schema["pattern"]) if "pattern" in schema else TEXTS
    if kind in ("integer", "number"):
        least, most = schema.get("minimum", -(10**6)), schema.get("maximum", 10**6)
        edges = st.sampled_from([least, most, 0, 1])
        return edges | (st.integers(least, most) if kind == "integer" else st.floats(least, most))
    if kind in ("boolean", "null"):
        return st.booleans() if kind == "boolean" else st.none()
    ways = schema.get("anyOf") or schema.get("oneOf")
    return st.one_of([values(one, schemas) for one in ways]) if ways else ODD


@cache
def texts_like(form: str) -> st.SearchStrategy[str]:
    return st.from_regex(whole(form), alphabet=PRINTED)


def objects(schema: Any, schemas: Schemas) -> st.SearchStrategy[Any]:
    members = {name: values(inner, schemas) for name, inner in schema.get("properties", {}).items()}
    needed = {name: members.pop(name) for name in schema.get("required", ())}
    others = schema.get("additionalProperties", True)
    more: Any = st.just({})
    if others:
        more = st.dictionaries(TEXTS, values(others if isinstance(others, dict) else {}, schemas), max_size=2)
    some = st.lists(st.sampled_from(sorted(members)), max_size=3, unique=True) if members else st.just([])
    chosen = some.flatmap(lambda names: st.fixed_dictionaries(needed | {name: members[name] for name in names}))
    return st.builds(lambda named, rest: rest | named, chosen, more)
