"""The `agents` of a scenario's app, the first of which the user talks to."""

from collections.abc import Sequence
from typing import Any

from lke_emulator.account.account import Account
from lke_emulator.dialogues.bot import BotAgent, BotTool
from lke_emulator.knowledge.agents import MAIN, UNDER, Agent
from lke_emulator.knowledge.apps import App
from lke_emulator.scenario.section import Section, Text


class ToolSection(Section, frozen=True):
    """A tool that an agent uses in every answer."""

    name: Text
    title: str = ""
    """What visitors see. Left out: the name."""
    output: str = ""
    """What it gives. Left out: what `files` has at the address that the question names, else a text made from the seed."""
    fails: bool = False
    """Whether it fails; the answer goes on without it."""


class AgentSection(Section, frozen=True):
    """An agent. Of several the first plans, and each of the others does its part of every answer."""

    name: Text
    icon: str = ""
    """The address of its picture."""
    instructions: str = ""
    """What it is told about its part; chat rules know it as `system`."""
    model: Text | None = None
    """What it thinks with. Left out: the app's model."""
    tools: list[ToolSection] = []


def build_agents(sections: Sequence[AgentSection], app: App, account: Account) -> None:
    """Into the lists of both products, and into the app's dialogues."""
    crew = []
    for place, section in enumerate(sections):
        tools = tuple(
            BotTool(name=tool.name, title=tool.title, output=tool.output, fails=tool.fails) for tool in section.tools
        )
        crew.append(
            BotAgent(
                name=section.name,
                icon=section.icon,
                instructions=section.instructions,
                model=section.model or "",
                tools=tools,
            )
        )
        spec: dict[str, Any] = {
            "Profile": {"Name": section.name, "IconUrl": section.icon, "Role": UNDER if place else MAIN},
            "Instructions": section.instructions,
            "Model": {"ModelId": section.model or ""},
        }
        account.agents.create(Agent(base=app.biz_id, id="", spec=spec, created=app.created, updated=app.updated))
    if crew:
        account.crews[app.biz_id] = tuple(crew)
