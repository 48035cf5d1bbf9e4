"""What holds for every call, whatever surface it came through: the journal, failures inside, the date, the depth of JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contract_tests.conftest import Control, Target
from contract_tests.control.admin import HELLO, Admin
from contract_tests.gateway.wire import send, signed_headers
from contract_tests.lkeap.conftest import call
from lke_emulator.account.rate_limits import Limits
from lke_emulator.knowledge.files import Files
from lke_emulator.oneapi import logs
from lke_emulator.openai import surface as openai
from lke_emulator.products import HANDLERS

CHAT = {"model": "deepseek-v3.2", "messages": HELLO}
SIGNED_CHAT = {"Model": "deepseek-v3", "Messages": [{"Role": "user", "Content": "Hello"}]}
PATHS = {
    "openai": ("/v1/models", "/v1/models/gpt-4o", "/models", "/v1/nothing"),
    "oneapi": (
        *(
            "/api/status",
            "/api/pricing",
            "/api/user/self",
            "/api/user/self/groups",
            "/api/user/models",
            "/api/user/token",
        ),
        *("/api/user/topup/info", "/api/user/topup/self", "/api/token/", "/api/token/search", "/api/token/1"),
        *("/api/log/self", "/api/log/self/stat", "/api/log/self/search?keyword=deep", "/api/log/token"),
        *("/api/data/self", "/api/usage/token/", "/v1/dashboard/billing/subscription", "/dashboard/billing/usage"),
        "/api/nothing",
    ),
    "objects": ("/files/1/2-3/none.zip", "/files"),
}


@pytest.fixture
def admin(emulator: Control) -> Iterator[Admin]:
    root = Admin(emulator.url)
    template = {
        "billing": {"balance": 100, "postpaid": "all"},
        "sub_accounts": [{"name": "alice", "uin": "200000000001"}],
    }
    yield root.account(account=template)
    root.close()


@pytest.fixture
def key(admin: Admin) -> dict[str, str]:
    return {"Authorization": f"Bearer {admin.secret}"}


@pytest.fixture
def lkeap(admin: Admin, lkeap: Any, target: Target) -> Any:
    secret = admin.opened["credentials"][0]
    return target.client(type(lkeap), secret_id=secret["secret_id"], secret_key=secret["secret_key"])


def calls(admin: Admin, **query: Any) -> list[dict[str, Any]]:
    """Of the journal, newest first."""
    found: list[dict[str, Any]] = admin.http.get("/_emulator/journal", params=query).json()["calls"]
    return found


def call_everything(admin: Admin, lkeap: Any, key: dict[str, str]) -> None:
    call(lkeap, "ChatCompletions", **SIGNED_CHAT)
    list(call(lkeap, "ChatCompletions", **SIGNED_CHAT, Stream=True))
    admin.http.post("/v1/chat/completions", json=CHAT, headers=key)
    admin.http.post("/v1/chat/completions", json=CHAT | {"stream": True}, headers=key)
    image = {"prompt": "x", "model": "dall-e-3", "size": "16x16"}
    url = admin.http.post("/v1/images/generations", json=image, headers=key).json()["data"][0]["url"]
    assert httpx.get(url).status_code == 200
    admin.http.post("/api/token/", json={"name": "another"}, headers=key)
    send_wrong(admin)


def send_wrong(admin: Admin) -> None:
    admin.http.post("/", json={}, headers={"X-TC-Action": "DescribeNothing", "Authorization": "none"})


def test_every_get_answers_after_calls_of_every_surface(admin: Admin, lkeap: Any, key: dict[str, str]) -> None:
    call_everything(admin, lkeap, key)
    for path in [path for paths in PATHS.values() for path in paths]:
        assert admin.http.get(path, headers=key).status_code < 500, path
    for path in admin.document["paths"]:
        if "get" in admin.document["paths"][path]:
            with admin.http.stream("GET", re.sub("{[^}]+}", "1", path.replace("{uin}", admin.uin))) as answer:
                assert answer.status_code < 500, path
    streams = [line["is_stream"] for line in admin.http.get("/api/log/self", headers=key).json()["data"]["items"]]
    assert streams == [False, True, False, True, False]  # an image, and two chats of each API


def test_every_call_of_every_surface_is_in_the_journal(admin: Admin, lkeap: Any, key: dict[str, str]) -> None:
    call_everything(admin, lkeap, key)
    told = [
        (one["Surface"], one["Action"], one["Streamed"], one["Verdict"], one["Account"] == admin.uin)
        for one in reversed(calls(admin))
    ]
    assert told == [
        ("gateway", "lkeap.ChatCompletions", False, "ok", True),
        ("gateway", "lkeap.ChatCompletions", True, "ok", True),
        ("openai", "openai.chat.completions", False, "ok", True),
        ("openai", "openai.chat.completions", True, "ok", True),
        ("openai", "openai.images.generations", False, "ok", True),
        ("objects", "objects.get", False, "ok", True),
        ("oneapi", "oneapi.create_token", False, "ok", True),
        ("gateway", "", False, "error", False),
    ]
    signed, streamed = calls(admin, surface="gateway")[1:]
    for one in (signed, streamed, calls(admin, surface="openai")[1]):
        assert one["Model"].startswith("deepseek")
        assert one["InputTokens"] > 0 < one["OutputTokens"]
        assert one["LatencyUs"] > 0


def test_who_looks_does_not_drown_what_is_looked_at(admin: Admin, lkeap: Any, key: dict[str, str]) -> None:
    call(lkeap, "ChatCompletions", **SIGNED_CHAT)
    for _ in range(3):
        admin.get("/clock")
    assert [one["Surface"] for one in calls(admin)] == ["gateway"]
    own = calls(admin, surface="control")
    assert [one["Action"] for one in own[1:5]] == ["control.journal", *["control.get_clock"] * 3]
    assert own[2]["Params"] == {"uin": admin.uin}
    assert own[0]["Verdict"] == "open"  # the very call that asks


def test_the_journal_hides_what_a_name_says_is_secret(admin: Admin) -> None:
    admin.post("/keys", label="shown", secret="sk-known-beforehand-and-never-shown-1")
    body = {"CallbackToken": "one-secret", "user_password": {"deep": "two"}, "api-key": "three", "tokens": "plain"}
    admin.http.post("/", json=body, headers={"X-TC-Action": "X", "Authorization": "none"})
    assert calls(admin)[0]["Params"] == {
        "CallbackToken": "[redacted]",
        "user_password": "[redacted]",
        "api-key": "[redacted]",
        "tokens": "plain",
    }
    assert "never-shown" not in json.dumps(calls(admin, surface="control"))


def boom(*args: Any, **named: Any) -> Any:
    raise KeyError("a slip of ours")


def test_a_failure_inside_is_told_in_the_form_of_its_surface(
    admin: Admin, lkeap: Any, key: dict[str, str], monkeypatch: pytest.MonkeyPatch, target: Target
) -> None:
    """The connection lives on, and nothing says what failed."""
    monkeypatch.setitem(HANDLERS, "lke.DescribeTokenUsage", boom)
    monkeypatch.setattr(Limits, "of", boom)
    monkeypatch.setattr(Files, "open", boom)
    monkeypatch.setattr(openai, "read_object", boom)
    monkeypatch.setattr(logs, "other_lines", boom)
    with httpx.Client(base_url=admin.url) as http:
        assert send(target, body=b"{}", headers=signed_headers(target)).code == "InternalError"
        broken = http.post("/v1/chat/completions", json=CHAT, headers=key)
        assert (broken.status_code, broken.json()["error"]["code"]) == (500, "internal_error")
        listed = http.get("/api/log/self", headers=key)
        assert (listed.status_code, listed.json()["success"]) == (500, False)
        assert "<Code>InternalError</Code>" in http.get(f"/files/{admin.uin}/1-2/x").text
        actions = http.get("/_emulator/actions")
        assert (actions.status_code, list(actions.json())) == (500, ["error"])
        assert "slip" not in broken.text + listed.text + actions.text
        assert http.get("/health").status_code == 200
    assert {one["Code"] for one in calls(admin, surface="oneapi")} == {"InternalError"}
    assert calls(admin, surface="openai")[0]["Code"] == "internal_error"


def test_no_surface_reads_json_that_is_too_deep(admin: Admin, key: dict[str, str], target: Target) -> None:
    """What is taken in must be shown again: in the journal, in lists."""
    for nested in (b'{"x":' + b"[" * 500 + b"]" * 500 + b"}", b'{"x":' * 50_000, b"[" * 200_000):
        assert send(target, body=nested, headers=signed_headers(target, body=nested)).code == "InvalidParameter"
        assert admin.http.post("/v1/chat/completions", content=nested, headers=key).status_code == 400
        created = admin.http.post("/api/token/", content=nested, headers=key)
        assert (created.status_code, created.json()["success"]) == (200, False)
        assert admin.http.post("/_emulator/accounts", content=nested).status_code == 400
    for query in ({}, {"surface": "control"}):
        assert admin.http.get("/_emulator/journal", params=query).status_code == 200
    brackets = json.dumps({**CHAT, "user": "[" * 3000 + '"{\\'}).encode()
    assert admin.http.post("/v1/chat/completions", content=brackets, headers=key).status_code == 200


def test_every_answer_says_the_date_of_its_account(admin: Admin, key: dict[str, str], emulator: Control) -> None:
    admin.post("/clock/freeze", at="2031-05-06 07:08:09")
    date = "2031-05-06T07:08:09+08:00"
    for path in ("/v1/models", "/v1/nothing-of-this-key", "/api/user/self", f"/_emulator/accounts/{admin.uin}"):
        answer = admin.http.get(path, headers=key)
        assert answer.headers["x-emulator-date"] == (
            date if answer.status_code == 200 else answer.headers["x-emulator-date"]
        )
    stream = admin.http.post("/v1/chat/completions", json=CHAT | {"stream": True}, headers=key)
    assert stream.headers["x-emulator-date"] == date
    emulator.world.accounts["100000000001"].clock.freeze(0)
    for path in ("/", "/health", "/files/1/2-3/4"):
        assert admin.http.get(path).headers["x-emulator-date"] == "1970-01-01T08:00:00+08:00"


def test_an_unknown_path_of_the_openai_endpoint_names_what_there_is(admin: Admin, key: dict[str, str]) -> None:
    for path in ("/v1/completions", "/v1", "/chat/nothing", "/v1/audio/speech"):
        answer = admin.http.post(path, json={}, headers=key)
        error = answer.json()["error"]
        assert (answer.status_code, error["type"], error["code"]) == (404, "invalid_request_error", "unknown_url")
        assert path in error["message"]
        assert "/v1/chat/completions" in error["message"]
