"""How answers came about and how they were liked: counted where there are message records, else shares of the dialogue calls
that a scenario says were made.

The shares are laid out over the calls of each line in turn, so that the parts of a range sum to its calls, adjoining ranges
add up and apps partition the account, exactly.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.rating import LIKED as LIKE
from lke_emulator.dialogues.rating import NONE
from lke_emulator.products import action
from lke_emulator.protocol.errors import refusal
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.metered import Metered

COUNTS = (
    "ModelReplyCount",
    "KnowledgeCount",
    "TaskFlowCount",
    "SearchEngineCount",
    "ImageUnderstandingCount",
    "RejectCount",
    "SensitiveCount",
    "ConcurrentLimitCount",
    "UnknownIssuesCount",
)
SOURCES = {1: "对话调用-分享用户端对话", 2: "对话调用-API对话", 3: "对话测试", 4: "应用评测"}
"""Type -> CallType of the calls; the first text is documented, the others are inferred from the names of the types."""
CHANNELS = {1: (1, 20), 2: (5,), 3: (10,), 4: (2,)}
"""Type -> types of the conversations that it means."""
METHODS = {
    2: "UnknownIssuesCount",
    3: "RejectCount",
    4: "SensitiveCount",
    5: "KnowledgeCount",
    7: "ConcurrentLimitCount",
    8: "KnowledgeCount",
    9: "TaskFlowCount",
    10: "TaskFlowCount",
    11: "SearchEngineCount",
    12: "KnowledgeCount",
    13: "ImageUnderstandingCount",
    16: "TaskFlowCount",
    17: "TaskFlowCount",
}
"""ReplyMethod -> what it counts as; every other one is a reply of a model, or of knowledge where it names some (inferred)."""
LIKED = (1, 2)
"""Types that GetLikeDataCount takes (documented)."""
MILLION = 1_000_000


def answered(call: Call) -> Iterator[MsgRecord]:
    """The answers of the range that there are records of."""
    params = call.params
    start, stop = params["StartTime"], min(params["EndTime"], int(call.now)) + 1
    kind = params.get("Type", 0)
    for record in call.account.conversations.answers(start, stop, params.get("AppBizId", ())):
        if not kind or record.channel in CHANNELS[kind]:
            yield record


def counts_as(record: MsgRecord) -> str:
    return METHODS.get(record.method) or ("KnowledgeCount" if record.references else "ModelReplyCount")


def ranges(call: Call) -> Iterator[tuple[int, int]]:
    """For each line of dialogue that a scenario describes: its calls before the range, and before the range's end."""
    start, end = call.params["StartTime"], call.params["EndTime"]
    if end < start and call.assumptions.end_before_start == "refuse":
        raise refusal("parameter-value", name="EndTime", value=end)
    stop = min(end, int(call.now)) + 1
    kind = call.params.get("Type", 0)
    lines = Filter(
        apps=tuple(call.params.get("AppBizId", ())),
        sub_biz_type="KnowledgeQA",
        call_type=SOURCES[kind] if kind else "",
    )
    for series in call.account.ledger.select(lines):
        if isinstance(series, Metered) and series.line.app:
            continue  # a dialogue, of which there is a record
        yield series.calls_until(start), series.calls_until(max(start, stop))


def check_type(call: Call, known: tuple[int, ...]) -> None:
    kind = call.params.get("Type", 0)
    if kind and kind not in known:
        raise refusal("parameter-value", name="Type", value=kind)


@action("lke.GetAnswerTypeDataCount")
def get_answer_type_data_count(call: Call) -> dict[str, Any]:
    return answer_counts(call)


def answer_counts(call: Call) -> dict[str, int]:
    """Total, and its parts by how the answers came about."""
    check_type(call, tuple(SOURCES))
    weights = [call.account.messages.methods.get(name, 0) for name in COUNTS]
    counts = [0] * len(COUNTS)
    for before, after in ranges(call):
        for place, (until, since) in enumerate(zip(dealt(after, weights), dealt(before, weights), strict=True)):
            counts[place] += until - since
    told = Counter(dict(zip(COUNTS, counts, strict=True)))
    told.update(counts_as(record) for record in answered(call))
    return {"Total": told.total(), **told}


def dealt(calls: int, weights: list[int]) -> list[int]:
    """How many of the first `calls` calls went to each weight: turn by turn, each turn as long as their sum."""
    turns, rest = divmod(calls, sum(weights))
    parts = []
    for weight in weights:
        parts.append(turns * weight + min(rest, weight))
        rest -= min(rest, weight)
    return parts


@action("lke.GetLikeDataCount")
def get_like_data_count(call: Call) -> dict[str, Any]:
    check_type(call, LIKED)
    messages = call.account.messages
    rated, liked = round(messages.rated * MILLION), round(messages.liked * MILLION)
    total = appraisals = likes = 0
    for before, after in ranges(call):
        total += after - before
        appraisals += after * rated // MILLION - before * rated // MILLION
        likes += after * rated // MILLION * liked // MILLION - before * rated // MILLION * liked // MILLION
    for record in answered(call):
        total += record.can_rate
        appraisals += record.score != NONE
        likes += record.score == LIKE
    return {
        "Total": total,
        "AppraisalTotal": appraisals,
        "ParticipationRate": rate(appraisals, total),
        "LikeTotal": likes,
        "LikeRate": rate(likes, appraisals),
        "DislikeTotal": appraisals - likes,
        "DislikeRate": rate(appraisals - likes, appraisals),
    }


def rate(part: int, whole: int) -> float:
    """Rounded to two places, as the documented 3 of 7 is 0.43."""
    return round(part / whole, 2) if whole else 0.0
