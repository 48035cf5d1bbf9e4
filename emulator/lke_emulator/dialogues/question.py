"""What a user asks in one turn, whichever protocol it came over."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from lke_emulator.dialogues.msg_record import SentFile
from lke_emulator.dialogues.said import Content
from lke_emulator.models.chat import Message as ChatMessage

Switch = Literal["", "enable", "disable"]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    contents: Sequence[Content] = ()
    """The same as v2 would send it: repeated to the caller, and kept."""
    images: Sequence[str] = ()
    files: Sequence[SentFile] = ()
    documents: Sequence[tuple[str, str]] = ()
    """Name and text of the documents among the files, as docParse read them."""
    history: Sequence[ChatMessage] = ()
    """What of the conversation the model remembers."""
    variables: Mapping[str, str] = {}
    labels: Mapping[str, Sequence[str]] = {}
    """Which knowledge is searched."""
    search_network: Switch = ""
    stream: Switch = ""
    workflow: Switch = ""
    model: str = ""
    role: str = ""
    throttle: int = 0
    """The fewest characters of a frame; 0 is the system's value."""
    incremental: bool = False
    widgets: Sequence[str] = ()
    """Ids of the widgets to which something was done."""
    multi_intent: bool = False
    """Whether several questions in one are answered each by itself (EnableMultiIntent)."""
    variant: int = 0
    """Tells apart answers to the same question (GenerateAgain)."""
