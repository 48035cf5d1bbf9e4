"""Tools that a model calls by itself, and JSON in a form that messages show: an agent gets somewhere, and ends."""

import json
from typing import Any

import pytest

FLIGHTS = {
    "type": "function",
    "function": {
        "name": "search_flights",
        "description": "Find flights between two airports on a date.",
        "parameters": {
            "type": "object",
            "properties": {"origin": {"type": "string"}, "destination": {"type": "string"}},
            "required": ["origin", "destination"],
        },
    },
}
INVOICES = {
    "type": "function",
    "function": {
        "name": "listInvoices",
        "description": "All invoices of a customer.",
        "parameters": {"type": "object", "properties": {"status": {"enum": ["overdue", "paid"]}}},
    },
}
WEATHER = {"type": "function", "function": {"name": "tianqi", "description": "查询某个城市的天气预报"}}
TOOLS = [FLIGHTS, INVOICES, WEATHER]


def called(client: Any, messages: list[Any] | str, tools: list[Any] | None = None, **settings: Any) -> list[str]:
    asked = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
    completion = client.chat.completions.create(model="gpt-4o", messages=asked, tools=tools or TOOLS, **settings)
    return [call.function.name for call in completion.choices[0].message.tool_calls or ()]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Is there a flight to Oslo tomorrow?", ["search_flights"]),
        ("Which airport is nearer?", ["search_flights"]),
        ("What is overdue?", ["listInvoices"]),
        ("How much is on my invoice?", ["listInvoices"]),
        ("北京明天的天气怎么样？", ["tianqi"]),
        ("Tell me a joke", []),
        ("你是谁", []),
    ],
)
def test_a_tool_is_called_when_the_question_is_about_it(client: Any, text: str, names: list[str]) -> None:
    assert called(client, text) == names
    assert called(client, text) == names
    assert called(client, text, tool_choice="none") == []


def test_a_tool_that_the_user_names_comes_before_one_that_fits(client: Any) -> None:
    assert called(client, "Is there a flight? Ask listInvoices.") == ["listInvoices"]


def test_the_loop_of_an_agent_ends(client: Any) -> None:
    """It asks again after every result, as some do."""
    question = {"role": "user", "content": "Is there a flight to Oslo tomorrow?"}
    messages: list[Any] = [question]
    rounds = 0
    while True:
        reply = client.chat.completions.create(model="gpt-4o", messages=messages, tools=TOOLS).choices[0].message
        rounds += 1
        if not reply.tool_calls:
            break
        arguments = json.loads(reply.tool_calls[0].function.arguments)
        assert set(arguments) == {"origin", "destination"}
        messages += [reply, {"role": "tool", "tool_call_id": reply.tool_calls[0].id, "content": "SK 123"}, question]
    assert rounds == 2
    assert reply.content


def test_another_question_may_call_a_tool_again(client: Any) -> None:
    messages: list[Any] = [
        {"role": "user", "content": "Is there a flight to Oslo?"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "SK 123"},
        {"role": "assistant", "content": "Yes, SK 123."},
        {"role": "user", "content": "And what is overdue?"},
    ]
    assert called(client, messages) == ["listInvoices"]


CALL = {"id": "call_1", "type": "function", "function": {"name": "search_flights", "arguments": "{}"}}


def test_the_name_of_a_tool_is_taken_out_of_a_text_only_as_a_word(client: Any) -> None:
    """`sum` is a tool, and stands inside of a word that is the topic."""
    tool = {
        "type": "function",
        "function": {
            "name": "sum",
            "parameters": {"type": "object", "properties": {"of": {"type": "string"}}, "required": ["of"]},
        },
    }
    messages = [{"role": "user", "content": "sum consumption"}]
    completion = client.chat.completions.create(model="gpt-4o", messages=messages, tools=[tool])
    assert json.loads(completion.choices[0].message.tool_calls[0].function.arguments) == {"of": "consumption"}


def answered(client: Any, *messages: tuple[str, str]) -> Any:
    completion = client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": role, "content": content} for role, content in messages],
        response_format={"type": "json_object"},
    )
    return json.loads(completion.choices[0].message.content)


EXAMPLE = 'Answer in JSON, such as {"mood": "good|bad", "score": 0.5, "reasons": ["string"], "who": {"age": 7, "adult": true}}.'


def test_json_has_the_form_of_an_example(client: Any) -> None:
    given = answered(client, ("system", EXAMPLE), ("user", 'The order {"id": 5} came late'))
    assert set(given) == {"mood", "score", "reasons", "who"}
    assert given["mood"] in ("good", "bad")
    assert 0 <= given["score"] <= 1
    assert given["reasons"]
    assert all(isinstance(reason, str) for reason in given["reasons"])
    assert isinstance(given["who"]["age"], int)
    assert isinstance(given["who"]["adult"], bool)


def test_json_has_the_form_of_a_schema(client: Any) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    assert set(answered(client, ("user", f"A city as JSON by this schema: {json.dumps(schema)}"))) == {"city"}


@pytest.mark.parametrize(
    "text",
    [
        "JSON please {",
        '{"type": "nonsense", "properties": {}}',
        '{"a": ' * 3000,
        "{" * 9000,
        '{"a": NaN} as JSON',
        "JSON {}",
    ],
)
def test_json_is_an_object_whatever_the_messages_hold(client: Any, text: str) -> None:
    assert isinstance(answered(client, ("user", text)), dict)
