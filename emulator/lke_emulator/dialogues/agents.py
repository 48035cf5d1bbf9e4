"""How an app of agents answers: it thinks, uses its tools, asks its other agents, and replies."""

from collections.abc import Iterator

from lke_emulator.dialogues import msg_record
from lke_emulator.dialogues.answering import Answering, passages
from lke_emulator.dialogues.bot import BotAgent, Finding
from lke_emulator.dialogues.plan import Act, Plan, Saying
from lke_emulator.dialogues.shows import planned
from lke_emulator.dialogues.tool_calls import encode, given, tool_call
from lke_emulator.models import prose
from lke_emulator.primitives.seeds import number

HANDOFF = "transfer_to_agent"
SEARCH = "search_knowledge"


def agents(answering: Answering) -> Plan:
    """One agent answers by itself; of several the first plans, each of the others does its part, in their order."""
    bot = answering.bot
    first, *others = bot.agents or (BotAgent(name=bot.name, icon=bot.avatar),)
    acts: list[Act] = []
    if others and bot.plans:
        acts.append(Act(sayings=[planned([one.instructions or one.name for one in others], first.name, first.icon)]))
    if others:
        for other in others:
            acts.append(thinking(answering, first))
            acts.append(tool_call(HANDOFF, other.name, arguments(agent=other.name), answering.question.text, first))
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
        yield tool_call(SEARCH, SEARCH, arguments(query=question.text), encode(passages(known)).decode(), agent)
        found = known
    for tool in agent.tools:
        yield thinking(answering, agent)
        output = given(tool, question.text, answering.speaker.seed, answering.library)
        asks = arguments(query=question.text)
        yield tool_call(tool.name, tool.title or tool.name, asks, output, agent, tool.fails)
        if not tool.fails:
            found.append(Finding(2, tool.name, 1.0, text=output))
    ask = answering.ask(found, agent.instructions, model=agent.model or bot.thought_model)
    called, ask, completion = answering.called(ask, agent)
    yield from called
    reply = Saying(
        text=completion.content,
        references=answering.cited(known),
        agent=agent.name,
        icon=agent.icon,
        is_sub_agent=is_sub_agent,
    )
    yield answering.act("thinking_model", ask, completion, answering.around(completion, reply), agent.name)


def thinking(answering: Answering, agent: BotAgent) -> Act:
    """What an agent thinks before it uses a tool."""
    ask = answering.ask((), agent.instructions, model=agent.model or answering.bot.thought_model)
    text = prose.thought(answering.question.text, number(answering.speaker.seed, agent.name, answering.question.text))
    completion = answering.measured(ask, text)
    saying = Saying(type="thought", text=text, agent=agent.name, icon=agent.icon)
    return answering.act("thinking_model", ask, completion, [saying], agent.name)


def arguments(**values: str) -> str:
    return encode(values).decode()
