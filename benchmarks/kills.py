"""Servers that are killed at random moments under load; each next one is asked for everything that was acknowledged.

`python -m benchmarks.kills 2000` kills so many.
"""

import base64
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.serving import free_port

ROOT, APP = "100000000009", "1900000000000000001"
KEY = "sk-of-the-one-that-is-killed-again-and-again-0123"
SCENARIO = f"""
deterministic: true
accounts:
  - uin: {ROOT}
    rate_limit: 0
    credentials: [{{secret_id: AKIDlocal, secret_key: local-secret-key}}]
    apps: [{{biz_id: "{APP}", name: Shop, key: shop-key}}]
    models: [{{name: deepseek-v3.2}}]
    keys: [{{label: one, secret: {KEY}}}]
    billing: {{postpaid: all, balance: 1000}}
"""
CALLERS = 3
CALLS = 6
"""Fewer than so many are acknowledged between a start and the kill, however fast or slow the machine is."""
PAUSE = 0.01
"""Seconds at most between the last of these and the kill, which meets the next calls anywhere."""
PATIENCE = 30
IN_A_FOLDER = 100
"""Kills until another folder is begun: all that is in one is asked for after each."""


class Lost(AssertionError):
    """Something that was acknowledged is not there, or something is half there."""


class Forks:
    """The process that servers are forked from."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.forks"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, settings: str) -> int:
        """One more server; its process id."""
        assert self.process.stdin
        assert self.process.stdout
        print(settings, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate()


class Killing:
    """One folder, and the servers that die over it one after the other."""

    def __init__(self, folder: Path, seed: int, forks: Forks) -> None:
        self.folder = folder
        self.forks = forks
        self.random = random.Random(seed)
        self.port = free_port()
        self.sent: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.acknowledged: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.number = 0
        self.heard = threading.Semaphore(0)
        """What was acknowledged since the last start."""
        scenario = folder / "killed.yaml"
        scenario.write_text(SCENARIO)
        self.settings = json.dumps(
            {"port": self.port, "scenario": str(scenario), "auth": "off", "data_dir": str(folder / "kept")}
        )

    def round(self) -> None:
        """Start a server, ask it for everything, call it, kill it."""
        pid = self.forks.start(self.settings)
        try:
            self.wait()
            self.check()
            self.heard = threading.Semaphore(0)
            callers = [
                threading.Thread(target=self.call, args=(random.Random(self.random.random()),)) for _ in range(CALLERS)
            ]
            for caller in callers:
                caller.start()
            for _ in range(self.random.randrange(CALLS)):
                self.heard.acquire(timeout=PATIENCE)
            time.sleep(self.random.uniform(0, PAUSE))
        finally:
            os.kill(pid, signal.SIGKILL)
        for caller in callers:
            caller.join()
        until = time.monotonic() + PATIENCE
        while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
            time.sleep(0.001)

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.005)
            else:
                return

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            return asked(connection, method, path, body, **headers)[1]
        finally:
            connection.close()

    def call(self, chance: random.Random) -> None:
        """Until the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            while True:
                kind = chance.choice(list(KINDS))
                self.number += 1
                name = f"{kind}{self.number}x{chance.randrange(10**6)}"
                self.sent[kind].add(name)
                if KINDS[kind](connection, name):
                    self.acknowledged[kind].add(name)
                    self.heard.release()
        except (OSError, http.client.HTTPException, ValueError):
            pass  # it is dead
        finally:
            connection.close()

    def check(self) -> None:
        parts = self.ask("GET", f"/_emulator/accounts/{ROOT}/snapshot")["parts"]
        found = {kind: list(found(parts)) for kind, found in FOUND.items()}
        found["account"] = [
            one["name"] for one in self.ask("GET", "/_emulator/accounts")["accounts"] if one["uin"] != ROOT
        ]
        for kind, names in found.items():
            if lost := self.acknowledged[kind] - set(names):
                raise Lost(f"{kind}: acknowledged and lost: {sorted(lost)}")
            if len(set(names)) < len(names) or not set(names) <= self.sent[kind]:
                raise Lost(f"{kind}: there twice, or never sent: {sorted(set(names) - self.sent[kind])}")
        self.check_sums(parts)

    def check_sums(self, parts: Any) -> None:
        top_ups = [one for one in parts["billing"]["wallet"]["history"] if one["kind"] == "top-up"]
        for kind, count in (("chat", chats(parts)), ("top-up", len(top_ups))):
            if not len(self.acknowledged[kind]) <= count <= len(self.sent[kind]):
                raise Lost(f"{kind}: {count} are there, acknowledged were {len(self.acknowledged[kind])}")
        for one in self.ask("GET", "/_emulator/accounts")["accounts"]:
            if not one["secret_ids"]:
                raise Lost(f"account {one['uin']} is there, and nothing opens it")
        for one in parts["conversations"]["conversations"]:
            states = [record["status"] for record in one["records"]]
            if len(states) % 2 or "processing" in states:
                raise Lost(f"conversation {one['id']} is half there: {states}")


