"""Turns that a scenario tells of: what is kept of them as message records, and the usage that they caused."""

from collections.abc import Mapping, Sequence
from time import gmtime, strftime
from typing import Any, NamedTuple

from msgspec.structs import replace

from lke_emulator.account.account import Account
from lke_emulator.account.ratings import unsatisfied
from lke_emulator.dialogues import msg_record
from lke_emulator.dialogues.channels import CALL_TYPES, DRAFTS, KNOWLEDGE_QA, SEARCH
from lke_emulator.dialogues.contents import cite
from lke_emulator.dialogues.conversations import Conversation
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.procedure import Name, Passage, Procedure
from lke_emulator.dialogues.rating import DISLIKED
from lke_emulator.dialogues.said import Citation, Quote, Said
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.qas import Qa
from lke_emulator.models.tokens import estimate
from lke_emulator.primitives.ids import Ids
from lke_emulator.usage.line import Line

PROMPT = 160
"""Tokens that a model is told beside the question."""
FIRST, A_TOKEN = 400, 15
"""Milliseconds until an answer begins, and for each token of it."""


class How(NamedTuple):
    """How answers came about: ReplyMethod, and the steps that it takes."""

    method: int
    model: Name | None = None
    rag: int = 1
    internet: int = 0


HOW: Mapping[str, How] = {
    "model_reply": How(msg_record.LLM, "large_language_model"),
    "knowledge": How(msg_record.ACCEPTED_QA),
    "task_flow": How(msg_record.WORKFLOW_FINISHED, "large_language_model", 0),
    "search_engine": How(msg_record.SEARCH_ENGINE, "large_language_model", 1, 1),
    "image_understanding": How(msg_record.IMAGE, "image", 0),
    "reject": How(msg_record.REJECTED_QUESTION, rag=0),
    "sensitive": How(msg_record.SENSITIVE, rag=0),
    "concurrent_limit": How(msg_record.CONCURRENCY_LIMIT, rag=0),
    "unknown_issues": How(msg_record.UNKNOWN_QUESTION),
    "documents": How(msg_record.LLM, "large_language_model"),
    "polished": How(msg_record.POLISHED, "large_language_model"),
    "realtime_document": How(msg_record.REALTIME_DOCUMENT, "large_language_model", 0),
    "clarification": How(msg_record.CLARIFICATION),
    "workflow": How(msg_record.WORKFLOW, "large_language_model", 0),
    "agent": How(msg_record.AGENT, "large_language_model", 0),
    "multi_intent": How(msg_record.MULTI_INTENT, "large_language_model"),
    "greeting": How(msg_record.GREETING, rag=0),
    "unanswered": How(0, rag=0),
}


TurnUse = tuple[float, str, Conversation, dict[str, int]]
"""Moment, record, conversation, amounts."""


class Told(NamedTuple):
    moment: float
    question: str
    answer: str
    how: str
    qa: Qa | None = None
    """What the answer is from."""
    score: int = 0
    reasons: Sequence[str] = ()
    feedback: str = ""


