"""A turn told in v1 and v2: every way in which an app can answer, checked against the grammar; what it cost and left."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.dialogue.grammar import check
from lke_emulator.account.account import Account
from lke_emulator.account.call import Wait
from lke_emulator.account.dialogue_limits import DialogueLimit, DialogueLimits, Named
from lke_emulator.dialogue.beats import Cut
from lke_emulator.dialogue.errors import DialogueError
from lke_emulator.dialogue.turn import Turn
from lke_emulator.dialogue.version1 import Version1
from lke_emulator.dialogue.version2 import Version2
from lke_emulator.dialogues.bot import Bot, BotAgent, BotNode, BotTool, BotWorkflow, Finding, Findings
from lke_emulator.dialogues.conversations import Conversations
from lke_emulator.dialogues.msg_record import SentFile
from lke_emulator.dialogues.question import Question
from lke_emulator.models.moderation import Moderation
from lke_emulator.models.rules import ChatRule, Rules
from lke_emulator.models.shown import FileCollection, Widget
from lke_emulator.models.tokens import estimate
from lke_emulator.primitives.clock import Clock
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter

NOW = 1742452818.5
QA = Finding(1, "Opening hours", 0.9, question="When are you open?", answer="From nine to five.", qa_id="7")
SEGMENT = Finding(2, "handbook.md", 0.6, text="The shop opens at nine.", doc_id="8", doc_name="handbook.md")
WORKFLOW = BotWorkflow(id="w-1", name="Page reader")


class Shelf:
    """A library of exactly these findings."""

    def __init__(
        self, rejected: bool = False, questions: Sequence[Finding] = (), segments: Sequence[Finding] = ()
    ) -> None:
        self.findings = Findings(rejected, questions, segments)

    def prepare(self) -> Iterator[None]:
        return iter(())

    def ask(self, question: str, labels: Mapping[str, Sequence[str]]) -> Findings:
        return self.findings

    def page(self, text: str) -> str:
        return "A page about lighthouses." if "http" in text else ""


def account(*rules: dict[str, Any]) -> Account:
    account = Account("100000000001", seed=7, chance=7, clock=Clock(NOW, frozen=True))
    account.billing.open(postpaid=("KnowledgeQA", "SearchEngine"), balance=10**9)
    account.chat_rules = Rules([msgspec.convert(rule, ChatRule) for rule in rules])
    return account


def bot(**members: Any) -> Bot:
    return Bot(**{"app": "1", "name": "Helper", "model": "cs-normal", "refusal": "Not this.", **members})


def turn(
    account: Account, bot: Bot, library: Shelf | None = None, text: str = "When are you open?", **members: Any
) -> Turn:
    conversation = account.conversations.open("session-1", bot.app, "visitor", 5, NOW)
    question = Question(text=text, **members)
    return Turn(
        account,
        bot,
        library or Shelf(),
        conversation,
        question,
        visitor="visitor",
        caller=account.uin,
        request_id="request-1",
        now=account.clock.now(),
        assumptions=account.assumptions,
    )


def told(version: str, turn: Turn) -> list[tuple[str, Any]]:
    """Every event of the turn, decoded; what waits passes at once."""
    assumptions = turn.account.assumptions
    writer = Version1(turn, "zh-CN", assumptions) if version == "v1" else Version2(turn, "zh-CN", assumptions, True)
    events = []
    for event in writer.events(turn.course()):
        if not isinstance(event, Wait | Cut):
            data = event.data.decode()
            events.append((event.name, data if event.name == "done" else msgspec.json.decode(data)))
    return events


def answer(version: str, events: list[tuple[str, Any]]) -> tuple[str, int]:
    """The text and the method of what was answered."""
    if version == "v1":
        last = [data["payload"] for name, data in events if name == "reply"][-1]
        return last["content"], last["reply_method"]
    record = next(data["Response"] for name, data in events if name == "response.completed")
    replies = [one["Contents"][0]["Text"] for one in record["Messages"] if one["Type"] == "reply"]
    return "\n\n".join(replies), record["ExtraInfo"]["ReplyMethod"]


def used(account: Account, **chosen: Any) -> Amounts:
    return account.ledger.totals(Filter(apps=("1",), **chosen), 0, int(NOW) + 10)


CASES: dict[str, tuple[Bot, Shelf, dict[str, Any], int]] = {
    "the model alone": (bot(), Shelf(), {}, 1),
    "a Q&A": (bot(), Shelf(questions=[QA]), {}, 5),
    "a polished Q&A": (bot(polishes=True), Shelf(questions=[QA]), {}, 12),
    "documents": (bot(), Shelf(segments=[SEGMENT, SEGMENT]), {}, 1),
    "a rejected question": (bot(), Shelf(rejected=True, questions=[QA]), {}, 3),
    "an unknown question": (bot(uses_general_knowledge=False, bare_answer="I do not know."), Shelf(), {}, 2),
    "the web": (bot(), Shelf(), {"search_network": "enable"}, 11),
    "a chain of thought": (bot(model="deepseek-r1-0528"), Shelf(), {}, 1),
    "a picture": (bot(), Shelf(), {"images": ["https://example.com/a.png"]}, 13),
    "a file": (bot(), Shelf(), {"documents": [("a.txt", "The tower is 40 metres high.")]}, 14),
    "an agent": (
        bot(pattern="agent", agents=(BotAgent(name="Reader", tools=(BotTool(name="clock", output='{"now":9}'),)),)),
        Shelf(segments=[SEGMENT]),
        {},
        18,
    ),
    "an agent whose tool fails": (
        bot(pattern="agent", agents=(BotAgent(name="Reader", tools=(BotTool(name="clock", fails=True),)),)),
        Shelf(),
        {},
        18,
    ),
    "agents": (
        bot(pattern="agent", agents=(BotAgent(name="Boss"), BotAgent(name="Writer"), BotAgent(name="Critic"))),
        Shelf(),
        {},
        18,
    ),
    "a workflow": (bot(pattern="single_workflow", workflow=WORKFLOW), Shelf(), {}, 17),
    "a workflow that waits": (
        bot(
            pattern="single_workflow",
            workflow=msgspec.structs.replace(
                WORKFLOW,
                nodes=(BotNode(id="a", name="Choose", type=11, output="Which?", option_cards=("Red", "Blue")),),
            ),
        ),
        Shelf(),
        {},
        16,
    ),
}


@pytest.mark.parametrize("incremental", [False, True])
@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("case", CASES)
def test_every_way_to_answer_is_told_as_the_grammar_says(case: str, version: str, incremental: bool) -> None:
    of, library, members, method = CASES[case]
    there = account()
    one = turn(there, of, library, incremental=incremental, **members)
    events = told(version, one)
    check(version, events)
    _, told_method = answer(version, events)
    assert told_method == method
    assert one.answer.status == "success"
    assert there.concurrency.in_flight(of.model) == 0
    assert not there.conversations.running


@pytest.mark.parametrize("case", CASES)
def test_what_a_turn_says_it_used_is_what_was_metered(case: str) -> None:
    of, library, members, _ = CASES[case]
    there = account()
    events = told("v2", turn(there, of, library, **members))
    stat = next(data["Response"]["StatInfo"] for name, data in events if name == "response.completed")
    metered = used(there, sub_biz_type="KnowledgeQA")
    assert (metered.input, metered.output) == (stat["InputTokens"], stat["OutputTokens"])


def test_both_protocols_say_the_same() -> None:
    for of, library, members, _ in CASES.values():
        texts = {answer(version, told(version, turn(account(), of, library, **members)))[0] for version in ("v1", "v2")}
        assert len(texts) == 1


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
    throttle=st.integers(0, 120),
    version=st.sampled_from(["v1", "v2"]),
)
def test_packing_changes_nothing_but_the_frames(text: str, throttle: int, version: str) -> None:
    there = account({"content": text})
    events = told(version, turn(there, bot(), throttle=throttle, incremental=True))
    check(version, events)
    if version == "v1":
        replies = [data["payload"] for name, data in events if name == "reply" and not data["payload"]["is_from_self"]]
        parts = [reply["content"] for reply in replies]
    else:
        parts = [data["Text"] for name, data in events if name == "text.delta"]
    assert "".join(parts) == text
    assert all(len(part) >= (throttle or 5) for part in parts[:-1])


def test_replies_that_replace_each_begin_with_the_one_before() -> None:
    events = told("v1", turn(account(), bot()))
    parts = [data["payload"]["content"] for name, data in events if name == "reply"][1:]
    assert len(parts) > 2
    assert all(after.startswith(before) for before, after in pairwise(parts))


def test_an_answer_that_is_not_streamed_is_one_text() -> None:
    events = told("v1", turn(account(), bot(), stream="disable"))
    assert [name for name, _ in events].count("reply") == 2
    events = told("v2", turn(account(), bot(), stream="disable"))
    assert [name for name, _ in events].count("text.replace") == 1


def test_the_references_of_an_answer_can_be_found_by_their_ids() -> None:
    there = account()
    events = told("v1", turn(there, bot(), Shelf(segments=[SEGMENT])))
    references = next(data["payload"]["references"] for name, data in events if name == "reference")
    cited = there.conversations.reference(references[0]["id"])
    assert cited is not None
    assert cited.reference.text == SEGMENT.text
    assert references[0]["doc_id"] == "8"


def test_a_question_that_moderation_stops_is_told_in_its_echo_and_in_v2_by_an_error_alone() -> None:
    there = account()
    there.moderation = Moderation(["poison"])
    events = told("v1", turn(there, bot(), text="poison please"))
    check("v1", events)
    assert [data["payload"]["is_evil"] for name, data in events if name == "reply"] == [True, False]
    assert answer("v1", events)[1] == 4
    events = told("v2", turn(there, bot(), text="poison please"))
    check("v2", events)
    assert [(name, data["Error"]["Code"]) for name, data in events] == [("error", 460501)]
    assert used(there).total == 0


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_rule_makes_an_answer_fail_before_or_within_it(version: str) -> None:
    there = account({"content": "One two three four five six", "error": {"code": "460020"}})
    events = told(version, turn(there, bot()))
    check(version, events)
    assert events[-1][0] == "error"
    assert used(there).total == 0
    there = account({"content": "One two three four five six", "error": {"code": "20031"}, "cut_after": 3})
    one = turn(there, bot())
    events = told(version, one)
    check(version, events)
    assert "460032" in str(events[-1])
    assert used(there).output == 3
    assert one.answer.status == "failed"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_who_leaves_pays_for_what_was_sent_and_gives_back_the_place(version: str) -> None:
    there = account({"content": "word " * 100, "usage": {"input": 11}})
    one = turn(there, bot(), incremental=True)
    assumptions = there.assumptions
    writer = Version1(one, "zh-CN", assumptions) if version == "v1" else Version2(one, "zh-CN", assumptions, True)
    course = one.course()
    events = writer.events(course)
    parts = 0
    for event in events:
        assert not isinstance(event, Wait | Cut)
        name, data = event.name, event.data.decode()
        parts += name == "text.delta" or (name == "reply" and '"is_final":false' in data)
        if parts == 5:
            break
    course.close()
    assert there.concurrency.in_flight("cs-normal") == 0
    assert used(there).input == 11
    assert 0 < used(there).output < 60
    assert one.answer.status == "stop"
    assert one.answer.content


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_stop_ends_the_answer_with_what_was_said(version: str) -> None:
    there = account({"content": "word " * 100})
    one = turn(there, bot())
    assumptions = there.assumptions
    writer = Version1(one, "zh-CN", assumptions) if version == "v1" else Version2(one, "zh-CN", assumptions, True)
    events = []
    for event in writer.events(one.course()):
        assert not isinstance(event, Wait | Cut)
        events.append((event.name, event.data.decode()))
        if len(events) == 12:
            there.conversations.running[one.answer.id]()
    decoded = [(name, data if name == "done" else msgspec.json.decode(data)) for name, data in events]
    check(version, decoded)
    text, _ = answer(version, decoded)
    assert 0 < len(text) < 500
    assert one.answer.status == "stop"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda one: one.billing.activate(False), 460026),
        (lambda one: one.billing.switch("KnowledgeQA", False, one.uin, NOW), 460032),
    ],
)
def test_what_nothing_pays_for_is_refused_and_leaves_nothing(spoil: Any, code: int) -> None:
    there = account()
    there.clock.advance(7200)
    spoil(there)
    with pytest.raises(DialogueError) as caught:
        told("v1", turn(there, bot()))
    assert caught.value.code == code
    assert there.conversations.open("session-1", "1", "", 5, NOW).records == []


def test_the_model_remembers_the_last_rounds_and_forgets_at_a_reset() -> None:
    there = account({"match": {"text": "name"}, "content": "I am Helper."})
    told("v1", turn(there, bot(), text="What is your name?"))
    second = turn(there, bot(), text="And again?")
    assert [one.content for one in second.question.history] == ["What is your name?", "I am Helper."]
    conversation = there.conversations.open("session-1", "1", "", 5, NOW)
    conversation.reset_through = conversation.records[-1].id
    assert turn(there, bot()).question.history == []


def token_stat(events: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = [data["payload"] for name, data in events if name == "token_stat"][-1]
    return found


def test_the_token_stat_tells_the_packages_that_are_there_for_the_model() -> None:
    there = account()
    resources = there.billing.resources
    resources.grant("tokens", 1_000, NOW)
    resources.grant("tokens", 500, NOW, models=["cs-normal"])
    resources.grant("tokens", 70_000, NOW, models=["another"])
    resources.grant("pages", 30, NOW)
    resources.buy("tokens", 200_000, NOW, price=0)
    for _ in range(2):  # what is used of them makes no difference
        told_stat = token_stat(told("v1", turn(there, bot())))
        assert (told_stat["free_count"], told_stat["order_count"]) == (1_500, 200_000)


def test_a_step_tells_the_rounds_that_it_knew() -> None:
    there = account({"match": {"text": "name"}, "content": "I am Helper."})
    library = Shelf(segments=[SEGMENT])
    first = token_stat(told("v1", turn(there, bot(), library, text="What is your name?")))
    assert all(step["debugging"]["histories"] == [] for step in first["procedures"])
    second = told("v2", turn(there, bot(), library, text="And again?"))
    record = next(data["Response"] for name, data in second if name == "response.completed")
    histories = [{"User": "What is your name?", "Assistant": "I am Helper."}]
    assert [step["Knowledge"]["Histories"] for step in record["Procedures"] if "Knowledge" in step] == [histories]
    third = token_stat(told("v1", turn(there, bot(), library, text="Once more?")))
    for step in third["procedures"]:
        assert step["debugging"]["histories"][0] == {"user": "What is your name?", "assistant": "I am Helper."}
        assert len(step["debugging"]["histories"]) == 2


def test_a_chain_of_thought_is_told_among_the_tokens_of_the_answer() -> None:
    there = account({"reasoning": "Let me think about it.", "content": "Nine."})
    one = turn(there, bot())
    told("v2", one)
    (step,) = [step for step in one.answer.procedures if step.model]
    thought = estimate("Let me think about it.", there.assumptions.tokens_per_1000_characters)
    assert (step.reasoning, step.output) == (thought, thought + 2)


def replies(events: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The messages of the whole answer."""
    found: list[dict[str, Any]] = next(
        data["Response"]["Messages"] for name, data in events if name == "response.completed"
    )
    return found


