"""The `documents` of a scenario's app or shared knowledge base: written by hand, or made up."""

from typing import Literal

from lke_emulator.knowledge.documents import Document
from lke_emulator.primitives.seeds import digest
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.item import (
    OVER_CAPACITY,
    Count,
    DeclaredItem,
    ItemSection,
    Setting,
    Shelving,
    declared_items,
)
from lke_emulator.scenario.section import Section, Text
from lke_emulator.scenario.topics import PAGE_END

RUNNING = {"learning": "learn", "auditing": "audit", "parsing": "parse"}
"""State -> stage, the oldest first."""
FAILED = {"parse_failed": "parse", "import_failed": "import", "audit_failed": "audit", "learn_failed": "learn"}
TYPES = ("pdf", "docx", "md", "pptx", "txt", "html")
PAGES = 6
"""Of a made-up document, at most."""


class DocumentStates(Section, frozen=True):
    """How many documents are in a state."""

    there: Count = 0
    parsing: Count = 0
    auditing: Count = 0
    learning: Count = 0
    parse_failed: Count = 0
    import_failed: Count = 0
    audit_failed: Count = 0
    learn_failed: Count = 0
    expired: Count = 0
    over_capacity: Count = 0
    restoring: Count = 0


class DocumentSection(ItemSection, frozen=True, kw_only=True):
    """A document, or a number of them."""

    name: Text | None = None
    """FileName, with its extension; several are numbered. Left out: made up with the text."""
    text: str | None = None
    """What it says; a form feed ends a page. Left out: made up."""
    state: Literal[
        "there",
        "parsing",
        "auditing",
        "learning",
        "parse_failed",
        "import_failed",
        "audit_failed",
        "learn_failed",
        "expired",
        "over_capacity",
        "restoring",
    ] = "there"
    states: DocumentStates = DocumentStates()
    """How many of them are in another state."""
    web_url: str = ""
    """Where visitors are sent who want to read it."""


def build_documents(value: int | DocumentSection | list[DocumentSection], setting: Setting, at: Place) -> None:
    account, shelving = setting.account, Shelving(setting, "doc")
    for item in declared_items(DocumentSection, value, at, setting, RUNNING):
        account.documents.declare(declared_document(item, setting, shelving))


def declared_document(item: DeclaredItem, setting: Setting, shelving: Shelving) -> Document:
    section, account, base, topics = item.section, setting.account, setting.base, setting.topics
    made = topics.document(item.made_up, 1 + topics.chance("pages", item.made_up) % PAGES)
    name = file_name(section, item.nth) or f"{made.title}.{topics.pick(TYPES, 'type', item.made_up)}"
    text: str = made.text if section.text is None else section.text
    id, type = account.snowflakes.next(item.created), name.rpartition(".")[2].lower()
    area = made.area if section.text is None and section.name is None else ""
    content = digest(base, name, text, size=16)
    unread = item.state in FAILED and FAILED[item.state] == "parse"
    return Document(
        base=base,
        id=id,
        category=shelving.category(section.category or area, item.place / "category"),
        name=name,
        type=type,
        cos_url=f"/corp/{account.uin}/{base}/doc/{id}.{type}",
        etag=content.hex(),
        hash=str(int.from_bytes(content[:8])),
        size=len(text.encode()),
        text="" if unread else text,
        pages=0 if unread else text.count(PAGE_END) + 1,
        characters=0 if unread else len(text),
        web_url=section.web_url,
        refer_url_type=int(bool(section.web_url)),
        is_refer=True,
        validity=item.validity(setting),
        created=item.created,
        updated=item.created,
        editor=topics.pick((account.uin, *account.sub_accounts), "editor", id),
        work=item.work(setting, RUNNING, FAILED),
        isolated=item.state == OVER_CAPACITY,
        restored=item.restored(setting),
    )


def file_name(section: DocumentSection, index: int) -> str:
    if section.name is None or section.count == 1:
        return section.name or ""
    stem, dot, ending = section.name.rpartition(".")
    return f"{stem} {index + 1}{dot}{ending}" if dot else f"{section.name} {index + 1}"
