"""What a scenario makes the models say, and how it makes them fail."""

import json
from typing import Any

import pytest
from openai import APIStatusError, InternalServerError, RateLimitError

from contract_tests.openai.conftest import HELLO, LABEL, Endpoint, refused
from contract_tests.openai.test_chat import say


def content(client: Any, model: str = "gpt-4o", messages: Any = HELLO) -> Any:
    return client.chat.completions.create(model=model, messages=messages).choices[0].message.content


def test_the_first_rule_that_fits_holds(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules(
        {"match": {"model": "deepseek-*", "text": "Hell"}, "content": "both"},
        {"match": {"model": "deepseek-*"}, "content": "model"},
        {"match": {"regex": "^[a-z]+$"}, "content": "regex"},
        {"match": {"key": "Contract*"}, "content": "key"},
    )
    assert content(client, "deepseek-chat") == "both"
    assert content(client, "deepseek-chat", say("Good bye")) == "model"
    assert content(client, "gpt-4o", say("lower")) == "regex"
    assert content(client) == "key"
    _, other = endpoint.create_key("Other")
    assert content(endpoint.client(other)) not in ("both", "model", "regex", "key", None)


def test_a_rule_looks_at_the_users_last_message(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"match": {"text": "first"}, "content": "matched"})
    messages = [*say("first"), {"role": "assistant", "content": "yes"}, *say("second")]
    assert content(client, messages=messages) != "matched"
    assert content(client, messages=[{"role": "system", "content": "be kind"}, *say("the first")]) == "matched"


def test_a_rule_gives_everything_word_for_word(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules(
        {
            "content": "The answer",
            "reasoning": "A thought",
            "tool_calls": [{"name": "look_up", "arguments": {"词": "光", "n": 2}}],
            "finish_reason": "length",
            "usage": {"input": 1000, "output": 2000},
        }
    )
    completion = client.chat.completions.create(model="gpt-4o", messages=HELLO, max_tokens=1)
    choice = completion.choices[0]
    assert choice.message.content == "The answer"
    assert choice.message.model_extra["reasoning_content"] == "A thought"
    assert choice.message.tool_calls[0].function.name == "look_up"
    assert json.loads(choice.message.tool_calls[0].function.arguments) == {"词": "光", "n": 2}
    assert choice.finish_reason == "length"
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (1000, 2000)
    assert endpoint.used()[:3] == (1, 1000, 2000)


def test_a_rule_without_words_changes_the_course_alone(endpoint: Endpoint, client: Any) -> None:
    before = content(client)
    endpoint.rules({"usage": {"output": 5}})
    completion = client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert completion.choices[0].message.content == before
    assert completion.usage.completion_tokens == 5


def test_a_model_fails_twice_and_then_answers(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"times": 2, "error": {"status": 503, "message": "The model is overloaded", "code": "overloaded"}})
    for _ in range(2):
        error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
        assert (error.status_code, error.code, error.body["message"]) == (503, "overloaded", "The model is overloaded")
        assert isinstance(error, InternalServerError)
    assert content(client)
    assert endpoint.used().calls == 1


def test_a_caller_can_fall_back_when_one_model_fails(endpoint: Endpoint, client: Any) -> None:
    """GW-12."""
    endpoint.rules({"match": {"model": "deepseek-chat"}, "error": {}})

    def ask(*models: str) -> Any:
        for model in models:
            try:
                return client.chat.completions.create(model=model, messages=HELLO).model
            except InternalServerError:
                continue
        raise AssertionError("all failed")

    assert ask("deepseek-chat", "qwen-plus") == "qwen-plus"


@pytest.mark.parametrize(("code", "status"), [("20031", 429), ("20034", 429), ("20059", 400)])
def test_a_documented_code_brings_its_own_status_and_body(
    endpoint: Endpoint, client: Any, code: str, status: int
) -> None:
    """The statuses are the defaults of the open point `openai_error_status`."""
    endpoint.rules({"error": {"code": code}})
    error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO, stream=True)
    assert (error.status_code, error.code, error.type, error.param) == (status, code, "runtime_error", None)


def test_the_status_of_a_documented_code_is_a_setting(endpoint: Endpoint, client: Any) -> None:
    statuses = endpoint.world.assumptions.openai_error_status
    endpoint.assume(openai_error_status=type(statuses)(not_enough_quota=402))
    endpoint.rules({"error": {"code": "20031"}})
    assert refused(client.chat.completions.create, model="gpt-4o", messages=HELLO).status_code == 402


def test_a_reply_that_takes_longer_than_the_limit_is_a_timeout(endpoint: Endpoint, client: Any) -> None:
    """GW-34, with a shorter limit than its 120 seconds."""
    assert endpoint.world.assumptions.request_timeout_s == 120
    endpoint.assume(request_timeout_s=0.02)
    endpoint.rules({"content": "word", "delay": 3600})
    error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
    assert (error.status_code, error.code) == (504, "timeout")
    assert endpoint.used().calls == 0


def test_a_delayed_reply_is_given_whole(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"content": "word by word", "delay": 0.01, "delay_per_token": 0.001})
    assert content(client) == "word by word"


def test_rules_count_for_one_account_alone(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"times": 1, "match": {"key": LABEL}, "error": {"code": "20034"}})
    with pytest.raises(RateLimitError):
        content(client)
    assert content(client)


def test_a_rule_whose_pattern_is_none_is_refused_with_its_place(endpoint: Endpoint) -> None:
    with pytest.raises(ValueError, match=r"chat\.1\.match\.regex: .*missing \)"):
        endpoint.rules({}, {"match": {"regex": "("}})


def test_status_errors_are_the_clients_own_kind(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"error": {"status": 429, "code": "slow_down"}})
    with pytest.raises(RateLimitError) as caught:
        content(client)
    assert isinstance(caught.value, APIStatusError)
