"""The law of changes: an entry of the journal lists what its call changed of the account, and nothing else."""

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import (
    ALICE,
    APP,
    APP_KEY,
    CHANGES,
    KEY,
    RANGE,
    ROOT,
    SESSION,
    TOKEN,
    Emulated,
    Step,
    begun,
)
from lke_emulator.account.account import GROWN, NOTING
from lke_emulator.account.journal import CONTROL, CallMatch, Entry
from lke_emulator.account.snapshot import save, write
from lke_emulator.exchange.raw import Raw
from lke_emulator.openai.surface import Openai
from lke_emulator.primitives.change import AccountChange

PASSING = ("concurrency", "ids", "snowflakes")
COUNTED = {
    "billing": ("allotted", "began", "bills", "covered", "cursor", "filled", "has_begun", "made", "opened", "waived"),
    "chat_rules": ("taken",),
    "dialogue_limits": ("counts", "second"),
    "faults": ("made", "matched", "hits", "requests"),
    "keys": ("last_used",),
    "limits": ("counts", "second"),
    "throttle": ("minute", "windows"),
}
"""Part -> members that count calls, or that time and usage bring by themselves."""
Known = dict[str, Any]


def known(it: Emulated) -> Known:
    """What people know of the account, once time has brought what it brings."""
    account = it.world.accounts[ROOT]
    account.billing.settle(account.clock.now())
    parts = msgspec.json.decode(msgspec.json.encode(write(save(account))))["parts"]
    return {name: without(parts[name], COUNTED.get(name, ())) for name in parts if name not in PASSING}


def without(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {name: without(inner, names) for name, inner in value.items() if name not in names}
    if isinstance(value, list):
        if "taken" in names and len(value) == 2 and isinstance(value[1], int):
            return value[0]
        return [without(inner, names) for inner in value]
    return value


def ids_of(parts: Known) -> set[tuple[str, str]]:
    """Part and id of everything that has one."""
    return {(name, id) for name, state in parts.items() for id in ids_within(state)}


def ids_within(state: dict[str, Any]) -> Iterator[str]:
    for things in state.values():
        for one in things if isinstance(things, list) else ():
            if isinstance(one, dict):
                yield from [str(one[name]) for name in ("id", "biz_id") if one.get(name)][:1]
                yield from [record["id"] for record in one.get("records", ())]


def entries_of(it: Emulated) -> list[Entry]:
    journal = it.world.journal
    return [*journal.entries(CallMatch(), limit=10_000), *journal.entries(CallMatch(surface=CONTROL), limit=10_000)]


def changes_of(it: Emulated, step: Step) -> tuple[list[Entry], list[AccountChange]]:
    """The calls of a step, and what they say that they have changed."""
    before = {id(entry): entry for entry in entries_of(it)}
    it.step(step)
    calls = [entry for entry in entries_of(it) if id(entry) not in before]
    assert calls
    return calls, [change for entry in calls for change in entry.changes]


@settings(max_examples=15, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=9))
@example([("signed", "lke", "DeleteApp", {"AppBizId": APP, "AppType": "knowledge_qa"})])
@example([("dialogue", 2, "Hello", {}), ("reset",), ("chat", KEY, "deepseek-v3.2", "Hello", True)])
@example([("control", "POST", "/keys", {"label": "x"}), ("control", "DELETE", "/keys/2", None), ("reset",)])
@example([("control", "PATCH", "/keys/1", {"label": "x", "quota": 1}), ("chat", KEY, "cs-normal", "Hello", False)])
@example(
    [
        ("control", "POST", "/packages/grant", {"kind": "tokens", "total": 9}),
        ("chat", KEY, "deepseek-v3.2", "Hello", True),
        ("control", "POST", "/packages/4/renew", {"period": "year"}),
        ("control", "PUT", f"/permissions/{ALICE}", {"postpaid_settings": True}),
    ]
)
def test_a_call_lists_changes_if_and_only_if_the_snapshot_is_another_one(history: list[Step]) -> None:
    it = begun()
    for step in history:
        before, whole = known(it), it.world.accounts[ROOT].whole()
        calls, changes = changes_of(it, step)
        check_what_was_noted(whole, it, calls, changes)
        after = known(it)
        assert bool(changes) == (before != after), step
        parts = {name for name in after if after[name] != before[name]}
        found = {change.part for change in changes}
        # What a clock that was moved brings by itself is nobody's.
        assert found == parts or ("clock" in found and found | {"billing"} == parts), step
        named = {(change.part, id) for change in changes for id in (change.id, change.id.rpartition("/")[2])}
        assert ids_of(before) ^ ids_of(after) <= named, step
        for call in calls:
            if call.code and call.account:
                assert not call.changes, step


