"""A turn in the events of v1: reply, token_stat, thought, reference, error."""

import re
from collections.abc import Iterator
from typing import Any

from lke_emulator.account.call import Wait
from lke_emulator.dialogue.beats import (
    Added,
    Asked,
    Beat,
    Cites,
    ClosedBeat,
    Cut,
    Ended,
    Failed,
    Opened,
    TextBeat,
    Working,
)
from lke_emulator.dialogue.errors import DialogueError
from lke_emulator.dialogue.event import Event, encode, event
from lke_emulator.dialogue.turn import Turn
from lke_emulator.dialogues.assumptions import DialogueAssumptions
from lke_emulator.dialogues.msg_record import SENSITIVE, MsgRecord
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.run import Run
from lke_emulator.dialogues.said import Citation, Said
from lke_emulator.dialogues.words import REPLIED, say, step, title_of

CAPITAL = re.compile("(?<=[a-z])(?=[A-Z])")
BETWEEN = "\n\n"
"""What stands between two replies of one answer, which v1 has no other place for."""
PLUGIN, WORKFLOW_PLUGIN = 0, 2
"""plugin_type (documented): custom, workflow."""
STEPS = frozenset(("thought", "tool_call"))
SHOWN = STEPS | {"reply"}
"""Messages that v1 has a place for; plans and recommended questions it has none for."""
STATUS = {"processing": "processing", "success": "success", "failed": "failed", "stop": "success"}


