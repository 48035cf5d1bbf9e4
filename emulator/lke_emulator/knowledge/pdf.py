"""The text of a PDF, page by page: with the extra `documents` (pypdf)."""

from io import BytesIO

from lke_emulator.knowledge.unparsable import MOST_CHARACTERS, Unparsable, check_left

PAGES = (b"/Page", b"/ObjStm")
"""One of these is in every PDF that has a page."""
MOST_PAGES = 2000


def read(content: bytes) -> list[str] | None:
    """None where the extra is not installed, the pages are pictures, or the file is not whole. Unparsable for an encrypted
    one, or one that is too large."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        return None
    import logging

    # What it makes of a broken file is nobody's business.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    found, left = [], MOST_CHARACTERS
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unparsable("FailedOperation.NonsupportParse", "the file is encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Unparsable("LimitExceeded.ExceededMaxPagesError", f"{len(reader.pages)} pages, at most {MOST_PAGES}")
        for page in reader.pages:
            found.append(page.extract_text().strip())
            left -= len(found[-1])
            check_left(left)
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError):
        return None
    return found if any(found) else None
