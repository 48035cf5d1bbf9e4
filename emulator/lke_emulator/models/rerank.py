"""How near texts are to a query, by the words and the pairs of CJK characters that they share."""

import re
from collections.abc import Sequence
from itertools import pairwise

CJK = "぀-ヿ㐀-鿿豈-﫿가-힯"
WORD = re.compile(rf"[{CJK}]|(?:(?![{CJK}])[^\W_])+")
"""A word, or one CJK character."""
COVERAGE = 0.85
"""How much the query's terms that a text has weigh, against the text's terms that the query has."""


def terms(text: str) -> dict[str, float]:
    """The terms of a text with their weights: words, CJK characters, and neighbours in pairs."""
    words = WORD.findall(text.lower())
    found = {word: weight(word) for word in words}
    for first, second in pairwise(words):
        found[f"{first} {second}"] = weight(first) + weight(second)
    return found or dict.fromkeys(text, 1.0)


def weight(word: str) -> float:
    """Longer words weigh more; in quarters, so that sums of weights are exact in any order."""
    return min(len(word), 8) / 4


def score(query: dict[str, float], text: dict[str, float]) -> float:
    """From 0 (nothing shared) to 1 (the same terms)."""
    shared = query.keys() & text.keys()
    if not shared:
        return 0.0
    common = sum(query[term] for term in shared)
    of_query, of_text = (common / sum(side.values()) for side in (query, text))
    return min(1.0, COVERAGE * of_query + (1 - COVERAGE) * of_text)


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """One score a text, in their order; each depends on the query and that text alone."""
    asked = terms(query)
    return [score(asked, terms(text)) for text in texts]
