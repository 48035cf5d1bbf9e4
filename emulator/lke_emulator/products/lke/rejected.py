"""Rejected questions, and the replies that did not satisfy a visitor."""

from collections.abc import Iterable
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import check_length, invalid
from lke_emulator.knowledge.rejected import FROM_REPLY, MANUAL, Rejected
from lke_emulator.knowledge.releases import UNDER_WAY
from lke_emulator.knowledge.unsatisfied import IGNORED, PENDING, REJECTED, Unsatisfied
from lke_emulator.knowledge.validity import DRAFT, SCOPES
from lke_emulator.products import action
from lke_emulator.products.lke.bases import found_base
from lke_emulator.products.lke.exports import export
from lke_emulator.products.lke.paging import paged

QUESTION_LENGTH = 1000
"""Characters (inferred)."""
WAITING, RELEASING, RELEASED = 1, 2, 3
STATUSES = {WAITING: "待发布", RELEASING: "发布中", RELEASED: "已发布"}
"""Status of a rejected question (documented)."""
ALL, TO_DO, HANDLED = 0, 1, 2
"""Status of the list filter (documented)."""


@action("lke.CreateRejectedQuestion")
def create_rejected_question(call: Call) -> dict[str, Any]:
    base, params, account = found_base(call), call.params, call.account
    source = params["BusinessSource"]
    if source not in (FROM_REPLY, MANUAL):
        raise invalid("BusinessSource", f"must be 1 or 2, not {source}")
    check_length("Question", params["Question"], QUESTION_LENGTH)
    reply = account.unsatisfied.find(base, params.get("BusinessId", "")) if source == FROM_REPLY else None
    account.rejected.create(
        Rejected(
            base=base,
            id="",
            question=params["Question"],
            source=source,
            source_id=params.get("BusinessId", ""),
            scope=scope(params.get("EnableScope", 0)) or DRAFT,
            created=call.now,
            updated=call.now,
            editor=call.caller,
        ),
        call.now,
    )
    if reply is not None:
        account.unsatisfied.handle(reply, REJECTED, call.caller, call.now)
    return {}


def scope(given: int) -> int:
    if given and given not in SCOPES:
        raise invalid("EnableScope", f"must be from 1 to 4, not {given}")
    return given


@action("lke.ListRejectedQuestion")
def list_rejected_question(call: Call) -> dict[str, Any]:
    base, query = found_base(call), call.params.get("Query", "").casefold()
    rows = [
        each for each in reversed(list(call.account.rejected.of(base).values())) if query in each.question.casefold()
    ]
    for filter in call.params.get("Filters", ()):
        rows = filtered(rows, filter.get("FilterKey", ""), filter.get("FilterValue", ()), call)
    return {"Total": len(rows), "List": [rejected_row(each, call) for each in paged(call, rows)]}


def filtered(rows: Iterable[Rejected], key: str, values: Iterable[str], call: Call) -> list[Rejected]:
    """The keys are those of the rows (inferred)."""
    wanted = set(values)
    if key not in ("Status", "EnableScope"):
        raise invalid("Filters.FilterKey", f"must be Status or EnableScope, not {key}")
    return [
        each
        for each in rows
        if not wanted or str(each.scope if key == "EnableScope" else status_of(each, call)) in wanted
    ]


def status_of(rejected: Rejected, call: Call) -> int:
    """Whether production calls have it as it is."""
    releases = call.account.releases
    live = releases.live(rejected.base, call.now)
    known = live.rejected.get(rejected.id) if live else None
    if known is not None and known.edition == rejected.edition:
        return RELEASED
    latest = releases.latest(rejected.base)
    under_way = latest.changes.rejected if latest is not None and latest.status(call.now) in UNDER_WAY else ()
    return RELEASING if any(change.thing.id == rejected.id for change in under_way) else WAITING


def rejected_row(rejected: Rejected, call: Call) -> dict[str, Any]:
    status = status_of(rejected, call)
    return {
        "RejectedBizId": rejected.id,
        "Question": rejected.question,
        "Status": status,
        "StatusDesc": STATUSES[status],
        "UpdateTime": str(int(rejected.updated)),
        "IsAllowEdit": status != RELEASING,
        "IsAllowDelete": status != RELEASING,
        "Operator": call.account.name_of(rejected.editor),
        "EnableScope": rejected.scope,
    }


