"""DOCX as pages of markdown: headings, paragraphs, lists and tables, in the order of the document (ECMA-376)."""

import re
from collections.abc import Iterator
from typing import Any

from lke_emulator.knowledge.container import Container, local
from lke_emulator.knowledge.tables import table
from lke_emulator.knowledge.unparsable import Unparsable

BODY = "word/document.xml"
BLOCKS = frozenset(("p", "tbl"))
HEADING = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
ITEMS = ("ListBullet", "ListNumber")
PAGE_BREAK = "\f"


def read(container: Container) -> list[str]:
    """The pages, where an author broke them; Unparsable for what is no DOCX."""
    if BODY not in container.names:
        raise Unparsable("InvalidParameter.InvalidFileFormat", "the file is no DOCX")
    text = "\n\n".join(filter(None, (block(element) for element in container.events(BODY, BLOCKS))))
    return [page.strip() for page in text.split(PAGE_BREAK) if page.strip()]


def block(element: Any) -> str:
    if local(element.tag) == "tbl":
        rows = [[cell_text(cell) for cell in named(row, "tc")] for row in named(element, "tr")]
        return table([row for row in rows if row]) if any(rows) else ""
    text = text_of(element)
    style = next((value(one) for one in element.iter() if local(one.tag) == "pStyle"), "")
    heading = HEADING.match(style)
    if heading and text.strip(PAGE_BREAK).strip():
        return "#" * int(heading[1]) + " " + text
    is_item = style.startswith(ITEMS) or any(local(one.tag) == "numPr" for one in element.iter())
    return f"- {text}" if is_item and text else text


def cell_text(cell: Any) -> str:
    return "\n".join(filter(None, (text_of(paragraph).replace(PAGE_BREAK, "") for paragraph in named(cell, "p"))))


def named(element: Any, name: str) -> Iterator[Any]:
    """Its children of a local name."""
    return (child for child in element if local(child.tag) == name)


def text_of(paragraph: Any) -> str:
    """The runs of a paragraph; a page break is a form feed."""
    pieces = []
    for one in paragraph.iter():
        match local(one.tag):
            case "t":
                pieces.append(one.text or "")
            case "tab":
                pieces.append("\t")
            case "br":
                pieces.append(PAGE_BREAK if attribute(one, "type") == "page" else "\n")
            case "lastRenderedPageBreak":
                continue
    return "".join(pieces).strip(" \t\n")


def value(element: Any) -> str:
    return attribute(element, "val")


def attribute(element: Any, name: str) -> str:
    return next((text for key, text in element.attrib.items() if local(key) == name), "")
