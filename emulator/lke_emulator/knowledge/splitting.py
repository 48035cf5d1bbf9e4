"""A markdown text cut into chunks: at its headings first, then between paragraphs, lines and sentences."""

import re
from collections.abc import Iterator
from typing import NamedTuple

HEADING = re.compile(r" {0,3}#{1,6}[ \t]+\S")
FENCE = re.compile(r" {0,3}(```|~~~)")
BREAKS = ("\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", " ")
"""Where a long section is cut, the best place first."""
IMAGE = re.compile(r"!\[([^\[\]]*)\]\(([^()]*)\)")
"""Its text, and its address. An opening bracket ends the try, or a row of them would be tried from each to the end."""
PLACEHOLDER = "[image]"


class Chunk(NamedTuple):
    text: str
    section: str
    """The whole section, from its heading to the next one, that the text is from."""

    @property
    def plain(self) -> str:
        """The text with a placeholder for each image, as it is embedded (documented)."""
        return IMAGE.sub(PLACEHOLDER, self.text)


def split(text: str, size: int, most: int = 0) -> list[Chunk]:
    """Chunks of at most `size` characters; joined, they are the text. A section of more than `most` chunks is several, or stays
    whole where that is 0."""
    return [
        Chunk(piece, part)
        for section in sections(text)
        for part in (pieces(section, most * size) if most else (section,))
        for piece in pieces(part, size)
    ]


def sections(text: str) -> Iterator[str]:
    """From heading to heading; headings that follow one another stay together, and code blocks have none."""
    section: list[str] = []
    in_code = has_body = False
    for line in text.splitlines(keepends=True):
        in_code ^= FENCE.match(line) is not None
        heading = not in_code and HEADING.match(line) is not None
        if heading and has_body:
            yield "".join(section)
            section, has_body = [], False
        section.append(line)
        has_body = has_body or not (heading or line.isspace())
    if section:
        yield "".join(section)


def pieces(section: str, size: int) -> Iterator[str]:
    start = 0
    while len(section) - start > size:
        end = cut(section, start, start + size)
        yield section[start:end]
        start = end
    yield section[start:]


def cut(text: str, start: int, limit: int) -> int:
    """The best place to end a piece: behind the first kind of break that the second half of the piece has."""
    for mark in BREAKS:
        at = text.rfind(mark, (start + limit) // 2, limit)
        if at >= 0:
            return at + len(mark)
    return limit
