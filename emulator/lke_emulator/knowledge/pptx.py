"""PPTX as markdown, a page for each slide in the order of the presentation (ECMA-376)."""

import re
from posixpath import join, normpath
from typing import Any

from lke_emulator.knowledge.container import Container, local
from lke_emulator.knowledge.tables import table
from lke_emulator.knowledge.unparsable import Unparsable

PRESENTATION = "ppt/presentation.xml"
RELATIONS = "ppt/_rels/presentation.xml.rels"
SHAPES = frozenset(("sp", "tbl"))
SLIDE = re.compile(r"ppt/slides/slide([0-9]{1,9})\.xml")


def read(container: Container) -> list[str]:
    """Unparsable for what is no PPTX."""
    if PRESENTATION not in container.names:
        raise Unparsable("InvalidParameter.InvalidFileFormat", "the file is no PPTX")
    return [slide(container, name) for name in slides(container)]


def slides(container: Container) -> list[str]:
    """Their members, in the order that the presentation lists; by number where it lists none."""
    targets = {
        one.attrib.get("Id", ""): one.attrib.get("Target", "")
        for one in container.events(RELATIONS, frozenset(("Relationship",)))
    }
    listed = [relation_of(one) for one in container.events(PRESENTATION, frozenset(("sldId",)))]
    names = [normpath(join("ppt", targets[id])) for id in listed if id in targets]
    numbered = sorted((int(match[1]), name) for name in container.names if (match := SLIDE.fullmatch(name)))
    return [name for name in names if name in container.names] or [name for _, name in numbered]


def relation_of(element: Any) -> str:
    """`r:id`; the `id` without a namespace is another number."""
    return next((text for key, text in element.attrib.items() if key.startswith("{") and local(key) == "id"), "")


def slide(container: Container, name: str) -> str:
    blocks = []
    for shape in container.events(name, SHAPES):
        if local(shape.tag) == "tbl":
            rows = [[paragraphs(cell) for cell in named(row, "tc")] for row in named(shape, "tr")]
            blocks.append(table([row for row in rows if row]) if any(rows) else "")
        else:
            text = paragraphs(shape)
            blocks.append(f"# {text}" if is_title(shape) and text else text)
    return "\n\n".join(filter(None, blocks))


def named(element: Any, name: str) -> list[Any]:
    return [child for child in element if local(child.tag) == name]


def is_title(shape: Any) -> bool:
    kinds = (one.attrib.get("type", "") for one in shape.iter() if local(one.tag) == "ph")
    return next(kinds, "") in ("title", "ctrTitle")


def paragraphs(element: Any) -> str:
    lines = ["".join(map(run, one.iter())).strip() for one in element.iter() if local(one.tag) == "p"]
    return "\n".join(filter(None, lines))


def run(element: Any) -> str:
    """What one element of a paragraph says."""
    match local(element.tag):
        case "t":
            return element.text or ""
        case "br":
            return "\n"
    return ""
