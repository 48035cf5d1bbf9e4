"""What happens, told to those who listen as it happens."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx
import pytest

from contract_tests.conftest import Control
from contract_tests.control.admin import PREFIX, Admin
from contract_tests.exchange.plain import until
from lke_emulator.account import events as log_bounds
from lke_emulator.account.events import EventLog
from lke_emulator.account.journal import Entry, journal_line
from lke_emulator.scenario.load import load


class Told(NamedTuple):
    kind: str
    id: str
    data: dict[str, Any]


class Listener:
    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.lines = answer.iter_lines()

    def next(self, *kinds: str) -> Told:
        """The next event, of these kinds if some are given."""
        members: dict[str, str] = {}
        for line in self.lines:
            if line:
                name, _, value = line.partition(": ")
                members[name] = value
            elif members.get("event"):
                told = Told(members["event"], members["id"], json.loads(members["data"]))
                if not kinds or told.kind in kinds:
                    return told
                members = {}
        raise AssertionError("the stream ended")


@contextmanager
def listening(url: str, last: str = "", **query: str) -> Iterator[Listener]:
    headers = {"Last-Event-ID": last} if last else {}
    with httpx.stream("GET", f"{url}{PREFIX}/events", params=query, headers=headers, timeout=20) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"] == "text/event-stream"
        yield Listener(answer)


def test_a_call_is_told_when_it_has_ended(account: Admin) -> None:
    with listening(account.url, account=account.uin) as listener:
        assert listener.next().kind == "ready"
        account.chat()
        told = listener.next("call").data
    assert (told["Account"], told["Action"], told["Verdict"]) == (account.uin, "openai.chat.completions", "ok")
    assert account.secret not in json.dumps(told)


def test_one_account_is_listened_to_without_the_others(admin: Admin, account: Admin) -> None:
    other = admin.account()
    with listening(account.url, account=account.uin) as listener:
        other.chat()
        account.chat()
        assert listener.next("call").data["Account"] == account.uin


def test_some_kinds_are_listened_to_without_the_others(account: Admin) -> None:
    with listening(account.url, account=account.uin, kinds="clock,notice") as listener:
        assert listener.next().kind == "ready"
        account.chat()
        account.post("/clock/advance", by=60)
        assert listener.next().kind == "clock"


def test_a_clock_that_is_moved_is_told(account: Admin) -> None:
    with listening(account.url, account=account.uin) as listener:
        account.post("/clock/set", at="2025-09-28 14:30")
        told = listener.next("clock").data
    assert told == {"account": account.uin} | account.get("/clock")


def test_what_changed_is_told_by_its_part(account: Admin) -> None:
    with listening(account.url, account=account.uin) as listener:
        account.post("/keys", label="new")
        assert listener.next("change").data == {"account": account.uin, "parts": ["keys"]}
        account.chat()
        assert "ledger" in listener.next("change").data["parts"]


def test_who_only_looks_changes_nothing(account: Admin) -> None:
    with listening(account.url, account=account.uin, kinds="change,clock") as listener:
        listener.next("ready")
        for path in ("/keys", "/packages", "/wallet", "/notifications", "/dashboard", "/snapshot"):
            account.get(path)
        account.post("/keys", label="new")
        assert listener.next().data["parts"] == ["keys"]


def test_a_notification_is_told(account: Admin) -> None:
    package = account.post("/packages/grant", kind="tokens", total=1000, days=1)
    with listening(account.url, account=account.uin) as listener:
        account.post("/clock/advance", by="2d")
        told = listener.next("notice").data
    assert (told["account"], told["package"]) == (account.uin, package["id"])
    assert {name: value for name, value in told.items() if name != "account"} in account.get("/notifications")[
        "notifications"
    ]


def test_an_account_that_opens_or_closes_is_told(admin: Admin) -> None:
    with listening(admin.url) as listener:
        opened = admin.account()
        assert listener.next("account").data == {"account": opened.uin, "state": "opened"}
        opened.delete()
        assert listener.next("account").data == {"account": opened.uin, "state": "closed"}


def test_a_world_that_is_replaced_is_told(emulator: Control, account: Admin) -> None:
    with listening(account.url) as listener:
        emulator.load("empty")
        account.http.get(f"{PREFIX}/accounts")
        assert listener.next("world").data["scenario"] == "empty"


def test_who_was_away_reads_on(account: Admin) -> None:
    with listening(account.url, account=account.uin, kinds="call") as listener:
        account.chat()
        last = listener.next("call").id
    account.chat(stream=False, max_tokens=7)
    with listening(account.url, last, account=account.uin, kinds="call") as listener:
        assert listener.next().data["Params"]["max_tokens"] == 7
    with listening(account.url, since=last, account=account.uin, kinds="call") as listener:
        assert listener.next().kind == "call"


@pytest.mark.parametrize("last", ["nothing", "18c-7", "-", "x-99999999999999999999999", "1-٣"])
def test_who_comes_from_another_time_hears_that_something_was_missed(account: Admin, last: str) -> None:
    with listening(account.url, since=last) as listener:
        assert listener.next().kind == "missed"


def test_who_was_away_for_too_many_events_hears_so(account: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_bounds, "EVENTS", 3)
    with listening(account.url, account=account.uin, kinds="call") as listener:
        account.chat()
        last = listener.next("call").id
        for _ in range(5):
            account.chat()
    with listening(account.url, last, account=account.uin, kinds="call") as listener:
        assert listener.next().kind == "missed"
        account.chat()
        assert listener.next().kind == "call"


def test_a_listener_who_leaves_is_gone(emulator: Control, account: Admin) -> None:
    log = emulator.app.running.events
    with listening(account.url):
        assert log.listeners == 1
    account.chat()
    until(lambda: log.listeners == 0)


def test_nothing_is_kept_before_somebody_listens() -> None:
    log, world = EventLog(), load("empty")
    ended(log)
    assert (log.number, log.ears) == (0, set())
    with log.listened(world, ""):
        ended(log)
        assert log.number == 1
    ended(log)
    assert log.number == 2


def test_nothing_is_kept_long_after_the_last_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    log, world = EventLog(), load("empty")
    with log.listened(world, ""):
        ended(log)
    now = time.time()
    monkeypatch.setattr(log_bounds, "real_now", lambda: now + log_bounds.KEPT_SECONDS + 1)
    ended(log)
    assert (log.number, log.event(1), log.ears) == (0, None, set())


def test_the_log_is_bounded_by_entries_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    log, world = EventLog(), load("empty")
    with log.listened(world, ""):
        for _ in range(log_bounds.EVENTS + 10):
            ended(log)
        assert log.event(10) is None
        assert log.event(11) is not None
        monkeypatch.setattr(log_bounds, "BYTES", 2000)
        ended(log)
        assert sum(log.event(number) is not None for number in range(1, log.number + 1)) < 8


def test_the_parameters_of_a_large_call_stay_in_the_journal() -> None:
    log, world = EventLog(), load("empty")
    with log.listened(world, ""):
        ended(log, b'{"Text": "%s"}' % (b"x" * 100_000))
        event = log.event(1)
    assert event is not None
    assert json.loads(event.data)["Params"] is None


def ended(log: EventLog, body: bytes = b"{}") -> None:
    Entry(0, 0, "id", "gateway", len(body), log, params=body).end()


def test_the_head_of_the_stream_has_an_end(admin: Admin) -> None:
    answer = admin.http.head(f"{PREFIX}/events")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")


def test_what_cannot_be_listened_to_is_refused(admin: Admin) -> None:
    assert "there are call, notice" in admin.refused(400, "GET", "/events?kinds=calls")["error"]
    assert "no account 7" in admin.refused(404, "GET", "/events?account=7")["error"]


@pytest.mark.parametrize("params", [None, [], [None], 7, "text", b"", b"null", b"7", b"\xff"])
def test_a_call_without_an_object_of_parameters_has_a_line_in_the_journal(params: Any) -> None:
    entry = Entry(0, 0, "id", "dialogue", 0, params=params)
    assert json.dumps(journal_line(entry)["Params"])
