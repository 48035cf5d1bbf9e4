"""Streams of chat completions through the official client."""

import json
from typing import Any

import httpx
import pytest
from openai import APIConnectionError, APIError

from contract_tests.openai.conftest import HELLO, Endpoint, until
from contract_tests.openai.test_chat import WEATHER, Book, say

BROKEN = (APIConnectionError, httpx.RemoteProtocolError, httpx.ReadError)
"""How clients tell that a connection broke: before the answer began, or within it."""


def chunks(client: Any, **params: Any) -> list[Any]:
    with client.chat.completions.create(stream=True, **{"messages": HELLO, "model": "gpt-4o", **params}) as stream:
        return list(stream)


def deltas(found: list[Any]) -> list[Any]:
    return [chunk.choices[0].delta for chunk in found if chunk.choices]


def test_a_stream_ends_with_usage_without_choices_and_done(endpoint: Endpoint) -> None:
    body = {"model": "gpt-4o", "messages": HELLO, "stream": True}
    answer = endpoint.post("/v1/chat/completions", json.dumps(body).encode())
    assert answer.headers["content-type"] == "text/event-stream"
    events = answer.text.split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    assert all(event.startswith("data: ") for event in events[:-1])
    last = json.loads(events[-3].removeprefix("data: "))
    assert last["choices"] == []
    assert last["usage"]["total_tokens"] == last["usage"]["prompt_tokens"] + last["usage"]["completion_tokens"]


def test_a_stream_says_what_the_whole_answer_says(client: Any) -> None:
    whole = client.chat.completions.create(model="gpt-4o", messages=HELLO)
    found = chunks(client)
    assert "".join(delta.content or "" for delta in deltas(found)) == whole.choices[0].message.content
    assert found[0].choices[0].delta.role == "assistant"
    assert found[-2].choices[0].finish_reason == "stop"
    assert found[-1].usage == whole.usage
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in found}) == 1


def test_thought_comes_before_content(client: Any) -> None:
    found = deltas(chunks(client, model="deepseek-r1"))[1:-1]
    thinks = ["reasoning_content" in (delta.model_extra or {}) for delta in found]
    assert thinks == sorted(thinks, reverse=True)
    assert True in thinks
    assert False in thinks


@pytest.mark.parametrize(
    ("options", "told"), [({}, True), ({"include_usage": True}, True), ({"include_usage": False}, False)]
)
def test_usage_is_told_unless_it_is_declined(client: Any, options: dict[str, bool], told: bool) -> None:
    found = chunks(client, stream_options=options)
    assert [chunk for chunk in found if chunk.usage] == (found[-1:] if told else [])


def test_a_tool_call_is_streamed_in_parts(client: Any) -> None:
    ask = {"messages": say("Please use get_weather for Oslo"), "tools": [WEATHER], "model": "gpt-4o"}
    whole = client.chat.completions.create(**ask).choices[0].message.tool_calls[0]
    found = chunks(client, **ask)
    parts = [delta.tool_calls[0] for delta in deltas(found) if delta.tool_calls]
    assert parts[0].id.startswith("call_")
    assert parts[0].function.name == whole.function.name
    assert "".join(part.function.arguments for part in parts) == whole.function.arguments
    assert len(parts) > 2
    assert found[-2].choices[0].finish_reason == "tool_calls"


def test_the_clients_stream_helper_puts_it_together(client: Any) -> None:
    with client.chat.completions.stream(model="gpt-4o", messages=say("Which book?"), response_format=Book) as stream:
        events = [event.type for event in stream]
        completion = stream.get_final_completion()
    assert "content.delta" in events
    assert isinstance(completion.choices[0].message.parsed, Book)
    assert completion.usage.completion_tokens > 0


@pytest.mark.anyio
async def test_the_async_client_streams(aclient: Any, client: Any) -> None:
    stream = await aclient.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
    texts = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    assert "".join(texts) == client.chat.completions.create(model="gpt-4o", messages=HELLO).choices[0].message.content


def test_every_choice_of_a_stream_is_whole(client: Any) -> None:
    question = say("Tell me about glaciers and rivers")
    whole = client.chat.completions.create(model="gpt-4o", messages=question, n=2)
    texts = ["", ""]
    for chunk in chunks(client, messages=question, n=2):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    assert texts == [choice.message.content for choice in whole.choices]


def test_a_rule_cuts_the_connection(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"content": "one two three four five six seven eight", "cut_after": 3})
    seen: list[str] = []
    with pytest.raises(BROKEN), client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True) as stream:
        seen.extend(chunk.choices[0].delta.content or "" for chunk in stream)
    assert "".join(seen) != ""
    assert "one two three four five six seven eight".startswith("".join(seen))
    assert len(seen) == 1 + 3  # the role, then three pieces
    assert endpoint.used().output == 3
    assert endpoint.last()["Code"] == "cut"
    with pytest.raises(BROKEN):
        client.chat.completions.create(model="gpt-4o", messages=HELLO)


def test_a_rule_ends_a_stream_with_an_error(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"content": "one two three four", "cut_after": 2, "error": {"code": "20031"}})
    seen: list[Any] = []
    stream = client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
    with pytest.raises(APIError, match="not enough quota") as caught, stream:
        seen.extend(stream)
    assert caught.value.code == "20031"
    assert len(seen) == 1 + 2
    assert endpoint.last()["Code"] == "20031"


def test_a_caller_who_leaves_gives_the_place_back_and_pays_for_what_was_sent(endpoint: Endpoint, client: Any) -> None:
    endpoint.limits({"concurrency": 1})
    endpoint.rules({"match": {"text": "slowly"}, "content": "word " * 200, "delay_per_token": 0.005})
    stream = client.chat.completions.create(model="gpt-4o", messages=say("slowly"), stream=True)
    for _ in range(4):
        next(stream)
    stream.close()
    until(client, lambda: any(call["Code"] == "disconnected" for call in endpoint.journal()))
    assert client.chat.completions.create(model="gpt-4o", messages=HELLO)
    used = endpoint.used()
    assert used.calls == 2
    left = next(call for call in endpoint.journal() if call["Code"] == "disconnected")
    assert 3 <= left["OutputTokens"] < 300


def test_a_stream_that_takes_too_long_ends_with_a_timeout(endpoint: Endpoint, client: Any) -> None:
    endpoint.assume(request_timeout_s=0.05)
    endpoint.rules({"content": "word " * 50, "delay_per_token": 0.02})
    seen: list[Any] = []
    stream = client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
    with pytest.raises(APIError, match=r"0\.05 seconds"), stream:
        seen.extend(stream)
    assert len(seen) == 1 + 2
    assert endpoint.used().output == 2


def test_an_event_leaves_before_the_next_one_is_made(endpoint: Endpoint, client: Any) -> None:
    """The next one is a minute away; a stream that is held together until then would run into the client's timeout."""
    endpoint.rules({"content": "one two three", "delay_per_token": 60})
    with client.with_options(timeout=5).chat.completions.create(model="gpt-4o", messages=HELLO, stream=True) as stream:
        assert next(stream).choices[0].delta.role == "assistant"
