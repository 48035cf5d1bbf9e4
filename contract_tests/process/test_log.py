"""The log of a served process: it is written where somebody reads, and stops nothing where nobody does."""

import fcntl
import json
import logging
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

from contract_tests.process.commands import ROOT
from contract_tests.process.served import COMMAND, PATIENCE, serving
from lke_emulator.log import PatientHandler, TextFormatter

PAGE = 4096
REFUSED = {"Content-Type": "application/json", "X-TC-Action": "DescribeTokenUsage", "X-TC-Version": "2023-11-30"}


def refused_calls(url: str, count: int) -> None:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)
    for _ in range(count):
        connection.request("POST", "/", b"{}", REFUSED)
        assert b'"Error"' in connection.getresponse().read()
    connection.close()


@contextmanager
def into_one_pipe() -> Iterator[tuple["subprocess.Popen[bytes]", str, IO[bytes]]]:
    """A process that tells everything into one small pipe, read only as far as the line that says where it is."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--log-level", "debug"],
        cwd=ROOT,
        env=os.environ | {"LKE_EMULATOR_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
    )
    assert process.stdout
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, PAGE)
    try:
        yield process, process.stdout.readline().decode().split()[3], process.stdout
    finally:
        process.kill()
        process.communicate()


def test_a_log_that_nobody_reads_stops_no_call_and_not_the_end() -> None:
    with into_one_pipe() as (process, url, _):
        refused_calls(url, 3000)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_what_could_not_be_written_is_counted_and_told_to_whoever_reads_again() -> None:
    with into_one_pipe() as (process, url, log):
        refused_calls(url, 3000)
        seen, dropped = 0, 0
        for line in log:
            if told := re.search(r"WARNING (\d+) lines of the log could not be written", line.decode()):
                dropped = int(told[1])
                break
            seen += b" refused: " in line
        assert dropped > 0
        assert seen + dropped == 3000
        assert process.poll() is None


def test_a_log_without_a_reader_left_stops_nothing() -> None:
    with into_one_pipe() as (process, url, log):
        log.close()
        refused_calls(url, 100)
        assert process.poll() is None
        process.stdout = None


def test_refusals_are_told_where_they_are_asked_for() -> None:
    with serving("--log-level", "debug", "--log-format", "json") as served:
        refused_calls(served.url, 1)
        assert {"ts", "message", "request_id"} <= json.loads(served.wait_for("refused")).keys()


def test_a_pipe_that_does_not_wait_gets_every_line() -> None:
    """As parents written in JavaScript hand them down."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PAGE)
    os.set_blocking(writer, False)
    handler = PatientHandler(writer)
    handler.setFormatter(TextFormatter())
    for number in range(500):
        handler.emit(logging.makeLogRecord({"msg": f"line {number} \udc80"}))
    got = b""
    while got.count(b"\n") < 500:
        got += os.read(reader, PAGE)
    assert re.findall(rb"line (\d+) \\udc80\n", got) == [b"%d" % number for number in range(500)]
    handler.flush()
    os.close(reader)
    os.close(writer)


def test_it_serves_without_anywhere_to_write(tmp_path: Path) -> None:
    file = tmp_path / "emulator.json"
    command = f"exec {shlex.join([*COMMAND, 'serve', '--port', '0', '--endpoints-file', str(file)])} 2>&-"
    process = subprocess.Popen(["sh", "-c", command], cwd=ROOT)
    try:
        while not file.exists():
            assert process.poll() is None
            time.sleep(0.01)
        refused_calls(json.loads(file.read_text())["url"], 10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
