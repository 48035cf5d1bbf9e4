"""The programs that the explorer writes: they are run, and the emulator has seen what the form held."""

from pathlib import Path
from typing import Any

import pytest

from contract_tests.conftest import Control, Target
from contract_tests.explorer.snippets import NESTED, RUNNERS, STATISTICS, STREAM, jobs
from lke_emulator.account.journal import CallMatch, journal_line

NOT_IN_JAVA = "adp."
"""The all-in-one artifact has no adp: the common client calls it, which the page offers beside."""
NOT_IN_NODE = ("adp.DescribeAppStatisticsOverview", "adp.DescribeResourceSummary")
"""Its package is older than they are."""


def seen(emulator: Control) -> list[tuple[str, Any]]:
    entries = emulator.world.journal.entries(CallMatch(surface="gateway"), limit=1000)
    calls = [journal_line(entry) for entry in entries]
    assert [(call["Action"], call["Message"]) for call in calls if call["Verdict"] != "ok"] == []
    return sorted(((call["Action"], call["Params"]) for call in calls), key=lambda call: call[0])


def run(language: str, target: Target, emulator: Control, folder: Path, actions: list[str], **options: Any) -> str:
    """What the programs of the actions write, once the emulator has seen what they were to send."""
    account = next(iter(emulator.world.accounts.values()))
    emulator.world.journal.forget(CallMatch())
    written = jobs(language, account, target, actions, **options)
    said = RUNNERS[language](folder, [job.text for job in written], target)
    whole = {"Stream": False} if language == "tccli" else {}  # it prints no stream
    held = [(job.action, job.params | whole if job.action == STREAM else job.params) for job in written]
    assert seen(emulator) == sorted(held, key=lambda call: call[0])
    return said


@pytest.mark.parametrize("language", ["python", "curl"])
def test_every_program_calls_what_the_form_held(
    target: Target, emulator: Control, tmp_path: Path, language: str
) -> None:
    actions = [*STATISTICS, *NESTED, STREAM]
    said = run(language, target, emulator, tmp_path, actions)
    assert said.count("RequestId") >= len(actions) - 1
    assert "FinishReason" in said


@pytest.mark.parametrize("style", ["common", "product"])
def test_node_programs_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path, style: str) -> None:
    actions = [*STATISTICS, *NESTED, STREAM]
    if style == "product":
        actions = [action for action in actions if action not in NOT_IN_NODE]
    said = run("node", target, emulator, tmp_path, actions, style=style)
    assert said.count("RequestId") >= len(actions) - 1
    assert "FinishReason" in said


@pytest.mark.parametrize("style", ["common", "product"])
def test_java_programs_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path, style: str) -> None:
    actions = [*STATISTICS, *NESTED, STREAM]
    if style == "product":
        actions = [action for action in actions if not action.startswith(NOT_IN_JAVA)]
    else:
        actions.remove(STREAM)  # the common client knows no streams
    said = run("java", target, emulator, tmp_path, actions, style=style)
    assert said.count("RequestId") >= len(actions) - 1


def test_go_programs_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path) -> None:
    """By the common client: the modules of the products are not everywhere to be had."""
    actions = [*STATISTICS, *NESTED, STREAM]
    said = run("go", target, emulator, tmp_path, actions, style="common")
    assert said.count("RequestId") >= len(actions) - 1
    assert "FinishReason" in said


def test_tccli_commands_call_what_the_form_held(target: Target, emulator: Control, tmp_path: Path) -> None:
    actions = [*STATISTICS, *NESTED, STREAM]
    said = run("tccli", target, emulator, tmp_path, actions)
    assert said.count("RequestId") == len(actions)
