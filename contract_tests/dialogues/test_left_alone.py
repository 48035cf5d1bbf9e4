"""What is under way when its process is killed, or where its account is restored or copied: nobody goes on with a turn, and
what takes time on the account's clock ends as it would have."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_tests.lke.asked import asked
from contract_tests.lke.saving import save_params
from contract_tests.lke.worlds import PLAIN, ROOT, SHOP
from contract_tests.scenario.scenario_text import world_of
from lke_emulator.account.account import Account
from lke_emulator.account.call import Wait
from lke_emulator.account.snapshot import copied_account, read_snapshot, restore, save, write
from lke_emulator.dialogue.beats import Beat
from lke_emulator.dialogue.bots import enter
from lke_emulator.dialogue.turn import Turn
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.question import Question
from lke_emulator.dialogues.run import CANCELLED, RUNNING, SUCCESS
from lke_emulator.durable.data_dir import DataDir, ScenarioFile

FLOW = "1900000000000000002"
APPS = f"""apps:
      - name: Flow
        biz_id: {FLOW}
        key: flow-key
        pattern: single_workflow
        workflow:
          name: Read
          nodes: [{{ type: start }}, {{ type: option_card, option_cards: [Yes] }}, {{ type: llm }}, {{ type: end }}]
"""
SCENARIO = PLAIN.replace("apps:\n", APPS).replace(
    "    billing:", "    chat: [{ match: { text: 'Yes' }, content: 'So be it', delay: 9 }]\n    billing:"
)
RELEASED, FINISHED = 3, (10, 12)
Left = Callable[[Account], Account]


@pytest.fixture
def account() -> Account:
    return world_of(SCENARIO).accounts[ROOT]


def restored(account: Account) -> Account:
    return restore(save(account))


def read_again(account: Account) -> Account:
    return restore(read_snapshot(write(save(account))))


def copied(account: Account) -> Account:
    return copied_account(save(account), "100000000077", chance=7)


@pytest.fixture
def killed(tmp_path: Path) -> Left:
    """As the next process finds it."""

    def left(account: Account) -> Account:
        kept = world_of(SCENARIO)
        kept.accounts[ROOT] = account
        data_dir = DataDir(tmp_path / "kept")
        data_dir.begin(kept, ScenarioFile("left.yaml", "digest", None))
        shutil.copytree(tmp_path / "kept", tmp_path / "left")
        data_dir.close()
        found = DataDir(tmp_path / "left")
        again = found.read()
        found.close()
        assert again is not None
        return again.accounts[ROOT]

    return left


@pytest.fixture(params=["restored", "read_again", "copied", "killed"])
def left(request: pytest.FixtureRequest, killed: Left) -> Left:
    ways: dict[str, Left] = {"restored": restored, "read_again": read_again, "copied": copied, "killed": killed}
    return ways[request.param]


def asks(account: Account, text: str) -> Iterator[Beat]:
    """The course of a turn."""
    now, assumptions = account.clock.now(), account.assumptions
    door = enter(account, account.apps.get(FLOW), False, {}, now, assumptions.dialogue_unreleased)
    conversation = account.conversations.open("a-conversation", FLOW, "visitor", 5, now)
    turn = Turn(
        account,
        door.bot,
        door.library,
        conversation,
        Question(text=text),
        visitor="visitor",
        caller=account.uin,
        request_id="r",
        now=now,
        assumptions=assumptions,
    )
    return turn.course()


def answer_of(account: Account) -> MsgRecord:
    conversation = account.conversations.find("a-conversation", FLOW)
    assert conversation is not None
    return conversation.records[-1]


def test_a_turn_that_nobody_goes_on_with_has_stopped(account: Account, left: Left) -> None:
    course = asks(account, "Yes")
    while not (isinstance(beat := next(course), Wait) and beat.seconds):
        pass
    (run,) = account.runs.of(FLOW)
    assert (run.state, answer_of(account).status) == (RUNNING, "processing")
    other = left(account)
    (cut,) = other.runs.of(FLOW)
    assert cut.state == CANCELLED
    assert cut.ended >= cut.started
    assert RUNNING not in {node.state for node in cut.nodes}
    answer = answer_of(other)
    assert answer.status == "stop"
    assert {procedure.run.state for procedure in answer.procedures if procedure.run} == {CANCELLED}
    told = asked(other, "lke.DescribeWorkflowRun", AppBizId=FLOW, WorkflowRunId=cut.id)["WorkflowRun"]
    assert told["State"] == CANCELLED
    assert list(course)
    assert (run.state, answer_of(account).status) == (SUCCESS, "success")


def test_a_run_that_waits_for_an_answer_goes_on_waiting(account: Account, left: Left) -> None:
    assert list(asks(account, "Hello"))
    other = left(account)
    (run,) = other.runs.of(FLOW)
    assert run.state == RUNNING
    asked(other, "adp.ResumeWorkflowRun", AppId=FLOW, WorkflowRunId=run.id, Query="Yes")
    assert other.runs.of(FLOW)[0].state == SUCCESS


def states(account: Account, ids: dict[str, Any]) -> dict[str, object]:
    """What has become of everything that was begun."""
    bot = {"BotBizId": SHOP}
    task = asked(account, "lke.GetTaskStatus", **bot, TaskId=ids["task"], TaskType="ModifyAttributeLabel")
    run = asked(account, "lke.DescribeWorkflowRun", AppBizId=FLOW, WorkflowRunId=ids["run"])
    return {
        "document": asked(account, "lke.DescribeDoc", **bot, DocBizId=ids["document"])["Status"],
        "generating": asked(account, "lke.ListDoc", **bot, PageNumber=1, PageSize=9)["List"][-1]["IsCreatingQa"],
        "questions": asked(account, "lke.ListQA", **bot, PageNumber=1, PageSize=9)["Total"],
        "release": asked(account, "lke.DescribeRelease", **bot, ReleaseBizId=ids["release"])["Status"],
        "task": task["Status"],
        "run": run["WorkflowRun"]["State"],
        "nodes": [node["State"] for node in run["NodeRuns"]],
    }


@pytest.mark.parametrize("back", [0, 86_400])
def test_what_takes_time_ends_as_it_would_have(account: Account, left: Left, back: float) -> None:
    bot = {"BotBizId": SHOP}
    learned = asked(account, "lke.SaveDoc", **save_params("a.txt", b"Lamps are made of oak.", EnableScope=4))[
        "DocBizId"
    ]
    account.clock.advance(60)
    attribute = asked(account, "lke.CreateAttributeLabel", **bot, AttrName="Who", Labels=[{"LabelName": "All"}])[
        "AttrBizId"
    ]
    ids = {
        "release": asked(account, "lke.CreateRelease", **bot)["ReleaseBizId"],
        "document": asked(account, "lke.SaveDoc", **save_params("b.txt", b"Chairs are made of ash."))["DocBizId"],
        "task": asked(
            account, "lke.ModifyAttributeLabel", **bot, AttributeBizId=attribute, AttrKey="who", AttrName="Whom"
        )["TaskId"],
        "run": asked(account, "lke.CreateWorkflowRun", AppBizId=FLOW, RunEnv=0, Query="Yes")["WorkflowRunId"],
    }
    asked(account, "lke.GenerateQA", **bot, DocBizIds=[learned])
    began = states(account, ids)
    other = left(account)
    assert states(other, ids) == began
    other.clock.advance(-back)
    other.clock.advance(back + 86_400)
    account.clock.advance(86_400)
    ended = states(account, ids)
    assert states(other, ids) == ended
    assert ended["document"] in FINISHED
    assert (ended["release"], ended["task"], ended["run"], ended["generating"]) == (RELEASED, "SUCCESS", SUCCESS, False)
    assert began["run"] == RUNNING
