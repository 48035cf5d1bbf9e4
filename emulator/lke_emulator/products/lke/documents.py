"""Documents: saved after their upload, listed, shown, changed, retried, deleted, and turned into Q&A."""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    UNDER_WAY,
    Document,
)
from lke_emulator.knowledge.generation import generated
from lke_emulator.knowledge.imported_qas import TABLE_CHARACTERS, imported
from lke_emulator.knowledge.objects import Object, base_of
from lke_emulator.knowledge.qas import GENERATED, IMPORTED, UNVERIFIED, Qa
from lke_emulator.knowledge.reading import LIMITS, OTHERS, PAGE_CHARACTERS, long_files, read
from lke_emulator.knowledge.refusals import failed, invalid, missing
from lke_emulator.knowledge.segments import cut
from lke_emulator.knowledge.unread import Unread
from lke_emulator.knowledge.validity import LabelRef
from lke_emulator.knowledge.work import finished, work
from lke_emulator.products import action, prepares, reads
from lke_emulator.products.lke.bases import (
    attr_labels,
    attributes,
    category_path,
    fit,
    found_base,
    prepared_base,
    settle,
    validity,
)
from lke_emulator.products.lke.paging import paged, span
from lke_emulator.products.lke.uploads import address
from lke_emulator.products.parsing import check_paid, pay

STATUSES = {
    AUDITING: "审核中",
    AUDIT_FAILED: "审核失败",
    THERE: "导入完成",
    LEARNING: "学习中",
    LEARN_FAILED: "学习失败",
    PARSING: "解析中",
    PARSE_FAILED: "解析失败",
    IMPORT_FAILED: "导入失败",
    EXPIRED: "已过期",
    ISOLATED: "超量失效",
    RESTORING: "超量失效恢复",
}
"""Documented."""
ALSO_THERE = 12
"""The other number for a document that is there (documented)."""
SOURCES = {0: "本地文档", 1: "网页导入"}
"""Source -> SourceDesc; the second is documented, the first of adp."""
BY_HASH, RETURN_ERROR, SKIP = 1, 1, 2
"""DuplicateFileHandles (documented)."""
BATCH_QA, DOCUMENT = 1, 2
"""Opt (documented)."""
UPDATE_HOURS = (0, 24, 72, 168)
"""Documented."""
SYSTEM_LINK, CUSTOM_LINK = 0, 1
"""ReferUrlType (documented)."""
UNTAGGED = "lke:system:untagged"
"""The Query that finds documents without labels (documented)."""
RETRIED = 50
"""Documents of one RetryDocParse, at most (documented)."""
GENERATING = 1
"""Processing: Q&A are being generated (documented)."""
GENERATED_TEXT = "生成问答成功"
"""Reason of a document that Q&A were generated from (documented by example)."""


# saving


@reads("lke.SaveDoc")
def long_upload(call: Call) -> list[Unread]:
    params = call.params
    upload = call.account.objects.get(params["CosUrl"] or params.get("FileUrl", ""))
    characters = TABLE_CHARACTERS if params.get("Opt") == BATCH_QA else PAGE_CHARACTERS
    return long_files([(upload, params["FileType"].lower())], characters)


@action("lke.SaveDoc")
def save_doc(call: Call) -> dict[str, Any]:
    """A document whose file was uploaded; equal hashes are the same document, whatever they are called (documented)."""
    base, params = found_base(call), call.params
    type = file_type(params)
    upload = uploaded(call)
    opt = params.get("Opt", 0) or DOCUMENT
    if opt not in (BATCH_QA, DOCUMENT):
        raise invalid("Opt", f"must be 1 or 2, not {opt}")
    if opt == BATCH_QA:
        return save_batch(call, base, type, upload)
    same = call.account.documents.with_hash(base, params["CosHash"])
    if same is not None:
        return duplicate(call, same)
    members = document_members(call, base, type, upload)
    settle(call)
    check_paid(call)
    document = call.account.documents.save(Document(**members), call.now)
    pay(call, document)
    fit(call)
    return saved(document.id)


def saved(id: str, check_type: int = 0, error: str = "") -> dict[str, Any]:
    return {
        "DocBizId": id,
        "ErrorMsg": error,
        "ErrorLink": "",
        "ErrorLinkText": "",
        "DuplicateFileCheckType": check_type,
    }


