"""The JSON Schema of scenarios for editors, which comes from the structs that read them."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lke_emulator.scenario.document import read_yaml
from lke_emulator.scenario.load import shipped
from lke_emulator.scenario.schema import schema

STARTER = Path(__file__).parents[2] / "emulator" / "lke_emulator" / "scenario" / "starter.yaml"
RULES = schema()

CHECKED = {
    "type",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "minimum",
    "maximum",
    "pattern",
    "minLength",
    "exclusiveMinimum",
}
CHECKED |= {"minItems", "maxItems", "maxLength", "$ref"}
SAID = {"title", "description", "default", "discriminator", "$defs", "$schema"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def violations(value: Any, rule: dict[str, Any], root: dict[str, Any], path: str = "") -> Iterator[str]:
    """What a JSON Schema finds wrong with a value; a keyword that is not understood here is an error of the test."""
    assert rule.keys() <= CHECKED | SAID
    if "$ref" in rule:
        yield from violations(value, root["$defs"][rule["$ref"].removeprefix("#/$defs/")], root, path)
    if "anyOf" in rule and all(any(violations(value, each, root)) for each in rule["anyOf"]):
        yield f"{path}: none of anyOf"
    kinds = [rule["type"]] if isinstance(rule.get("type"), str) else rule.get("type", [])
    allowed = tuple(kind for name in kinds for kind in TYPES[name])
    if kinds and (not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)):
        yield f"{path}: no {kinds}"
        return
    if "enum" in rule and value not in rule["enum"]:
        yield f"{path}: none of {rule['enum']}"
    if isinstance(value, (int, float)):
        least, most = rule.get("minimum", value), rule.get("maximum", value)
        if not least <= value <= most or value <= rule.get("exclusiveMinimum", -math.inf):
            yield f"{path}: out of range"
    elif isinstance(value, str):
        if not re.search(rule.get("pattern", ""), value) or not (
            rule.get("minLength", 0) <= len(value) <= rule.get("maxLength", len(value))
        ):
            yield f"{path}: does not match"
    elif isinstance(value, list):
        if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
            yield f"{path}: wrong length"
        for i, item in enumerate(value):
            yield from violations(item, rule.get("items", {}), root, f"{path}[{i}]")
    elif isinstance(value, dict):
        yield from (f"{path}: {name} is missing" for name in rule.get("required", ()) if name not in value)
        others = rule.get("additionalProperties", True)
        for name, item in value.items():
            inner = rule.get("properties", {}).get(name, others)
            if inner is False:
                yield f"{path}: {name} is unknown"
            elif isinstance(inner, dict):
                yield from violations(item, inner, root, f"{path}.{name}")


@pytest.mark.parametrize("path", [STARTER, *shipped().values()], ids=lambda path: path.stem)
def test_shipped_scenarios_conform(path: Path) -> None:
    assert not list(violations(read_yaml(path.read_text("utf-8"), path.name).value, RULES, RULES))


ACCOUNT = {"uin": 1, "credentials": [{"secret_id": "a", "secret_key": "b"}]}


@pytest.mark.parametrize(
    ("scenario", "violation"),
    [
        ({"seed": 1}, ": accounts is missing"),
        ({"seed": "soon", "accounts": [ACCOUNT]}, ".seed: no ['integer']"),
        ({"accounts": [ACCOUNT | {"modles": []}]}, ".accounts[0]: modles is unknown"),
        ({"accounts": [ACCOUNT | {"rate_limit": -1}]}, ".accounts[0].rate_limit: none of anyOf"),
        ({"accounts": [ACCOUNT | {"order": "down"}]}, ".accounts[0].order: none of ['asc', 'sharded']"),
        ({"accounts": [ACCOUNT | {"credentials": []}]}, ".accounts[0].credentials: wrong length"),
        ({"accounts": [ACCOUNT | {"usage": [{"kind": "totals"}]}]}, ".accounts[0].usage[0]: none of anyOf"),
        ({"accounts": [ACCOUNT | {"keys": [{"secrets": "sk-1"}]}]}, ".accounts[0].keys[0]: secrets is unknown"),
        ({"accounts": [ACCOUNT | {"chat": [{"delay": -1}]}]}, ".accounts[0].chat[0].delay: out of range"),
        ({"accounts": [ACCOUNT | {"uin": "me"}]}, ".accounts[0].uin: does not match"),
        (
            {"accounts": [ACCOUNT | {"billing": {"packages": [{"kind": "tokens"}]}}]},
            ".accounts[0].billing.packages[0]: total is missing",
        ),
    ],
)
def test_mistakes_of_form_are_found(scenario: dict[str, Any], violation: str) -> None:
    assert list(violations(scenario, RULES, RULES)) == [violation]


def test_the_schema_describes_every_section_and_its_fields() -> None:
    definitions = RULES["$defs"]
    sections = definitions.keys() - {"ReplyMethods"}
    assert all(definitions[name].get("description") for name in sections)
    assert {
        "Scenario",
        "AccountSection",
        "Assumptions",
        "Generated",
        "Total",
        "Steady",
        "Repeating",
        "Points",
    } <= sections
    written = ("Credential", "Key", "AccessToken", "Package", "Price", "Billing")
    for name in ("Generated", "Assumptions", *(f"{each}Section" for each in written)):
        silent = {key for key, field in definitions[name]["properties"].items() if not field.get("description")}
        assert silent <= {"kind"}


def test_no_description_says_a_thing_twice() -> None:
    """What sections inherit stands in each of them; the forms of moments and the like stand once."""
    texts = list(descriptions(RULES))
    forms = [RULES["$defs"][name]["description"] for name in ("Moment", "Duration", "SecretId")]
    assert [texts.count(form) for form in forms] == [1, 1, 1]
    for text in texts:
        sentences = re.findall(r"[^.]{12,}\.", text)
        assert len(sentences) == len(set(sentences)), text


def descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("description"), str):
            yield node["description"]
        for inner in node.values():
            yield from descriptions(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from descriptions(inner)
