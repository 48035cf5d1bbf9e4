"""The journal as HAR, as a script of curl and as a test for pytest."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control, Target
from contract_tests.control.admin import PREFIX, Admin
from contract_tests.gateway.wire import FORM, form, send, v1_params
from contract_tests.process.commands import PLUGINS

Required = dict[str, Any]


class NameValue(msgspec.Struct, frozen=True):
    name: str
    value: str


class PostData(msgspec.Struct, frozen=True, rename="camel"):
    mime_type: str
    text: str


class HarRequest(msgspec.Struct, frozen=True, rename="camel"):
    method: str
    url: str
    http_version: str
    cookies: list[Required]
    headers: list[NameValue]
    query_string: list[NameValue]
    headers_size: int
    body_size: int
    post_data: PostData | None = None


class HarContent(msgspec.Struct, frozen=True, rename="camel"):
    size: int
    mime_type: str
    text: str = ""


class HarResponse(msgspec.Struct, frozen=True, rename="camel"):
    status: int
    status_text: str
    http_version: str
    cookies: list[Required]
    headers: list[NameValue]
    content: HarContent
    redirect_url: str = msgspec.field(name="redirectURL")
    headers_size: int
    body_size: int


class HarTimings(msgspec.Struct, frozen=True):
    send: float
    wait: float
    receive: float


class HarEntry(msgspec.Struct, frozen=True, rename="camel"):
    started_date_time: Any
    time: float
    request: HarRequest
    response: HarResponse
    cache: Required
    timings: HarTimings


class Creator(msgspec.Struct, frozen=True):
    name: str
    version: str


class HarLog(msgspec.Struct, frozen=True):
    version: str
    creator: Creator
    entries: list[HarEntry]


class Har(msgspec.Struct, frozen=True):
    """HAR 1.2, its required members."""

    log: HarLog


def exported(admin: Admin, form: str, **query: Any) -> str:
    answer = admin.http.get(f"{PREFIX}/journal", params={"format": form, **query})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def called(admin: Admin, target: Target) -> Target:
    """Calls of every kind, well and refused, some of which show a secret."""
    target.client(LkeClient).call_json("DescribeTokenUsage", {"ModelName": "it's; $(echo) `x` \\ \u2028"})
    with pytest.raises(TencentCloudSDKException):
        target.client(LkeClient).call_json("DescribeTokenUsage", {"Model": "x"})
    with pytest.raises(TencentCloudSDKException):
        target.client(LkeClient, secret_key="a-wrong-secret").call_json("DescribeTokenUsage", {})
    send(target, body=form(v1_params(target, ModelName="hunyuan", Token="")), headers=FORM)
    send(target, "GET", "/?" + form(v1_params(target, method="GET", ModelName="hunyuan")).decode())
    headers = {"Authorization": f"Bearer {KEY}"}
    chat = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": "it's"}], "max_tokens": 5}
    for body in (chat, chat | {"stream": True}, chat | {"model": "none"}):
        admin.http.post("/v1/chat/completions", json=body, headers=headers)
    admin.http.get("/v1/models/deepseek-v3.2", headers=headers)
    admin.http.get("/v1/models", headers=headers)
    admin.http.get("/api/log/self", params={"p": "1", "token": "a-secret-token"}, headers=headers)
    admin.http.post("/v1/qbot/chat/sse", json={"content": "hello", "bot_app_key": "a-secret-app-key"})
    app = admin.get(f"/accounts/{ROOT}/apps")["apps"][0]
    session = "a-session-of-the-exported-calls-1"
    v1 = {"content": "hello", "bot_app_key": app["key"], "session_id": session, "visitor_biz_id": "v"}
    contents = [{"Type": "text", "Text": "it's"}]
    v2 = {"AppKey": app["key"], "ConversationId": session, "VisitorId": "v", "Contents": contents}
    admin.http.post("/v1/qbot/chat/sse", json=v1)
    admin.http.post("/v1/qbot/chat/sse", json=v1 | {"content": ""})
    admin.http.post("/adp/v2/chat", json=v2)
    admin.http.get("/api/user/self", headers={"Authorization": TOKEN})
    admin.http.get("/api/log/self", params={"p": "1", "page_size": 5}, headers={"Authorization": TOKEN})
    asked = {"BotBizId": app["biz_id"], "FileType": "txt", "IsPublic": False, "TypeKey": "offline"}
    upload = target.client(LkeClient, region="ap-jakarta").call_json("DescribeStorageCredential", asked)["Response"]
    admin.http.put(upload["UploadUrl"], content=b"Hello")
    return target


KEY = "sk-localRootKeyOfLkeEmulatorOpensNothingOutsideOfIt"
TOKEN, ROOT = "localRootTokenOfLkeEmulatorNoKey", "100000000001"
SECRETS = (
    KEY,
    TOKEN,
    "localDemo",
    "local-comedy",
    "local-secret-key",
    "a-wrong-secret",
    "a-secret-token",
    "a-secret-app-key",
)


@pytest.mark.parametrize("form", ["har", "curl", "pytest"])
def test_no_secret_is_in_what_is_exported(admin: Admin, called: Target, form: str) -> None:
    text = exported(admin, form)
    assert not [secret for secret in SECRETS if secret in text]
    assert "Signature=" not in text.replace("Signature=$signature", "")


def test_the_journal_is_har(admin: Admin, called: Target) -> None:
    har = msgspec.json.decode(exported(admin, "har"), type=Har)
    assert har.log.version == "1.2"
    first, refused, *_ = har.log.entries
    assert first.request.post_data is not None
    assert json.loads(first.request.post_data.text)["ModelName"].startswith("it's")
    assert NameValue("X-TC-Action", "DescribeTokenUsage") in first.request.headers
    assert json.loads(refused.response.content.text)["Response"]["Error"]["Code"] == "UnknownParameter"
    by_url = {entry.request.url.removeprefix(admin.url): entry for entry in har.log.entries}
    assert by_url["/v1/chat/completions"].response.status == 404
    assert "not exist" in json.loads(by_url["/v1/chat/completions"].response.content.text)["error"]["message"]
    assert json.loads(first.response.content.text)["Response"]["ApiCallStats"] >= 0
    assert NameValue("X-TC-Region", "ap-jakarta") in har.log.entries[-2].request.headers
    [stream] = [entry for url, entry in by_url.items() if url == "/adp/v2/chat"]
    assert '"Type":"response.completed"' in stream.response.content.text.replace(" ", "")
    assert stream.response.body_size > len(stream.response.content.text) // 2
    assert by_url["/api/log/self?p=1&token=%5Bredacted%5D"].request.method == "GET"


def test_one_call_is_exported(admin: Admin, called: Target) -> None:
    [line] = admin.get("/journal", code="UnknownParameter")["calls"]
    text = exported(admin, "curl", request_id=line["RequestId"])
    assert text.count("\ntc3 ") == 1
    assert len(json.loads(exported(admin, "har", request_id=line["RequestId"]))["log"]["entries"]) == 1


def test_the_script_of_curl_makes_the_calls_again(admin: Admin, called: Target, tmp_path: Path) -> None:
    gateway = admin.get("/journal", surface="gateway")["calls"]
    others = ("openai", "oneapi", "dialogue")
    before = {surface: admin.get("/journal", surface=surface)["calls"] for surface in others}
    script = tmp_path / "calls.sh"
    script.write_text(exported(admin, "curl"), "utf-8")
    admin.http.delete(f"{PREFIX}/journal")
    opens = {
        "TENCENTCLOUD_SECRET_ID": called.secret_id,
        "TENCENTCLOUD_SECRET_KEY": called.secret_key,
        "OPENAI_API_KEY": KEY,
        "LKE_ACCESS_TOKEN": TOKEN,
        "LKE_APP_KEY": admin.get(f"/accounts/{ROOT}/apps")["apps"][0]["key"],
    }
    path = {"PATH": "/usr/bin:/bin:/usr/local/bin"}
    ran = subprocess.run(["sh", script], env=opens | path, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr

    def told(calls: list[Any]) -> list[tuple[str, Any, str]]:
        return [(call["Action"], call["Params"], call["Code"]) for call in calls if call["Account"]]

    for surface in others:
        assert told(admin.get("/journal", surface=surface)["calls"]) == told(before[surface])
    again = admin.get("/journal", surface="gateway")["calls"]
    assert len(again) == len(gateway)
    assert {call["Code"] for call in again} == {"", "UnknownParameter"}
    assert again[-1]["Params"] == gateway[-1]["Params"]


def test_the_test_for_pytest_runs(admin: Admin, called: Target, tmp_path: Path) -> None:
    text = exported(admin, "pytest")
    assert "lke_scenario('default')" in text
    (tmp_path / "test_again.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_again.py"]
    ran = subprocess.run(
        command, env=os.environ | PLUGINS, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert "1 passed" in ran.stdout, text + ran.stdout
    assert text.count("lke.client('lke')") == 4
    assert "lke.client('lke', region='ap-jakarta')" in text
    for made in ("/v1/qbot/chat/sse", "/adp/v2/chat", "/api/user/self", "/api/log/self"):
        assert f"lke.request('{'GET' if 'api' in made else 'POST'}', '{made}" in text
    assert "'bot_app_key': lke.app_key" in text
    assert "lke.upload(bytes(5))" in text
    assert text.count("It is not made again") == 3


def test_what_a_fault_struck_is_struck_again(account: Admin, tmp_path: Path) -> None:
    account.post("/faults", first=1, error="InternalError")
    with pytest.raises(Exception, match="500"):
        account.chat()
    text = exported(account, "pytest", account=account.uin)
    assert "lke.faults.add(operation='openai.chat.completions', first=1, error=" in text
    assert "lke_scenario" not in text
    compile(text, "test_again.py", "exec")


def test_an_empty_journal_is_exported(admin: Admin) -> None:
    admin.http.delete(f"{PREFIX}/journal")
    assert msgspec.json.decode(exported(admin, "har"), type=Har).log.entries == []
    compile(exported(admin, "pytest"), "test_none.py", "exec")
    assert "tc3()" in exported(admin, "curl")


def test_a_host_does_not_get_into_the_script(emulator: Control, admin: Admin) -> None:
    emulator.load("default", control_token="t")
    headers = {"Authorization": "Bearer t", "Host": 'x"; $(rm)'}
    text = admin.http.get(f"{PREFIX}/journal?format=curl", headers=headers).text
    assert "rm" not in text
