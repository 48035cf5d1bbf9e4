"""The text of a PDF, page by page: with the extra `documents` (pypdf)."""

import logging

from lke_emulator.knowledge.unparsable import Unparsable

MOST_PAGES = 2000


def read(content: bytes) -> list[str] | None:
    """None where the extra is not installed, the pages are pictures, or the file is not whole. Unparsable for an encrypted
    one, or one of more than MOST_PAGES."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        return None
    from io import BytesIO

    # What it makes of a broken file is nobody's business.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)

    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unparsable("FailedOperation.NonsupportParse", "the file is encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Unparsable("LimitExceeded.ExceededMaxPagesError", f"{len(reader.pages)} pages, at most {MOST_PAGES}")
        pages = [page.extract_text().strip() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError):
        return None
    return pages if any(pages) else None
