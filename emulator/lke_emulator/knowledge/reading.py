"""What a saved document says: its text where it can be read, a seeded one where not."""

from collections.abc import Iterable
from typing import NamedTuple

from lke_emulator.knowledge.objects import Object
from lke_emulator.knowledge.parsing import is_long, parse
from lke_emulator.knowledge.source import SEEDED_PAGE_BYTES
from lke_emulator.knowledge.specimen import Specimen
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.knowledge.unread import Unread

MB = 1 << 20
LIMITS = {
    **dict.fromkeys(("pdf", "doc", "docx", "ppt", "pptx", "mhtml", "wps", "ppsx"), 200 * MB),
    **dict.fromkeys(("xlsx", "xls", "md", "txt", "csv", "html"), 20 * MB),
    **dict.fromkeys(("jpg", "png", "jpeg", "tiff", "bmp", "gif"), 50 * MB),
}
"""Bytes of a file of a type (documented)."""
OTHERS = frozenset(
    "pages epub xml json log tsv numbers key webp heif heic jp2 eps icns im pcx ppm xbm xmind ppsm".split()  # noqa: SIM905
)
"""Types beside those that can be uploaded (documented), without a documented limit."""
PLAIN = frozenset(("txt", "md", "json", "log", "xml", "tsv"))
"""Types that are text as they are."""
PAGES = 12
"""Of a seeded text, at most."""
PAGE_CHARACTERS = 1800
PAGE_END = "\f"


class Reading(NamedTuple):
    """`text` is None where it is seeded; pages of a text end with a form feed."""

    text: str | None
    pages: int
    characters: int
    problem: str = ""
    """Why it cannot be parsed."""


def title_of(name: str) -> str:
    return name.rpartition(".")[0] or name


def read(content: Object | None, name: str, type: str, size: int, seed: str) -> Reading:
    """The text of an uploaded object, or of one that nobody uploaded here."""
    if content is None:
        return seeded(name, max(1, min(PAGES, -(-size // SEEDED_PAGE_BYTES))), seed)
    try:
        pages = parse(content.content, reader_of(type), title_of(name), PAGE_CHARACTERS)
    except Unparsable as problem:
        return Reading("", 0, 0, problem.why)
    if isinstance(pages, Specimen):
        return seeded(name, min(PAGES, len(pages)), seed)
    text = PAGE_END.join(pages)
    return Reading(text, 1 if type in PLAIN else len(pages), len(text))


def reader_of(type: str) -> str:
    return "TXT" if type in PLAIN else "HTML" if type == "mhtml" else type.upper()


def long_files(contents: Iterable[tuple[Object | None, str]], page_characters: int = PAGE_CHARACTERS) -> list[Unread]:
    """Those of some objects, of these types, whose reading takes long."""
    files = [Unread(one.content, reader_of(type), page_characters) for one, type in contents if one is not None]
    return [unread for unread in files if is_long(unread)]


def seeded(name: str, pages: int, seed: str) -> Reading:
    return Reading(None, pages, len(seeded_text(name, pages, seed)))


def seeded_text(name: str, pages: int, seed: str) -> str:
    return PAGE_END.join(Specimen(title_of(name), pages, seed))
