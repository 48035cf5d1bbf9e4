"""How a workflow answers: its nodes run in their order, and what its replies say is the answer."""

import msgspec

from lke_emulator.dialogues import msg_record
from lke_emulator.dialogues.answering import Answering
from lke_emulator.dialogues.bot import BotNode, BotWorkflow, Finding
from lke_emulator.dialogues.plan import Act, Plan, Saying
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.question import Question
from lke_emulator.dialogues.run import FAILED, RUNNING, SUCCESS, NodeRun, Run
from lke_emulator.dialogues.said import Content
from lke_emulator.dialogues.shows import cards, collection, widget
from lke_emulator.models import prose
from lke_emulator.models.shown import FileCollection
from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.seeds import number

encode = msgspec.json.Encoder().encode
START, LLM, KNOWLEDGE_QA, KNOWLEDGE_SEARCH, TOOL, REPLY, OPTION_CARD, END, FILE_COLLECT = 1, 3, 4, 5, 8, 10, 11, 16, 25
PLAIN = (
    BotNode(id="start", name="开始", type=START),
    BotNode(id="llm", name="大模型", type=LLM),
    BotNode(id="reply", name="回复", type=REPLY),
    BotNode(id="end", name="结束", type=END),
)
"""What a workflow does whose nodes nobody declared."""
RUN_ERROR = "460101"


def flow(answering: Answering, workflow: BotWorkflow) -> Plan:
    """The run is begun here; its nodes are added by the turn, as it comes to them."""
    bot, ids = answering.bot, answering.speaker.ids
    run = Run(
        id=ids.request_id(),
        app=bot.app,
        workflow_id=workflow.id,
        workflow_name=workflow.name,
        env=0 if bot.is_draft else 1,
        query=answering.question.text,
        variables=dict(answering.question.variables),
        model=bot.model,
    )
    nodes = workflow.nodes or PLAIN
    options: tuple[str, ...] = ()
    acts: list[Act] = []
    before = answering.question.text
    for node in nodes:
        act, before = step(answering, node, before, ids.request_id())
        begun = Procedure(name="workflow", text=answering.question.text, run=run, model=bot.model) if not acts else None
        acts.append(msgspec.structs.replace(act, procedure=begun))
        if node_waits(node, answering.question):
            options = node.option_cards
            break
        if node.fails:
            break
    if not any(act.sayings for act in acts) and not nodes[-1].fails:
        acts.append(Act(sayings=[Saying(text=before, at_once=True)]))
    plan = Plan(method=msg_record.WORKFLOW_FINISHED, acts=acts, run=run, option_cards=options)
    return msgspec.structs.replace(plan, method=msg_record.WORKFLOW) if plan.waits else plan


def node_waits(node: BotNode, question: Question) -> bool:
    """Whether the run stands at the node until something else is asked: an option, files, or what was done to a widget."""
    if node.type == OPTION_CARD:
        return question.text not in node.option_cards
    if node.type == FILE_COLLECT:
        return not question.files
    return node.widget is not None and node.widget.id not in question.widgets


def waits_with(node: BotNode, ids: Ids) -> Content:
    """What the caller is shown."""
    if node.widget is not None:
        return widget(node.widget, ids)
    if node.type == FILE_COLLECT:
        return collection(node.files or FileCollection())
    return cards(node.option_cards)


def step(answering: Answering, node: BotNode, before: str, id: str) -> tuple[Act, str]:
    """What a node does with what the one before it gave, and what it gives itself."""
    run = NodeRun(id=id, node_id=node.id, node_name=node.name, node_type=node.type, state=SUCCESS)
    run.input = encode({"input": before}).decode()
    if node.fails:
        run.state, run.fail_code, run.fail_message, run.output = FAILED, RUN_ERROR, node.fails, "{}"
        return Act(node=run), before
    if node.type == LLM:
        found = [Finding(2, "", 1.0, text=before)] if before != answering.question.text else []
        ask = answering.ask(found, node.instructions, model=node.model)
        completion = answering.complete(ask)
        run.model, run.input_tokens, run.output_tokens = ask.model, completion.input_tokens, completion.output_tokens
        run.output = encode({"Content": completion.content}).decode()
        act = Act(
            node=run,
            model=ask.model,
            input=completion.input_tokens,
            output=completion.output_tokens,
            delay=completion.seconds,
            error=completion.error,
        )
        return act, completion.content
    if node.type in (KNOWLEDGE_QA, KNOWLEDGE_SEARCH):
        found = [*answering.known.questions, *answering.known.segments]
        gives = "\n".join(one.text or one.answer for one in found)
    elif node.type == TOOL:
        text = answering.question.text
        seed = number(answering.speaker.seed, node.id, text)
        gives = node.output or answering.library.page(text) or prose.answer(text, seed)
    else:
        gives = node.output or before
    run.output = "{}" if node.type in (START, END) else encode({"Content": gives}).decode()
    sayings = []
    if node.type == REPLY:
        run.reply = gives
        sayings = [Saying(text=gives)]
    elif node_waits(node, answering.question):
        run.state = RUNNING
        run.reply = gives
        sayings = [Saying(text=gives, extra=[waits_with(node, answering.speaker.ids)])]
    return Act(node=run, sayings=sayings), gives
