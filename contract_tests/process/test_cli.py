"""The command line: what it prints, how it ends, and a served process from its readiness line to SIGTERM."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner, Result

from contract_tests.conftest import Target
from lke_emulator.cli import main
from lke_emulator.exchange.settings import Settings
from lke_emulator.log import JsonFormatter, TextFormatter
from lke_emulator.scenario.load import shipped

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from lke_emulator.cli import main; main(prog_name='lke-emulator')"]
PATIENCE = 20
"""Seconds until a test gives up on a process; none needs a tenth of it."""
SCENARIO = """accounts:
  - uin: 1
    name: {name}
    credentials: [{{secret_id: AKIDlocal, secret_key: local-secret-key}}]
    usage: [{{kind: points, points: [{{at: -1h, calls: {calls}}}]}}]
"""


def run(*args: str, **environment: str) -> Result:
    nobody = {"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": "", "TENCENTCLOUD_TOKEN": ""}
    return CliRunner().invoke(main, args, env=nobody | environment)


def call(target: Target, *args: str, secret_key: str = "") -> Result:
    where = ["--endpoint", target.url, "--region", target.region]
    return run("call", *where, "--secret-id", target.secret_id, "--secret-key", secret_key or target.secret_key, *args)


class Served:
    """A process that serves; its stderr is read as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        assert process.stderr
        self.process = process
        self.stderr: IO[str] = process.stderr
        self.line = process.stdout.readline()
        self.url = self.line.split()[-1] if self.line else ""

    def wait_for(self, text: str) -> str:
        """The next line on stderr that holds the text."""
        for line in self.stderr:
            if text in line:
                return line
        raise AssertionError(f"the process ended without saying {text!r}")

    def calls(self) -> int:
        result = run("call", "DescribeTokenUsage", "--endpoint", self.url)
        assert result.exit_code == 0, result.output
        count: int = json.loads(result.stdout)["ApiCallStats"]
        return count


