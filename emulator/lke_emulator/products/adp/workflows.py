"""Runs of an app's workflow in adp's members: the same ones as lke's."""

from collections.abc import Iterator
from typing import Any

from lke_emulator.account.call import Call
from lke_emulator.dialogues.run import NodeRun, Run
from lke_emulator.knowledge.refusals import invalid, no_such
from lke_emulator.knowledge.variables import DebugContext
from lke_emulator.products import action, prepares
from lke_emulator.products.adp.apps import found_app
from lke_emulator.products.adp.listing import filtered, paged_rows
from lke_emulator.products.lke.workflows import found_node
from lke_emulator.products.workflows import (
    PRODUCTION,
    TEST,
    begin,
    elapsed,
    found_run,
    prepared_run,
    resume,
    seen,
    stop,
)
from lke_emulator.protocol.errors import ApiError

ENVIRONMENTS = {1: TEST, 2: PRODUCTION}
"""Domain -> lke's RunEnv (documented)."""
DOMAINS = {env: domain for domain, env in ENVIRONMENTS.items()}


def environment_of(call: Call) -> int:
    domain = call.params["Domain"]
    if domain not in ENVIRONMENTS:
        raise invalid("Domain", f"must be 1 or 2, not {domain}")
    return ENVIRONMENTS[domain]


@action("adp.SaveWorkflowDebugContext")
def save_workflow_debug_context(call: Call) -> dict[str, Any]:
    """What the user's test runs find in the app's variables from now on, unless they say otherwise themselves."""
    app, params, variables = found_app(call), call.params, call.account.variables
    given = params.get("AppVariableValueList") or ()
    values = {
        variables.find(app.biz_id, each.get("VariableId", "")).id: each.get("VariableValue", "") for each in given
    }
    variables.debug(DebugContext(app.biz_id, params.get("SessionId", ""), params.get("UserId", ""), values))
    return {}


@prepares("adp.CreateWorkflowRun")
def prepare_run(call: Call) -> Iterator[None]:
    return prepared_run(call, call.params.get("AppId", ""), call.params.get("Domain", 1) - 1)


@action("adp.CreateWorkflowRun")
def begin_workflow_run(call: Call) -> dict[str, Any]:
    params = call.params
    named = {each.get("Name", ""): each.get("Value", "") for each in params.get("CustomVariableList") or ()}
    env = environment_of(call)
    run = begin(call, found_app(call), env, params.get("Query", ""), named, params.get("UserId", ""))
    return {"WorkflowRunId": run.id, "CreateTime": str(run.created)}


def run_summary(run: Run) -> dict[str, Any]:
    return {
        "Domain": DOMAINS[run.env],
        "WorkflowRunProfile": {
            "AppId": run.app,
            "WorkflowRunId": run.id,
            "WorkflowId": run.workflow_id,
            "Name": run.workflow_name,
        },
        "WorkflowRunResult": {"Status": run.state, "FailMessage": run.fail_message, "TotalTokens": run.tokens},
        "WorkflowRunTime": {
            "CreateTime": str(run.created),
            "StartTime": str(run.started),
            "EndTime": str(run.ended) if run.ended else "",
        },
    }


def node_run(run: Run, node: NodeRun) -> dict[str, Any]:
    return {
        "NodeRunId": node.id,
        "NodeId": node.node_id,
        "WorkflowRunId": run.id,
        "NodeName": node.node_name,
        "NodeType": node.node_type,
        "Status": node.state,
        "FailMessage": node.fail_message,
        "FailCode": node.fail_code,
        "TotalCostMs": elapsed(node),
        "TotalTokens": node.input_tokens + node.output_tokens,
    }


def latest_message(run: Run) -> dict[str, Any]:
    return {"ContentList": [{"Type": "text", "Text": run.output, "OptionCardList": []}]}


@action("adp.DescribeWorkflowRun")
def tell_workflow_run(call: Call) -> dict[str, Any]:
    run, nodes = seen(found_run(call, found_app(call), call.params["WorkflowRunId"]), call.now)
    return {
        "WorkflowRun": {
            "WorkflowRunSummary": run_summary(run),
            "WorkflowRunOutput": {"Output": run.output, "LatestMessage": latest_message(run)},
            "WorkflowRunMetadata": {
                "Query": run.query,
                "MainModelName": run.model,
                "CustomVariableList": [{"Name": name, "Value": value} for name, value in run.variables.items()],
            },
        },
        "NodeRunList": [node_run(run, node) for node in nodes],
        "SubWorkflowNodePath": call.params.get("SubWorkflowNodePath", ""),
    }


MOST_RUNS = 200
"""PageSize (documented)."""


@action("adp.DescribeWorkflowRunSummaryList")
def describe_workflow_run_summary_list(call: Call) -> dict[str, Any]:
    """The newest first (inferred); pages count from 1 (documented)."""
    env = environment_of(call)
    rows = [seen(run, call.now).run for run in call.account.runs.of(found_app(call).biz_id) if run.env == env]
    known = {
        "Status": lambda run: run.state,
        "WorkflowRunId": lambda run: run.id,
        "WorkflowId": lambda run: run.workflow_id,
    }
    found = filtered(call, rows, known, {"Query": lambda run: f"{run.id} {run.query}"})
    page = paged_rows(call, found, first=1, most=MOST_RUNS)
    return {"TotalCount": len(found), "WorkflowRunSummaryList": [run_summary(run) for run in page]}


@action("adp.DescribeNodeRunDetail")
def describe_node_run_detail(call: Call) -> dict[str, Any]:
    run, node = found_node(call, "AppId")
    tokens = {"InputTokens": node.input_tokens, "OutputTokens": node.output_tokens}
    statistics = [
        {
            "ModelName": node.model,
            "FirstTokenCostMs": 0,
            "TotalCostMs": elapsed(node),
            "TotalTokens": sum(tokens.values()),
            **tokens,
        }
    ]
    return {
        "NodeRunDetail": {
            "NodeRun": node_run(run, node),
            "NodeRunContent": {"Input": node.input, "Output": node.output, "OriginalOutput": node.output},
            "NodeRunExecution": {
                "StartTime": str(node.started),
                "EndTime": str(node.ended) if node.ended else "",
            },
            "NodeRunLog": {"Log": node.fail_message, "LogRef": ""},
            "StatisticList": statistics if node.model else [],
        }
    }


@action("adp.StopWorkflowRunList")
def stop_workflow_run_list(call: Call) -> dict[str, Any]:
    app = found_app(call)
    stopped, kept = [], []
    for id in dict.fromkeys(call.params["WorkflowRunIdList"]):
        try:
            stop(call, found_run(call, app, id))
            stopped.append(id)
        except ApiError:
            kept.append(id)
    return {"SuccessIdList": stopped, "FailedIdList": kept}


@action("adp.ResumeWorkflowRun")
def resume_workflow_run(call: Call) -> dict[str, Any]:
    run = found_run(call, found_app(call), call.params["WorkflowRunId"])
    resume(call, run, call.params.get("Query", ""))
    return {}


@action("adp.DescribeNodeBatchRun")
def describe_node_batch_run(call: Call) -> dict[str, Any]:
    """No node here runs in batches."""
    found_run(call, found_app(call), call.params.get("WorkflowRunId", ""))
    raise no_such("batch of the node", call.params.get("NodeId", ""))


@action("adp.SaveWorkflowToolNodeOutput")
def save_workflow_tool_node_output(call: Call) -> dict[str, Any]:
    """No tool of a run here waits for a callback."""
    raise no_such("workflow node that waits for the callback token", call.params.get("CallbackToken", ""))
