"""A served process from its readiness line to SIGTERM."""

import json
import logging
import re
import signal
import socket
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from contract_tests.process.commands import SCENARIO, run
from contract_tests.process.served import PATIENCE, serving
from lke_emulator.log import JsonFormatter, TextFormatter


def test_serve_says_that_it_is_ready_writes_the_url_and_ends_when_told(tmp_path: Path) -> None:
    file = tmp_path / "emulator.json"
    file.write_text("left by an earlier process")
    with serving("--endpoints-file", str(file)) as served:
        assert re.fullmatch(
            r"lke-emulator ready on http://127\.0\.0\.1:\d+ where it is [0-9-]{10} [0-9:]{8}\+08:00\n", served.line
        )
        assert json.loads(file.read_text()) == {"url": served.url, "pid": served.process.pid}
        assert served.calls() > 0
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(PATIENCE) == 0


def test_sigterm_ends_it_at_once_while_a_call_waits() -> None:
    """Which would wait longer than the test does; and while a client keeps a connection open, as every SDK does."""
    with serving("--latency", "50", "--auth", "off") as served:
        host = served.url.removeprefix("http://")
        kept, waiting = HTTPConnection(host), HTTPConnection(host)
        kept.request("GET", "/health")
        kept.getresponse().read()
        headers = {
            "Content-Type": "application/json",
            "X-TC-Action": "DescribeTokenUsage",
            "X-TC-Version": "2023-11-30",
        }
        waiting.request("POST", "/", b"{}", {**headers, "X-TC-Region": "ap-guangzhou"})
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(PATIENCE) == 0
        kept.close()
        waiting.close()
        assert served.stderr.read() == ""


def test_a_taken_port_exits_with_3_and_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving("--port", str(port)) as served:
            assert served.line == ""
            assert served.process.wait(PATIENCE) == 3
            said = served.stderr.read()
    assert f"cannot listen on 127.0.0.1 port {port}" in said
    assert "--port 0" in said
    assert "Traceback" not in said


def test_a_bad_scenario_exits_with_2_and_one_message(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("accounts: []\n")
    with serving("--scenario", str(file)) as served:
        assert served.process.wait(PATIENCE) == 2
        assert served.stderr.read() == f"lke-emulator: {file}:1: accounts: there are 0 here, where at least 1 must be\n"


@pytest.mark.parametrize("kind", [TextFormatter, JsonFormatter])
def test_a_failure_inside_is_logged_with_its_traceback(kind: type[logging.Formatter]) -> None:
    record = logging.makeLogRecord({"msg": "%s failed inside", "args": ("lke.CreateApp",), "levelname": "ERROR"})
    record.request_id = "a b"
    try:
        raise LookupError("gone")
    except LookupError:
        record.exc_info = sys.exc_info()
    line = kind().format(record)
    if kind is JsonFormatter:
        entry = json.loads(line)
        assert "\n" not in line
        assert (entry["level"], entry["message"], entry["request_id"]) == (
            "error",
            "lke.CreateApp failed inside",
            "a b",
        )
        assert "LookupError: gone" in entry["traceback"]
    else:
        assert re.match(r"[0-9T:.-]+Z ERROR lke\.CreateApp failed inside request_id=a b\nTraceback", line)
        assert line.endswith("LookupError: gone")


def test_a_file_that_cannot_be_written_exits_with_3(tmp_path: Path) -> None:
    with serving("--endpoints-file", str(tmp_path / "none" / "emulator.json")) as served:
        assert served.process.wait(PATIENCE) == 3
        assert served.line == ""
        assert served.stderr.read().startswith("lke-emulator: could not start: cannot write")


def test_flags_come_from_the_environment_and_a_flag_wins() -> None:
    twins = {"LKE_EMULATOR_SCENARIO": "default", "LKE_EMULATOR_LOG_FORMAT": "json", "LKE_EMULATOR_LOG_LEVEL": "debug"}
    with serving("--scenario", "empty", **twins) as served:
        assert served.calls() == 0
        assert run("call", "DescribeNothing", "--endpoint", served.url).exit_code == 2
        run("call", "DescribeTokenUsage", "ModelNames=x", "--endpoint", served.url)
        logged = json.loads(served.wait_for("refused"))
        assert {"ts", "message", "request_id"} <= logged.keys()


def test_sighup_replaces_the_world_or_keeps_it_and_says_why(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SCENARIO.format(name="One", calls=1))
    with serving("--scenario", str(file)) as served:
        assert served.calls() == 1
        file.write_text(SCENARIO.format(name="Two", calls="two"))
        served.process.send_signal(signal.SIGHUP)
        assert f"{file}:5: accounts[0].usage[0].points[0].calls" in served.wait_for("the world stays as it is")
        assert served.calls() == 1
        file.write_text(SCENARIO.format(name="Two", calls=2))
        served.process.send_signal(signal.SIGHUP)
        served.wait_for("again")
        assert served.calls() == 2


def test_a_watched_scenario_is_loaded_again_when_it_changes(tmp_path: Path) -> None:
    file, new = tmp_path / "mine.yaml", tmp_path / "new.yaml"
    file.write_text(SCENARIO.format(name="One", calls=1))
    with serving("--scenario", str(file), "--watch") as served:
        assert served.calls() == 1
        new.write_text(SCENARIO.format(name="Two", calls=2))
        new.replace(file)  # as editors save
        served.wait_for("again")
        assert served.calls() == 2