@contextmanager
def serving(*args: str, **environment: str) -> Iterator[Served]:
    process = subprocess.Popen(
        [*COMMAND, "serve", *args],
        cwd=ROOT,
        env=os.environ | {"LKE_EMULATOR_PORT": "0"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        yield Served(process)
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


# Without a server


def test_every_command_explains_itself() -> None:
    assert run("--help").exit_code == 0
    for name in ("serve", "call", "validate", "init", "schema", "actions", "version"):
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
    settings = {name.removesuffix("s") if name == "cors_origins" else name for name in Settings.__struct_fields__}
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
        ["start"],
        ["validate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_and_exits_with_2(args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert "Error" in result.stderr


def test_a_wrong_environment_variable_stops_the_start_too() -> None:
    result = run("serve", LKE_EMULATOR_AUTH="lenient")
    assert result.exit_code == 2
    assert "LKE_EMULATOR_AUTH" in result.stderr


# Served


def test_serve_says_that_it_is_ready_writes_the_url_and_ends_within_a_second(tmp_path: Path) -> None:
    file = tmp_path / "emulator.json"
    file.write_text("left by an earlier process")
    with serving("--endpoints-file", str(file)) as served:
        assert re.fullmatch(r"lke-emulator ready on http://127\.0\.0\.1:\d+\n", served.line)
        assert json.loads(file.read_text()) == {"url": served.url, "pid": served.process.pid}
        assert served.calls() > 0
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(PATIENCE) == 0
        assert time.monotonic() - began < 1


def test_sigterm_ends_it_within_a_second_while_a_call_waits() -> None:
    """And while a client keeps a connection open, as every SDK does."""
    with serving("--latency", "30", "--auth", "off") as served:
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
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(PATIENCE) == 0
        assert time.monotonic() - began < 1
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
    with serving("--scenario", "empty", LKE_EMULATOR_SCENARIO="default", LKE_EMULATOR_LOG_FORMAT="json") as served:
        assert served.calls() == 0
        assert run("call", "DescribeNothing", "--endpoint", served.url).exit_code == 2
        run("call", "DescribeTokenUsage", "ModelNames=x", "--endpoint", served.url)
        logged = json.loads(served.wait_for("refused"))
        assert logged["level"] == "info"
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


# One call


def test_call_prints_the_reply(target: Target) -> None:
    result = call(target, "DescribeTokenUsage", "ModelName=cs-normal-70b")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["TotalTokenUsage"] > 0


def test_call_types_values_as_the_action_wants_them(target: Target) -> None:
    pairs = ["ModelName=cs-normal-70b", "PageNumber=1", "PageSize=3", "AppBizIds.0=1812732010083385344"]
    result = call(target, "ListUsageCallDetail", *pairs)
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)["List"]) == 3


def test_call_takes_json_too(target: Target) -> None:
    params = {"ModelName": "cs-normal-70b", "PageNumber": 1, "PageSize": 2, "AppBizIds": ["1812732010083385344"]}
    result = call(target, "lke.ListUsageCallDetail", "--json", json.dumps(params))
    assert len(json.loads(result.stdout)["List"]) == 2


@pytest.mark.parametrize(
    ("args", "secret_key", "code"),
    [
        (["Model=x"], "", "UnknownParameter"),
        ([], "wrong", "AuthFailure.SignatureFailure"),
        (["--region", "ap-mars"], "", "UnsupportedRegion"),
    ],
)
def test_call_prints_a_refusal_and_exits_with_1(target: Target, args: list[str], secret_key: str, code: str) -> None:
    result = call(target, "DescribeTokenUsage", *args, secret_key=secret_key)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["Error"]["Code"] == code


def test_credentials_come_from_the_environment(target: Target) -> None:
    keys = {"TENCENTCLOUD_SECRET_ID": "AKIDnobody", "TENCENTCLOUD_SECRET_KEY": "any"}
    result = run("call", "DescribeTokenUsage", "--endpoint", target.url, **keys)
    assert json.loads(result.stdout)["Error"]["Code"] == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["DescribeTokenUsag"], "did you mean `DescribeTokenUsage`?"),
        (["lke.DescribeTokenUsag"], "did you mean `lke.DescribeTokenUsage`?"),
        (["CreateApp"], "write lke.CreateApp or adp.CreateApp"),
        (["DescribeTokenUsage", "ModelName"], "`ModelName` is no KEY=VALUE"),
        (["DescribeTokenUsage", "ModelName=a", "ModelName=b"], "`ModelName=b` is there twice"),
        (["DescribeTokenUsage", "AppBizIds.1=a"], "array index must be continuous"),
        (["DescribeTokenUsage", "--json", "{"], "--json is not JSON"),
        (["DescribeTokenUsage", "--json", "[]"], "--json must be an object"),
        (["DescribeTokenUsage", "A=1", "--json", "{}"], "either --json or KEY=VALUE"),
        (["DescribeTokenUsage", "--secret-id", "x"], "give both --secret-id and --secret-key"),
        (["DescribeTokenUsage", "--endpoint", "lke.tencentcloudapi.com"], "must be an http or https URL"),
        (["DescribeTokenUsage", "--endpoint", "https://lke.tencentcloudapi.com"], "give --secret-id and --secret-key"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_calls_are_not_sent(args: list[str], message: str) -> None:
    result = run("call", *args)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_a_call_that_nobody_answers_exits_with_1_and_says_how_to_serve() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        result = run("call", "DescribeTokenUsage", "--endpoint", f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert result.exit_code == 1
    assert "lke-emulator serve" in result.stderr


def answering(listener: socket.socket, body: bytes, kind: str) -> None:
    """Answer one request without parameters with these bytes."""
    connection, _ = listener.accept()
    with connection:
        asked = b""
        while not asked.endswith(b"\r\n\r\n{}"):
            asked += connection.recv(65536)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)


@pytest.mark.parametrize(
    ("body", "kind", "code", "printed"),
    [
        (b'data:{"Id": 1}\n\ndata: {"Id": 2}\n\n', "text/event-stream", 0, [{"Id": 1}, {"Id": 2}]),
        (
            b'data:{"Id": 1}\n\ndata:{"Response": {"Error": {"Code": "X"}}}\n\n',
            "text/event-stream",
            1,
            [{"Id": 1}, {"Error": {"Code": "X"}}],
        ),
        (b"<html></html>", "text/html", 1, []),
    ],
    ids=["stream", "error in a stream", "no API"],
)
def test_call_prints_what_comes_frame_by_frame(body: bytes, kind: str, code: int, printed: list[Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answering, args=(listener, body, kind))
        thread.start()
        result = run("call", "DescribeTokenUsage", "--endpoint", f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    decoder, text, frames = json.JSONDecoder(), result.stdout.strip(), []
    while text:
        frame, end = decoder.raw_decode(text)
        frames.append(frame)
        text = text[end:].strip()
    assert (frames, result.exit_code) == (printed, code)
