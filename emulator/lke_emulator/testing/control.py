"""/_emulator over HTTP, for tests: JSON in, JSON out, one connection kept open."""

import json
import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection, RemoteDisconnected
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

PREFIX = "/_emulator"
TIMEOUT = 60


class ControlError(Exception):
    """Control refused; the text is its own."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class ControlClient:
    """Safe to use from several threads, each of which has a connection of its own."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._of_thread = threading.local()
        self._open: set[HTTPConnection] = set()

    def get(self, path: str, **query: Any) -> Any:
        return self.send("GET", path + (f"?{urlencode(query)}" if query else ""))

    def post(self, path: str, **body: Any) -> Any:
        return self.send("POST", path, body or None)

    def put(self, path: str, body: Any) -> Any:
        return self.send("PUT", path, body)

    def patch(self, path: str, **body: Any) -> Any:
        return self.send("PATCH", path, body)

    def delete(self, path: str, **query: Any) -> Any:
        return self.send("DELETE", path + (f"?{urlencode(query)}" if query else ""))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """What it answers, None for nothing. ControlError where it refuses, ConnectionError where nobody answers."""
        sent = None if body is None else json.dumps(body).encode()
        headers = self._headers | ({} if sent is None else {"Content-Type": "application/json"})
        try:
            status, said = self._exchange(method, PREFIX + path, sent, headers)
        except (HTTPException, OSError) as error:
            raise ConnectionError(f"{self.url} does not answer: {error}") from None
        value = json.loads(said) if said else None
        if status >= 400:
            raise ControlError(status, value["error"] if isinstance(value, dict) else said.decode("utf-8", "replace"))
        return value

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Once more on a new connection where a kept one has been closed meanwhile."""
        for kept in (True, False):
            connection = self._connection(kept)
            try:
                connection.request(method, quote(path, safe="/?&=%+:,*"), body, headers)
                response = connection.getresponse()
                return response.status, response.read()
            except (RemoteDisconnected, ConnectionError):
                self._drop(connection)
                if not kept:
                    raise
        raise ConnectionError(self.url)

    def _connection(self, kept: bool) -> HTTPConnection:
        """This thread's."""
        connection: HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None or not kept:
            at = urlsplit(self.url)
            kind = HTTPSConnection if at.scheme == "https" else HTTPConnection
            connection = self._of_thread.connection = kind(at.hostname or "", at.port, timeout=TIMEOUT)
            self._open.add(connection)
        return connection

    def _drop(self, connection: HTTPConnection) -> None:
        connection.close()
        self._open.discard(connection)
        self._of_thread.connection = None

    def close(self) -> None:
        """The connections of all threads."""
        for connection in tuple(self._open):
            self._drop(connection)
