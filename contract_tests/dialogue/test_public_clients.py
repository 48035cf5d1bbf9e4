"""The dialogue endpoints with public clients of other languages: socket.io-client of Node and Java, and an EventSource parser."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.clients.toolchains import TOOLCHAINS, Toolchain, java, node, ready
from contract_tests.dialogue.conftest import CONVERSATION, Talk, text_of
from contract_tests.dialogue.grammar import check
from contract_tests.dialogue.test_sockets import ASK1, ASK2, V1, V2

__all__ = ["java", "node"]
SPOKEN = {"v1": (V1, "send", ASK1), "v2": (V2, "request", ASK2)}
TOLD: dict[str, tuple[str, dict[str, Any]]] = {
    "v1": (
        "/v1/qbot/chat/sse",
        {"session_id": "session-1", "bot_app_key": "shop-key", "visitor_biz_id": "v", "content": "When are you open?"},
    ),
    "v2": (
        "/adp/v2/chat",
        {
            "ConversationId": CONVERSATION,
            "AppKey": "shop-key",
            "VisitorId": "v",
            "Contents": [{"Type": "text", "Text": "When are you open?"}],
        },
    ),
}


@pytest.fixture(params=[each for each in TOOLCHAINS if each.name != "go"], ids=lambda each: each.name)
def toolchain(request: pytest.FixtureRequest) -> Toolchain:
    """Go has no client of Socket.IO that is much used."""
    return ready(request.param)


def new(question: Any, number: int) -> Any:
    """The same in a conversation of its own."""
    if "payload" in question:
        return question | {"payload": question["payload"] | {"session_id": f"session-{number}"}}
    return question | {"Request": question["Request"] | {"ConversationId": f"{CONVERSATION[:-1]}{number}"}}


def test_questions_are_answered_over_sockets(toolchain: Toolchain, talk: Talk, token: Callable[..., str]) -> None:
    """Of both versions and over each transport, by one process: to start one takes a hundred times as long as to ask."""
    ways = [
        (version, transports)
        for version in SPOKEN
        for transports in (["websocket"], ["polling"], ["polling", "websocket"])
    ]
    asked = [
        {"path": path, "name": name, "question": new(question, number), "token": token(), "transports": transports}
        for number, (version, transports) in enumerate(ways)
        for path, name, question in [SPOKEN[version]]
    ]
    answers = toolchain.own("sockets").told({"url": talk.url, "asked": asked})
    expected = text_of(talk.v1(session_id="another"))
    for (version, transports), told in zip(ways, answers, strict=True):
        assert told["why"] in transports, version
        events = [(one, data) for one, data in told["events"]]
        check(version, events)
        assert text_of(events) == expected, (version, transports)


def test_a_token_that_is_not_good_is_told_as_it_is_by_the_service(toolchain: Toolchain, talk: Talk) -> None:
    asked = [
        {"path": SPOKEN[version][0], "token": "nobody's", "transports": ["websocket"], "name": "", "question": {}}
        for version in SPOKEN
    ]
    for version, told in zip(SPOKEN, toolchain.own("sockets").told({"url": talk.url, "asked": asked}), strict=True):
        ((name, data),) = told["events"]
        error = data["payload"]["error"] if version == "v1" else data
        assert (name, error.get("code", error.get("Code"))) == ("error", 460001), version
        assert told["why"] == "disconnect io server disconnect", version


@pytest.mark.parametrize("version", TOLD)
@pytest.mark.parametrize("incremental", [False, True])
def test_events_are_read_by_an_event_source_parser(
    node: Toolchain, talk: Talk, version: str, incremental: bool
) -> None:
    path, question = TOLD[version]
    member = "incremental" if version == "v1" else "Incremental"
    told = node.own("events").told({"url": talk.url + path, "question": {**question, member: incremental}})
    assert (told["type"], told["others"]) == ("text/event-stream", [])
    events = [(name, data if data == "[DONE]" else json.loads(data)) for name, data in told["events"]]
    check(version, events)
    assert events[-1][0] == ("token_stat" if version == "v1" else "done")
