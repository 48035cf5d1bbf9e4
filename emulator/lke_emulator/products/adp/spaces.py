"""Workspaces, accounts and models: what else an app belongs to."""

from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.account.records import Model, Space
from lke_emulator.knowledge.refusals import check_length, failed, invalid
from lke_emulator.models.catalogue import is_reasoning
from lke_emulator.products import action
from lke_emulator.products.adp.apps import check_space
from lke_emulator.products.adp.listing import filtered, masked, paged_rows
from lke_emulator.products.lke.models import INPUT_LENGTH, ROLE_LENGTH, spendable

NAME_LENGTH, DESCRIPTION_LENGTH = 30, 150
"""Characters (documented)."""
PERMISSIONS = ["adpSpace.DeleteSpace", "adpSpace.ModifySpace"]
"""Documented by example."""
MODELS_PER_PAGE = 20
"""Documented."""
AVAILABLE, EXHAUSTED = 1, 2
"""ResourceStatus (documented)."""
PROVIDER = {"Name": "Tencent", "Alias": "Tencent", "ProviderType": 1}


@action("adp.CreateSpace")
def create_space(call: Call) -> dict[str, Any]:
    name = checked_name(call, call.params.get("Name", ""))
    description = call.params.get("Description", "")
    check_length("Description", description, DESCRIPTION_LENGTH, least=0)
    id = call.account.ids.word(8)
    call.account.spaces[id] = Space(id, name, description)
    return {"SpaceId": id}


def checked_name(call: Call, name: str, own: str = "") -> str:
    check_length("Name", name, NAME_LENGTH)
    if any(each.name == name and each.id != own for each in call.account.spaces.values()):
        raise failed(f"there is a space {name} already")
    return name


@action("adp.ModifySpace")
def modify_space(call: Call) -> dict[str, Any]:
    """The mask names Name and Description (documented); without one what is given is written (inferred)."""
    params, spaces = call.params, call.account.spaces
    space = spaces[check_space(call)]
    paths = masked(call, "FieldMask") or [name for name in ("Name", "Description") if name in params]
    for path in paths:
        if path == "Name":
            space = replace(space, name=checked_name(call, params.get("Name", ""), space.id))
        elif path == "Description":
            check_length("Description", params.get("Description", ""), DESCRIPTION_LENGTH, least=0)
            space = replace(space, description=params.get("Description", ""))
        else:
            raise invalid("FieldMask.Paths", f"must be Name or Description, not {path}")
    spaces[space.id] = space
    return {}


@action("adp.DeleteSpace")
def delete_space(call: Call) -> dict[str, Any]:
    """A refusal while there are apps in it (inferred)."""
    id, account = check_space(call), call.account
    app = next((app for app in account.apps if app.space == id), None)
    if app is not None:
        raise failed(f"the space {id} has the app {app.biz_id}: delete it first")
    for base in [base for base in account.shared if base.space == id]:
        account.forget(base.id)
    account.belongings.forget(id)
    del account.spaces[id]
    return {}


@action("adp.DescribeSpaceList")
def describe_space_list(call: Call) -> dict[str, Any]:
    query = call.params.get("Query", "").casefold()
    rows = [
        {"SpaceId": each.id, "Name": each.name, "Description": each.description, "PermissionIdList": PERMISSIONS}
        for each in call.account.spaces.values()
        if query in each.name.casefold()
    ]
    return {"TotalCount": str(len(rows)), "SpaceList": rows}


@action("adp.DescribeAccountList")
def describe_account_list(call: Call) -> dict[str, Any]:
    """The root account, then its sub-accounts; all of them are in every space."""
    account = call.account
    people = [
        (account.uin, account.name_of(account.uin)),
        *[(each.uin, each.name) for each in account.sub_accounts.values()],
    ]
    everywhere = frozenset(account.spaces)
    found = filtered(call, people, {"SpaceId": lambda each: everywhere}, {"NickName": lambda each: each[1]})
    rows = [{"AccountUin": uin, "NickName": name, "Avatar": ""} for uin, name in paged_rows(call, found)]
    return {"TotalCount": str(len(found)), "AccountList": rows}


@action("adp.DescribeModelList")
def describe_model_list(call: Call) -> dict[str, Any]:
    """The account's models; those that think are for thinking (scenes 2 and 3), the others are not."""
    params = call.params
    if params.get("SpaceId"):
        check_space(call)
    query, scene = params.get("Query", "").casefold(), params["ModelScene"]
    rows = [
        model
        for model in call.account.models.values()
        if query in model.name.casefold() or query in model.display_name.casefold()
    ]
    if scene == 2:
        rows = [model for model in rows if is_reasoning(model.name)]
    known = {
        "DeveloperName": lambda model: PROVIDER["Name"],
        "ProviderName": lambda model: PROVIDER["Name"],
        "ProviderType": lambda model: frozenset(("1", "Self")),
    }
    found = filtered(call, rows, known)
    page = paged_rows(call, found, default=MODELS_PER_PAGE)
    return {"ModelList": [model_row(model, call) for model in page], "TotalCount": len(found)}


def model_row(model: Model, call: Call) -> dict[str, Any]:
    places = call.account.concurrency.quota(model.name, call.now) or 0
    return {
        "ModelBasic": {"ModelId": model.name, "Name": model.display_name, "ModelType": 1},
        "DeveloperInfo": {"Name": PROVIDER["Name"], "Alias": PROVIDER["Alias"]},
        "ProviderInfo": PROVIDER,
        "LimitInfo": {"InputLengthLimit": INPUT_LENGTH, "PromptLengthLimit": ROLE_LENGTH},
        "StatusInfo": {
            "Concurrency": places,
            "IsExclusive": places > 0,
            "ResourceStatus": AVAILABLE if spendable(call, model.name) else EXHAUSTED,
        },
        "TagList": ["深度思考"] if is_reasoning(model.name) else ["文本推理"],
    }
