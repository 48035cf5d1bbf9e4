"""Patterns that are found in linear time: what `re` finds is found, and nothing takes long."""

import re
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.models.linear import Linear
from lke_emulator.models.pattern import example
from lke_emulator.models.rewrite import rewrite
from lke_emulator.models.sample import BadSchema, sample

TEXTS = ["", "a", "ab", "aab", "abc", "b\na", "A b", "xaby", "中文 ab", "a-b_c", "ba\n", "aaa", "cab\nabc"]
atoms = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\w", r"\s", r"\b", "^", "$", r"\d", "é", r"\A", r"\Z"])


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(parts, min_size=1, max_size=3).map("".join),
        st.lists(parts, min_size=2, max_size=3).map(lambda several: f"(?:{'|'.join(several)})"),
        st.tuples(parts, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        parts.map(lambda part: f"(?={part})"),
        parts.map(lambda part: f"(?!{part})"),
        parts.map(lambda part: f"(?i:{part})"),
        parts.map(lambda part: f"({part})"),
    )


patterns = st.recursive(atoms, joined, max_leaves=8)


@given(patterns, st.sampled_from(TEXTS) | st.text("abc \n", max_size=8), st.sampled_from(["", "(?i)", "(?m)", "(?s)"]))
def test_what_re_finds_is_found(pattern: str, text: str, flags: str) -> None:
    assert Linear(flags + pattern).found_in(text) == (re.search(flags + pattern, text) is not None)


@pytest.mark.parametrize("pattern", ["(?<=a)b", "(?<!a)b", r"(?<=\b)a", "(?<=ab)c|^b"])
def test_what_stands_before_is_looked_at(pattern: str) -> None:
    for text in TEXTS:
        assert Linear(pattern).found_in(text) == (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(.*a){12}$", "a*a*a*a*a*a*b", "(?=(a+)+$)b", "(a?){60}a{60}b"]
)
def test_no_search_takes_long(pattern: str) -> None:
    asked = Linear(pattern)
    began = thread_time()
    asked.found_in("a" * 100_000 + "!")
    assert thread_time() - began < 2


@pytest.mark.parametrize(
    "pattern", ["(", "[", "a{2,1}", r"(a)\1", "(?>a)b", "a++b", "((a{99}){99}){99}", "((){99999}){99999}", "(" * 5000]
)
def test_what_cannot_be_followed_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError):
        Linear(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+b?c|d", "(x+x+)+y", "(" * 3000 + ")" * 3000, r"(a)\1", "(a|b|ab)*c"])
def test_no_example_takes_long(pattern: str) -> None:
    began = thread_time()
    try:
        text = example(pattern, 5000)
    except ValueError:
        text = None
    assert text is None or Linear(pattern).found_in(text)
    assert thread_time() - began < 2


def hostile() -> list[dict[str, object]]:
    doubled = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(31)}
    patterned = {
        f"p{n}": {"type": "string", "pattern": f"(a?){{60}}a{{60}}b{n}", "minLength": 2000} for n in range(500)
    }
    return [
        {"$defs": doubled | {"a31": {}}, "$ref": "#/$defs/a0"},
        {"type": "object", "properties": patterned},
    ]


@pytest.mark.parametrize("schema", hostile())
def test_no_schema_takes_long(schema: dict[str, object]) -> None:
    began = thread_time()
    with pytest.raises(BadSchema):
        sample(schema, 1, ["a"])
    assert thread_time() - began < 2


def test_a_long_question_is_soon_rewritten() -> None:
    began = thread_time()
    rewrite(["river lake " * 50_000, "And where is it?"])
    assert thread_time() - began < 2