def file_type(params: Mapping[str, Any]) -> str:
    """FileType and Size of a request, which are within the documented limits."""
    type: str = params["FileType"].lower()
    if type not in LIMITS and type not in OTHERS:
        raise invalid("FileType", f"must be a type that can be uploaded, such as pdf or docx, not {params['FileType']}")
    if not params["FileName"]:
        raise missing("FileName")
    size = params["Size"]
    if not (size.isascii() and size.isdecimal() and len(size) < 16):
        raise invalid("Size", f"must be the number of bytes, not {size}")
    if not int(size):
        raise invalid("Size", "must be above 0: the file is empty")
    if int(size) > LIMITS.get(type, 1 << 60):
        raise invalid("Size", f"must be at most {LIMITS[type]} for {type}, not {size}")
    return type


def uploaded(call: Call) -> Object | None:
    """The object that CosUrl names. FailedOperation where it is another one than the request says."""
    params = call.params
    path = params["CosUrl"] or params.get("FileUrl", "")
    if not path:
        raise missing("CosUrl")
    found = call.account.objects.get(path)
    if found is None:
        if call.assumptions.saved_objects == "required":
            raise failed(f"there is no object at {path}: upload it first")
        return None
    if base_of(found.path) not in ("", params["BotBizId"]):
        raise failed(f"the object at {path} was uploaded for another app or knowledge base")
    if not call.assumptions.save_doc_verify:
        return found
    said = {
        "Size": (params["Size"], str(found.size)),
        "CosHash": (params["CosHash"], found.crc64),
        "ETag": (params.get("ETag", found.etag).strip('"'), found.etag),
    }
    for name, (given, true) in said.items():
        if given != true:
            raise failed(f"{name} is {given}, and of the object at {path} it is {true}")
    return found


def duplicate(call: Call, same: Document) -> dict[str, Any]:
    """The first handle that fits decides (documented); without one it is an error (inferred)."""
    for handle in call.params.get("DuplicateFileHandles", ()):
        if handle.get("CheckType", 0) == BY_HASH:
            if handle.get("HandleType", 0) == SKIP:
                return saved(same.id, BY_HASH)
            break
    text = f"450020: the document {same.shown_name} has the same content, its id is {same.id} (文档ID:{same.id})"
    if call.assumptions.save_doc_duplicate == "error_msg_member":
        return saved("0", BY_HASH, text)
    raise failed(text)


def document_members(call: Call, base: str, type: str, upload: Object | None) -> dict[str, Any]:
    params, now = call.params, call.now
    web_url, url_type = params.get("WebUrl", ""), params.get("ReferUrlType", 0)
    check_link(url_type, web_url)
    hours = update_hours(params)
    size = int(params["Size"])
    reading = read(upload, params["FileName"], type, size, params["CosHash"])
    return {
        "base": base,
        "id": "",
        "category": call.account.categories.place(base, "doc", params.get("CateBizId", "")),
        "name": params["FileName"],
        "type": type,
        "cos_url": params["CosUrl"] or params.get("FileUrl", ""),
        "etag": params["ETag"].strip('"'),
        "hash": params["CosHash"],
        "size": size,
        "text": reading.text,
        "problem": reading.problem,
        "pages": reading.pages,
        "characters": reading.characters,
        "source": params.get("Source", 0),
        "web_url": web_url,
        "refer_url_type": url_type,
        "is_refer": params.get("IsRefer", False),
        "is_download": params.get("IsDownload", False),
        "split_rule": params.get("SplitRule", ""),
        "update_hours": hours,
        "validity": validity(call, base),
        "created": now,
        "updated": now,
        "editor": call.caller,
        "work": finished(now),
    }


def check_link(type: int, url: str) -> None:
    if type not in (SYSTEM_LINK, CUSTOM_LINK):
        raise invalid("ReferUrlType", f"must be 0 or 1, not {type}")
    if type == CUSTOM_LINK and not url:
        raise missing("WebUrl")


def update_hours(params: Mapping[str, Any], before: int = 0) -> int:
    hours: int = (params.get("UpdatePeriodInfo") or {}).get("UpdatePeriodH", before)
    if hours not in UPDATE_HOURS:
        raise invalid("UpdatePeriodInfo.UpdatePeriodH", f"must be 0, 24, 72 or 168, not {hours}")
    return hours


