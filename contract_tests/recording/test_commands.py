"""`lke-emulator record` as a process, and what it says of what it is not given."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from contract_tests.process.commands import run
from contract_tests.process.served import COMMAND
from contract_tests.recording.conftest import ENVIRONMENT, SECRETS
from lke_emulator.testing.server import ThreadedServer


def test_the_command_records_until_it_is_ended(real: ThreadedServer, tmp_path: Path) -> None:
    path = tmp_path / "recording.yaml"
    # As a container would: everything from the environment.
    settings = {"LKE_EMULATOR_UPSTREAM": real.url, "LKE_EMULATOR_LISTEN": "127.0.0.1:0"}
    command = [*COMMAND, "record", str(path)]
    environment = os.environ | ENVIRONMENT | settings
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().split()[3]
        called = run("call", "ListApp", "PageNumber=1", "PageSize=5", "--endpoint", url)
        unknown = run("call", "ListApp", "PageNumber=0", "PageSize=5", "--endpoint", url)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (called.exit_code, unknown.exit_code, process.returncode, err) == (0, 1, 0, "")
    assert out == f"{path}: 2 exchanges\n"
    text = path.read_text()
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        ((), {}, "Missing option '--upstream'"),
        (("--upstream", "lke.tencentcloudapi.com"), {}, "--upstream must be an http or https URL"),
        (("--upstream", "https://lke.tencentcloudapi.com"), {}, "nothing opens https://lke.tencentcloudapi.com"),
        (
            ("--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1"),
            {"TENCENTCLOUD_SECRET_ID": "x"},
            "or neither",
        ),
        (
            ("--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1", "--listen", "5531"),
            {},
            "--listen must be HOST:PORT",
        ),
        (
            ("--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1", "--listen", "127.0.0.1:99999"),
            {},
            "--listen must be HOST:PORT",
        ),
        (
            ("--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1", "nowhere/recording.yaml"),
            {},
            "cannot be written",
        ),
        (
            ("--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1", __file__),
            {},
            "exists; --overwrite replaces it",
        ),
    ],
)
def test_mistakes_are_one_message(words: tuple[str, ...], environment: dict[str, str], message: str) -> None:
    result = run("record", *words, **{"OPENAI_API_KEY": "", "LKE_BOT_APP_KEY": ""} | environment)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_an_address_that_cannot_be_listened_on_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "recording.yaml"
    result = run(
        "record", "--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1", "--listen", "192.0.2.1:80", str(path)
    )
    assert result.exit_code == 3
    assert "could not start: 192.0.2.1:80" in result.stderr
    assert not path.exists()
