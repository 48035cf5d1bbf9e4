"""Documents in adp's members: the same records as lke's."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.documents import (
    AUDIT_FAILED,
    AUDITING,
    BROKEN,
    EXPIRED,
    IMPORT_FAILED,
    ISOLATED,
    LEARN_FAILED,
    LEARNING,
    PARSE_FAILED,
    PARSING,
    RESTORING,
    THERE,
    ContentFilter,
    Document,
)
from lke_emulator.knowledge.reading import LIMITS, OTHERS, long_files, read
from lke_emulator.knowledge.refusals import failed, invalid
from lke_emulator.knowledge.unread import Unread
from lke_emulator.knowledge.validity import Validity
from lke_emulator.knowledge.work import finished
from lke_emulator.products import action, reads
from lke_emulator.products.adp.bases import kb_id
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
from lke_emulator.products.adp.listing import AT_ONCE, at_once, filtered, masked, paged_rows, person, unix_text
from lke_emulator.products.lke.bases import default_scope, fit, settle
from lke_emulator.products.lke.documents import (
    RETURN_ERROR,
    SKIP,
    SOURCES,
    STATUSES,
    UPDATE_HOURS,
    editable,
    generate,
    names,
)
from lke_emulator.products.parsing import check_paid, pay

STATUS = {
    PARSING: 1,
    PARSE_FAILED: 2,
    IMPORT_FAILED: 3,
    AUDITING: 4,
    AUDIT_FAILED: 5,
    LEARNING: 6,
    LEARN_FAILED: 7,
    THERE: 8,
    EXPIRED: 9,
    ISOLATED: 10,
    RESTORING: 11,
}
"""lke's Status -> adp's (documented and inferred)."""
GENERATING = 1
"""The type of a task that generates Q&A (documented by example)."""
FILE_NAME, LABEL = 1, 2
"""QueryScopeList (documented)."""


@reads("adp.ImportDocList")
def long_uploads(call: Call) -> list[Unread]:
    objects = call.account.objects
    specs = call.params["DocList"][:AT_ONCE]
    return long_files((objects.get(spec["FileId"]), type_of(spec["FileId"])) for spec in specs)


@action("adp.ImportDocList")
def import_doc_list(call: Call) -> dict[str, Any]:
    """FileId is the path of an uploaded object, or whatever the assumption `adp_file_id_source` lets pass."""
    base = kb_id(call)
    specs = at_once(call, "DocList")
    settle(call)
    rows = [
        {**row, "Id": row["Id"] or spec["FileId"]}
        for spec, row in zip(specs, each(specs, lambda spec: imported(call, base, spec).id), strict=True)
    ]
    fit(call)
    return {"ResultList": rows}


def imported(call: Call, base: str, spec: Mapping[str, Any]) -> Document:
    account, now, file = call.account, call.now, spec["FileId"]
    upload = account.objects.get(file)
    needs = call.assumptions.adp_file_id_source == "upload_path" or call.assumptions.saved_objects == "required"
    if upload is None and needs:
        raise failed(f"there is no file {file}: upload it first")
    name, type = file.rpartition("/")[2] or file, type_of(file)
    if type not in LIMITS and type not in OTHERS:
        raise invalid("FileId", f"must be of a type that can be imported, not {type}")
    hash = upload.crc64 if upload else file
    same = account.documents.with_hash(base, hash)
    if same is not None:
        handles = [handle.get("HandleType", RETURN_ERROR) for handle in spec.get("DeDuplicateStrategyList") or ()]
        if handles and handles[0] == SKIP:
            return same
        raise failed(f"450020: the document {same.shown_name} has the same content, its id is {same.id}")
    size = upload.size if upload else len(file)
    reading = read(upload, name, type, size, hash)
    made = Document(
        base=base,
        id="",
        category=account.categories.place(base, "doc", spec.get("CategoryId", "")),
        name=name,
        type=type,
        cos_url=file,
        etag=upload.etag if upload else "",
        hash=hash,
        size=size,
        text=reading.text,
        problem=reading.problem,
        pages=reading.pages,
        characters=reading.characters,
        validity=specified(call, base, spec, Validity(scope=default_scope(call, base))),
        created=now,
        updated=now,
        editor=call.caller,
        work=finished(now),
    )
    made = replace(made, **doc_fields(spec, made))
    check_paid(call)
    document = account.documents.save(made, now)
    pay(call, document)
    return document


def type_of(file: str) -> str:
    name = file.rpartition("/")[2] or file
    return name.rpartition(".")[2].lower() if "." in name else "txt"


def doc_fields(given: Mapping[str, Any], was: Document) -> dict[str, Any]:
    """The members of a document that a specification says; what it leaves out stays as it was."""
    members: dict[str, Any] = {}
    switch = given.get("Switch")
    if switch is not None:
        members["is_refer"] = switch.get("ReferEnabled", was.is_refer)
        members["is_download"] = switch.get("DownloadEnabled", was.is_download)
    link = given.get("ExternalLink")
    if link is not None:
        members["external_url"] = link.get("ExternalUrl", "")
        members["refer_url_type"] = int(link.get("ReplaceOriginEnabled", False))
    period = given.get("UpdatePeriod")
    if period is not None:
        hours = period.get("PeriodHour", 0) if period.get("Enabled") else 0
        if hours not in UPDATE_HOURS:
            raise invalid("UpdatePeriod.PeriodHour", f"must be 0, 24, 72 or 168, not {hours}")
        members["update_hours"] = hours
    parse = given.get("ParseConfig")
    if parse is not None:
        members["split_rule"] = parse.get("SplitRule", "")
        pictures = parse.get("ContentFilter") or {}
        members["content_filter"] = ContentFilter(
            pictures.get("ImageMinWidth", 0), pictures.get("ImageMinHeight", 0), pictures.get("ImageNamePatterns", "")
        )
    access = given.get("UserAccessConfig")
    if access is not None:
        members["customer_id"] = access.get("CustomerKnowledgeId", "")
        members["is_public"] = access.get("IsPublic", True)
    return members


def doc_summary(document: Document, call: Call, with_metadata: bool = True) -> dict[str, Any]:
    now, validity = call.now, document.validity
    status = document.status(now)
    busy = document.generation is not None and document.generation.running(now)
    done = document.generation is not None and not busy
    broken = status in BROKEN
    metadata = {
        "DocCharCount": str(document.characters),
        "FileName": names(document, call)[0],
        "FileSize": str(document.size),
        "FileType": document.type,
        "SourceDesc": SOURCES.get(document.source, ""),
        "SourceType": document.source or 1,
    }
    return {
        "CategoryPath": path(call, document.base, "doc", document.category),
        "DocId": document.id,
        "KnowledgeScope": scope(call, document.base, validity),
        "Lifecycle": {
            "CreateTime": unix_text(document.created),
            "ExpirationPolicy": policy(validity),
            "Status": STATUS[status],
            "StatusDesc": STATUSES[status],
            "StatusMessage": document.work.reason if broken else "",
            "UpdateTime": str(document.moment(now)),
        },
        "Metadata": metadata if with_metadata else None,
        "OperatorInfo": {
            "Modifier": person(call, document.editor),
            "Permission": {
                "CanDelete": True,
                "CanEdit": status in (THERE, EXPIRED, ISOLATED, RESTORING),
                "CanRestart": status == THERE or broken,
                "CanRetry": broken,
            },
        },
        "TaskStatus": {
            "CompletedTaskTypeList": [GENERATING] if done else [],
            "OngoingTaskTypeList": [GENERATING] if busy else [],
        },
    }


@action("adp.DescribeDoc")
def describe_doc(call: Call) -> dict[str, Any]:
    document = call.account.documents.find(kb_id(call), call.params["DocId"])
    return {
        "DocLink": {
            "CosUrl": document.cos_url,
            "ExternalLink": {
                "ExternalUrl": document.external_url or document.web_url,
                "ReplaceOriginEnabled": bool(document.refer_url_type),
            },
        },
        "ParseConfig": parse_config(document),
        "Summary": doc_summary(document, call),
        "Switch": {"DownloadEnabled": document.is_download, "ReferEnabled": document.is_refer},
        "UpdatePeriod": {"Enabled": document.update_hours > 0, "PeriodHour": document.update_hours},
        "UserAccessConfig": {"CustomerKnowledgeId": document.customer_id, "IsPublic": document.is_public},
    }


def parse_config(document: Document) -> dict[str, Any]:
    pictures = document.content_filter
    return {
        "SplitRule": document.split_rule,
        "ContentFilter": {
            "ImageMinWidth": pictures.min_width,
            "ImageMinHeight": pictures.min_height,
            "ImageNamePatterns": pictures.names,
        },
    }


@action("adp.DescribeDocSummaryList")
def describe_doc_summary_list(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    base, params, now = kb_id(call), call.params, call.now
    asked = params.get("Query") or {}
    word, scopes = asked.get("Query", ""), asked.get("QueryScopeList") or (FILE_NAME,)
    rows = [
        document
        for document in reversed(list(call.account.documents.of(base).values()))
        if not word
        or in_scope(
            [word],
            scopes,
            {
                FILE_NAME: lambda document=document: (document.name, document.new_name),  # type: ignore[misc]
                LABEL: lambda document=document: label_words(call, base, document.validity),  # type: ignore[misc]
            },
        )
    ]
    found = filtered(
        call,
        rows,
        {
            "Status": lambda each: STATUS[each.status(now)],
            "CategoryId": lambda each: each.category,
            "SourceType": lambda each: each.source or 1,
            "EffectiveDomain": lambda each: each.validity.scope,
            "CreateTime": lambda each: int(each.created),
            "UpdateTime": lambda each: each.moment(now),
        },
    )
    with_metadata = (params.get("SummaryListSwitch") or {}).get("ShowMetadataEnabled", True)
    return {
        "DocList": [doc_summary(each, call, with_metadata) for each in paged_rows(call, found)],
        "TotalCount": len(found),
    }


def label_words(call: Call, base: str, validity: Validity) -> list[str]:
    rows = scope(call, base, validity)["LabelRefList"]
    return [word for row in rows for word in (row["LabelName"], *row["LabelTermList"])]


PATHS = (
    "Name",
    "CategoryId",
    "EffectiveDomain",
    "LabelRefList",
    "ExternalLink",
    "ExpirationPolicy",
    "UpdatePeriod",
    "Switch",
    "ParseConfig",
    "UserAccessConfig",
)
"""Of ModifyDoc's mask (documented)."""


