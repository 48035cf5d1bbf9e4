"""A rating and what follows from it: a reply that was disliked waits to be handled."""

from collections.abc import Sequence

from lke_emulator.account.account import Account
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.rating import DISLIKED, rate
from lke_emulator.knowledge.unsatisfied import ContextLine, Unsatisfied

AROUND = 10
"""Messages that are kept with a reply, those before it (inferred)."""


def rate_reply(
    account: Account, app: str, record_id: str, score: int, reasons: Sequence[str] = (), feedback: str = ""
) -> MsgRecord | None:
    """The answer with its rating; None where the app has no such answer. Raises NotRated. What is not disliked any more
    does not wait any more."""
    record = rate(account.conversations, app, record_id, score, reasons, feedback)
    if record is None:
        return None
    if record.score == DISLIKED:
        account.unsatisfied.add(unsatisfied(account, record), account.clock.now())
    else:
        account.unsatisfied.drop(app, record.id)
    return record


def unsatisfied(account: Account, record: MsgRecord) -> Unsatisfied:
    now = account.clock.now()
    conversation = account.conversations.find(record.conversation, record.app)
    said = conversation.records if conversation else [record]
    place = next((i for i, one in enumerate(said) if one.id == record.id), len(said) - 1)
    visitor = conversation.visitor if conversation else ""
    question = account.conversations.record(record.related)
    app = account.apps.find(record.app)
    return Unsatisfied(
        base=record.app,
        id="",
        record=record.id,
        question=question.content if question else "",
        answer=record.content,
        reasons=tuple(record.reasons),
        feedback=record.feedback,
        visitor=visitor,
        created=now,
        updated=now,
        context=tuple(
            ContextLine(
                record=one.id,
                is_visitor=one.is_from_self,
                name=visitor if one.is_from_self else app.name,
                content=one.content,
                reply_method=one.method,
            )
            for one in said[max(0, place + 1 - AROUND) : place + 1]
        ),
    )
