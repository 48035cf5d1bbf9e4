"""What of an app a dialogue depends on: its draft or its released configuration, as one value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

import msgspec

from lke_emulator.models.shown import FileCollection, Widget

Recommendation = Literal["option_cards", "text"]
Pattern = Literal["standard", "agent", "single_workflow"]


class BotTool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool of an agent, and what it gives."""

    name: str
    title: str = ""
    output: str = ""
    """JSON, or any text. Left out: the tool reads the page of the scenario's files that the question names."""
    fails: bool = False


class BotAgent(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    icon: str = ""
    instructions: str = ""
    model: str = ""
    tools: tuple[BotTool, ...] = ()


class BotNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node of a workflow; they run in their order."""

    id: str
    name: str
    type: int
    """1 START, 3 LLM, 4 KNOWLEDGE_QA, 8 TOOL, 10 REPLY, 11 OPTION_CARD, 16 END ... (documented)."""
    model: str = ""
    instructions: str = ""
    """Of an LLM: what it is told before the question."""
    output: str = ""
    """Of a REPLY or TOOL: what it gives. Left out: what the node before it gave, or the page that the question names."""
    option_cards: tuple[str, ...] = ()
    """Of an OPTION_CARD: the run waits for one of them."""
    files: FileCollection | None = None
    """Of a FILE_COLLECT: the run waits for files."""
    widget: Widget | None = None
    """Of a WIDGET: the run waits for something to be done to it."""
    fails: str = ""
    """Why the node fails, if it does."""


class BotWorkflow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    description: str = ""
    nodes: tuple[BotNode, ...] = ()
    released: int = 0
    """Unix seconds."""
    is_async: bool = False


class Bot(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers and texts are those of the app's configuration; defaults are documented."""

    app: str
    name: str
    avatar: str = ""
    space: str = ""
    type: str = "knowledge_qa"
    owner: str = ""
    """The uin whose usage its dialogues are."""
    is_draft: bool = False
    pattern: Pattern = "standard"
    model: str
    thought_model: str = ""
    role: str = ""
    greeting: str = ""
    refusal: str = ""
    """What a rejected question is answered with."""
    bare_answer: str = ""
    """What an unknown question is answered with."""
    uses_general_knowledge: bool = True
    polishes: bool = False
    """Whether an accepted answer is put into the model's words (ReplyFlexibility 2)."""
    searches_web: bool = False
    recommends: bool = False
    """Whether questions to go on with come after an answer (UseRecommended)."""
    recommendation: Recommendation = "option_cards"
    """What these questions stand in."""
    clarifies: bool = False
    """Whether it asks back what a question means that can mean several things (UseQuestionClarify)."""
    clarify_keywords: tuple[str, ...] = ()
    """It asks back only about questions with one of these (QuestionClarifyKeywords); without any about every one."""
    plans: bool = False
    """Whether the first of several agents tells its plan (AgentCollaboration 3)."""
    interrupts: bool = False
    """Whether a question stops the answer before it (EnableNewMessageInterrupt)."""
    history: int = 3
    """Rounds that the model remembers."""
    streams: bool = True
    agents: tuple[BotAgent, ...] = ()
    """The first is whom the user talks to."""
    workflow: BotWorkflow | None = None


class Finding(NamedTuple):
    """A Q&A or a segment that a search brought to light, with how sure it is (0 to 1)."""

    type: int
    """1 a Q&A, 2 a segment (documented)."""
    name: str
    score: float
    question: str = ""
    answer: str = ""
    text: str = ""
    doc_id: str = ""
    doc_name: str = ""
    qa_id: str = ""
    knowledge_id: str = ""
    url: str = ""
    pages: tuple[int, ...] = ()


class Findings(NamedTuple):
    """The best first."""

    rejected: bool = False
    """Whether it is one of the rejected questions."""
    questions: Sequence[Finding] = ()
    segments: Sequence[Finding] = ()


class Library(Protocol):
    """What an app knows, as its dialogues search it: in its draft or its released state."""

    def prepare(self) -> Iterator[None]:
        """What `ask` needs done first, in slices between which others may be served."""

    def ask(self, question: str, labels: Mapping[str, Sequence[str]]) -> Findings:
        """What there is about a question; `labels` say what the visitor may see."""

    def page(self, text: str) -> str:
        """What is at the address that the text names; empty if it names none that is known."""
