"""The sockets with socket.io-client on Node, installed once in a folder of its own; skipped where either is missing."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.dialogue.conftest import Talk, text_of
from contract_tests.dialogue.grammar import check
from contract_tests.dialogue.test_sockets import ASK1, ASK2, V1, V2

VERSION = "4.8.4"
FOLDER = (
    Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    / "lke-emulator-tests"
    / f"socket.io-client-{VERSION}"
)
SCRIPT = """
const { io } = require('socket.io-client');
const [url, path, token, transports, name, ask] = process.argv.slice(1);
const events = [];
const end = (why) => { console.log(JSON.stringify({ events, why })); process.exit(0); };
const socket = io(url, { path, transports: JSON.parse(transports), auth: { token }, reconnection: false });
socket.on('connect', () => { if (name) socket.emit(name, JSON.parse(ask)); });
socket.on('connect_error', (error) => end('connect_error ' + error.message));
socket.on('disconnect', (reason) => end('disconnect ' + reason));
socket.onAny((event, data) => {
  events.push([event, data]);
  if (event === 'response.completed' || (event === 'token_stat' && data.payload.status_summary === 'success')) end('done');
});
setTimeout(() => end('timeout'), 15000);
"""


@pytest.fixture(scope="session")
def node() -> str:
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("Node is not installed")
    if not (FOLDER / "node_modules" / "socket.io-client").is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        asked = [
            npm,
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(FOLDER),
            f"socket.io-client@{VERSION}",
        ]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            pytest.skip(f"socket.io-client cannot be installed: {done.stderr.strip()[-200:]}")
    return found


def run(node: str, talk: Talk, path: str, token: str, transports: list[str], name: str, ask: Any) -> dict[str, Any]:
    asked = [node, "-e", SCRIPT, talk.url, path, token, json.dumps(transports), name, json.dumps(ask)]
    environment = {**os.environ, "NODE_PATH": str(FOLDER / "node_modules")}
    done = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
@pytest.mark.parametrize(("path", "version", "name", "ask"), [(V1, "v1", "send", ASK1), (V2, "v2", "request", ASK2)])
def test_a_question_is_answered(
    node: str,
    talk: Talk,
    token: Callable[..., str],
    path: str,
    version: str,
    name: str,
    ask: Any,
    transports: list[str],
) -> None:
    told = run(node, talk, path, token(), transports, name, ask)
    assert told["why"] == "done"
    events = [(one, data) for one, data in told["events"]]
    check(version, events)
    assert text_of(events)


def test_a_token_that_is_not_good_is_told_as_it_is_by_the_service(node: str, talk: Talk) -> None:
    told = run(node, talk, V2, "nobody's", ["websocket"], "", {})
    assert told["events"] == [["error", {"Code": 460001, "Message": "Token 校验失败"}]]
    assert told["why"] == "disconnect io server disconnect"
