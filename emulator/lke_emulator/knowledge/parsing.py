"""A file as pages of markdown: texts, DOCX and PPTX are read, PDF and XLSX with the extra `documents`.

Everything else, and a scan, gets seeded pages; a PDF as many as it has. What takes long, or is read by other people's code, is
read in a process of its own.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from lke_emulator.knowledge.apart import told_apart
from lke_emulator.knowledge.specimen import Specimen
from lke_emulator.knowledge.splitting import pieces
from lke_emulator.knowledge.tables import table
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.knowledge.unread import Unread
from lke_emulator.primitives.seeds import number

ZIP = (b"PK\x03\x04",)
OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
JPEG = (b"\xff\xd8\xff",)
# How a file of a type begins; types that are not here are taken as they come.
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "PDF": (b"%PDF-",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPG": JPEG,
    "JPEG": JPEG,
    "GIF": (b"GIF87a", b"GIF89a"),
    "BMP": (b"BM",),
    "TIFF": (b"II*\0", b"MM\0*"),
    "WEBP": (b"RIFF",),
    "DOCX": ZIP,
    "XLSX": ZIP,
    "PPTX": ZIP,
    "EPUB": ZIP,
    "DOC": OLE,
    "XLS": OLE,
    "PPT": OLE,
    "WPS": OLE,
}
PAGED = frozenset(("PDF", "WPS", "DOC", "DOCX", "PPT", "PPTX", "XLS", "XLSX", "EPUB"))
"""Types that can have more than one page beside the texts; every other one is a picture."""
PAGE_OBJECT = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,300}?stream\r?\n", re.DOTALL)
ENCRYPTED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R\b")
MOST_SEEDED = 12
INFLATED = 1 << 20
"""Of one stream; what lies beyond is not looked at."""
MOST_INFLATED = 8 << 20
"""Of all streams of a file: more takes longer than others can wait for (8 MiB are inflated and searched in 40 ms)."""


LONG = {"HTML": 16 << 10, "CSV": 32 << 10}
"""Bytes of a text that are read in some ten milliseconds; of every other type LONG_TEXT."""
LONG_TEXT = 512 << 10
LONG_MEMBERS = 256 << 10
"""Bytes of what is read of an archive, unpacked."""
EMPTY = "InvalidParameter.InvalidFileFormat", "the file is empty"


def parse(content: bytes, file_type: str, title: str, page_characters: int) -> Sequence[str]:
    """The pages of a file; Unparsable when it is empty, not what its type says, or cannot be opened.

    A text has a page break at every form feed, and where a page would exceed `page_characters`.
    """
    if not content or content.isspace():
        raise Unparsable(*EMPTY)
    beginnings = BEGINNINGS.get(file_type)
    if beginnings and not content.startswith(beginnings):
        raise Unparsable("InvalidParameter.InvalidFileFormat", f"the file is no {file_type}")
    unread = Unread(content, file_type, page_characters)
    pages = told_apart(unread) if is_long(unread) else read_here(unread)
    return Specimen(title, pages, seed_of(content)) if isinstance(pages, int) else pages


def is_long(unread: Unread) -> bool:
    """Whether others would be held up while it is read, or might be."""
    content, type, _ = unread
    if BEGINNINGS.get(type) and not content.startswith(BEGINNINGS[type]):
        return False
    match type:
        case "PDF":
            from lke_emulator.knowledge.pdf import PAGES

            return any(word in content for word in PAGES)
        case "XLS":
            return True
        case "DOCX" | "PPTX" | "XLSX":
            from lke_emulator.knowledge.container import Container

            try:
                container = Container(content)
            except Unparsable:
                return False
            return type == "XLSX" or container.unpacked(("word/document", "ppt/slides/")) > LONG_MEMBERS
    return type in READERS and len(content) > LONG.get(type, LONG_TEXT)


def read_here(unread: Unread) -> list[str] | int:
    """The pages, or how many there are of one that cannot be read."""
    content, type, page_characters = unread
    reader = READERS.get(type)
    if reader:
        read = decode(content)
        if not read.strip():
            raise Unparsable(*EMPTY)
        text = reader(read)
        return [cut for part in text.split("\f") if part.strip() for cut in pieces(part, page_characters)] or [""]
    pages = in_pages(content, type)
    if pages is not None:
        return pages or [""]
    return page_count(content, type, seed_of(content))


def seed_of(content: bytes) -> int:
    return number(content[:65536], len(content))


def in_pages(content: bytes, file_type: str) -> list[str] | None:
    """The pages of an office file or a PDF; None where nothing here can read it."""
    if file_type in ("DOCX", "PPTX", "XLSX"):
        from lke_emulator.knowledge.container import Container

        container = Container(content)
    match file_type:
        case "DOCX":
            from lke_emulator.knowledge import docx

            return docx.read(container)
        case "PPTX":
            from lke_emulator.knowledge import pptx

            return pptx.read(container)
        case "XLSX" | "XLS":
            from lke_emulator.knowledge import xlsx

            if file_type == "XLSX":
                container.check_members()
            return xlsx.read(content)
        case "PDF":
            from lke_emulator.knowledge import pdf

            return pdf.read(content)
    return None


def decode(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise Unparsable("FailedOperation.FileParseError", "the text is neither UTF-8 nor GB 18030")


def from_html(text: str) -> str:
    from lke_emulator.knowledge.markup import markdown

    try:
        return markdown(text)
    except AssertionError as error:  # how html.parser says that a declaration such as `<![` has no end
        raise Unparsable("FailedOperation.FileParseError", str(error)) from None


def from_csv(text: str) -> str:
    import csv

    try:
        return table([row for row in csv.reader(text.replace("\f", "").splitlines()) if row])
    except csv.Error as error:
        raise Unparsable("FailedOperation.FileParseError", str(error)) from None


READERS: dict[str, Callable[[str], str]] = {"TXT": str, "MD": str, "HTML": from_html, "CSV": from_csv}


def page_count(content: bytes, file_type: str, seed: int) -> int:
    if file_type == "PDF":
        return pdf_pages(content)
    return 1 + seed % MOST_SEEDED if file_type in PAGED else 1


def pdf_pages(content: bytes) -> int:
    """How many page objects a PDF has, compressed ones included."""
    if ENCRYPTED.search(content):
        raise Unparsable("FailedOperation.NonsupportParse", "the file is encrypted")
    count = len(PAGE_OBJECT.findall(content)) + sum(len(PAGE_OBJECT.findall(part)) for part in object_streams(content))
    if not count:
        raise Unparsable("FailedOperation.FileParseError", "the file has no pages")
    return count


def object_streams(content: bytes) -> Iterator[bytes]:
    """What is in the compressed streams that hold objects. They follow one another, so each byte is looked at once."""
    import zlib

    at, left = 0, MOST_INFLATED
    while left > 0 and (found := OBJECT_STREAM.search(content, at)):
        at = content.find(b"endstream", found.end())
        if at < 0:
            return
        try:
            part = zlib.decompressobj().decompress(content[found.end() : at], min(INFLATED, left))
        except zlib.error:
            continue
        left -= len(part)
        yield part
