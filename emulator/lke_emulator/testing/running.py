"""A command that runs beside an emulator of its own."""

import os
import subprocess
from collections.abc import Sequence
from urllib.parse import urlsplit

from lke_emulator.testing.account import Lke
from lke_emulator.testing.server import ThreadedServer

LAST_CALLS = 20


class CannotRun(Exception):
    """The command cannot be started; the text says why."""


def run_beside(scenario: str, command: Sequence[str]) -> tuple[int, list[str]]:
    """The exit code of the command, and the last calls that it made. ScenarioError, or CannotRun."""
    server = ThreadedServer(scenario)
    try:
        account = server.first_account()
        ended = subprocess.run(list(command), env={**os.environ, **environment(account)}, check=False)
        return ended.returncode, account.calls.lines(LAST_CALLS)
    except OSError as error:
        raise CannotRun(f"{command[0]} cannot be run: {error.strerror}") from None
    finally:
        server.stop()


def environment(account: Lke) -> dict[str, str]:
    return account.environment | {"LKE_ENDPOINT_HOST": urlsplit(account.url).netloc}
