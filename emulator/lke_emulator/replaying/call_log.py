"""Every call with its reply, such that both can be had again: `lke-emulator serve --call-log`, `lke-emulator replay`.

A world is a function of its scenario, of what was drawn for it, and of its calls with the moments at which they were served. The
head of the file says the first two, every line after it one call. The file is YAML, and each of its lines JSON.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import IO, Literal

import msgspec

from lke_emulator import __version__
from lke_emulator.account.world import World
from lke_emulator.exchange.answer import Answer, Broken, Parts
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import machine_at, real_now
from lke_emulator.primitives.ids import drawn
from lke_emulator.scenario.load import find_scenario

FORMAT = 1
ITEM = "- "
PACKAGE = "lke_emulator."
LOOKING = ("GET", "HEAD")
encode = msgspec.json.Encoder().encode


class NotALog(Exception):
    """The text says where, and what is wrong."""


class CallLogHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a world is made of."""

    call_log: int
    """The format."""
    version: str
    """Of the emulator that wrote it."""
    scenario: str
    digest: str
    """Of the scenario's text."""
    seed: int | None
    chance: str
    began: float
    """Unix seconds."""
    auth: Literal["strict", "off"]
    strict: bool
    rate_limit: int | None


class LoggedRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A request as it came."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = {}
    body: str = ""
    base64: str = ""
    """A body that is no UTF-8."""
    oversize: bool = False
    client: str = ""

    @classmethod
    def of(cls, raw: Raw) -> "LoggedRequest":
        try:
            body, coded = raw.body.decode(), ""
        except UnicodeDecodeError:
            body, coded = "", b64encode(raw.body).decode()
        return cls(
            method=raw.method,
            path=raw.path,
            query=raw.query,
            headers=raw.headers,
            body=body,
            base64=coded,
            oversize=raw.oversize,
            client=raw.client,
        )

    def raw(self) -> Raw:
        """ValueError for what is no base64."""
        body = b64decode(self.base64, validate=True) if self.base64 else self.body.encode()
        return Raw(self.method, self.path, self.query, self.headers, body, self.oversize, self.client)


class LoggedReply(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What went out."""

    status: int = 200
    body: str = ""
    """Of a stream all its events; bytes that are no UTF-8 are replaced."""
    broken: bool = False

    def add(self, part: object) -> None:
        if isinstance(part, Answer):
            self.status, self.body = part.status, part.body.decode("utf-8", "replace")
        elif isinstance(part, bytes):
            self.body += part.decode("utf-8", "replace")
        elif isinstance(part, Broken):
            self.broken = True


class LoggedCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    operation: str
    surface: str
    """The class that served it."""
    steps: list[tuple[int, float]]
    """In which place among the steps of all calls each part of it was made, and at which moment by the machine's clock."""
    left: bool
    """The caller went away before the last part."""
    sent: LoggedRequest
    reply: LoggedReply


class CallLog:
    """An attendant that writes every call of the world that it begins with, but for sockets and for those who only look at
    control."""

    def __init__(self, path: Path, head: CallLogHead) -> None:
        """OSError where it cannot be written. It has in it what the callers showed, so others may not read it."""
        self.head = head
        self._file: IO[bytes] = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        for name, value in msgspec.to_builtins(head).items():
            self._file.write(f"{name}: ".encode() + encode(value) + b"\n")
        self._file.write(b"calls:\n")
        self._file.flush()
        self._steps = count()
        self._world: World | None = None

    def close(self) -> None:
        self._file.close()

    def attend(self, exchange: Exchange, parts: Parts) -> Parts:
        self._world = self._world or exchange.world
        is_of_socket = type(exchange).__module__ == f"{PACKAGE}dialogue.calls"
        is_look = exchange.surface in ("control", "console") and exchange.raw.method in LOOKING
        if is_of_socket or is_look or exchange.world is not self._world:
            return parts
        return self.logged(exchange, parts)

    def logged(self, exchange: Exchange, parts: Parts) -> Parts:
        steps: list[tuple[int, float]] = []
        reply, left = LoggedReply(), True

        def now() -> float:
            steps.append((next(self._steps), moment := real_now()))
            return moment

        try:
            while True:
                with machine_at(now()):
                    part = next(parts, None)
                if part is None:
                    left = False
                    return
                reply.add(part)
                yield part
        finally:
            with machine_at(now() if left else steps[-1][1]):
                parts.close()
            self.write(exchange, steps, left, reply)

    def write(self, exchange: Exchange, steps: list[tuple[int, float]], left: bool, reply: LoggedReply) -> None:
        kind = type(exchange)
        call = LoggedCall(
            operation=exchange.entry.operation if hasattr(exchange, "entry") else "",
            surface=f"{kind.__module__.removeprefix(PACKAGE)}.{kind.__name__}",
            steps=steps,
            left=left,
            sent=LoggedRequest.of(exchange.raw),
            reply=reply,
        )
        self._file.write(ITEM.encode() + encode(call) + b"\n")
        self._file.flush()


def head_of(settings: Settings) -> CallLogHead:
    """Of a world that begins now. ScenarioError where there is no such scenario, OSError where it cannot be read."""
    return CallLogHead(
        call_log=FORMAT,
        version=__version__,
        scenario=settings.scenario,
        digest=digest_of(settings.scenario),
        seed=settings.seed,
        chance=drawn(),
        began=real_now(),
        auth=settings.auth,
        strict=settings.strict,
        rate_limit=settings.rate_limit,
    )


def digest_of(scenario: str) -> str:
    return sha256(find_scenario(scenario).read_bytes()).hexdigest()


def read_log(path: Path) -> tuple[CallLogHead, Iterator[LoggedCall]]:
    """NotALog where it is none, also while it is read; OSError where it cannot be read."""
    lines = iter(path.read_text("utf-8", "replace").splitlines())
    head: dict[str, object] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line == "calls:":
            break
        try:
            head[name] = msgspec.json.decode(value)
        except msgspec.DecodeError:
            raise NotALog(f"{path}: this is no call log; `lke-emulator serve --call-log` writes one") from None
    found = head.get("call_log")
    if isinstance(found, int) and found > FORMAT:
        raise NotALog(f"{path}: a newer lke-emulator wrote it (format {found}, and this one reads up to {FORMAT})")
    try:
        return msgspec.convert(head, CallLogHead), calls_of(path, lines, len(head) + 2)
    except msgspec.ValidationError as error:
        raise NotALog(f"{path}: this is no call log: {error}") from None


def calls_of(path: Path, lines: Iterator[str], first: int) -> Iterator[LoggedCall]:
    decode = msgspec.json.Decoder(LoggedCall).decode
    for number, line in enumerate(lines, first):
        try:
            yield decode(line.removeprefix(ITEM))
        except (msgspec.DecodeError, RecursionError) as error:
            raise NotALog(f"{path}:{number}: this is no call: {error}") from None