FORM = {"title": "Size", "questions": [{"question": "Which size?", "options": [{"label": "S"}, {"label": "L"}]}]}
SHOWS: dict[str, dict[str, Any]] = {
    "questionnaire": {"questionnaire": FORM},
    "widget": {"widget": {"id": "calendar", "view": "{}"}},
    "file_collection": {"files": {"most": 3, "types": ["pdf"]}},
    "option_cards": {"option_cards": ["Red", "Blue"], "several": True},
}


@pytest.mark.parametrize("text", ["", "Choose, please."])
@pytest.mark.parametrize("kind", SHOWS)
def test_a_rule_shows_something_beside_an_answer_or_in_place_of_it(kind: str, text: str) -> None:
    there = account({"content": text, "shows": SHOWS[kind]})
    events = told("v2", turn(there, bot()))
    check("v2", events)
    (reply,) = replies(events)
    assert [one["Type"] for one in reply["Contents"]] == (["text", kind] if text else [kind])
    events = told("v1", turn(there, bot()))
    check("v1", events)
    assert answer("v1", events)[0] == text


def test_a_plan_comes_before_the_answer_and_what_is_recommended_after_it() -> None:
    shows = {"tasks": ["Look it up", "Say it"], "recommended": ["And on Sundays?"]}
    there = account({"content": "At nine.", "reasoning": "Hm.", "shows": shows})
    events = told("v2", turn(there, bot()))
    check("v2", events)
    plan, thought, reply, further = replies(events)
    assert [plan["Type"], thought["Type"], reply["Type"], further["Type"]] == [
        "plan",
        "thought",
        "reply",
        "recommendation",
    ]
    assert [(one["Content"], one["Status"]) for one in plan["Contents"][0]["Tasks"]] == [
        ("Look it up", "success"),
        ("Say it", "success"),
    ]
    added = [data["Content"] for name, data in events if name == "content.added" and "Tasks" in data["Content"]]
    assert {one["Status"] for one in added[0]["Tasks"]} == {"pending"}
    assert further["Contents"][0]["OptionCards"] == ["And on Sundays?"]
    check("v1", told("v1", turn(there, bot())))


