"""Shared knowledge bases, and which apps refer to them."""

from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import failed, invalid
from lke_emulator.knowledge.shared import EMBEDDING_MODEL, OFFICIAL_ACCOUNT, ORDINARY, Base
from lke_emulator.products import action
from lke_emulator.products.lke.apps import default_space, found_app
from lke_emulator.products.lke.paging import paged

PERMISSIONS = ["adpKnowledgeEdit", "adpKnowledgeView"]
STORAGE = (0, 1, 2)
"""StorageType (documented)."""


@action("lke.CreateSharedKnowledge")
def create_shared_knowledge(call: Call) -> dict[str, Any]:
    params = call.params
    type = params.get("KnowledgeType", ORDINARY)
    if type not in (ORDINARY, OFFICIAL_ACCOUNT):
        raise invalid("KnowledgeType", f"must be 0 or 1, not {type}")
    storage = (params.get("EsConfig") or {}).get("StorageType", 1)
    if storage not in STORAGE:
        raise invalid("EsConfig.StorageType", f"must be 0, 1 or 2, not {storage}")
    base = Base(
        id="",
        name=params["KnowledgeName"],
        description=params.get("KnowledgeDescription", ""),
        type=type,
        space=default_space(call),
        embedding_model=params.get("EmbeddingModel") or EMBEDDING_MODEL,
        owner=call.caller,
        storage=storage,
        created=call.now,
        updated=call.now,
        editor=call.caller,
    )
    return {"KnowledgeBizId": call.account.shared.create(base, call.now).id}


@action("lke.DescribeSharedKnowledge")
def describe_shared_knowledge(call: Call) -> dict[str, Any]:
    return {"Info": info(call.account.shared.find(call.params["KnowledgeBizId"]), call)}


def info(base: Base, call: Call) -> dict[str, Any]:
    account = call.account
    users = [account.apps.find(app) for app in account.shared.users(base.id)]
    return {
        "Knowledge": base_info(base, call),
        "AppList": [{"AppBizId": app.biz_id, "AppName": app.name} for app in users],
        "User": {"UserBizId": base.owner, "UserName": account.name_of(base.owner)},
        "PermissionIds": PERMISSIONS,
    }


def base_info(base: Base, call: Call) -> dict[str, Any]:
    return {
        "KnowledgeBizId": base.id,
        "KnowledgeName": base.name,
        "KnowledgeDescription": base.description,
        "EmbeddingModel": base.embedding_model,
        "QaExtractModel": base.qa_model,
        "UpdateTime": str(int(base.updated)),
        "KnowledgeType": base.type,
        "OwnerStaffId": base.owner,
        "DocTotal": len(call.account.documents.of(base.id)),
        "ProcessingFlags": [],
        "OwnerStaffName": call.account.name_of(base.owner),
    }


@action("lke.ListSharedKnowledge")
def list_shared_knowledge(call: Call) -> dict[str, Any]:
    """The newest first (inferred)."""
    word, types = call.params.get("Keyword", "").casefold(), call.params.get("KnowledgeTypes", ())
    rows = [
        base
        for base in reversed(list(call.account.shared))
        if (word in base.name.casefold() or word in base.description.casefold()) and (not types or base.type in types)
    ]
    return {"Total": len(rows), "KnowledgeList": [info(base, call) for base in paged(call, rows)]}


@action("lke.UpdateSharedKnowledge")
def update_shared_knowledge(call: Call) -> dict[str, Any]:
    base, given = call.account.shared.find(call.params["KnowledgeBizId"]), call.params.get("Info") or {}
    call.account.shared.change(
        replace(
            base,
            name=given.get("KnowledgeName", base.name),
            description=given.get("KnowledgeDescription", base.description),
            embedding_model=given.get("EmbeddingModel") or base.embedding_model,
            qa_model=given.get("QaExtractModel") or base.qa_model,
            owner=given.get("OwnerStaffId") or base.owner,
            updated=call.now,
            editor=call.caller,
        )
    )
    return {"KnowledgeBizId": base.id}


@action("lke.DeleteSharedKnowledge")
def delete_shared_knowledge(call: Call) -> dict[str, Any]:
    """A refusal while apps refer to it (inferred)."""
    base, account = call.account.shared.find(call.params["KnowledgeBizId"]), call.account
    users = account.shared.users(base.id)
    if users:
        raise failed(
            f"the shared knowledge base {base.id} is used by the app {users[0]}: take the reference back first"
        )
    account.forget(base.id)
    return {"KnowledgeBizId": base.id}


@action("lke.ReferShareKnowledge")
def refer_share_knowledge(call: Call) -> dict[str, Any]:
    """These and no others (documented)."""
    call.account.shared.refer(found_app(call).biz_id, call.params["KnowledgeBizId"])
    return {}


@action("lke.ListReferShareKnowledge")
def list_refer_share_knowledge(call: Call) -> dict[str, Any]:
    shared = call.account.shared
    rows = [base_info(shared.find(id), call) for id in shared.of(found_app(call).biz_id)]
    return {"List": rows, "Total": len(rows)}
