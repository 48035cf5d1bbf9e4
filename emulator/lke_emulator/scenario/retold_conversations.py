"""The conversations of an app retold: what was asked and answered, how, and how it was liked."""

from collections.abc import Iterator

from lke_emulator.account.account import Account
from lke_emulator.dialogues import msg_record
from lke_emulator.dialogues.conversations import Conversation
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.scenario.conversations import ConversationSection, TurnSection
from lke_emulator.scenario.moments import moment_text
from lke_emulator.scenario.section import Moment, Text
from lke_emulator.scenario.told import HOW
from lke_emulator.scenario.turns import CHANNELS, SCORES

MOST_TURNS = 5000
"""Of an app; those of the conversations that were used last are told."""
NAMES: dict[int, str] = {how.method: name for name, how in [*HOW.items()][::-1]} | {10: "task_flow"}
"""ReplyMethod -> what a scenario calls it; the first of those that have the same."""
TYPES = {channel: name for name, channel in CHANNELS.items()}
RATINGS = {score: name for name, score in SCORES.items()}
UNSAID = Text("…")
"""For a question without text, such as a picture."""
LONGEST_REASON = 20


def retold_conversations(account: Account, app: str, now: float) -> tuple[list[ConversationSection], int]:
    """The oldest first, and how many answers of earlier ones are left out."""
    found: list[ConversationSection] = []
    room, left_out = MOST_TURNS, 0
    for conversation in account.conversations.select(app=app):
        turns = list(turns_of(account, conversation, now))
        if len(turns) > room:
            room, left_out = 0, left_out + len(turns)
        elif turns:
            room -= len(turns)
            began = turns[0].at
            assert began is not None
            found.append(conversation_section(conversation, began, turns))
    return found[::-1], left_out


def conversation_section(conversation: Conversation, began: Moment, turns: list[TurnSection]) -> ConversationSection:
    return ConversationSection(
        at=began,
        id=Text(conversation.id),
        visitor=Text(conversation.visitor) if conversation.visitor else None,
        channel=TYPES.get(conversation.channel, "api"),  # type: ignore[arg-type]
        metered=False,
        turns=turns,
    )


def turns_of(account: Account, conversation: Conversation, now: float) -> Iterator[TurnSection]:
    """One for each answer that has ended."""
    known = {record.id: record for record in conversation.records}
    for record in conversation.records:
        if not record.is_from_self and record.status != "processing":
            asked = known.get(record.related)
            yield TurnSection(
                at=Moment(moment_text(min(record.time, now), account.zone)),
                question=Text(asked.content) if asked and asked.content else UNSAID,
                answer=record.content,
                how=how_of(record),  # type: ignore[arg-type]
                rating=RATINGS[record.score] if record.can_rate else "",  # type: ignore[arg-type]
                reasons=[reason[:LONGEST_REASON] for reason in record.reasons],
                feedback=record.feedback,
            )


def how_of(record: MsgRecord) -> str:
    if record.method == msg_record.LLM and record.references:
        return "documents"
    return NAMES.get(record.method, "unanswered")