@pytest.mark.parametrize(("method", "code"), [("clarification", 15), ("multi_intent", 19), ("plan_result", 22)])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_rule_says_how_its_answer_came_about(version: str, method: str, code: int) -> None:
    there = account({"content": "Which one?", "shows": {"method": method}})
    assert answer(version, told(version, turn(there, bot()))) == ("Which one?", code)


def test_an_app_that_recommends_does_so_after_every_answer_but_a_refusal() -> None:
    there = account()
    library = Shelf(questions=[QA, QA._replace(question="Where are you?")])
    asks = bot(recommends=True)
    (_, further) = replies(told("v2", turn(there, asks, library)))
    cards = further["Contents"][0]["OptionCards"]
    assert cards[0] == "Where are you?"
    assert len(cards) == 3
    assert len(replies(told("v2", turn(there, bot(), library)))) == 1
    assert len(replies(told("v2", turn(there, asks, Shelf(rejected=True))))) == 1
    check("v1", told("v1", turn(there, asks, library)))


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_app_that_clarifies_asks_back_and_is_answered_with_a_card(version: str) -> None:
    there = account()
    library = Shelf(questions=[QA, QA._replace(name="Holidays", question="And on holidays?", answer="Closed.")])
    asks = bot(clarifies=True, clarify_keywords=("open",))
    events = told(version, turn(there, asks, library))
    check(version, events)
    assert answer(version, events)[1] == 15
    assert turn(there, asks, library).answer.option_cards == []
    cards = there.conversations.open("session-1", "1", "", 5, NOW).records[-1].option_cards
    assert cards == ["Opening hours", "Holidays"]
    assert used(there).total == 0
    assert answer(version, told(version, turn(there, asks, library, text="Holidays")))[1] == 5
    assert answer(version, told(version, turn(there, asks, library, text="What is this?")))[1] == 5


