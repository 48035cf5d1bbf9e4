"""How the endpoint refuses: by the key, by the body, by the model, by the account."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai import AuthenticationError, BadRequestError, NotFoundError, PermissionDeniedError

from contract_tests.openai.conftest import HELLO, SECRET, Endpoint, refused

CHAT = "/v1/chat/completions"


def test_models_without_a_key_are_refused_as_observed(endpoint: Endpoint) -> None:
    answer = httpx.get(endpoint.url + "/v1/models")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_authorized"


@pytest.mark.parametrize("authorization", ["", "Bearer", f"Basic {SECRET}", SECRET])
def test_what_is_no_bearer_key_is_none(endpoint: Endpoint, authorization: str) -> None:
    answer = endpoint.post(CHAT, b"{}", Authorization=authorization)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authorized")


def test_a_wrong_key_is_refused(endpoint: Endpoint) -> None:
    client = endpoint.client(SECRET + "x")
    error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
    assert isinstance(error, AuthenticationError)
    assert error.type == "one_api_error"
    assert endpoint.last()["RequestId"] in error.message


def test_a_disabled_key_is_refused_at_once_and_works_again_when_enabled(endpoint: Endpoint, client: Any) -> None:
    """GW-8."""
    keys, id = endpoint.account.keys, endpoint.key.id
    keys.disable(id)
    assert isinstance(refused(client.chat.completions.create, model="gpt-4o", messages=HELLO), AuthenticationError)
    keys.enable(id, endpoint.account.clock.now())
    assert client.chat.completions.create(model="gpt-4o", messages=HELLO)


def test_a_deleted_key_is_refused_for_good(endpoint: Endpoint, client: Any) -> None:
    """BA-4, GW-9."""
    endpoint.account.keys.delete(endpoint.key.id)
    assert isinstance(refused(client.models.list), AuthenticationError)
    with pytest.raises(LookupError, match="do not come back"):
        endpoint.account.keys.enable(endpoint.key.id, 0)


def test_an_expired_key_is_refused_by_the_accounts_clock(endpoint: Endpoint) -> None:
    _, secret = endpoint.create_key("Short", expires=endpoint.account.clock.now() + 60)
    client = endpoint.client(secret)
    assert client.models.list().data
    endpoint.account.clock.advance(60)
    assert isinstance(refused(client.models.list), AuthenticationError)
    endpoint.account.clock.advance(-1)
    assert client.models.list().data


def test_a_key_that_spent_its_quota_is_refused(endpoint: Endpoint) -> None:
    key, secret = endpoint.create_key("Poor", quota=100)
    client = endpoint.client(secret)
    key.used = 99
    assert client.models.list().data
    key.used = 100
    assert isinstance(refused(client.models.list), AuthenticationError)


def test_a_key_calls_the_models_it_may_call(endpoint: Endpoint) -> None:
    _, secret = endpoint.create_key("Narrow", models=("qwen-*", "gpt-4o"))
    client = endpoint.client(secret)
    assert {model.id for model in client.models.list()} == {"qwen-plus", "qwen-max", "gpt-4o"}
    assert client.chat.completions.create(model="qwen-max", messages=HELLO)
    error = refused(client.chat.completions.create, model="glm-4", messages=HELLO)
    assert isinstance(error, PermissionDeniedError)
    assert error.param == "model"


def test_an_unknown_model_is_refused_with_those_that_exist(endpoint: Endpoint, client: Any) -> None:
    error = refused(client.chat.completions.create, model="gpt-99", messages=HELLO)
    assert isinstance(error, NotFoundError)
    assert (error.code, error.param) == ("model_not_found", "model")
    assert "`gpt-99`" in error.message
    assert "deepseek-chat" in error.message


def test_a_model_of_another_kind_is_refused(client: Any) -> None:
    for call, params in (
        (client.chat.completions.create, {"model": "dall-e-3", "messages": HELLO}),
        (client.embeddings.create, {"model": "gpt-4o", "input": "x"}),
        (client.images.generate, {"model": "text-embedding-3-small", "prompt": "x"}),
    ):
        error = refused(call, **params)
        assert (error.status_code, error.param, error.code) == (400, "model", "model_not_supported")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "Hello"}, "messages"),
        ({"messages": [{"content": "x"}]}, "messages[0].role"),
        ({"messages": [*HELLO, {"role": "robot", "content": "x"}]}, "messages[1].role"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"text": "x"}]}]}, "messages[0].content[0].type"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"model": 7}, "model"),
        ({"temperature": 2.1}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"top_p": -0.1}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"n": 0}, "n"),
        ({"stream": "yes"}, "stream"),
        ({"stop": ["a"] * 5}, "stop"),
        ({"tools": [{"type": "function", "function": {"name": "no blanks"}}]}, "tools[0].function.name"),
        ({"tool_choice": {"type": "function", "function": {"name": "nobody"}}}, "tool_choice"),
        ({"response_format": {"type": "yaml"}}, "response_format.type"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(endpoint: Endpoint, change: dict[str, Any], param: str) -> None:
    body = {"model": "gpt-4o", "messages": HELLO, **change}
    if change.get("messages", 1) is None:
        del body["messages"]
    answer = endpoint.post(CHAT, json.dumps(body).encode())
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["type"]) == (400, param, "invalid_request_error")
    assert error["message"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nothing"},
        {"type": "integer", "minimum": 3, "maximum": 2},
        {"type": "object", "properties": {"self": {"$ref": "#"}}, "required": ["self"]},
        {"type": "string", "pattern": "("},
        {"type": "string", "minLength": 10**9},
        {"type": "array", "items": {"type": "string"}, "minItems": 10**9},
        {"$ref": "#/$defs/nowhere"},
        {"properties": 3},
    ],
    ids=str,
)
def test_a_schema_that_nothing_follows_is_refused(client: Any, schema: dict[str, Any]) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "it", "schema": schema}}
    error = refused(client.chat.completions.create, model="gpt-4o", messages=HELLO, response_format=form)
    assert isinstance(error, BadRequestError)
    assert error.param == "response_format"
    assert "JSON schema" in error.message


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"model": "gpt-4o",}', b"\xff\xfe", b"[" * 5000])
def test_a_body_that_is_no_json_object_is_refused(endpoint: Endpoint, body: bytes) -> None:
    answer = endpoint.post(CHAT, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


def test_a_body_over_ten_megabytes_is_refused(endpoint: Endpoint) -> None:
    answer = endpoint.post(CHAT, b" " * (10 << 20) + b"{}")
    assert answer.status_code == 413


def test_a_wrong_method_is_refused_in_the_form_of_the_api(endpoint: Endpoint) -> None:
    answer = httpx.get(endpoint.url + CHAT)
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


def test_an_input_over_the_models_size_is_20059(endpoint: Endpoint, client: Any) -> None:
    """Documented: deepseek-v3 takes 16k tokens of input in the international edition."""
    rates, k = endpoint.world.assumptions.tokens_per_1000_characters, endpoint.world.assumptions.tokens_per_k
    fits = 16 * k * 1000 // rates.cjk
    assert client.chat.completions.create(model="deepseek-v3", messages=[{"role": "user", "content": "字" * fits}])
    long = [{"role": "user", "content": "字" * (fits + 2)}]
    error = refused(client.chat.completions.create, model="deepseek-v3", messages=long)
    assert (error.status_code, error.code, error.type) == (400, "20059", "runtime_error")


def test_more_output_than_the_model_gives_is_refused(client: Any) -> None:
    """Documented: deepseek-v3 gives 32k tokens at most."""
    error = refused(client.chat.completions.create, model="deepseek-v3", messages=HELLO, max_tokens=32 * 1024 + 1)
    assert (error.status_code, error.param) == (400, "max_tokens")


def test_no_secret_reaches_the_journal(endpoint: Endpoint, client: Any) -> None:
    client.chat.completions.create(model="gpt-4o", messages=HELLO, metadata={"api_key": "sk-inside"})
    refused(endpoint.client("sk-wrong-one").models.list)
    text = repr(endpoint.journal())
    assert "openai.chat.completions" in text
    assert SECRET not in text
    assert "sk-inside" not in text
    assert "sk-wrong-one" not in text


def test_a_refusal_is_in_the_journal(endpoint: Endpoint, client: Any) -> None:
    refused(client.chat.completions.create, model="gpt-99", messages=HELLO)
    entry = endpoint.last()
    assert (entry["Action"], entry["Code"]) == ("openai.chat.completions", "model_not_found")
    assert (entry["Account"], entry["Caller"]) == (endpoint.account.uin, endpoint.account.uin)
    assert entry["Params"]["model"] == "gpt-99"


def test_anyone_may_call_where_authentication_is_off(endpoint: Endpoint) -> None:
    endpoint.control.app.running.settings = type(endpoint.control.app.running.settings)(auth="off")
    body = json.dumps({"model": "gpt-4o", "messages": HELLO}).encode()
    assert endpoint.post(CHAT, body, Authorization="").status_code == 200
    assert endpoint.post(CHAT, body, Authorization="Bearer sk-anything").status_code == 200


def test_a_page_on_a_loopback_origin_may_call(endpoint: Endpoint) -> None:
    body = json.dumps({"model": "gpt-4o", "messages": HELLO}).encode()
    origin = "http://localhost:3000"
    assert endpoint.post(CHAT, body, Origin=origin).headers["access-control-allow-origin"] == origin
    assert "access-control-allow-origin" not in endpoint.post(CHAT, body, Origin="https://example.com").headers
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    preflight = httpx.options(endpoint.url + CHAT, headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-headers"] == "authorization"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["model", "messages", "stream", "max_tokens", "n", "stop", "tools", "tool_choice", "response_format", "seed"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1))
def test_any_json_has_an_answer_in_form(endpoint: Endpoint, change: dict[str, Any]) -> None:
    change = {
        name: min(value, 3) if name == "n" and isinstance(value, int) else value for name, value in change.items()
    }
    body = {"model": "gpt-4o", "messages": HELLO, **change}
    answer = endpoint.post(CHAT, json.dumps(body).encode())
    if answer.status_code == 200:
        assert "text/event-stream" in answer.headers["content-type"] or answer.json()["choices"]
    else:
        assert answer.status_code in (400, 404)
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
