"""XLSX and XLS as markdown, a page for each sheet: with the extra `documents` (python-calamine), which reads them fast."""

from typing import Any

from lke_emulator.knowledge.tables import table
from lke_emulator.knowledge.unparsable import Unparsable

MOST_CELLS = 2_000_000


def read(content: bytes) -> list[str] | None:
    """None where the extra is not installed. Unparsable for what is no workbook, or one of more than MOST_CELLS."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        return None
    from io import BytesIO

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return [sheet_text(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except CalamineError as error:
        raise Unparsable("FailedOperation.FileParseError", f"the workbook cannot be read: {error}") from None


def sheet_text(name: str, sheet: Any) -> str:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise Unparsable("LimitExceeded.TooLargeFileError", f"sheet {name} has more than {MOST_CELLS} cells")
    rows = [[cell(value) for value in row] for row in sheet.to_python()]
    rows = [row for row in rows if any(row)]
    return f"# {name}\n\n{table(rows)}" if rows else f"# {name}"


def cell(value: Any) -> str:
    """A whole number without its `.0`, as the sheet shows it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