def test_several_questions_in_one_are_answered_each_by_itself_where_that_is_asked_for() -> None:
    there = account({"match": {"text": "Sunday"}, "content": "Closed."}, {"content": "Nine."})
    text = "When do you open? And on Sunday?"
    events = told("v2", turn(there, bot(), text=text, multi_intent=True))
    check("v2", events)
    assert answer("v2", events) == ("Nine.\n\nClosed.", 19)
    assert len(replies(events)) == 2
    check("v1", told("v1", turn(there, bot(), text=text, multi_intent=True)))
    assert answer("v2", told("v2", turn(there, bot(), text=text)))[1] == 1
    assert answer("v2", told("v2", turn(there, bot(), text="Open?", multi_intent=True)))[1] == 1


def test_the_first_of_several_agents_tells_its_plan_where_they_work_by_one() -> None:
    crew = (BotAgent(name="Boss"), BotAgent(name="Writer", instructions="Write it."), BotAgent(name="Critic"))
    events = told("v2", turn(account(), bot(pattern="agent", agents=crew, plans=True)))
    check("v2", events)
    plan = replies(events)[0]
    assert (plan["Type"], plan["ExtraInfo"]["AgentName"]) == ("plan", "Boss")
    assert [one["Content"] for one in plan["Contents"][0]["Tasks"]] == ["Write it.", "Critic"]


