"""An account that is open is added to, and the world is begun anew."""

import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

import lke_emulator.testing
from lke_emulator.testing.account import Lke
from lke_emulator.testing.control import ControlError
from lke_emulator.testing.running import run_beside

USAGE = {"since": "-2d", "calls_per_day": 1000, "model": "hunyuan"}


def tokens(lke: Lke, **params: Any) -> int:
    total: int = lke.client("lke").call_json("DescribeTokenUsage", params)["Response"]["TotalTokenUsage"]
    return total


def test_replies_and_chat_rules_that_are_added_go_first(lke: Lke) -> None:
    lke.change(replies=[{"action": "lke.DescribeTokenUsage", "result": {"TotalTokenUsage": 1}}])
    lke.change(
        replies=[{"action": "lke.DescribeTokenUsage", "match": {"ModelName": "a"}, "result": {"TotalTokenUsage": 2}}]
    )
    assert (tokens(lke), tokens(lke, ModelName="a")) == (1, 2)
    lke.change(chat=[{"content": "forty-two"}])
    answer = lke.openai().chat.completions.create(model="deepseek-v3.2", messages=[{"role": "user", "content": "?"}])
    assert answer.choices[0].message.content == "forty-two"


def test_apps_and_faults_that_are_added_are_there(lke: Lke) -> None:
    lke.change(
        apps=[{"name": "Helper"}],
        faults=[{"operation": "lke.DescribeTokenUsage", "error": "InternalError", "first": 1}],
    )
    names = [
        app["Name"]
        for app in lke.client("lke").call_json("ListApp", {"PageNumber": 1, "PageSize": 10})["Response"]["List"]
    ]
    assert names == ["Helper"]
    lke.change(apps=[{"name": "Second"}])
    with pytest.raises(ControlError, match="Helper"):
        lke.change(apps=[{"name": "Helper"}])
    with pytest.raises(TencentCloudSDKException, match="InternalError"):
        tokens(lke)
    assert tokens(lke) == 0


@pytest.mark.parametrize("wrong", [{"apps": [{"nam": "x"}]}, {"usage": [{"model": "nobody"}]}, {"nothing": []}])
def test_where_something_cannot_be_nothing_is_added(lke: Lke, wrong: dict[str, Any]) -> None:
    lke.clock.freeze()
    before = lke.snapshot()
    with pytest.raises(ControlError):
        lke.change(**{"chat": [{"content": "x"}], **wrong})
    assert lke.snapshot() == before


def test_whoever_still_listens_when_the_server_ends_is_left_without_a_word_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with httpx.Client() as client, ExitStack() as listening, lke_emulator.testing.serve() as server:
        listening.enter_context(client.stream("GET", f"{server.url}/_emulator/events"))
    assert caplog.records == []


def test_the_whole_world_is_begun_anew() -> None:
    with lke_emulator.testing.serve("default") as server:
        first = server.first_account()
        before = tokens(first, StatStartTime=1, StatEndTime=1700000000)
        first.usage.add(model="hunyuan", calls=1, input_tokens=7)
        opened = Lke.opened(server.control)
        server.control.post("/faults", error="InternalError")
        assert [row["uin"] for row in server.control.post("/reset")["accounts"]] == [first.uin]
        assert tokens(first, StatStartTime=1, StatEndTime=1700000000) == before
        with pytest.raises(TencentCloudSDKException, match="SecretIdNotFound"):
            tokens(opened)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lke_emulator", "run", "--scenario", "empty", "--", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_command_is_run_beside_an_emulator_and_its_code_passed_on() -> None:
    code = "import os, urllib.request as u; print(u.urlopen(os.environ['LKE_ENDPOINT'] + '/health').status)"
    ran = run(sys.executable, "-c", code)
    assert (ran.returncode, ran.stdout.strip(), ran.stderr) == (0, "200", "")


