"""A process that serves, and what it says."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from contract_tests.process.commands import ROOT, run

COMMAND = [sys.executable, "-c", "from lke_emulator.cli import main; main(prog_name='lke-emulator')"]
PATIENCE = 40
"""Seconds until a test gives up on a process; none needs a tenth of it."""


class Served:
    """A process that serves; its stderr is read as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        assert process.stderr
        self.process = process
        self.stderr: IO[str] = process.stderr
        self.line = process.stdout.readline()
        self.url = self.line.split()[3] if self.line else ""

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