WAITING: dict[str, tuple[BotNode, dict[str, Any]]] = {
    "file_collection": (
        BotNode(id="a", name="Bring", type=25, output="Which file?", files=FileCollection(most=2)),
        {"files": [SentFile(name="a.txt")]},
    ),
    "widget": (
        BotNode(id="a", name="Show", type=27, output="When?", widget=Widget(id="calendar")),
        {"widgets": ["calendar"]},
    ),
}


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("kind", WAITING)
def test_a_workflow_waits_for_what_it_shows_to_be_answered(kind: str, version: str) -> None:
    there = account()
    node, given_then = WAITING[kind]
    workflow = msgspec.structs.replace(WORKFLOW, nodes=(node, BotNode(id="b", name="Say", type=10, output="Thanks.")))
    of = bot(pattern="single_workflow", workflow=workflow)
    events = told(version, turn(there, of))
    check(version, events)
    assert answer(version, events)[1] == 16
    (run,) = there.runs.of("1")
    assert run.state == 1
    if version == "v1":
        shown = [[data["payload"] for name, data in events if name == "reply"][-1]["work_flow"]["contents"]]
    else:
        shown = [message["Contents"][1:] for message in replies(events)]
    assert [one.get("type") or one["Type"] for one in shown[-1]] == [kind]
    assert answer(version, told(version, turn(there, of, **given_then))) == ("Thanks.", 17)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("pattern", ["standard", "agent"])
