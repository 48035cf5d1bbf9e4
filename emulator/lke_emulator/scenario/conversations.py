"""The `conversations` of a scenario's app: what was asked and answered, and how it was liked; written out, or made up.

What builds them is in `turns.py`, which only a scenario with conversations imports.
"""

from typing import Annotated, Literal

from msgspec import Meta

from lke_emulator.scenario.item import Count
from lke_emulator.scenario.messages import ReplyMethods
from lke_emulator.scenario.section import Copies, Duration, Moment, Section, Share, Text

Weight = Annotated[int, Meta(ge=0, le=10**4)]


class ChannelWeights(Section, frozen=True):
    """Where conversations come from, as relative weights in whole numbers."""

    visitor: Weight = 0
    evaluation: Weight = 0
    api: Weight = 0
    test: Weight = 0
    share: Weight = 0


class ConversationsSection(Section, frozen=True, kw_only=True):
    """Conversations that are made up, of one to four questions each."""

    messages: Count
    """Questions, each of which was answered."""
    since: Moment | None = None
    """They were asked from this moment to now, in daytime. Left out: for 30 days."""
    visitors: Copies = 200
    """Who asked."""
    answers: ReplyMethods = ReplyMethods(knowledge=6, model_reply=3, unknown_issues=1)
    """How answers came about. Those from knowledge are Q&A of the app, which they name."""
    channels: ChannelWeights = ChannelWeights(share=3, api=1)
    rated: Share = 0.0
    """The share of answers that were rated, of those that can be."""
    liked: Share = 0.5
    """The share of ratings that were likes; the others were dislikes."""


class TurnSection(Section, frozen=True, kw_only=True):
    """A question and its answer."""

    question: Text
    answer: str = ""
    how: Literal[
        "model_reply",
        "knowledge",
        "task_flow",
        "search_engine",
        "image_understanding",
        "reject",
        "sensitive",
        "concurrent_limit",
        "unknown_issues",
        "documents",
        "polished",
        "realtime_document",
        "clarification",
        "workflow",
        "agent",
        "multi_intent",
        "greeting",
        "unanswered",
    ] = "model_reply"
    """How the answer came about: what GetAnswerTypeDataCount counts it as; those after unknown_issues count as one of these,
    or as a reply of a model. `documents` is a model's answer that names a document."""
    rating: Literal["", "liked", "disliked"] = ""
    reasons: list[Annotated[str, Meta(max_length=20)]] = []
    feedback: str = ""
    after: Duration | None = None
    """How long after the turn before. Left out: a minute."""
    at: Moment | None = None
    """When it was asked, where `after` does not say so."""


class ConversationSection(Section, frozen=True, kw_only=True):
    """A conversation that was had."""

    at: Moment
    """When it began."""
    id: Text | None = None
    """Left out: made from the seed."""
    visitor: Text | None = None
    """Left out: made from the seed."""
    channel: Literal["visitor", "evaluation", "api", "test", "share"] = "api"
    metered: bool = True
    """Whether it left usage behind, as dialogues do. false: the account's `usage` has it."""
    turns: Annotated[list[TurnSection], Meta(min_length=1)]
