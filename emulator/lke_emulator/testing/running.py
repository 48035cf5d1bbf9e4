"""A command that runs beside an emulator of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from urllib.parse import urlsplit

from lke_emulator.testing.account import Lke
from lke_emulator.testing.server import ThreadedServer

LAST_CALLS = 20


class CannotRun(Exception):
    """The command cannot be started; the text says why."""


def run_beside(scenario: str, command: Sequence[str]) -> tuple[int, list[str]]:
    """The exit code of the command, and the last calls that it made. ScenarioError, or CannotRun.

    Of a command that a signal has ended it is 128 and the signal's number, as shells have it.
    """
    server = ThreadedServer(scenario)
    try:
        account = server.first_account()
        with passed_on() as signals, subprocess.Popen(command, env={**os.environ, **environment(account)}) as process:
            signals.reach(process)
            code = process.wait()
        return 128 - code if code < 0 else code, account.calls.lines(LAST_CALLS)
    except OSError as error:
        raise CannotRun(f"{command[0]} cannot be run: {error.strerror}") from None
    finally:
        server.stop()


class Signals:
    """Those that are meant for the command reach it; the second one kills it. Ctrl-C reaches it by itself."""

    def __init__(self) -> None:
        self.came: list[int] = []
        self.process: subprocess.Popen[bytes] | None = None

    def come(self, number: int, frame: FrameType | None) -> None:
        self.came.append(number)
        if self.process is not None:
            self.pass_on(self.process, number)

    def reach(self, process: subprocess.Popen[bytes]) -> None:
        """Those, too, that came before it began."""
        self.process = process
        for number in self.came:
            self.pass_on(process, number)

    def pass_on(self, process: subprocess.Popen[bytes], number: int) -> None:
        if len(self.came) > 1:
            process.kill()
        elif number != signal.SIGINT or not sys.stdin.isatty():
            process.send_signal(number)


@contextmanager
def passed_on() -> Iterator[Signals]:
    signals = Signals()
    before = {number: signal.signal(number, signals.come) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def environment(account: Lke) -> dict[str, str]:
    return account.environment | {"LKE_ENDPOINT_HOST": urlsplit(account.url).netloc}
