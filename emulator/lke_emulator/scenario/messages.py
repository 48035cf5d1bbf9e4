"""The `messages` of a scenario's account: what usage alone cannot say about them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.account.records import Messages
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Section, Share

METHODS = {
    "model_reply": "ModelReplyCount",
    "knowledge": "KnowledgeCount",
    "task_flow": "TaskFlowCount",
    "search_engine": "SearchEngineCount",
    "image_understanding": "ImageUnderstandingCount",
    "reject": "RejectCount",
    "sensitive": "SensitiveCount",
    "concurrent_limit": "ConcurrentLimitCount",
    "unknown_issues": "UnknownIssuesCount",
}


class ReplyMethods(Section, frozen=True):
    """How answers came about, as relative weights in whole numbers: the members of GetAnswerTypeDataCount."""

    model_reply: Annotated[int, Meta(ge=0, le=10**4)] = 0
    knowledge: Annotated[int, Meta(ge=0, le=10**4)] = 0
    task_flow: Annotated[int, Meta(ge=0, le=10**4)] = 0
    search_engine: Annotated[int, Meta(ge=0, le=10**4)] = 0
    image_understanding: Annotated[int, Meta(ge=0, le=10**4)] = 0
    reject: Annotated[int, Meta(ge=0, le=10**4)] = 0
    sensitive: Annotated[int, Meta(ge=0, le=10**4)] = 0
    concurrent_limit: Annotated[int, Meta(ge=0, le=10**4)] = 0
    unknown_issues: Annotated[int, Meta(ge=0, le=10**4)] = 0


class MessagesSection(Section, frozen=True):
    """What usage alone cannot say about the messages of an account; their number is the number of dialogue calls."""

    reply_methods: ReplyMethods = ReplyMethods(model_reply=1)
    """How the answers came about."""
    rated: Annotated[float, Meta(ge=0, le=100)] = 0.0
    """Ratings for each message; the documented example has 1.75, for somebody may rate twice."""
    liked: Share = 0.0
    """The share of ratings that were likes; the others were dislikes."""


def build_messages(section: MessagesSection, at: Place) -> Messages:
    weights = msgspec.structs.asdict(section.reply_methods)
    if not any(weights.values()):
        raise (at / "reply_methods").wrong("give at least one of them a weight above 0")
    return Messages({METHODS[key]: weight for key, weight in weights.items() if weight}, section.rated, section.liked)