@action("lke.ModifyRejectedQuestion")
def modify_rejected_question(call: Call) -> dict[str, Any]:
    params = call.params
    check_length("Question", params["Question"], QUESTION_LENGTH)
    given = scope(params.get("EnableScope", 0))
    base = found_base(call)
    call.account.rejected.change(base, params["RejectedBizId"], params["Question"], given, call.caller, call.now)
    return {}


@action("lke.DeleteRejectedQuestion")
def delete_rejected_question(call: Call) -> dict[str, Any]:
    for rejected in call.account.rejected.found(found_base(call), call.params["RejectedBizIds"]):
        call.account.rejected.delete(rejected)
    return {}


@action("lke.ListUnsatisfiedReply")
def list_unsatisfied_reply(call: Call) -> dict[str, Any]:
    """The newest first. Query looks at questions and answers (inferred); a reason that fits is enough."""
    rows = chosen(call, call.params)
    return {"Total": len(rows), "List": [reply_row(each, call) for each in paged(call, rows)]}


def chosen(call: Call, wanted: Any) -> list[Unsatisfied]:
    base, query = found_base(call), wanted.get("Query", "").casefold()
    reasons, handling = set(wanted.get("Reasons", ())), set(wanted.get("HandlingStatuses", ()))
    status = wanted.get("Status", ALL)
    if status not in (ALL, TO_DO, HANDLED):
        raise invalid("Status", f"must be 0, 1 or 2, not {status}")
    return [
        each
        for each in reversed(list(call.account.unsatisfied.of(base).values()))
        if (query in each.question.casefold() or query in each.answer.casefold())
        and (not reasons or not reasons.isdisjoint(each.reasons))
        and (not handling or each.status in handling)
        and (status == ALL or (each.status == PENDING) == (status == TO_DO))
    ]


def reply_row(reply: Unsatisfied, call: Call) -> dict[str, Any]:
    return {
        "ReplyBizId": reply.id,
        "RecordBizId": reply.record,
        "Question": reply.question,
        "Answer": reply.answer,
        "Reasons": list(reply.reasons),
        "Status": reply.status,
        "CreateTime": str(int(reply.created)),
        "UpdateTime": str(int(reply.updated)),
        "Operator": call.account.name_of(reply.operator) if reply.operator else "",
        "FeedbackContent": reply.feedback,
        "Visitor": reply.visitor,
    }


@action("lke.IgnoreUnsatisfiedReply")
def ignore_unsatisfied_reply(call: Call) -> dict[str, Any]:
    account = call.account
    for reply in account.unsatisfied.found(found_base(call), call.params["ReplyBizIds"]):
        account.unsatisfied.handle(reply, IGNORED, call.caller, call.now)
    return {}


@action("lke.ExportUnsatisfiedReply")
def export_unsatisfied_reply(call: Call) -> dict[str, Any]:
    """Those of the ids, or of the filters; the answer tells nothing of the file (documented)."""
    base, params = found_base(call), call.params
    ids = params["ReplyBizIds"]
    found = call.account.unsatisfied.found(base, ids) if ids else chosen(call, params.get("Filters") or {})
    rows = [
        ("question", "answer", "reasons"),
        *[(each.question, each.answer, "\n".join(each.reasons)) for each in found],
    ]
    export(call, base, "ExportUnsatisfiedReply", rows)
    return {}


@action("lke.DescribeUnsatisfiedReplyContext")
def describe_unsatisfied_reply_context(call: Call) -> dict[str, Any]:
    """What was said around it."""
    base = found_base(call)
    reply, avatar = (
        call.account.unsatisfied.find(base, call.params["ReplyBizId"]),
        call.account.apps.find(base).draft.avatar,
    )
    return {
        "List": [
            {
                "RecordBizId": line.record,
                "IsVisitor": line.is_visitor,
                "Avatar": "" if line.is_visitor else avatar,
                "NickName": line.name,
                "Content": line.content,
                "ReplyMethod": line.reply_method,
            }
            for line in reply.context
        ]
    }
