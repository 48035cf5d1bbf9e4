"""What an answer will be: the acts that a turn goes through, one after the other."""

from collections.abc import Sequence

import msgspec

from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.run import RUNNING, NodeRun, Run
from lke_emulator.dialogues.said import Citation, Content, Quote, Status, Type
from lke_emulator.models.rules import Failure


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """A message of an answer."""

    type: Type = "reply"
    text: str = ""
    title: str = ""
    agent: str = ""
    icon: str = ""
    tool: str = ""
    is_sub_agent: bool = False
    """Whether another agent says it, asked by the last tool call."""
    at_once: bool = False
    """Whether the text comes in one piece."""
    is_json: bool = False
    status: Status = "success"
    quotes: Sequence[Quote] = ()
    references: Sequence[Citation] = ()
    extra: Sequence[Content] = ()
    """Contents after the text, such as option cards."""

    @property
    def has_text(self) -> bool:
        """A message without a text is what it shows alone (observed of questionnaires)."""
        return bool(self.text) or not self.extra


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """A step of an answer: it belongs to a procedure, and is charged when it ends or is left."""

    procedure: Procedure | None = None
    """Begun with this act; None goes on with the one before."""
    node: NodeRun | None = None
    """Of a workflow's run: it is as it will be at the act's end."""
    model: str = ""
    input: int = 0
    output: int = 0
    internet: int = 0
    """Searches of the web."""
    sayings: Sequence[Saying] = ()
    delay: float = 0.0
    """Seconds before the first token."""
    delay_per_token: float = 0.0
    error: Failure | None = None
    cut_after: int | None = None
    """Pieces, after which the connection breaks, or the error comes."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    method: int
    """ReplyMethod."""
    acts: Sequence[Act]
    run: Run | None = None
    option_cards: Sequence[str] = ()

    @property
    def waits(self) -> bool:
        """Whether the run of a workflow stands where somebody has to do something first."""
        return any(act.node is not None and act.node.state == RUNNING for act in self.acts)
