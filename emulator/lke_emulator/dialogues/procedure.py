"""What a turn did to find its answer, step by step, and the tokens that each step cost."""

from typing import Literal

import msgspec

from lke_emulator.dialogues.run import Run
from lke_emulator.dialogues.said import Status
from lke_emulator.primitives.bounds import Natural

Name = Literal[
    "knowledge",
    "search_engine",
    "large_language_model",
    "thinking_model",
    "tool_call",
    "image",
    "file",
    "workflow",
]

TITLES: dict[Name, tuple[str, str]] = {
    "knowledge": ("调用知识库", "Knowledge base"),
    "search_engine": ("调用搜索引擎", "Search engine"),
    "large_language_model": ("大模型直接回复", "LLM direct reply"),
    "thinking_model": ("调用思考模型", "Thinking model"),
    "tool_call": ("调用工具", "Tool call"),
    "image": ("图片理解", "Image understanding"),
    "file": ("实时文档解析", "Real-time document"),
    "workflow": ("调用工作流", "Workflow"),
}
"""In Chinese and English; the third and fourth are observed, the others say the same of theirs (inferred)."""


class Passage(msgspec.Struct, frozen=True):
    """What a search brought to light."""

    type: Natural
    """1 a Q&A, 2 a segment of a document (documented)."""
    content: str


class Procedure(msgspec.Struct, kw_only=True):
    """Figures are filled in as the step goes on; times are milliseconds."""

    name: Name
    status: Status = "processing"
    model: str = ""
    input: Natural = 0
    output: Natural = 0
    """With the chain of thought."""
    reasoning: Natural = 0
    text: str = ""
    """What went into the step."""
    system: str = ""
    said: str = ""
    """What came out of it."""
    passages: tuple[Passage, ...] = ()
    variables: tuple[str, ...] = ()
    """The custom variables of the question, as `name:value`."""
    run: Run | None = None
    """Of a workflow."""
    agent: str = ""
    """The name of the agent whose step it is."""
    started: Natural = 0
    first: Natural = 0
    """Until its first token."""
    elapsed: Natural = 0

    @property
    def remembers(self) -> bool:
        """Whether it knew the rounds before: a search of the knowledge, or a model."""
        return self.name == "knowledge" or bool(self.model)
