"""XLSX and XLS as markdown, a page for each sheet: with the extra `documents` (python-calamine), which reads them fast."""

from io import BytesIO
from typing import Any

from lke_emulator.knowledge.tables import table
from lke_emulator.knowledge.unparsable import MOST_CHARACTERS, TOO_LARGE, Unparsable, check_left

MOST_CELLS = 2_000_000


def read(content: bytes) -> list[str] | None:
    """None where the extra is not installed. Unparsable for what is no workbook, or one that is too large."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        return None
    found, left = [], MOST_CHARACTERS
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise Unparsable(TOO_LARGE, f"sheet {name} has more than {MOST_CELLS} cells")
            rows = [row for row in ([cell(value) for value in row] for row in sheet.to_python()) if any(row)]
            left -= sum(len(text) for row in rows for text in row)
            check_left(left)
            found.append(f"# {name}\n\n{table(rows)}" if rows else f"# {name}")
    except CalamineError as error:
        raise Unparsable("FailedOperation.FileParseError", f"the workbook cannot be read: {error}") from None
    return found


def cell(value: Any) -> str:
    """A whole number without its `.0`, as the sheet shows it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
