"""Content moderation in chats."""

from typing import Any

import pytest

from contract_tests.openai.conftest import HELLO, Endpoint
from contract_tests.openai.test_chat import say
from lke_emulator.models.moderation import Moderation


def ends(client: Any, messages: Any) -> Any:
    return client.chat.completions.create(model="gpt-4o", messages=messages).choices[0].finish_reason


def test_a_word_stops_a_question_and_an_answer(endpoint: Endpoint, client: Any) -> None:
    endpoint.account.moderation = Moderation(["fireworks"])
    endpoint.rules({"match": {"text": "party"}, "content": "Bring FIREWORKS"})
    assert ends(client, say("How do fireworks work?")) == "content_filter"
    assert ends(client, say("What do I bring to a party?")) == "content_filter"
    assert ends(client, HELLO) == "stop"
    endpoint.account.moderation.disable()
    assert ends(client, say("How do fireworks work?")) == "stop"


@pytest.mark.parametrize("text", ["fireworks", "如何制作fireworks？"])
def test_what_is_stopped_is_told_nothing_of_it(endpoint: Endpoint, client: Any, text: str) -> None:
    endpoint.account.moderation = Moderation(["fireworks"])
    with client.chat.completions.create(model="deepseek-r1", messages=say(text), stream=True) as stream:
        chunks = list(stream)
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said
    assert "fireworks" not in said
    assert chunks[-2].choices[0].finish_reason == "content_filter"
    assert chunks[-1].usage.completion_tokens == endpoint.used().output


def test_a_rule_may_word_the_refusal(endpoint: Endpoint, client: Any) -> None:
    endpoint.account.moderation = Moderation(["fireworks"])
    endpoint.rules({"match": {"text": "fireworks"}, "content": "No.", "finish_reason": "content_filter"})
    choice = client.chat.completions.create(model="gpt-4o", messages=say("fireworks")).choices[0]
    assert (choice.message.content, choice.finish_reason) == ("No.", "content_filter")