def test_the_tools_that_a_rule_wants_called_are_called_and_the_model_is_asked_again(pattern: str, version: str) -> None:
    calls = [{"name": "clock", "arguments": {"zone": "+08:00"}}, {"name": "weather"}]
    there = account(
        {"times": 1, "content": "I look it up.", "tool_calls": calls, "usage": {"input": 10, "output": 5}},
        {"content": "It is nine.", "usage": {"input": 20, "output": 4}},
    )
    reader = BotAgent(name="Reader", tools=(BotTool(name="clock", output='{"now":9}'),))
    of = bot(pattern=pattern, agents=(reader,) if pattern == "standard" else ())
    one = turn(there, of)
    events = told(version, one)
    check(version, events)
    assert answer(version, events)[0] == "It is nine."
    said = [(message.type, message.tool, message.status) for message in one.answer.messages]
    assert said == [
        ("thought", "", "success"),
        ("tool_call", "clock", "success"),
        ("tool_call", "weather", "success"),
        ("reply", "", "success"),
    ]
    assert one.answer.messages[0].text == "I look it up."
    if pattern == "standard":
        assert one.answer.messages[1].text == '{"now":9}'
    called = [step for step in one.answer.procedures if step.name == "tool_call"]
    assert [step.text for step in called] == ['{"zone":"+08:00"}', "{}"]
    models = used(there, sub_biz_type="KnowledgeQA")
    assert (models.calls, models.input, models.output) == (2, 30, 9)
    if version == "v1":
        steps = [data["payload"]["procedures"] for name, data in events if name == "thought"][-1]
        assert [step["name"] for step in steps] == ["thought", "clock", "weather"]