@action("adp.ModifyDoc")
def modify_doc(call: Call) -> dict[str, Any]:
    base, fields = kb_id(call), call.params["Fields"]
    paths = masked(call)
    for each_path in paths:
        if each_path not in PATHS:
            raise invalid("UpdateMask.Paths", f"must be one of {', '.join(PATHS)}, not {each_path}")
    document = editable(call.account.documents.find(base, call.params["DocId"]), call)
    write_document(call, document, {name: fields.get(name) for name in paths})
    return {}


def write_document(call: Call, document: Document, given: Mapping[str, Any]) -> None:
    """Write these members; None empties one."""
    account, base, good = call.account, document.base, document.validity
    members: dict[str, Any] = doc_fields(given, document)
    if "Name" in given:
        name = given["Name"] or ""
        if name.rpartition(".")[2].lower() != document.type:
            raise invalid("Name", f"must end with .{document.type}, as the file does")
        members["name" if base in account.shared else "new_name"] = name
    if "CategoryId" in given:
        members["category"] = account.categories.place(base, "doc", given["CategoryId"] or "")
    if "EffectiveDomain" in given:
        good = domain(given, good)
    if "ExpirationPolicy" in given:
        good = expiration(given, good)
    if "LabelRefList" in given:
        good = labelled(call, base, given["LabelRefList"] or (), good)
    account.documents.change(document, call.caller, call.now, **members, validity=good)


