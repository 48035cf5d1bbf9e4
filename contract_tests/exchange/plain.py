"""HTTP byte by byte, for what no client library would send, or to leave in the middle of it."""

import socket
import time
from collections.abc import Callable

from contract_tests.conftest import Control

PATIENCE = 20
"""Seconds until a test gives up on a server; none needs a tenth of it."""


def connected(control: Control) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(control.url.rpartition(":")[2])), timeout=PATIENCE)


def head(method: str, path: str, **headers: object) -> bytes:
    """A request up to its body; header names are written with `_` for `-`."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def heard(control: Control, *pieces: bytes) -> bytes:
    """All that comes back for what is sent until the server closes: the last request asks for that, or is refused."""
    with connected(control) as client:
        client.sendall(b"".join(pieces))
        answer = b""
        while piece := client.recv(1 << 16):
            answer += piece
        return answer


def until(true: Callable[[], object]) -> None:
    """Wait for what the server does after its caller has left; AssertionError when it does not come true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.005)
