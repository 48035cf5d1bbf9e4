"""Q&A in adp's members: the same records as lke's."""

from collections.abc import Iterator, Mapping
from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.account.call import Call
from lke_emulator.knowledge.qas import (
    ACCEPTED,
    AUDIT_FAILED,
    AUDITING,
    EXPIRED,
    GENERATED,
    ISOLATED,
    LEARN_FAILED,
    LEARNING,
    NOT_ACCEPTED,
    NOT_ADOPTED,
    RESTORING,
    THERE,
    UNVERIFIED,
    WAITING,
    Qa,
    Similar,
)
from lke_emulator.knowledge.refusals import invalid, no_such
from lke_emulator.knowledge.validity import Validity
from lke_emulator.knowledge.work import finished
from lke_emulator.products import action, prepares
from lke_emulator.products.adp.bases import kb_id
from lke_emulator.products.adp.documents import label_words
from lke_emulator.products.adp.knowledge_members import (
    domain,
    each,
    expiration,
    in_scope,
    labelled,
    path,
    policy,
    scope,
    specified,
)
from lke_emulator.products.adp.listing import at_once, filtered, masked, paged_rows, person, unix_text
from lke_emulator.products.lke.bases import default_scope, fit, prepared_source, settle
from lke_emulator.products.lke.qas import SOURCES, STATUSES, about, check_similar, check_text, export_qas, found_qas

STATUS = {
    WAITING: 1,
    NOT_ADOPTED: 2,
    AUDITING: 4,
    AUDIT_FAILED: 5,
    LEARNING: 6,
    LEARN_FAILED: 7,
    THERE: 8,
    EXPIRED: 9,
    ISOLATED: 10,
    RESTORING: 11,
}
"""lke's Status -> adp's (documented)."""
QUESTION, LABEL, ANSWER = 1, 2, 3
"""QueryScopeList (documented)."""
CREATE, UPDATE, DELETE = 1, 2, 3
"""ModifyAction (documented)."""


def found_qa(call: Call) -> Qa:
    return found_qas(call, kb_id(call), [call.params["QaId"]])[0]


@action("adp.CreateQAList")
def create_qa_list(call: Call) -> dict[str, Any]:
    base, specs = kb_id(call), at_once(call, "QaList")
    settle(call)
    rows = each(specs, lambda spec: created(call, base, spec).id)
    fit(call)
    return {"ResultList": rows}


def created(call: Call, base: str, spec: Mapping[str, Any]) -> Qa:
    account, now, similar = call.account, call.now, list(spec.get("SimilarQuestionList") or ())
    check_text("Question", spec["Question"])
    check_text("Answer", spec.get("Answer", ""))
    check_similar([spec["Question"], *similar])
    qa = Qa(
        base=base,
        id="",
        category=account.categories.place(base, "qa", spec.get("CategoryId", "")),
        question=spec["Question"],
        answer=spec["Answer"],
        document=about(call, base, spec.get("DocId", "")),
        description=spec.get("QuestionDescription", ""),
        validity=specified(call, base, spec, Validity(scope=default_scope(call, base))),
        created=now,
        updated=now,
        editor=call.caller,
        work=finished(now),
    )
    return account.qas.create(qa, similar, now)


def qa_summary(qa: Qa, call: Call) -> dict[str, Any]:
    status = qa.status(call.now)
    document = call.account.documents.get(qa.base, qa.document)
    return {
        "QaId": qa.id,
        "CategoryPath": path(call, qa.base, "qa", qa.category),
        "KnowledgeScope": scope(call, qa.base, qa.validity),
        "Lifecycle": {
            "CreateTime": unix_text(qa.created),
            "ExpirationPolicy": policy(qa.validity),
            "Status": STATUS[status],
            "StatusDesc": STATUSES[status],
            "StatusMessage": qa.work.reason,
            "UpdateTime": unix_text(qa.updated),
        },
        "Metadata": {
            "Answer": qa.answer,
            "QaCharCount": str(qa.characters),
            "QaSize": str(qa.size),
            "Question": qa.question,
        },
        "OperatorInfo": {
            "Modifier": person(call, qa.editor),
            "Permission": {
                "CanAccept": qa.accept == UNVERIFIED,
                "CanDelete": True,
                "CanEdit": status not in (AUDITING, LEARNING),
            },
        },
        "SimilarQuestion": {
            "SimilarQuestionCount": len(qa.similar),
            "SimilarQuestionTips": qa.similar[0].question if qa.similar else "",
        },
        "SourceInfo": {
            "DocEffectiveDomain": document.validity.scope if document else 0,
            "DocId": document.id if document else "0",
            "FileName": document.name if document else "",
            "FileType": document.type if document else "",
            "SourceDesc": document.name if document and qa.source == GENERATED else SOURCES[qa.source],
            "SourceType": qa.source,
        },
    }


@prepares("adp.DescribeQA")
def prepare_qa(call: Call) -> Iterator[None]:
    return prepared_source(call, call.params.get("KbId", ""), call.params.get("QaId", ""))


