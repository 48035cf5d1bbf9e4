"""Runs of an app's workflow that no dialogue began: both products begin, look at and stop the same ones.

What a run will be is known when it begins, and each node has its time: what has become of it is read from the clock.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import NamedTuple

from lke_emulator.account.bots import Shelves, bot_of
from lke_emulator.account.call import Call
from lke_emulator.billing.billing import Unserved
from lke_emulator.dialogues.answering import Answering
from lke_emulator.dialogues.flow import END, START, flow
from lke_emulator.dialogues.question import Question
from lke_emulator.dialogues.run import CANCELLED, FAILED, QUEUED, RUNNING, SUCCESS, NodeRun, Run
from lke_emulator.knowledge.apps import App
from lke_emulator.knowledge.refusals import failed, no_such
from lke_emulator.knowledge.work import DONE
from lke_emulator.usage.line import Line

TEST, PRODUCTION = 0, 1
"""RunEnv (documented)."""
CHAT = "KnowledgeQA"
CALL_TYPES = {TEST: "对话测试", PRODUCTION: "对话调用-API对话"}
"""As dialogues have them."""
RUN_ID_LENGTH = 12


class RunView(NamedTuple):
    """A run as it is at a moment; copies."""

    run: Run
    nodes: list[NodeRun]


def prepared_run(call: Call, app: str, env: int) -> Iterator[None]:
    """What the nodes of a run look up."""
    found = call.account.apps.get(app)
    if found is not None:
        yield from call.account.retrieval.prepare(found, call.now, released=env == PRODUCTION)


def begin(call: Call, app: App, env: int, query: str, variables: Mapping[str, str], visitor: str) -> Run:
    """FailedOperation for an app that is not in single-workflow mode, was not released, or that nothing pays for."""
    account, now = call.account, call.now
    live = account.releases.live(app.biz_id, now) if env == PRODUCTION else None
    if env == PRODUCTION and live is None:
        raise failed(f"the app {app.biz_id} was never released")
    configuration = live.configuration if live else app.draft
    if configuration.pattern != "single_workflow":
        raise failed(f"the app {app.biz_id} is not in single-workflow mode, but in {configuration.pattern}")
    bot = bot_of(account, app, configuration, env == TEST, now)
    if bot.workflow is None:
        raise failed(f"the app {app.biz_id} has no workflow")
    try:
        account.billing.admit(CHAT, bot.model, call.caller, now)
    except Unserved as unserved:
        raise failed(f"the model {bot.model} is not served: {unserved.reason}") from None
    debugged = account.variables.debugged(app.biz_id, visitor) if env == TEST else {}
    question = Question(text=query, variables={**debugged, **variables})
    shelves = Shelves(account, app, env == TEST, {}, now)
    rates = account.assumptions.tokens_per_1000_characters
    plan = flow(Answering(account, bot, shelves, question, rates), bot.workflow)
    nodes = [act.node for act in plan.acts if act.node is not None]
    if plan.run is None:
        raise failed(f"the app {app.biz_id} has no workflow")
    run = plan.run
    run.id = "wfr-" + account.ids.word(RUN_ID_LENGTH).lower()
    run.visitor = visitor
    schedule(call, run, nodes)
    account.runs.add(run)
    for node in run.nodes:
        if node.model and node.started:
            line = run_line(call, app, node.model, env)
            tokens = {"input": node.input_tokens, "output": node.output_tokens}
            account.billing.record(line, now, **tokens, id=run.id, visitor=run.visitor)
    return run


def schedule(call: Call, run: Run, nodes: list[NodeRun]) -> None:
    """Give every node its time, and the run its end; a failure that is meant for it strikes at its last node."""
    seconds = call.assumptions.workflow_node_s
    stages = [(node.id, 0.0 if node.node_type in (START, END) else seconds) for node in nodes]
    work = call.account.failures.begin("run", run.query, call.now, [("run", sum(length for _, length in stages))])
    at = run.created = run.started = int(call.now * 1000)
    for node, (_, length) in zip(nodes, stages, strict=True):
        node.id = f"nr-{node.id}"
        node.started, at = at, at + int(length * 1000)
        node.ended = 0 if node.state == RUNNING else at
    if work.outcome != DONE:
        nodes[-1].state, nodes[-1].fail_message, nodes[-1].output = FAILED, work.reason, "{}"
    run.nodes = nodes
    waits = any(node.state == RUNNING for node in nodes)
    broken = next((node for node in nodes if node.state == FAILED), None)
    run.state = RUNNING if waits else FAILED if broken else SUCCESS
    run.ended = 0 if waits else at
    run.fail_message = broken.fail_message if broken else ""
    run.output = "" if broken else "\n\n".join(node.reply for node in nodes if node.reply) or last_output(nodes)


def last_output(nodes: list[NodeRun]) -> str:
    return next((node.output for node in reversed(nodes) if node.output not in ("", "{}")), "")


def run_line(call: Call, app: App, model: str, env: int) -> Line:
    return Line(
        sub_account=call.caller,
        space=app.space,
        app=app.biz_id,
        app_name=app.name,
        app_type=app.type,
        model=model,
        sub_biz_type=CHAT,
        call_type=CALL_TYPES[env],
    )


def found_run(call: Call, app: App, id: str) -> Run:
    run = call.account.runs.find(id)
    if run is None or run.app != app.biz_id:
        raise no_such("workflow run", id)
    return run


def seen(run: Run, now: float) -> RunView:
    """What a run and its nodes have come to by now; a moment before it began counts as after its end."""
    moment = int(now * 1000)
    shown = deepcopy(run)
    if moment < run.created or not run.ended or run.ended <= moment:
        return RunView(shown, shown.nodes)
    shown.state, shown.output, shown.fail_message, shown.ended = RUNNING, "", "", 0
    nodes = [node for node in shown.nodes if node.started <= moment]
    for node in nodes:
        if node.ended > moment:
            node.state, node.output, node.reply, node.ended = RUNNING, "", "", 0
            node.input_tokens = node.output_tokens = 0
    shown.nodes = nodes
    return RunView(shown, nodes)


def stop(call: Call, run: Run) -> None:
    """FailedOperation for one that has ended."""
    shown = seen(run, call.now).run
    if shown.state not in (QUEUED, RUNNING):
        raise failed(f"the workflow run {run.id} has ended: its state is {shown.state}")
    moment = int(call.now * 1000)
    for node in shown.nodes:
        if node.state == RUNNING:
            node.state, node.ended = CANCELLED, moment
    shown.state, shown.ended = CANCELLED, moment
    call.account.runs.add(shown)


def resume(call: Call, run: Run, query: str) -> None:
    """Go on with a run that waits for an answer; FailedOperation for one that does not."""
    shown = seen(run, call.now).run
    waiting = next((node for node in shown.nodes if node.state == RUNNING and not node.ended), None)
    if waiting is None or run.ended:
        raise failed(f"the workflow run {run.id} does not wait for an answer: its state is {shown.state}")
    moment = int(call.now * 1000)
    waiting.state, waiting.ended, waiting.reply = SUCCESS, moment, query
    shown.state, shown.ended, shown.output = SUCCESS, moment, query
    call.account.runs.add(shown)


def elapsed(node: NodeRun) -> int:
    return max(0, node.ended - node.started) if node.ended else 0
