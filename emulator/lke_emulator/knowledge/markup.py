"""HTML as markdown: headings, paragraphs, lists, tables, links, images and code; scripts and styles are left out."""

import re
from html.parser import HTMLParser

from lke_emulator.knowledge.tables import table

HIDDEN = frozenset(("script", "style", "head", "template", "noscript"))
BLOCKS = ("p", "div", "section", "article", "header", "footer", "main", "ul", "ol", "blockquote", "hr", "pre")
STARTS = {
    **dict.fromkeys(BLOCKS, "\n\n"),
    **{f"h{level}": "\n\n" + "#" * level + " " for level in range(1, 7)},
    "li": "\n- ",
    "br": "\n",
}
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}


class Markdown(HTMLParser):
    """Collects text as it goes; while a table is open, `rows` holds it and `outside` what came before."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.hidden = 0
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.outside: list[str] | None = None
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in HIDDEN:
            self.hidden += 1
        elif tag == "table" and self.outside is None:
            self.outside, self.text, self.rows = self.text, [], []
        elif tag in ("tr", "td", "th") and self.outside is not None:
            self.end_cell()
            self.in_cell = tag != "tr"
            if tag == "tr" or not self.rows:
                self.rows.append([])
        elif tag == "a":
            self.links.append(given.get("href") or "")
            self.text.append("[")
        elif tag == "img":
            self.text.append(f"![{given.get('alt') or ''}]({given.get('src') or ''})")
        else:
            self.text.append(STARTS.get(tag, MARKS.get(tag, "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("td", "th"):
            self.end_cell()
        elif tag == "table":
            self.end_table()
        elif tag == "a" and self.links:
            self.text.append(f"]({self.links.pop()})")
        elif tag in STARTS and tag not in ("li", "br"):
            self.text.append("\n\n")
        else:
            self.text.append(MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text.append(re.sub(r"\s+", " ", data))

    def end_cell(self) -> None:
        """The end tags of rows and cells are optional."""
        if self.in_cell:
            self.rows[-1].append(tidy("".join(self.text)))
        if self.outside is not None:
            self.text, self.in_cell = [], False

    def end_table(self) -> None:
        self.end_cell()
        if self.outside is not None:
            rows, self.text, self.outside = [row for row in self.rows if row], self.outside, None
            self.text.append(f"\n\n{table(rows)}\n" if rows else "")


def markdown(html: str) -> str:
    reader = Markdown()
    reader.feed(html)
    reader.close()
    reader.end_table()
    return tidy("".join(reader.text)) + "\n"


def tidy(text: str) -> str:
    """No blanks at the ends of lines, and at most one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip(" \t") for line in text.split("\n"))).strip()