def check_what_was_noted(before: Known, it: Emulated, calls: list[Entry], changes: list[AccountChange]) -> None:
    """What parts note is what comparing all that they know finds."""
    if len([entry for entry in calls if entry.changes]) > 1 or any(change.part == "clock" for change in changes):
        return  # what several have changed one after the other is more than what has become of it in the end
    noted = {of_noting(change) for change in changes if change.part in NOTING}
    assert noted == {of_noting(change) for change in it.world.accounts[ROOT].changes_since(before)}


def of_noting(change: AccountChange) -> tuple[object, ...]:
    """Of a part that is never compared as a whole only what became of which thing is known."""
    told = (change.part, change.noun, change.id, change.change)
    return told if change.part in GROWN else (*told, change.name, tuple(change.members.items()), change.count)


def test_what_is_used_and_what_it_costs_is_in_the_entry() -> None:
    it = begun()
    _, changes = changes_of(it, ("chat", KEY, "deepseek-v3.2", "Hello", False))
    (entry,) = entries_of(it)
    usage = next(change for change in changes if change.part == "ledger")
    assert (usage.noun, usage.name, usage.change) == ("usage", "deepseek-v3.2", "created")
    assert usage.members["input"] == (0, entry.input)
    assert usage.members["output"] == (0, entry.output)
    package = next(change for change in changes if change.noun == "packages")
    before, after = package.members["used"]
    assert isinstance(before, int)
    assert isinstance(after, int)
    assert after - before == entry.input + entry.output


def test_a_read_lists_nothing() -> None:
    it = begun()
    it.signed("lke", "DescribeTokenUsage", RANGE)
    it.control("GET", "/report")
    it.ask("GET", "/v1/models", authorization=f"Bearer {KEY}")
    it.ask("GET", "/api/user/self", authorization=TOKEN)
    calls = entries_of(it)
    assert len(calls) == 4
    assert not [entry.changes for entry in calls if entry.changes]


def test_two_answers_that_come_at_the_same_time_tell_each_its_own_usage() -> None:
    it = begun()

    async def both() -> None:
        bodies = [
            {
                "session_id": SESSION[:-1] + str(n),
                "bot_app_key": APP_KEY,
                "visitor_biz_id": "v",
                "content": f"Hello {n}",
            }
            for n in range(3)
        ]
        await asyncio.gather(*(it.asked("POST", "/v1/qbot/chat/sse", body) for body in bodies))

    asyncio.run(both())
    calls = entries_of(it)
    assert len(calls) == 3
    for entry in calls:
        used = [change.members.get("output", (0, 0)) for change in entry.changes if change.part == "ledger"]
        assert sum(after - before for before, after in used) == entry.output > 0  # type: ignore[operator, misc]
        assert len([change for change in entry.changes if change.noun == "records"]) == 2


def test_no_secret_is_in_what_was_changed() -> None:
    it = begun()
    _, said = it.control("POST", "/keys", {"label": "new"})
    secret = msgspec.json.decode(said)["secret"]
    it.control("POST", "/access-tokens", {"owner": ROOT})
    it.signed("lke", "GetWsToken", {"Type": 5, "BotAppKey": APP_KEY, "VisitorBizId": "v"})
    ticket = msgspec.json.encode([entry.changes for entry in entries_of(it)]).decode()
    assert secret not in ticket
    for state in save(it.world.accounts[ROOT]).parts["tickets"].tickets:  # type: ignore[attr-defined]
        assert state.token not in ticket


def test_a_slow_call_has_not_changed_what_time_brought_meanwhile() -> None:
    it = begun()
    account = it.world.accounts[ROOT]
    it.control("POST", "/packages/grant", {"kind": "tokens", "total": 10**6, "apis": ["KnowledgeQA"]})
    body = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    raw = Raw("POST", "/v1/chat/completions", "", {"authorization": f"Bearer {KEY}"}, msgspec.json.encode(body))
    chat = Openai(raw, it.app.running).parts()
    next(chat)
    account.clock.advance(6 * 3600)  # in which the office has asked, and a package has paid
    assert len(list(chat)) > 1
    entry = it.world.journal.entries(CallMatch(surface="openai"), limit=1)
    assert {(one.noun, one.id) for one in next(iter(entry)).changes if one.part == "billing"} == {("packages", "1")}
