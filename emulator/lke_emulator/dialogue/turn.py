"""One turn of a conversation: admitted, answered, metered and kept.

A turn is charged act by act, at the moment it happens; one that is stopped, or whose caller leaves, for what was sent. It is
the same turn over every protocol: `course` gives its beats, and whoever stops before the end closes it.
"""

from collections.abc import Iterator, Sequence
from time import gmtime, strftime

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.call import Wait
from lke_emulator.account.dialogue_limits import Exceeded
from lke_emulator.billing.billing import Reason, Unserved
from lke_emulator.dialogue.beats import (
    Added,
    Asked,
    Beats,
    Began,
    Cites,
    ClosedBeat,
    Cut,
    Ended,
    Failed,
    Opened,
    TextBeat,
    Working,
)
from lke_emulator.dialogue.errors import DialogueError, of_rule
from lke_emulator.dialogues.answering import Answering
from lke_emulator.dialogues.bot import Bot, Library
from lke_emulator.dialogues.channels import CALL_TYPES, KNOWLEDGE_QA, SEARCH, TEST_CALL
from lke_emulator.dialogues.contents import cite
from lke_emulator.dialogues.conversations import Conversation
from lke_emulator.dialogues.msg_record import CONCURRENCY_LIMIT, SENSITIVE, MsgRecord, Round
from lke_emulator.dialogues.plan import Act, Plan, Saying
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.question import Question
from lke_emulator.dialogues.run import CANCELLED, FAILED, RUNNING, SUCCESS, NodeRun, Run
from lke_emulator.dialogues.said import Content, Said, Status
from lke_emulator.models import prose, tokens
from lke_emulator.models.chat import Message
from lke_emulator.usage.line import Line

THROTTLE = 5
"""The system's streaming_throttle (documented)."""
NAP = 0.1
"""Seconds after which a waiting turn looks whether it was stopped."""
PATIENCE = 5.0
"""Seconds for which a question waits until the answer has ended that it stops."""
NO_PLACE, NOTHING_DEDICATED = 460701, 460702
"""Dedicated concurrency is used up; it has ended, and nothing else pays (documented codes)."""
UNSERVED = {"unopened": 460026, "in-arrears": 460026, "run-out": 460032, "concurrency": 460011}
"""Why nothing would pay for a call -> what the dialogue says (documented codes; that of `unopened` is inferred)."""


