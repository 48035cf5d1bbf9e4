"""How an app of agents answers: it thinks, uses its tools, asks its other agents, and replies."""

from collections.abc import Iterator

import msgspec

from lke_emulator.dialogues import msg_record
from lke_emulator.dialogues.answering import Answering, passages
from lke_emulator.dialogues.bot import BotAgent, BotTool, Finding
from lke_emulator.dialogues.plan import Act, Plan, Saying
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.models import prose
from lke_emulator.primitives.seeds import number

encode = msgspec.json.Encoder().encode
HANDOFF = "transfer_to_agent"
SEARCH = "search_knowledge"


def agents(answering: Answering) -> Plan:
    """One agent answers by itself; of several the first plans, each of the others does its part, in their order."""
    bot = answering.bot
    first, *others = bot.agents or (BotAgent(name=bot.name, icon=bot.avatar),)
    acts: list[Act] = []
    if others:
        for other in others:
            acts.append(thinking(answering, first))
            acts.append(tool_call(HANDOFF, other.name, {"agent": other.name}, answering.question.text, first))
            acts += alone(answering, other, is_sub_agent=True)
    else:
        acts += alone(answering, first)
    return Plan(method=msg_record.AGENT, acts=acts)


def alone(answering: Answering, agent: BotAgent, is_sub_agent: bool = False) -> Iterator[Act]:
    """One agent's tools, and then its reply."""
    found: list[Finding] = []
    question, bot = answering.question, answering.bot
    known = [*answering.known.questions, *answering.known.segments]
    if known:
        yield thinking(answering, agent)
        yield tool_call(SEARCH, SEARCH, {"query": question.text}, encode(passages(known)).decode(), agent)
        found = known
    for tool in agent.tools:
        yield thinking(answering, agent)
        output = given(answering, tool)
        yield tool_call(tool.name, tool.title or tool.name, {"query": question.text}, output, agent, tool.fails)
        if not tool.fails:
            found.append(Finding(2, tool.name, 1.0, text=output))
    ask = answering.ask(found, agent.instructions, model=agent.model or bot.thought_model)
    completion = answering.complete(ask)
    cited = answering.cited(known)
    reply = Saying(
        text=completion.content, references=cited, agent=agent.name, icon=agent.icon, is_sub_agent=is_sub_agent
    )
    sayings = [reply]
    if completion.reasoning:
        thought = msgspec.structs.replace(reply, type="thought", text=completion.reasoning, references=())
        sayings.insert(0, thought)
    yield answering.act("thinking_model", ask, completion, sayings, agent.name)


def thinking(answering: Answering, agent: BotAgent) -> Act:
    """What an agent thinks before it uses a tool."""
    ask = answering.ask((), agent.instructions, model=agent.model or answering.bot.thought_model)
    text = prose.thought(answering.question.text, number(answering.speaker.seed, agent.name, answering.question.text))
    completion = answering.measured(ask, text)
    saying = Saying(type="thought", text=text, agent=agent.name, icon=agent.icon)
    return answering.act("thinking_model", ask, completion, [saying], agent.name)


def tool_call(
    name: str, title: str, arguments: dict[str, str], output: str, agent: BotAgent, fails: bool = False
) -> Act:
    """A tool that is called; what it was given is JSON, what it gave comes after it."""
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
    procedure = Procedure(name="tool_call", text=encode(arguments).decode(), said=output, agent=agent.name)
    return Act(procedure=procedure, sayings=[saying])


def given(answering: Answering, tool: BotTool) -> str:
    """What a tool gives: what the scenario says, else the page that the question names, else a seeded text."""
    text = answering.question.text
    seed = number(answering.speaker.seed, tool.name, text)
    return tool.output or answering.library.page(text) or prose.answer(text, seed)
