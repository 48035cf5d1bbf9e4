"""What the command line understands, and what it says of what it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lke_emulator import __version__
from lke_emulator.testing import serve

ROOT = Path(__file__).parents[2]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "lke_emulator", *words]
    # As where the suite runs, but with nothing set that the command reads.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LKE_", "TENCENTCLOUD_", "LC_"))}
    python = {"PYTHONPATH": f"{ROOT / 'emulator'}"}
    return subprocess.run(command, capture_output=True, env={**own, **python, **environment}, check=False)


def test_the_version_is_told_like_every_program_tells_it() -> None:
    assert run("--version").stdout.decode().strip() == f"lke-emulator {__version__}"


def test_start_is_serve() -> None:
    assert run("start", "--help").stdout.split(b"\n", 1)[1] == run("serve", "--help").stdout.split(b"\n", 1)[1]


def test_a_variable_that_is_no_setting_is_told_with_the_nearest_one() -> None:
    said = run("validate", "empty", LKE_EMULATOR_SCENARO="x")
    assert said.returncode == 0
    assert "LKE_EMULATOR_SCENARO is no setting; did you mean `LKE_EMULATOR_SCENARIO`?" in said.stderr.decode()


def test_a_reply_is_utf_8_whatever_the_locale() -> None:
    with serve("documented-examples") as server:
        said = run(
            "call",
            "lke.ListApp",
            "PageNumber=1",
            "PageSize=5",
            "--endpoint",
            server.url,
            LC_ALL="C",
            PYTHONIOENCODING="ascii",
        )
    assert said.returncode == 0, said.stderr
    assert any(character > "\u4e00" for character in said.stdout.decode("utf-8"))


@pytest.mark.parametrize(
    ("words", "environment", "origin"),
    [
        ((), {"TENCENTCLOUD_SECRET_ID": "AKIDother", "TENCENTCLOUD_SECRET_KEY": "x"}, "TENCENTCLOUD_SECRET_ID"),
        (("--secret-id", "AKIDother", "--secret-key", "x"), {}, "--secret-id"),
    ],
)
def test_credentials_that_are_refused_here_are_told_with_where_they_came_from(
    words: tuple[str, ...], environment: dict[str, str], origin: str
) -> None:
    with serve("empty") as server:
        said = run("call", "DescribeTokenUsage", "--endpoint", server.url, *words, **environment)
    assert said.returncode == 1
    assert f"these credentials came from {origin}" in said.stderr.decode()


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_host_that_is_not_here_gets_advice_about_hosts(host: str) -> None:
    said = run("serve", "--scenario", "empty", "--port", "0", "--host", host)
    assert said.returncode == 3
    assert "`--host` is an address of this machine" in said.stderr.decode()