def asked(connection: http.client.HTTPConnection, method: str, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    """Status and answer, read to its end."""
    content = body.encode() if isinstance(body, str) else b"" if body is None else json.dumps(body).encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, content, {"Content-Type": "application/json", **given})
    answer = connection.getresponse()
    text = answer.read()
    kind = answer.headers.get_content_type()
    return answer.status, json.loads(text) if kind == "application/json" and text else text


def qa(connection: http.client.HTTPConnection, name: str) -> bool:
    params = {"BotBizId": APP, "Question": name, "Answer": "A", "AttrRange": 1}
    head = {"X_TC_Action": "CreateQA", "X_TC_Version": "2023-11-30", "X_TC_Region": "ap-guangzhou"}
    _, said = asked(connection, "POST", "/", params, **head)
    return "QaBizId" in said["Response"]


def chat(connection: http.client.HTTPConnection, name: str) -> bool:
    body = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": name}], "stream": name[-1] in "02468"}
    status, _ = asked(connection, "POST", "/v1/chat/completions", body, Authorization=f"Bearer {KEY}")
    return status == 200


def dialogue(connection: http.client.HTTPConnection, name: str) -> bool:
    body = {
        "session_id": name,
        "bot_app_key": "shop-key",
        "visitor_biz_id": "v",
        "content": "Hello",
        "stream": "disable",
    }
    status, said = asked(connection, "POST", "/v1/qbot/chat/sse", body)
    return status == 200 and b"reply" in said


def put(connection: http.client.HTTPConnection, name: str) -> bool:
    status, _ = asked(connection, "PUT", f"/corp/1/{APP}/{name}", name * 1000)
    return status == 200


def open_account(connection: http.client.HTTPConnection, name: str) -> bool:
    status, _ = asked(connection, "POST", "/_emulator/accounts", {"name": name})
    return status == 201


def top_up(connection: http.client.HTTPConnection, name: str) -> bool:
    path = f"/_emulator/accounts/{ROOT}/wallet/top-up"
    status, _ = asked(connection, "POST", path, {"amount": 10, "method": "card"})
    return status < 300


KINDS: dict[str, Callable[[http.client.HTTPConnection, str], bool]] = {
    "qa": qa,
    "chat": chat,
    "dialogue": dialogue,
    "object": put,
    "account": open_account,
    "top-up": top_up,
}


def objects(parts: Any) -> Iterator[str]:
    for one in parts["objects"]["objects"]:
        name = one["path"].rpartition("/")[2]
        if base64.b64decode(one["content"]).decode() != name * 1000:
            raise Lost(f"object {name} is half there")
        yield name


def chats(parts: Any) -> int:
    """How many are metered: each is in the ledger, and what it cost in what the key has used."""
    lines = [one for one in parts["ledger"]["series"] if one.get("kind") == "metered" and one["line"].get("key")]
    for one in lines:
        if any(len(sums) != 1 + len(one["moments"]) for sums in one["sums"].values()):
            raise Lost("a call is half in the ledger")
    charged, (key,) = sum(one.get("charges", [0])[-1] for one in lines), parts["keys"]["keys"]
    if key["used"] != charged:
        raise Lost(f"the key has used {key['used']}, and its calls cost {charged}")
    return sum(len(one["moments"]) for one in lines)


FOUND: dict[str, Callable[[Any], Iterator[str]]] = {
    "qa": lambda parts: (one["question"] for one in parts["qas"]["qas"]),
    "dialogue": lambda parts: (one["id"] for one in parts["conversations"]["conversations"]),
    "object": objects,
}


@contextmanager
def forking() -> Iterator[Forks]:
    forks = Forks()
    try:
        yield forks
    finally:
        forks.close()


def main(kills: int, seed: int) -> None:
    began = time.monotonic()
    acknowledged = sent = 0
    with forking() as forks:
        for first in range(0, kills, IN_A_FOLDER):
            stop = min(first + IN_A_FOLDER, kills)
            with TemporaryDirectory() as folder:
                one = Killing(Path(folder), seed + first, forks)
                for _ in range(first, stop):
                    one.round()
            acknowledged += sum(map(len, one.acknowledged.values()))
            sent += sum(map(len, one.sent.values()))
            took = time.monotonic() - began
            print(
                f"{stop} kills in {took:.0f} s; all {acknowledged} acknowledged changes of {sent} are there", flush=True
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, random.randrange(10**6))
