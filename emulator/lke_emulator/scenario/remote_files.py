"""The `files` of a scenario's account: what is at the addresses that a client may send as FileUrl."""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from lke_emulator.account.account import Account
from lke_emulator.knowledge.source import FileError, RemoteFile
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Section


class FileSection(Section, frozen=True, kw_only=True):
    """What is at one address."""

    url: Annotated[str, Meta(pattern="^https?://[!-~]+$")]
    """http:// or https://"""
    text: str = ""
    """The file itself; without it, and without `base64`, the document is seeded."""
    base64: str = ""
    """The file itself, encoded."""
    pages: Annotated[int, Meta(ge=0, le=100_000)] = 0
    """How many pages a seeded document has; 0 leaves it to the seed."""
    size: Annotated[int, Meta(ge=0, le=10**12)] = 0
    """What the file is said to weigh, in bytes, where that is not its content's length."""
    failed_pages: tuple[Annotated[int, Meta(ge=1, le=100_000)], ...] = ()
    """Pages that cannot be parsed, counted from 1."""
    error: FileError = ""
    """The error code that every task on this file ends with."""
    seconds: Annotated[float, Meta(ge=0, le=10**6)] | None = None
    """How long parsing it takes; without it as assumed by the number of pages."""


def build_files(sections: Sequence[FileSection], account: Account, at: Place) -> None:
    for i, section in enumerate(sections):
        if section.url in account.remote_files:
            raise (at / i / "url").wrong("another file is at this address")
        if section.text and section.base64:
            raise (at / i / "base64").wrong("the file is here already, as `text`")
        account.remote_files[section.url] = build_file(section, at / i)


def build_file(section: FileSection, at: Place) -> RemoteFile:
    try:
        content = section.text.encode() or b64decode(section.base64, validate=True) or None
    except binascii.Error:
        raise (at / "base64").wrong("is no base64") from None
    return RemoteFile(
        content=content,
        pages=section.pages,
        size=section.size,
        failed_pages=section.failed_pages,
        error=section.error,
        seconds=section.seconds,
    )
