"""Limits of a key and a model: requests and tokens a minute, calls in flight, on the account's clock."""

from typing import Any

import pytest
from openai import RateLimitError

from contract_tests.openai.conftest import HELLO, LABEL, Endpoint, refused
from contract_tests.openai.test_chat import say


def ask(client: Any, model: str = "gpt-4o") -> Any:
    return client.chat.completions.create(model=model, messages=HELLO)


def test_the_request_after_the_last_one_waits_for_the_next_minute(endpoint: Endpoint, client: Any) -> None:
    """GW-35: the refusal is temporary."""
    endpoint.assume(limit_clock="account")
    endpoint.account.clock.freeze(1_742_452_800 + 18)
    endpoint.limits({"requests_per_minute": 3})
    for _ in range(3):
        ask(client)
    error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
    assert isinstance(error, RateLimitError)
    assert error.code == "rate_limit_exceeded"
    assert error.response.headers["retry-after"] == "42"
    endpoint.account.clock.advance(41)
    assert isinstance(refused(client.chat.completions.create, model="gpt-4o", messages=HELLO), RateLimitError)
    endpoint.account.clock.advance(1)
    assert ask(client)


def test_tokens_of_a_minute_are_counted_with_the_answers(endpoint: Endpoint, client: Any) -> None:
    endpoint.assume(limit_clock="account")
    endpoint.limits({"tokens_per_minute": 150})
    endpoint.rules({"usage": {"input": 30, "output": 70}})
    ask(client)
    ask(client)
    error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
    assert "150 tokens per minute" in error.body["message"]
    endpoint.account.clock.advance(60)
    assert ask(client)


def test_a_limit_is_of_one_key_and_one_model(endpoint: Endpoint, client: Any) -> None:
    endpoint.limits({"model": "gpt-*", "requests_per_minute": 1}, {"key": "Other", "requests_per_minute": 2})
    ask(client)
    refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
    for _ in range(3):
        ask(client, "qwen-max")
    _, secret = endpoint.create_key("Other")
    other = endpoint.client(secret)
    ask(other)  # a window of its own under the same limit
    refused(other.chat.completions.create, model="gpt-4o", messages=HELLO)
    ask(other, "qwen-max")
    ask(other, "qwen-max")
    refused(other.chat.completions.create, model="qwen-max", messages=HELLO)


def test_the_general_limit_holds_where_no_other_does(endpoint: Endpoint, client: Any) -> None:
    general = endpoint.world.assumptions.gateway_limits
    endpoint.assume(gateway_limits=type(general)(requests_per_minute=1))
    endpoint.limits({"key": LABEL, "model": "glm-4"})
    for _ in range(3):
        ask(client, "glm-4")
    ask(client)
    refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)


def test_a_call_in_flight_holds_its_place(endpoint: Endpoint, client: Any) -> None:
    endpoint.limits({"concurrency": 1})
    endpoint.rules({"match": {"text": "slowly"}, "content": "word " * 9, "delay_per_token": 60})
    with client.chat.completions.create(model="gpt-4o", messages=say("slowly"), stream=True) as stream:
        next(stream)
        error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
        assert (error.status_code, error.code, error.type) == (429, "20034", "runtime_error")
        assert ask(client, "glm-4")


def test_a_stream_that_was_read_to_its_end_has_left_its_place(endpoint: Endpoint, client: Any) -> None:
    endpoint.limits({"concurrency": 1})
    for _ in range(3):
        with client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True) as stream:
            assert list(stream)[-1].usage


@pytest.mark.parametrize("body", [{"messages": []}, {"model": "gpt-99"}, {"temperature": 9}], ids=str)
def test_a_refused_body_counts_as_no_request(endpoint: Endpoint, client: Any, body: dict[str, Any]) -> None:
    endpoint.limits({"requests_per_minute": 1})
    refused(client.chat.completions.create, **{"model": "gpt-4o", "messages": HELLO, **body})
    assert ask(client)
