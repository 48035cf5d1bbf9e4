"""Chat completions through the official client, not streamed."""

import json
from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel, Field

from contract_tests.openai.conftest import HELLO, Endpoint
from lke_emulator.models import tokens

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "days": {"type": "integer", "minimum": 1, "maximum": 7},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "days", "unit"],
            "additionalProperties": False,
        },
    },
}


def say(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def test_the_manuals_python_example_is_answered(endpoint: Endpoint) -> None:
    """GW-25 and GW-26: a base_url without /v1."""
    client = endpoint.client(path="")
    completion = client.chat.completions.create(model="deepseek-chat", messages=[{"role": "user", "content": "Hello"}])
    assert completion.choices[0].message.content


def test_a_completion_has_the_documented_shape(client: Any) -> None:
    raw = client.chat.completions.with_raw_response.create(model="deepseek-v3", messages=HELLO)
    body = json.loads(raw.content)
    assert list(body) == ["id", "object", "created", "model", "system_fingerprint", "choices", "usage"]
    assert len(body["id"]) == 32
    assert int(body["id"], 16) >= 0
    assert (body["object"], body["created"], body["system_fingerprint"]) == ("chat.completion", 1742452818, "")
    choice = body["choices"][0]
    assert (choice["index"], choice["finish_reason"], choice["message"]["role"]) == (0, "stop", "assistant")
    usage = body["usage"]
    assert usage["prompt_tokens"] + usage["completion_tokens"] == usage["total_tokens"]
    assert raw.headers["content-type"] == "application/json"
    assert raw.request_id


def test_the_same_question_has_the_same_answer(client: Any) -> None:
    ask = {"model": "gpt-4o", "messages": say("What is the capital of France?")}
    first, second = (client.chat.completions.create(**ask) for _ in range(2))
    assert first.choices == second.choices
    assert first.id != second.id


def test_an_answer_is_about_the_question(client: Any) -> None:
    completion = client.chat.completions.create(model="gpt-4o", messages=say("Tell me about photosynthesis, please"))
    assert "photosynthesis" in completion.choices[0].message.content


def test_a_chinese_question_has_a_chinese_answer(client: Any) -> None:
    content = client.chat.completions.create(model="glm-4", messages=say("请介绍光合作用")).choices[0].message.content
    assert "光合作用" in content
    assert not any("a" <= character <= "z" for character in content.lower())


def test_reasoning_models_show_their_thought_apart(client: Any) -> None:
    completion = client.chat.completions.create(model="deepseek-reasoner", messages=HELLO)
    assert completion.choices[0].message.model_extra["reasoning_content"]
    thought = completion.usage.completion_tokens_details.reasoning_tokens
    assert 0 < thought < completion.usage.completion_tokens


def test_thinking_is_shown_where_it_is_asked_for(client: Any) -> None:
    def thinks(**extra: Any) -> Any:
        completion = client.chat.completions.create(model="deepseek-v3.1-terminus", messages=HELLO, extra_body=extra)
        return "reasoning_content" in completion.choices[0].message.model_extra

    assert thinks(thinking={"type": "enabled"})
    assert not thinks(thinking={"type": "disabled"})
    assert not thinks()


@pytest.mark.parametrize("most", [1, 3, 10])
def test_max_tokens_ends_the_answer(client: Any, most: int) -> None:
    completion = client.chat.completions.create(model="gpt-4o", messages=say("Tell me about glaciers"), max_tokens=most)
    assert completion.usage.completion_tokens == most
    assert completion.choices[0].finish_reason == "length"


def test_an_answer_that_fits_is_not_cut(client: Any) -> None:
    completion = client.chat.completions.create(model="gpt-4o", messages=HELLO, max_tokens=4000)
    assert completion.choices[0].finish_reason == "stop"


def test_max_tokens_leaves_the_chain_of_thought_alone(client: Any) -> None:
    """Documented: the output limit is without chain of thought."""
    ask = {"model": "deepseek-r1", "messages": say("Tell me about glaciers")}
    free = client.chat.completions.create(**ask)
    short = client.chat.completions.create(**ask, max_tokens=2)
    thought = "reasoning_content"
    assert short.choices[0].message.model_extra[thought] == free.choices[0].message.model_extra[thought]


def test_a_stop_sequence_ends_the_answer_before_it(client: Any) -> None:
    whole = client.chat.completions.create(model="gpt-4o", messages=HELLO).choices[0].message.content
    for stop in (".", [" is", "."]):
        completion = client.chat.completions.create(model="gpt-4o", messages=HELLO, stop=stop)
        content = completion.choices[0].message.content
        assert whole.startswith(content)
        assert "." not in content
        assert completion.choices[0].finish_reason == "stop"


def test_n_answers_are_counted_together(client: Any) -> None:
    question = say("Tell me about glaciers and rivers")
    completion = client.chat.completions.create(model="gpt-4o", messages=question, n=3)
    assert [choice.index for choice in completion.choices] == [0, 1, 2]
    alone = client.chat.completions.create(model="gpt-4o", messages=question)
    assert alone.choices[0].message == completion.choices[0].message
    assert alone.usage.prompt_tokens == completion.usage.prompt_tokens
    assert alone.usage.completion_tokens < completion.usage.completion_tokens


def test_usage_is_the_estimate_of_what_was_said(endpoint: Endpoint, client: Any) -> None:
    rates = endpoint.world.assumptions.tokens_per_1000_characters
    completion = client.chat.completions.create(model="gpt-4o", messages=say("光合作用 and glaciers"))
    assert completion.usage.prompt_tokens == tokens.estimate("光合作用 and glaciers", rates)
    assert completion.usage.completion_tokens == tokens.estimate(completion.choices[0].message.content, rates)


def test_content_in_parts_is_the_same_as_in_one(client: Any) -> None:
    parts = [{"role": "user", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]}]
    whole, cut = (client.chat.completions.create(model="gpt-4o", messages=messages) for messages in (HELLO, parts))
    assert whole.choices == cut.choices
    assert whole.usage == cut.usage


