"""The categories of documents and of Q&A in adp's members."""

from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.categories import ROOT, Branch, Kind, found_by_name, unsorted
from lke_emulator.knowledge.refusals import invalid
from lke_emulator.products import action
from lke_emulator.products.adp.bases import kb_id
from lke_emulator.products.adp.listing import masked, paged_rows
from lke_emulator.products.lke.categories import branch

KINDS: dict[int, Kind] = {1: "doc", 2: "qa"}
"""CategoryType (documented)."""


def kind_of(number: int) -> Kind:
    if number not in KINDS:
        raise invalid("CategoryType", f"must be 1 or 2, not {number}")
    return KINDS[number]


@action("adp.CreateCategory")
def create_category(call: Call) -> dict[str, Any]:
    params = call.params
    kind, parent = kind_of(params["CategoryType"]), params.get("ParentCategoryId", "") or ROOT
    return {"CategoryId": call.account.categories.create(kb_id(call), kind, parent, params["Name"], call.now).id}


@action("adp.ModifyCategory")
def modify_category(call: Call) -> dict[str, Any]:
    params, base = call.params, kb_id(call)
    kind, paths = kind_of(params["CategoryType"]), masked(call)
    for path in paths:
        if path != "Name":
            raise invalid("UpdateMask.Paths", f"must be Name, not {path}")
    if paths:
        call.account.categories.rename(base, kind, params["CategoryId"], params["Fields"].get("Name", ""))
    else:
        call.account.categories.find(base, kind, params["CategoryId"])
    return {}


@action("adp.DeleteCategory")
def delete_category(call: Call) -> dict[str, Any]:
    base, kind, account = kb_id(call), kind_of(call.params["CategoryType"]), call.account
    gone = account.categories.delete(base, kind, call.params["CategoryId"])
    items = account.documents if kind == "doc" else account.qas
    items.regroup(base, gone, unsorted(base, kind))
    return {}


@action("adp.DescribeCategoryList")
def describe_category_list(call: Call) -> dict[str, Any]:
    """What is right under ParentCategoryId, or at the top, with everything under it; a Query finds at any depth."""
    base, account = kb_id(call), call.account
    wanted = {each.get("Name"): each.get("ValueList") or [""] for each in call.params.get("FilterList") or ()}
    unknown = set(wanted) - {"CategoryType", "ParentCategoryId"}
    if unknown:
        raise invalid("FilterList.0.Name", f"must be CategoryType or ParentCategoryId, not {min(map(str, unknown))}")
    number = wanted.get("CategoryType", ["1"])[0]
    kind = kind_of(int(number) if number.isdecimal() else 0)
    placed = account.documents.placed(base) if kind == "doc" else account.qas.placed(base, call.now)
    tree = account.categories.tree(base, kind, placed)
    parent = branch(tree, wanted.get("ParentCategoryId", [ROOT])[0] or ROOT)
    query = call.params.get("Query", "")
    rows = list(found_by_name(parent.children, query)) if query else parent.children
    return {"CategoryList": [category(each) for each in paged_rows(call, rows)], "TotalCount": len(rows)}


def category(branch: Branch) -> dict[str, Any]:
    return {
        "CanAdd": branch.can_add,
        "CanDelete": branch.can_change,
        "CanEdit": branch.can_change,
        "CategoryId": branch.id,
        "ChildList": [category(each) for each in branch.children],
        "IsLeaf": not branch.children,
        "ItemCount": branch.total,
        "Name": branch.name,
    }
