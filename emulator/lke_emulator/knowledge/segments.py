"""The segments of documents: what is found of them. They are cut from the text when they are first asked for."""

from collections.abc import Iterator
from typing import NamedTuple

from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.reading import PAGE_END, title_of
from lke_emulator.knowledge.splitting import pieces, split
from lke_emulator.primitives.seeds import number

LENGTH = 1000
"""Characters of a segment (documented as the default chunk length of a split rule)."""

PART = 100_000
"""Characters of a page that are looked at together: a sheet may have millions."""


class Segment(NamedTuple):
    id: str
    document: str
    """Its id."""
    text: str
    pages: tuple[int, ...]
    """The pages that it is on, from 1."""
    is_table: bool

    def titled(self, name: str) -> str:
        """What is told of it: the document's name before the text (documented by example)."""
        return f"{title_of(name)}: \r\n{self.text}"


def cut(document: Document) -> Iterator[Segment]:
    """The segments of a document in their order; ids depend on the document's and the place alone."""
    place = 0
    for page, text in enumerate(document.content().split(PAGE_END), 1):
        for chunk in (chunk for part in pieces(text, PART) for chunk in split(part, LENGTH)):
            if not chunk.text.strip():
                continue
            id = str(1_800_000_000_000_000_000 + number("segment", document.id, place) % 10**17)
            yield Segment(id, document.id, chunk.text, (page,), chunk.text.lstrip().startswith("|"))
            place += 1
