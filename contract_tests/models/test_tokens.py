"""The token estimate."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lke_emulator.models.tokens import Rates, estimate, portions, shortened, split

texts = st.text(st.sampled_from("aZ .知识引擎，。あ한é😀\n"), max_size=60) | st.text(max_size=40)
rates = st.builds(Rates, cjk=st.integers(1, 1000), other=st.integers(1, 1000))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("abc", 1),
        ("abcd", 2),
        ("a" * 10, 3),
        ("知", 1),
        ("知识", 2),
        ("知识引擎吧", 3),
        ("知a", 1),
        ("知识a", 2),
    ],
)
def test_the_default_is_deepseeks_rule_of_thumb(text: str, count: int) -> None:
    """api-docs.deepseek.com, Token & Token Usage: an English character is about 0.3 token, a Chinese one about 0.6."""
    assert estimate(text, Rates()) == count


@given(texts, rates)
def test_a_text_is_cut_into_as_many_pieces_as_it_has_tokens(text: str, rates: Rates) -> None:
    pieces = split(text, rates)
    assert "".join(pieces) == text
    assert len(pieces) == estimate(text, rates)
    assert all(pieces)


@given(texts, st.integers(1, 20), rates)
def test_portions_are_whole_tokens_of_at_least_so_many_characters(text: str, size: int, rates: Rates) -> None:
    cut = portions(text, rates, size)
    assert "".join([piece for piece, _ in cut]) == text
    assert sum([count for _, count in cut]) == estimate(text, rates)
    for piece, count in cut[:-1]:
        assert len(piece) >= size
        assert len(split(text, rates)) > count >= 1
    assert [piece for piece, _ in portions(text, rates, 1)] == split(text, rates)


@given(texts, st.integers(0, 20), rates)
def test_a_text_cut_short_has_so_many_tokens_and_begins_like_the_whole(text: str, most: int, rates: Rates) -> None:
    short = shortened(text, most, rates)
    assert text.startswith(short)
    assert estimate(short, rates) == min(most, estimate(text, rates))


@given(texts, texts, rates)
def test_two_texts_together_have_at_most_the_tokens_of_both(first: str, second: str, rates: Rates) -> None:
    both = estimate(first, rates) + estimate(second, rates)
    assert both - 1 <= estimate(first + second, rates) <= both


@pytest.mark.parametrize("wrong", [0, -1, 1001])
def test_a_character_is_at_most_a_token(wrong: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"cjk": wrong}, Rates)
