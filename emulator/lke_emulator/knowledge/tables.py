"""Tables in markdown, and the same as HTML."""

import re
from collections.abc import Sequence

BLOCK = re.compile(r"^\|.*\|[ \t]*\n\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?:\n\|.*\|[ \t]*)*", re.MULTILINE)
CELL = re.compile(r"(?<!\\)\|")


def table(rows: Sequence[Sequence[str]]) -> str:
    """The markdown of a table; the first row is its head, shorter rows are filled up."""
    width = max(map(len, rows), default=0)
    head, *body = (line([*row, *[""] * (width - len(row))]) for row in rows)
    return "\n".join((head, "|" + " --- |" * width, *body)) + "\n"


def line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace(chr(10), '<br>') for cell in cells)} |"


def as_html(markdown: str) -> str:
    """The markdown with every table in it as HTML."""
    return BLOCK.sub(lambda found: html(found[0]), markdown)


def html(block: str) -> str:
    head, _, *body = ([cell.strip() for cell in CELL.split(row.strip()[1:-1])] for row in block.splitlines())
    rows = [f"<tr>{cells(head, 'th')}</tr>", *(f"<tr>{cells(row, 'td')}</tr>" for row in body)]
    return f"<table>{''.join(rows)}</table>"


def cells(row: Sequence[str], tag: str) -> str:
    texts = (cell.replace("\\|", "|").replace("&", "&amp;").replace("<", "&lt;") for cell in row)
    return "".join(f"<{tag}>{text.replace('&lt;br>', '<br>')}</{tag}>" for text in texts)
