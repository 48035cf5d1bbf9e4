"""HTTP itself: trailers, long queries, many requests at once, one Connection header, browsers."""

import asyncio
import json
import re
import socket
import time

import httpx
import pytest

from contract_tests.conftest import Control, Target
from contract_tests.exchange.plain import connected, head, heard
from contract_tests.gateway.wire import signed_headers
from contract_tests.openai.conftest import SECRET, Endpoint, opened
from lke_emulator.app import Emulator
from lke_emulator.server import HEAD_LIMIT, DirectProtocol

PAGE = "https://console.example"


@pytest.fixture
def endpoint(emulator: Control) -> Endpoint:
    return opened(emulator)


def test_a_trailer_is_not_a_header(endpoint: Endpoint) -> None:
    """A key in a trailer opens nothing."""
    start = head("POST", "/v1/chat/completions", Transfer_Encoding="chunked", Connection="close")
    chunk = b"2\r\n{}\r\n0\r\nAuthorization: Bearer %s\r\n\r\n" % SECRET.encode()
    assert b"not_authorized" in heard(endpoint.control, start, chunk)
    shown = head("POST", "/v1/models", Transfer_Encoding="chunked", Connection="close", X_Emulator="1")
    assert b"405" in heard(endpoint.control, shown, chunk)


@pytest.mark.parametrize("size", [33_000, 65_500, 66_000, 900_000])
def test_a_get_above_its_limit_gets_the_envelope(emulator: Control, size: int) -> None:
    answer = heard(emulator, head("GET", "/?Action=" + "x" * size, Connection="close"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"Code":"RequestSizeLimitExceeded"' in answer


def test_a_head_of_megabytes_is_refused(emulator: Control) -> None:
    endless = head("GET", "/health")[:-2] + b"X-Long: " + b"x" * (HEAD_LIMIT + 1)
    assert heard(emulator, endless).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("end", [b"0\r\nX-Long: ", b"0\r\n" + b"X-Many: x\r\n" * 9, b"2;long="])
def test_trailers_and_extensions_of_megabytes_are_refused(emulator: Control, end: bytes) -> None:
    start = head("POST", "/v1/chat/completions", Transfer_Encoding="chunked")
    filling = b"X-Many: x\r\n" * (HEAD_LIMIT // 11 + 1) if b"Many" in end else b"x" * (HEAD_LIMIT + 1)
    assert heard(emulator, start, b"2\r\n{}\r\n" + end + filling).startswith(b"HTTP/1.1 400 ")


def test_many_requests_on_one_connection_are_all_answered(emulator: Control) -> None:
    """Together their heads are far above the limit of one."""
    one = head("GET", "/health", X_Filling="x" * 1000)
    count = 2 * HEAD_LIMIT // len(one)
    last = head("GET", "/health", Connection="close")
    assert heard(emulator, one * count, last).count(b"HTTP/1.1 200 OK") == count + 1


def chat(**params: object) -> bytes:
    body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}], **params}).encode()
    return head("POST", "/v1/chat/completions", Authorization=f"Bearer {SECRET}", Content_Length=len(body)) + body


def test_requests_sent_together_are_answered_in_their_order(endpoint: Endpoint) -> None:
    """Those that are answered at once wait for those before them that are not."""
    endpoint.rules(
        {"content": "first", "delay": 0.05, "times": 1},
        {"content": "second second", "delay_per_token": 0.01, "times": 1},
        {"content": "third"},
    )
    health, last = head("GET", "/health"), head("GET", "/v1/models", Connection="close")
    told = heard(endpoint.control, health, chat(), chat(stream=True), chat(), health, last)
    marks = (b'"uptime"', b'"first"', b"text/event-stream", b"[DONE]", b'"third"', b'"uptime"', b"not_authorized")
    place = -1
    for mark in marks:
        place = told.index(mark, place + 1)
    assert told.count(b"HTTP/1.1 ") == 6


def told(control: Control, *requests: bytes) -> list[bytes]:
    """The answers to requests that come one after the other on one connection."""
    with connected(control) as client:
        answers = []
        for request in requests:
            client.sendall(request)
            answer = client.recv(1 << 16)
            while b"chunked" in answer and not answer.endswith(b"0\r\n\r\n"):
                answer += client.recv(1 << 16)
            answers.append(answer)
        return answers


