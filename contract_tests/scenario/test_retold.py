"""An account retold as a scenario: the YAML loads, and makes the account so."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from contract_tests.conftest import Control

CLICKED: dict[str, Any] = {
    "name": "Clicked together",
    "clock": {"frozen_at": "2026-11-20 10:00"},
    "sub_accounts": [{"uin": "200", "name": "anna"}],
    "spaces": [{"id": "night"}],
    "models": [{"name": "hunyuan", "concurrency": 3}],
    "apps": [
        {
            "name": "yes",
            "space": "night",
            "greeting": "\u202eHi: - #",
            "opening_questions": ["When?"],
            "recommends": True,
            "clarifies": True,
            "clarify_keywords": ["open"],
            "plans": True,
            "labels": [{"name": "Guests", "key": "guests", "labels": ["sailors", "others"]}],
            "documents": [
                {"name": "tariff.md", "text": "# 40\n\n\ta night", "category": "Harbour/Fees", "at": "2026-11-01"},
                {"name": "scan.pdf", "state": "parse_failed", "reason": "no text", "at": "2026-11-02"},
            ],
            "questions": [
                {
                    "question": "When?",
                    "answer": "At six.",
                    "similar": ["What time?"],
                    "labels": {"Guests": ["sailors"]},
                    "at": "2026-11-03",
                }
            ],
            "rejected": ["Who?"],
            "conversations": [
                {
                    "at": "2026-11-19 09:00",
                    "turns": [
                        {"question": "When?", "how": "knowledge", "rating": "liked"},
                        {
                            "question": "Why?",
                            "answer": "So.",
                            "rating": "disliked",
                            "reasons": ["brief"],
                            "after": "3h",
                        },
                    ],
                }
            ],
            "releases": [{"at": "2026-11-10", "description": "First"}],
        },
        {"name": "Resting", "status": "not_online"},
    ],
    "knowledge": {"capacity": 5000, "used": {"Resting": 70}},
    "dialogue_limits": [{"app": "yes", "questions_per_second": 2}, {"space": "night", "tokens_per_day": 900}],
    "rate_limit": 0,
    "rate_limits": {"lke.ListApp": 3},
    "limits": [{"model": "hunyuan*", "requests_per_minute": 7}],
    "chat": [{"match": {"text": "story"}, "content": "Once upon a time.", "delay": 0.5}],
    "replies": [
        {"action": "lke.DescribeTokenUsage", "match": {"ModelName": "x"}, "result": {"TotalTokenUsage": 7.0}},
        {"action": "lke.DescribeTokenUsage", "error": {"code": "InternalError"}, "times": 2},
    ],
    "keys": [
        {"label": "Production", "sub_account": "200", "quota": 5, "models": ["hunyuan*"], "expires": "2027-01-01"}
    ],
    "moderation": {"words": ["casino"]},
    "faults": [{"operation": "lke.List*", "error": "InternalError", "first": 3, "until": "2026-12-01"}],
    "billing": {
        "balance": 12.345678,
        "currency": "CNY",
        "postpaid": ["ChatCompletions"],
        "permitted": ["200"],
        "packages": [
            {"kind": "tokens", "total": 100, "source": "trial", "start": "2026-11-01", "expires": "2027-02-03"}
        ],
        "prices": [{"model": "hunyuan*", "input": 0.25}],
        "channels": ["sms"],
    },
}
SAID = ("rate_limit", "rate_limits", "limits", "chat", "replies")
VIEWS = (
    "packages?status=all",
    "report",
    "wallet",
    "postpaid",
    "permissions",
    "notifications/channels",
    "moderation",
    "apps",
    "knowledge",
    "limits",
)


@pytest.fixture
def clicked(emulator: Control) -> Iterator[httpx.Client]:
    made = httpx.post(f"{emulator.url}/_emulator/accounts", json={"account": CLICKED})
    made.raise_for_status()
    uin = made.json()["account"]["uin"]
    with httpx.Client(base_url=f"{emulator.url}/_emulator/accounts/{uin}", timeout=30) as client:
        yield client


def shown(client: httpx.Client) -> dict[str, Any]:
    """What the pages show of it, without what is another one's in every account; what is pending has been paid."""
    rows = {view: client.get(view).raise_for_status().json() for view in VIEWS}
    for app in rows["apps"]["apps"]:
        del app["key"]
    wallet = rows["wallet"]
    wallet["balance"] = round(wallet["balance"] - wallet.pop("pending"), 6)
    del wallet["due"]
    return rows


def test_what_is_retold_makes_the_account_so(clicked: httpx.Client, emulator: Control) -> None:
    real = {"model": "declared-nowhere", "calls": 3, "input_tokens": 50, "sub_account": "200"}
    clicked.post("usage", json=real).raise_for_status()
    text, before = clicked.get("scenario").raise_for_status().text, shown(clicked)
    assert [one["used"] for one in before["packages?status=all"]["packages"] if one["total"] == 100] == [100]
    uin = str(clicked.base_url).rstrip("/").rpartition("/")[2]
    seven = {"uin": uin, "credentials": [{"secret_id": "AKIDseven", "secret_key": "k"}]}
    whole = yaml.safe_dump({"accounts": [seven | yaml.safe_load(text)]})
    httpx.delete(f"{emulator.url}/_emulator/accounts/{uin}").raise_for_status()
    httpx.post(f"{emulator.url}/_emulator/scenario", json={"text": whole}).raise_for_status()
    assert clicked.get("scenario").text == text
    assert [one["tokens_per_day"] for one in yaml.safe_load(text)["dialogue_limits"][1:]] == [900]
    assert shown(clicked) == before
    assert {name: yaml.safe_load(text)[name] for name in SAID} == {name: CLICKED[name] for name in SAID}


def test_one_section_comes_with_those_that_it_names(clicked: httpx.Client) -> None:
    said = yaml.safe_load(clicked.get("scenario", params={"sections": "keys"}).text)
    assert said.keys() == {"sub_accounts", "keys"}
    assert [key["label"] for key in said["keys"]] == ["Production", "default"]


def test_nothing_secret_is_retold(clicked: httpx.Client) -> None:
    secret = clicked.post("keys", json={"label": "new"}).json()["secret"]
    apps = clicked.get("apps").json()["apps"]
    text = clicked.get("scenario").text
    assert "new" in text
    assert not [one for one in (secret, *(app["key"] for app in apps)) if one in text]


def test_a_section_that_no_scenario_has_is_refused(clicked: httpx.Client) -> None:
    answer = clicked.get("scenario", params={"sections": "secrets"})
    assert answer.status_code == 404
    assert "there are name, " in answer.json()["error"]
