"""What control says in English, as the console says it in Chinese: every message that a scenario can be refused with."""

import re
from pathlib import Path

import pytest

import lke_emulator
from contract_tests.explorer.modules import script
from contract_tests.scenario.scenario_text import COMPANY
from contract_tests.scenario.test_scenario_mistakes import mistake, mistakes
from lke_emulator.scenario.document import read_yaml
from lke_emulator.scenario.load import typed
from lke_emulator.scenario.world import build_world

CONSOLE = Path(lke_emulator.__file__).parent / "console"
LISTENER = """
import { readFileSync } from "node:fs";
const [words, control] = process.argv.slice(1);
const textContent = `{"control": ${readFileSync(control, "utf-8")}}`;
globalThis.document = { documentElement: { lang: "zh-CN" }, getElementById: () => ({ textContent }) };
const { heard } = await import(words);
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(heard)));
"""
QUOTED = re.compile(r"`[^`]*`|'[^']*'")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
"""Two words one after the other: names of the wire and of YAML stand alone."""


def in_chinese(texts: list[str]) -> list[str]:
    arguments = [(CONSOLE / "static" / "words.js").as_uri(), str(CONSOLE / "words" / "control.json")]
    told: list[str] = script(LISTENER, arguments, texts)
    return told


def left_in_english(texts: list[str]) -> dict[str, str]:
    """Message -> what is said of it, where a part of that is English still."""
    return {
        text: said for text, said in zip(texts, in_chinese(texts), strict=True) if ENGLISH.search(QUOTED.sub("", said))
    }


def test_every_mistake_of_a_scenario_is_said_in_chinese() -> None:
    texts = [mistake(case.values[0]) for case in mistakes()]
    assert len(texts) > 100
    assert left_in_english(texts) == {}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["a: ", "; ", " or ", ", ", "`: `", "there "])
def test_a_text_of_somebody_else_is_looked_through_in_no_time(piece: str) -> None:
    """Each of these took most of a second: a page stands still that long for every message."""
    texts = [(first + piece * 2000)[:1990] for first in ("", "key ", "there ", " or ") for _ in range(10)]
    assert len(in_chinese(texts)) == len(texts)


def test_what_is_likely_not_meant_is_said_in_chinese() -> None:
    text = COMPANY.replace("{name: bob}", "{name: bob}, {name: clerk, count: 3}")
    text += "      - {kind: steady, since: -1d, app: [shop], sub_account: {anna: 1, bob: 2}, calls: 1}\n"
    at, warnings = read_yaml(text, "sent.yaml"), list[str]()
    build_world(typed(at), at, "sent.yaml", None, 1759032000, warn=warnings.append)
    assert len(warnings) == 2
    assert left_in_english(warnings) == {}
