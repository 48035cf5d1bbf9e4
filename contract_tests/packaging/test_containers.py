"""The container and the action for workflows, as far as they can be tried without an engine."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.packaging.conftest import ROOT, SITE
from lke_emulator.cli import COMMANDS
from lke_emulator.commands.serve import serve

DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTINGS = {option.envvar for option in serve.params if getattr(option, "envvar", None)}


def test_the_image_is_built_of_what_is_sent_to_the_engine() -> None:
    """`.dockerignore` begins with everything; what the Dockerfile copies has to be let through."""
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()
    }
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_runs_commands_and_settings_that_exist() -> None:
    for words in re.findall(r"(?:CMD|ENTRYPOINT) \[(.*)\]", DOCKERFILE):
        called = [word.strip('" ') for word in words.split(",")]
        assert set(called) <= {"lke-emulator", *COMMANDS}
    used = set(re.findall(r"LKE_EMULATOR_[A-Z_]+", DOCKERFILE + (ROOT / "compose.yaml").read_text()))
    assert used <= SETTINGS


def test_the_image_does_not_run_as_root() -> None:
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nENTRYPOINT ")
    assert re.search(r"^USER [1-9]\d*$", DOCKERFILE, re.MULTILINE)


def step() -> dict[str, Any]:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    (only,) = action["runs"]["steps"]
    return dict(only) | {"inputs": action["inputs"]}


def act(wheel: Path, tmp_path: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
    """The script of the action's step, as a runner calls it; its dependencies come from this environment."""
    defaults = {name: each["default"] for name, each in step()["inputs"].items()}
    chosen = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) }}", lambda found: (defaults | inputs)[found[1]], value)
        for name, value in step()["env"].items()
    }
    runner = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_ACTION_PATH": str(wheel)}
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PYTHONPATH": SITE}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step()["run"]],
        env=os.environ | chosen | runner | offline,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.timeout(250)
def test_the_action_serves_and_tells_where_or_fails_with_the_reason(wheel: Path, tmp_path: Path) -> None:
    """One after the other in one environment, which takes long to make."""
    ran = act(wheel, tmp_path, port="0", scenario="empty", args="--rate-limit 3 --log-format json")
    assert ran.returncode == 0, ran.stderr
    url = re.fullmatch(r"url=(http://127\.0\.0\.1:\d+)\n", (tmp_path / "output").read_text())
    assert url
    assert url[1] in ran.stdout
    subprocess.run(["pkill", "-f", f"{tmp_path}/lke-emulator/ready.json"], check=True, timeout=10)
    (tmp_path / "lke-emulator" / "ready.json").unlink()
    ran = act(wheel, tmp_path, port="0", scenario="no-such")
    assert ran.returncode == 1
    assert "no-such" in ran.stderr