@action("adp.ModifyDocList")
def modify_doc_list(call: Call) -> dict[str, Any]:
    base, ids, given = kb_id(call), at_once(call, "DocIdList"), many(call)

    def act(id: str) -> str:
        document = editable(call.account.documents.find(base, id), call)
        write_document(call, document, given)
        return id

    return {"ResultList": each(ids, act)}


def many(call: Call) -> dict[str, Any]:
    """What a request about several says; nothing of what it leaves out is written."""
    members = ("CategoryId", "EffectiveDomain", "ExpirationPolicy", "ExternalLink", "Switch")
    given = {name: call.params[name] for name in members if call.params.get(name)}
    if "LabelRefList" in call.params:
        given["LabelRefList"] = call.params["LabelRefList"].get("ItemList") or []
    return given


@action("adp.DeleteDocList")
def delete_doc_list(call: Call) -> dict[str, Any]:
    base, documents = kb_id(call), call.account.documents

    def act(id: str) -> str:
        documents.delete(documents.find(base, id))
        return id

    return {"ResultList": each(at_once(call, "DocIdList"), act)}


@action("adp.CreateQAGenerationTask")
def create_qa_generation_task(call: Call) -> dict[str, Any]:
    base, account = kb_id(call), call.account
    found = account.documents.found(base, at_once(call, "DocIdList"))
    generate(call, found)
    seconds = call.assumptions.qa_generation_s
    tasks = [account.tasks.begin(base, "GenerateQA", seconds, call.now, subject=each.id) for each in found]
    return {"TaskIdList": [task.id for task in tasks]}
