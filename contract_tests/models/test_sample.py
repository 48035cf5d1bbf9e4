"""Values made to follow a JSON Schema."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lke_emulator.models.pattern import example
from lke_emulator.models.sample import BadSchema, sample

Case = tuple[dict[str, Any], Callable[[Any], bool]]
"""A schema, and what holds for every value that follows it."""


def whole(low: int, span: int) -> Case:
    return {
        "type": "integer",
        "minimum": low,
        "maximum": low + span,
    }, lambda v: type(v) is int and low <= v <= low + span


def multiple(step: int, low: int) -> Case:
    schema = {"type": "integer", "multipleOf": step, "exclusiveMinimum": low}
    return schema, lambda v: v % step == 0 and v > low


def real(low: int, span: int) -> Case:
    schema = {"type": "number", "exclusiveMinimum": low, "exclusiveMaximum": low + span}
    return schema, lambda v: low < v < low + span


def text(least: int, more: int) -> Case:
    return {"type": "string", "minLength": least, "maxLength": least + more}, lambda v: least <= len(v) <= least + more


def chosen(values: list[Any]) -> Case:
    return {"enum": values}, lambda v: v in values


def several(case: Case, least: int, more: int) -> Case:
    schema, holds = case
    return (
        {"type": "array", "items": schema, "minItems": least, "maxItems": least + more},
        lambda v: least <= len(v) <= least + more and all(map(holds, v)),
    )


def thing(members: dict[str, Case], required: set[str]) -> Case:
    needed = required & set(members)
    schema = {
        "type": "object",
        "properties": {name: case[0] for name, case in members.items()},
        "required": sorted(needed),
        "additionalProperties": False,
    }
    return schema, lambda v: needed <= set(v) <= set(members) and all(members[name][1](v[name]) for name in v)


def either(first: Case, second: Case) -> Case:
    return {"anyOf": [first[0], second[0]]}, lambda v: any(safely(case[1], v) for case in (first, second))


def safely(holds: Callable[[Any], bool], value: Any) -> bool:
    try:
        return holds(value)
    except TypeError:
        return False


small, names = st.integers(0, 9), st.text("abc", min_size=1, max_size=2)
plain = (
    st.builds(whole, st.integers(-100, 100), small)
    | st.builds(multiple, st.integers(1, 9), st.integers(-100, 100))
    | st.builds(real, st.integers(-100, 100), st.integers(1, 9))
    | st.builds(text, small, small)
    | st.builds(chosen, st.lists(st.none() | st.integers() | st.text(max_size=3), min_size=1, max_size=3))
)
cases = st.recursive(
    plain,
    lambda inner: (
        st.builds(several, inner, small, small)
        | st.builds(thing, st.dictionaries(names, inner, max_size=4), st.sets(names))
        | st.builds(either, inner, inner)
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(cases, st.integers(0, 2**64 - 1), st.lists(st.text(max_size=5), max_size=3))
def test_a_sample_follows_its_schema_and_its_seed_alone(case: Case, seed: int, words: list[str]) -> None:
    schema, holds = case
    value = sample(schema, seed, words)
    assert holds(value)
    assert sample(schema, seed, words) == value


def test_a_schema_that_contains_itself_ends() -> None:
    node = {
        "type": "object",
        "properties": {
            "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            "next": {"$ref": "#/$defs/maybe"},
        },
        "required": ["children", "next"],
    }
    schema = {"$ref": "#/$defs/node", "$defs": {"node": node, "maybe": {"anyOf": [node, {"type": "null"}]}}}

    def depth(value: Any) -> int:
        return 0 if value is None else 1 + max([depth(value["next"]), *map(depth, value["children"])])

    assert 1 < depth(sample(schema, 1, ["x"])) < 12


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"const": 7}, 7),
        ({"type": "null"}, None),
        ({"type": ["null", "integer"], "minimum": 3, "maximum": 3}, 3),
        ({"allOf": [{"minimum": 4}, {"maximum": 4}], "type": "integer"}, 4),
        ({"prefixItems": [{"const": 1}, {"const": 2}]}, [1, 2]),
        ({"type": "string", "format": "date"}, "2025-06-17"),
    ],
    ids=str,
)
def test_keywords_are_heard(schema: dict[str, Any], value: Any) -> None:
    assert sample(schema, 5, ["word"]) == value


def test_items_differ_where_they_must() -> None:
    schema = {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True, "minItems": 2, "maxItems": 2}
    for seed in range(20):
        assert len(set(sample(schema, seed, []))) == 2


def test_required_members_without_a_schema_of_their_own_follow_the_rest() -> None:
    assert sample({"required": ["a"], "additionalProperties": {"const": 1}}, 5, ["word"])["a"] == 1


@pytest.mark.parametrize(
    "schema",
    [False, 3, {"type": "array", "items": {"const": 1}, "uniqueItems": True, "minItems": 2}, {"$ref": "http://x/y"}],
    ids=str,
)
def test_what_cannot_be_followed_is_a_bad_schema(schema: Any) -> None:
    with pytest.raises(BadSchema):
        sample(schema, 1, ["word"])


PATTERNS = [
    r"^[A-Z]{3}-\d{4}$", r"^(foo|bar)+x?$", r'^[^"]+$', r"^\w+@\w+\.com$", r"^(?:\+86)?1[3-9]\d{9}$",
    r"^[\u4e00-\u9fff]{2,4}$", r"^https?://\S+$", r"^\s\D\W.$", r"^[^\d\s]$", r"(?=a)abc",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("wished", [1, 3])
def test_a_pattern_finds_its_example(pattern: str, wished: int) -> None:
    found = example(pattern, wished)
    assert found is not None
    assert re.search(pattern, found)


@pytest.mark.parametrize("pattern", ["(", "a{100000}", "((a{500}){500}){500}"])
def test_an_impossible_pattern_is_told(pattern: str) -> None:
    with pytest.raises(ValueError):
        example(pattern)
