"""The variables of an app in adp's members."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid, missing, no_such
from lke_emulator.knowledge.variables import SYSTEM_VARIABLES, TYPES, Variable
from lke_emulator.products import action
from lke_emulator.products.adp.apps import found_app
from lke_emulator.products.adp.listing import filtered, paged_rows

EVERY = -1
"""The module type that stands for all (documented)."""


def variable_of(call: Call, before: Variable) -> Variable:
    said = call.params.get("Variable")
    if not said:
        raise missing("Variable")
    number = said["Type"]
    if not 0 <= number < len(TYPES):
        raise invalid("Variable.Type", f"must be from 0 to {len(TYPES) - 1}, not {number}")
    return replace(
        before,
        name=said["Name"],
        description=said["Description"],
        type=TYPES[number],
        value=said["DefaultValue"],
        file_name=said["DefaultFileName"],
        module=said["ModuleType"],
        endpoints=endpoints_of(said, before),
        in_sandbox=said.get("EnableSandbox", before.in_sandbox),
    )


def endpoints_of(said: Mapping[str, Any], before: Variable) -> tuple[str, ...] | None:
    """EndpointList counts where EnableEndpoints says so (inferred from their names)."""
    if not said.get("EnableEndpoints", before.endpoints is not None):
        return None
    return tuple(said.get("EndpointList", before.endpoints or ()))


@action("adp.CreateVariable")
def create_variable(call: Call) -> dict[str, Any]:
    variable = variable_of(call, Variable(base=found_app(call).biz_id, id="", name=""))
    return {"VariableId": call.account.variables.create(variable).id}


@action("adp.ModifyVariable")
def modify_variable(call: Call) -> dict[str, Any]:
    said, variables = call.params.get("Variable") or {}, call.account.variables
    before = variables.find(found_app(call).biz_id, said.get("VariableId", ""))
    variables.change(variable_of(call, before))
    return {}


def found_variable(call: Call) -> Variable:
    variable = call.account.variables.find(found_app(call).biz_id, call.params["VariableId"])
    if call.params.get("ModuleType", EVERY) not in (EVERY, variable.module):
        raise no_such("variable", variable.id)
    return variable


@action("adp.DeleteVariable")
def delete_variable(call: Call) -> dict[str, Any]:
    call.account.variables.delete(found_variable(call))
    return {}


@action("adp.DescribeVariable")
def describe_variable(call: Call) -> dict[str, Any]:
    return {"Variable": variable_members(found_variable(call))}


def variable_members(variable: Variable) -> dict[str, Any]:
    return {
        "DefaultFileName": variable.file_name,
        "DefaultValue": variable.value,
        "Description": variable.description,
        "ModuleType": variable.module,
        "Name": variable.name,
        "Type": TYPES.index(variable.type),
        "VariableId": variable.id,
        "EnableEndpoints": variable.endpoints is not None,
        "EndpointList": list(variable.endpoints or ()),
        "EnableSandbox": variable.in_sandbox,
        "IsBuiltin": False,
    }


@action("adp.DescribeVariableList")
def describe_variable_list(call: Call) -> dict[str, Any]:
    app, params = found_app(call), call.params
    module, query = params.get("ModuleType", EVERY), params.get("Query", "").casefold()
    rows = [
        each
        for each in call.account.variables.of(app.biz_id).values()
        if module in (EVERY, each.module) and query in each.name.casefold()
    ]
    known = {"VariableIdList": lambda each: each.id, "VariableType": lambda each: TYPES.index(each.type)}
    found = filtered(call, rows, known)
    return {"TotalCount": len(found), "VariableList": [variable_members(each) for each in paged_rows(call, found)]}


@action("adp.DescribeSystemVariableList")
def describe_system_variable_list(call: Call) -> dict[str, Any]:
    found_app(call)
    return {"SystemVariableList": [{"Name": name, "Description": said} for name, said in SYSTEM_VARIABLES.items()]}
