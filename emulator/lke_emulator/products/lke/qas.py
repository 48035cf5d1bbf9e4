"""Q&A: written by hand, verified, listed, shown, changed, grouped, exported, deleted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.qas import (
    ACCEPTED,
    AUDIT_FAILED,
    AUDITING,
    EXPIRED,
    GENERATED,
    IMPORTED,
    ISOLATED,
    LEARN_FAILED,
    LEARNING,
    MANUAL,
    NOT_ACCEPTED,
    NOT_ADOPTED,
    RESTORING,
    THERE,
    UNVERIFIED,
    WAITING,
    Qa,
    Similar,
)
from lke_emulator.knowledge.refusals import invalid, missing, no_such
from lke_emulator.knowledge.validity import EVERYWHERE
from lke_emulator.knowledge.work import finished
from lke_emulator.products import action, prepares
from lke_emulator.products.lke.bases import (
    attr_labels,
    attributes,
    category_path,
    fit,
    found_base,
    prepared_source,
    settle,
    validity,
)
from lke_emulator.products.lke.documents import labelled
from lke_emulator.products.lke.exports import export
from lke_emulator.products.lke.paging import paged, span

STATUSES = {
    WAITING: "未校验",
    THERE: "导入完成",
    NOT_ADOPTED: "不采纳",
    AUDITING: "审核中",
    AUDIT_FAILED: "审核失败",
    EXPIRED: "已过期",
    ISOLATED: "超量失效",
    RESTORING: "超量失效恢复",
    LEARNING: "学习中",
    LEARN_FAILED: "学习失败",
}
"""Documented."""
ALSO_THERE = 4
"""The other number for a Q&A that is there (documented)."""
SOURCES = {GENERATED: "文档生成", IMPORTED: "批量导入", MANUAL: "手动录入"}
"""Source -> SourceDesc (documented); what was generated tells its file's name instead."""
NO_DOCUMENT = "0"
"""Documented by example."""
EXPORTED = 200
"""Rows of an export, at most (documented)."""


def found_qa(call: Call) -> Qa:
    qa = call.account.qas.find(found_base(call), call.params["QaBizId"])
    if qa.hidden(call.now):
        raise no_such("Q&A", qa.id)
    return qa


def found_qas(call: Call, base: str, ids: Iterable[str]) -> list[Qa]:
    found = call.account.qas.found(base, ids)
    for qa in found:
        if qa.hidden(call.now):
            raise no_such("Q&A", qa.id)
    return found


@action("lke.CreateQA")
def create_qa(call: Call) -> dict[str, Any]:
    base, params, account, now = found_base(call), call.params, call.account, call.now
    for name in ("Question", "Answer"):
        check_text(name, params[name])
    similar = params.get("SimilarQuestions", ())
    check_similar([params["Question"], *similar])
    qa = Qa(
        base=base,
        id="",
        category=account.categories.place(base, "qa", params.get("CateBizId", "")),
        question=params["Question"],
        answer=params["Answer"],
        document=about(call, base, params.get("DocBizId", "")),
        description=params.get("QuestionDesc", ""),
        custom_param=params.get("CustomParam", ""),
        validity=validity(call, base),
        created=now,
        updated=now,
        editor=call.caller,
        work=finished(now),
    )
    settle(call)
    made = account.qas.create(qa, similar, now)
    fit(call)
    return {"QaBizId": made.id}


def check_text(name: str, text: str) -> None:
    if not text.strip():
        raise missing(name)


def check_similar(questions: list[str]) -> None:
    """Every way of asking is another one."""
    for question in questions:
        if not question.strip():
            raise invalid("SimilarQuestions", "must not be empty")
        if questions.count(question) > 1:
            raise invalid("SimilarQuestions", f"must differ, and `{question}` is there twice")


def about(call: Call, base: str, document: str) -> str:
    return call.account.documents.find(base, document).id if document not in ("", NO_DOCUMENT) else ""


@action("lke.ModifyQA")
def modify_qa(call: Call) -> dict[str, Any]:
    """What the request leaves out stays as it was."""
    qa, params, account = found_qa(call), call.params, call.account
    for name in ("Question", "Answer"):
        check_text(name, params[name])
    similar = changed_similar(qa, params.get("SimilarQuestionModify") or {}, call)
    check_similar([params["Question"], *[each.question for each in similar]])
    category, document = params.get("CateBizId", ""), params.get("DocBizId", "")
    members: dict[str, Any] = {
        "question": params["Question"],
        "answer": params["Answer"],
        "similar": similar,
        "custom_param": params.get("CustomParam", qa.custom_param),
        "description": params.get("QuestionDesc", qa.description),
        "category": account.categories.place(qa.base, "qa", category) if category else qa.category,
        "document": about(call, qa.base, document) if document else qa.document,
        "validity": validity(call, qa.base, qa.validity),
    }
    settle(call)
    account.qas.change(qa, call.caller, call.now, **members)
    fit(call)
    return {}


