"""The segments of documents: what is found of them. They are cut from the text when they are first asked for."""

from typing import NamedTuple

from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.reading import PAGE_END, title_of
from lke_emulator.knowledge.splitting import split
from lke_emulator.primitives.seeds import number

LENGTH = 1000
"""Characters of a segment (documented as the default chunk length of a split rule)."""


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


def cut(document: Document) -> tuple[Segment, ...]:
    """The segments of a document in their order; ids depend on the document's and the place alone."""
    made: list[Segment] = []
    for page, text in enumerate(document.content().split(PAGE_END), 1):
        for chunk in split(text, LENGTH):
            if not chunk.text.strip():
                continue
            id = str(1_800_000_000_000_000_000 + number("segment", document.id, len(made)) % 10**17)
            made.append(Segment(id, document.id, chunk.text, (page,), chunk.text.lstrip().startswith("|")))
    return tuple(made)
