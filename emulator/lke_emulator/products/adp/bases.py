"""Knowledge bases in adp's members: an app's own, which has the app's id, and shared ones."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.refusals import failed, invalid
from lke_emulator.knowledge.shared import OFFICIAL_ACCOUNT, ORDINARY, Base
from lke_emulator.primitives.refused import Refused
from lke_emulator.products import action
from lke_emulator.products.adp.apps import check_space
from lke_emulator.products.adp.listing import filtered, masked, paged_rows, person, plain, unix_text
from lke_emulator.products.lke.bases import found_base

OWN, SHARED = 1, 2
"""KbType (documented)."""
RESTORE = 1
"""Action of ExtendFields (documented)."""
PERMISSION = {"CanDelete": True, "CanEdit": True, "CanShare": True, "CanView": True}


class Kb(NamedTuple):
    """A knowledge base with whose it is: an app's own, or a shared one."""

    id: str
    of: App | Base

    @property
    def shared(self) -> Base | None:
        return self.of if isinstance(self.of, Base) else None

    @property
    def type(self) -> int:
        return SHARED if self.shared else OWN

    @property
    def sub_type(self) -> int:
        """1 ordinary, 2 official account; 0 for an app's own (documented)."""
        return self.shared.type + 1 if self.shared else 0

    @property
    def description(self) -> str:
        return self.of.description if isinstance(self.of, Base) else self.of.draft.description

    @property
    def people(self) -> tuple[str, str]:
        """The uins of who made it, and of who changed it last."""
        return (self.of.owner, self.of.editor) if isinstance(self.of, Base) else (self.of.creator, self.of.updater)


def found_kb(call: Call, id: str) -> Kb:
    return Kb(id, call.account.apps.get(id) or call.account.shared.find(id))


@action("adp.CreateKB")
def create_kb(call: Call) -> dict[str, Any]:
    """A shared one; an app's own comes with the app."""
    params, space = call.params, check_space(call)
    if params["KbType"] != SHARED:
        raise invalid("KbType", f"must be 2: an app's own knowledge base comes with the app, not {params['KbType']}")
    sub_type = params.get("SharedSubType", 0) or 1
    if sub_type not in (1, 2):
        raise invalid("SharedSubType", f"must be 1 or 2, not {sub_type}")
    base = Base(
        id="",
        name="",
        type=ORDINARY if sub_type == 1 else OFFICIAL_ACCOUNT,
        space=space,
        owner=call.caller,
        created=call.now,
        updated=call.now,
        editor=call.caller,
    )
    return {"KbId": call.account.shared.create(specified(base, params["Spec"]), call.now).id}


def specified(base: Base, spec: dict[str, Any]) -> Base:
    """The base with what a KBSpec says."""
    models, storage = spec.get("ModelConfig") or {}, spec.get("EsConfig") or {}
    return replace(
        base,
        name=spec.get("Name", base.name),
        description=spec.get("Description", base.description),
        embedding_model=models.get("EmbeddingModel") or base.embedding_model,
        qa_model=models.get("QaExtractModel") or base.qa_model,
        owner=spec.get("OwnerId") or base.owner,
        schema_model=models.get("SchemaModel") or base.schema_model,
        storage=storage.get("StorageType", base.storage),
        instance=storage.get("InstanceId", base.instance),
        user_name=storage.get("UserName", base.user_name),
    )


MEMBERS = {
    "name": "Name",
    "description": "Description",
    "modelconfig": "ModelConfig",
    "esconfig": "EsConfig",
    "ownerid": "OwnerId",
}
"""Paths of ModifyKB's mask, which come in either spelling (documented in snake case)."""


