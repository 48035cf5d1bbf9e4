"""Message records in the members of lke: GetMsgRecord, RateMsgRecord, DescribeRefer."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.account.ratings import rate_reply
from lke_emulator.dialogues.conversations import Conversation
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.rating import NotRated
from lke_emulator.dialogues.run import Run
from lke_emulator.dialogues.said import Citation, Quote
from lke_emulator.dialogues.words import REPLIED, say, step, title_of
from lke_emulator.knowledge.refusals import failed, invalid, missing, no_such
from lke_emulator.products import action
from lke_emulator.products.talking import app_of_key

API_VISITOR = 5
"""The only Type of GetMsgRecord (documented)."""
LEAST, MOST = 2, 1000
"""Count is above the one and up to the other (documented)."""
SCENES = {1: True, 2: False}
"""Scene -> whether it is of the draft: 1 testing, 2 in production (documented)."""
A_DAY = 86_400
CHINESE = "zh-CN"
"""Titles are for display in Chinese (documented)."""


@action("lke.GetMsgRecord")
def get_msg_record(call: Call) -> dict[str, Any]:
    """The last messages of a session, oldest first; `LastRecordId` and `MidRecordId` are not among them (documented)."""
    params = call.params
    if params["Type"] != API_VISITOR:
        raise invalid("Type", f"must be {API_VISITOR}, not {params['Type']}")
    count = params["Count"]
    if not LEAST < count <= MOST:
        raise invalid("Count", f"must be above {LEAST} and at most {MOST}, not {count}")
    scene = params.get("Scene", 0)
    if scene and scene not in SCENES:
        raise invalid("Scene", f"must be 1 or 2, not {scene}")
    last, middle = params.get("LastRecordId"), params.get("MidRecordId")
    if last and middle:
        raise invalid("MidRecordId", "cannot be given with LastRecordId")
    if not params.get("BotAppKey"):
        raise missing("BotAppKey")
    app = app_of_key(call, "BotAppKey")
    conversation = call.account.conversations.find(params["SessionId"], app.biz_id)
    if conversation is None:
        return {"Records": [], "SessionDisassociatedTimestamp": "0"}
    records = kept(conversation, call)
    if scene:
        records = [record for record in records if record.is_draft == SCENES[scene]]
    if middle:
        place = place_of(records, middle)
        half = count // 2
        records = [*records[max(0, place - half) : place], *records[place + 1 : place + 1 + count - half]]
    else:
        records = records[: place_of(records, last)] if last else records
        records = records[-count:]
    told = [msg_record(record, call, app.name, app.draft.avatar, conversation.visitor) for record in records]
    return {"Records": told, "SessionDisassociatedTimestamp": str(conversation.reset_at)}


def kept(conversation: Conversation, call: Call) -> list[MsgRecord]:
    """What is not older than messages are kept (documented: 180 days)."""
    since = call.now - call.assumptions.message_days * A_DAY
    return [record for record in conversation.records if record.time >= since]


def place_of(records: list[MsgRecord], id: str) -> int:
    for place, record in enumerate(records):
        if record.id == id:
            return place
    raise no_such("message record", id)


def msg_record(record: MsgRecord, call: Call, name: str, avatar: str, visitor: str) -> dict[str, Any]:
    is_user = record.is_from_self
    runs = [procedure.run for procedure in record.procedures if procedure.run is not None]
    told: dict[str, Any] = {
        "Content": record.content,
        "SessionId": record.conversation,
        "RecordId": record.id,
        "RelatedRecordId": "" if is_user else record.related,
        "IsFromSelf": is_user,
        "FromName": visitor if is_user else name,
        "FromAvatar": "" if is_user else avatar,
        "Timestamp": str(int(record.time)),
        "HasRead": True,
        "Score": record.score,
        "CanRating": record.can_rate,
        "CanFeedback": record.can_rate,
        "Type": 1,
        "References": [refer(one) for one in record.references],
        "Reasons": record.reasons,
        "IsLlmGenerated": record.is_llm_generated,
        "ImageUrls": record.images,
        "ReplyMethod": record.method,
        "OptionCards": record.option_cards,
        "FileInfos": [
            {
                "FileName": file.name,
                "FileSize": file.size,
                "FileUrl": file.url,
                "FileType": file.type,
                "DocId": file.doc_id,
                "CreatedAt": str(int(record.time)),
            }
            for file in record.files
        ],
        "QuoteInfos": [quote_info(quote) for quote in record.quotes],
    }
    if not is_user:
        told["TokenStat"] = token_stat(record)
        told["AgentThought"] = agent_thought(record)
    shown = [content for message in record.messages for content in message.contents]
    told["OptionMode"] = next((content["OptionMode"] for content in shown if "OptionMode" in content), 0)
    told["Widgets"] = [content["Widget"] for content in shown if content["Type"] == "widget"]
    if runs:
        told["WorkFlow"] = work_flow(runs[0], record)
    return told


def quote_info(quote: Quote) -> dict[str, Any]:
    """Index is a string here (documented), a number on the wire."""
    return {"Position": quote.position, "Index": str(quote.index)}


def refer(one: Citation) -> dict[str, Any]:
    return {
        "Id": one.id,
        "Url": one.url,
        "Type": one.type,
        "Name": one.name,
        "DocId": one.doc_id,
        "DocBizId": one.doc_id,
        "QaBizId": one.qa_id,
        "KnowledgeBizId": one.knowledge_id,
        "Index": one.index,
    }


def token_stat(record: MsgRecord) -> dict[str, Any]:
    count = record.input + record.output
    return {
        "SessionId": record.conversation,
        "RequestId": record.request_id,
        "RecordId": record.id,
        "UsedCount": count,
        "FreeCount": record.granted[0],
        "OrderCount": record.granted[1],
        "StatusSummary": "failed" if record.status == "failed" else "success",
        "StatusSummaryTitle": step(record.procedures[-1], CHINESE) if record.procedures else say(REPLIED, CHINESE),
        "Elapsed": record.elapsed,
        "TokenCount": count,
        "Procedures": [procedure(one, record) for one in record.procedures],
        "TraceId": record.trace_id,
    }


def procedure(one: Procedure, record: MsgRecord) -> dict[str, Any]:
    debugging: dict[str, Any] = {
        "Content": one.text,
        "System": one.system,
        "Histories": [{"Assistant": each.assistant, "User": each.user} for each in record.remembered if one.remembers],
        "Knowledge": [{"Type": passage.type, "Content": passage.content} for passage in one.passages],
        "CustomVariables": list(one.variables),
    }
    if one.agent:
        debugging["Agent"] = {"Input": one.text, "Output": one.said, "ModelName": one.model}
    if one.run is not None:
        debugging["WorkFlow"] = summary(one.run, record)
    return {
        "Name": one.name,
        "Title": step(one, CHINESE),
        "Status": "failed" if one.status == "failed" else "success",
        "Count": one.input + one.output,
        "InputCount": one.input,
        "OutputCount": one.output,
        "ResourceStatus": 1,
        "Debugging": debugging,
    }


def agent_thought(record: MsgRecord) -> dict[str, Any]:
    """The thoughts and tool calls of an answer."""
    steps = [message for message in record.messages if message.type in ("thought", "tool_call")]
    return {
        "SessionId": record.conversation,
        "RequestId": record.request_id,
        "RecordId": record.id,
        "Elapsed": record.elapsed if steps else 0,
        "TraceId": record.trace_id,
        "Procedures": [
            {
                "Index": place,
                "Name": each.tool or "thought",
                "Title": title_of(each, CHINESE),
                "Status": "failed" if each.status == "failed" else "success",
                "Icon": each.icon,
                "Elapsed": max(0, each.ended - each.started),
                "SourceAgentName": each.agent,
                "Debugging": {"Content": each.text},
            }
            for place, each in enumerate(steps)
        ],
    }


def work_flow(run: Run, record: MsgRecord) -> dict[str, Any]:
    return {
        "WorkflowId": run.workflow_id,
        "WorkflowName": run.workflow_name,
        "WorkflowRunId": run.id,
        "OptionCards": record.option_cards,
        "Outputs": [node.reply for node in run.nodes if node.reply],
    }


def summary(run: Run, record: MsgRecord) -> dict[str, Any]:
    return {
        **work_flow(run, record),
        "RunNodes": [
            {
                "NodeId": node.node_id,
                "NodeType": node.node_type,
                "NodeName": node.node_name,
                "Status": node.state,
                "Input": node.input,
                "Output": node.output,
                "FailMessage": node.fail_message,
                "FailCode": node.fail_code,
                "CostMilliSeconds": max(0, node.ended - node.started),
                "StatisticInfos": [
                    {
                        "ModelName": node.model,
                        "InputTokens": node.input_tokens,
                        "OutputTokens": node.output_tokens,
                        "TotalTokens": node.input_tokens + node.output_tokens,
                    }
                ]
                if node.model
                else [],
            }
            for node in run.nodes
        ],
    }


@action("lke.RateMsgRecord")
def rate_msg_record(call: Call) -> dict[str, Any]:
    params = call.params
    app = app_of_key(call, "BotAppKey")
    reasons, feedback = params.get("Reasons", ()), params.get("FeedbackContent", "")
    try:
        record = rate_reply(call.account, app.biz_id, params["RecordId"], params["Score"], reasons, feedback)
    except NotRated as problem:
        raise failed(f"460023 {problem}") from None
    if record is None:
        raise no_such("message record", params["RecordId"])
    return {}


@action("lke.DescribeRefer")
def describe_refer(call: Call) -> dict[str, Any]:
    """The Q&A or segments that answers of the app came from, as they were then; ids that none has are left out."""
    app = call.account.apps.find(call.params["BotBizId"])
    cited = [call.account.conversations.reference(id) for id in call.params["ReferBizIds"]]
    return {"List": [detail(one.reference) for one in cited if one is not None and one.record.app == app.biz_id]}


def detail(one: Citation) -> dict[str, Any]:
    return {
        "ReferBizId": one.id,
        "DocType": one.type,
        "DocName": one.doc_name,
        "PageContent": one.text,
        "OrgData": one.text,
        "Question": one.question,
        "Answer": one.answer,
        "Confidence": one.confidence,
        "Mark": 1,
        "PageInfos": list(one.pages),
        "DocBizId": one.doc_id,
        "KnowledgeBizId": one.knowledge_id,
    }