def changed_similar(qa: Qa, changes: Mapping[str, Any], call: Call) -> tuple[Similar, ...]:
    """The other ways to ask after what is added, updated and deleted of them."""
    kept = {each.id: each for each in qa.similar}
    for each in changes.get("DeleteQuestions", ()):
        if kept.pop(each.get("SimBizId", ""), None) is None:
            raise no_such("similar question", each.get("SimBizId", ""))
    for each in changes.get("UpdateQuestions", ()):
        id = each.get("SimBizId", "")
        if id not in kept:
            raise no_such("similar question", id)
        kept[id] = Similar(id, each.get("Question", ""))
    added = [call.account.qas.similar(question, call.now) for question in changes.get("AddQuestions", ())]
    return (*kept.values(), *added)


@action("lke.VerifyQA")
def verify_qa(call: Call) -> dict[str, Any]:
    """Take or turn down each of a list; texts that are left empty stay as they were (documented)."""
    base = found_base(call)
    if call.params.get("KnowledgeBizId"):
        base = found_base(call, "KnowledgeBizId")
    account, rows = call.account, call.params["List"]
    found = found_qas(call, base, [row["QaBizId"] for row in rows])
    by_id = {qa.id: qa for qa in found}
    changes = []
    for row in rows:
        qa = by_id[row["QaBizId"]]
        category = row.get("CateBizId", "")
        members: dict[str, Any] = {
            "accept": ACCEPTED if row.get("IsAccepted") else NOT_ACCEPTED,
            "category": account.categories.place(base, "qa", category) if category else qa.category,
            "question": row.get("Question") or qa.question,
            "answer": row.get("Answer") or qa.answer,
        }
        changes.append((qa, members))
    settle(call)
    for qa, members in changes:
        account.qas.change(qa, call.caller, call.now, **members)
    fit(call)
    return {}


@prepares("lke.DescribeQA")
def prepare_source(call: Call) -> Iterator[None]:
    return prepared_source(call, call.params.get("BotBizId", ""), call.params.get("QaBizId", ""))


@action("lke.DescribeQA")
def describe_qa(call: Call) -> dict[str, Any]:
    qa = found_qa(call)
    ids, texts = category_path(call, qa.base, "qa", qa.category)
    segment = next(iter(call.account.retrieval.segments(qa.base, [qa.segment])), None) if qa.segment else None
    document = call.account.documents.get(qa.base, qa.document)
    return {
        **qa_members(qa, call),
        "CustomParam": qa.custom_param,
        "CateBizId": qa.category,
        "SegmentBizId": segment[1].id if segment else NO_DOCUMENT,
        "PageContent": segment[1].titled(segment[0].name) if segment else "",
        "OrgData": segment[1].titled(segment[0].name) if segment else "",
        "SimilarQuestions": [{"SimBizId": each.id, "Question": each.question} for each in qa.similar],
        "QuestionDesc": qa.description,
        "CateBizIdPath": ids,
        "CateNamePath": texts,
        "DocEnableScope": document.validity.scope if document else 0,
    }


def qa_members(qa: Qa, call: Call) -> dict[str, Any]:
    """What the list and the description have in common."""
    document = call.account.documents.get(qa.base, qa.document)
    status = qa.status(call.now)
    source = document.name if qa.source == GENERATED and document else SOURCES[qa.source]
    return {
        "QaBizId": qa.id,
        "Question": qa.question,
        "Answer": qa.answer,
        "Source": qa.source,
        "SourceDesc": source,
        "UpdateTime": str(int(qa.updated)),
        "Status": status,
        "StatusDesc": STATUSES[status],
        "IsAllowAccept": qa.accept == UNVERIFIED,
        "IsAllowDelete": True,
        "IsAllowEdit": status not in (AUDITING, LEARNING),
        "DocBizId": document.id if document else NO_DOCUMENT,
        "FileName": document.name if document else "",
        "FileType": document.type if document else "",
        "AttrRange": qa.validity.attr_range,
        "AttrLabels": attr_labels(call, qa.base, qa.validity.labels),
        "ExpireStart": str(qa.validity.starts),
        "ExpireEnd": str(qa.validity.ends),
        "IsDisabled": False,
        "EnableScope": qa.validity.scope,
    }


@action("lke.ListQA")
def list_qa(call: Call) -> dict[str, Any]:
    """The newest first (inferred). Total is the sum of the three by acceptance (a law of the examples)."""
    base = found_base(call)
    rows = chosen_qas(call, base, call.params)
    page = paged(call, rows)
    accepts = [qa.accept for qa in rows]
    return {
        "Total": len(rows),
        "WaitVerifyTotal": accepts.count(UNVERIFIED),
        "NotAcceptedTotal": accepts.count(NOT_ACCEPTED),
        "AcceptedTotal": accepts.count(ACCEPTED),
        "PageNumber": call.params["PageNumber"],
        "List": [qa_item(qa, call) for qa in page],
    }


