"""What the dialogue endpoints are assumed to do, as it can be seen from outside."""

from typing import Any

import pytest

from contract_tests.cloud.posting import events, post
from contract_tests.conftest import KeyTarget
from contract_tests.gateway.wire import Heard

CONVERSATION = "lke-emulator-verify-0123456789ab"
QUESTION = "When are you open?"


def v1(target: KeyTarget, key: str) -> Heard:
    body = {"session_id": CONVERSATION, "bot_app_key": key, "visitor_biz_id": "verify", "content": QUESTION}
    return post(f"{target.url}/v1/qbot/chat/sse", body)


def v2(target: KeyTarget, key: str, **members: Any) -> Heard:
    body = {"ConversationId": CONVERSATION, "AppKey": key, "Contents": [{"Type": "text", "Text": QUESTION}], **members}
    return post(f"{target.url}/adp/v2/chat", body)


def replies(heard: Heard) -> list[Any]:
    return [data["payload"] for name, data in events(heard) if name == "reply"]


@pytest.mark.assumes("v1_error_shape", "dialogue_language")
def test_a_wrong_key_is_told_in_the_payload_and_beside_it_in_chinese(dialogue_target: KeyTarget) -> None:
    ((name, data),) = events(v1(dialogue_target, "of-nobody"))
    assert name == "error"
    told = data.get("payload", {}).get("error")
    assert data.get("error") == told
    assert any(character > "\u4e00" for character in told["message"])


@pytest.mark.assumes("dialogue_content_type")
def test_events_come_without_a_charset(dialogue_target: KeyTarget) -> None:
    headers = {name.lower(): value for name, value in v1(dialogue_target, "of-nobody").headers.items()}
    assert headers["content-type"] == "text/event-stream"


@pytest.mark.assumes("v2_request_id_check")
def test_a_short_request_id_is_refused(dialogue_target: KeyTarget) -> None:
    told = dict(events(v2(dialogue_target, dialogue_target.opened(), VisitorId="verify", RequestId="x")))
    assert list(told) == ["error"]
    assert str(told["error"]["Error"]["Code"]) == "400"


@pytest.mark.costs
@pytest.mark.assumes("v1_echo_is_final", "v1_can_rating")
def test_the_echo_is_final_and_the_last_reply_alone_can_be_rated(dialogue_target: KeyTarget) -> None:
    echo, *answer = replies(v1(dialogue_target, dialogue_target.opened()))
    assert (echo["is_from_self"], echo["is_final"], echo["can_rating"]) == (True, True, False)
    assert [reply["can_rating"] for reply in answer] == [reply["is_final"] for reply in answer]


@pytest.mark.costs
@pytest.mark.assumes("v2_require_user", "v2_frame_extras")
def test_nobody_needs_a_name_and_every_event_has_its_moment(dialogue_target: KeyTarget) -> None:
    told = events(v2(dialogue_target, dialogue_target.opened()))
    assert "error" not in [name for name, _ in told]
    assert all("Timestamp" in data and data.get("RecordId") == "" for name, data in told if name != "done")


@pytest.mark.costs
@pytest.mark.assumes("v2_content_added_text")
def test_a_content_is_added_without_its_text(dialogue_target: KeyTarget) -> None:
    added = [data for name, data in events(v2(dialogue_target, dialogue_target.opened())) if name == "content.added"]
    assert added
    assert not any("Text" in data["Content"] for data in added)
