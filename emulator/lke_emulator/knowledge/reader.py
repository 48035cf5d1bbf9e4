"""A process that reads the file on its standard input and writes what it says, or what is wrong with it, as JSON.

It imports nothing of the package, as it runs without it; `apart.py` starts it with the kind of the file.
"""

import json
import logging
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

MEMORY, SECONDS = 1 << 30, 10
"""Bytes, and of the process's own time."""
MOST_PAGES = 2000
MOST_CELLS, MOST_CHARACTERS = 2_000_000, 20_000_000
TOO_LARGE = "LimitExceeded.TooLargeFileError"


class CannotBeRead(Exception):
    def __init__(self, code: str, what: str) -> None:
        super().__init__(what)
        self.code = code


def hold_to_limits() -> None:
    """What asks for more ends with the process. Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def sheets(content: bytes) -> list[tuple[str, list[list[str]]]]:
    """The rows of each sheet, by its name; empty ones left out."""
    from python_calamine import CalamineError, CalamineWorkbook

    found, left = [], MOST_CHARACTERS
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise CannotBeRead(TOO_LARGE, f"sheet {name} has more than {MOST_CELLS} cells")
            rows = [[cell(value) for value in row] for row in sheet.to_python()]
            found.append((name, [row for row in rows if any(row)]))
            left -= sum(len(text) for row in rows for text in row)
            check_left(left)
    except CalamineError as error:
        raise CannotBeRead("FailedOperation.FileParseError", f"the workbook cannot be read: {error}") from None
    return found


def cell(value: Any) -> str:
    """A whole number without its `.0`, as the sheet shows it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def pages(content: bytes) -> list[str] | None:
    """The text of each page; None where they are pictures, or the file is not whole."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # What it makes of a broken file is nobody's business.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    found, left = [], MOST_CHARACTERS
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CannotBeRead("FailedOperation.NonsupportParse", "the file is encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise CannotBeRead(
                "LimitExceeded.ExceededMaxPagesError", f"{len(reader.pages)} pages, at most {MOST_PAGES}"
            )
        for page in reader.pages:
            found.append(page.extract_text().strip())
            left -= len(found[-1])
            check_left(left)
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError):
        return None
    return found if any(found) else None


def check_left(characters: int) -> None:
    if characters < 0:
        raise CannotBeRead(TOO_LARGE, f"the file has more than {MOST_CHARACTERS} characters")


KINDS: dict[str, Callable[[bytes], Any]] = {"workbook": sheets, "pdf": pages}


def outcome_of(kind: str, content: bytes) -> dict[str, Any]:
    try:
        return {"read": KINDS[kind](content)}
    except CannotBeRead as problem:
        return {"code": problem.code, "problem": str(problem)}


if __name__ == "__main__":
    hold_to_limits()
    json.dump(outcome_of(sys.argv[1], sys.stdin.buffer.read()), sys.stdout)
