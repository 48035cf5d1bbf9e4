"""Whether events are what the grammar (`fixtures/dialogue-grammar.json`) says, each by itself and one after the other."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

GRAMMAR = json.loads((Path(__file__).parents[2] / "fixtures" / "dialogue-grammar.json").read_text())
SCALARS = {"string": str, "int": int, "bool": bool, "number": (int, float)}
Events = Sequence[tuple[str, Any]]
"""Name and decoded data; of v2's `done` the text `[DONE]`."""


def faults(value: Any, kind: str, shapes: dict[str, dict[str, str]], at: str) -> Iterator[str]:
    if kind.startswith("["):
        if not isinstance(value, list):
            yield f"{at}: is no list: {value!r}"
            return
        for place, inner in enumerate(value):
            yield from faults(inner, kind[1:-1], shapes, f"{at}[{place}]")
    elif kind == "digits":
        if not (isinstance(value, str) and value.isdecimal()):
            yield f"{at}: is no digits: {value!r}"
    elif kind == "map":
        if not (isinstance(value, dict) and all(isinstance(inner, str) for inner in value.values())):
            yield f"{at}: is no map of strings: {value!r}"
    elif kind in SCALARS:
        if not isinstance(value, SCALARS[kind]) or (kind != "bool" and isinstance(value, bool)):  # type: ignore[arg-type]
            yield f"{at}: is no {kind}: {value!r}"
    elif kind != "any":
        yield from shape_faults(value, shapes[kind], shapes, at)


def shape_faults(value: Any, shape: dict[str, str], shapes: dict[str, dict[str, str]], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: is no object: {value!r}"
        return
    yield from (f"{at}.{name}: is not in the grammar" for name in value.keys() - shape.keys())
    for name, text in shape.items():
        kind, optional, nullable = text.rstrip("~?"), text.endswith("?"), "~" in text
        if name not in value:
            if not optional:
                yield f"{at}.{name}: is absent"
        elif value[name] is None:
            if not nullable:
                yield f"{at}.{name}: is null"
        else:
            yield from faults(value[name], kind, shapes, f"{at}.{name}")


def check(version: str, events: Events, whole: bool = True) -> None:
    """Every event by its shape; their order, if they are all of a turn; and the laws of v1 and v2."""
    grammar = GRAMMAR[version]
    found: list[str] = []
    for place, (name, data) in enumerate(events):
        if name == "done":
            assert data == "[DONE]"
            continue
        assert name in grammar["events"], name
        found += faults(data, grammar["events"][name], grammar["shapes"], f"{place}:{name}")
        assert data.get("Type", data.get("type")) == name
    assert not found, "\n".join(found)
    if whole:
        letters = "".join([letter(version, name, data) for name, data in events])
        assert re.fullmatch(grammar["order"], letters), letters
    laws = {"v1": v1_laws, "v2": v2_laws}.get(version)
    if laws is not None:
        laws(events)


def letter(version: str, name: str, data: Any) -> str:
    grammar = GRAMMAR[version]
    if version == "v1" and name == "reply":
        payload = data["payload"]
        kind = "echo" if payload["is_from_self"] else "final" if payload["is_final"] else "part"
        return str(grammar["replies"][kind])
    return str(grammar["letters"][name])


def v1_laws(events: Events) -> None:
    ids = [data["message_id"] for _, data in events]
    assert len(set(ids)) == len(ids)
    answers = {data["payload"]["record_id"] for name, data in events if name in ("token_stat", "thought", "reference")}
    replies = [data["payload"] for name, data in events if name == "reply"]
    answers |= {reply["record_id"] for reply in replies if not reply["is_from_self"]}
    assert len(answers) <= 1
    echoes = {reply["record_id"] for reply in replies if reply["is_from_self"]}
    assert all(reply["related_record_id"] in echoes for reply in replies if not reply["is_from_self"])
    for name, data in events:
        if name == "token_stat":
            steps = data["payload"]["procedures"]
            assert all(step["count"] == step["input_count"] + step["output_count"] for step in steps)
            assert data["payload"]["token_count"] == sum(step["count"] for step in steps)


def v2_laws(events: Events) -> None:
    open_messages: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for name, data in events:
        if name == "message.added":
            open_messages[data["MessageId"]] = data["Message"]
        elif name in ("text.delta", "text.replace", "message.done", "content.added"):
            assert data["MessageId"] in open_messages
        if name == "text.delta":
            texts[data["MessageId"]] = texts.get(data["MessageId"], "") + data["Text"]
        elif name == "text.replace":
            texts[data["MessageId"]] = data["Text"]
        elif name == "message.done":
            assert data["Message"]["Contents"][0].get("Text", "") == texts.get(data["MessageId"], "")
        elif name == "response.completed":
            record = data["Response"]
            assert [message["MessageId"] for message in record["Messages"]] == list(open_messages)
            stats = [one for step in record["Procedures"] for one in step["StatInfos"]]
            for one in [*stats, record["StatInfo"]]:
                assert one["TotalTokens"] == one["InputTokens"] + one["OutputTokens"]
            for member in ("InputTokens", "OutputTokens", "TotalTokens"):
                assert record["StatInfo"][member] == sum(one[member] for one in stats)
    records = {data["Response"]["RecordId"] for name, data in events if name.startswith("response.")}
    assert len(records) <= 1
