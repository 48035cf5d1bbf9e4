"""Conversations and what was said in them, in the members of adp; and the tokens of its sockets."""

from collections.abc import Callable
from typing import Any

from msgspec import json, to_builtins

from lke_emulator.account.call import Call
from lke_emulator.dialogues.contents import form_of
from lke_emulator.dialogues.conversations import Conversation
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.said import Content, Said
from lke_emulator.dialogues.words import language_of, state_of, title_of
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.refusals import invalid, missing, no_such
from lke_emulator.products import action
from lke_emulator.products.adp.listing import moment_text
from lke_emulator.products.talking import VISITOR_LENGTH, app_of_key, issue

encode = json.Encoder().encode
API, SHARE = 5, 20
TYPES = (1, 2, API, 10, SHARE)
"""Type of a conversation (documented): visitor, evaluation, API, debugging of a workflow, share."""
RECORDS, MOST_RECORDS = 10, 50
"""Limit of the messages (documented)."""
CONVERSATIONS = 10
"""Limit of a list where none is given (inferred)."""
BACKWARD, FORWARD, BOTH = 1, 2, 3
"""RecordQueryDirection (documented); 0 is backward too."""
TITLE = 128
"""Characters of a title (inferred)."""
CALLED_WELL, CALLED_BADLY = 1, 2
"""CallResult (documented)."""
NO_INTENT, NO_CATEGORY = "其他问题", "default"
"""Intent and IntentCategory of what is no intent of the app (documented example)."""
MESSAGES = 20
"""PageSize of the message list where none is given (inferred)."""
MOST_MESSAGES = 100
"""Documented."""


def checked_type(call: Call, least: int = 1) -> int:
    kind: int = call.params["Type"]
    if kind not in TYPES and not (kind == 0 and least == 0):
        raise invalid("Type", f"must be one of {', '.join(map(str, TYPES))}, not {kind}")
    return kind


def app_asked(call: Call, kind: int) -> App | None:
    """The app that a call names: by its key for the API (documented), by its id else; None where it names none."""
    params = call.params
    if params.get("AppKey"):
        return app_of_key(call, "AppKey")
    if kind == API:
        raise missing("AppKey")
    if kind == SHARE and not params.get("ShareCode"):
        raise missing("ShareCode")
    return call.account.apps.find(params["AppId"]) if params.get("AppId") else None


def app_needed(call: Call, kind: int) -> App:
    app = app_asked(call, kind)
    if app is None:
        raise missing("AppId")
    return app


def visitor_of(call: Call, kind: int) -> str:
    visitor: str = call.params.get("UserId", "")
    if kind == API and not visitor:
        raise missing("UserId")
    if len(visitor) > VISITOR_LENGTH:
        raise invalid("UserId", f"must have at most {VISITOR_LENGTH} characters")
    return visitor


def found_conversation(call: Call) -> Conversation:
    """The conversation that is meant; with an AppKey only one of that app."""
    id, params = call.params.get("ConversationId", ""), call.params
    app = app_of_key(call, "AppKey").biz_id if params.get("AppKey") else params.get("AppId", "")
    conversation = call.account.conversations.find(id, app)
    if conversation is None:
        raise no_such("conversation", id)
    return conversation


def conversation_row(conversation: Conversation, call: Call) -> dict[str, Any]:
    zone = call.account.zone
    return {
        "AppId": conversation.app,
        "ConversationId": conversation.id,
        "CreateTime": moment_text(conversation.created, zone),
        "Type": conversation.channel,
        "UpdateTime": moment_text(conversation.updated, zone),
        "Title": conversation.title,
        "AgentId": conversation.agent,
    }


@action("adp.CreateWebSocketToken")
def create_web_socket_token(call: Call) -> dict[str, Any]:
    kind = checked_type(call)
    app, visitor = app_needed(call, kind), visitor_of(call, kind)
    return {"Token": issue(call, app, visitor, kind), "AppId": app.biz_id, "UserId": visitor}


@action("adp.CreateConversation")
def create_conversation(call: Call) -> dict[str, Any]:
    kind = checked_type(call)
    app, visitor = app_needed(call, kind), visitor_of(call, kind)
    id, agent = call.account.ids.request_id(), call.params.get("AgentId", "")
    call.account.conversations.open(id, app.biz_id, visitor, kind, call.now, agent)
    return {"ConversationId": id}


@action("adp.DescribeConversation")
def describe_conversation(call: Call) -> dict[str, Any]:
    checked_type(call, 0)
    return conversation_row(found_conversation(call), call)


