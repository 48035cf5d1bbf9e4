"""Texts as vectors."""

from math import isclose
from operator import mul

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lke_emulator.models.embedding import vector

LEFT = st.lists(st.text("abcdefghijklm", min_size=4, max_size=8), min_size=4, max_size=8, unique=True)
RIGHT = st.lists(st.text("nopqrstuvwxyz", min_size=4, max_size=8), min_size=4, max_size=8, unique=True)
"""Words of the two sides have no letter in common."""


def near(first: str, second: str) -> float:
    return float(sum(map(mul, vector(first), vector(second))))


@settings(max_examples=50)
@given(st.text(max_size=80), st.integers(1, 2048))
def test_every_text_has_a_vector_of_length_one(text: str, dimensions: int) -> None:
    found = vector(text, dimensions)
    assert len(found) == dimensions
    assert isclose(sum(map(mul, found, found)), 1, abs_tol=1e-5)
    assert vector(text, dimensions) == found


@settings(max_examples=50)
@given(LEFT, RIGHT)
def test_texts_that_share_words_are_nearer(words: list[str], others: list[str]) -> None:
    text = " ".join(words)
    half = " ".join([*words[: len(words) // 2], *others[: len(others) // 2]])
    assert near(text, half) > near(text, " ".join(others))


@pytest.mark.parametrize(
    ("text", "nearer", "farther"),
    [
        ("How do I top up my balance?", "Topping up the balance", "The weather in Paris"),
        ("大模型知识引擎如何计费", "知识引擎的计费方式", "今天天气很好"),
        ("resource packages expire", "a resource package expires", "graph of tokens"),
    ],
)
def test_related_texts_are_nearer(text: str, nearer: str, farther: str) -> None:
    assert near(text, nearer) > near(text, farther) + 0.2


def test_unrelated_texts_are_nearly_at_right_angles() -> None:
    topics = ["glaciers melt slowly", "billing of packages", "a harbour at night", "signed requests", "red apples"]
    pairs = [(first, second) for place, first in enumerate(topics) for second in topics[:place]]
    assert max(abs(near(first, second)) for first, second in pairs) < 0.2


def test_upper_case_does_not_matter() -> None:
    assert vector("Hello World") == vector("hello world")


def test_word_order_matters_a_little() -> None:
    assert 0.5 < near("dog bites man", "man bites dog") < 0.999
