"""The texts of the console: in both languages, and in Chinese also what control says in English."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import lke_emulator
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.console.words import WORDS
from lke_emulator.control.scenario import head_of
from lke_emulator.scenario.assumptions import assumed
from lke_emulator.scenario.load import shipped

HOUSE = Path(lke_emulator.__file__).parent
FILES = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(WORDS.iterdir())}
CHINESE_ALONE = ("assumptions", "control", "sources")
HEARD = re.compile(r"(?:^|(?<=; ))[\w.\[\]{}]+: (?=.)|; ")
"""Before what stands a place, and what parts two sentences: the console hears each for itself."""
FOLDERS = ("usage", "billing", "models", "knowledge", "dialogues", "account", "scenario", "control")
REFUSING = [
    *(file for folder in FOLDERS for file in sorted((HOUSE / folder).glob("*.py"))),
    HOUSE / "primitives" / "register.py",
]
EXPLAINING = [
    HOUSE / f"{name}.py"
    for name in ("control/explain", "protocol/attempts", "scenario/document", "scenario/mismatch", "scenario/section")
]


@pytest.mark.parametrize("name", [name for name in FILES if name not in CHINESE_ALONE])
def test_every_text_is_there_in_both_languages(name: str) -> None:
    for key, (english, chinese) in FILES[name].items():
        forms = [*english.values()] if isinstance(english, dict) else [english]
        assert all([*forms, chinese]), key
        assert {*re.findall(r"\{\w+\}", "".join(forms))} >= {*re.findall(r"\{\w+\}", chinese)}, key


def test_every_assumption_is_explained_in_chinese() -> None:
    assert {*FILES["assumptions"]} ^ {one.id for one in assumed(Assumptions())} == set()


def test_what_every_assumption_rests_on_is_said_in_chinese() -> None:
    assert {*FILES["sources"]} ^ {one.source for one in assumed(Assumptions())} == set()
    assert all(re.search("[\u4e00-\u9fff]", chinese) for chinese in FILES["sources"].values())


def test_every_scenario_is_described_in_chinese() -> None:
    heads = {head_of(path.read_text("utf-8")).partition("\n")[0] for path in shipped().values()}
    assert heads <= {*FILES["control"]}


def test_chinese_says_of_each_part_what_english_does() -> None:
    for english, chinese in FILES["control"].items():
        parts = {f"{{{number}}}" for number in range(1, english.count("{}") + 1)}
        assert {*re.findall(r"\{\d\}", chinese)} == parts, english


def template(text: ast.expr) -> str:
    """What is written there, `{}` for each value that is put in."""
    if isinstance(text, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in text.values)
    if isinstance(text, ast.BinOp):
        return template(text.left) + template(text.right)
    return str(text.value) if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""


def refusals(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        raised = node.exc if isinstance(node, ast.Raise) else node
        is_wrong = (
            isinstance(raised, ast.Call) and isinstance(raised.func, ast.Attribute) and raised.func.attr == "wrong"
        )
        if isinstance(raised, ast.Call) and raised.args and (raised is not node or is_wrong):
            yield template(raised.args[0])


def sentences(file: Path) -> Iterator[str]:
    """All texts of several words but for docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    parts -= {node for node in parts if isinstance(node, ast.JoinedStr)}
    docs = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and node not in parts and node not in docs:
            yield template(node)


def heard(text: str) -> list[str]:
    """The sentences of it that are told to people, each to be found in the table."""
    if text in FILES["control"]:
        return []
    return [one for one in HEARD.split(text) if re.search("[a-z] [a-z]", one) and one not in FILES["control"]]


@pytest.mark.parametrize("file", REFUSING, ids=lambda one: f"{one.parent.name}/{one.stem}")
def test_every_refusal_is_said_in_chinese(file: Path) -> None:
    assert [one for text in refusals(file) for one in heard(text)] == []


@pytest.mark.parametrize("file", EXPLAINING, ids=lambda one: one.stem)
def test_every_cause_is_said_in_chinese(file: Path) -> None:
    assert [one for text in sentences(file) for one in heard(text)] == []
