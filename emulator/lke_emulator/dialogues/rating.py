"""How an answer was liked."""

from collections.abc import Sequence

from lke_emulator.dialogues.channels import EVALUATION
from lke_emulator.dialogues.conversations import Conversations
from lke_emulator.dialogues.msg_record import MsgRecord

NONE, LIKED, DISLIKED = 0, 1, 2
"""Score (documented)."""
REASON = 20
"""Characters of a reason (documented)."""


class NotRated(Exception):
    """Why an answer cannot be rated."""


def rate(
    conversations: Conversations,
    app: str,
    record_id: str,
    score: int,
    reasons: Sequence[str] = (),
    feedback: str = "",
) -> MsgRecord | None:
    """The answer with its rating; None where the app has no such answer. NotRated for a greeting, a concurrency or a
    real-time document answer and for an evaluation (documented), and for what is no rating."""
    record = conversations.record(record_id)
    if record is None or record.app != app or record.is_from_self:
        return None
    if not record.can_rate or record.channel == EVALUATION:
        raise NotRated("this answer cannot be rated")
    if score not in (NONE, LIKED, DISLIKED):
        raise NotRated(f"Score is 0, 1 or 2, not {score}")
    if any(len(reason) > REASON for reason in reasons):
        raise NotRated(f"a reason has at most {REASON} characters")
    record.score = score
    record.reasons = list(reasons) if score else []
    record.feedback = feedback if score else ""
    return record