class Turn:
    def __init__(
        self,
        account: Account,
        bot: Bot,
        library: Library,
        conversation: Conversation,
        question: Question,
        *,
        visitor: str,
        caller: str,
        request_id: str,
        now: float,
        assumptions: Assumptions,
    ) -> None:
        """`caller` is the uin whose usage it is; `now` is the moment on the account's clock at which it was asked."""
        self.account = account
        self.bot = bot
        self.conversation = conversation
        self.visitor = visitor
        self.caller = caller
        self.request_id = request_id
        self.began = now
        self.remembers = conversation.remembered()
        self.question = msgspec.structs.replace(question, history=history(self.remembers, bot.history))
        self.assumptions = assumptions
        self.rates = assumptions.tokens_per_1000_characters
        self.answering = Answering(account, bot, library, self.question, self.rates)
        self.stopped = False
        self.is_evil = account.moderation.blocks(question.text) is not None
        trace = account.ids.hex(32)
        self.trace = trace
        self.asked = self.record(is_from_self=True, status="success", content=question.text, files=list(question.files))
        self.asked.images = list(question.images)
        self.answer = self.record(related=self.asked.id, remembered=rounds(self.question.history))
        self.asked.related = self.answer.id
        self.asked.messages = [
            Said(
                id="rpl_" + self.asked.id,
                type="question",
                status="success",
                contents=list(question.contents) or [{"Type": "text", "Text": question.text}],
                started=self.milliseconds(),
                ended=self.milliseconds(),
            )
        ]
        self._entered = ""
        """The model in whose concurrency it has a place."""
        self._heard = -1
        """How many steps there were at the last text."""
        self._open: Said | None = None
        """The message that is being said, of these parts."""
        self._parts: list[str] = []
        self._sent = self._thought = 0
        """Tokens of the act that left so far, and of its chain of thought among them."""
        self._left: int | None = None
        """Pieces until the act breaks."""
        self._waits = False
        """The run of a workflow is to stand where somebody has to do something first."""

    def record(self, **members: object) -> MsgRecord:
        return MsgRecord(
            id=self.record_id(),
            conversation=self.conversation.id,
            app=self.bot.app,
            time=self.began,
            request_id=self.request_id,
            trace_id=self.trace,
            channel=self.conversation.channel,
            is_draft=self.bot.is_draft,
            variables=dict(self.question.variables),
            **members,  # type: ignore[arg-type]
        )

    def record_id(self) -> str:
        """As documented: 3 characters, local date, time, milliseconds, 8 characters."""
        ids = self.account.ids
        local = strftime("%Y%m%d_%H%M%S", gmtime(self.began + self.account.zone))
        return f"{ids.word(3)}_{local}_{int(self.began * 1000) % 1000:03d}_{ids.word(8)}"

    def milliseconds(self) -> int:
        return int(self.account.clock.now() * 1000)

    # its course

    def course(self) -> Beats:
        """DialogueError before the first beat where it is not admitted; then what was asked is not kept, unless it was one
        call too many at a time, which statistics count."""
        model = self.answering.model
        yield from self.interrupted()
        self.admit(model)
        try:
            for _ in self.answering.library.prepare():
                yield Wait(0)
            plan = Plan(method=SENSITIVE, acts=[refused(self.question)]) if self.is_evil else self.answering.plan()
            self.check_searches(plan)
            self.keep()
            yield Asked(self.asked, self.is_evil)
            yield Began(self.answer)
            yield from self.answered(plan)
        finally:
            self.settle()

    def interrupted(self) -> Iterator[Wait]:
        """Until the answer before it has ended where this question stops it; not for ever, if nobody reads that one."""
        left = PATIENCE
        while left > 0 and self.bot.interrupts and self.account.conversations.stop_answers(self.conversation):
            yield Wait(NAP)
            left -= NAP

    def admit(self, model: str) -> None:
        account = self.account
        try:
            account.dialogue_limits.enter(self.bot.app, self.bot.space, account.ledger, self.began)
            account.billing.admit(KNOWLEDGE_QA, model, self.caller, self.began)
            account.concurrency.enter(model, self.began)
        except Unserved as unserved:
            if unserved.reason == "concurrency":
                self.answer.method, self.answer.status = CONCURRENCY_LIMIT, "failed"
                self.answer.found_no_place = model
                self.keep()
            raise DialogueError(self.unserved(unserved.reason, model), reason=unserved.reason) from None
        except Exceeded as exceeded:
            raise DialogueError(exceeded.code) from None
        self._entered = model
        self.answer.granted = account.billing.granted(KNOWLEDGE_QA, model, self.began)

    def unserved(self, reason: Reason, model: str) -> int:
        """What was bought for the model alone has codes of its own: its places, and what it had before it ended."""
        account = self.account
        if reason == "concurrency" and account.dedicated(model, self.began):
            return NO_PLACE
        if reason == "run-out" and account.billing.resources.most_dedicated(model, 0, int(self.began)):
            return NOTHING_DEDICATED
        return UNSERVED[reason]

    def check_searches(self, plan: Plan) -> None:
        if any(act.internet for act in plan.acts) and self.account.billing.refusal(SEARCH, "", self.began):
            raise DialogueError(460037)

    def keep(self) -> None:
        conversations = self.account.conversations
        conversations.add(self.conversation, self.asked)
        conversations.add(self.conversation, self.answer)
        conversations.running[self.answer.id] = self.stop

    def stop(self) -> None:
        """End it at the next beat, with what was said so far."""
        self.stopped = True

    def answered(self, plan: Plan) -> Beats:
        answer = self.answer
        answer.method = plan.method
        answer.option_cards = list(plan.option_cards)
        self._waits = plan.waits
        if plan.run is not None:
            plan.run.visitor = self.visitor
            plan.run.created = plan.run.started = self.milliseconds()
            if answer in self.account.conversations:
                self.account.runs.add(plan.run)
        for act in plan.acts:
            yield from self.acted(act)
            if answer.status != "processing":
                return
            if self.stopped:
                break
        if answer.procedures:
            yield self.ended(answer.procedures[-1], "stop" if self.stopped else "success")
        self.finish("stop" if self.stopped else "success")
        yield Ended(answer)

    def acted(self, act: Act) -> Beats:
        answer = self.answer
        if act.procedure is not None:
            if answer.procedures and answer.procedures[-1].status == "processing":
                yield self.ended(answer.procedures[-1], "success")
            procedure = msgspec.structs.replace(act.procedure, started=self.milliseconds())
            answer.procedures.append(procedure)
            yield Working(procedure)
        node = self.entered(act.node)
        self._sent, self._thought, self._left = 0, 0, act.cut_after
        yield from self.waited(act.delay)
        if act.error is not None and act.cut_after is None:
            yield self.failed(of_rule(act.error))
            return
        try:
            for saying in act.sayings:
                yield from self.says(saying, act.delay_per_token)
                if self.stopped or self._left == 0:
                    break
            else:
                self._sent = act.output
        finally:
            self.charge(act)
            self.left(node, act.node)
        if self._left == 0:
            yield self.broken() if act.error is None else self.failed(of_rule(act.error))
            return
        if node is not None and node.state == FAILED:
            yield self.failed(DialogueError(460101, node.fail_message))
        elif node is not None:
            yield Working(answer.procedures[-1])

    def says(self, saying: Saying, delay: float) -> Beats:
        """The beats of one message."""
        message = self.opened(saying)
        yield Opened(message, saying)
        is_whole = saying.at_once or self.question.stream == "disable" or not self.bot.streams
        throttle = self.question.throttle or THROTTLE
        # Tokens are told apart where something can happen between two of them.
        is_paced = delay or self._left is not None
        size = 1 if is_paced else len(saying.text) if is_whole else throttle
        gathered = ""
        for piece, count in tokens.portions(saying.text, self.rates, size):
            if self._left == 0:
                break
            if delay:
                yield from self.waited(delay)
            if self.stopped:
                break
            if self._left is not None:
                self._left -= 1
            self._sent += count
            self._thought += count if saying.type == "thought" else 0
            gathered += piece
            if len(gathered) >= throttle and not is_whole:
                yield self.text(message, gathered, False)
                gathered = ""
        # What has no text is there as soon as it is begun.
        is_done = self._left != 0 and not (self.stopped and saying.has_text)
        if gathered or (is_done and not self._parts and saying.has_text):
            yield self.text(message, gathered, is_done)
        if self._left == 0:
            return
        if is_done:
            yield from self.beside(message, saying)
        self.closed("success" if is_done else "stop", saying)
        yield ClosedBeat(message)

    def opened(self, saying: Saying) -> Said:
        """A message with an id of the documented form: `rpl_` for a reply, `prc_` and a number for a step."""
        answer = self.answer
        steps = sum(message.type != "reply" for message in answer.messages)
        replies = len(answer.messages) - steps
        if saying.type == "reply":
            id = f"rpl_{answer.id}_{replies}" if replies else f"rpl_{answer.id}"
        else:
            id = f"prc_{answer.id}_{steps}"
        asked_by = next((one.id for one in reversed(answer.messages) if one.type == "tool_call"), "")
        message = Said(
            id=id,
            type=saying.type,
            title=saying.title,
            icon=saying.icon,
            agent=saying.agent,
            tool=saying.tool,
            parent=asked_by if saying.is_sub_agent else "",
            contents=[{"Type": "json_text" if saying.is_json else "text", "Text": ""}] if saying.has_text else [],
            started=self.milliseconds(),
        )
        answer.messages.append(message)
        self._open, self._parts = message, []
        return message

    def text(self, message: Said, text: str, is_last: bool) -> TextBeat:
        self._parts.append(text)
        if self._heard != len(self.answer.procedures):
            self.heard()
        return TextBeat(message, text, is_last)

    def heard(self) -> None:
        """The first text of a step, or of the answer."""
        procedures = self.answer.procedures
        if self._heard < 0:
            self.answer.first = self.since_began()
        if procedures:
            procedures[-1].first = max(0, self.milliseconds() - procedures[-1].started)
        self._heard = len(procedures)

    def beside(self, message: Said, saying: Saying) -> Beats:
        """What a message has beside its text."""
        for content in saying.extra:
            message.contents.append(content)
            yield Added(message, len(message.contents) - 1, content)
        if saying.references:
            self.answer.references += saying.references
            self.answer.quotes += saying.quotes
            self.account.conversations.cite(self.answer)
            legacy = self.assumptions.v2_refer_legacy_names
            cite(message.contents[0], saying.quotes, saying.references, legacy)
            yield Cites(message, saying.quotes, saying.references)

    def closed(self, status: Status, saying: Saying | None = None) -> None:
        """The open message is as it will be."""
        message = self._open
        if message is None:
            return
        if self._parts:
            message.contents[0]["Text"] = "".join(self._parts)
        message.status = saying.status if saying is not None and status == "success" else status
        message.ended = self.milliseconds()
        self._open = None

    def waited(self, seconds: float) -> Iterator[Wait]:
        """A pause, cut short by a stop."""
        while seconds > 0 and not self.stopped:
            yield Wait(min(seconds, NAP))
            seconds -= NAP

    # its steps

    def entered(self, node: NodeRun | None) -> NodeRun | None:
        """The run comes to a node: as it will be, but not there yet."""
        if node is None:
            return None
        running = msgspec.structs.replace(node, state=RUNNING, output="{}", started=self.milliseconds())
        run = self.answer.procedures[-1].run
        if run is not None:
            run.nodes.append(running)
        return running

    def left(self, running: NodeRun | None, node: NodeRun | None) -> None:
        """The node has done what it does; one that was stopped before stays where it was."""
        if running is not None and node is not None and not self.stopped:
            running.state, running.output = node.state, node.output
            running.ended = 0 if node.state == RUNNING else self.milliseconds()

    def ended(self, procedure: Procedure, status: Status) -> Working:
        procedure.status = status
        procedure.elapsed = max(0, self.milliseconds() - procedure.started)
        return Working(procedure)

    def charge(self, act: Act) -> None:
        """Meter one act: its tokens, and its search."""
        account, procedures = self.account, self.answer.procedures
        now = account.clock.now()
        if act.model:
            procedures[-1].input += act.input
            procedures[-1].output += self._sent
            procedures[-1].reasoning += min(self._thought, self._sent)
            line = self.line(act.model, KNOWLEDGE_QA)
            used = {"input": act.input, "output": self._sent}
            account.billing.record(line, now, **used, id=self.answer.id, visitor=self.visitor)
        is_search = act.procedure is not None and act.procedure.name == "knowledge"
        rag = int(is_search and self.assumptions.rag_searches_metered)
        if rag or act.internet:
            line = self.line("", SEARCH)
            used = {"rag": rag, "internet": act.internet}
            account.billing.record(line, now, **used, id=self.answer.id, visitor=self.visitor)

    def line(self, model: str, kind: str) -> Line:
        bot = self.bot
        return Line(
            sub_account=self.caller,
            space=bot.space,
            app=bot.app,
            app_name=bot.name,
            app_type=bot.type,
            model=model,
            sub_biz_type=kind,
            call_type=CALL_TYPES.get(self.conversation.channel, TEST_CALL),
        )

    # its end

    def since_began(self) -> int:
        return max(0, self.milliseconds() - int(self.began * 1000))

    def failed(self, error: DialogueError) -> Failed:
        answer = self.answer
        answer.error_code, answer.error_message = error.code, error.text(self.assumptions.dialogue_language)
        self.finish("failed")
        return Failed(error)

    def broken(self) -> Cut:
        self.finish("failed")
        return Cut()

    def finish(self, status: Status) -> None:
        """What is kept of the answer is as it will be."""
        answer = self.answer
        self.closed(status)
        answer.status = status
        answer.elapsed = self.since_began()
        answer.content = "\n\n".join([one.text for one in answer.messages if one.type == "reply"])
        for message in answer.messages:
            if message.type == "plan":
                message.contents = [worked_off(content, status) for content in message.contents]
        for procedure in answer.procedures:
            if procedure.status == "processing":
                self.ended(procedure, status)
            if (
                procedure.run is not None
                and procedure.run.state == RUNNING
                and not (self._waits and status == "success")
            ):
                end_run(procedure.run, procedure, answer)

    def settle(self) -> None:
        """Give the place back; an answer whose caller has gone is stopped."""
        if self.answer.status == "processing":
            self.finish("stop")
        if self._entered:
            self.account.concurrency.leave(self._entered, self.account.clock.now())
            self._entered = ""
        self.account.conversations.running.pop(self.answer.id, None)