def save_batch(call: Call, base: str, type: str, upload: Object | None) -> dict[str, Any]:
    """Q&A from a table; what is wrong with it is told in ErrorMsg (inferred)."""
    if upload is None:
        return saved("0", 0, "there is no object with a table of Q&A: upload it first")
    rows, problem = imported(upload.content, type, call.params["FileName"])
    if problem:
        return saved("0", 0, problem)
    account, now = call.account, call.now
    good = validity(call, base)
    settle(call)
    for row in rows:
        account.qas.create(
            Qa(
                base=base,
                id="",
                category=named_category(call, base, row.category),
                question=row.question,
                answer=row.answer,
                source=IMPORTED,
                description=row.description,
                custom_param=row.custom_param,
                validity=good,
                created=now,
                updated=now,
                editor=call.caller,
                work=finished(now),
            ),
            row.similar,
            now,
        )
    fit(call)
    return saved("0")


def named_category(call: Call, base: str, name: str) -> str:
    """The category at the top of the tree with this name, made where there is none; nothing is what is unsorted."""
    categories = call.account.categories
    if not name:
        return categories.place(base, "qa", "")
    known = categories.top(base, "qa", name)
    return known.id if known else categories.create(base, "qa", "0", name, call.now).id


# showing


@action("lke.ListDoc")
def list_doc(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    base = found_base(call)
    rows = chosen(call, base)
    return {"Total": len(rows), "List": [doc_item(each, call) for each in paged(call, rows)]}


def chosen(call: Call, base: str) -> list[Document]:
    """Those that every filter of the request lets pass, the cheapest asked first."""
    params, now = call.params, call.now
    rows: Iterable[Document] = reversed(list(call.account.documents.of(base).values()))
    for test in filters(call, base):
        rows = filter(test, rows)
    wanted = {THERE if status == ALSO_THERE else status for status in params.get("Status", ())}
    if wanted:
        return [each for each in rows if each.status(now) in wanted]
    return list(rows)


def filters(call: Call, base: str) -> Iterable[Callable[[Document], bool]]:
    params, account = call.params, call.account
    category = params.get("CateBizId", "")
    if category not in ("", "0"):
        account.categories.find(base, "doc", category)
        inside = {category} if params.get("ShowCurrCate") else account.categories.under(base, "doc", category)
        yield lambda each: each.category in inside
    if scope := params.get("EnableScope", 0):
        yield lambda each: each.validity.scope == scope
    if types := {type.lower() for type in params.get("FileTypes", ())}:
        yield lambda each: each.type in types
    query = params.get("Query", "").casefold()
    query_type = params.get("QueryType", "") or "filename"
    if query_type not in ("filename", "attribute"):
        raise invalid("QueryType", f"must be filename or attribute, not {query_type}")
    if query == UNTAGGED:
        yield lambda each: not each.validity.labels
    elif query and query_type == "attribute":
        yield labelled(call, base, query)
    elif query:
        yield lambda each: query in each.name.casefold() or query in each.new_name.casefold()
    if "UpdateTime" in params:
        start, end = span(call, "UpdateTime")
        now = call.now
        yield lambda each: start <= each.moment(now) <= end
    for flag in params.get("FilterFlag", ()):
        if flag.get("Flag") != "is_created_qa":
            raise invalid("FilterFlag.Flag", f"must be is_created_qa, not {flag.get('Flag')}")
        wanted = flag.get("Value", False)
        yield lambda each, wanted=wanted: created_qa(each, call) == wanted  # type: ignore[misc]


def labelled(call: Call, base: str, query: str) -> Callable[[Document | Qa], bool]:
    """Whether an attribute or a label of something has the words."""
    wanted: dict[str, frozenset[str] | None] = {}
    for attribute in call.account.labels.of(base).values():
        if query in attribute.name.casefold():
            wanted[attribute.id] = None
        elif labels := frozenset(label.id for label in attribute.labels if query in label.name.casefold()):
            wanted[attribute.id] = labels

    def has_words(ref: LabelRef) -> bool:
        labels = wanted.get(ref.attribute, frozenset())
        return labels is None or not labels.isdisjoint(ref.labels)

    known: dict[tuple[LabelRef, ...], bool] = {(): False}

    def passes(each: Document | Qa) -> bool:
        labels = each.validity.labels
        found = known.get(labels)
        if found is None:
            found = known[labels] = any(map(has_words, labels))
        return found

    return passes


def created_qa(document: Document, call: Call) -> bool:
    return document.generation is not None and not document.generation.running(call.now)


def names(document: Document, call: Call) -> tuple[str, str]:
    """FileName and NewName: a new name takes the old one's place with the next release (documented)."""
    if not document.new_name:
        return document.name, ""
    live = call.account.releases.live(document.base, call.now)
    released = live.documents.get(document.id) if live else None
    if released is not None and released.new_name == document.new_name:
        return document.new_name, ""
    return document.name, document.new_name


def doc_members(document: Document, call: Call) -> dict[str, Any]:
    """What the list and the description have in common."""
    now, account = call.now, call.account
    status = document.status(now)
    done, broken = status in (THERE, EXPIRED, ISOLATED, RESTORING), status in BROKEN
    count = account.qas.count_of(document.base, document.id, now)
    generating = document.generation is not None and document.generation.running(now)
    created = created_qa(document, call)
    return {
        "DocBizId": document.id,
        "FileName": names(document, call)[0],
        "FileType": document.type,
        "CosUrl": document.cos_url,
        "UpdateTime": str(document.moment(now)),
        "Status": status,
        "StatusDesc": STATUSES[status],
        "Reason": document.work.reason if broken else GENERATED_TEXT if created else "",
        "IsRefer": document.is_refer,
        "QaNum": count,
        "IsDeleted": False,
        "Source": document.source,
        "SourceDesc": SOURCES.get(document.source, ""),
        "IsAllowRestart": done or broken,
        "IsDeletedQa": created and not count,
        "IsCreatingQa": generating,
        "IsAllowDelete": True,
        "IsAllowRefer": done,
        "IsCreatedQa": created,
        "DocCharSize": str(document.characters),
        "IsAllowEdit": done,
        "AttrRange": document.validity.attr_range,
        "AttrLabels": attr_labels(call, document.base, document.validity.labels),
        "CateBizId": document.category,
        "IsDisabled": False,
        "EnableScope": document.validity.scope,
    }


def doc_item(document: Document, call: Call) -> dict[str, Any]:
    status = document.status(call.now)
    members = doc_members(document, call)
    return {
        **members,
        "NewName": names(document, call)[1],
        "ReferUrlType": document.refer_url_type,
        "WebUrl": document.web_url,
        "ExpireStart": str(document.validity.starts),
        "ExpireEnd": str(document.validity.ends),
        "IsAllowRetry": status in BROKEN,
        "Processing": [GENERATING] if members["IsCreatingQa"] else [],
        "CreateTime": str(int(document.created)),
        "CustomerKnowledgeId": document.customer_id,
        "StaffName": call.account.name_of(document.editor),
        "DocSize": str(document.size),
    }


@action("lke.DescribeDoc")
def describe_doc(call: Call) -> dict[str, Any]:
    document = found_document(call)
    ids, texts = category_path(call, document.base, "doc", document.category)
    return {
        **doc_members(document, call),
        "IsDownload": document.is_download,
        "SplitRule": document.split_rule,
        "UpdatePeriodInfo": {"UpdatePeriodH": document.update_hours},
        "CateBizIdPath": ids,
        "CateNamePath": texts,
    }


def found_document(call: Call) -> Document:
    return call.account.documents.find(found_base(call), call.params.get("DocBizId", ""))


@action("lke.ListSelectDoc")
def list_select_doc(call: Call) -> dict[str, Any]:
    """Documents to choose from; tables are none (documented)."""
    base, params, now = found_base(call), call.params, call.now
    wanted = {THERE if status == ALSO_THERE else status for status in params.get("Status", ())}
    word = params.get("FileName", "").casefold()
    rows = [
        document
        for document in reversed(list(call.account.documents.of(base).values()))
        if document.type not in ("xlsx", "xls", "csv")
        and word in document.name.casefold()
        and (not wanted or document.status(now) in wanted)
    ]
    return {
        "List": [
            {
                "Text": names(each, call)[0],
                "Value": each.id,
                "CharSize": str(each.characters),
                "FileType": each.type,
            }
            for each in rows
        ]
    }


@action("lke.GetDocPreview")
def get_doc_preview(call: Call) -> dict[str, Any]:
    """Addresses of the file and of the markdown that was read from it."""
    document, account = found_document(call), call.account
    if call.params.get("TypeKey", "offline") not in ("", "offline", "realtime"):
        raise invalid("TypeKey", f"must be offline or realtime, not {call.params['TypeKey']}")
    seconds = call.assumptions.preview_url_ttl_s
    upload = account.objects.get(document.cos_url)
    text = document.content().encode()
    links = {"ParseResultCosUrl": kept(call, f"{document.id}.md", text)}
    if upload is None:
        links["Url"] = kept(call, f"{document.id}.{document.type}", text)
    else:
        links |= {"Url": address(call, "GET", upload.path, seconds), "Bucket": account.storage.bucket("offline")}
    file_name, new_name = names(document, call)
    return {
        "FileName": file_name,
        "FileType": document.type,
        "CosUrl": document.cos_url,
        "NewName": new_name,
        "IsDownload": document.is_download,
        **links,
    }


def kept(call: Call, name: str, content: bytes) -> str:
    """The address of a file that was not uploaded."""
    seconds, files = call.assumptions.preview_url_ttl_s, call.account.files
    files.put(name, content, call.now, seconds)
    return call.base_url + files.link(name, call.now, seconds)


@action("lke.GetAppKnowledgeCount")
def get_app_knowledge_count(call: Call) -> dict[str, Any]:
    base, type, account = found_base(call, "AppBizId"), call.params["Type"], call.account
    counts: dict[str, Callable[[], int]] = {
        "doc": lambda: len(account.documents.of(base)),
        "qa": lambda: len(account.qas.of(base, call.now)),
    }
    if type not in counts:
        raise invalid("Type", f"must be doc or qa, not {type}")
    return {"Total": counts[type]()}


@prepares("lke.DescribeSegments")
def prepare_segments(call: Call) -> Iterator[None]:
    return prepared_base(call, call.params.get("BotBizId", ""))


@action("lke.DescribeSegments")
def describe_segments(call: Call) -> dict[str, Any]:
    """Those that are known, in the order asked for; others are left out (documented by example)."""
    base, account = found_base(call), call.account
    wanted = call.params.get("SegBizId", ())
    found = account.retrieval.segments(base, wanted)
    return {
        "List": [
            {
                "Id": segment.id,
                "BusinessId": segment.id,
                "FileType": {"docx": "word", "doc": "word", "txt": "txt"}.get(document.type, "markdown"),
                "SegmentType": "table" if segment.is_table else "segment",
                "Title": document.shown_name,
                "PageContent": segment.titled(document.name),
                "OrgData": segment.titled(document.name),
                "DocId": document.id,
                "DocBizId": document.id,
                "DocUrl": document.cos_url,
                "WebUrl": document.web_url,
                "PageInfos": list(segment.pages),
            }
            for document, segment in found
        ]
    }


# changing


@action("lke.ModifyDoc")
def modify_doc(call: Call) -> dict[str, Any]:
    document, params = editable(found_document(call), call), call.params
    web_url = params.get("WebUrl", document.web_url)
    url_type = params.get("ReferUrlType", document.refer_url_type)
    check_link(url_type, web_url)
    category = params.get("CateBizId", "")
    call.account.documents.change(
        document,
        call.caller,
        call.now,
        is_refer=params["IsRefer"],
        is_download=params.get("IsDownload", document.is_download),
        web_url=web_url,
        refer_url_type=url_type,
        category=call.account.categories.place(document.base, "doc", category) if category else document.category,
        update_hours=update_hours(params, document.update_hours),
        split_rule=params.get("SplitRule", document.split_rule),
        validity=validity(call, document.base, document.validity),
    )
    return {}


def editable(document: Document, call: Call) -> Document:
    """A refusal for one that is still under way or has failed, which IsAllowEdit says beforehand."""
    status = document.status(call.now)
    if status in UNDER_WAY or status in BROKEN:
        raise failed(f"the document {document.id} cannot be changed now: its status is {status} ({STATUSES[status]})")
    return document


@action("lke.RenameDoc")
def rename_doc(call: Call) -> dict[str, Any]:
    """The new name is taken on with the next release (documented); a shared base has none and takes it at once."""
    for name in ("DocBizId", "NewName"):
        if not call.params.get(name):
            raise missing(name)
    document, name = editable(found_document(call), call), call.params["NewName"]
    if name.rpartition(".")[2].lower() != document.type:
        raise invalid("NewName", f"must end with .{document.type}, as the file does")
    members = {"name": name} if document.base in call.account.shared else {"new_name": name}
    call.account.documents.change(document, call.caller, call.now, **members)
    return {}


@action("lke.ModifyDocAttrRange")
def modify_doc_attr_range(call: Call) -> dict[str, Any]:
    base, account = found_base(call), call.account
    found = account.documents.found(base, call.params["DocBizIds"])
    attr_range, labels = attributes(call, base, found[0].validity if found else validity(call, base))
    for document in found:
        account.documents.change(
            document,
            call.caller,
            call.now,
            validity=replace(document.validity, attr_range=attr_range, labels=labels),
        )
    return {}


@action("lke.GroupDoc")
def group_doc(call: Call) -> dict[str, Any]:
    base, account = found_base(call), call.account
    found = account.documents.found(base, call.params["BizIds"])
    category = account.categories.place(base, "doc", call.params["CateBizId"])
    for document in found:
        account.documents.change(document, call.caller, call.now, carried=False, category=category)
    return {}


@action("lke.DeleteDoc")
def delete_doc(call: Call) -> dict[str, Any]:
    account = call.account
    for document in account.documents.found(found_base(call), call.params["DocBizIds"]):
        account.documents.delete(document)
    return {}


@action("lke.RetryDocParse")
def retry_doc_parse(call: Call) -> dict[str, Any]:
    base, params, account = found_base(call), call.params, call.account
    ids = params.get("DocBizIds") or [id for id in (params.get("DocBizId", ""),) if id]
    if not ids:
        raise missing("DocBizIds")
    if len(ids) > RETRIED:
        raise invalid("DocBizIds", f"must be at most {RETRIED}, not {len(ids)}")
    found = account.documents.found(base, ids)
    for document in found:
        account.documents.check_broken(document, False, call.now)
    check_paid(call)
    for document in found:
        pay(call, account.documents.retry(document, False, call.now))
    return {}


@action("lke.RetryDocAudit")
def retry_doc_audit(call: Call) -> dict[str, Any]:
    call.account.documents.retry(found_document(call), True, call.now)
    return {}


@action("lke.StopDocParse")
def stop_doc_parse(call: Call) -> dict[str, Any]:
    call.account.documents.stop(found_document(call), call.now)
    return {}


@action("lke.GenerateQA")
def generate_qa(call: Call) -> dict[str, Any]:
    base, account = found_base(call), call.account
    generate(call, account.documents.found(base, call.params["DocBizIds"]))
    return {}


def generate(call: Call, documents: Iterable[Document]) -> None:
    """Q&A from documents, unverified. A refusal for one that is not there yet, or is being worked on already."""
    account, now, found = call.account, call.now, list(documents)
    for document in found:
        status = document.status(now)
        if status != THERE:
            raise failed(f"no Q&A can be generated from the document {document.id}: its status is {status}")
        if document.generation is not None and document.generation.running(now):
            raise failed(f"Q&A are being generated from the document {document.id}")
    settle(call)
    for document in found:
        for made in generated(document, cut(document), call.assumptions.generated_qa):
            account.qas.create(
                Qa(
                    base=document.base,
                    id="",
                    category=account.categories.place(document.base, "qa", ""),
                    question=made.question,
                    answer=made.answer,
                    source=GENERATED,
                    document=document.id,
                    segment=made.segment,
                    accept=UNVERIFIED,
                    validity=document.validity,
                    created=now,
                    updated=now,
                    editor=call.caller,
                    work=finished(now),
                ),
                (),
                now,
                generated=True,
            )
        seconds = call.assumptions.qa_generation_s
        account.documents.change(
            document, call.caller, now, carried=False, generation=work(now, [("generate", seconds)])
        )
    fit(call)
