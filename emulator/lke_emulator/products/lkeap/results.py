"""What is in the archives that parse and split tasks end with."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from lke_emulator.knowledge.splitting import IMAGE, Chunk
from lke_emulator.knowledge.tables import as_html

PAGE_FORMAT = "<page_num>page {{p}}</page_num>"
# ResultType -> whether the archive has the whole markdown, each page's JSON, each page's markdown (documented).
CONTENTS = {
    "0": (True, False, False),
    "1": (False, True, False),
    "2": (False, False, True),
    "3": (True, True, False),
    "4": (True, False, True),
    "5": (True, True, True),
}
TABLES = ("0", "1")
WIDTH, HEIGHT, MARGIN, LINE, CHARACTER = 1240, 1754, 100, 30, 14
"""An A4 page at 150 dots an inch, and how lines of text lie on it."""
UNSAFE = re.compile(r'[\x00-\x1f\\/:*?"<>|]')


class Config(NamedTuple):
    """How a result is wanted; the words are the request's."""

    result_type: str
    tables: str
    page_numbers: bool
    page_format: str
    ignores_failed_pages: bool
    chunk_size: int = 0
    mllm: bool = False


class TaskDocument(NamedTuple):
    """The pages of a file that were parsed, by their numbers in the file."""

    name: str
    pages: Mapping[int, str]
    config: Config

    @property
    def stem(self) -> str:
        """What the files of its result are called; a name cannot lead out of the folder that they are unpacked in."""
        return stem(self.name)

    def text(self, number: int) -> str:
        text = self.pages[number].rstrip("\n") + "\n"
        return as_html(text) if self.config.tables == "1" else text

    def page(self, number: int) -> str:
        """The text of a page, with its number where that is wanted."""
        mark = self.config.page_format.replace("{{p}}", str(number))
        return self.text(number) + (f"\n{mark}\n" if self.config.page_numbers else "")

    @property
    def markdown(self) -> str:
        return "\n".join(map(self.page, self.pages))


def stem(name: str) -> str:
    return UNSAFE.sub("_", name.rpartition(".")[0] or name).strip(". ") or "document"


def parsed(document: TaskDocument) -> dict[str, bytes]:
    """*.md, *.json and a folder for images, which no document here has (documented; the names inside are inferred)."""
    stem = document.stem
    whole, layouts, pages = CONTENTS[document.config.result_type]
    entries: dict[str, bytes] = {}
    if whole:
        entries[f"{stem}.md"] = document.markdown.encode()
    for number in document.pages:
        if layouts:
            entries[f"{stem}_{number}.json"] = msgspec.json.encode(layout(number, document.text(number)))
        if pages:
            entries[f"{stem}_{number}.md"] = document.page(number).encode()
    return {**entries, "images/": b""}


def split_files(document: TaskDocument, chunks: list[Chunk]) -> dict[str, bytes]:
    """What a parse has, and *.jsonl: page_content (to embed, images replaced), org_data and big_data (documented)."""
    stem = document.stem
    rows = [{"page_content": chunk.plain, "org_data": chunk.text, "big_data": chunk.section} for chunk in chunks]
    entries = {**parsed(document), f"{stem}.jsonl": b"".join(msgspec.json.encode(row) + b"\n" for row in rows)}
    if document.config.mllm:
        figures = [{"image": image, "description": text} for text, image in IMAGE.findall(document.markdown)]
        entries[f"{stem}_mllm.json"] = msgspec.json.encode(figures)
    return entries


def layout(number: int, markdown: str) -> dict[str, Any]:
    """A page as its recognition sees it; the form is that of the cloud's own document recognition (inferred)."""
    elements: list[dict[str, Any]] = []
    top = MARGIN
    for block in filter(None, map(str.strip, markdown.split("\n\n"))):
        bottom = top + LINE * (1 + block.count("\n") + len(block) * CHARACTER // (WIDTH - 2 * MARGIN))
        elements.append(
            {
                "Index": len(elements),
                "Type": kind(block),
                "Text": block,
                "Level": len(block) - len(block.lstrip("#")) or -1,
                "Polygon": polygon(MARGIN, top, WIDTH - MARGIN, bottom),
            }
        )
        top = bottom + LINE
    return {"PageNumber": number, "Angle": 0, "Width": WIDTH, "Height": HEIGHT, "DocumentElements": elements}


def kind(block: str) -> str:
    if block.startswith("#"):
        return "title"
    if block.startswith(("|", "<table")):
        return "table"
    return "figure" if IMAGE.fullmatch(block) else "paragraph"


def polygon(left: int, top: int, right: int, bottom: int) -> dict[str, dict[str, int]]:
    corners = {
        "LeftTop": (left, top),
        "RightTop": (right, top),
        "RightBottom": (right, bottom),
        "LeftBottom": (left, bottom),
    }
    return {name: {"X": x, "Y": y} for name, (x, y) in corners.items()}
