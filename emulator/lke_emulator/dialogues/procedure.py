"""What a turn did to find its answer, step by step, and the tokens that each step cost."""

from typing import Literal

import msgspec

from lke_emulator.dialogues.run import Run
from lke_emulator.dialogues.said import Status

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


class Passage(msgspec.Struct, frozen=True):
    """What a search brought to light."""

    type: int
    """1 a Q&A, 2 a segment of a document (documented)."""
    content: str


class Procedure(msgspec.Struct, kw_only=True):
    """Figures are filled in as the step goes on; times are milliseconds."""

    name: Name
    status: Status = "processing"
    model: str = ""
    input: int = 0
    output: int = 0
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
    started: int = 0
    first: int = 0
    """Until its first token."""
    elapsed: int = 0
