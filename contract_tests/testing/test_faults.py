"""What a test can make go wrong, as the official clients meet it, and what the fault tells of it afterwards."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai
import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from lke_emulator.testing.account import Lke
from lke_emulator.testing.control import ControlError

USAGE = "DescribeTokenUsage"
HELLO: Any = [{"role": "user", "content": "Hello there, how do refunds work?"}]


def ask(lke: Lke, **profile: Any) -> dict[str, Any]:
    answer: dict[str, Any] = lke.client("lke", **profile).call_json(USAGE, {})["Response"]
    return answer


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(TencentCloudSDKException) as caught:
        call()
    return str(caught.value.code)


def test_an_error_twice_and_then_success(lke: Lke) -> None:
    fault = lke.faults.add(operation="lke.Describe*", first=2, error="InternalError")
    assert [code_of(lambda: ask(lke)) for _ in range(2)] == ["InternalError"] * 2
    assert ask(lke)["TotalTokenUsage"] == 0
    assert (fault.hits, fault.remaining) == (2, 0)
    assert fault.requests == [call["RequestId"] for call in reversed(lke.calls.find(code="InternalError"))]


def test_the_error_has_the_clouds_own_text(lke: Lke) -> None:
    lke.faults.add(error="AuthFailure.SignatureFailure", first=1)
    with pytest.raises(TencentCloudSDKException, match="could not be validated"):
        ask(lke)


def test_the_nth_call_and_every_so_many(lke: Lke) -> None:
    lke.faults.add(nth=2, error="InternalError")
    outcomes = [succeeds(lke) for _ in range(3)]
    assert outcomes == [True, False, True]
    lke.faults.clear()
    lke.faults.add(every=2, error="InternalError")
    assert [succeeds(lke) for _ in range(4)] == [True, False, True, False]


def succeeds(lke: Lke) -> bool:
    try:
        ask(lke)
    except TencentCloudSDKException as refused:
        if refused.code != "InternalError":
            raise
        return False
    return True


def test_a_chance_is_the_same_for_the_same_account(lke: Lke) -> None:
    """And of many calls about so many meet it."""
    lke.change(rate_limits={f"lke.{USAGE}": 0})
    lke.faults.add(probability=0.5, error="InternalError")
    before = lke.snapshot()
    first = [succeeds(lke) for _ in range(40)]
    lke.restore(before)
    assert [succeeds(lke) for _ in range(40)] == first
    assert 5 < sum(first) < 35


def test_a_fault_ends_at_its_time(lke: Lke) -> None:
    lke.clock.freeze("2026-11-30 12:00")
    lke.faults.add(until="2026-11-30 12:01", error="InternalError")
    assert not succeeds(lke)
    lke.clock.advance("1m")
    assert succeeds(lke)


def test_only_the_calls_that_are_meant(lke: Lke) -> None:
    client = lke.client("lke")
    lke.faults.add(params={"ModelName": "hunyuan"}, error="InternalError")
    lke.faults.add(region="ap-jakarta", error="UnauthorizedOperation")
    lke.faults.add(surface="openai", error="InternalError")
    assert client.call_json(USAGE, {"ModelName": "other"})
    assert code_of(lambda: client.call_json(USAGE, {"ModelName": "hunyuan"})) == "InternalError"
    assert code_of(lambda: lke.client("lke", region="ap-jakarta").call_json(USAGE, {})) == "UnauthorizedOperation"


def test_a_reset_and_a_silence_are_no_answer(lke: Lke) -> None:
    lke.faults.add(first=1, reset=True)
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        plain(lke)
    lke.faults.add(first=1, silence=True)
    with pytest.raises(TimeoutError):
        plain(lke, timeout=0.2)


def plain(lke: Lke, timeout: float = 5) -> bytes:
    """An unsigned request of the account's key, without a client that would try again."""
    at = urlsplit(lke.url)
    with closing(http.client.HTTPConnection(at.hostname or "", at.port, timeout=timeout)) as connection:
        connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {lke.key}"})
        with connection.getresponse() as answer:
            return answer.read()


def test_what_is_reset_was_not_served(lke: Lke) -> None:
    lke.faults.add(reset=True, first=1)
    with pytest.raises(openai.APIConnectionError):
        chat(lke)
    assert ask(lke)["TotalTokenUsage"] == 0


def chat(lke: Lke, **settings: Any) -> Any:
    return lke.openai().chat.completions.create(model="deepseek-v3.2", messages=HELLO, **settings)


