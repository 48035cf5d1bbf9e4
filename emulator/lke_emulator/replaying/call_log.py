"""Every call with its reply, such that both can be had again: `lke-emulator serve --call-log`, `lke-emulator replay`.

A world is a function of what it was made of and of its calls, with what was drawn for each and the moments at which it was
served. The file is YAML, a document for every world that was served: the head says what it was made of, every line after it is
one call. Each of its lines is JSON.

It is no recording (`recording/`): that one is for sharing, has no secret and no bytes, and is held against any emulator. This
one has the very requests with what opens the account, so that every byte of the replies can be had again.
"""

import logging
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from lke_emulator import __version__
from lke_emulator.account.world import MadeOf, World
from lke_emulator.exchange.answer import Answer, Broken, Parts
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.running import NotKept
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import machine_at, real_now
from lke_emulator.primitives.ids import drawn, drawn_from

FORMAT = 1
BEGINNING = b"call_log: "
CALLS = b"calls:"
ITEM = b"- "
ANOTHER = b"---"
log = logging.getLogger("lke_emulator.replaying")
LOOKING = ("GET", "HEAD")
encode = msgspec.json.Encoder().encode


class NotALog(Exception):
    """The text says where, and what is wrong."""


class CallLogHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a world is made of: a scenario's text, or all that was kept of it."""

    call_log: int
    """The format."""
    version: str
    """Of the emulator that wrote it."""
    scenario: str
    settings: Settings
    """How the emulator was started."""
    step: int
    """Of the calls, before which this world took the place of the one before it."""
    chance: str
    """What is drawn in its calls follows from it."""
    made_of: MadeOf | None
    kept: World.State | None
    moment: float
    """Unix seconds, when it began to be served."""


