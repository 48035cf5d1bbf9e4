"""XML as object storage writes it: no namespace, an element for each member."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote

from lke_emulator.exchange.answer import Answer
from lke_emulator.objects.refusal import XML, xml_text

Members = Iterable[tuple[str, object]]
"""Names, and texts, numbers, truths or members again; what is None is left out."""


def document(name: str, members: Members) -> Answer:
    text = f"<?xml version='1.0' encoding='utf-8' ?>\n{element(name, members)}\n"
    return Answer(text.encode("utf-8", "replace"), list(XML))


def element(name: str, content: object) -> str:
    if isinstance(content, bool):
        content = str(content).lower()
    if isinstance(content, (str, int)):
        return f"<{name}>{xml_text(str(content))}</{name}>"
    assert isinstance(content, Iterable)
    inner = "".join(element(each, value) for each, value in content if value is not None)
    return f"<{name}>{inner}</{name}>"


def written_key(text: str, encoding: str | None) -> str:
    """A key as `encoding-type` wants it."""
    return quote(text, safe="/-_.~") if encoding == "url" else text


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
