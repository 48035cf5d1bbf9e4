"""`lke-emulator snapshot`, against a server that runs."""

from pathlib import Path

import pytest
from click.testing import Result

from contract_tests.conftest import Control
from contract_tests.process.commands import run


class Snapshots:
    def __init__(self, url: str, folder: Path) -> None:
        self.flags = ("--endpoint", url, "--snapshots", str(folder / "kept"))

    def __call__(self, *args: str) -> Result:
        return run("snapshot", *self.flags, *args)


@pytest.fixture
def snapshot(emulator: Control, tmp_path: Path) -> Snapshots:
    for account in emulator.load("default").accounts.values():
        account.clock.freeze()  # or what is used meanwhile would be a change
    return Snapshots(emulator.url, tmp_path)


def top_up(emulator: Control) -> None:
    account = next(iter(emulator.world.accounts.values()))
    account.billing.wallet(account.clock.now())
    account.billing.top_up(10_000_000, "card", account.clock.now())


def test_an_account_comes_back_to_how_it_was_saved(snapshot: Snapshots, emulator: Control) -> None:
    assert snapshot("save", "before").exit_code == 0
    assert (snapshot("diff", "before").exit_code, snapshot("diff", "before").stdout) == (0, "")
    top_up(emulator)
    told = snapshot("diff", "before")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[0] == "billing"
    assert '  + wallet history 1: "top-up"' in told.stdout
    assert snapshot("save", "after").exit_code == 0
    assert snapshot("load", "before").exit_code == 0
    assert snapshot("diff", "before").stdout == ""
    assert "  - wallet history 1" in snapshot("diff", "after", "before").stdout
    listed = snapshot("list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["after", "before"]


def test_a_snapshot_is_not_replaced_by_chance(snapshot: Snapshots) -> None:
    snapshot("save", "before")
    assert "--force replaces it" in snapshot("save", "before").output
    assert snapshot("save", "before", "--force").exit_code == 0
    assert snapshot("save", "now").exit_code == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, '{"parts": 1, "account": {}}', "\x00"])
def test_what_is_no_snapshot_is_said_to_be_none(snapshot: Snapshots, tmp_path: Path, text: str) -> None:
    (tmp_path / "strange.json").write_text(text)
    for command in (("load",), ("diff",)):
        result = snapshot(*command, str(tmp_path / "strange.json"))
        assert result.exit_code == 2
        assert "is no snapshot" in result.output


def test_nobody_who_answers_is_one_message(tmp_path: Path) -> None:
    for endpoint in ("http://127.0.0.1:9", "nonsense", "http://127.0.0.1:99999999", "http://[::1"):
        result = run("snapshot", "--endpoint", endpoint, "save", str(tmp_path / "x.json"))
        assert result.exit_code in (1, 2)
        assert isinstance(result.exception, SystemExit), endpoint


def test_a_folder_without_snapshots_is_named_with_the_way_to_one(snapshot: Snapshots, tmp_path: Path) -> None:
    told = snapshot("list")
    assert (told.exit_code, told.stdout) == (0, "")
    assert str(tmp_path / "kept") in told.stderr
    assert "is not there" in told.stderr
    assert "snapshot save NAME" in told.stderr


@pytest.mark.parametrize("text", ["", "[1]", '{"account": {}, "parts": {"clock": {"now": "x"}}}', "[" * 100_000])
def test_a_file_that_is_no_snapshot_hides_no_other(snapshot: Snapshots, tmp_path: Path, text: str) -> None:
    snapshot("save", "good")
    (tmp_path / "kept" / "bad.json").write_text(text)
    told = snapshot("list")
    assert told.exit_code == 0, told.output
    assert "good" in told.stdout