def signed(target: Target, body: bytes = b"{}", forged: str = "") -> bytes:
    """Of one moment: what differs in the heads of two of them is the signature."""
    headers = signed_headers(target, body=body, timestamp=int(time.time()) // 100 * 100)
    headers["Authorization"] = headers["Authorization"][: -len(forged) or None] + forged
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    whole = head("POST", "/", **named, Content_Length=len(body)) + body
    return whole.replace(b"Host: localhost", b"Host: %s" % target.endpoint.encode())


def test_a_head_that_came_before_is_judged_by_its_own_signature(target: Target, emulator: Control) -> None:
    right, wrong = b'"TotalTokenUsage"', b'"AuthFailure.SignatureFailure"'
    none = b'"AuthFailure.InvalidAuthorization"'
    bodies = b'{"ModelName":"a"}', b'{"ModelName":"b"}'
    one, other = (signed(target, body) for body in bodies)
    requests = {
        one: right,
        other: right,
        signed(target, bodies[0], "0" * 64): wrong,
        other.replace(bodies[1], bodies[0]): wrong,
        signed(target, bodies[0], "G" * 64): none,
        signed(target, bodies[0], "0" * 63 + " "): none,
    }
    answers = told(emulator, *requests, *reversed(requests))
    for expected, answer in zip([*requests.values(), *reversed(requests.values())], answers, strict=True):
        assert expected in answer


def test_a_signature_that_is_missing_at_the_end_of_a_head_is_not_the_one_that_came_before(
    target: Target, emulator: Control
) -> None:
    start, authorization, rest = re.split(rb"(Authorization: [^\r]*\r\n)", signed(target))
    whole = start + rest.replace(b"\r\n\r\n", b"\r\n" + authorization + b"\r\n")
    signature = re.search(rb"Signature=(\w+)", whole)
    assert signature is not None
    cut = [whole.replace(signature[1], signature[1][:length]) for length in (0, 63)]
    for request in whole, whole, *cut, *cut:
        (answer,) = told(emulator, request)
        assert (b'"TotalTokenUsage"' in answer) == (request == whole)
        assert (b'"AuthFailure.' in answer) == (request != whole)


def test_a_head_that_came_before_may_have_a_stream_for_its_answer(endpoint: Endpoint) -> None:
    endpoint.rules({"content": "slow", "delay": 0.01, "times": 1}, {"content": "well"})
    whole, stream = chat(stream=False, user="a"), chat(stream=True, user="ab")  # of one length
    slow, first, second, third, fourth = told(endpoint.control, whole, whole, stream, whole, stream)
    assert b'"slow"' in slow
    assert b'"well"' in first
    assert b'"well"' in third
    for answer in second, fourth:
        assert answer.count(b"text/event-stream") == answer.count(b"[DONE]") == 1


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_request_may_come_in_pieces(endpoint: Endpoint, size: int) -> None:
    request = chat()
    with connected(endpoint.control) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(2):
            for start in range(0, len(request), size):
                client.sendall(request[start : start + size])
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


def test_an_answer_has_one_connection_header(target: Target, emulator: Control) -> None:
    signed = {name.replace("-", "_"): value for name, value in signed_headers(target).items()}
    for close in ("close", "Close, TE"):
        answer = heard(emulator, head("POST", "/", **signed, Content_Length=2, Connection=close), b"{}").lower()
        assert answer.count(b"\r\nconnection:") == 1
        assert b"\r\nconnection: close" in answer
    old = b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}"
    assert heard(emulator, old).lower().count(b"\r\nconnection:") == 1
    kept = head("POST", "/", **signed, Content_Length=2) + b"{}"
    both = heard(emulator, kept, head("GET", "/health", Connection="close")).lower()
    assert (both.count(b"\r\nconnection: keep-alive"), both.count(b"\r\nconnection:")) == (1, 2)


@pytest.mark.parametrize("path", ["/v1/models/%ff%zz", "/files/%/1-2/%00", "/_emulator/[", "/%zz", "//[", "//"])
def test_a_path_of_any_kind_is_answered_by_its_surface(emulator: Control, path: str) -> None:
    answer = heard(emulator, head("GET", path, Connection="close"))
    assert answer.split()[1] in (b"401", b"404")


def test_a_failure_in_the_server_itself_is_no_bad_request(emulator: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    def boom(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(DirectProtocol, "begin", boom)
    assert heard(emulator, head("GET", "/health", X_Boom="one that never came")).startswith(b"HTTP/1.1 500 ")


def test_health_answers_pages_that_may_call(emulator: Control) -> None:
    emulator.load("default", cors_origins=(PAGE,))
    for path in ("/health", "/_emulator/health", "/_emulator/ready"):
        for origin in (PAGE, "http://localhost:3000"):
            answer = httpx.get(emulator.url + path, headers={"Origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
        stranger = httpx.get(emulator.url + path, headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in stranger.headers


def test_control_is_open_to_pages_of_an_origin_that_was_named(emulator: Control) -> None:
    emulator.load("default", control_origins=(PAGE,))
    url = f"{emulator.url}/_emulator/accounts"
    asked = {"Origin": PAGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    granted = httpx.options(url, headers=asked)
    assert granted.status_code == 200
    assert granted.headers["access-control-allow-origin"] == PAGE
    assert "POST" in granted.headers["access-control-allow-methods"]
    assert granted.headers["access-control-allow-headers"] == "content-type"
    opened = httpx.post(url, json={}, headers={"Origin": PAGE})
    assert (opened.status_code, opened.headers["access-control-allow-origin"]) == (201, PAGE)
    for origin in ("https://other.example", "http://localhost:3000"):
        assert httpx.options(url, headers=asked | {"Origin": origin}).status_code in (403, 405)
        assert httpx.post(url, json={}, headers={"Origin": origin}).status_code == 403


def test_any_asgi_server_can_hold_the_application(emulator: Control) -> None:
    app: Emulator = emulator.app
    transport = httpx.ASGITransport(app=app)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.get("/health")

    assert json.loads(asyncio.run(ask()).text)["status"] == "ok"
