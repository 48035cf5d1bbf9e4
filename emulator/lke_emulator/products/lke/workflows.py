"""Runs of an app's workflow in lke's members."""

from collections.abc import Iterator
from typing import Any

import msgspec

from lke_emulator.account.call import Call
from lke_emulator.dialogues.run import NodeRun, Run
from lke_emulator.knowledge.refusals import invalid, no_such
from lke_emulator.products import action, prepares
from lke_emulator.products.lke.apps import found_app
from lke_emulator.products.lke.paging import paged
from lke_emulator.products.workflows import PRODUCTION, TEST, begin, elapsed, found_run, prepared_run, seen, stop


def environment(call: Call) -> int:
    env: int = call.params.get("RunEnv", TEST)
    if env not in (TEST, PRODUCTION):
        raise invalid("RunEnv", f"must be 0 or 1, not {env}")
    return env


@prepares("lke.CreateWorkflowRun")
def prepare_workflow_run(call: Call) -> Iterator[None]:
    return prepared_run(call, call.params.get("AppBizId", ""), call.params.get("RunEnv", 0))


@action("lke.CreateWorkflowRun")
def create_workflow_run(call: Call) -> dict[str, Any]:
    app, params, env = found_app(call), call.params, environment(call)
    variables = params.get("CustomVariables") or []
    named = {each.get("Name", ""): each.get("Value", "") for each in variables}
    run = begin(call, app, env, params.get("Query", ""), named, params.get("VisitorId", ""))
    return {
        "AppBizId": app.biz_id,
        "WorkflowRunId": run.id,
        "RunEnv": env,
        "Query": run.query,
        "CustomVariables": variables,
        "CreateTime": str(run.created),
    }


def run_base(run: Run) -> dict[str, Any]:
    return {
        "RunEnv": run.env,
        "AppBizId": run.app,
        "WorkflowRunId": run.id,
        "WorkflowId": run.workflow_id,
        "Name": run.workflow_name,
        "State": run.state,
        "FailMessage": run.fail_message,
        "TotalTokens": run.tokens,
        "CreateTime": str(run.created),
        "StartTime": str(run.started),
        "EndTime": str(run.ended) if run.ended else "",
    }


def node_base(run: Run, node: NodeRun) -> dict[str, Any]:
    return {
        "NodeRunId": node.id,
        "NodeId": node.node_id,
        "WorkflowRunId": run.id,
        "NodeName": node.node_name,
        "NodeType": node.node_type,
        "State": node.state,
        "FailCode": node.fail_code,
        "FailMessage": node.fail_message,
        "CostMilliseconds": elapsed(node),
        "TotalTokens": node.input_tokens + node.output_tokens,
    }


@action("lke.DescribeWorkflowRun")
def describe_workflow_run(call: Call) -> dict[str, Any]:
    run, nodes = seen(found_run(call, found_app(call), call.params["WorkflowRunId"]), call.now)
    graph = [{"NodeID": node.node_id, "NodeName": node.node_name, "NodeType": node.node_type} for node in run.nodes]
    return {
        "WorkflowRun": {
            **run_base(run),
            "Output": run.output,
            "Query": run.query,
            "MainModelName": run.model,
            "CustomVariables": [{"Name": name, "Value": value} for name, value in run.variables.items()],
            "WorkflowGraph": msgspec.json.encode(graph).decode() if call.params.get("IncludeWorkflowGraph") else "",
        },
        "NodeRuns": [node_base(run, node) for node in nodes],
        "SubWorkflowNodePath": call.params.get("SubWorkflowNodePath", ""),
    }


@action("lke.ListWorkflowRuns")
def list_workflow_runs(call: Call) -> dict[str, Any]:
    """The newest first (inferred). Query looks at ids and questions (by example)."""
    app, query = found_app(call), call.params.get("Query", "")
    env = environment(call) if "RunEnv" in call.params else None
    rows = [
        run
        for run in call.account.runs.of(app.biz_id)
        if env in (None, run.env) and (query in run.id or query in run.query)
    ]
    page = paged(call, rows, number="Page")
    return {"Total": len(rows), "WorkflowRuns": [run_base(seen(run, call.now).run) for run in page]}


@action("lke.StopWorkflowRun")
def stop_workflow_run(call: Call) -> dict[str, Any]:
    stop(call, found_run(call, found_app(call), call.params["WorkflowRunId"]))
    return {}


@action("lke.DescribeNodeRun")
def describe_node_run(call: Call) -> dict[str, Any]:
    run, node = found_node(call)
    return {
        "NodeRun": {
            **node_base(run, node),
            "Input": node.input,
            "Output": node.output,
            "TaskOutput": node.output,
            "StartTime": str(node.started),
            "EndTime": str(node.ended) if node.ended else "",
            "StatisticInfos": [statistic(node)] if node.model else [],
        }
    }


def found_node(call: Call, app: str = "AppBizId") -> tuple[Run, NodeRun]:
    """A node's run as it is now, and the run that it belongs to."""
    wanted, id = found_app(call, app).biz_id, call.params["NodeRunId"]
    known = call.account.runs.node(id)
    if known is not None and known[0].app == wanted:
        run, nodes = seen(known[0], call.now)
        for node in nodes:
            if node.id == id:
                return run, node
    raise no_such("node run", id)


def statistic(node: NodeRun) -> dict[str, Any]:
    return {
        "ModelName": node.model,
        "FirstTokenCost": 0,
        "TotalCost": elapsed(node),
        "InputTokens": node.input_tokens,
        "OutputTokens": node.output_tokens,
        "TotalTokens": node.input_tokens + node.output_tokens,
    }


@action("lke.CallbackWorkflowToolNode")
def callback_workflow_tool_node(call: Call) -> dict[str, Any]:
    """No tool of a run here waits for a callback, so that there is no token to give one with."""
    raise no_such("workflow node that waits for the callback token", call.params["CallbackToken"])
