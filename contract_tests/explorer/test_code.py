"""The programs that the explorer writes: they are run, and the emulator has seen what the form held."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contract_tests.conftest import Control, Target
from contract_tests.explorer.snippets import AGAIN, NESTED, RUNNERS, STATISTICS, STREAM, Job, jobs
from lke_emulator.account.journal import CallMatch, journal_line

ACTIONS = [*STATISTICS, *NESTED, STREAM]
NOT_IN_JAVA = "adp."
"""The all-in-one artifact has no adp: the common client calls it, which the page offers beside."""
NOT_IN_NODE = ("adp.DescribeAppStatisticsOverview", "adp.DescribeResourceSummary")
"""Its package is older than they are."""


def seen(emulator: Control) -> list[tuple[str, Any]]:
    entries = emulator.world.journal.entries(CallMatch(surface="gateway"), limit=1000)
    calls = [journal_line(entry) for entry in entries]
    assert [(call["Action"], call["Message"]) for call in calls if call["Verdict"] != "ok"] == []
    return in_order((call["Action"], call["Params"]) for call in calls)


def in_order(calls: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return sorted(calls, key=msgspec.json.Encoder(order="sorted").encode)


def made(language: str, target: Target, emulator: Control, actions: list[str] = ACTIONS, **options: Any) -> list[Job]:
    return jobs(language, next(iter(emulator.world.accounts.values())), target, actions, **options)


def run(language: str, target: Target, emulator: Control, folder: Path, written: list[Job]) -> str:
    """What programs write, once the emulator has seen what they were to send."""
    emulator.world.journal.forget(CallMatch())
    said = RUNNERS[language](folder, [job.text for job in written], target)
    whole = {"Stream": False} if language == "tccli" else {}  # it prints no stream
    held = [(job.action, job.params | whole if job.action == STREAM else job.params) for job in written]
    assert seen(emulator) == in_order(held)
    return said


@pytest.mark.parametrize("language", ["python", "curl"])
def test_every_program_calls_what_the_form_held(
    target: Target, emulator: Control, tmp_path: Path, language: str
) -> None:
    said = run(language, target, emulator, tmp_path, made(language, target, emulator))
    assert said.count("RequestId") >= len(ACTIONS) - 1
    assert "FinishReason" in said


def test_node_programs_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path) -> None:
    packaged = [action for action in ACTIONS if action not in NOT_IN_NODE]
    written = made("node", target, emulator, style="common")
    written += made("node", target, emulator, packaged, nested=AGAIN, style="product")
    said = run("node", target, emulator, tmp_path, written)
    assert said.count("RequestId") >= len(written) - 2
    assert said.count("FinishReason") >= 2


def test_java_programs_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path) -> None:
    packaged = [action for action in ACTIONS if not action.startswith(NOT_IN_JAVA)]
    plain = [action for action in ACTIONS if action != STREAM]  # the common client knows no streams
    written = made("java", target, emulator, plain, style="common")
    written += made("java", target, emulator, packaged, nested=AGAIN, style="product")
    said = run("java", target, emulator, tmp_path, written)
    assert said.count("RequestId") >= len(written) - 1


def test_go_programs_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path) -> None:
    """By the common client: the modules of the products are not everywhere to be had."""
    said = run("go", target, emulator, tmp_path, made("go", target, emulator, style="common"))
    assert said.count("RequestId") >= len(ACTIONS) - 1
    assert "FinishReason" in said


def test_tccli_commands_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path) -> None:
    said = run("tccli", target, emulator, tmp_path, made("tccli", target, emulator))
    assert said.count("RequestId") == len(ACTIONS)
