"""What happens in a turn, one beat after the other, whichever protocol tells it."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

from msgspec import Struct

from lke_emulator.account.call import Wait
from lke_emulator.dialogue.errors import DialogueError
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.plan import Saying
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.said import Citation, Content, Quote, Said


class Asked(NamedTuple):
    """The question was taken."""

    record: MsgRecord
    is_evil: bool


class Began(NamedTuple):
    """There will be an answer."""

    record: MsgRecord


class Working(NamedTuple):
    """A step began, went on or ended."""

    procedure: Procedure


class Opened(NamedTuple):
    message: Said
    saying: Saying


class TextBeat(Struct, frozen=True, gc=False):
    """What is added to a message; `is_last` when nothing more follows. A struct, for most beats are texts."""

    message: Said
    text: str
    is_last: bool


class Added(NamedTuple):
    """A content beside the text."""

    message: Said
    place: int
    content: Content


class Cites(NamedTuple):
    message: Said
    quotes: Sequence[Quote]
    references: Sequence[Citation]


class ClosedBeat(NamedTuple):
    message: Said


class Ended(NamedTuple):
    """The answer is as it will be: success, or stop."""

    record: MsgRecord


class Failed(NamedTuple):
    error: DialogueError


class Cut(NamedTuple):
    """The connection breaks."""


Beat = Asked | Began | Working | Opened | TextBeat | Added | Cites | ClosedBeat | Ended | Failed | Cut | Wait
Beats = Generator[Beat, None, None]
