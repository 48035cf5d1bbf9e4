"""A load of prepared requests, as fast as the answers come; what it costs is read from the server, not from the clock."""

import asyncio
import time
from collections.abc import Iterator
from typing import NamedTuple

import uvloop


class Load(NamedTuple):
    connections: int
    is_kept: bool
    """The connections are kept alive; else every call opens its own."""

    def __str__(self) -> str:
        return str(self.connections) if self.is_kept else "new"


class Heard(NamedTuple):
    answers: int
    events: int


class Client(asyncio.Protocol):
    """Sends the next request when an answer is whole; counts answers, and the events of streams."""

    def __init__(self, requests: Iterator[bytes], until: float, is_kept: bool, is_refused: bool) -> None:
        self.requests = requests
        self.until = until
        self.is_kept = is_kept
        self.is_refused = is_refused
        self.answers = self.events = 0
        self.wrong = b""
        self.buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self.ask()

    def ask(self) -> None:
        if time.perf_counter() >= self.until or (self.answers and not self.is_kept):
            self.transport.close()
        else:
            self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            whole = body.endswith(b"0\r\n\r\n")
        else:
            start = lower.index(b"content-length:") + 15
            whole = len(body) >= int(lower[start:].split(b"\r\n", 1)[0])
        if whole:
            self.answers += 1
            self.events += body.count(b"data:")
            if not head.startswith(b"HTTP/1.1 200") or (b'"Error"' in body[:40]) is not self.is_refused:
                self.wrong = self.buffer
            self.buffer = b""
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def one(port: int, requests: Iterator[bytes], until: float, load: Load, is_refused: bool) -> list[Client]:
    loop = asyncio.get_running_loop()
    clients: list[Client] = []
    while not clients or (not load.is_kept and time.perf_counter() < until):
        _, client = await loop.create_connection(
            lambda: Client(requests, until, load.is_kept, is_refused), "127.0.0.1", port
        )
        await client.done
        clients.append(client)
    return clients


async def drive(port: int, requests: Iterator[bytes], seconds: float, load: Load, is_refused: bool) -> Heard:
    until = time.perf_counter() + seconds
    every = await asyncio.gather(*[one(port, requests, until, load, is_refused) for _ in range(load.connections)])
    clients = [client for each in every for client in each]
    for client in clients:
        if client.wrong:
            raise SystemExit(f"an answer was not as expected, so the figures would mean nothing:\n{client.wrong!r}")
    return Heard(sum(client.answers for client in clients), sum(client.events for client in clients))


def drive_load(port: int, requests: Iterator[bytes], seconds: float, load: Load, is_refused: bool = False) -> Heard:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(drive(port, requests, seconds, load, is_refused))