@action("adp.DescribeQA")
def describe_qa(call: Call) -> dict[str, Any]:
    qa = found_qa(call)
    segment = next(iter(call.account.retrieval.segments(qa.base, [qa.segment])), None) if qa.segment else None
    return {
        "PageContent": segment[1].titled(segment[0].name) if segment else "",
        "QuestionDescription": qa.description,
        "SimilarQuestionList": [{"Content": each.question, "SimilarQuestionId": each.id} for each in qa.similar],
        "Summary": qa_summary(qa, call),
    }


def filtered_qas(call: Call) -> list[Qa]:
    """The newest first (inferred)."""
    base, now = kb_id(call), call.now
    asked = call.params.get("Query") or {}
    word, scopes = asked.get("Query", ""), asked.get("QueryScopeList") or (QUESTION,)
    rows = [
        qa
        for qa in reversed(call.account.qas.of(base, now))
        if not word
        or in_scope(
            [word],
            scopes,
            {
                QUESTION: lambda qa=qa: qa.questions,  # type: ignore[misc]
                LABEL: lambda qa=qa: label_words(call, base, qa.validity),  # type: ignore[misc]
                ANSWER: lambda qa=qa: (qa.answer,),  # type: ignore[misc]
            },
        )
    ]
    return filtered(
        call,
        rows,
        {
            "Status": lambda qa: STATUS[qa.status(now)],
            "CategoryId": lambda qa: qa.category,
            "SourceType": lambda qa: qa.source,
            "EffectiveDomain": lambda qa: qa.validity.scope,
            "DocId": lambda qa: qa.document or "0",
            "CreateTime": lambda qa: int(qa.created),
            "UpdateTime": lambda qa: int(qa.updated),
        },
    )


@action("adp.DescribeQASummaryList")
def describe_qa_summary_list(call: Call) -> dict[str, Any]:
    found = filtered_qas(call)
    accepts = [qa.accept for qa in found]
    return {
        "NotAcceptedCount": accepts.count(NOT_ACCEPTED),
        "PendingVerifyCount": accepts.count(UNVERIFIED),
        "QaList": [qa_summary(qa, call) for qa in paged_rows(call, found)],
        "TotalCount": len(found),
    }


PATHS = (
    "Question",
    "Answer",
    "CategoryId",
    "DocId",
    "LabelRefList",
    "QuestionDescription",
    "ExpirationPolicy",
    "SimilarQuestionList",
    "EffectiveDomain",
    "IsAccepted",
)
"""Of ModifyQA's mask (documented)."""


@action("adp.ModifyQA")
def modify_qa(call: Call) -> dict[str, Any]:
    fields, paths = call.params["Fields"], masked(call)
    for name in paths:
        if name not in PATHS:
            raise invalid("UpdateMask.Paths", f"must be one of {', '.join(PATHS)}, not {name}")
    qa = found_qa(call)
    settle(call)
    write_qa(call, qa, {name: fields.get(name) for name in paths})
    fit(call)
    return {}


def write_qa(call: Call, qa: Qa, given: Mapping[str, Any]) -> None:
    """Write these members; None empties one."""
    account, base, good = call.account, qa.base, qa.validity
    members: dict[str, Any] = {}
    for name, member in (("Question", "question"), ("Answer", "answer")):
        if name in given:
            check_text(name, given[name] or "")
            members[member] = given[name]
    if "QuestionDescription" in given:
        members["description"] = given["QuestionDescription"] or ""
    if "CategoryId" in given:
        members["category"] = account.categories.place(base, "qa", given["CategoryId"] or "")
    if "DocId" in given:
        members["document"] = about(call, base, given["DocId"] or "")
    if "IsAccepted" in given:
        members["accept"] = ACCEPTED if given["IsAccepted"] else NOT_ACCEPTED
    if "SimilarQuestionList" in given:
        members["similar"] = changed_similar(call, qa, given["SimilarQuestionList"] or ())
    check_similar(
        [members.get("question", qa.question), *[each.question for each in members.get("similar", qa.similar)]]
    )
    if "EffectiveDomain" in given:
        good = domain(given, good)
    if "ExpirationPolicy" in given:
        good = expiration(given, good)
    if "LabelRefList" in given:
        good = labelled(call, base, given["LabelRefList"] or (), good)
    account.qas.change(qa, call.caller, call.now, **members, validity=good)


def changed_similar(call: Call, qa: Qa, changes: Any) -> tuple[Similar, ...]:
    kept = {each.id: each for each in qa.similar}
    for change in changes:
        act, id, content = change.get("ModifyAction", 0), change.get("SimilarQuestionId", ""), change.get("Content", "")
        if act == CREATE:
            made = call.account.qas.similar(content, call.now)
            kept[made.id] = made
        elif act not in (UPDATE, DELETE):
            raise invalid("SimilarQuestionList.ModifyAction", f"must be 1, 2 or 3, not {act}")
        elif id not in kept:
            raise no_such("similar question", id)
        elif act == UPDATE:
            kept[id] = Similar(id, content)
        else:
            del kept[id]
    return tuple(kept.values())


