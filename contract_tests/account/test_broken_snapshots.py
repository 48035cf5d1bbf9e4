"""Snapshots that somebody has written in: taken or refused, never a failure inside, then or later."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.account.emulated import KEY, MADE_BY_ADP, Emulated, Said, begun, everything

Spot = tuple[str | int, ...]
HAPPENED: list[tuple[Any, ...]] = [
    ("dialogue", 2, "Hello", {}),
    ("dialogue", 1, "Will it rain?", {}),
    ("uploaded", "a.txt", "Hello World"),
    *MADE_BY_ADP,
    ("chat", KEY, "deepseek-v3.2", "Hello", False),
    ("signed chat", "cs-normal", "Hello", False),
    ("document", "Reconstruct"),
    ("control", "POST", "/keys", {"label": "x"}),
    ("control", "POST", "/wallet/top-up", {"amount": 10, "method": "card"}),
    ("control", "POST", "/clock/advance", {"by": 90_000}),
]
VALUES = [None, True, 0, -1, 1, 2.5, 10**30, -(10**30), 10**15, "", "x", "5", [], {}, [1], {"a": 1}]


def spots(value: Any, at: Spot = ()) -> Iterator[Spot]:
    """Every place inside a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in pairs:
        yield (*at, step)
        yield from spots(inner, (*at, step))


@cache
def snapshot() -> tuple[Emulated, str, dict[str, list[Spot]]]:
    """An account with a history, its snapshot, and the places in each part."""
    it = begun()
    for step in HAPPENED:
        it.step(step)
    everything(it)
    text = it.control("GET", "/snapshot")[1].decode()
    parts = json.loads(text)["parts"]
    return it, text, {name: [(name, *at) for at in spots(part)] for name, part in parts.items() if part}


def failed(said: Said) -> bool:
    status, answer = said
    return status >= 500 or b"InternalError" in answer


@settings(max_examples=150, deadline=None)
@given(data=st.data(), value=st.sampled_from(VALUES))
def test_what_is_written_into_a_snapshot_never_fails_inside(data: st.DataObject, value: Any) -> None:
    it, text, places = snapshot()
    whole = json.loads(text)
    *path, last = data.draw(st.sampled_from(places[data.draw(st.sampled_from(sorted(places)))]))
    inner = whole["parts"]
    for step in path:
        inner = inner[step]
    inner[last] = value
    status, answer = it.control("PUT", "/snapshot", whole)
    assert status in (200, 409), answer
    if status == 409:
        assert answer.startswith(b'{"error":"parts.')
        return
    assert not [said for said in everything(it) if failed(said)]
    assert not [step for step in HAPPENED if failed(it.step(step))]
