"""A load of one prepared request over a few keep-alive connections, as fast as the answers come."""

import asyncio
import time
from collections.abc import Sequence

import uvloop

CONNECTIONS = 8


class Client(asyncio.Protocol):
    """Sends the next request when an answer is whole; counts answers, and the bytes of streams."""

    def __init__(self, requests: Sequence[bytes], until: float) -> None:
        self.requests = requests
        self.until = until
        self.answers = 0
        self.chunks = 0
        self.failures = 0
        self.buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self.ask()

    def ask(self) -> None:
        if time.perf_counter() >= self.until:
            self.transport.close()
        else:
            self.transport.write(self.requests[self.answers % len(self.requests)])

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
            self.chunks += body.count(b"data:")
            self.failures += not head.startswith(b"HTTP/1.1 200") or b'"Error"' in body[:40]
            self.buffer = b""
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def drive(port: int, requests: Sequence[bytes], seconds: float) -> tuple[float, float]:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    clients = []
    for _ in range(CONNECTIONS):
        _, client = await loop.create_connection(lambda: Client(requests, began + seconds), "127.0.0.1", port)
        clients.append(client)
    for client in clients:
        await client.done
    elapsed = time.perf_counter() - began
    failures = sum(client.failures for client in clients)
    if failures:
        raise SystemExit(f"{failures} answers were errors: the figures would mean nothing")
    return sum(client.answers for client in clients) / elapsed, sum(client.chunks for client in clients) / elapsed


def throughput(port: int, requests: Sequence[bytes], seconds: float) -> tuple[float, float]:
    """Answers and stream events a second."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(drive(port, requests, seconds))
