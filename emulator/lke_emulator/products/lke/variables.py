"""The variables of an app."""

from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid, no_such
from lke_emulator.knowledge.variables import API, SYSTEM_VARIABLES, TYPES, Variable
from lke_emulator.products import action
from lke_emulator.products.lke.apps import found_app
from lke_emulator.products.lke.paging import MOST

PER_PAGE = 15
"""Documented default."""
NO_DESCRIPTION = "-"
"""Documented."""


@action("lke.CreateVar")
def create_var(call: Call) -> dict[str, Any]:
    app, params = found_app(call), call.params
    made = call.account.variables.create(
        Variable(
            base=app.biz_id,
            id="",
            name=params["VarName"],
            description=params.get("VarDesc", ""),
            type=params.get("VarType") or TYPES[0],
            value=params.get("VarDefaultValue", ""),
            file_name=params.get("VarDefaultFileName", ""),
            module=params.get("VarModuleType", API),
        )
    )
    return {"VarId": made.id}


def found_variable(call: Call) -> Variable:
    variable = call.account.variables.find(found_app(call).biz_id, call.params["VarId"])
    if call.params.get("VarModuleType", variable.module) != variable.module:
        raise no_such("variable", variable.id)
    return variable


@action("lke.UpdateVar")
def update_var(call: Call) -> dict[str, Any]:
    """What the request leaves out stays as it was."""
    variable, params = found_variable(call), call.params
    call.account.variables.change(
        replace(
            variable,
            name=params["VarName"],
            description=params.get("VarDesc", variable.description),
            type=params.get("VarType") or variable.type,
            value=params.get("VarDefaultValue", variable.value),
            file_name=params.get("VarDefaultFileName", variable.file_name),
        )
    )
    return {"VarId": variable.id}


@action("lke.DeleteVar")
def delete_var(call: Call) -> dict[str, Any]:
    call.account.variables.delete(found_variable(call))
    return {}


@action("lke.GetVarList")
def get_var_list(call: Call) -> dict[str, Any]:
    """The oldest first; with NeedInternalVar the built-in ones come before them (documented)."""
    app, params = found_app(call), call.params
    offset, limit = params.get("Offset", 0), params.get("Limit", PER_PAGE)
    if not 1 <= limit <= MOST:
        raise invalid("Limit", f"must be from 1 to {MOST}, not {limit}")
    rows = list(call.account.variables.of(app.biz_id).values())
    if params.get("NeedInternalVar"):
        rows = [
            *[
                Variable(base=app.biz_id, id=name, name=name, description=said)
                for name, said in SYSTEM_VARIABLES.items()
            ],
            *rows,
        ]
    ids, type, word = params.get("VarIds", ()), params.get("VarType", ""), params.get("Keyword", "").casefold()
    if type and type not in TYPES:
        raise invalid("VarType", f"must be one of {', '.join(TYPES)}, not {type}")
    module = params.get("VarModuleType")
    found = [
        each
        for each in rows
        if (not ids or each.id in ids)
        and type in ("", each.type)
        and word in each.name.casefold()
        and module in (None, each.module)
    ]
    return {"Total": len(found), "List": [var_row(each) for each in found[offset : offset + limit]]}


def var_row(variable: Variable) -> dict[str, Any]:
    return {
        "VarId": variable.id,
        "VarName": variable.name,
        "VarDesc": variable.description or NO_DESCRIPTION,
        "VarType": variable.type,
        "VarDefaultValue": variable.value,
        "VarDefaultFileName": variable.file_name,
        "VarModuleType": variable.module,
    }
