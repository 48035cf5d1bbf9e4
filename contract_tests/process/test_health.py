"""The check that a container makes of itself."""

import json
import socket
import subprocess
import threading

import pytest

from benchmarks.serving import free_port
from contract_tests.process.commands import run
from contract_tests.process.served import COMMAND, serving


def test_a_server_that_answers_is_well() -> None:
    with serving() as served:
        told = run("health", "--wait", "5", LKE_EMULATOR_ENDPOINT=served.url)
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith(f"{served.url} is well: version ")


def test_nobody_there_is_one_message() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        told = run("health", "--endpoint", f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert told.exit_code == 1
    assert told.stderr.count("\n") == 1
    assert "no emulator answers" in told.stderr


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}",
        b"not HTTP at all\r\n\r\n",
        b"",
    ],
)
def test_another_server_is_not_taken_for_one(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        url = f"http://127.0.0.1:{other.getsockname()[1]}"

        def serve() -> None:
            caller, _ = other.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        told = run("health", "--endpoint", url)
        thread.join()
    assert told.exit_code == 1, json.dumps(told.output)
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:99999", "http://[", "localhost", "ftp://127.0.0.1"])
def test_an_address_that_is_none_is_wrong_usage(endpoint: str) -> None:
    told = run("health", "--endpoint", endpoint)
    assert told.exit_code == 2
    assert "--endpoint must be an http URL" in told.stderr


def test_a_server_that_comes_later_is_waited_for() -> None:
    """A process has its port long before it answers there."""
    port = free_port()
    process = subprocess.Popen([*COMMAND, "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        told = run("health", "--wait", "20", "--endpoint", f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
    assert told.exit_code == 0, told.output