@action("adp.ModifyQAList")
def modify_qa_list(call: Call) -> dict[str, Any]:
    base, ids, params = kb_id(call), at_once(call, "QaIdList"), call.params
    given = {name: params[name] for name in ("CategoryId", "EffectiveDomain", "ExpirationPolicy") if params.get(name)}
    if "IsAccepted" in params:
        given["IsAccepted"] = params["IsAccepted"]
    if "LabelRefList" in params:
        given["LabelRefList"] = params["LabelRefList"].get("ItemList") or []

    def act(id: str) -> str:
        write_qa(call, found_qas(call, base, [id])[0], given)
        return id

    return {"ResultList": each(ids, act)}


@action("adp.DeleteQAList")
def delete_qa_list(call: Call) -> dict[str, Any]:
    base = kb_id(call)

    def act(id: str) -> str:
        call.account.qas.delete(found_qas(call, base, [id])[0])
        return id

    return {"ResultList": each(at_once(call, "QaIdList"), act)}


@action("adp.ExportQA")
def export_qa(call: Call) -> dict[str, Any]:
    return {"ExportTaskId": export_qas(call, kb_id(call), filtered_qas(call))}


@action("adp.CreateSimilarQuestion")
def create_similar_question(call: Call) -> dict[str, Any]:
    """Other ways to ask, to choose from; nothing is kept."""
    kb_id(call)
    question = call.params["Question"].strip().rstrip("?？")
    check_text("Question", question)
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in question)
    forms = (
        ("请问{}？", "我想知道{}", "{}，能说明一下吗？")
        if chinese
        else (
            "Could you tell me: {}?",
            "I would like to know: {}",
            "{}, please?",
        )
    )
    return {"QuestionList": [form.format(question) for form in forms]}


@action("adp.DescribeConflictQASummaryList")
def describe_conflict_qa_summary_list(call: Call) -> dict[str, Any]:
    """Q&A that answer one question differently."""
    groups = list(conflicts(call))
    return {
        "ConflictQaList": [{"ConflictGroupId": id} for id in paged_rows(call, groups)],
        "TotalCount": len(groups),
    }


def conflicts(call: Call) -> dict[str, list[Qa]]:
    return conflicting(call.account, kb_id(call), call.now)


def conflicting(account: Account, base: str, now: float) -> dict[str, list[Qa]]:
    """The first of them -> all that ask the same and answer it differently."""
    asked: dict[str, list[Qa]] = {}
    for qa in account.qas.of(base, now):
        if qa.accept == ACCEPTED:
            asked.setdefault(qa.question.strip().casefold(), []).append(qa)
    ignored = account.belongings.ignored
    groups = {qas[0].id: qas for qas in asked.values() if len({qa.answer for qa in qas}) > 1}
    return {id: qas for id, qas in groups.items() if id not in ignored}


@action("adp.DescribeConflictQA")
def describe_conflict_qa(call: Call) -> dict[str, Any]:
    id = call.params["ConflictGroupId"]
    group = conflicts(call).get(id)
    if group is None:
        raise no_such("group of conflicting Q&A", id)
    rows = []
    for qa in group:
        document = call.account.documents.get(qa.base, qa.document)
        rows.append(
            {
                "Answer": qa.answer,
                "EffectiveDomain": qa.validity.scope,
                "FileName": document.name if document else "",
                "FileType": document.type if document else "",
                "QaId": qa.id,
                "Question": qa.question,
                "SourceType": qa.source,
                "UpdateTime": unix_text(qa.updated),
            }
        )
    return {"ConflictQaList": rows}


KEEP, IGNORE, REMOVE = 1, 2, 3
"""Resolution (documented)."""


@action("adp.ModifyConflictQA")
def modify_conflict_qa(call: Call) -> dict[str, Any]:
    """Keep some and delete the others of the group, delete some, or look at it no more."""
    groups, params, account = conflicts(call), call.params, call.account
    id, ids = params.get("ConflictGroupId", ""), set(params.get("QaIdList") or ())
    if params.get("IsIgnoreAll"):
        account.belongings.ignore(groups)
        return {}
    if id not in groups:
        raise no_such("group of conflicting Q&A", id)
    resolution = params.get("Resolution", 0)
    if resolution not in (KEEP, IGNORE, REMOVE):
        raise invalid("Resolution", f"must be 1, 2 or 3, not {resolution}")
    if resolution == IGNORE:
        account.belongings.ignore([id])
        return {}
    found = found_qas(call, kb_id(call), ids)
    chosen_ids = {qa.id for qa in found}
    for qa in groups[id]:
        if (qa.id in chosen_ids) == (resolution == REMOVE):
            account.qas.delete(qa)
    return {}
