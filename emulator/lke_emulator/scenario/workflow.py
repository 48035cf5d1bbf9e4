"""The `workflow` of a scenario's single-workflow app: its nodes, in the order in which they run."""

from typing import Literal

from lke_emulator.account.account import Account
from lke_emulator.dialogues.bot import BotNode, BotWorkflow
from lke_emulator.knowledge.apps import App
from lke_emulator.models.shown import FileCollection, Widget
from lke_emulator.primitives.ids import Ids
from lke_emulator.scenario.section import Section, Text

NODES = {
    "start": 1,
    "llm": 3,
    "knowledge": 5,
    "tool": 8,
    "reply": 10,
    "option_card": 11,
    "end": 16,
    "file_collect": 25,
    "widget": 27,
}
"""What a scenario calls a node -> NodeType (documented)."""


class NodeSection(Section, frozen=True):
    """One step. What a node gives is what the next one gets."""

    type: Literal["start", "llm", "knowledge", "tool", "reply", "option_card", "end", "file_collect", "widget"]
    name: Text | None = None
    """Left out: the type."""
    model: Text | None = None
    """Of an llm. Left out: the app's model."""
    instructions: str = ""
    """Of an llm: what it is told before the question; chat rules know it as `system`."""
    output: str = ""
    """What a reply or a tool gives. Left out: what came before; of a tool what `files` has at the address that the question
    names, else a text made from the seed."""
    option_cards: list[str] = []
    """Of an option_card: the run waits until one of them is said."""
    files: FileCollection | None = None
    """Of a file_collect: the run waits until files come with a question. Left out: one of any type."""
    widget: Widget | None = None
    """Of a widget: the run waits until something is done to it."""
    fails: str = ""
    """Why the node fails, if it does."""


class WorkflowSection(Section, frozen=True):
    """What a single-workflow app does with a question."""

    name: Text
    id: Text | None = None
    """Left out: made from the seed."""
    description: str = ""
    nodes: list[NodeSection] = []
    """Left out: start, a model, its reply, end."""
    is_async: bool = False
    """Whether it is told to run on its own."""


def build_workflow(section: WorkflowSection, app: App, account: Account) -> None:
    ids = Ids(("workflow", app.biz_id))
    id = section.id or ids.request_id()
    nodes = tuple(
        BotNode(
            id=ids.request_id(),
            name=node.name or node.type,
            type=NODES[node.type],
            model=node.model or "",
            instructions=node.instructions,
            output=node.output,
            option_cards=tuple(node.option_cards),
            files=node.files,
            widget=node.widget,
            fails=node.fails,
        )
        for node in section.nodes
    )
    account.workflows[app.biz_id] = BotWorkflow(
        id=id,
        name=section.name,
        description=section.description,
        nodes=nodes,
        released=int(app.created),
        is_async=section.is_async,
    )
