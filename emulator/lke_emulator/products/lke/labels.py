"""Attribute labels: made, listed, checked, changed and exported as tasks, uploaded, deleted."""

from collections.abc import Iterable, Mapping
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.imported_qas import TABLE_CHARACTERS, table_rows
from lke_emulator.knowledge.labels import Attribute, Label, uses
from lke_emulator.knowledge.reading import long_files
from lke_emulator.knowledge.refusals import invalid, missing
from lke_emulator.knowledge.releases import SUCCEEDED
from lke_emulator.knowledge.unread import Unread
from lke_emulator.knowledge.work import DONE
from lke_emulator.products import action, reads
from lke_emulator.products.lke.bases import found_base
from lke_emulator.products.lke.documents import uploaded
from lke_emulator.products.lke.exports import export
from lke_emulator.products.lke.paging import paged

PENDING, RELEASED = 1, 3
STATUSES = {PENDING: "待发布", RELEASED: "已发布"}
"""Status of an attribute (documented)."""
MODIFY, EXPORT = "ModifyAttributeLabel", "ExportAttributeLabel"
"""TaskType (documented)."""
SCOPES = ("", "all", "standard", "similar")
"""QueryScope (documented)."""
SHOWN = 10
"""Labels that a list names of each attribute, where LabelSize does not say."""


def given_labels(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, list[str]]]:
    return [(row.get("LabelBizId", ""), row.get("LabelName", ""), row.get("SimilarLabels", [])) for row in rows]


def label_row(label: Label) -> dict[str, Any]:
    return {"LabelBizId": label.id, "LabelName": label.name, "SimilarLabels": list(label.similar)}


@action("lke.CreateAttributeLabel")
def create_attribute_label(call: Call) -> dict[str, Any]:
    params = call.params
    labels = [(name, similar) for _, name, similar in given_labels(params["Labels"])]
    if not labels:
        raise missing("Labels")
    attribute = call.account.labels.create(
        found_base(call), params["AttrName"], params.get("AttrKey", ""), labels, call.now
    )
    return {"AttrBizId": attribute.id, "Labels": [label_row(label) for label in attribute.labels]}


@action("lke.ListAttributeLabel")
def list_attribute_label(call: Call) -> dict[str, Any]:
    """The newest first; Query looks at the names of attributes and of labels (inferred)."""
    base, query = found_base(call), call.params.get("Query", "").casefold()
    rows = [
        each
        for each in reversed(list(call.account.labels.of(base).values()))
        if query in each.name.casefold() or any(query in label.name.casefold() for label in each.labels)
    ]
    return {"Total": len(rows), "List": [attribute_row(each, call) for each in paged(call, rows)]}


def attribute_row(attribute: Attribute, call: Call) -> dict[str, Any]:
    releases = call.account.releases.of(attribute.base)
    released = any(
        each.attributes.get(attribute.id) == attribute.edition
        for each in releases
        if each.status(call.now) == SUCCEEDED
    )
    status = RELEASED if released else PENDING
    size = call.params.get("LabelSize") or SHOWN
    return {
        "AttrBizId": attribute.id,
        "AttrKey": attribute.key,
        "AttrName": attribute.name,
        "LabelNames": [label.name for label in attribute.labels[:size]],
        "IsUpdating": call.account.tasks.about(attribute.base, attribute.id, call.now),
        "Status": status,
        "StatusDesc": STATUSES[status],
        "LabelTotalCount": str(len(attribute.labels)),
    }


@action("lke.DescribeAttributeLabel")
def describe_attribute_label(call: Call) -> dict[str, Any]:
    """So many labels after LastLabelBizId; QueryScope says whether Query looks at standard words, others, or all."""
    params = call.params
    attribute = call.account.labels.find(found_base(call), params["AttributeBizId"])
    limit, scope = params["Limit"], params.get("QueryScope", "")
    if limit < 1:
        raise invalid("Limit", f"must be above 0, not {limit}")
    if scope not in SCOPES:
        raise invalid("QueryScope", f"must be all, standard or similar, not {scope}")
    query = params.get("Query", "").casefold()
    found = [label for label in attribute.labels if not query or query_hits(label, query, scope or "all")]
    rest = after(found, params.get("LastLabelBizId", ""))
    return {
        "AttributeBizId": attribute.id,
        "AttrKey": attribute.key,
        "AttrName": attribute.name,
        "LabelNumber": str(len(found)),
        "Labels": [label_row(label) for label in rest[:limit]],
    }


def query_hits(label: Label, query: str, scope: str) -> bool:
    words = (
        (label.name,) if scope == "standard" else label.similar if scope == "similar" else (label.name, *label.similar)
    )
    return any(query in word.casefold() for word in words)


def after(labels: list[Label], last: str) -> list[Label]:
    """Those that come after a label; all of them where it is not there."""
    places = [i for i, label in enumerate(labels) if label.id == last]
    return labels[places[0] + 1 :] if places else labels


