"""What goes through the recorder reaches the client as it came, and the file without a secret."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.recording.conftest import APP_KEY, ROOT, SECRET_ID, SECRETS, SUB, Recorded, recorder
from lke_emulator.client import Credentials
from lke_emulator.recording.document import Recorder, read_recording
from lke_emulator.recording.exchange import HttpRequest, RecordedReply
from lke_emulator.recording.proxy import RecordingProxy
from lke_emulator.recording.redaction import Redaction
from lke_emulator.recording.upstream import Upstream, UpstreamFailed, UpstreamKeys
from lke_emulator.testing.server import ThreadedServer

PAGE = {"PageNumber": 1, "PageSize": 10}
QUESTION = "Where is my parcel?"


def told(recorded: Recorded) -> list[RecordedReply]:
    return read_recording(recorded.path).replies


def chat(recorded: Recorded, **more: Any) -> httpx.Response:
    body = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": QUESTION}], **more}
    headers = {"Authorization": "Bearer sk-client00000000000000000000"}
    return httpx.post(f"{recorded.proxy.url}/v1/chat/completions", json=body, headers=headers)


def dialogue(recorded: Recorded) -> httpx.Response:
    body = {"content": QUESTION, "bot_app_key": "the-clients", "session_id": "s" * 36, "visitor_biz_id": "v1"}
    return httpx.post(f"{recorded.proxy.url}/v1/qbot/chat/sse", json=body)


@pytest.mark.parametrize("profile", [{}, {"signMethod": "HmacSHA1"}, {"signMethod": "HmacSHA256", "reqMethod": "GET"}])
def test_a_client_of_any_signature_gets_the_real_answer(recorded: Recorded, profile: dict[str, Any]) -> None:
    said = recorded.client(**profile).call_json("ListApp", PAGE)["Response"]
    assert {app["Name"] for app in said["List"]} == {"Shop", "Desk"}
    one = told(recorded)[0]
    assert (one.action, one.match, one.recorded.region) == ("lke.ListApp", PAGE, "ap-guangzhou")
    assert one.result["List"][0]["AppBizId"] == said["List"][0]["AppBizId"]
    assert "RequestId" not in one.result


def test_refusals_streams_chats_and_dialogues_are_recorded(recorded: Recorded) -> None:
    with pytest.raises(TencentCloudSDKException, match="UnknownParameter"):
        recorded.client().call_json("ListApp", {**PAGE, "Colour": "red"})
    asked = {"Model": "deepseek-v3.2", "Messages": [{"Role": "user", "Content": QUESTION}], "Stream": True}
    streamed = list(recorded.client("lkeap").call_sse("ChatCompletions", asked))
    assert chat(recorded).json()["choices"]
    assert chat(recorded, stream=True).text.endswith("data: [DONE]\n\n")
    assert "event:reply" in dialogue(recorded).text
    refused, stream, whole, chunked, talk = told(recorded)
    assert refused.error is not None
    assert (refused.error.code, refused.recorded.status) == ("UnknownParameter", 200)
    assert stream.events == [json.loads(event["data"]) for event in streamed]
    assert (whole.request, whole.result["object"]) == ("POST /v1/chat/completions", "chat.completion")
    assert chunked.events is not None
    assert chunked.events[-1] == "[DONE]"
    assert talk.events is not None
    assert {event["event"] for event in talk.events} >= {"reply", "token_stat"}
    assert talk.match["content"] == QUESTION


def test_no_secret_is_in_the_file(recorded: Recorded) -> None:
    """The hunt: everything that tells a secret is called, in requests, replies, addresses and texts of errors."""
    client = recorded.client()
    client.call_json("DescribeTokenUsage", {"UinAccount": [ROOT, SUB], "LoginUin": ROOT})
    client.call_json("DescribeRobotBizIDByAppKey", {"AppKey": APP_KEY})
    token = client.call_json("GetWsToken", {"Type": 5, "BotAppKey": APP_KEY})["Response"]["Token"]
    asked = {"BotBizId": "1900000000000000001", "FileType": "txt", "IsPublic": False, "TypeKey": "offline"}
    grant = client.call_json("DescribeStorageCredential", asked)["Response"]
    client.call_json("GetAppSecret", {"AppBizId": "1900000000000000001"})
    with pytest.raises(TencentCloudSDKException):
        client.call_json("DescribeTokenUsage", {f"sk-{'x' * 30}": 1, SECRET_ID: 2})
    with pytest.raises(TencentCloudSDKException):
        client.call_json("DescribeTokenUsage", {"ModelName": [f"uin {ROOT} with {SECRET_ID}"]})
    chat(recorded, user=SUB)
    dialogue(recorded)
    httpx.get(f"{recorded.proxy.url}/v1/models?token=abcdefghijkl&{SUB}=1", headers={"Authorization": "Bearer wrong"})
    secrets = (
        *SECRETS,
        token,
        *filter(lambda one: isinstance(one, str), grant["Credentials"].values()),
        "abcdefghijkl",
        "sk-client",
        "the-clients",
        "x" * 20,
    )
    text = recorded.text
    assert [secret for secret in secrets if secret in text] == []
    assert "q-signature=redacted" in text or "q-signature" not in text
    assert len(told(recorded)) == 10


def test_the_same_secret_has_the_same_stand_in_everywhere(recorded: Recorded) -> None:
    recorded.client().call_json("DescribeTokenUsage", {"UinAccount": [SUB]})
    recorded.client().call_json("DescribeTokenUsage", {"UinAccount": [SUB, ROOT]})
    first, second = (one.match["UinAccount"] for one in told(recorded))
    assert first == second[:1]
    assert second[0] != second[1]


def test_what_people_wrote_is_replaced_if_asked(real: ThreadedServer, tmp_path: Path) -> None:
    with recorder(real, tmp_path / "recording.yaml", texts=True) as recorded:
        answer = chat(recorded).json()["choices"][0]["message"]["content"]
        recorded.client().call_json("ListApp", PAGE)
        dialogue(recorded)
        assert [words for words in (QUESTION, answer, "Shop", "parcel") if words in recorded.text] == []
        assert "deepseek-v3.2" in recorded.text


def test_an_account_of_a_scenario_takes_signed_replies_as_they_are(recorded: Recorded) -> None:
    said = recorded.client().call_json("ListApp", PAGE)["Response"]
    with pytest.raises(TencentCloudSDKException):
        recorded.client().call_json("ListApp", {"PageNumber": 0, "PageSize": 10})
    asked = {"Model": "deepseek-v3.2", "Messages": [{"Role": "user", "Content": QUESTION}], "Stream": True}
    streamed = [event["data"] for event in recorded.client("lkeap").call_sse("ChatCompletions", asked)]
    with recorded.upstream.account({"replies": yaml.safe_load(recorded.text)["replies"]}) as lke:
        again = lke.client().call_json("ListApp", PAGE)["Response"]
        assert [app["Name"] for app in again["List"]] == [app["Name"] for app in said["List"]]
        with pytest.raises(TencentCloudSDKException, match="PageNumber"):
            lke.client().call_json("ListApp", {"PageNumber": 0, "PageSize": 10})
        assert [event["data"] for event in lke.client("lkeap").call_sse("ChatCompletions", asked)] == streamed


@pytest.fixture
def slow() -> Iterator[tuple[str, threading.Event]]:
    """An endpoint that sends the second half of its stream when the first was read."""
    read = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                connection.sendall(head + b'data: {"half": 1}\n\n')
                read.wait(20)
                connection.sendall(b'data: {"half": 2}\n\n')

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", read
        read.set()
        thread.join()


def test_a_stream_is_passed_on_as_it_comes(slow: tuple[str, threading.Event], tmp_path: Path) -> None:
    url, read = slow
    path = tmp_path / "recording.yaml"
    upstream = Upstream(url, UpstreamKeys(api_key="sk-any"))
    proxy = RecordingProxy("127.0.0.1", 0, upstream)
    proxy.record(Recorder(path, url, Redaction()))
    with httpx.stream("GET", f"{proxy.url}/v1/anything", timeout=20) as answer:
        lines = answer.iter_lines()
        assert next(lines) == 'data: {"half": 1}'
        read.set()
        assert [line for line in lines if line] == ['data: {"half": 2}']
    proxy.shutdown()
    proxy.server_close()
    assert read_recording(path).replies[0].events == [{"half": 1}, {"half": 2}]


def test_an_endpoint_that_does_not_answer_is_told_and_not_recorded(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        recording = Recorder(tmp_path / "recording.yaml", url, Redaction())
        keys = UpstreamKeys(Credentials("AKIDx", "y"))
        proxy = RecordingProxy("127.0.0.1", 0, Upstream(url, keys))
        proxy.record(recording)
        answer = httpx.get(f"{proxy.url}/v1/models")
        proxy.shutdown()
        proxy.server_close()
    assert (answer.status_code, recording.count) == (502, 0)
    assert "does not answer" in answer.text
    assert "GET /v1/models" in proxy.left_out[0]


def test_what_an_endpoint_says_that_is_no_http_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"\x00\x1b[31m no http\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(UpstreamFailed) as failed:
            Upstream(url, UpstreamKeys()).send(HttpRequest("GET", "/v1/models", {}, b""))
    assert str(failed.value).isprintable()


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Transfer-Encoding": "chunked"}, 411), ({"Upgrade": "websocket"}, 501), ({"Content-Length": "many"}, 411)],
)
def test_what_cannot_be_recorded_is_refused(recorded: Recorded, headers: dict[str, str], status: int) -> None:
    connection = http.client.HTTPConnection(urlsplit(recorded.proxy.url).netloc)
    connection.putrequest("POST", "/v1/models")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()


def test_the_hosts_of_the_cloud_are_one_a_product() -> None:
    from lke_emulator.client import endpoint_of

    cloud = "https://lke.tencentcloudapi.com"
    assert endpoint_of(cloud, "lkeap") == "https://lkeap.tencentcloudapi.com"
    assert (
        endpoint_of("https://lke.ap-jakarta.tencentcloudapi.com", "adp") == "https://adp.ap-jakarta.tencentcloudapi.com"
    )
    assert endpoint_of("http://127.0.0.1:5530/", "lkeap") == "http://127.0.0.1:5530"