class Version1:
    def __init__(self, turn: Turn, language: str, assumptions: DialogueAssumptions) -> None:
        self.turn = turn
        self.language = language
        self.assumptions = assumptions
        self.incremental = turn.question.incremental
        self.messages = turn.account.ids.hex(24)
        self.count = 0
        self.said = ""
        """The whole answer so far."""
        self.held: str | None = None
        """The last part of a reply, until it is known whether it is the last of the answer."""
        self.pending: Procedure | None = None
        """A step that ended, told unless it was the last: then it is told after the answer."""
        self.histories = [{"assistant": one.assistant, "user": one.user} for one in turn.answer.remembered]
        self.thoughts: list[dict[str, Any]] = []
        self.frame = b""
        """What a reply on the way has after its content, up to the event's number."""
        self.written = b""
        """The whole answer so far as JSON, without its quotes."""

    def events(self, course: Iterator[Beat]) -> Iterator[Event | Wait | Cut]:
        """The events of a turn's course, which is gone through to its end even where nothing of it is told."""
        silent = False
        for beat in course:
            if silent and not isinstance(beat, Wait):
                continue
            if isinstance(beat, TextBeat):
                told = self.text(beat)
                if told is not None:
                    yield told
            elif isinstance(beat, Wait | Cut):
                yield beat
            elif isinstance(beat, Working):
                yield from self.working(beat.procedure)
            elif isinstance(beat, Opened):
                yield from self.opened(beat.message)
            elif isinstance(beat, ClosedBeat):
                yield from self.closed(beat.message)
            elif isinstance(beat, Asked):
                answered = self.assumptions.v1_sensitive
                silent = beat.is_evil and answered != "echo_and_reply"
                if beat.is_evil and answered == "error_460501":
                    yield self.error(DialogueError(460501))
                else:
                    yield self.reply(
                        beat.record,
                        beat.record.content,
                        is_final=self.assumptions.v1_echo_is_final,
                        is_evil=beat.is_evil,
                    )
            elif isinstance(beat, Failed):
                yield self.error(beat.error)
            elif isinstance(beat, Ended):
                yield from self.ended(beat.record)
            else:
                assert not isinstance(beat, Added | Cites) or beat  # told with the last reply

    # replies

    def text(self, beat: TextBeat) -> Event | None:
        if beat.message.type != "reply":
            return self.thought(beat.text)
        if beat.is_last:
            self.held = beat.text
            return None
        return self.part(beat.text)

    def opened(self, message: Said) -> Iterator[Event]:
        if message.type not in SHOWN:
            return
        yield from self.flush()
        if message.type == "reply":
            if self.held is not None:
                part, self.held = self.held, None
                yield self.part(part)
            if self.said and self.incremental:
                yield self.part(BETWEEN)
            elif self.said:
                self.add(BETWEEN)
        else:
            self.think(message)

    def closed(self, message: Said) -> Iterator[Event]:
        if message.type in STEPS:
            step = self.thoughts[-1]
            step["status"] = STATUS[message.status]
            step["elapsed"] = message.ended - message.started
            yield self.thought("", is_end=True)

    def part(self, text: str) -> Event:
        """A reply on the way, with what it adds or with all so far. The rest of it is written once, and so is each text."""
        self.add(text)
        if not self.frame:
            payload = self.payload(self.turn.answer, "", False)
            del payload["content"]
            self.frame = b',%s,"message_id":"%s' % (encode(payload)[1:], self.messages.encode())
        content = encode(text) if self.incremental else b'"%s"' % self.written
        self.count += 1
        whole = b'{"type":"reply","payload":{"content":%s%s%08x"}' % (content, self.frame, self.count)
        return Event("reply", whole)

    def add(self, text: str) -> None:
        self.said += text
        if not self.incremental:
            self.written += encode(text)[1:-1]

    def reply(self, record: MsgRecord, content: str, *, is_final: bool, is_evil: bool = False) -> Event:
        return self.wrapped("reply", self.payload(record, content, is_final, is_evil))

    def payload(self, record: MsgRecord, content: str, is_final: bool, is_evil: bool = False) -> dict[str, Any]:
        """Of a reply. What of it no document names was seen by public clients."""
        bot, turn = self.turn.bot, self.turn
        is_answer = not record.is_from_self
        done = is_answer and is_final
        always = self.assumptions.v1_can_rating == "always"
        payload: dict[str, Any] = {
            "request_id": turn.request_id,
            "session_id": record.conversation,
            "record_id": record.id,
            "related_record_id": record.related if is_answer else "",
            "content": content,
            "is_from_self": record.is_from_self,
            "can_rating": record.can_rate and (done or always),
            "can_feedback": record.can_rate and (done or always),
            "is_final": is_final,
            "is_evil": is_evil,
            "is_llm_generated": done and record.is_llm_generated,
            "timestamp": int(record.time),
            "reply_method": record.method,
            "knowledge": [{"id": one.id, "type": one.type} for one in record.references] if done else None,
            "quote_infos": [{"position": one.position, "index": one.index} for one in record.quotes] if done else None,
            "file_infos": [file_info(one) for one in record.files] or None,
            "trace_id": turn.trace,
            "from_name": bot.name if is_answer else turn.visitor,
            "from_avatar": bot.avatar if is_answer else "",
            "intent_category": "",
            "docs": None,
            "interrupt_info": None,
            "extra_info": {"e_charts_info": None},
        }
        run = next((one.run for one in record.procedures if one.run), None)
        if run is not None:
            payload["work_flow"] = work_flow(run, record, bot.workflow.released if bot.workflow else 0)
        if done and record.option_cards:
            payload["option_cards"] = record.option_cards
        return payload

    def ended(self, record: MsgRecord) -> Iterator[Event]:
        rest = self.held or ""
        self.said += rest
        last = {"delta": rest, "full": self.said, "empty": ""}[self.assumptions.v1_incremental_final]
        is_evil = record.method == SENSITIVE and not self.turn.is_evil
        yield self.reply(record, last if self.incremental else self.said, is_final=True, is_evil=is_evil)
        if record.references:
            payload = {
                "record_id": record.id,
                "trace_id": self.turn.trace,
                "references": [reference(one) for one in record.references],
            }
            yield self.wrapped("reference", payload)
        yield self.token_stat(STATUS[record.status])

    # steps

    def working(self, procedure: Procedure) -> Iterator[Event]:
        yield from self.flush()
        if procedure.status == "processing":
            yield self.token_stat("processing")
        else:
            self.pending = procedure

    def flush(self) -> Iterator[Event]:
        if self.pending is not None:
            self.pending = None
            yield self.token_stat("processing")

    def token_stat(self, status: str) -> Event:
        """Cumulative: every step so far, and the sum of their tokens."""
        turn, record = self.turn, self.turn.answer
        release = turn.bot.workflow.released if turn.bot.workflow else 0
        procedures = [self.procedure(one, release) for one in record.procedures]
        title = step(record.procedures[-1], self.language) if record.procedures else say(REPLIED, self.language)
        count = record.input + record.output
        free, ordered = record.granted
        payload = {
            "session_id": record.conversation,
            "request_id": turn.request_id,
            "record_id": record.id,
            "trace_id": turn.trace,
            "used_count": count,
            "free_count": free,
            "order_count": ordered,
            "token_count": count,
            "elapsed": turn.since_began(),
            "status_summary": status,
            "status_summary_title": title,
            "procedures": procedures,
        }
        return self.wrapped("token_stat", payload)

    def procedure(self, one: Procedure, release: int) -> dict[str, Any]:
        debugging: dict[str, Any] = {
            "content": one.text,
            "system": one.system,
            "histories": self.histories if one.remembers else [],
            "knowledge": [{"type": passage.type, "content": passage.content} for passage in one.passages],
            "intent_cate": "",
            "display_content": "",
            "custom_variables": list(one.variables),
        }
        if one.run is not None:
            debugging["work_flow"] = debugged(one.run, self.turn.answer, release)
        if one.agent:
            debugging["agent"] = {"input": one.text, "output": one.said, "model_name": one.model}
        return {
            "name": one.name,
            "title": step(one, self.language),
            "status": STATUS[one.status],
            "input_count": one.input,
            "output_count": one.output,
            "count": one.input + one.output,
            "resource_status": 1,
            "debugging": debugging,
        }

    # thoughts

    def think(self, message: Said) -> None:
        """A step of the thoughts begins."""
        self.thoughts.append(
            {
                "index": len(self.thoughts),
                "name": message.tool or "thought",
                "title": title_of(message, self.language),
                "status": "processing",
                "icon": message.icon,
                "switch": "main" if message.agent else "",
                "workflow_name": "",
                "plugin_type": PLUGIN,
                "elapsed": 0,
                "node_name": "",
                "reply_index": 0,
                "source_agent_name": message.agent,
                "target_agent_name": message.title if message.tool == "transfer_to_agent" else "",
                "agent_icon": message.icon if message.agent else "",
                "debugging": {"content": "", "display_content": "", "display_type": 0},
            }
        )

    def thought(self, text: str, is_end: bool = False) -> Event:
        """All steps so far; of the last the new part, or all of it."""
        turn = self.turn
        debugging = self.thoughts[-1]["debugging"]
        if not is_end:
            debugging["content"] = text if self.incremental else debugging["content"] + text
        elif self.incremental:
            debugging["content"] = ""
        payload = {
            "elapsed": turn.since_began(),
            "is_workflow": False,
            "workflow_name": "",
            "record_id": turn.answer.id,
            "request_id": turn.request_id,
            "session_id": turn.answer.conversation,
            "trace_id": turn.trace,
            "files": None,
            "procedures": self.thoughts,
        }
        return self.wrapped("thought", payload)

    # all

    def error(self, error: DialogueError) -> Event:
        return failure(error, self.language, self.turn.request_id, self.message_id(), self.assumptions)

    def message_id(self) -> str:
        """Each event has its own."""
        self.count += 1
        return f"{self.messages}{self.count:08x}"

    def wrapped(self, name: str, payload: dict[str, Any]) -> Event:
        return event(name, {"type": name, "payload": payload, "message_id": self.message_id()})


