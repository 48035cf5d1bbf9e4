"""The text of a PDF, page by page: with the extra `documents` (pypdf)."""

from lke_emulator.knowledge.unparsable import Unparsable

MOST_PAGES = 2000


def read(content: bytes) -> list[str] | None:
    """None where the extra is not installed, or where the pages are pictures. Unparsable for what is no PDF, or an encrypted
    one."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        return None
    from io import BytesIO

    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unparsable("FailedOperation.NonsupportParse", "the file is encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise Unparsable("LimitExceeded.ExceededMaxPagesError", f"{len(reader.pages)} pages, at most {MOST_PAGES}")
        pages = [page.extract_text().strip() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Unparsable("FailedOperation.FileParseError", f"the PDF cannot be read: {error}") from None
    return pages if any(pages) else None
