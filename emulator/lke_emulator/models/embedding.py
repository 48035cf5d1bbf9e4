"""Texts as vectors: equal texts are equal, and texts are the nearer the more words and parts of words they share.

Each feature of a text is hashed to a few places with a sign, so that texts without a common feature are all but at
right angles. Only whole numbers are summed, so every machine finds the same vector.
"""

from array import array
from collections import Counter
from hashlib import blake2b
from itertools import pairwise
from math import sqrt

from lke_emulator.models.rerank import WORD

DIMENSIONS = 1024
PLACES = 16
"""Places that a feature takes; the more, the smaller is what two of them share by accident."""
WORD_WEIGHT, PAIR_WEIGHT, PART_WEIGHT = 4, 2, 1


def vector(text: str, dimensions: int = DIMENSIONS) -> "array[float]":
    """Of length 1, as 32-bit floats; a text without words is told by its characters."""
    sums = [0] * dimensions
    for feature, weight in features(text).items():
        places = blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=4 * PLACES).digest()
        for start in range(0, 4 * PLACES, 4):
            place = int.from_bytes(places[start : start + 4])
            sums[(place >> 1) % dimensions] += weight if place & 1 else -weight
    length = sqrt(sum(part * part for part in sums))
    if not length:  # the empty text, or all features cancelled out
        return array("f", [1.0] + [0.0] * (dimensions - 1))
    return array("f", [part / length for part in sums])


def features(text: str) -> Counter[str]:
    """Words and CJK characters, neighbours in pairs, and the three-letter parts of words, with their weights."""
    words: list[str] = WORD.findall(text.lower()) or list(text)
    found: Counter[str] = Counter()
    for word in words:
        found[word] += WORD_WEIGHT
        padded = f"<{word}>"
        for start in range(len(padded) - 2) if len(word) > 1 else ():
            found[f"~{padded[start : start + 3]}"] += PART_WEIGHT
    for first, second in pairwise(words):
        found[f"{first} {second}"] += PAIR_WEIGHT
    return found
