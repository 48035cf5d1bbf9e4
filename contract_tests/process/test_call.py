"""`lke-emulator call`: what it sends and prints."""

import json
import socket
import threading
from typing import Any

import pytest
from click.testing import Result

from contract_tests.conftest import Control, Target
from contract_tests.process.commands import run


def call(target: Target, *args: str, secret_key: str = "") -> Result:
    where = ["--endpoint", target.url, "--region", target.region]
    return run("call", *where, "--secret-id", target.secret_id, "--secret-key", secret_key or target.secret_key, *args)


def test_call_prints_the_reply(emulator: Control, target: Target) -> None:
    result = call(target, "DescribeTokenUsage", "ModelName=cs-normal-70b")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["TotalTokenUsage"] > 0


def test_call_types_values_as_the_action_wants_them(emulator: Control, target: Target) -> None:
    pairs = ["ModelName=cs-normal-70b", "PageNumber=1", "PageSize=3", "AppBizIds.0=1812732010083385344"]
    result = call(target, "ListUsageCallDetail", *pairs)
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)["List"]) == 3


def test_call_takes_json_too(emulator: Control, target: Target) -> None:
    params = {"ModelName": "cs-normal-70b", "PageNumber": 1, "PageSize": 2, "AppBizIds": ["1812732010083385344"]}
    result = call(target, "lke.ListUsageCallDetail", "--json", json.dumps(params))
    assert len(json.loads(result.stdout)["List"]) == 2


@pytest.mark.parametrize(
    ("args", "secret_key", "code"),
    [
        (["Model=x"], "", "UnknownParameter"),
        ([], "wrong", "AuthFailure.SignatureFailure"),
        (["--region", "ap-mars"], "", "UnsupportedRegion"),
    ],
)
def test_call_prints_a_refusal_and_exits_with_1(target: Target, args: list[str], secret_key: str, code: str) -> None:
    result = call(target, "DescribeTokenUsage", *args, secret_key=secret_key)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["Error"]["Code"] == code


def test_credentials_come_from_the_environment(target: Target) -> None:
    keys = {"TENCENTCLOUD_SECRET_ID": "AKIDnobody", "TENCENTCLOUD_SECRET_KEY": "any"}
    result = run("call", "DescribeTokenUsage", "--endpoint", target.url, **keys)
    assert json.loads(result.stdout)["Error"]["Code"] == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["DescribeTokenUsag"], "did you mean `DescribeTokenUsage`?"),
        (["lke.DescribeTokenUsag"], "did you mean `lke.DescribeTokenUsage`?"),
        (["CreateApp"], "write lke.CreateApp or adp.CreateApp"),
        (["DescribeTokenUsage", "ModelName"], "`ModelName` is no KEY=VALUE"),
        (["DescribeTokenUsage", "ModelName=a", "ModelName=b"], "`ModelName=b` is there twice"),
        (["DescribeTokenUsage", "AppBizIds.1=a"], "array index must be continuous"),
        (["DescribeTokenUsage", "--json", "{"], "--json is not JSON"),
        (["DescribeTokenUsage", "--json", "[]"], "--json must be an object"),
        (["DescribeTokenUsage", "A=1", "--json", "{}"], "either --json or KEY=VALUE"),
        (["DescribeTokenUsage", "--secret-id", "x"], "give both --secret-id and --secret-key"),
        (["DescribeTokenUsage", "--endpoint", "lke.tencentcloudapi.com"], "must be an http or https URL"),
        (["DescribeTokenUsage", "--endpoint", "https://lke.tencentcloudapi.com"], "give --secret-id and --secret-key"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_calls_are_not_sent(args: list[str], message: str) -> None:
    result = run("call", *args)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_a_call_that_nobody_answers_exits_with_1_and_says_how_to_serve() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        result = run("call", "DescribeTokenUsage", "--endpoint", f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert result.exit_code == 1
    assert "lke-emulator serve" in result.stderr


def answering(listener: socket.socket, body: bytes, kind: str) -> None:
    """Answer one request without parameters with these bytes."""
    connection, _ = listener.accept()
    with connection:
        asked = b""
        while not asked.endswith(b"\r\n\r\n{}"):
            asked += connection.recv(65536)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)


@pytest.mark.parametrize(
    ("body", "kind", "code", "printed"),
    [
        (b'data:{"Id": 1}\n\ndata: {"Id": 2}\n\n', "text/event-stream", 0, [{"Id": 1}, {"Id": 2}]),
        (
            b'data:{"Id": 1}\n\ndata:{"Response": {"Error": {"Code": "X"}}}\n\n',
            "text/event-stream",
            1,
            [{"Id": 1}, {"Error": {"Code": "X"}}],
        ),
        (b"<html></html>", "text/html", 1, []),
    ],
    ids=["stream", "error in a stream", "no API"],
)
def test_call_prints_what_comes_frame_by_frame(body: bytes, kind: str, code: int, printed: list[Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answering, args=(listener, body, kind))
        thread.start()
        result = run("call", "DescribeTokenUsage", "--endpoint", f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    decoder, text, frames = json.JSONDecoder(), result.stdout.strip(), []
    while text:
        frame, end = decoder.raw_decode(text)
        frames.append(frame)
        text = text[end:].strip()
    assert (frames, result.exit_code) == (printed, code)
