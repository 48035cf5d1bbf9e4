"""Processes under measurement: started, timed to their first answer, weighed, stopped."""

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

BARE = [sys.executable, "-m", "benchmarks.bare"]
EMULATOR = [sys.executable, "-m", "lke_emulator", "serve", "--rate-limit", "1000000000"]
"""With the limiter on, and a limit that no load reaches."""


class Served(NamedTuple):
    port: int
    pid: int
    seconds: float
    """Until the first answer."""

    @property
    def cpu(self) -> float:
        """Seconds of CPU time that all its threads have had."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    @property
    def resident(self) -> float:
        """Megabytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise LookupError("no VmRSS")


def free_port() -> int:
    """Below those that the system gives to connections: nobody takes it before it is listened on."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def command(kind: str, port: int, scenario: str) -> list[str]:
    if kind == "emulator":
        return [*EMULATOR, "--port", str(port), "--scenario", scenario]
    return [*BARE, str(port)]


def first_answer(port: int) -> None:
    """Wait until the process answers, whatever it says; each try is short so that the wait adds little."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("POST", "/", "{}", {"Content-Type": "application/json"})
            connection.getresponse().read()
        except ConnectionError:
            time.sleep(0.002)
        else:
            return
        finally:
            connection.close()


@contextmanager
def serving(kind: str, scenario: str = "default") -> Iterator[Served]:
    """`kind` is emulator or bare."""
    port = free_port()
    began = time.perf_counter()
    # Both have their bytecode cached, as after the first start on any machine.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command(kind, port, scenario), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        first_answer(port)
        yield Served(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait()
