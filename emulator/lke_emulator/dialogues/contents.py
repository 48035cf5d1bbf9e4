"""References and quotes in the members of the cloud's Contents, as a message of v2 has them."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, convert

from lke_emulator.dialogues.said import Citation, Content, Quote
from lke_emulator.primitives.bounds import Natural

QA, SEGMENT, WEB = 1, 2, 4


class QuoteForm(Struct):
    Position: Natural
    Index: Natural


class ReferenceForm(Struct):
    Index: Natural
    Name: str
    Type: Natural


class TaskForm(Struct):
    Index: str
    Content: str
    Status: str


class ContentForm(Struct):
    """The members of a content that DescribeConversationMessageList tells."""

    Type: str
    Text: str = ""
    OptionCards: list[str] = []
    CustomParams: list[str] = []
    QuoteInfos: list[QuoteForm] = []
    References: list[ReferenceForm] = []
    Tasks: list[TaskForm] = []


def form_of(content: Content) -> ContentForm:
    """msgspec.ValidationError where a member has another type, as a caller or the writer of a snapshot may have it."""
    return convert(content, ContentForm)


def quote_info(quote: Quote) -> dict[str, Any]:
    return {"Position": quote.position, "Index": quote.index}


def reference(one: Citation, legacy: bool) -> dict[str, Any]:
    """With the older names of its ids too, which public clients still require, where `legacy` (assumption)."""
    told: dict[str, Any] = {"Index": one.index, "Name": one.name, "Type": one.type}
    if one.type == WEB:
        return told | {"WebSearchRefer": {"Url": one.url}}
    base = {"ReferenceId": one.id, "KnowledgeId": one.knowledge_id, "KnowledgeName": ""}
    if legacy:
        base |= {"ReferBizId": one.id, "KnowledgeBizId": one.knowledge_id}
    if one.type == QA:
        base["QaId"] = one.qa_id
        return told | {"QaRefer": base | ({"QaBizId": one.qa_id} if legacy else {})}
    base |= {"DocId": one.doc_id, "DocName": one.doc_name, "Url": one.url}
    return told | {"DocRefer": base | ({"DocBizId": one.doc_id} if legacy else {})}


def cite(content: Content, quotes: Sequence[Quote], references: Sequence[Citation], legacy: bool) -> None:
    """Put them into the text that they belong to."""
    content["QuoteInfos"] = [quote_info(quote) for quote in quotes]
    content["References"] = [reference(one, legacy) for one in references]
