"""What a server bears that is treated badly, or for long: clients that hardly write or read, requests cut in the middle, heads
and documents without end, ten thousand connections that say nothing, a million calls. Memory has to stay as it is.

`python -m benchmarks.soak` does all; `python -m benchmarks.soak slow idle` these.
"""

import json
import resource
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress

from benchmarks.load import Load, drive_load
from benchmarks.requests import SUBJECTS
from benchmarks.serving import Served, first_answer, serving

CALLS = 1_000_000
IDLE = 10_000
SLOW = 200
PATIENCE = 10


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def post(path: str, body: bytes, length: int | None = None, **headers: str) -> bytes:
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    size = len(body) if length is None else length
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}Content-Length: {size}\r\n\r\n".encode() + body


def answer(port: int, sent: bytes) -> str:
    """The first line of what comes back."""
    with closing(connect(port)) as connection:
        with suppress(OSError):
            connection.sendall(sent)
        try:
            return connection.recv(200).split(b"\r\n")[0].decode("latin-1") or "closed"
        except OSError as error:
            return type(error).__name__


def slow(server: Served) -> str:
    """Heads that come byte by byte, answers that nobody reads; others are served meanwhile."""
    writers = [connect(server.port) for _ in range(SLOW)]
    readers = [connect(server.port) for _ in range(SLOW)]
    request = post("/v1/chat/completions", b"{}")
    for connection in readers:
        connection.sendall(request * 50)
    for byte in request[:30]:
        for connection in writers:
            connection.sendall(bytes([byte]))
    began = time.perf_counter()
    first_answer(server.port)
    took = (time.perf_counter() - began) * 1000
    for connection in writers + readers:
        connection.close()
    return f"{SLOW} of each; another client's answer meanwhile takes {took:.1f} ms"


def halves(server: Served) -> str:
    """Requests whose callers leave in the middle of head or body."""
    whole = post("/", b'{"a": 1}' * 100)
    for cut in range(10, len(whole), 2):
        with closing(connect(server.port)) as connection:
            connection.sendall(whole[:cut])
    return f"{len(range(10, len(whole), 2))} requests cut in the middle"


def heads(server: Served) -> str:
    """A head without end, and one of very many lines."""
    endless = answer(server.port, b"GET / HTTP/1.1\r\nX: " + b"x" * (64 << 20))
    lines = answer(server.port, b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (1 << 20))
    return f"64 MB in one line: {endless}; a million lines: {lines}"


def deep(server: Served) -> str:
    """JSON as deep as it is long, on every surface that reads any."""
    body = b'{"a":' + b"[" * 400_000
    paths = ("/", "/v1/chat/completions", "/v1/qbot/chat/sse", "/adp/v2/chat", "/_emulator/accounts")
    seen = {path: answer(server.port, post(path, body, Content_Type="application/json")) for path in paths}
    return "; ".join(f"{path} {line}" for path, line in seen.items())


def yaml_bombs(server: Served) -> str:
    """Aliases of aliases, in a scenario; and words of a template that control takes."""
    from lke_emulator.scenario.document import ScenarioError, read_yaml

    bomb = "a: &a [x, x]\n" + "".join(
        f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, after in zip("abcdefghijk", "bcdefghijkl", strict=True)
    )
    told = []
    for text in (bomb, "[" * 100_000, "a: " * 10_000, "? " * 50_000):
        began = time.perf_counter()
        try:
            read_yaml(text, "bomb.yaml")
            said = "read"
        except ScenarioError:
            said = "refused"
        told.append(f"{said} in {(time.perf_counter() - began) * 1000:.0f} ms")
    big = json.dumps({"account": {"name": "x" * 900_000}}).encode()
    return f"{', '.join(told)}; a name of 900 KB: {answer(server.port, post('/_emulator/accounts', big))}"


def idle(server: Served) -> str:
    """Connections that say nothing; then they all ask."""
    before = server.resident
    connections = [connect(server.port) for _ in range(IDLE)]
    held = server.resident - before
    began = time.perf_counter()
    first_answer(server.port)
    took = (time.perf_counter() - began) * 1000
    many = len(connections)
    for connection in connections:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    answered = sum(bool(connection.recv(100)) for connection in connections)
    for connection in connections:
        connection.close()
    each = held * 1024 / max(many, 1)
    return f"{many} hold {held:.0f} MB ({each:.1f} KB each); another's answer takes {took:.1f} ms; then {answered} are answered"


def calls(server: Served) -> str:
    """Signed calls, as fast as eight connections make them."""
    subject = SUBJECTS[0]
    marks, made, began = [], 0, time.monotonic()
    while made < CALLS and time.monotonic() - began < SECONDS:
        heard = drive_load(server.port, subject.make(server.port), 5, Load(8, True), subject.is_refused)
        made += heard.answers
        marks.append(server.resident)
    rate = made / (time.monotonic() - began)
    shown = ", ".join(f"{mark:.0f}" for mark in marks[:: max(1, len(marks) // 8)])
    return f"{made:,} calls, {rate:,.0f} a second; MB resident on the way: {shown}, {marks[-1]:.0f}"


SECONDS = 540
"""After which no more calls are made."""
SUBJECTS_OF_SOAK: dict[str, Callable[[Served], str]] = {
    "slow": slow,
    "halves": halves,
    "heads": heads,
    "deep": deep,
    "yaml": yaml_bombs,
    "idle": idle,
    "calls": calls,
}


def main(names: Iterable[str]) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the server's too, which is a child
    with serving("emulator") as server:
        for name in names:
            before = server.resident
            told = SUBJECTS_OF_SOAK[name](server)
            first_answer(server.port)
            print(f"{name:8}{before:6.1f} -> {server.resident:6.1f} MB   {told}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or SUBJECTS_OF_SOAK)