def failure(
    error: DialogueError, language: str, request_id: str, message_id: str, assumptions: DialogueAssumptions
) -> Event:
    """The code stands where the document has it and where public clients read it (assumption `v1_error_shape`)."""
    told = {"code": error.code, "message": error.text(language)}
    value: dict[str, Any] = {"type": "error", "message_id": message_id}
    if assumptions.v1_error_shape != "top":
        value["payload"] = {"request_id": request_id, "error": told}
    if assumptions.v1_error_shape != "payload":
        value |= {"error": told, "request_id": request_id}
    return event("error", value)


def file_info(file: Any) -> dict[str, Any]:
    return {
        "file_name": file.name,
        "file_size": file.size,
        "file_url": file.url,
        "file_type": file.type,
        "doc_id": file.doc_id,
    }


def reference(one: Citation) -> dict[str, Any]:
    """Ids are strings on the wire, though documented as numbers (observed)."""
    return {
        "id": one.id,
        "type": one.type,
        "url": one.url,
        "name": one.name,
        "doc_id": one.doc_id,
        "doc_biz_id": one.doc_id,
        "doc_name": one.doc_name,
        "qa_biz_id": one.qa_id,
    }


def work_flow(run: Run, record: MsgRecord, release: int) -> dict[str, Any]:
    """`current_node` is read by a public client, with a capital O."""
    current = run.nodes[-1].output if run.nodes else "{}"
    waiting = [content for message in record.messages if message.type == "reply" for content in message.contents[1:]]
    return {
        "workflow_id": run.workflow_id,
        "workflow_name": run.workflow_name,
        "workflow_run_id": run.id,
        "option_cards": record.option_cards,
        "outputs": [node.reply for node in run.nodes if node.reply],
        "workflow_release_time": str(release),
        "contents": [snake(content) for content in waiting],
        "option_mode": next((content["OptionMode"] for content in waiting if "OptionMode" in content), 0),
        "current_node": {"Output": current},
    }


def snake(value: Any) -> Any:
    """A content in the spelling of v1 (inferred from lke's WorkflowInfo.Contents)."""
    if isinstance(value, dict):
        return {CAPITAL.sub("_", name).lower(): snake(inner) for name, inner in value.items()}
    return [snake(inner) for inner in value] if isinstance(value, list) else value


def debugged(run: Run, record: MsgRecord, release: int) -> dict[str, Any]:
    last = len(run.nodes) - 1
    return {
        "workflow_id": run.workflow_id,
        "workflow_name": run.workflow_name,
        "workflow_run_id": run.id,
        "workflow_release_time": str(release),
        "option_cards": record.option_cards,
        "outputs": [node.reply for node in run.nodes if node.reply],
        "pending_messages": [],
        "option_card_index": {"record_id": record.id if record.option_cards else "", "index": 0},
        "run_nodes": [
            {
                "node_id": node.node_id,
                "node_name": node.node_name,
                "node_type": node.node_type,
                "status": node.state,
                "input": node.input,
                "output": node.output,
                "task_output": "",
                "fail_message": node.fail_message,
                "fail_code": node.fail_code,
                "cost_milli_seconds": max(0, node.ended - node.started),
                "is_current": place == last,
                "statistic_infos": [
                    {
                        "model_name": node.model,
                        "first_token_cost": 0,
                        "total_cost": max(0, node.ended - node.started),
                        "input_tokens": node.input_tokens,
                        "output_tokens": node.output_tokens,
                        "total_tokens": node.input_tokens + node.output_tokens,
                    }
                ]
                if node.model
                else [],
            }
            for place, node in enumerate(run.nodes)
        ],
    }
