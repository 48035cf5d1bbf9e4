"""Every assumption with what it rests on, as control and the documentation tell it."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.primitives.evidence import Mark, evidence_of
from lke_emulator.scenario.schema import described

HEAD = """# Assumptions

Made by `make docs`; change the settings themselves.

Where neither a document nor a real reply settles what the cloud does, the emulator has a setting with a default. A scenario
changes it by its id:

```yaml
assumptions:
  graph_label_edge: start
```

`GET /_emulator/assumptions` tells the values of a server that runs, and `lke-emulator verify` holds them against a real
account (see [the same tests on the real thing](real-endpoint.md)). The evidence is that of the default:

| mark | |
|---|---|
| documented | an official page, API definition or SDK says so |
| observed | seen in a real reply, or in what public clients send and understand |
| inferred | neither; the reason is given |
"""
AREAS = ("account", "billing", "knowledge", "dialogues")
TITLES = {
    "account": "Gateway, statistics, object storage, lkeap, keys",
    "billing": "Packages, postpaid and the wallet",
    "knowledge": "Apps and what they know",
    "dialogues": "Dialogues",
}


class Assumption(msgspec.Struct, frozen=True, kw_only=True):
    """A setting for something unknown."""

    id: str
    """Its name under a scenario's `assumptions:`."""
    area: str
    """account, billing, knowledge or dialogues."""
    text: str
    """What it decides."""
    value: Any
    default: Any
    choices: list[Any] = []
    """The values that it can take, where they are few words."""
    evidence: Mark
    """What the default rests on."""
    source: str
    """Where that stands, or why it is so."""


def assumed(assumptions: Assumptions) -> list[Assumption]:
    """All of them, with the values of these, in the order of their areas."""
    values = msgspec.to_builtins(assumptions)
    return [msgspec.structs.replace(row, value=values[row.id]) for row in of_default()]


@cache
def of_default() -> tuple[Assumption, ...]:
    """Their texts are parsed out of source, which takes some time."""
    values = msgspec.to_builtins(Assumptions())
    texts, areas = described(Assumptions), dict(areas_of())
    rows = []
    for field in msgspec.structs.fields(Assumptions):
        name, evidence = field.name, evidence_of(field.type)
        row = Assumption(
            id=name,
            area=areas[name],
            text=texts[name],
            value=values[name],
            default=values[name],
            choices=choices(get_args(field.type)[0]),
            evidence=evidence.mark,
            source=evidence.source,
        )
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: AREAS.index(row.area)))


def areas_of() -> Iterator[tuple[str, str]]:
    """Each setting, and the folder whose struct declares it."""
    for struct in Assumptions.__mro__:
        if struct.__module__.endswith(".assumptions"):
            yield from ((name, struct.__module__.split(".")[1]) for name in struct.__annotations__)


def choices(kind: Any) -> list[Any]:
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    return [False, True] if kind is bool else []


def assumptions_page() -> str:
    """The page of the documentation, in Markdown."""
    rows = assumed(Assumptions())
    parts = [HEAD]
    for area in AREAS:
        parts.append(f"\n## {TITLES[area]}\n")
        parts += [entry(row) for row in rows if row.area == area]
    return "".join(parts)


def entry(row: Assumption) -> str:
    others = ", ".join(f"`{as_json(choice)}`" for choice in row.choices if choice != row.default)
    default = f"`{as_json(row.default)}`" + (f" (or {others})" if others else "")
    return f"\n### {row.id}\n\n{row.text}\n\n- default: {default}\n- {row.evidence}: {row.source}\n"


def as_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
