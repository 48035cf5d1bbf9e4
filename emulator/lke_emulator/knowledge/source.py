"""Where a document comes from: its base64, an address, or what the scenario says is at an address.

Nothing is fetched from the network. A data: address holds its file; one of this emulator's /files is read; every other
one is a file of the scenario (`files:`), else a seeded document or unreachable (assumption `unknown_file_urls`).
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import msgspec

from lke_emulator.knowledge.files import Files, NoAccess
from lke_emulator.knowledge.parsing import MOST_SEEDED
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.primitives.seeds import number

BASE64_LIMIT = 8 << 20
"""Of the encoded text (documented)."""
SEEDED_PAGE_BYTES = 20_000


FileError = Literal[
    "",
    "FailedOperation.EngineServerError",
    "FailedOperation.FileParseError",
    "FailedOperation.FileParseTimeout",
    "FailedOperation.InternalError",
    "FailedOperation.NonsupportParse",
    "FailedOperation.OcrFailed",
    "FailedOperation.UnKnowError",
    "FailedOperation.UploadResultFileFailed",
    "InternalError",
    "InvalidParameter.FileURLInvalid",
    "InvalidParameter.InvalidFileFormat",
    "InvalidParameter.InvalidFileType",
    "LimitExceeded.ExceededMaxPagesError",
    "LimitExceeded.TooLargeFileError",
]
"""What a task on a document can end with (documented codes)."""


class RemoteFile(msgspec.Struct, frozen=True, kw_only=True):
    """What is at an address that a client may send as FileUrl."""

    content: bytes | None = None
    """None for a seeded document."""
    pages: int = 0
    """How many a seeded document has; 0 leaves it to the seed."""
    size: int = 0
    """What it is said to weigh, in bytes; 0 for its content's length."""
    failed_pages: tuple[int, ...] = ()
    """Pages that cannot be parsed, counted from 1."""
    error: FileError = ""
    """The code that every task on it ends with."""
    seconds: float | None = None
    """How long parsing it takes; None is as assumed by the number of pages."""


class FileSources(Protocol):
    """Where an account's files are."""

    files: Files

    @property
    def remote_files(self) -> Mapping[str, RemoteFile]:
        """FileUrl -> what is there."""


class Original(NamedTuple):
    """A file before it is parsed. `content` is None for a seeded document."""

    name: str
    content: bytes | None
    size: int
    pages: int = 0
    failed_pages: tuple[int, ...] = ()
    error: str = ""
    seconds: float | None = None


def from_base64(text: str, name: str) -> Original:
    if len(text) > BASE64_LIMIT:
        raise Unparsable("LimitExceeded.TooLargeFileError", "FileBase64 is longer than 8M")
    try:
        content = b64decode("".join(text.split()), validate=True)  # lines as MIME wraps them are common
    except (binascii.Error, ValueError):
        raise Unparsable("InvalidParameter.InvalidFileFormat", "FileBase64 is no base64") from None
    return Original(name, content, len(content))


def check_url(url: str) -> None:
    """Unparsable for what is no address, or one of a kind that is never fetched, such as file://."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    known = parts.hostname if parts.scheme in ("http", "https") else parts.scheme == "data" and "," in parts.path
    if not known:
        raise Unparsable("InvalidParameter.FileURLInvalid", "FileUrl is no http, https or data address")


def from_url(url: str, name: str, library: FileSources, base_url: str, now: float, unknown: str) -> Original:
    """The file at an address that `check_url` let pass; Unparsable when it cannot be had ('url download failed').

    `name` replaces the one that the address ends with.
    """
    check_url(url)
    if url.startswith("data:"):
        return from_data(url, name or "document")
    parts = urlsplit(url)
    name = name or unquote(parts.path.rpartition("/")[2]) or "document"
    if url.startswith(f"{base_url}/files/"):
        try:
            content = library.files.open(parts.path, now)
        except NoAccess:
            raise unreachable() from None
        return Original(name, content, len(content))
    found = library.remote_files.get(url)
    if found is None and unknown == "unreachable":
        raise unreachable()
    return from_remote(found or RemoteFile(), url, name)


def unreachable() -> Unparsable:
    """The text is documented."""
    return Unparsable("InvalidParameter.FileURLInvalid", "url download failed")


def from_data(url: str, name: str) -> Original:
    head, _, body = url.partition(",")
    if head.endswith(";base64"):
        return from_base64(unquote(body), name)
    content = unquote_to_bytes(body)
    return Original(name, content, len(content))


def from_remote(file: RemoteFile, url: str, name: str) -> Original:
    pages = file.pages or 1 + number("pages", url) % MOST_SEEDED
    size = file.size or (pages * SEEDED_PAGE_BYTES if file.content is None else len(file.content))
    return Original(name, file.content, size, pages, file.failed_pages, file.error, file.seconds)
