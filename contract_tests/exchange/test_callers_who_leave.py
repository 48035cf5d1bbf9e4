"""A caller who goes away gives back what the call holds; one who never said all is not served."""

import json
from typing import Any

import pytest

from contract_tests.conftest import Control, Target
from contract_tests.exchange.plain import connected, head, heard, until
from contract_tests.gateway.wire import signed_headers
from contract_tests.openai.conftest import SECRET, Endpoint, opened

SLOW = {"content": "word " * 40, "delay": 50}
MESSAGES = [{"role": "user", "content": "Hello"}]
MODEL = "deepseek-v3"


@pytest.fixture
def endpoint(emulator: Control) -> Endpoint:
    endpoint = opened(emulator)
    endpoint.assume(shared_concurrency=1)
    endpoint.rules(SLOW)
    return endpoint


def signed_chat(control: Control, **params: Any) -> bytes:
    target = Target(control.url, "AKIDlocal", "local-secret-key", "ap-guangzhou")
    body = json.dumps({"Model": MODEL, "Messages": [{"Role": "user", "Content": "Hello"}], **params}).encode()
    headers = signed_headers(target, "ChatCompletions", body, service="lkeap", version="2024-05-22")
    lines = [f"{name}: {value}" for name, value in headers.items()]
    start = f"POST / HTTP/1.1\r\nHost: {target.endpoint}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    return (start + "\r\n".join(lines)).encode() + b"\r\n\r\n" + body


def chat(**params: Any) -> bytes:
    body = json.dumps({"model": MODEL, "messages": MESSAGES, **params}).encode()
    about = {"Authorization": f"Bearer {SECRET}", "Content_Length": len(body), "Connection": "close"}
    return head("POST", "/v1/chat/completions", **about) + body


def in_flight(endpoint: Endpoint) -> bool:
    """Whether the one place of the model is taken."""
    return any(call["Verdict"] == "open" for call in endpoint.journal())


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_place_is_given_back_when_its_caller_leaves(endpoint: Endpoint, is_signed: bool, is_stream: bool) -> None:
    control = endpoint.control
    request = signed_chat(control, Stream=is_stream) if is_signed else chat(stream=is_stream)
    with connected(control) as client:
        client.sendall(request)
        until(lambda: in_flight(endpoint) and endpoint.last()["Streamed"] is is_stream)
    until(lambda: not in_flight(endpoint))  # long before the answer would have ended
    assert endpoint.last()["Code"] == "disconnected"
    endpoint.rules({"content": "at once"})
    assert b'"stop"' in heard(control, request)


def test_a_caller_who_leaves_while_every_answer_is_late_was_never_served(endpoint: Endpoint) -> None:
    endpoint.control.app.running.settings = type(endpoint.control.app.running.settings)(port=0, latency=50)
    with connected(endpoint.control) as client:
        client.sendall(chat())
        until(lambda: in_flight(endpoint))
    until(lambda: not in_flight(endpoint))
    assert endpoint.last()["Code"] == "disconnected"
    assert endpoint.used().calls == 0


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_that_never_arrives_whole_is_not_served_and_not_metered(endpoint: Endpoint, is_chunked: bool) -> None:
    endpoint.rules({"content": "at once"})
    body = json.dumps({"model": MODEL, "messages": MESSAGES}).encode()
    length = {"Transfer_Encoding": "chunked"} if is_chunked else {"Content_Length": len(body) + 1}
    start = head("POST", "/v1/chat/completions", Authorization=f"Bearer {SECRET}", **length)
    piece = b"%x\r\n%s\r\n" % (len(body), body) if is_chunked else body
    with connected(endpoint.control) as client:
        client.sendall(start + piece)
    heard(endpoint.control, head("GET", "/v1/models", Connection="close"))
    assert endpoint.used().calls == 0
    assert [call["Action"] for call in endpoint.journal()] == ["openai.models"]
