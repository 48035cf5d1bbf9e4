"""Office files are zip archives: what is in one is looked at before any of it is unpacked, and nothing is unpacked whole.

The sizes that a directory tells can lie, so every member is read with a cap of its own.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from lke_emulator.knowledge.unparsable import Unparsable

MOST_ENTRIES = 10_000
MOST_BYTES = 200 << 20
"""Of all members together, unpacked."""
MOST_RATIO = 200
"""Unpacked to packed; what is smaller than RATIO_FROM may be packed better."""
RATIO_FROM = 1 << 20
MEMBER_BYTES = 64 << 20
MOST_ELEMENTS = 300_000
"""Of one XML member: a thousand pages of a book have fewer, and so many are read in about two seconds."""
PIECE = 64 << 10
DOCTYPE = b"<!DOCTYPE"
BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What zipfile raises for archives that are broken or packed in a way that it does not know."""


class Container:
    """An archive that has been looked at. Unparsable where it is broken, encrypted, or a bomb."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(content))
            members = self._zip.infolist()
        except BROKEN as error:
            raise damaged(error) from None
        if len(members) > MOST_ENTRIES:
            raise too_large(f"{len(members)} entries")
        if any(member.flag_bits & 1 for member in members):
            raise Unparsable("FailedOperation.NonsupportParse", "the file is encrypted")
        unpacked = sum(member.file_size for member in members)
        if unpacked > MOST_BYTES or unpacked > max(RATIO_FROM, MOST_RATIO * len(content)):
            raise too_large(f"{unpacked} bytes from {len(content)}")
        self.names = frozenset(member.filename for member in members)

    def unpacked(self, beginnings: tuple[str, ...]) -> int:
        """The bytes of the members whose names begin so, as the directory tells."""
        return sum(member.file_size for member in self._zip.infolist() if member.filename.startswith(beginnings))

    def check_members(self) -> None:
        """Unpack all of them once, for a parser that unpacks by itself: Unparsable where one is larger than it may be, or is not
        what the directory tells."""
        left = MOST_BYTES
        for name in self.names:
            for piece in self._pieces(name):
                left -= len(piece)
                if left < 0:
                    raise too_large(f"more than {MOST_BYTES} bytes")

    def read(self, name: str) -> bytes:
        """A member, b"" where there is none."""
        return b"".join(self._pieces(name)) if name in self.names else b""

    def events(self, name: str, ends: frozenset[str]) -> Iterator[Any]:
        """The elements of an XML member whose local names are in `ends`, each when it is whole; what was given is let go.

        A document type, and with it every entity, is refused (expat would expand them).
        """
        from xml.etree.ElementTree import ParseError, XMLPullParser

        parser: Any = XMLPullParser(("start", "end"))
        open_elements: list[Any] = []
        seen = 0
        try:
            before = b""
            for piece in self._pieces(name) if name in self.names else ():
                if DOCTYPE in before + piece:
                    raise Unparsable("FailedOperation.FileParseError", f"{name} declares a document type")
                before = piece[-len(DOCTYPE) :]
                parser.feed(piece)
                for kind, element in parser.read_events():
                    if kind == "start":
                        open_elements.append(element)
                        seen += 1
                        if seen > MOST_ELEMENTS:
                            raise too_large(f"more than {MOST_ELEMENTS} elements in {name}")
                        continue
                    open_elements.pop()
                    if local(element.tag) in ends and not any(local(one.tag) in ends for one in open_elements):
                        yield element
                        # A cleared element stays linked to its parent: a million of them would stay too.
                        element.clear()
                        if open_elements:
                            open_elements[-1].clear()
        except ParseError as error:
            raise Unparsable("FailedOperation.FileParseError", f"{name} is no XML: {error}") from None

    def _pieces(self, name: str) -> Iterator[bytes]:
        left = MEMBER_BYTES
        try:
            with self._zip.open(name) as member:
                while piece := read_some(member):
                    left -= len(piece)
                    if left < 0:
                        raise too_large(f"more than {MEMBER_BYTES} bytes in {name}")
                    yield piece
        except BROKEN as error:
            raise damaged(error) from None


def read_some(member: IO[bytes]) -> bytes:
    return member.read(PIECE)


def local(tag: str) -> str:
    """`{namespace}p` is `p`."""
    return tag.rpartition("}")[2]


def too_large(what: str) -> Unparsable:
    return Unparsable("LimitExceeded.TooLargeFileError", f"the archive unpacks to {what}")


def damaged(error: Exception) -> Unparsable:
    return Unparsable("FailedOperation.FileParseError", f"the archive is broken: {error}")