@action("adp.DescribeConversationList")
def describe_conversation_list(call: Call) -> dict[str, Any]:
    """The latest used first; Type 0 is all of them (documented)."""
    kind, params = checked_type(call, 0), call.params
    app = app_asked(call, kind)
    found = call.account.conversations.select(
        app=app.biz_id if app else "",
        visitor=params.get("UserId", ""),
        channel=kind,
        agent=params.get("AgentId", ""),
        keyword=params.get("Keyword", ""),
    )
    offset, limit = params.get("Offset", 0), params.get("Limit", 0) or CONVERSATIONS
    rows = [conversation_row(one, call) for one in found[offset : offset + limit]]
    return {"ConversationList": rows, "Conversations": rows, "TotalCount": str(len(found))}


@action("adp.ModifyConversation")
def modify_conversation(call: Call) -> dict[str, Any]:
    checked_type(call)
    conversation = found_conversation(call)
    title = call.params.get("Title", "")
    if not 0 < len(title) <= TITLE:
        raise invalid("Title", f"must have 1 to {TITLE} characters, not {len(title)}")
    conversation.title = title
    conversation.updated = call.now
    return {}


@action("adp.DeleteConversation")
def delete_conversation(call: Call) -> dict[str, Any]:
    checked_type(call)
    call.account.conversations.delete(found_conversation(call))
    return {}


@action("adp.ResetConversation")
def reset_conversation(call: Call) -> dict[str, Any]:
    """From now on its answers remember nothing that was said before."""
    checked_type(call)
    conversation = found_conversation(call)
    conversation.reset_at = int(call.now * 1000)
    conversation.reset_through = conversation.records[-1].id if conversation.records else ""
    return {"ResetTime": str(conversation.reset_at), "ResetThroughRecordId": conversation.reset_through}


@action("adp.DescribeConversationMessageList")
def describe_conversation_message_list(call: Call) -> dict[str, Any]:
    """`Limit` counts records: the two sides of a turn are two. Without a record the latest ones."""
    checked_type(call)
    conversation, params = found_conversation(call), call.params
    limit = params.get("Limit", 0) or RECORDS
    if limit > MOST_RECORDS:
        raise invalid("Limit", f"must be at most {MOST_RECORDS}, not {limit}")
    direction = params.get("RecordQueryDirection", 0)
    if direction > BOTH:
        raise invalid("RecordQueryDirection", f"must be from 0 to {BOTH}, not {direction}")
    records = conversation.records
    first, last = span(records, params.get("RecordId", ""), direction, limit)
    told = records[first:last]
    language = language_of(call.host, "", call.assumptions.dialogue_language)
    messages = [message_row(message, record, language) for record in told for message in record.messages]
    return {
        "FirstRecordId": told[0].id if told else "",
        "LastRecordId": told[-1].id if told else "",
        "HasMoreBefore": first > 0,
        "HasMoreAfter": last < len(records),
        "MessageList": messages,
        "Messages": messages,
        "RecordSummaryList": [record_summary(record) for record in told if not record.is_from_self],
        "ResetInfo": {
            "ResetTime": str(conversation.reset_at),
            "ResetThroughRecordId": conversation.reset_through,
        },
    }


