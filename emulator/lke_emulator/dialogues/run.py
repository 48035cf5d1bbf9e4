"""One run of a workflow: its nodes, in the order in which they ran, and what each took and gave."""

import msgspec

QUEUED, RUNNING, SUCCESS, FAILED, CANCELLED = range(5)
"""State of a run, and of a node, for which 0 is not begun (documented)."""


class NodeRun(msgspec.Struct, kw_only=True):
    """Moments are milliseconds since the epoch; 0 is not yet."""

    id: str
    node_id: str
    node_name: str
    node_type: int
    """1 START, 3 LLM, 8 TOOL, 10 REPLY, 16 END ... (documented)."""
    state: int = QUEUED
    input: str = ""
    output: str = ""
    """JSON in a string, `{}` for nothing."""
    reply: str = ""
    fail_code: str = ""
    fail_message: str = ""
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    started: int = 0
    ended: int = 0


class Run(msgspec.Struct, kw_only=True):
    """Moments are milliseconds since the epoch; 0 is not yet."""

    id: str
    app: str
    workflow_id: str
    workflow_name: str
    env: int
    """0 of the draft, 1 of what is released (documented)."""
    query: str
    visitor: str = ""
    variables: dict[str, str] = {}
    state: int = RUNNING
    output: str = ""
    fail_message: str = ""
    model: str = ""
    nodes: list[NodeRun] = []
    created: int = 0
    started: int = 0
    ended: int = 0

    @property
    def tokens(self) -> int:
        return sum(node.input_tokens + node.output_tokens for node in self.nodes)