def test_a_rule_that_always_wants_its_tool_has_it_called_once_a_turn() -> None:
    there = account({"tool_calls": [{"name": "clock"}]})
    one = turn(there, bot())
    events = told("v2", one)
    check("v2", events)
    assert [message.type for message in one.answer.messages] == ["tool_call", "reply"]
    assert one.answer.content


def test_an_answer_under_way_is_stopped_in_what_is_restored() -> None:
    there = account({"content": "word " * 50})
    course = turn(there, bot()).course()
    for _ in range(8):
        next(course)
    again = Conversations()
    again.restored(there.conversations.saved())
    (conversation,) = again.select()
    assert [record.status for record in conversation.records] == ["success", "stop"]
    course.close()


def refused(there: Account, of: Bot) -> int:
    """The code with which a question is refused; 0 for one that is answered."""
    try:
        told("v2", turn(there, of))
    except DialogueError as error:
        return error.code
    return 0


LIMITS: list[tuple[str, str, dict[str, int], int, int]] = [
    ("app", "1", {"questions_per_second": 1}, 460031, 1),
    ("app", "1", {"tokens_per_minute": 5}, 460721, 60),
    ("app", "1", {"questions_per_minute": 1}, 460722, 60),
    ("app", "1", {"tokens_per_day": 5}, 460723, 86_400),
    ("space", "s", {"tokens_per_minute": 5}, 460711, 60),
    ("space", "s", {"questions_per_minute": 1}, 460712, 60),
    ("space", "s", {"tokens_per_day": 5}, 460713, 86_400),
]


@pytest.mark.parametrize(("whose", "id", "limit", "code", "window"), LIMITS, ids=[str(row[3]) for row in LIMITS])
def test_an_app_or_a_space_is_asked_no_more_than_it_may_be(
    whose: Any, id: str, limit: dict[str, int], code: int, window: int
) -> None:
    there, of = account(), bot(space="s")
    there.dialogue_limits.limits = (Named(whose, id, DialogueLimit(**limit)),)
    assert [refused(there, of) for _ in range(3)] == [0, code, code]
    again = DialogueLimits()
    again.restored(there.dialogue_limits.saved())
    assert again.saved() == there.dialogue_limits.saved()
    there.clock.advance(window)
    assert refused(there, of) == 0
    assert refused(there, bot(app="2", space="other")) == 0
    conversation = there.conversations.open("session-1", "1", "", 5, NOW)
    assert len(conversation.records) == 4


def test_places_that_all_models_share_have_another_code_than_dedicated_ones() -> None:
    there = account()
    there.assumptions = msgspec.structs.replace(there.assumptions, shared_concurrency=1)
    there.concurrency.enter("cs-normal", NOW)
    assert refused(there, bot()) == 460011
    there.billing.resources.buy("concurrency", 1, NOW, models=["cs-normal"], period="month", price=0)
    assert refused(there, bot()) == 460701


def test_dedicated_concurrency_that_has_ended_is_what_is_missing() -> None:
    there = account()
    package = there.billing.resources.buy("concurrency", 1, NOW, models=["cs-normal"], period="month", price=0)
    there.clock.advance(7200)
    there.billing.switch("KnowledgeQA", False, there.uin, there.clock.now())
    there.billing.resources.expire(package.id, there.clock.now())
    there.clock.advance(60)
    assert refused(there, bot()) == 460702
    assert refused(there, bot(model="another")) == 460032


def test_a_stop_as_soon_as_a_plan_is_begun_leaves_it_whole() -> None:
    there = account({"content": "word " * 20, "shows": {"tasks": ["Look", "Write"]}})
    one = turn(there, bot())
    told = []
    for event in Version2(one, "zh-CN", there.assumptions, True).events(one.course()):
        assert not isinstance(event, Wait | Cut)
        told.append((event.name, event.data.decode()))
        if event.name == "message.added":
            one.stop()
    decoded = [(name, data if name == "done" else msgspec.json.decode(data)) for name, data in told]
    check("v2", decoded)
    assert [message.type for message in one.answer.messages] == ["plan"]
    assert one.answer.status == "stop"
