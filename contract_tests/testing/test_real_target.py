"""`--lke-target` with an endpoint that is no emulator: what needs the emulator's control is skipped, everything else is run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

import lke_emulator.testing
from contract_tests.process.commands import PLUGINS, ROOT
from lke_emulator.client import Credentials
from lke_emulator.recording.document import Recorder
from lke_emulator.recording.exchange import HttpRequest
from lke_emulator.recording.proxy import RecordingProxy
from lke_emulator.recording.redaction import Redaction
from lke_emulator.recording.upstream import Upstream, UpstreamFailed, UpstreamKeys

TESTS = """
import pytest

def test_a_call(lke):
    assert lke.client("lke").call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] >= 0
    assert lke.client("lkeap").call_json("GetCharacterUsage", {})["Response"]["RequestId"]

def test_a_chat(lke):
    assert lke.openai().models.list().data

def test_the_clock(lke):
    lke.clock.freeze()

def test_a_fault(lke):
    lke.faults.add(error="InternalError")

@pytest.mark.lke_scenario("default")
def test_a_scenario(lke): ...
"""


class Cloud(Upstream):
    """An emulator without its control, as the real cloud is."""

    def send(self, request: HttpRequest) -> tuple[HTTPConnection, HTTPResponse]:
        if request.path.startswith("/_emulator"):
            raise UpstreamFailed("there is no such path")
        return super().send(request)


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[str]:
    with lke_emulator.testing.serve("default") as server:
        upstream = Cloud(server.url, UpstreamKeys(Credentials("AKIDlocal", "local-secret-key")))
        with RecordingProxy("127.0.0.1", 0, upstream) as proxy:
            proxy.record(Recorder(tmp_path / "recording.yaml", server.url, Redaction()))
            yield proxy.url
            proxy.shutdown()


def ran(tmp_path: Path, target: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "test_mine.py").write_text(TESTS)
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("LKE_", "TENCENTCLOUD_", "OPENAI_"))
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "-p",
        "no:cacheprovider",
        f"--lke-target={target}",
        str(tmp_path),
    ]
    path = {"PYTHONPATH": str(ROOT / "emulator")}
    return subprocess.run(
        command, env=own | PLUGINS | path | environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )


def test_what_needs_control_is_skipped_with_the_reason(cloud: str, tmp_path: Path) -> None:
    keys = {"TENCENTCLOUD_SECRET_ID": "AKIDlocal", "TENCENTCLOUD_SECRET_KEY": "local-secret-key"}
    openai = {"OPENAI_BASE_URL": f"{cloud}/v1", "OPENAI_API_KEY": "sk-localRootKeyOfLkeEmulatorOpensNothingOutsideOfIt"}
    ended = ran(tmp_path, cloud, **keys, **openai)
    assert "2 passed, 3 skipped" in ended.stdout, ended.stdout
    assert f"needs the emulator's control; {cloud} is no emulator" in ended.stdout
    assert "lke_scenario needs the emulator's control" in ended.stdout


def test_without_credentials_nothing_is_run_and_one_message_says_why(cloud: str, tmp_path: Path) -> None:
    ended = ran(tmp_path, cloud)
    assert ended.returncode == 4
    assert f"{cloud} is no emulator: set TENCENTCLOUD_SECRET_ID" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_target_that_does_not_answer_is_one_message(tmp_path: Path) -> None:
    ended = ran(tmp_path, "http://127.0.0.1:1")
    assert ended.returncode == 4
    assert "--lke-target http://127.0.0.1:1" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