def test_json_mode_gives_an_object(client: Any) -> None:
    completion = client.chat.completions.create(
        model="gpt-4o", messages=say("List rivers as JSON"), response_format={"type": "json_object"}
    )
    assert isinstance(json.loads(completion.choices[0].message.content), dict)


class Genre(Enum):
    POEM = "poem"
    NOVEL = "novel"


class Author(BaseModel):
    name: str = Field(min_length=2, max_length=40)
    born: int = Field(ge=1500, le=2000)
    teacher: "Author | None"


class Book(BaseModel):
    title: str
    genre: Genre
    authors: list[Author] = Field(min_length=1, max_length=3)
    isbn: str = Field(pattern=r"^97[89]-\d{10}$")
    price: float = Field(gt=0, lt=1)
    tags: list[str]


def test_a_structured_reply_follows_its_schema(client: Any) -> None:
    """The client itself checks it: `parse` raises where a member does not fit."""
    completion = client.chat.completions.parse(model="gpt-4o", messages=say("Which book?"), response_format=Book)
    assert isinstance(completion.choices[0].message.parsed, Book)


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "get_weather"}}])
def test_a_forced_tool_is_called_with_arguments_that_fit(client: Any, choice: Any) -> None:
    completion = client.chat.completions.create(
        model="deepseek-v3", messages=say("Is it cold in Oslo?"), tools=[WEATHER], tool_choice=choice
    )
    call = completion.choices[0].message.tool_calls[0]
    assert completion.choices[0].finish_reason == "tool_calls"
    assert call.id.startswith("call_")
    assert len(call.id) == 25
    assert call.function.name == "get_weather"
    arguments = json.loads(call.function.arguments)
    assert set(arguments) == {"city", "days", "unit"}
    assert 1 <= arguments["days"] <= 7
    assert arguments["unit"] in ("celsius", "fahrenheit")
    assert arguments["city"]


def test_a_tool_is_called_when_the_user_names_it(client: Any) -> None:
    def calls(text: str, **choice: Any) -> Any:
        completion = client.chat.completions.create(model="gpt-4o", messages=say(text), tools=[WEATHER], **choice)
        return completion.choices[0].finish_reason == "tool_calls"

    assert calls("Please use get_weather for Oslo")
    assert calls("用get_weather查一下北京")
    assert not calls("Please use get_weather for Oslo", tool_choice="none")
    assert not calls("Is it cold in Oslo?")
    assert not calls("What does forget_weather_now mean?")


def test_a_tools_result_is_answered_in_words(client: Any) -> None:
    messages: list[Any] = say("Please use get_weather for Oslo")
    first = client.chat.completions.create(model="gpt-4o", messages=messages, tools=[WEATHER]).choices[0].message
    messages += [first, {"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "minus 3 degrees"}]
    second = client.chat.completions.create(model="gpt-4o", messages=messages, tools=[WEATHER])
    assert "minus 3 degrees" in second.choices[0].message.content
    assert second.choices[0].finish_reason == "stop"


@pytest.mark.anyio
async def test_the_async_client_gets_the_same_answer(aclient: Any, client: Any) -> None:
    there = await aclient.chat.completions.create(model="gpt-4o", messages=HELLO)
    here = client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert there.choices == here.choices


def test_a_seed_chooses_among_answers(client: Any) -> None:
    def answer(seed: int) -> Any:
        question = say("Tell me about glaciers and rivers")
        return client.chat.completions.create(model="gpt-4o", messages=question, seed=seed).choices[0].message.content

    assert answer(7) == answer(7)
    assert len({answer(seed) for seed in range(10)}) > 1


def test_an_account_of_another_seed_answers_differently(endpoint: Endpoint, client: Any) -> None:
    def answers() -> list[str | None]:
        questions = [say(f"Tell me about {topic}") for topic in ("glaciers", "rivers", "oceans", "deserts")]
        return [
            client.chat.completions.create(model="gpt-4o", messages=question).choices[0].message.content
            for question in questions
        ]

    before = answers()
    endpoint.account.seed += 1
    assert answers() != before
