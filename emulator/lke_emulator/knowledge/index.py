"""Which texts share terms with a question: an inverted index over words and pairs of characters, ranked by BM25."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import log
from typing import NamedTuple

RUNS = re.compile(r"[a-z0-9]+|[^\W\d_a-z]+")
"""A word in Latin letters or a number, or a run of other letters, such as Chinese ones."""
Key = tuple[str, int]
"""The id of a record, and the place of the text in it."""
K1, B = 1.2, 0.75
"""The usual constants of BM25."""
COMMON = 2000
"""Texts that a term is in, from which on it finds none by itself."""


@lru_cache(4096)
def terms(text: str) -> tuple[str, ...]:
    """Words in Latin letters without a plural's s; of other scripts every pair of neighbours, or the letter that stands alone."""
    found: list[str] = []
    for run in RUNS.findall(text.casefold()):
        if run[0].isascii():
            found.append(run[:-1] if len(run) > 3 and run.endswith("s") else run)
        elif len(run) == 1:
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return tuple(found)


def similarity(one: str, other: str) -> float:
    """How much two questions have in common, from 0 to 1; 1 where they have the same terms."""
    a, b = Counter(terms(one)), Counter(terms(other))
    whole = a.total() + b.total()
    return 2 * (a & b).total() / whole if whole else float(one.strip() == other.strip())


class Hit(NamedTuple):
    key: Key
    score: float
    coverage: float
    """The share of the question that the text has, rare terms counting more; from 0 to 1."""


class Index:
    """Texts by key. What depends on time or on who asks is not known here."""

    def __init__(self) -> None:
        self._postings: dict[str, dict[Key, int]] = {}
        self._lengths: dict[Key, int] = {}
        self._terms: dict[Key, tuple[str, ...]] = {}
        self._total = 0

    def __len__(self) -> int:
        return len(self._lengths)

    def __contains__(self, key: Key) -> bool:
        return key in self._lengths

    def add(self, key: Key, text: str) -> None:
        """In place of the text that the key had."""
        self.remove(key)
        counts = Counter(terms(text))
        for term, count in counts.items():
            self._postings.setdefault(term, {})[key] = count
        self._terms[key] = tuple(counts)
        self._lengths[key] = counts.total()
        self._total += counts.total()

    def remove(self, key: Key) -> None:
        if key not in self._lengths:
            return
        for term in self._terms.pop(key):
            postings = self._postings[term]
            del postings[key]
            if not postings:
                del self._postings[term]
        self._total -= self._lengths.pop(key)

    def search(self, question: str) -> list[Hit]:
        """Every text that shares a term, the best first; equals by their keys."""
        count = len(self._lengths)
        mean = self._total / count if self._total else 1.0
        scores: dict[Key, float] = {}
        covered: dict[Key, float] = {}
        whole = 0.0
        asked = sorted(dict.fromkeys(terms(question)), key=lambda term: len(self._postings.get(term, ())))
        for term in asked:
            postings = self._postings.get(term, {})
            weight = log(1 + (count - len(postings) + 0.5) / (len(postings) + 0.5))
            whole += weight
            # A term that is nearly everywhere tells little: it ranks what rarer terms found, and is not looked up in the rest.
            found: Iterable[Key] = postings
            if scores and len(postings) > COMMON:
                found = [key for key in scores if key in postings]
            for key in found:
                times = postings[key]
                norm = times + K1 * (1 - B + B * self._lengths[key] / mean)
                scores[key] = scores.get(key, 0.0) + weight * times * (K1 + 1) / norm
                covered[key] = covered.get(key, 0.0) + weight
        hits = [Hit(key, score, covered[key] / whole) for key, score in scores.items()]
        hits.sort(key=lambda hit: (-hit.score, hit.key))
        return hits