def test_a_body_can_be_cut_or_broken_or_of_another_type(lke: Lke) -> None:
    lke.faults.add(first=1, truncate=10)
    with pytest.raises(http.client.IncompleteRead) as cut:
        plain(lke)
    assert len(cut.value.partial) == 10
    lke.faults.add(first=1, malformed=True)
    with pytest.raises(json.JSONDecodeError):
        json.loads(plain(lke))
    lke.faults.add(first=1, content_type="text/html")
    answer = httpx.get(f"{lke.url}/v1/models", headers={"Authorization": f"Bearer {lke.key}"})
    assert answer.headers["content-type"] == "text/html"


def test_a_bare_status_is_what_a_gateway_says_that_reached_nobody(lke: Lke) -> None:
    lke.faults.add(first=1, status=503)
    with pytest.raises(openai.InternalServerError):
        chat(lke)
    lke.faults.add(first=1, error="rate", status=429)
    with pytest.raises(openai.RateLimitError):
        chat(lke)


@pytest.mark.parametrize(
    ("code", "met"),
    [
        ("AuthFailure.SignatureFailure", openai.AuthenticationError),
        ("UnauthorizedOperation", openai.PermissionDeniedError),
        ("RequestLimitExceeded", openai.RateLimitError),
        ("ResourceUnavailable.ResourcePackageRunOut", openai.RateLimitError),
        ("InvalidParameter", openai.BadRequestError),
        ("ResourceNotFound", openai.NotFoundError),
        ("InternalError", openai.InternalServerError),
    ],
)
def test_a_code_of_the_cloud_has_the_status_of_what_it_says_here(
    lke: Lke, code: str, met: type[openai.APIStatusError]
) -> None:
    lke.faults.add(error=code)
    with pytest.raises(met) as caught:
        chat(lke)
    assert caught.value.code == code


def test_a_stream_is_dropped_or_garbled_after_so_many_events(lke: Lke) -> None:
    lke.faults.add(first=1, drop_after=2)
    assert events_before(lke, httpx.RemoteProtocolError) == 2
    lke.faults.add(first=1, garble_after=1)
    assert events_before(lke, json.JSONDecodeError) == 1


def events_before(lke: Lke, error: type[Exception]) -> int:
    """How many events of a chat came whole before the error did."""
    whole: list[Any] = []
    with pytest.raises(error):
        whole.extend(events(lke))
    return len(whole)


