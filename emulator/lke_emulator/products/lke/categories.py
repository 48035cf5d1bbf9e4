"""The categories of documents and of Q&A: the actions of the two differ in their names alone."""

from functools import partial
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.knowledge.categories import ROOT, Branch, Kind, found_by_name, unsorted
from lke_emulator.knowledge.refusals import invalid, no_such
from lke_emulator.products import action
from lke_emulator.products.lke.bases import found_base
from lke_emulator.products.lke.paging import paged

TREE, CHILDREN, KEYWORD = 0, 1, 2
"""QueryType (documented)."""
PER_PAGE = 10
"""Documented default."""


def create(kind: Kind, call: Call) -> dict[str, Any]:
    base, params = found_base(call), call.params
    category = call.account.categories.create(base, kind, params["ParentBizId"], params["Name"], call.now)
    return {"CanAdd": True, "CanEdit": True, "CanDelete": True, "CateBizId": category.id}


def rename(kind: Kind, call: Call) -> dict[str, Any]:
    call.account.categories.rename(found_base(call), kind, call.params["CateBizId"], call.params["Name"])
    return {}


def delete(kind: Kind, call: Call) -> dict[str, Any]:
    """What was in it, and in those under it, is in no category then (inferred)."""
    base, account = found_base(call), call.account
    gone = account.categories.delete(base, kind, call.params["CateBizId"])
    items = account.documents if kind == "doc" else account.qas
    items.regroup(base, gone, unsorted(base, kind))
    return {}


def list_all(kind: Kind, call: Call) -> dict[str, Any]:
    """The whole tree, a page of the children of one category, or what has a keyword in its name."""
    params = call.params
    query_type = params.get("QueryType", TREE)
    tree = grown(kind, call)
    if query_type == TREE:
        return {"List": [cate_info(tree)]}
    if query_type == CHILDREN:
        parent = branch(tree, params.get("ParentCateBizId") or ROOT)
        return {"List": [cate_info(each, deep=False) for each in paged(call, parent.children, default=PER_PAGE)]}
    if query_type == KEYWORD:
        found = list(found_by_name(tree.children, params.get("Query", "")))
        return {"List": [cate_info(each, deep=False) for each in paged(call, found, default=PER_PAGE)]}
    raise invalid("QueryType", f"must be 0, 1 or 2, not {query_type}")


def grown(kind: Kind, call: Call) -> Branch:
    base, account = found_base(call), call.account
    placed = account.documents.placed(base) if kind == "doc" else account.qas.placed(base, call.now)
    return account.categories.tree(base, kind, placed)


def branch(tree: Branch, id: str) -> Branch:
    left = [tree]
    while left:
        found = left.pop()
        if found.id == id:
            return found
        left += found.children
    raise no_such("category", id)


def cate_info(branch: Branch, deep: bool = True) -> dict[str, Any]:
    return {
        "CateBizId": branch.id,
        "Name": branch.name,
        "Total": branch.total,
        "CanAdd": branch.can_add,
        "CanEdit": branch.can_change,
        "CanDelete": branch.can_change,
        "Children": [cate_info(each) for each in branch.children] if deep else [],
        "IsLeaf": not branch.children,
    }


ACTIONS = {
    "lke.CreateDocCate": partial(create, "doc"),
    "lke.CreateQACate": partial(create, "qa"),
    "lke.ModifyDocCate": partial(rename, "doc"),
    "lke.ModifyQACate": partial(rename, "qa"),
    "lke.DeleteDocCate": partial(delete, "doc"),
    "lke.DeleteQACate": partial(delete, "qa"),
    "lke.ListDocCate": partial(list_all, "doc"),
    "lke.ListQACate": partial(list_all, "qa"),
}
for name, handler in ACTIONS.items():
    action(name)(handler)
