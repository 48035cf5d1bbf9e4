"""Q&A that are made from a document: a question about each of its first segments, answered with the segment's words."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.reading import title_of
from lke_emulator.knowledge.segments import Segment

MARKS = re.compile(r"[#*`>|]|^[ \t]*-{3,}[ \t]*$", re.MULTILINE)
"""What makes markdown of a text."""
SENTENCE = re.compile(r"[^。！？.!?\n]{4,}[。！？.!?]?")
LOOKED_THROUGH = 10
"""Segments for each Q&A that is wanted: they may have nothing to ask about, or ask the same."""
ANSWER, SUBJECT = 300, 40
"""Characters, at most."""
CHINESE = re.compile("[\u4e00-\u9fff]")


class GeneratedQa(NamedTuple):
    question: str
    answer: str
    segment: str


def generated(document: Document, segments: Iterable[Segment], most: int) -> Iterator[GeneratedQa]:
    """At most so many, each with another question."""
    asked: set[str] = set()
    for segment in islice(segments, most * LOOKED_THROUGH):
        plain = MARKS.sub("", segment.text).strip()
        sentences = [sentence.strip() for sentence in SENTENCE.findall(plain)]
        if not sentences:
            continue
        subject = sentences[0].rstrip("。！？.!?")[:SUBJECT].strip()
        title = title_of(document.name)
        if CHINESE.search(subject):
            question = f"《{title}》中关于“{subject}”是怎么说的？"
        else:
            question = f"What does {title} say about “{subject}”?"
        if question not in asked:
            asked.add(question)
            yield GeneratedQa(question, " ".join(sentences)[:ANSWER], segment.id)
        if len(asked) == most:
            return
