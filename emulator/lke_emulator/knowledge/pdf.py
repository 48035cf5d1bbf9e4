"""The text of a PDF, page by page: with the extra `documents` (pypdf)."""

from importlib.util import find_spec

from lke_emulator.knowledge.apart import told_apart

PAGES = (b"/Page", b"/ObjStm")
"""One of these is in every PDF that has a page."""


def read(content: bytes) -> list[str] | None:
    """None where the extra is not installed, the pages are pictures, or the file is not whole. Unparsable for an encrypted
    one, or one that is too large or takes too long."""
    if find_spec("pypdf") is None or not any(word in content for word in PAGES):
        return None
    found: list[str] | None = told_apart("pdf", content)
    return found
