"""A turn in the events of v2, from request_ack to done."""

from collections.abc import Iterator
from typing import Any

from lke_emulator.account.call import Wait
from lke_emulator.dialogue.beats import (
    Added,
    Asked,
    Beat,
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
from lke_emulator.dialogue.errors import DialogueError
from lke_emulator.dialogue.event import Event, encode, event
from lke_emulator.dialogue.turn import Turn
from lke_emulator.dialogues.assumptions import DialogueAssumptions
from lke_emulator.dialogues.contents import quote_info, reference
from lke_emulator.dialogues.msg_record import SENSITIVE, MsgRecord
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.run import NodeRun, Run
from lke_emulator.dialogues.said import Said
from lke_emulator.dialogues.words import REPLYING, STATES, SUCCEEDED, say, state_of, step, title_of

DONE = Event("done", b"[DONE]")


class Version2:
    def __init__(self, turn: Turn, language: str, assumptions: DialogueAssumptions, ends: bool) -> None:
        """`ends`: whether `done` is the last event."""
        self.turn = turn
        self.language = language
        self.assumptions = assumptions
        self.ends = ends
        self.incremental = turn.question.incremental
        self.text_name = ""
        """Of a text event of the open message, and all of it before its text."""
        self.frame = b""
        self.written: bytes | None = None
        """The text of the open message so far as JSON, without its quotes; None where each event adds to it."""
        self.is_silent = True
        """The open message has no text yet."""
        self.stamp = 0, b""
        """The last moment, and what was written of it."""

    def events(self, course: Iterator[Beat]) -> Iterator[Event | Wait | Cut]:
        """The events of a turn's course, which is gone through to its end even where nothing of it is told."""
        silent = False
        for beat in course:
            if isinstance(beat, TextBeat) and not (silent or self.is_silent):
                yield self.text(beat)
            elif isinstance(beat, Wait | Cut):
                yield beat
            elif silent:
                continue
            elif isinstance(beat, TextBeat):
                yield from self.first_text(beat)
            elif isinstance(beat, Asked):
                silent = beat.is_evil
                if silent:
                    yield from self.error(DialogueError(460501))
                else:
                    yield self.made("request_ack", RequestAck=self.record(beat.record, messages=True))
            elif isinstance(beat, Began):
                yield self.response("response.created")
                yield self.response("response.processing")
            elif isinstance(beat, Working):
                if beat.procedure.status == "processing":
                    yield self.response("response.processing", step(beat.procedure, self.language))
            elif isinstance(beat, Opened):
                yield from self.opened(beat.message)
            elif isinstance(beat, Added):
                yield self.of(beat.message, "content.added", ContentIndex=beat.place, Content=beat.content)
            elif isinstance(beat, Cites):
                yield from self.cites(beat)
            elif isinstance(beat, ClosedBeat):
                yield self.of(beat.message, "message.done", Message=self.message(beat.message))
            elif isinstance(beat, Failed):
                silent = True
                yield from self.failed(beat.error)
            elif isinstance(beat, Ended):
                if self.turn.answer.method == SENSITIVE and self.assumptions.v2_sensitive_output == "error":
                    yield from self.error(DialogueError(460502))
                else:
                    yield from self.completed()

    # messages

    def opened(self, message: Said) -> Iterator[Event]:
        self.is_silent = True
        self.written = b"" if not self.incremental or message.type == "tool_call" else None
        self.text_name = "text.delta" if self.written is None else "text.replace"
        head = {"Type": self.text_name, "MessageId": message.id, "ContentIndex": 0}
        self.frame = encode(head)[:-1] + b',"Text":'
        yield self.of(message, "message.added", Message=self.message(message, contents=False))
        if message.contents and not self.assumptions.v2_content_added_text:
            yield self.of(message, "content.added", ContentIndex=0, Content={"Type": message.contents[0]["Type"]})

    def text(self, beat: TextBeat) -> Event:
        text = encode(beat.text)
        if self.written is not None:
            self.written += text[1:-1]
            text = b'"%s"' % self.written
        return Event(self.text_name, b"%s%s%s}" % (self.frame, text, self.extras()))

    def first_text(self, beat: TextBeat) -> Iterator[Event]:
        self.is_silent = False
        told = self.text(beat)
        if self.assumptions.v2_content_added_text:
            content = {"Type": beat.message.contents[0]["Type"], "Text": beat.text}
            yield self.of(beat.message, "content.added", ContentIndex=0, Content=content)
        else:
            yield told
        if not beat.is_last:
            yield self.response("response.processing", say(REPLYING, self.language))
            yield self.of(beat.message, "message.processing", Message=self.message(beat.message, contents=False))

    def cites(self, beat: Cites) -> Iterator[Event]:
        for quote in beat.quotes:
            yield self.of(beat.message, "quote_info.added", ContentIndex=0, QuoteInfo=quote_info(quote))
        for one in beat.references:
            told = reference(one, self.assumptions.v2_refer_legacy_names)
            yield self.of(beat.message, "reference.added", ContentIndex=0, Reference=told)

    # the end

    def completed(self) -> Iterator[Event]:
        yield self.made("response.completed", Response=self.record(self.turn.answer, messages=True))
        if self.ends:
            yield DONE

    def failed(self, error: DialogueError) -> Iterator[Event]:
        if self.assumptions.v2_run_failure == "error":
            yield from self.error(error)
            return
        for message in self.turn.answer.messages[-1:]:
            yield self.of(message, "message.done", Message=self.message(message))
        yield from self.completed()

    def error(self, error: DialogueError) -> Iterator[Event]:
        turn = self.turn
        yield failure(error, self.language, turn.request_id, turn.trace, turn.since_began(), int(turn.began * 1000))
        if self.ends and self.assumptions.v2_done_after_error:
            yield DONE

    # wire forms

    def response(self, name: str, description: str = "") -> Event:
        record = self.record(self.turn.answer, messages=False)
        if description:
            record["StatusDesc"] = description
        return self.made(name, Response=record)

    def record(self, record: MsgRecord, messages: bool) -> dict[str, Any]:
        """Whole, or as it stands on the way."""
        turn, language = self.turn, self.language
        is_done = record.status != "processing"
        is_user = record.is_from_self
        state = SUCCEEDED if is_user else STATES[record.status]
        told: dict[str, Any] = {
            "Role": "user" if is_user else "assistant",
            "RecordId": record.id,
            "RelatedRecordId": "" if is_user else record.related,
            "ConversationId": record.conversation,
            "Status": record.status,
            "StatusDesc": say(state, language),
        }
        if messages:
            told["Messages"] = [self.message(message) for message in record.messages]
        if not is_user and is_done:
            told["Procedures"] = [procedure(one, record, turn, language) for one in record.procedures]
            told["StatInfo"] = stat_info(record.input, record.output, record.elapsed)
        began = int(record.time * 1000)
        rates = is_done and record.can_rate
        told["ExtraInfo"] = {
            "RequestId": record.request_id,
            "TraceId": f"{record.trace_id} / {record.id}",
            "Elapsed": str(record.elapsed),
            "StartTime": str(began),
            "EndTime": str(began + record.elapsed) if is_done else "0",
            "IsFromSelf": is_user,
            "IsLlmGenerated": is_done and record.is_llm_generated,
            "CanRating": rates,
            "CanFeedback": rates,
            "HasRead": True,
            "ReplyMethod": record.method,
            "FromName": turn.visitor if is_user else turn.bot.name,
            "FromAvatar": "" if is_user else turn.bot.avatar,
        }
        return told

    def message(self, message: Said, contents: bool = True) -> dict[str, Any]:
        return told_message(message, self.language, contents)

    def of(self, message: Said, name: str, **members: Any) -> Event:
        return self.made(name, MessageId=message.id, **members)

    def made(self, name: str, **members: Any) -> Event:
        value = {"Type": name, **members}
        return Event(name, encode(value)[:-1] + self.extras() + b"}")

    def extras(self) -> bytes:
        """Seen in every live event, and in no document."""
        if not self.assumptions.v2_frame_extras:
            return b""
        moment = self.turn.milliseconds()
        if moment != self.stamp[0]:
            self.stamp = moment, b',"Timestamp":"%d","RecordId":""' % moment
        return self.stamp[1]


def told_message(message: Said, language: str, contents: bool = True) -> dict[str, Any]:
    took = max(0, message.ended - message.started) if message.ended else 0
    extra: dict[str, Any] = {
        "Elapsed": str(took),
        "StartTime": str(message.started),
        "EndTime": str(message.ended),
    }
    if message.agent:
        extra |= {"AgentName": message.agent, "AgentIcon": message.icon}
    if message.tool:
        extra |= {"ToolName": message.tool, "ToolIcon": ""}
    if message.parent:
        extra |= {"IsSubAgent": True, "ParentMessageId": message.parent}
    told: dict[str, Any] = {
        "Type": message.type,
        "MessageId": message.id,
        "Name": message.type,
        "Title": title_of(message, language),
        "Icon": message.icon,
        "Status": message.status,
        "StatusDesc": state_of(message, language),
        "ExtraInfo": extra,
        "RecordId": "",
    }
    if contents:
        told["Contents"] = message.contents
    return told


def stat_info(input: int, output: int, cost: int) -> dict[str, Any]:
    """TotalCost is a string of milliseconds (observed), though documented as a number."""
    return {"InputTokens": input, "OutputTokens": output, "TotalTokens": input + output, "TotalCost": str(cost)}


def procedure(one: Procedure, record: MsgRecord, turn: Turn, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Name": one.name,
        "Title": step(one, language),
        "Status": one.status,
        "IntentCate": "",
        "ResourceStatus": 1,
    }
    variables = list(one.variables)
    if one.passages or one.name == "knowledge":
        told["Type"] = "knowledge"
        outputs = [{"Type": passage.type, "Content": passage.content} for passage in one.passages]
        told["Knowledge"] = {
            "Content": one.text,
            "RewriteQuery": one.text,
            "CustomVariables": variables,
            "Histories": [{"Assistant": one.assistant, "User": one.user} for one in record.remembered],
            "Outputs": outputs,
        }
    elif one.run is not None:
        told["Type"] = "workflow"
        told["Workflow"] = workflow(one.run, record, turn)
    else:
        told["Type"] = "agent"
        told["Agent"] = {
            "Input": one.text,
            "Output": one.said,
            "ModelName": one.model,
            "Content": one.text,
            "System": one.system,
            "RewriteQuery": one.text,
            "CustomVariables": variables,
        }
    told["StatInfos"] = stat_infos(one)
    return told


def stat_infos(one: Procedure) -> list[dict[str, Any]]:
    """Of each model that the step called: a workflow's nodes have their own."""
    if one.run is not None:
        nodes = [node for node in one.run.nodes if node.model]
        return [node_stat(node) for node in nodes]
    if not one.model:
        return []
    told = stat_info(one.input, one.output, one.elapsed)
    times = {"FirstTokenCost": str(one.first), "Elapsed": str(one.elapsed), "StartTime": str(one.started)}
    return [{**told, "ModelName": one.model, **times}]


def node_stat(node: NodeRun) -> dict[str, Any]:
    took = max(0, node.ended - node.started)
    told = stat_info(node.input_tokens, node.output_tokens, took)
    times = {"FirstTokenCost": "0", "Elapsed": str(took), "StartTime": str(node.started)}
    return {**told, "ModelName": node.model, **times}


def workflow(run: Run, record: MsgRecord, turn: Turn) -> dict[str, Any]:
    released = turn.bot.workflow.released if turn.bot.workflow else 0
    return {
        "WorkflowId": run.workflow_id,
        "WorkflowName": run.workflow_name,
        "WorkflowReleaseTime": str(released),
        "WorkflowRunId": run.id,
        "Content": run.query,
        "Outputs": [node.reply for node in run.nodes if node.reply],
        "OptionCardIndex": {"RecordId": record.id if record.option_cards else "", "Index": 0},
        "OptionCards": record.option_cards,
        "RunNodes": [
            {
                "Elapsed": str(max(0, node.ended - node.started)),
                "NodeId": node.node_id,
                "NodeName": node.node_name,
                "NodeType": node.node_type,
                "Status": node.state,
                "Input": node.input,
                "Output": node.output,
                "Reply": node.reply,
                "FailCode": node.fail_code,
                "FailMessage": node.fail_message,
                "IsCurrent": node is run.nodes[-1],
                "StatInfos": [node_stat(node)] if node.model else [],
            }
            for node in run.nodes
        ],
    }


def failure(error: DialogueError, language: str, request_id: str, trace: str, elapsed: int, began: int) -> Event:
    """Documented: in an error the times are strings, and the trace is without a record."""
    told = {
        "Code": error.code,
        "Message": error.text(language),
        "RequestId": request_id,
        "TraceId": trace,
        "Elapsed": str(elapsed),
        "StartTime": str(began),
    }
    return event("error", {"Type": "error", "Error": told})
