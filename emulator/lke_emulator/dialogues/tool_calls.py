"""The tools that an app calls while it looks for an answer: those of its agents, and those that a chat rule wants called."""

import msgspec

from lke_emulator.dialogues.bot import Bot, BotAgent, BotTool, Library
from lke_emulator.dialogues.plan import Act, Saying
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.models import prose
from lke_emulator.primitives.seeds import number

encode = msgspec.json.Encoder().encode
NOBODY = BotAgent(name="")
"""Who calls the tools of an app without agents."""


def tool_call(name: str, title: str, arguments: str, output: str, agent: BotAgent, fails: bool = False) -> Act:
    """A tool that is called: what it was given is JSON, what it gave comes after it."""
    saying = Saying(
        type="tool_call",
        text=output,
        title=title,
        tool=name,
        agent=agent.name,
        icon=agent.icon,
        at_once=True,
        is_json=True,
        status="failed" if fails else "success",
    )
    return Act(procedure=Procedure(name="tool_call", text=arguments, said=output, agent=agent.name), sayings=[saying])


def tool_of(bot: Bot, agent: BotAgent, name: str) -> BotTool:
    """The tool of that name: the agent's own, else another one's; what nobody declared is a tool too."""
    everybody = (agent, *bot.agents)
    return next((tool for one in everybody for tool in one.tools if tool.name == name), BotTool(name=name))


def given(tool: BotTool, text: str, seed: int, library: Library) -> str:
    """What a tool gives: what the scenario says, else the page that the question names, else a seeded text."""
    return tool.output or library.page(text) or prose.answer(text, number(seed, tool.name, text))
