"""What a scenario says when it is wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.scenario.scenario_text import ACCOUNT, COMPANY, EVERYTHING, NOON, world_of
from lke_emulator.scenario.document import ScenarioError
from lke_emulator.scenario.load import load, shipped

STARTER = Path(__file__).parents[2] / "emulator" / "lke_emulator" / "scenario" / "starter.yaml"
MISTAKES = [
    Path(__file__).with_name(name) for name in ("scenario_mistakes.txt", "story_mistakes.txt", "knowledge_mistakes.txt")
]


def mistake(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        world_of(text)
    return str(caught.value)


def mistakes() -> list[Any]:
    """The cases of all files; a file that begins with <account> or <company> begins as these do."""
    cases = []
    for block in [block for file in MISTAKES for block in file.read_text("utf-8").split("=== ")[1:]]:
        name, _, rest = block.partition("\n")
        text, _, message = rest.partition("--- ")
        text = text.replace("<account>\n", ACCOUNT).replace("<company>\n", COMPANY)
        cases.append(pytest.param(text, message.rstrip("\n"), id=name))
    return cases


@pytest.mark.parametrize(("text", "message"), mistakes())
def test_a_mistake_is_one_message_with_its_place_and_the_way_out(text: str, message: str) -> None:
    said = mistake(text)
    assert message in said
    assert re.match(r"test\.yaml:\d+: ", said)
    assert "\n" not in said


def test_brackets_without_end_are_refused_before_they_hurt() -> None:
    """Whether it is the reader that notices, or (from 6.0.4 on) PyYAML itself."""
    assert re.fullmatch(
        r"test\.yaml:1: .*(nested more than 40 levels deep|maximum nesting depth)", mistake("[" * 100_000)
    )


def test_a_few_lines_cannot_stand_for_a_thousand_million_values() -> None:
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [
        f"{here}: &{here} [{', '.join(['*' + before] * 10)}]"
        for before, here in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert "more than 1000000 values" in mistake("\n".join(lines))


def test_what_is_no_text_or_no_file_is_said_too(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("name: Käse\n".encode("latin-1"))
    for path, message in {
        "latin.yaml": "this is not UTF-8 text (byte 7)",
        "nowhere.yaml": "cannot be read: No such file or directory",
    }.items():
        with pytest.raises(ScenarioError, match=re.escape(message)):
            load(str(tmp_path / path))
    with pytest.raises(ScenarioError, match="did you mean `default`"):
        load("defalt")


TEXTS = [path.read_text("utf-8") for path in (STARTER, *shipped().values()) if path.stem != "many-tenants"]
SCALARS = [
    "",
    "~",
    "true",
    "-1",
    "0",
    "1e308",
    "9" * 500,
    "[]",
    "{}",
    "[1]",
    "{a: 1}",
    "abc",
    ".nan",
    "-90d",
    "now",
    "all",
]
SCALARS += [
    "9999999999999",
    "2025-13-45",
    "-99999d",
    "1e-300",
    "*x",
    "&x 1",
    "!!int 3",
    '"\\0"',
    "1s",
    "lke.DescribeApp",
]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A scenario with one mutation: a line lost, doubled or moved, a value replaced, characters lost or put in."""
    text = draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    here, there = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    kind = draw(st.sampled_from(["lose", "double", "move", "value", "value", "cut", "put"]))
    if kind == "lose":
        del lines[here]
    elif kind == "double":
        lines.insert(here, lines[there])
    elif kind == "move":
        lines.insert(there, lines.pop(here))
    else:
        spans = [match.span() for match in re.finditer(r"(?<=: )[^,{}\[\]\n]+", text)]
        start, stop = draw(st.sampled_from(spans))
        if kind == "cut":
            start, stop = draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))
        new = {"value": st.sampled_from(SCALARS), "cut": st.just(""), "put": st.text(max_size=3)}[kind]
        return text[:start] + draw(new) + text[stop:]
    return "\n".join(lines)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_mutated_scenario_loads_or_says_why_in_one_message(text: str) -> None:
    try:
        world = world_of(text)
    except ScenarioError as error:
        said = str(error)
        assert re.fullmatch(r"test\.yaml:\d+: .+", said)
    else:
        for account in world.accounts.values():
            assert min(account.ledger.totals(EVERYTHING, 0, NOON)) >= 0
            assert all(row.remaining >= 0 for row in account.billing.resources.list(NOON, statuses=()))
