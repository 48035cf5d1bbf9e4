"""Labels with their terms in adp's members: the same records as lke's attribute labels."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.labels import Attribute, Label
from lke_emulator.knowledge.refusals import invalid, missing
from lke_emulator.products import action
from lke_emulator.products.adp.bases import kb_id
from lke_emulator.products.adp.knowledge_members import each
from lke_emulator.products.adp.listing import MOST, PER_PAGE, at_once, filtered, masked, paged_rows
from lke_emulator.products.lke.labels import after, query_hits

MOST_LABELS = 1000
"""PageSize, as the documented example asks; the text beside it says 100."""

CREATE, UPDATE, DELETE = 1, 2, 3
"""ModifyAction (documented)."""
CHECKED = 100
"""Terms of one CheckLabel, at most (documented)."""


def term(label: Label) -> dict[str, Any]:
    return {"TermId": label.id, "Term": label.name, "SynonymList": list(label.similar)}


@action("adp.CreateLabel")
def create_label(call: Call) -> dict[str, Any]:
    terms = [(each.get("Term", ""), each.get("SynonymList") or []) for each in call.params.get("TermList") or ()]
    made = call.account.labels.create(kb_id(call), call.params["Name"], "", terms, call.now)
    return {"LabelId": made.id, "TermList": [term(label) for label in made.labels]}


def references(call: Call, base: str) -> Mapping[str, int]:
    """Attribute -> how many documents and Q&A refer to it."""
    account = call.account
    good = [each.validity for each in account.documents.of(base).values()]
    good += [each.validity for each in account.qas.of(base, call.now)]
    return Counter(attribute for validity in good for attribute in {ref.attribute for ref in validity.labels})


def label_summary(attribute: Attribute, terms: list[Label], counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "LabelId": attribute.id,
        "Name": attribute.name,
        "RefCount": counts[attribute.id],
        "TermList": [term(label) for label in terms],
        "TermTotalCount": len(attribute.labels),
    }


@action("adp.DescribeLabel")
def describe_label(call: Call) -> dict[str, Any]:
    """So many terms after LastTermId."""
    params = call.params
    attribute = call.account.labels.find(kb_id(call), params["LabelId"])
    limit = params.get("Limit", 0) or PER_PAGE
    if not 1 <= limit <= MOST:
        raise invalid("Limit", f"must be from 1 to {MOST}, not {limit}")
    query = params.get("Query", "").casefold()
    found = [label for label in attribute.labels if not query or query_hits(label, query, "all")]
    terms = after(found, params.get("LastTermId", ""))[:limit]
    return {"Summary": label_summary(attribute, terms, references(call, attribute.base))}


@action("adp.DescribeLabelSummaryList")
def describe_label_summary_list(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    base, query = kb_id(call), call.params.get("Query", "").casefold()
    rows = [
        each
        for each in reversed(list(call.account.labels.of(base).values()))
        if query in each.name.casefold() or any(query in label.name.casefold() for label in each.labels)
    ]
    found = filtered(call, rows, {"LabelId": lambda each: each.id}, {"Name": lambda each: each.name})
    counts = references(call, base)
    return {
        "LabelList": [
            label_summary(each, list(each.labels), counts) for each in paged_rows(call, found, most=MOST_LABELS)
        ],
        "TotalCount": len(found),
    }


@action("adp.ModifyLabel")
def modify_label(call: Call) -> dict[str, Any]:
    base, fields, paths, labels = kb_id(call), call.params["Fields"], masked(call), call.account.labels
    attribute = labels.find(base, call.params["LabelId"])
    name, changes, deleted = attribute.name, [], []
    for path in paths:
        if path == "Name":
            name = fields.get("Name", "")
        elif path == "TermModifyList":
            for change in fields.get("TermModifyList") or ():
                act, id = change["ModifyAction"], change.get("TermId", "")
                if act not in (CREATE, UPDATE, DELETE):
                    raise invalid("Fields.TermModifyList.ModifyAction", f"must be 1, 2 or 3, not {act}")
                if act != CREATE and not id:
                    raise missing("Fields.TermModifyList.TermId")
                if act == DELETE:
                    deleted.append(id)
                else:
                    words = change.get("SynonymList") or []
                    changes.append((id if act == UPDATE else "", change.get("Term", ""), words))
        else:
            raise invalid("UpdateMask.Paths", f"must be Name or TermModifyList, not {path}")
    changed = labels.modified(base, attribute.id, name, "", changes, deleted, call.now)
    labels.put(changed)
    return {"TermList": [term(label) for label in changed.labels]}


@action("adp.DeleteLabelList")
def delete_label_list(call: Call) -> dict[str, Any]:
    base, labels = kb_id(call), call.account.labels

    def act(id: str) -> str:
        labels.delete(labels.find(base, id))
        return id

    return {"ResultList": each(at_once(call, "LabelIdList"), act)}


@action("adp.CheckLabel")
def check_label(call: Call) -> dict[str, Any]:
    """Whether each term is free in the label."""
    base, id = kb_id(call), call.params.get("LabelId", "")
    taken: dict[str, str] = {}
    if id:
        for label in call.account.labels.find(base, id).labels:
            taken |= dict.fromkeys((label.name, *label.similar), label.id)
    rows = []
    for word in at_once(call, "TermList", CHECKED):
        reason = f"the term {word} is in this label already" if word in taken else "" if word else "a term is not empty"
        rows.append(
            {"CheckResult": {"Passed": not reason, "Reason": reason}, "Term": word, "TermId": taken.get(word, "")}
        )
    return {"CheckList": rows}