def worked_off(tasks: Content, status: Status) -> Content:
    """The tasks of a plan are as far as its answer."""
    return {**tasks, "Tasks": [{**task, "Status": status} for task in tasks["Tasks"]]}


def end_run(run: Run, procedure: Procedure, answer: MsgRecord) -> None:
    """A run ends with the answer."""
    run.state = {"success": SUCCESS, "failed": FAILED}.get(answer.status, CANCELLED)
    run.output = answer.content
    run.fail_message = answer.error_message
    run.ended = procedure.started + procedure.elapsed


def history(records: list[MsgRecord], rounds: int) -> list[Message]:
    """The last rounds as a model remembers them: questions that were answered, and their answers."""
    answers = [one for one in records if not one.is_from_self and one.status == "success" and one.content]
    asked = {one.id: one for one in records if one.is_from_self}
    said: list[Message] = []
    for answer in answers[-rounds:] if rounds else ():
        question = asked.get(answer.related)
        if question is not None:
            said += [Message("user", question.content), Message("assistant", answer.content)]
    return said


def rounds(said: Sequence[Message]) -> tuple[Round, ...]:
    return tuple(
        [Round(user.content, assistant.content) for user, assistant in zip(said[::2], said[1::2], strict=True)]
    )


def refused(question: Question) -> Act:
    """What stands in place of an answer to a question that moderation stops."""
    return Act(sayings=[Saying(text=prose.moderated(question.text), at_once=True)])
