"""Figures of all calls, as Prometheus reads them."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from contract_tests.conftest import Control
from contract_tests.control.admin import PREFIX, Admin
from lke_emulator.account import metrics as bounds
from lke_emulator.account.events import EventLog
from lke_emulator.account.journal import Entry, Journal
from lke_emulator.account.metrics import Metrics

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(admin: Admin) -> Samples:
    """As the official parser reads them; a label set is there once."""
    answer = admin.http.get(f"{PREFIX}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    read = [sample for family in families(answer.text) for sample in family.samples]
    found = {(one.name, frozenset(one.labels.items())): one.value for one in read}
    assert len(found) == len(read)
    return found


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((f"lke_emulator_{name}", frozenset(labels.items())), 0)


CHAT = {"surface": "openai", "operation": "openai.chat.completions"}


def test_calls_tokens_latency_and_faults_are_counted(account: Admin) -> None:
    before = samples(account)
    used = account.chat().usage
    account.post("/faults", first=1, error="InternalError")
    with pytest.raises(Exception, match="500"):
        account.chat()
    after = samples(account)

    def grown(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert grown("calls_total", **CHAT, verdict="ok") == 1
    assert grown("calls_total", **CHAT, verdict="error") == 1
    assert grown("tokens_total", model="deepseek-chat", direction="input") == used.prompt_tokens
    assert grown("tokens_total", model="deepseek-chat", direction="output") == used.completion_tokens
    assert grown("faults_total", surface="openai") == 1
    assert grown("call_duration_seconds_count", **CHAT) == 2
    assert grown("call_duration_seconds_bucket", **CHAT, le="+Inf") == 2
    assert grown("call_duration_seconds_sum", **CHAT) > 0
    assert value(after, "calls_in_flight") >= 1


def test_buckets_grow_and_end_with_all(account: Admin) -> None:
    account.chat()
    found = samples(account)
    bounds_of = sorted(
        (float(dict(labels)["le"]), many)
        for (name, labels), many in found.items()
        if name == "lke_emulator_call_duration_seconds_bucket" and dict(labels)["surface"] == "openai"
    )
    by_bound: dict[float, float] = {}
    for bound, many in bounds_of:
        by_bound[bound] = by_bound.get(bound, 0) + many
    assert list(by_bound.values()) == sorted(by_bound.values())


def test_figures_outlive_the_journal_and_the_world(emulator: Control, account: Admin) -> None:
    account.chat()
    before = value(samples(account), "calls_total", **CHAT, verdict="ok")
    account.http.delete(f"{PREFIX}/journal")
    emulator.load("empty")
    assert value(samples(account), "calls_total", **CHAT, verdict="ok") == before


def test_nothing_is_counted_before_somebody_asks() -> None:
    log = EventLog()
    ended(log)
    assert not log.ears
    assert log.measured(Journal()).calls.total() == 0
    ended(log)
    assert log.measured(Journal()).calls.total() == 1


def test_the_first_answer_counts_what_the_journal_has() -> None:
    journal = Journal()
    entry = Entry(0, 0, "", "openai", 0, operation="openai.models", latency_us=5)
    journal.add(entry)
    journal.add(Entry(0, 0, "", "openai", 0, operation="openai.models"))
    assert Metrics(journal).calls == {("openai", "openai.models", "ok"): 1}


@pytest.mark.parametrize("name", ["operation", "code", "model"])
def test_sets_of_labels_are_bounded(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(bounds, "LABELS", 20)
    told = Metrics(Journal())
    for number in range(100):
        told.add(entry_of(**{name: f"any.{number}"}))
    sets: Any = (told.calls, told.errors, told.tokens, told.latencies)
    assert max(len(one) for one in sets) <= 20 + 2
    assert told.calls.total() == 100


def test_an_action_that_does_not_exist_has_no_labels_of_its_own() -> None:
    told = Metrics(Journal())
    told.add(Entry(0, 0, "", "gateway", 0, operation="lke.Anything\n", code="InvalidAction", latency_us=1))
    assert list(told.calls) == [("gateway", "other", "error")]


def test_labels_hold_any_text(account: Admin) -> None:
    with pytest.raises(Exception, match="404"):
        account.chat('a"b\\c\nd')
    account.post("/faults", first=1, error='a"b\\c\nd')
    with pytest.raises(Exception, match="500"):
        account.chat()
    assert value(samples(account), "errors_total", surface="openai", code='a"b\\c\nd') == 1


def entry_of(**members: Any) -> Entry:
    return Entry(0, 0, "", "openai", 0, **{"operation": "openai.x", "input": 1, "latency_us": 1, **members})


def ended(log: EventLog) -> None:
    Entry(0, 0, "", "gateway", 0, log).end()