class CallStep(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """When a part of a call was made."""

    place: int
    """Among the steps of all calls."""
    at: float
    """By the machine's clock."""
    failed: str = ""
    """Why the part before could not leave: the folder of the world could not be written."""


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


class LoggedCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    operation: str
    socket: str = ""
    """The id of the socket that it came over."""
    steps: list[CallStep]
    left: bool = False
    """The caller went away before the last part."""
    sent: LoggedRequest
    reply: LoggedReply


class CallLog:
    """An attendant that writes every call but for those who only look at control."""

    def __init__(self, path: Path, settings: Settings, world: World) -> None:
        """FileExistsError where there is something else, OSError where it cannot be written. It has in it what the callers
        showed, so others may not read it."""
        self.path = path
        self.settings = settings
        self.chance = drawn()
        self._file: IO[bytes] | None = begun_anew(path)
        self._step = 0
        self._world = world
        self.begin(world)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def begin(self, world: World) -> None:
        self._world = world
        head = self.head(world)
        members = [(name, encode(getattr(head, name))) for name in head.__struct_fields__]
        self.write(b"".join([b"%s: %s\n" % (name.encode(), value) for name, value in members]) + CALLS + b"\n")

    def head(self, world: World) -> CallLogHead:
        with machine_at(moment := real_now()):
            return CallLogHead(
                call_log=FORMAT,
                version=__version__,
                scenario=world.scenario,
                settings=self.settings,
                step=self._step,
                chance=self.chance,
                made_of=world.made_of,
                kept=world.saved() if world.made_of is None else None,
                moment=moment,
            )

    def attend(self, exchange: Exchange, parts: Parts) -> Parts:
        is_look = exchange.surface in ("control", "console") and exchange.raw.method in LOOKING
        return parts if is_look else self.logged(exchange, parts)

    def logged(self, exchange: Exchange, parts: Parts) -> Parts:
        steps: list[CallStep] = []
        reply, left = LoggedReply(), True
        failure: NotKept | None = None
        try:
            while True:
                with self.step(exchange, steps, str(failure or "")):
                    part = next(parts, None) if failure is None else parts.throw(failure)
                if part is None:
                    left = False
                    return
                failure = None
                try:
                    yield part
                except NotKept as error:
                    failure = error
                finally:
                    if failure is None:
                        reply.add(part)
        finally:
            if left:
                with self.step(exchange, steps):
                    parts.close()
            self.add(exchange, steps, left, reply)

    @contextmanager
    def step(self, exchange: Exchange, steps: list[CallStep], failed: str = "") -> Iterator[None]:
        """The machine's clock stands, and what is drawn follows from which step it is."""
        if exchange.running.world is not self._world:
            self.write(ANOTHER + b"\n")
            self.begin(exchange.running.world)
        steps.append(step := CallStep(self._step, real_now(), failed))
        self._step += 1
        with machine_at(step.at), drawn_from((self.chance, step.place)):
            yield

    def add(self, exchange: Exchange, steps: list[CallStep], left: bool, reply: LoggedReply) -> None:
        call = LoggedCall(
            operation=exchange.entry.operation if hasattr(exchange, "entry") else "",
            socket=exchange.socket,
            steps=steps,
            left=left,
            sent=LoggedRequest.of(exchange.raw),
            reply=reply,
        )
        self.write(ITEM + encode(call) + b"\n")

    def write(self, text: bytes) -> None:
        """What cannot be written ends the log; the emulator goes on, and says so once."""
        if self._file is None:
            return
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            log.error("%s cannot be written: %s; the call log ends here", self.path, error.strerror)
            with suppress(OSError):
                self._file.close()
            self._file = None


def begun_anew(path: Path) -> IO[bytes]:
    """An empty file in place of an older log. FileExistsError where it is anything else, OSError where it cannot be written."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    file = os.fdopen(descriptor, "r+b" if stat.S_ISREG(os.fstat(descriptor).st_mode) else "wb")
    if file.readable():
        begins = file.read(len(BEGINNING))
        if begins and begins != BEGINNING:
            file.close()
            raise FileExistsError(f"{path} is no call log, and is not replaced")
        file.seek(0)
        file.truncate()
    return file


def unheard(warning: str) -> None:
    """For whom warnings are not."""


def read_log(path: Path, warn: Callable[[str], None] = unheard) -> list["LoggedWorld"]:
    """The worlds in their order. NotALog where it is none; OSError where it cannot be read."""
    documents: list[list[Line]] = [[]]
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                warn(f"{path}:{number} was cut short, and is left out")
            elif line.rstrip() == ANOTHER:
                documents.append([])
            else:
                documents[-1].append((number, line.rstrip(b"\r\n")))
    return [read_world(path, lines) for lines in documents]


class LoggedWorld(NamedTuple):
    head: CallLogHead
    calls: list[LoggedCall]
    """Those that came to their end while it was served."""


Line = tuple[int, bytes]
WAY_OUT = "`lke-emulator serve --call-log` writes one, and what `record` writes is for `lke-emulator compare`"


class Format(msgspec.Struct):
    call_log: int


def read_world(path: Path, lines: list[Line]) -> LoggedWorld:
    end = next((place for place, (_, line) in enumerate(lines) if line == CALLS), len(lines))
    members = [line.partition(b": ") for _, line in lines[:end]]
    text = b"{%s}" % b",".join(
        [b"%s:%s" % (encode(name.decode("utf-8", "replace")), value) for name, _, value in members]
    )
    try:
        found = msgspec.json.decode(text, type=Format).call_log
        if found > FORMAT:
            raise NotALog(f"{path}: a newer lke-emulator wrote it (format {found}, and this one reads up to {FORMAT})")
        head = msgspec.json.decode(text, type=CallLogHead)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise NotALog(f"{path}: this is no call log ({error}); {WAY_OUT}") from None
    return LoggedWorld(head, list(calls_of(path, lines[end + 1 :])))


def calls_of(path: Path, lines: list[Line]) -> Iterator[LoggedCall]:
    decode = msgspec.json.Decoder(LoggedCall).decode
    for number, line in lines:
        try:
            yield decode(line.removeprefix(ITEM))
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise NotALog(f"{path}:{number}: this is no call: {error}") from None