def qa_item(qa: Qa, call: Call) -> dict[str, Any]:
    document = call.account.documents.get(qa.base, qa.document)
    return {
        **qa_members(qa, call),
        "CreateTime": str(int(qa.created)),
        "QaCharSize": str(qa.characters),
        "QaSize": str(qa.size),
        "SimilarQuestionNum": len(qa.similar),
        "SimilarQuestionTips": qa.similar[0].question if qa.similar else "",
        "StaffName": call.account.name_of(qa.editor),
        "DocEnableScope": document.validity.scope if document else EVERYWHERE,
    }


def chosen_qas(call: Call, base: str, wanted: Mapping[str, Any]) -> list[Qa]:
    rows: Iterable[Qa] = reversed(call.account.qas.of(base, call.now))
    for test in qa_filters(call, base, wanted):
        rows = filter(test, rows)
    return list(rows)


def qa_filters(call: Call, base: str, wanted: Mapping[str, Any]) -> Iterable[Callable[[Qa], bool]]:
    account, now = call.account, call.now
    category = wanted.get("CateBizId", "")
    if category not in ("", "0"):
        account.categories.find(base, "qa", category)
        inside = {category} if wanted.get("ShowCurrCate") else account.categories.under(base, "qa", category)
        yield lambda qa: qa.category in inside
    ids = set(wanted.get("QaBizIds") or [id for id in (wanted.get("QaBizId", ""),) if id])
    if ids:
        yield lambda qa: qa.id in ids
    if document := wanted.get("DocBizId", ""):
        yield lambda qa: (qa.document or NO_DOCUMENT) == document
    if source := wanted.get("Source", 0):
        yield lambda qa: qa.source == source
    if scope := wanted.get("EnableScope", 0):
        yield lambda qa: qa.validity.scope == scope
    if accept := set(wanted.get("AcceptStatus", ())) - {0}:
        yield lambda qa: qa.accept in accept
    if status := {THERE if each == ALSO_THERE else each for each in wanted.get("ReleaseStatus", ())} - {0}:
        yield lambda qa: qa.status(now) in status
    if answer := wanted.get("QueryAnswer", "").casefold():
        yield lambda qa: answer in qa.answer.casefold()
    query, query_type = wanted.get("Query", "").casefold(), wanted.get("QueryType", "") or "filename"
    if query_type not in ("filename", "attribute"):
        raise invalid("QueryType", f"must be filename or attribute, not {query_type}")
    if query and query_type == "attribute":
        yield labelled(call, base, query)
    elif query:
        yield lambda qa: any(query in each.casefold() for each in qa.questions)
    for name in ("CreateTime", "UpdateTime"):
        if name in wanted:
            start, end = span(call, name)
            member = "created" if name == "CreateTime" else "updated"
            yield lambda qa, start=start, end=end, member=member: (  # type: ignore[misc]
                start <= int(getattr(qa, member)) <= end
            )


@action("lke.GroupQA")
def group_qa(call: Call) -> dict[str, Any]:
    base, account = found_base(call), call.account
    found = found_qas(call, base, call.params["QaBizIds"])
    category = account.categories.place(base, "qa", call.params["CateBizId"])
    for qa in found:
        account.qas.change(qa, call.caller, call.now, carried=False, category=category)
    return {}


@action("lke.ModifyQAAttrRange")
def modify_qa_attr_range(call: Call) -> dict[str, Any]:
    base, account = found_base(call), call.account
    found = found_qas(call, base, call.params["QaBizIds"])
    attr_range, labels = attributes(call, base, found[0].validity if found else validity(call, base))
    for qa in found:
        good = replace(qa.validity, attr_range=attr_range, labels=labels)
        account.qas.change(qa, call.caller, call.now, validity=good)
    return {}


@action("lke.DeleteQA")
def delete_qa(call: Call) -> dict[str, Any]:
    for qa in found_qas(call, found_base(call), call.params["QaBizIds"]):
        call.account.qas.delete(qa)
    return {}


def export_qas(call: Call, base: str, qas: Iterable[Qa]) -> str:
    """The id of the task that writes them to a file."""
    return export(call, base, "ExportQA", [("question", "answer"), *[(qa.question, qa.answer) for qa in qas]])


@action("lke.ExportQAList")
def export_qa_list(call: Call) -> dict[str, Any]:
    """Those of the ids, or of the filters; the file is told nowhere in the answer, and a task is kept of it (inferred)."""
    base, params = found_base(call), call.params
    ids, filters = params["QaBizIds"], params.get("Filters")
    if ids:
        rows = found_qas(call, base, ids)
    elif filters is None:
        raise missing("QaBizIds")
    else:
        size = filters["PageSize"]
        if not 1 <= size <= EXPORTED:
            raise invalid("Filters.PageSize", f"must be from 1 to {EXPORTED}, not {size}")
        if filters["PageNumber"] < 1:
            raise invalid("Filters.PageNumber", f"must be at least 1, not {filters['PageNumber']}")
        start = (filters["PageNumber"] - 1) * size
        rows = chosen_qas(call, base, filters)[start : start + size]
    export_qas(call, base, rows)
    return {}
