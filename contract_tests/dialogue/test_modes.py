"""The modes of apps (RL-35) as the shipped scenario has them: standard, single workflow, multi-agent."""

from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control
from contract_tests.dialogue.conftest import CONVERSATION, Talk, text_of


@pytest.fixture
def modes(emulator: Control) -> Talk:
    talk = Talk(emulator)
    talk.account = emulator.load("three-modes").accounts["100000000001"]
    return talk


def completed(events: list[tuple[str, Any]]) -> dict[str, Any]:
    record: dict[str, Any] = next(data["Response"] for name, data in events if name == "response.completed")
    return record


def test_a_content_summary_assistant_answers_by_its_model(modes: Talk) -> None:
    record = completed(modes.v2("Lighthouses guide ships.", AppKey="local-summary"))
    assert record["ExtraInfo"]["ReplyMethod"] == 1
    assert record["ExtraInfo"]["FromName"] == "Content Summary Assistant"


def test_a_scraping_assistant_answers_through_the_run_of_its_workflow(modes: Talk, lke: LkeClient) -> None:
    events = modes.v1("What does https://shop.example.com/lighthouse cost?", bot_app_key="local-scraping")
    final = [data["payload"] for name, data in events if name == "reply"][-1]
    assert final["reply_method"] == 17
    assert "48 dollars" in final["content"]
    stats = [data["payload"]["procedures"][0] for name, data in events if name == "token_stat"]
    nodes = stats[-1]["debugging"]["work_flow"]["run_nodes"]
    assert [(node["node_type"], node["status"]) for node in nodes] == [(1, 2), (8, 2), (3, 2), (10, 2), (16, 2)]
    assert "48 dollars" in nodes[1]["output"]
    grown = [len(one["debugging"]["work_flow"]["run_nodes"]) for one in stats]
    assert grown == sorted(grown)
    assert len(set(grown)) > 2
    token = lke.call_json("GetWsToken", {"Type": 5, "BotAppKey": "local-scraping"})["Response"]
    assert (token["Pattern"], token["SingleWorkflow"]["WorkflowName"]) == ("single_workflow", "Read a page")


def test_the_run_that_a_dialogue_made_can_be_looked_at(modes: Talk, lke: LkeClient) -> None:
    events = modes.v1("What does https://shop.example.com/lighthouse cost?", bot_app_key="local-scraping")
    final = [data["payload"] for name, data in events if name == "reply"][-1]
    app = modes.account.conversations.select()[0].app
    asked = {"AppBizId": app, "WorkflowRunId": final["work_flow"]["workflow_run_id"]}
    run = lke.call_json("DescribeWorkflowRun", asked)["Response"]["WorkflowRun"]
    assert run["State"] == 2
    assert run["Query"].startswith("What does")


def test_the_agents_of_a_comedy_assistant_are_named_in_their_replies(modes: Talk, lke: LkeClient) -> None:
    events = modes.v2("Make me laugh", AppKey="local-comedy")
    record = completed(events)
    assert record["ExtraInfo"]["ReplyMethod"] == 18
    replies = [one for one in record["Messages"] if one["Type"] == "reply"]
    assert [one["ExtraInfo"]["AgentName"] for one in replies] == ["Writer", "Critic"]
    assert all(one["ExtraInfo"]["IsSubAgent"] for one in replies)
    calls = {one["MessageId"] for one in record["Messages"] if one["Type"] == "tool_call"}
    assert {one["ExtraInfo"]["ParentMessageId"] for one in replies} <= calls
    assert "progress bar" in replies[0]["Contents"][0]["Text"]
    tools = [one["ExtraInfo"]["ToolName"] for one in record["Messages"] if one["Type"] == "tool_call"]
    assert tools == ["transfer_to_agent", "find_topics", "transfer_to_agent"]
    thoughts = [
        data["payload"]["procedures"]
        for name, data in modes.v1("Again", bot_app_key="local-comedy")
        if name == "thought"
    ]
    assert {step["source_agent_name"] for step in thoughts[-1]} >= {"Host", "Writer"}
    app = next(app for app in modes.account.apps if app.key == "local-comedy")
    listed = lke.call_json("DescribeAppAgentList", {"AppBizId": app.biz_id})["Response"]["Agents"]
    assert [one["Name"] for one in listed] == ["Host", "Writer", "Critic"]
    assert text_of(events)


SHOWING = """
deterministic: true
accounts:
  - uin: 100000000009
    clock: { frozen_at: 1790000000 }
    credentials: [{ secret_id: AKIDlocal, secret_key: local-secret-key }]
    apps:
      - name: Shop
        key: shop-key
        greeting: Welcome.
        opening_questions: [When are you open?]
        recommends: true
        clarifies: true
        questions:
          - { question: When are you open on Monday?, answer: From nine. }
          - { question: When are you open on Sunday?, answer: Never. }
    chat:
      - match: { text: appointment }
        content: Choose a day.
        shows: { widget: { id: calendar, view: "{}" } }
    billing: { postpaid: all, balance: 1000 }
"""


def test_what_an_app_is_set_up_to_show_is_told_by_its_actions_and_its_answers(
    emulator: Control, lke: LkeClient
) -> None:
    talk = Talk(emulator)
    talk.account = emulator.load(SHOWING).accounts["100000000009"]
    app = next(iter(talk.account.apps)).biz_id
    told = lke.call_json("DescribeApp", {"AppBizId": app})["Response"]["AppConfig"]["KnowledgeQa"]
    assert (told["Greeting"], told["OpeningQuestions"]) == ("Welcome.", ["When are you open?"])
    assert (told["Output"]["UseRecommended"], told["Output"]["UseQuestionClarify"]) == (True, True)
    asked_back = completed(talk.v2("When are you open?"))
    assert asked_back["ExtraInfo"]["ReplyMethod"] == 15
    cards = asked_back["Messages"][0]["Contents"][1]["OptionCards"]
    answer = completed(talk.v2(cards[0]))
    assert answer["ExtraInfo"]["ReplyMethod"] == 5
    assert [one["Type"] for one in answer["Messages"]] == ["reply", "recommendation"]
    widget = completed(talk.v2("An appointment, please"))["Messages"][0]["Contents"][1]["Widget"]
    listed = lke.call_json("GetMsgRecord", {"Type": 5, "Count": 10, "SessionId": CONVERSATION, "BotAppKey": "shop-key"})
    assert [one["WidgetRunId"] for one in listed["Response"]["Records"][-1]["Widgets"]] == [widget["WidgetRunId"]]
