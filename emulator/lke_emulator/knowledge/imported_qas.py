"""Q&A from a table that was uploaded: a row each, under a row that names the columns."""

from collections.abc import Sequence
from typing import NamedTuple

from lke_emulator.knowledge.parsing import parse
from lke_emulator.knowledge.reading import title_of
from lke_emulator.knowledge.tables import CELL
from lke_emulator.knowledge.unparsable import Unparsable

TABLE_CHARACTERS = 1 << 30
"""Of a page of a table, which is not cut."""


class ImportedQa(NamedTuple):
    """The columns of the console's template, whose order no document tells (inferred)."""

    category: str
    question: str
    answer: str
    similar: Sequence[str]
    """One a line."""
    description: str
    custom_param: str


def imported(content: bytes, type: str, name: str) -> tuple[list[ImportedQa], str]:
    """The Q&A of an uploaded table, or what is wrong with it."""
    rows, problem = table_rows(content, type, name)
    found = []
    for number, cells in enumerate(rows, 2):
        category, question, answer, similar, description, custom = (cells + [""] * 6)[:6]
        if not (category or question or answer):
            continue
        if not question or not answer:
            return [], f"row {number} has no {'answer' if question else 'question'}"
        found.append(ImportedQa(category, question, answer, similar.splitlines(), description, custom))
    return found, problem or ("" if found else "the table has no Q&A")


def table_rows(content: bytes, type: str, name: str) -> tuple[list[list[str]], str]:
    """The cells of an uploaded table without its first row, or what is wrong with it."""
    if type not in ("xlsx", "csv"):
        return [], f"a table is xlsx or csv, not {type}"
    try:
        pages = parse(content, type.upper(), title_of(name), TABLE_CHARACTERS)
    except Unparsable as problem:
        return [], problem.why
    lines = [line for page in pages for line in page.splitlines() if line.startswith("|")]
    return [[plain(cell) for cell in CELL.split(line.strip()[1:-1])] for line in lines[2:]], ""


def plain(cell: str) -> str:
    return cell.strip().replace("\\|", "|").replace("<br>", "\n")
