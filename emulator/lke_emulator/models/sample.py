"""Seeded values that a JSON Schema allows: the arguments of a tool call, the content of a structured reply.

What is understood: type, properties, required, additionalProperties, items, prefixItems, enum, const, anyOf, oneOf,
allOf, local $ref, and the bounds of numbers, strings (format and pattern too) and arrays. Nothing else is looked at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lke_emulator.primitives.seeds import number

SHALLOW = 3
"""Levels on which optional members are given and lists hold more than they must."""
DEEP = 32
"""Levels after which a schema is taken for endless."""
MOST = 10_000
"""Values in one sample, and characters in one text."""
PATTERNS = 50
"""Different patterns of one schema."""
FORMATS = {
    "date-time": "2025-06-17T18:08:42Z",
    "date": "2025-06-17",
    "time": "18:08:42Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "12345678-1234-4123-8123-123456789abc",
}


FAR = 10**15
"""Where a number without a bound ends."""


class BadSchema(Exception):
    """A schema that is wrong, endless, or allows nothing."""


def sample(schema: Any, seed: int, words: Sequence[str]) -> Any:
    """A value the schema allows, with `words` for its free texts. BadSchema where there is none to be found."""
    try:
        return Sampler(schema, seed, words).value(schema, "$", 0)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        raise BadSchema(f"the JSON schema is not valid: {error}") from None


class Sampler:
    def __init__(self, root: Any, seed: int, words: Sequence[str]) -> None:
        self.root = root
        self.seed = seed
        self.words = words
        self.left = MOST
        self.patterns: set[str] = set()

    def value(self, schema: Any, path: str, depth: int) -> Any:
        self.left -= 1
        if depth > DEEP or self.left < 0:
            raise BadSchema(f"the JSON schema has no end, or asks for more than {MOST} values, at {path[:80]}")
        if schema is False:
            raise BadSchema(f"the JSON schema allows nothing at {path}")
        schema = self.resolved({} if schema is True else schema, path, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.pick(schema["enum"], path)
        match self.type_of(schema, depth):
            case "object":
                return self.object(schema, path, depth)
            case "array":
                return self.array(schema, path, depth)
            case "string":
                return self.string(schema, path)
            case "integer" | "number" as kind:
                return self.number(schema, path, kind == "integer")
            case "boolean":
                return bool(number(self.seed, path) & 1)
            case "null":
                return None
            case other:
                raise BadSchema(f"the JSON schema has the unknown type {other!r} at {path}")

    def pick(self, options: Sequence[Any], path: str) -> Any:
        return options[number(self.seed, path) % len(options)]

    def resolved(self, schema: Mapping[str, Any], path: str, depth: int) -> dict[str, Any]:
        """The schema with $ref, allOf and one branch of anyOf or oneOf taken into it."""
        whole = dict(schema)
        for _ in range(DEEP):
            parts = list(whole.pop("allOf", ()))
            if "$ref" in whole:
                parts.append(self.target(whole.pop("$ref")))
            unions = [name for name in ("anyOf", "oneOf") if name in whole]
            parts += [self.branch(whole.pop(name), f"{path}:{name}", depth) for name in unions]
            if not parts:
                return whole
            self.left -= len(parts)
            if self.left < 0:
                raise BadSchema(f"the JSON schema joins more than {MOST} others at {path[:80]}")
            for part in parts:
                merge(whole, {} if part is True else part)
        raise BadSchema(f"the JSON schema refers to itself at {path}")

    def target(self, reference: str) -> Any:
        if not reference.startswith("#"):
            raise BadSchema(f"the JSON schema refers to {reference}: only references that begin with # are followed")
        node = self.root
        for step in reference[1:].split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            node = node[int(name)] if isinstance(node, list) else node[name]
        return node

    def branch(self, branches: Sequence[Any], path: str, depth: int) -> Any:
        """A seeded branch; deep down the plainest one, so that a schema that contains itself ends."""
        if depth < SHALLOW:
            solid = [branch for branch in branches if branch != {"type": "null"}]
            return self.pick(solid or branches, path)
        return min(branches, key=lambda branch: ("$ref" in branch, branch.get("type") in ("object", "array")))

    def type_of(self, schema: Mapping[str, Any], depth: int) -> str:
        kind = schema.get("type")
        if isinstance(kind, list):
            solid = [one for one in kind if one != "null"]
            return "null" if not solid or (depth > SHALLOW and "null" in kind) else solid[0]
        if kind is not None:
            return str(kind)
        for name, hints in HINTS.items():
            if not hints.isdisjoint(schema):
                return name
        return "string"

    def object(self, schema: Mapping[str, Any], path: str, depth: int) -> dict[str, Any]:
        members = schema.get("properties", {})
        required = schema.get("required", ())
        rest = schema.get("additionalProperties")
        given = {
            name: self.value(member, f"{path}.{name}", depth + 1)
            for name, member in members.items()
            if name in required or (depth < SHALLOW and member is not False)
        }
        for name in required:
            if name not in given:
                given[name] = self.value({} if rest is None else rest, f"{path}.{name}", depth + 1)
        if not members and isinstance(rest, dict) and (depth < SHALLOW or schema.get("minProperties")):
            for word in self.words[: max(1, schema.get("minProperties", 1))]:
                given.setdefault(word, self.value(rest, f"{path}.{word}", depth + 1))
        return given

    def array(self, schema: Mapping[str, Any], path: str, depth: int) -> list[Any]:
        first = schema.get("prefixItems", [])
        items = schema.get("items", {} if not first else False)
        least = schema.get("minItems", 0)
        wished = max(
            least, len(first), 1 + number(self.seed, path) % 2 if depth < SHALLOW and items is not False else 0
        )
        count = min(wished, schema.get("maxItems", wished))
        given: list[Any] = []
        for place in range(min(count, MOST) * 4):
            if len(given) == count:
                break
            item = self.value(first[place] if place < len(first) else items, f"{path}.{place}", depth + 1)
            if not schema.get("uniqueItems") or item not in given:
                given.append(item)
        if len(given) < least:
            raise BadSchema(f"the JSON schema asks for {least} different items at {path}")
        return given

    def string(self, schema: Mapping[str, Any], path: str) -> str:
        if "pattern" in schema:
            return self.patterned(schema, path)
        form = FORMATS.get(schema.get("format", ""))
        if form is not None:
            return form
        text: str = self.pick(self.words, path) if self.words else path.rpartition(".")[2]
        short = schema.get("minLength", 0) - len(text)
        if short > MOST:
            raise BadSchema(f"the JSON schema asks for more than {MOST} characters at {path}")
        if short > 0:
            text += "." * short
        return text[: schema.get("maxLength")]

    def patterned(self, schema: Mapping[str, Any], path: str) -> str:
        from lke_emulator.models.pattern import example

        self.patterns.add(schema["pattern"])
        if len(self.patterns) > PATTERNS:
            raise BadSchema(f"the JSON schema has more than {PATTERNS} patterns")
        text = example(schema["pattern"], schema.get("minLength", 1))
        if text is None or not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
            raise BadSchema(f"no text was found for the pattern {schema['pattern']} at {path}")
        return text

    def number(self, schema: Mapping[str, Any], path: str, whole: bool) -> Any:
        """A multiple of the step within the bounds, else for a number what lies in the middle."""
        step = schema.get("multipleOf", 1)
        least = max(-(-schema.get("minimum", -FAR) // step), schema.get("exclusiveMinimum", -FAR) // step + 1)
        most = min(schema.get("maximum", FAR) // step, -(-schema.get("exclusiveMaximum", FAR) // step) - 1)
        if least <= most:
            bounded = "minimum" in schema or "exclusiveMinimum" in schema
            start = int(least if bounded else min(1, most))
            return (start + number(self.seed, path) % (int(min(99, most - start)) + 1)) * step
        low = max(schema.get(name, -FAR) for name in ("minimum", "exclusiveMinimum"))
        high = min(schema.get(name, FAR) for name in ("maximum", "exclusiveMaximum"))
        if whole or "multipleOf" in schema or low >= high:
            raise BadSchema(f"the JSON schema allows no number at {path}")
        return low + (high - low) / 2


HINTS = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}
"""What a schema without a type is about."""


def merge(whole: dict[str, Any], part: Mapping[str, Any]) -> None:
    """What both say must hold: members are joined, of the rest the part's word counts where the whole is silent."""
    for name, value in part.items():
        if name == "properties":
            whole[name] = {**value, **whole.get(name, {})}
        elif name == "required":
            whole[name] = [*dict.fromkeys([*whole.get(name, ()), *value])]
        elif name == "allOf":
            whole[name] = [*whole.get(name, ()), *value]
        else:
            whole.setdefault(name, value)