def events(lke: Lke) -> Iterator[Any]:
    body = {"model": "deepseek-v3.2", "messages": HELLO, "stream": True}
    headers = {"Authorization": f"Bearer {lke.key}"}
    with httpx.stream("POST", f"{lke.url}/v1/chat/completions", json=body, headers=headers, timeout=20) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: {"):
                yield json.loads(line[6:])


def test_a_stream_that_stalls_has_neither_more_events_nor_an_end(lke: Lke) -> None:
    lke.faults.add(first=1, stall_after=3)
    at = urlsplit(lke.url)
    with closing(http.client.HTTPConnection(at.hostname or "", at.port, timeout=20)) as connection:
        body = json.dumps({"model": "deepseek-v3.2", "messages": HELLO, "stream": True})
        connection.request("POST", "/v1/chat/completions", body, {"Authorization": f"Bearer {lke.key}"})
        answer = connection.getresponse()
        for _ in range(3):
            assert answer.readline().startswith(b"data: {")
            assert answer.readline() == b"\n"
        assert connection.sock
        connection.sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            answer.readline()


def test_a_latency_is_waited_for(lke: Lke) -> None:
    lke.faults.add(latency=0.2, first=1)
    began = time.monotonic()
    ask(lke)
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(
    "latency", [{"uniform": {"low": 0.01, "high": 0.02}}, {"lognormal": {"median": 0.01, "sigma": 0.3}}]
)
def test_a_latency_can_be_distributed(lke: Lke, latency: dict[str, Any]) -> None:
    lke.faults.add(latency=latency, first=1)
    ask(lke)
    assert lke.calls.find(operation=USAGE)[0]["LatencyUs"] >= 5000


def test_a_header_asks_for_a_fault_of_one_call(lke: Lke) -> None:
    headers = {"Authorization": f"Bearer {lke.key}", "X-Emulator-Fault": "error=internal; status=502"}
    assert httpx.get(f"{lke.url}/v1/models", headers=headers).status_code == 502
    del headers["X-Emulator-Fault"]
    assert httpx.get(f"{lke.url}/v1/models", headers=headers).status_code == 200


def test_a_client_that_can_set_nothing_writes_it_into_what_it_sends(lke: Lke) -> None:
    client = lke.client("lkeap")
    query = {"Query": "emulator-fault:error=RequestLimitExceeded", "Docs": ["a"]}
    assert code_of(lambda: client.call_json("RunRerank", query)) == "RequestLimitExceeded"
    asking = lke.client("lke", reqMethod="GET")
    assert (
        code_of(lambda: asking.call_json(USAGE, {"ModelName": "emulator-fault:error=InternalError"})) == "InternalError"
    )


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({}, "a fault has an effect"),
        ({"error": "X", "reset": True}, "exclude each other"),
        ({"first": 1, "nth": 1, "error": "X"}, "exclude each other"),
        ({"message": "x", "reset": True}, "it is the text of an error"),
        ({"probability": 2, "error": "X"}, "probability"),
        ({"eror": "X"}, "unknown field"),
        ({"latency": {}}, "uniform"),
        ({"content_type": "text/html\r\nx: y"}, "one line"),
        ({"content_type": "text/html\n"}, "one line"),
        ({"status": 100}, "200"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_with_the_reason(lke: Lke, rule: dict[str, Any], why: str) -> None:
    with pytest.raises(ControlError, match=why):
        lke.faults.add(**rule)
    assert succeeds(lke)


def test_words_that_are_no_rule_are_told_to_their_caller(lke: Lke) -> None:
    headers = {"Authorization": f"Bearer {lke.key}", "X-Emulator-Fault": "eror=internal"}
    answer = httpx.get(f"{lke.url}/v1/models", headers=headers)
    assert answer.status_code == 400
    assert "eror" in answer.json()["error"]["message"]


def test_faults_of_the_server_strike_every_account_and_go_after_the_accounts_own(lke: Lke) -> None:
    set_fault = lke.control.post(
        "/faults", operation="lke.DescribeTokenUsage", error="UnauthorizedOperation", caller=lke.uin
    )
    try:
        assert code_of(lambda: ask(lke)) == "UnauthorizedOperation"
        lke.faults.add(error="InternalError")
        assert code_of(lambda: ask(lke)) == "InternalError"
        assert lke.control.get(f"/faults/{set_fault['id']}")["hits"] == 1
    finally:
        lke.control.delete(f"/faults/{set_fault['id']}")


def test_control_itself_never_fails_by_a_fault(lke: Lke) -> None:
    lke.faults.add(reset=True)
    assert lke.clock.now > 0


def test_a_caller_who_leaves_a_silence_holds_nothing(lke: Lke) -> None:
    lke.faults.add(silence=True, first=1)
    at = urlsplit(lke.url)
    with socket.create_connection((at.hostname or "", at.port or 0)) as connection:
        connection.sendall(
            f"GET /v1/models HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {lke.key}\r\n\r\n".encode()
        )
        while not lke.calls.find():
            pass
        assert not lke.calls.wait(timeout=0.05)
    assert lke.calls.wait(code="disconnected", timeout=20)


def raw_chat(lke: Lke) -> httpx.Response:
    body = {"model": "deepseek-v3.2", "messages": HELLO, "stream": True}
    return httpx.post(
        f"{lke.url}/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {lke.key}"}, timeout=30
    )


@pytest.mark.parametrize("effect", ["truncate", "drop_after"])
def test_nothing_at_all_of_a_stream_may_leave(lke: Lke, effect: str, caplog: pytest.LogCaptureFixture) -> None:
    rule = lke.faults.add(operation="chat.completions", first=1, **{effect: 0})
    with pytest.raises(httpx.RemoteProtocolError):
        raw_chat(lke)
    assert (rule.hits, rule.remaining) == (1, 0)
    assert "data:" in raw_chat(lke).text
    assert not caplog.records


def test_the_first_event_may_be_the_one_that_is_not_whole(lke: Lke) -> None:
    lke.faults.add(surface="openai", first=1, garble_after=0)
    first = raw_chat(lke).text.split("\n\n")[0]
    with pytest.raises(json.JSONDecodeError):
        json.loads(first.removeprefix("data: "))


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_is_whole_on_every_way_out(
    lke: Lke, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    lke.change(apps=[{"name": "desk"}])
    lke.faults.add(surface="objects", status=status)
    with pytest.raises(ConnectionError):
        lke.upload(b"Hello")
    assert [call["Code"] for call in lke.calls.find(surface="objects")] == [str(status)]
    assert not caplog.records


def test_a_connection_that_breaks_on_purpose_is_no_error_in_the_log(lke: Lke, caplog: pytest.LogCaptureFixture) -> None:
    for effect in ({"reset": True}, {"truncate": 5}):
        rule = lke.faults.add(operation="DescribeTokenUsage", first=1, **effect)
        with pytest.raises(Exception, match=r"Connection|IncompleteRead"):
            lke.client("lke").call_json("DescribeTokenUsage", {})
        assert rule.hits == 1
    assert not caplog.records
