"""The command line: what it prints and how it ends, without a server."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.process.commands import ROOT, SCENARIO, run
from lke_emulator.cli import COMMANDS
from lke_emulator.exchange.settings import Settings
from lke_emulator.scenario.load import shipped


def test_every_command_explains_itself() -> None:
    assert run("--help").exit_code == 0
    for name in COMMANDS:
        help_text = run(name, "--help")
        assert help_text.exit_code == 0
        assert name in run("--help").stdout


def test_help_and_version_load_nothing_of_the_emulator() -> None:
    code = (
        "import sys; from lke_emulator.cli import main\n"
        "for args in (['--help'], ['version']): main(args, standalone_mode=False)\n"
        "loaded = {'uvicorn', 'starlette', 'msgspec', 'yaml', 'faker', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_flag_of_serve_has_an_environment_twin_and_every_setting_a_flag() -> None:
    text = run("serve", "--help").stdout
    flags = set(re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE))
    twins = set(re.findall(r"LKE_EMULATOR_[A-Z_]+", text.replace("\n", " ")))
    assert twins == {f"LKE_EMULATOR_{flag[2:].replace('-', '_').upper()}" for flag in flags}
    settings = {name.removesuffix("s") if name.endswith("origins") else name for name in Settings.__struct_fields__}
    assert {flag[2:].replace("-", "_") for flag in flags} == settings


def test_version_is_that_of_the_package() -> None:
    from lke_emulator import __version__

    assert run("version").stdout == f"lke-emulator {__version__}\n"


def test_actions_tells_how_each_is_answered() -> None:
    lines = run("actions").stdout.splitlines()
    assert ["lke", "2023-11-30", "stateful", "DescribeTokenUsage"] in [line.split() for line in lines]
    lkeap = run("actions", "--product", "lkeap").stdout.splitlines()
    assert 0 < len(lkeap) < len(lines)
    assert {line.split()[0] for line in lkeap} == {"lkeap"}
    assert {line.split()[2] for line in lines} <= {"stateful", "generated"}
    assert run("actions", "--product", "cvm").exit_code == 2


def test_schema_is_json_with_the_sections_of_a_scenario() -> None:
    printed = json.loads(run("schema").stdout)
    assert printed["$schema"].startswith("https://json-schema.org/")
    assert "accounts" in printed["$defs"]["Scenario"]["properties"]


def test_validate_takes_shipped_scenarios_and_files(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SCENARIO.format(name="Good", calls=1))
    bad.write_text(SCENARIO.format(name="Bad", calls="many"))
    assert run("validate", *shipped(), str(good)).exit_code == 0
    result = run("validate", str(bad), str(good))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{bad}:5: accounts[0].usage[0].points[0].calls: the text `many` stands here")
    assert result.stderr.count("\n") == 1
    assert str(good) in result.stdout


def test_init_writes_a_scenario_that_is_valid_and_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert run("init", str(file)).exit_code == 0
    assert run("validate", str(file)).exit_code == 0
    written = file.read_text("utf-8")
    assert written == run("init", "-").stdout
    file.write_text("mine")
    assert run("init", str(file)).exit_code == 2
    assert file.read_text() == "mine"
    assert run("init", str(file), "--force").exit_code == 0
    assert file.read_text("utf-8") == written
    assert run("init", str(tmp_path / "none" / "x.yaml")).exit_code == 2


@pytest.mark.parametrize(
    "args",
    [
        ["serve", "--port", "65536"],
        ["serve", "--port", "http"],
        ["serve", "--auth", "lenient"],
        ["serve", "--rate-limit", "-1"],
        ["serve", "--latency", "nan"],
        ["serve", "--latency", "-1"],
        ["serve", "--log-format", "xml"],
        ["serve", "--scenarios", "default"],
        ["stop"],
        ["validate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_and_exits_with_2(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert "Error" in result.stderr


@pytest.mark.parametrize("args", [["schema"], ["--help"]])
def test_a_stdout_that_takes_nothing_is_told_in_one_line(args: list[str]) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "lke_emulator", *args]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "lke-emulator: No space left on device\n")


def test_a_working_folder_that_is_gone_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for args in (["init"], ["snapshot", "list"], ["replay", "x.yaml"]):
        told = run(*args)
        assert told.exit_code in (1, 2), args
        assert "No such file or directory" in told.stderr


def test_a_wrong_environment_variable_stops_the_start_too() -> None:
    result = run("serve", LKE_EMULATOR_AUTH="lenient")
    assert result.exit_code == 2
    assert "LKE_EMULATOR_AUTH" in result.stderr