def test_the_calls_of_a_command_that_fails_are_shown() -> None:
    code = "import os, urllib.request as u; u.urlopen(os.environ['OPENAI_BASE_URL'] + '/models')"
    ran = run(sys.executable, "-c", code)
    assert ran.returncode == 1
    assert "ended with 1" in ran.stderr


def test_a_command_that_is_not_there_is_said() -> None:
    ran = run("no-such-command-here")
    assert ran.returncode == 3
    assert "no-such-command-here cannot be run" in ran.stderr


PATIENT = "while :; do sleep 0.02; done"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (f"trap 'exit 9' TERM; kill -TERM $PPID; {PATIENT}", 9),
        (f"trap 'exit 8' HUP; kill -HUP $PPID; {PATIENT}", 8),
        (f"kill -TERM $PPID; {PATIENT}", 128 + 15),
        (f"trap '' TERM; kill -TERM $PPID; sleep 0.1; kill -TERM $PPID; {PATIENT}", 128 + 9),
        ("kill -9 $$", 128 + 9),
    ],
)
def test_a_signal_reaches_the_command_and_the_second_one_ends_it(script: str, code: int) -> None:
    assert run_beside("empty", ["sh", "-c", script])[0] == code


def test_a_reply_that_is_an_error_is_given_so_often(lke: Lke) -> None:
    lke.change(
        replies=[
            {"action": "lke.DescribeTokenUsage", "error": {"code": "InternalError"}, "times": 2},
            {"action": "lke.DescribeTokenUsage", "result": {"TotalTokenUsage": 9}, "times": 1, "delay": 0.05},
        ]
    )
    client = lke.client("lke")
    for _ in range(2):
        with pytest.raises(TencentCloudSDKException, match="InternalError"):
            client.call_json("DescribeTokenUsage", {})
    began = time.monotonic()
    assert client.call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 9
    assert time.monotonic() - began >= 0.05
    assert client.call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 0
    sources = [call["Source"] for call in lke.calls.find(operation="lke.DescribeTokenUsage")]
    assert sources == ["stateful", "scenario", "scenario", "scenario"]


def test_an_error_may_come_late(lke: Lke) -> None:
    error = {"code": "FailedOperation", "message": "Not today."}
    lke.change(replies=[{"action": "lke.DescribeTokenUsage", "error": error, "delay": 0.05}])
    with pytest.raises(TencentCloudSDKException, match="Not today"):
        lke.client("lke").call_json("DescribeTokenUsage", {})


def test_what_is_left_of_replies_is_in_a_snapshot(lke: Lke) -> None:
    lke.change(replies=[{"action": "lke.DescribeTokenUsage", "result": {"TotalTokenUsage": 9}, "times": 2}])
    client = lke.client("lke")
    client.call_json("DescribeTokenUsage", {})
    snapshot = lke.snapshot()
    for _ in range(2):
        assert client.call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 9
        assert client.call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 0
        lke.restore(snapshot)


@pytest.mark.parametrize("bad", [{"times": -1}, {"delay": -1}, {"delay": "soon"}, {"times": 1.5}])
def test_a_reply_that_cannot_be_given_is_refused(lke: Lke, bad: dict[str, Any]) -> None:
    with pytest.raises(ControlError, match="replies"):
        lke.change(replies=[{"action": "lke.DescribeTokenUsage", "result": {}, **bad}])


def test_what_no_official_client_sends_is_sent_and_stored(lke: Lke) -> None:
    with pytest.raises(LookupError, match="has no app"):
        _ = lke.app_key
    lke.change(apps=[{"name": "desk"}])
    asked = {"AppKey": lke.app_key, "ConversationId": "c" * 32, "VisitorId": "v"}
    said = lke.request("POST", "/adp/v2/chat", asked | {"Contents": [{"Type": "text", "Text": "Hello"}]})
    assert said.status == 200
    assert "response.completed" in said.text
    assert lke.request("GET", "/v1/models", authorization="Bearer sk-nobody").status == 401
    assert lke.upload(b"Hello").endswith(".txt")
    lke.calls.expect(operation="objects.PutObject", times=1)
