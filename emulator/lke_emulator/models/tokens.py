"""How many tokens a text is: an estimate by its characters, the same wherever tokens are counted.

No tokenizer of the cloud's models is public, so a CJK character and any other one have a fixed weight each (assumption
`tokens_per_1000_characters`). The whole is rounded up: a text of one character is one token.
"""

import re
from collections.abc import Iterator
from typing import Annotated

import msgspec

CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+"
)
"""Chinese, Japanese and Korean, their punctuation and full-width forms."""
TOKEN = 1000
"""What a token weighs."""
Weight = Annotated[int, msgspec.Meta(gt=0, le=TOKEN)]
"""Not above a token's: then every token is at least one character, and a text can be cut into its tokens."""


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Tokens that 1,000 characters are. The defaults are DeepSeek's rule of thumb: 0.6 and 0.3 each (documented)."""

    cjk: Weight = 600
    other: Weight = 300


def estimate(text: str, rates: Rates) -> int:
    cjk = 0 if text.isascii() else sum(map(len, CJK.findall(text)))
    return -(-(cjk * rates.cjk + (len(text) - cjk) * rates.other) // TOKEN)


def split(text: str, rates: Rates) -> list[str]:
    """The text in pieces of one token: as many as its estimate, which joined are the text."""
    ends = bounds(text, rates)
    return [text[start:stop] for start, stop in zip([0, *ends], ends, strict=False)]


def portions(text: str, rates: Rates, size: int) -> list[tuple[str, int]]:
    """The text in pieces of whole tokens, of `size` characters or just above it, the last one of what is left; and how many
    tokens each is."""
    cut: list[tuple[str, int]] = []
    start = count = tokens = 0
    for tokens, stop in enumerate(bounds(text, rates), 1):
        if stop - start >= size:
            cut.append((text[start:stop], tokens - count))
            start, count = stop, tokens
    if start < len(text):
        cut.append((text[start:], tokens - count))
    return cut


def bounds(text: str, rates: Rates) -> list[int]:
    """Where each token ends."""
    return even(len(text), rates.other) if text.isascii() else list(mixed(text, rates))


def shortened(text: str, most: int, rates: Rates) -> str:
    """The text's first `most` tokens."""
    if len(text) <= most or estimate(text, rates) <= most:
        return text
    return text[: most * TOKEN // rates.other] if text.isascii() else "".join(split(text, rates)[:most])


def even(length: int, weight: int) -> list[int]:
    """Where each token ends in characters of one weight."""
    ends = [token * TOKEN // weight for token in range(1, -(-length * weight // TOKEN))]
    return [*ends, length] if length else []


def mixed(text: str, rates: Rates) -> Iterator[int]:
    """A character belongs to the token in which its weight ends."""
    weight, full = 0, TOKEN
    for place, character in enumerate(text):
        weight += rates.cjk if CJK.match(character) else rates.other
        if weight > full:
            yield place
            full += TOKEN
    if text:
        yield len(text)
