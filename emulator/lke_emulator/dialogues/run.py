"""One run of a workflow: its nodes, in the order in which they ran, and what each took and gave."""

import msgspec

from lke_emulator.primitives.bounds import Natural

QUEUED, RUNNING, SUCCESS, FAILED, CANCELLED = range(5)
"""State of a run, and of a node, for which 0 is not begun (documented)."""
NOTHING = "{}"
"""The output of a node that has given nothing yet."""


class NodeRun(msgspec.Struct, kw_only=True):
    """Moments are milliseconds since the epoch; 0 is not yet."""

    id: str
    node_id: str
    node_name: str
    node_type: Natural
    """1 START, 3 LLM, 8 TOOL, 10 REPLY, 16 END ... (documented)."""
    state: Natural = QUEUED
    input: str = ""
    output: str = ""
    """JSON in a string, `{}` for nothing."""
    reply: str = ""
    fail_code: str = ""
    fail_message: str = ""
    model: str = ""
    input_tokens: Natural = 0
    output_tokens: Natural = 0
    started: Natural = 0
    ended: Natural = 0


class Run(msgspec.Struct, kw_only=True):
    """Moments are milliseconds since the epoch; 0 is not yet."""

    id: str
    app: str
    workflow_id: str
    workflow_name: str
    env: Natural
    """0 of the draft, 1 of what is released (documented)."""
    query: str
    visitor: str = ""
    variables: dict[str, str] = {}
    state: Natural = RUNNING
    output: str = ""
    fail_message: str = ""
    model: str = ""
    nodes: list[NodeRun] = []
    created: Natural = 0
    started: Natural = 0
    ended: Natural = 0

    @property
    def tokens(self) -> int:
        return sum(node.input_tokens + node.output_tokens for node in self.nodes)

    @property
    def waits(self) -> bool:
        """Its last node has asked the user for something: whoever answers goes on with it."""
        return bool(self.nodes) and self.nodes[-1].state == RUNNING and self.nodes[-1].output != NOTHING


def left_alone(run: Run) -> Run:
    """A run whose turn is gone, with its process or its account, got as far as it got; one that waits goes on waiting."""
    if run.state not in (QUEUED, RUNNING) or run.ended or run.waits:
        return run
    moment = max([run.started, *[max(node.started, node.ended) for node in run.nodes]])
    for node in run.nodes:
        if node.state == RUNNING:
            node.state, node.ended = CANCELLED, moment
    run.state, run.ended = CANCELLED, moment
    return run
