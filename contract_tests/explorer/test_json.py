"""JSON as the explorer reads and writes it: as Python does, and without losing a digit."""

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contract_tests.explorer.modules import each, one, several

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**64), 2**64) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


@settings(max_examples=5, deadline=None, phases=[Phase.generate])
@given(st.lists(VALUES, min_size=20, max_size=40))
def test_what_is_read_and_written_is_the_same(values: list[Any]) -> None:
    texts = [
        json.dumps(value, ensure_ascii=place % 2 == 0, indent=place % 3 or None) for place, value in enumerate(values)
    ]
    written = several("json.js", [["write", json.loads(text), "  "] for text in texts])
    assert [json.loads(text) for text in written] == values


def test_an_id_of_19_digits_keeps_them() -> None:
    assert one("json.js", "parse", '{"a": [1812732010083385344, -1e2, 0.5]}') == {"a": [1812732010083385344, -100, 0.5]}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1,\n "b" 2}', 2, 6),
        ("[1, 2", 1, 6),
        ('{"a": 01}', 1, 8),
        ("", 1, 1),
        ("{} {}", 1, 4),
        ('"\n"', 1, 1),
        ("nul", 1, 1),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int) -> None:
    [[value, thrown]] = each("json.js", [["parse", text]])
    assert value is None
    assert (thrown["line"], thrown["column"]) == (line, column)


def test_what_is_nested_too_deep_is_refused() -> None:
    assert each("json.js", [["parse", "[" * 5000 + "]" * 5000]])[0][1]["name"] == "Error"


def test_a_name_with_a_meaning_of_its_own_is_a_name() -> None:
    assert one("json.js", "parse", '{"__proto__": 1}') == {"__proto__": 1}