@action("adp.ModifyKB")
def modify_kb(call: Call) -> dict[str, Any]:
    params, account = call.params, call.account
    kb = found_kb(call, params["KbId"])
    spec, restores = {}, False
    for path in masked(call):
        form = plain(path.removeprefix("Spec.").removeprefix("spec."))
        if form == "extendfields":
            restores = (params.get("ExtendFields") or {}).get("Action") == RESTORE
        elif form not in MEMBERS:
            raise invalid("UpdateMask.Paths", f"must be one of {', '.join(MEMBERS.values())}, not {path}")
        else:
            spec[MEMBERS[form]] = params["Spec"].get(MEMBERS[form], "")
    if spec:
        if kb.shared is None:
            raise failed(f"the knowledge base {kb.id} is the app's own and is changed with the app")
        account.shared.change(replace(specified(kb.shared, spec), updated=call.now, editor=call.caller))
    if restores:
        try:
            account.billing.resources.restore_knowledge(call.now)
        except Refused as refused:
            raise failed(str(refused)) from None
    return {}


@action("adp.DeleteKB")
def delete_kb(call: Call) -> dict[str, Any]:
    """A refusal while apps use it (inferred)."""
    kb, account = found_kb(call, call.params["KbId"]), call.account
    users = account.shared.users(kb.id)
    if kb.shared is None or users:
        why = f"is used by the app {users[0]}" if users else "is the app's own and goes with it"
        raise failed(f"the knowledge base {kb.id} {why}")
    account.forget(kb.id)
    return {}


@action("adp.DescribeKB")
def describe_kb(call: Call) -> dict[str, Any]:
    kb, account = found_kb(call, call.params["KbId"]), call.account
    used, total = account.knowledge.used, account.billing.resources.capacity(call.now).total
    base = kb.shared
    return {
        "AppIdList": account.shared.users(kb.id) if base else [kb.id],
        "CapacityInfo": {
            "MaxCharSize": str(total),
            "UsedCharSize": str(used.get(kb.id, 0)),
            "OverCharSize": str(max(0, sum(used.values()) - total)),
        },
        "EsConfig": es_config(base) if base else None,
        "ModelConfig": model_config(base) if base else None,
        "Owner": person(call, kb.people[0]),
        "Summary": kb_summary(kb, call),
    }


def es_config(base: Base) -> dict[str, Any]:
    return {
        "StorageType": base.storage,
        "InstanceId": base.instance,
        "UserName": base.user_name,
        "EncryptedPassword": "",
        "CanModify": True,
    }


def model_config(base: Base) -> dict[str, Any]:
    return {
        "EmbeddingModel": base.embedding_model,
        "QaExtractModel": base.qa_model,
        "SchemaModel": base.schema_model,
    }


def kb_summary(kb: Kb, call: Call) -> dict[str, Any]:
    account = call.account
    users = [account.apps.find(each) for each in account.shared.users(kb.id)]
    creator, editor = kb.people
    return {
        "KbId": kb.id,
        "Name": kb.of.name,
        "Description": kb.description,
        "KbType": kb.type,
        "SharedSubType": kb.sub_type,
        "DocCount": len(account.documents.of(kb.id)),
        "IsExceeded": account.knowledge.isolates(kb.id),
        "CreateTime": unix_text(kb.of.created),
        "UpdateTime": unix_text(kb.of.updated),
        "ProcessingFlagList": [],
        "AppList": [{"Id": each.biz_id, "StrId": each.biz_id, "Name": each.name} for each in users],
        "Creator": person(call, creator),
        "LatestOperator": person(call, editor),
        "Permission": PERMISSION,
    }


@action("adp.DescribeKBSummaryList")
def describe_kb_summary_list(call: Call) -> dict[str, Any]:
    """The apps' own and the shared ones of a space, the newest first (inferred)."""
    space, query = check_space(call), call.params.get("Query", "").casefold()
    kbs = [Kb(app.biz_id, app) for app in call.account.apps] + [Kb(base.id, base) for base in call.account.shared]
    rows = [kb for kb in reversed(kbs) if kb.of.space == space and query in kb.of.name.casefold()]
    known = {"KbType": lambda kb: kb.type, "KbId": lambda kb: kb.id, "SharedSubType": lambda kb: kb.sub_type}
    found = filtered(call, rows, known)
    return {"KbList": [kb_summary(kb, call) for kb in paged_rows(call, found)], "TotalCount": len(found)}


def kb_id(call: Call) -> str:
    """The base that a request names."""
    return found_base(call, "KbId")
