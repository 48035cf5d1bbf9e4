"""What was said in a turn: the user's question, and the thoughts, tool calls and replies of the answer."""

from typing import Any, Literal

import msgspec

from lke_emulator.primitives.bounds import Natural

Type = Literal["question", "reply", "thought", "tool_call", "plan", "notice", "recommendation", "task_execution"]
Status = Literal["processing", "success", "failed", "stop"]
Content = dict[str, Any]
"""One of the cloud's Contents, in the members that v2 documents: `{"Type": "text", "Text": ...}` and its like."""


class Quote(msgspec.Struct, frozen=True):
    """After which character of a text the mark of a reference stands."""

    position: Natural
    index: Natural
    """Citation.index."""


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """Where an answer comes from; DescribeRefer tells it by its id."""

    id: str
    index: Natural
    type: Natural
    """1 a Q&A, 2 a segment of a document, 4 a page of the web (documented)."""
    name: str
    url: str = ""
    doc_id: str = ""
    doc_name: str = ""
    qa_id: str = ""
    knowledge_id: str = ""
    question: str = ""
    answer: str = ""
    text: str = ""
    """The segment."""
    pages: tuple[int, ...] = ()
    confidence: float = 0.0


class Said(msgspec.Struct, kw_only=True):
    """`started` and `ended` are milliseconds since the epoch; 0 is not yet."""

    id: str
    type: Type
    title: str = ""
    icon: str = ""
    status: Status = "processing"
    contents: list[Content] = []
    agent: str = ""
    """The name of the agent that says it, in an app of several."""
    tool: str = ""
    parent: str = ""
    """The message that started this one: a tool call that asked another agent."""
    started: Natural = 0
    ended: Natural = 0

    @property
    def text(self) -> str:
        return "".join([content.get("Text", "") for content in self.contents])