class Chronicle:
    """Of one app. Usage goes into the ledger at the end, for turns of several conversations come between one another."""

    def __init__(self, account: Account, app: App, model: str, seed: object) -> None:
        self._account = account
        self._app = app
        self._model = model
        self._ids = Ids(seed)
        self._usage: list[TurnUse] = []
        self._disliked: list[MsgRecord] = []

    def converse(self, id: str, visitor: str, channel: int, turns: Sequence[Told], is_metered: bool = True) -> None:
        conversation = self._account.conversations.open(
            id or self._ids.request_id(), self._app.biz_id, visitor or self._ids.word(12), channel, turns[0].moment
        )
        for turn in turns:
            used = self._tell(conversation, turn)
            if is_metered:
                self._usage += used

    def close(self) -> None:
        account = self._account
        for moment, id, conversation, amounts in sorted(self._usage, key=lambda each: each[:2]):
            searches = "rag" in amounts
            line = self._line(SEARCH if searches else KNOWLEDGE_QA, conversation.channel)
            account.ledger.record(line, int(moment), id=id, visitor=conversation.visitor, **amounts)
        for record in sorted(self._disliked, key=lambda each: each.time):
            reply = replace(unsatisfied(account, record), created=record.time, updated=record.time)
            account.unsatisfied.add(reply, record.time)

    def _tell(self, conversation: Conversation, turn: Told) -> list[TurnUse]:
        """Keep the turn, and give what it used."""
        account, how, moment = self._account, HOW[turn.how], turn.moment
        asked, answer = self._record(conversation, turn), self._record(conversation, turn)
        asked.related, answer.related = answer.id, asked.id
        begun = int(moment * 1000)
        asked.is_from_self, asked.status, asked.content = True, "success", turn.question
        asked.messages = [said_message("rpl_" + asked.id, "question", turn.question, begun, begun)]
        answer.method, answer.content = how.method, turn.answer
        answer.score, answer.reasons, answer.feedback = turn.score, list(turn.reasons), turn.feedback
        answer.status = "failed" if how.method == msg_record.CONCURRENCY_LIMIT else "success"
        answer.procedures = self._steps(how, turn, begun)
        output = answer.output
        answer.first, answer.elapsed = FIRST, FIRST + A_TOKEN * output
        if turn.answer:
            reply = said_message("rpl_" + answer.id, "reply", turn.answer, begun, begun + answer.elapsed)
            if turn.qa is not None or turn.how == "documents":
                answer.references, answer.quotes = [self._citation(turn.qa)], [Quote(len(turn.answer), 1)]
                cite(reply.contents[0], answer.quotes, answer.references, account.assumptions.v2_refer_legacy_names)
            answer.messages = [reply]
        account.conversations.add(conversation, asked)
        account.conversations.add(conversation, answer)
        used: list[TurnUse] = []
        if how.model:
            used.append((moment, answer.id, conversation, {"input": answer.input, "output": output}))
        rag = how.rag if account.assumptions.rag_searches_metered else 0
        if rag or how.internet:
            used.append((moment, answer.id, conversation, {"rag": rag, "internet": how.internet}))
        if turn.score == DISLIKED:
            self._disliked.append(answer)
        return used

    def _record(self, conversation: Conversation, turn: Told) -> MsgRecord:
        moment, word = turn.moment, self._ids.word(11)
        local = strftime("%Y%m%d_%H%M%S", gmtime(moment + self._account.zone))
        return MsgRecord(
            id=f"{word[:3]}_{local}_{int(moment * 1000) % 1000:03d}_{word[3:]}",
            conversation=conversation.id,
            app=self._app.biz_id,
            time=moment,
            channel=conversation.channel,
            is_draft=conversation.channel in DRAFTS,
        )

    def _steps(self, how: How, turn: Told, begun: int) -> list[Procedure]:
        steps = []
        if how.rag:
            passages = () if turn.qa is None else (Passage(1, f"{turn.qa.question}\n{turn.qa.answer}"),)
            steps.append(Procedure(name="knowledge", text=turn.question, passages=passages))
        if how.internet:
            steps.append(Procedure(name="search_engine", text=turn.question))
        if how.model:
            rates = self._account.assumptions.tokens_per_1000_characters
            input, output = PROMPT + estimate(turn.question, rates), estimate(turn.answer, rates)
            steps.append(
                Procedure(
                    name=how.model, model=self._model, input=input, output=output, text=turn.question, said=turn.answer
                )
            )
        for step in steps:
            step.status, step.started, step.first, step.elapsed = "success", begun, FIRST, FIRST + A_TOKEN * step.output
        return steps

    def _citation(self, qa: Qa | None) -> Citation:
        if qa is None:
            return Citation(id=self._ids.snowflake(), index=1, type=2, name="", confidence=1.0)
        return Citation(
            id=self._ids.snowflake(),
            index=1,
            type=1,
            name=qa.question,
            qa_id=qa.id,
            doc_id=qa.document,
            knowledge_id=qa.base,
            question=qa.question,
            answer=qa.answer,
            confidence=1.0,
        )

    def _line(self, kind: str, channel: int) -> Line:
        app = self._app
        return Line(
            sub_account=app.creator or self._account.uin,
            space=app.space,
            app=app.biz_id,
            app_name=app.name,
            app_type=app.type,
            model=self._model if kind == KNOWLEDGE_QA else "",
            sub_biz_type=kind,
            call_type=CALL_TYPES[channel],
        )


def said_message(id: str, type: Any, text: str, started: int, ended: int) -> Said:
    return Said(
        id=id, type=type, status="success", contents=[{"Type": "text", "Text": text}], started=started, ended=ended
    )
