"""A message record: one side of a turn, as the cloud keeps and tells it."""

import msgspec

from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.said import Citation, Quote, Said, Status
from lke_emulator.primitives.bounds import Moment, Natural

(
    LLM,
    UNKNOWN_QUESTION,
    REJECTED_QUESTION,
    SENSITIVE,
    ACCEPTED_QA,
    GREETING,
    CONCURRENCY_LIMIT,
) = range(1, 8)
SEARCH_ENGINE, POLISHED, IMAGE, REALTIME_DOCUMENT, CLARIFICATION = range(11, 16)
WORKFLOW, WORKFLOW_FINISHED, AGENT, MULTI_INTENT = range(16, 20)
"""ReplyMethod (documented); 0 is the user's own message."""
UNRATED = frozenset((0, SENSITIVE, GREETING, CONCURRENCY_LIMIT, REALTIME_DOCUMENT))
"""Replies that cannot be rated: greetings, concurrency and real-time documents (documented), sensitive ones (inferred)."""


class SentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the user sent with a question."""

    name: str = ""
    size: str = ""
    url: str = ""
    type: str = ""
    doc_id: str = ""


class Round(msgspec.Struct, frozen=True):
    """What was asked and answered before."""

    user: str
    assistant: str


class MsgRecord(msgspec.Struct, kw_only=True):
    """`time` is Unix seconds on the account's clock."""

    id: str
    related: str = ""
    """The other side of the turn."""
    conversation: str
    app: str
    time: Moment
    is_from_self: bool = False
    """Whether the user said it."""
    method: Natural = 0
    found_no_place: str = ""
    """The model that had none for it."""
    status: Status = "processing"
    content: str = ""
    messages: list[Said] = []
    procedures: list[Procedure] = []
    references: list[Citation] = []
    quotes: list[Quote] = []
    remembered: tuple[Round, ...] = ()
    """Of an answer: the rounds that the model knew."""
    granted: tuple[Natural, Natural] = (0, 0)
    """Of an answer: tokens of the free packages and of the bought ones that were there for its model."""
    option_cards: list[str] = []
    files: list[SentFile] = []
    images: list[str] = []
    request_id: str = ""
    trace_id: str = ""
    channel: Natural = 0
    """Type of the conversation: 1 visitor, 2 evaluation, 5 API, 10 debugging, 20 share (documented)."""
    is_draft: bool = False
    variables: dict[str, str] = {}
    score: Natural = 0
    """0 none, 1 liked, 2 disliked (documented)."""
    reasons: list[str] = []
    feedback: str = ""
    first: Natural = 0
    """Milliseconds until its first text."""
    elapsed: Natural = 0
    """Milliseconds that the whole took."""
    error_code: Natural = 0
    error_message: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether nothing in it changes any more: a rating takes the place of another one."""
        return self.status != "processing" and not any(procedure.run for procedure in self.procedures)

    @property
    def can_rate(self) -> bool:
        return not self.is_from_self and self.method not in UNRATED

    @property
    def is_llm_generated(self) -> bool:
        return any(procedure.output for procedure in self.procedures)

    @property
    def input(self) -> int:
        return sum(procedure.input for procedure in self.procedures)

    @property
    def output(self) -> int:
        return sum(procedure.output for procedure in self.procedures)