def span(records: list[MsgRecord], anchor: str, direction: int, limit: int) -> tuple[int, int]:
    """Which records are told. The anchor is among them only where both directions are asked for (documented)."""
    if not anchor:
        return max(0, len(records) - limit), len(records)
    place = next((place for place, record in enumerate(records) if record.id == anchor), None)
    if place is None:
        raise no_such("message record", anchor)
    if direction == FORWARD:
        return place + 1, min(len(records), place + 1 + limit)
    if direction == BOTH:
        half = -(-limit // 2)
        return max(0, place - half), min(len(records), place + 1 + half)
    return max(0, place - limit), place


def message_row(message: Said, record: MsgRecord, language: str) -> dict[str, Any]:
    contents = [content_row(content) for content in message.contents]
    return {
        "ConversationId": record.conversation,
        "Icon": message.icon,
        "MessageId": message.id,
        "Name": message.type,
        "RecordId": record.id,
        "Role": "user" if record.is_from_self else "assistant",
        "Status": message.status,
        "StatusDesc": state_of(message, language),
        "Title": title_of(message, language),
        "ContentList": contents,
        "Contents": contents,
        "Type": message.type,
    }


def content_row(content: Content) -> dict[str, Any]:
    """Each list under its new and its old name: public clients read the old ones."""
    told: dict[str, Any] = to_builtins(form_of(content))
    lists = ("OptionCard", "CustomParam", "QuoteInfo", "Reference", "Task")
    return told | {f"{name}List": told[f"{name}s"] for name in lists}


def record_summary(record: MsgRecord) -> dict[str, Any]:
    failed = bool(record.error_code)
    return {
        "RecordId": record.id,
        "RelatedRecordId": record.related,
        "TimeUsage": {
            "Elapsed": str(record.elapsed),
            "FirstTokenCost": str(record.first),
            "TotalCost": str(record.elapsed),
        },
        "TokenUsage": {
            "InputTokens": str(record.input),
            "OutputTokens": str(record.output),
            "TotalTokens": str(record.input + record.output),
            "CachedTokens": "0",
            "ReasoningTokens": str(sum([one.reasoning for one in record.procedures])),
        },
        "ErrorInfo": {"Code": str(record.error_code), "Message": record.error_message} if failed else None,
        "Status": record.status,
    }


@action("adp.DescribeMsgRecordList")
def describe_msg_record_list(call: Call) -> dict[str, Any]:
    """The turns of an app, the newest first; `StartTime` and `EndTime` are Unix seconds, `Score` and `ReplyMethod` exact."""
    params = call.params
    app = call.account.apps.find(params["AppId"])
    number, size = params.get("PageNumber", 0), params.get("PageSize", 0) or MESSAGES
    if size > MOST_MESSAGES:
        raise invalid("PageSize", f"must be at most {MOST_MESSAGES}, not {size}")
    wanted = {one.get("Name", ""): one.get("ValueList", []) for one in params.get("FilterList", ())}
    records = [
        record
        for record in call.account.conversations.answers(0, float("inf"), (app.biz_id,))
        if passes_filters(record, wanted, call.account.conversations.record(record.related))
    ]
    newest_first = (params.get("Sort") or {}).get("Direction", 1) != 0
    records.sort(key=lambda record: record.time, reverse=newest_first)
    told = records[number * size : (number + 1) * size]
    return {
        "HasMore": (number + 1) * size < len(records),
        "MsgRecordList": [turn_row(record, call) for record in told],
        "TotalCount": str(len(records)),
    }


def passes_filters(record: MsgRecord, wanted: dict[str, list[str]], question: MsgRecord | None) -> bool:
    """Filters are all to hold, of each one of its values; those that are not known here do not filter (inferred)."""
    asked = question.content if question else ""
    tests: dict[str, Callable[[str], bool]] = {
        "ChannelType": lambda value: value in ("0", str(record.channel)),
        "FeedbackType": lambda value: value in ("-1", str(record.score)),
        "ReplyMethod": lambda value: value == str(record.method),
        "SessionId": lambda value: value == record.conversation,
        "RecordId": lambda value: value == record.id,
        "StartTime": lambda value: value.isdecimal() and record.time >= int(value),
        "EndTime": lambda value: value.isdecimal() and record.time <= int(value),
        "Query": lambda value: value in asked or value in record.content,
    }
    return all(
        not values or name not in tests or any(tests[name](value) for value in values)
        for name, values in wanted.items()
    )


def turn_row(record: MsgRecord, call: Call) -> dict[str, Any]:
    conversations = call.account.conversations
    question = conversations.record(record.related)
    conversation = conversations.find(record.conversation, record.app)
    visitor = conversation.visitor if conversation else ""
    return {
        "Answer": record.content,
        "AppId": record.app,
        "CategoryId": "0",
        "CreateTime": str(int(record.time)),
        "Intent": NO_INTENT,
        "IntentCategory": NO_CATEGORY,
        "Question": question.content if question else "",
        "RecordId": record.id,
        "ReplyMethod": record.method,
        "Result": {
            "CallResult": CALLED_BADLY if record.error_code else CALLED_WELL,
            "CustomerVariable": encode(record.variables).decode() if record.variables else "",
            "FailReason": str(record.error_code),
            "FirstTokenLatency": record.first,
            "InputToken": record.input,
            "OutputToken": record.output,
            "TotalToken": record.input + record.output,
            "TotalTokenLatency": record.elapsed,
        },
        "Score": record.score,
        "SessionId": record.conversation,
        "Source": {"ChannelType": record.channel, "FromId": visitor, "FromType": 1, "UserId": visitor},
        "TraceId": record.trace_id,
    }
