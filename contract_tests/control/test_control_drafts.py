"""Talking to the draft of an app by control."""

import json
from typing import Any

import httpx
import pytest

from contract_tests.conftest import Control
from contract_tests.control.admin import Admin

APP = "1869780897737944446"
CONVERSATION = "a29bae68-cb1c-489d-8097-6be78f136acf"


@pytest.fixture
def modes(emulator: Control) -> str:
    emulator.load("three-modes")
    return next(iter(emulator.world.accounts))


def said(url: str, uin: str, content: str) -> list[tuple[str, Any]]:
    path = f"{url}/_emulator/accounts/{uin}/apps/{APP}/talk"
    return events(httpx.post(path, json={"content": content, "session_id": CONVERSATION}))


def events(answer: httpx.Response) -> list[tuple[str, Any]]:
    assert answer.headers["content-type"] == "text/event-stream", answer.text
    blocks = [block.split("\n", 1) for block in answer.text.strip().split("\n\n")]
    return [(event.partition(":")[2].strip(), json.loads(data.partition(":")[2])) for event, data in blocks]


def last_reply(told: list[tuple[str, Any]]) -> Any:
    return [frame["payload"]["content"] for event, frame in told if event == "reply"][-1]


def test_the_draft_answers_what_is_not_released_yet(admin: Admin, modes: str, lke: Any) -> None:
    qa = {"BotBizId": APP, "Question": "When?", "Answer": "At six.", "AttrRange": 1}
    lke.call_json("CreateQA", qa)
    admin.post(f"/accounts/{modes}/clock/advance", by="1h")
    assert last_reply(said(admin.url, modes, "When?")) == "At six."
    body = {"bot_app_key": "local-summary", "visitor_biz_id": "x", "session_id": CONVERSATION, "content": "When?"}
    assert last_reply(events(httpx.post(f"{admin.url}/v1/qbot/chat/sse", json=body))) != "At six."


def test_what_is_said_to_a_draft_is_a_call_like_others(admin: Admin, modes: str) -> None:
    said(admin.url, modes, "Hello")
    (call,) = admin.get("/journal")["calls"]
    assert (call["Action"], call["Verdict"], call["Streamed"]) == ("dialogue.v1.sse", "ok", True)
    assert call["OutputTokens"] > 0


def test_a_stopped_app_refuses_in_one_event(admin: Admin, modes: str) -> None:
    admin.patch(f"/accounts/{modes}/apps/{APP}", disabled=True)
    ((event, _),) = said(admin.url, modes, "Hello")
    assert event == "error"


def test_there_is_no_draft_of_an_app_that_is_not_there(admin: Admin, modes: str) -> None:
    admin.refused(404, "POST", f"/accounts/{modes}/apps/1/talk", content="x", session_id=CONVERSATION)
