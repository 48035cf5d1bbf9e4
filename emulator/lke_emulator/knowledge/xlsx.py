"""XLSX and XLS as markdown, a page for each sheet: with the extra `documents` (python-calamine), which reads them fast."""

from importlib.util import find_spec

from lke_emulator.knowledge.apart import told_apart
from lke_emulator.knowledge.tables import table


def read(content: bytes) -> list[str] | None:
    """None where the extra is not installed. Unparsable for what is no workbook, or one that is too large."""
    if find_spec("python_calamine") is None:
        return None
    return [f"# {name}\n\n{table(rows)}" if rows else f"# {name}" for name, rows in told_apart("workbook", content)]
