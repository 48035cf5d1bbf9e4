"""A server in a thread of this process, and the accounts that tests open on it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from lke_emulator.app import create_app
from lke_emulator.client import Credentials
from lke_emulator.exchange.settings import Settings
from lke_emulator.scenario.load import load
from lke_emulator.server import DirectProtocol
from lke_emulator.testing.account import Lke
from lke_emulator.testing.control import ControlClient

BACKLOG = 2048
STOP_SECONDS = 5


class ThreadedServer:
    """Serves from the moment it is made until `stop`. ScenarioError for a bad scenario."""

    def __init__(self, scenario: str = "default", **settings: Any) -> None:
        self.app = create_app(Settings(port=0, scenario=scenario, **settings), load(scenario, settings.get("seed")))
        listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.control = ControlClient(self.url)
        config = uvicorn.Config(
            self.app,
            http=DirectProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        self._server = uvicorn.Server(config)
        self._runner = asyncio.Runner()
        self._runner.get_loop()  # it is there before whoever stops it at once
        self._thread = threading.Thread(target=self._run, args=(listener,), name="lke-emulator", daemon=True)
        self._thread.start()

    def _run(self, listener: socket.socket) -> None:
        with self._runner:
            self._runner.run(self._server.serve([listener]))

    def _cut(self) -> None:
        """Their callers are gone then, and they end as they do then: a loop that ended before them would tell of each."""
        for connection in self._server.server_state.connections:
            connection.transport.abort()

    def stop(self) -> None:
        """Calls under way are cut."""
        self.control.close()
        self._runner.get_loop().call_soon_threadsafe(self._cut)
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(STOP_SECONDS)

    def first_account(self) -> Lke:
        """The scenario's first account, with an API key of its own."""
        world = self.app.running.world
        first = world.first_credential
        key = self.control.post(f"/accounts/{first.uin}/keys", label="of a test")["secret"]
        return Lke(self.control, first.uin, Credentials(first.secret_id, first.secret_key, first.token or ""), key)

    @contextmanager
    def account(self, template: Any = None) -> Iterator[Lke]:
        """An account of its own, closed at the end. `template`: a shipped scenario's name, a path, or an account as a
        scenario file writes it (a dict)."""
        account = Lke.opened(self.control, template)
        try:
            yield account
        finally:
            account.close()
