"""What the tests of the dialogue endpoints share: an account with apps of each kind, and calls to them as clients make them.

A test gets `talk` (the account, its rules and ledger; v1 and v2 over SSE, whose events are checked against the grammar) and
`lke` as every other.
"""

import json
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest
from httpx_sse import connect_sse
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control
from contract_tests.dialogue.grammar import check
from lke_emulator.account.account import Account
from lke_emulator.account.journal import CallMatch, journal_line
from lke_emulator.models.rules import ChatRule, Rules
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter

ROOT = "100000000009"
START = 1_790_000_000
SHOP, DRAFT, STOPPED, PARSER = (
    "1900000000000000001",
    "1900000000000000002",
    "1900000000000000003",
    "1900000000000000004",
)
SCENARIO = f"""
deterministic: true
accounts:
  - uin: {ROOT}
    seed: 3
    clock: {{ frozen_at: {START} }}
    rate_limit: 0
    credentials:
      - {{ secret_id: AKIDlocal, secret_key: local-secret-key }}
    spaces:
      - {{ id: default_space, name: Default }}
    apps:
      - {{ biz_id: "{SHOP}", name: Shop, space: default_space, key: shop-key }}
      - {{ biz_id: "{DRAFT}", name: Draft, key: draft-key, status: not_online }}
      - {{ biz_id: "{STOPPED}", name: Stopped, key: stopped-key, status: disabled }}
      - {{ biz_id: "{PARSER}", name: Parser, key: parser-key, type: plugin_parsing_qa }}
    models:
      - {{ name: cs-normal, concurrency: 2 }}
    billing: {{ postpaid: all, balance: 1000 }}
"""
CONVERSATION = "conversation-0123456789-0123456789"
Events = list[tuple[str, Any]]


class Talk:
    def __init__(self, control: Control) -> None:
        self.control = control
        self.account: Account = control.load(SCENARIO).accounts[ROOT]

    @property
    def url(self) -> str:
        return self.control.url

    def rules(self, *rules: dict[str, Any]) -> None:
        self.account.chat_rules = Rules([msgspec.convert(rule, ChatRule) for rule in rules])

    def used(self, **chosen: Any) -> Amounts:
        return self.account.ledger.totals(Filter(**chosen), 0, int(self.account.clock.now()) + 1)

    def journal(self) -> dict[str, Any]:
        return journal_line(next(self.control.world.journal.entries(CallMatch())))

    def v1(self, content: str = "When are you open?", *, whole: bool = True, path: str = "", **members: Any) -> Events:
        body = {
            "session_id": "session-1",
            "bot_app_key": "shop-key",
            "visitor_biz_id": "visitor-1",
            "content": content,
            "visitor_labels": [],
            "tcadp_user_id": "",
            **members,
        }
        return self.events("v1", path or "/v1/qbot/chat/sse", body, whole)

    def v2(self, text: str = "When are you open?", *, whole: bool = True, path: str = "", **members: Any) -> Events:
        body = {
            "ConversationId": CONVERSATION,
            "AppKey": "shop-key",
            "VisitorId": "visitor-1",
            "Contents": [{"Type": "text", "Text": text}],
            **members,
        }
        return self.events("v2", path or "/adp/v2/chat", body, whole)

    def events(self, version: str, path: str, body: Any, whole: bool = True) -> Events:
        """Every event, read by a public SSE client and checked."""
        with httpx.Client() as client, connect_sse(client, "POST", self.url + path, json=body, timeout=20) as source:
            assert source.response.status_code == 200
            assert source.response.headers["content-type"] == "text/event-stream"
            events = [
                (one.event, one.data if one.data == "[DONE]" else json.loads(one.data)) for one in source.iter_sse()
            ]
        check(version, events, whole)
        return events


@pytest.fixture
def talk(emulator: Control) -> Talk:
    return Talk(emulator)


@pytest.fixture
def token(talk: Talk, lke: LkeClient) -> Callable[..., str]:
    def issued(**params: Any) -> str:
        asked = {"Type": 5, "BotAppKey": "shop-key", "VisitorBizId": "visitor-1", **params}
        return str(lke.call_json("GetWsToken", asked)["Response"]["Token"])

    return issued


def text_of(events: Events) -> str:
    """What was answered, whichever protocol it came over; parts that replace each other."""
    last = ""
    for name, data in events:
        if name == "reply" and not data["payload"]["is_from_self"]:
            last = data["payload"]["content"]
        elif name == "response.completed":
            replies = [one for one in data["Response"]["Messages"] if one["Type"] == "reply"]
            last = "\n\n".join(one["Contents"][0]["Text"] for one in replies)
    return last


def code_of(events: Events) -> int:
    """The code of the error that is all there is."""
    (name, data), *others = events
    assert name == "error"
    assert not others
    return int(data["Error"]["Code"] if "Error" in data else data["error"]["code"])