@action("lke.CheckAttributeLabelExist")
def check_attribute_label_exist(call: Call) -> dict[str, Any]:
    """Whether the attribute has a label of this name, as its word or another one for the same."""
    params = call.params
    attribute = call.account.labels.find(found_base(call), params["AttributeBizId"])
    name = params["LabelName"]
    rest = after(list(attribute.labels), params.get("LastLabelBizId", ""))
    return {"IsExist": any(name == label.name or name in label.similar for label in rest)}


@action("lke.CheckAttributeLabelRefer")
def check_attribute_label_refer(call: Call) -> dict[str, Any]:
    """Whether a document or a Q&A is for visitors with them; no workflow here refers to labels."""
    base, params, account = found_base(call), call.params, call.account
    label, ids = params.get("LabelBizId", ""), params.get("AttributeBizId", ())
    if ids:
        attributes = account.labels.found(base, ids)
    elif label:
        attributes = [each for each in account.labels.of(base).values() if any(one.id == label for one in each.labels)]
    else:
        raise missing("AttributeBizId")
    documents, qas = account.documents.of(base).values(), account.qas.of(base, call.now)
    good = [*[each.validity for each in documents], *[each.validity for each in qas]]
    wanted = (label,) if label else ()
    return {"IsRefer": any(uses(validity, each.id, wanted) for each in attributes for validity in good)}


@action("lke.ModifyAttributeLabel")
def modify_attribute_label(call: Call) -> dict[str, Any]:
    """The change is a task; one that fails changes nothing."""
    base, params, account = found_base(call), call.params, call.account
    labels = given_labels(params.get("Labels", ()))
    attribute = account.labels.modified(
        base,
        params["AttributeBizId"],
        params["AttrName"],
        params.get("AttrKey", ""),
        labels,
        params.get("DeleteLabelBizIds", ()),
        call.now,
    )
    task = account.tasks.begin(base, MODIFY, call.assumptions.task_s, call.now, subject=attribute.id)
    if task.work.outcome == DONE:
        account.labels.put(attribute)
    return {"TaskId": task.id, "Labels": [label_row(label) for label in attribute.labels]}


@action("lke.DeleteAttributeLabel")
def delete_attribute_label(call: Call) -> dict[str, Any]:
    """What referred to it does not show it any more."""
    for attribute in call.account.labels.found(found_base(call), call.params["AttributeBizIds"]):
        call.account.labels.delete(attribute)
    return {}


@action("lke.ExportAttributeLabel")
def export_attribute_label(call: Call) -> dict[str, Any]:
    base, account = found_base(call), call.account
    ids = call.params.get("AttributeBizIds", ())
    query = (call.params.get("Filters") or {}).get("Query", "").casefold()
    found = account.labels.found(base, ids) if ids else list(account.labels.of(base).values())
    rows = [("attribute", "label", "similar labels")]
    rows += [
        (each.name, label.name, "\n".join(label.similar))
        for each in found
        if query in each.name.casefold()
        for label in each.labels
    ]
    return {"TaskId": export(call, base, EXPORT, rows)}


@action("lke.GetTaskStatus")
def get_task_status(call: Call) -> dict[str, Any]:
    """Where there is a file, CosPath has it when the task is done (documented)."""
    task = call.account.tasks.find(found_base(call), call.params["TaskId"])
    type = call.params["TaskType"]
    if type != task.type:
        raise invalid("TaskType", f"must be {task.type}, as the task's is, not {type}")
    status = task.status(call.now)
    return {
        "TaskId": task.id,
        "TaskType": task.type,
        "Status": status,
        "Message": task.work.reason if status == "FAILED" else "",
        "Params": {"CosPath": task.path if status == "SUCCESS" else ""},
    }


@reads("lke.UploadAttributeLabel")
def long_table(call: Call) -> list[Unread]:
    params = call.params
    upload = call.account.objects.get(params["CosUrl"])
    return long_files([(upload, params["FileName"].rpartition(".")[2].lower())], TABLE_CHARACTERS)


@action("lke.UploadAttributeLabel")
def upload_attribute_label(call: Call) -> dict[str, Any]:
    """Attributes from a table that was uploaded: attribute, label, other words for it, a row each; what is wrong with it is
    told in ErrorMsg (inferred)."""
    base = found_base(call)
    type = call.params["FileName"].rpartition(".")[2].lower()
    upload = uploaded(call)
    if upload is None:
        return told("there is no object with a table of labels: upload it first")
    rows, problem = table_rows(upload.content, type, call.params["FileName"])
    if problem:
        return told(problem)
    wanted: dict[str, list[tuple[str, list[str]]]] = {}
    for name, label, similar in ((row + [""] * 3)[:3] for row in rows):
        if name and label:
            wanted.setdefault(name, []).append((label, similar.splitlines()))
    known = {attribute.name for attribute in call.account.labels.of(base).values()}
    for name in wanted:
        if name in known:
            return told(f"there is an attribute label {name} already")
    for name, labels in wanted.items():
        call.account.labels.create(base, name, "", labels, call.now)
    return told("" if wanted else "the table has no labels")


def told(problem: str) -> dict[str, Any]:
    return {"ErrorMsg": problem, "ErrorLink": "", "ErrorLinkText": ""}
