"""One serving process: its socket, its signals, and the scenario that it loads again when told to."""

import asyncio
import errno
import gc
import json
import logging
import os
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, cast

import uvicorn

from lke_emulator.account.world import World
from lke_emulator.app import Emulator, create_app
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import machine_at, real_now
from lke_emulator.primitives.months import at
from lke_emulator.scenario.document import ScenarioError
from lke_emulator.scenario.load import find_scenario, load
from lke_emulator.server import SOCKETS, DirectProtocol

if TYPE_CHECKING:
    from lke_emulator.durable.data_dir import DataDir, ScenarioFile
    from lke_emulator.replaying.call_log import CallLog

log = logging.getLogger("lke_emulator.serve")

LOOPBACK = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}
"""What a client on this machine calls where the server listens on every address."""
RELOAD = getattr(signal, "SIGHUP", None)
"""Windows has none."""
WATCH_SECONDS = 0.25
GRACE_SECONDS = 0.25
"""How long calls under way may go on after SIGTERM; all in all the process ends within a second."""
BACKLOG = 2048


class CannotStart(Exception):
    """The process cannot serve; the text says why and what would help."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises ScenarioError, or CannotStart (port taken, file not writable)."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    if RELOAD is not None:
        signal.signal(RELOAD, signal.SIG_IGN)  # until there is a world to replace
    data_dir = data_dir_of(settings)
    with machine_at(real_now()):
        world = load(settings.scenario, settings.seed) if data_dir is None else kept_world(data_dir, settings)
        call_log = call_log_of(settings, world)
    listener = listen(settings)
    url = url_of(settings.host, listener)
    announce = Announcement(url, settings.endpoints_file, today(world))
    config = uvicorn.Config(
        app := create_app(settings, world),
        http=DirectProtocol,
        **SOCKETS,
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # uvicorn hands it to asyncio.wait_for, which takes fractions of a second.
        timeout_graceful_shutdown=cast(int, GRACE_SECONDS),
    )
    app.running.attendants = tuple([one for one in (call_log, data_dir) if one is not None])
    Server(config, app, settings, announce, data_dir).run([listener])


def call_log_of(settings: Settings, world: World) -> "CallLog | None":
    if not settings.call_log:
        return None
    from lke_emulator.replaying.call_log import CallLog

    try:
        return CallLog(Path(settings.call_log), settings, world)
    except FileExistsError as error:
        raise CannotStart(f"{error}: `--call-log` takes a file of its own") from None
    except OSError as error:
        raise CannotStart(f"cannot write {settings.call_log}: {error.strerror}") from None


def data_dir_of(settings: Settings) -> "DataDir | None":
    if not settings.data_dir:
        return None
    from lke_emulator.durable.data_dir import DataDir
    from lke_emulator.durable.database import CannotKeep

    try:
        return DataDir(Path(settings.data_dir))
    except CannotKeep as error:
        raise CannotStart(str(error)) from None


def kept_world(data_dir: "DataDir", settings: Settings) -> World:
    """The world of the folder; the scenario's in an empty one. CannotStart where it is another scenario's."""
    from lke_emulator.durable.database import CannotKeep

    given, known = origin_of(settings), data_dir.origin()
    if known is None:
        world = load(settings.scenario, settings.seed)
        try:
            data_dir.begin(world, given)
        except CannotKeep as error:
            raise CannotStart(str(error)) from None
        return world
    if given.seed != known.seed or (given.digest != known.digest and given.scenario != known.scenario):
        seed = "" if known.seed is None else f" --seed {known.seed}"
        raise CannotStart(
            f"{settings.data_dir} keeps the world of another scenario or seed: `--scenario {known.scenario}{seed}` goes"
            " on with it, another `--data-dir` begins anew"
        )
    if given.digest != known.digest:
        log.warning(
            "%s has changed since %s was begun, which goes on as it is: SIGHUP or a change under --watch loads the scenario"
            " again, and its accounts begin anew",
            settings.scenario,
            settings.data_dir,
        )
    try:
        return data_dir.read()
    except CannotKeep as error:
        raise CannotStart(str(error)) from None


def origin_of(settings: Settings) -> "ScenarioFile":
    """What the scenario is now. ScenarioError where there is none."""
    from hashlib import sha256

    from lke_emulator.durable.data_dir import ScenarioFile

    path = find_scenario(settings.scenario)
    try:
        return ScenarioFile(str(path.resolve()), sha256(path.read_bytes()).hexdigest(), settings.seed)
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None


def leave(number: int, frame: FrameType | None) -> None:
    """Also reached after a graceful end: uvicorn raises the signal again that it caught."""
    raise SystemExit(0)


def listen(settings: Settings) -> socket.socket:
    """A listening socket; who connects before the server is there waits for it."""
    host, port = settings.host, settings.port
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise CannotStart(f"cannot listen on {host} port {port}: {reason}. {way_out(error)}") from None
    return listener


def way_out(error: OSError) -> str:
    """What would help: the host is not of this machine, or the port is not free."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "`--host` is an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for every one it has."
    return "`--port` takes another one, `--port 0` a free one."


def url_of(host: str, listener: socket.socket) -> str:
    name = LOOPBACK.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{listener.getsockname()[1]}"


class Announcement:
    """How others learn that the server is ready, and where: one line on stdout, and a file."""

    def __init__(self, url: str, file: str, date: str) -> None:
        """A file that an earlier process left is removed: whoever waits for it waits for this one."""
        self.url = url
        self.date = date
        self.file = Path(file) if file else None
        if self.file:
            try:
                self.file.unlink(missing_ok=True)
            except OSError as error:
                raise CannotStart(f"cannot replace {file}: {error.strerror}") from None

    def publish(self) -> None:
        if self.file:
            part = self.file.with_name(self.file.name + ".part")
            try:
                part.write_text(json.dumps({"url": self.url, "pid": os.getpid()}) + "\n")
                part.replace(self.file)
            except OSError as error:
                raise CannotStart(f"cannot write {self.file}: {error.strerror}") from None
        print(f"lke-emulator ready on {self.url} where it is {self.date}", flush=True)


def today(world: World) -> str:
    """The date of the first account: a story may stand still in another year."""
    account = next(iter(world.accounts.values()))
    return at(account.clock.now(), account.zone).isoformat(" ", "seconds")


class Server(uvicorn.Server):
    """uvicorn with the readiness line and the scenario's reload."""

    def __init__(
        self,
        config: uvicorn.Config,
        app: Emulator,
        settings: Settings,
        announcement: Announcement,
        data_dir: "DataDir | None" = None,
    ) -> None:
        super().__init__(config)
        self.data_dir = data_dir
        self.app = app
        self.settings = settings
        self.announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        if RELOAD is not None:
            loop.add_signal_handler(RELOAD, self.reload)
        if self.settings.watch:
            self.watching = loop.create_task(self.watch(find_scenario(self.settings.scenario)))
        # What a start makes stays to the end: no collection need look at it, neither before now nor again.
        gc.freeze()
        gc.enable()
        self.announcement.publish()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a call that is cut now is no error
        await super().shutdown(sockets)

    def reload(self) -> None:
        """Replace the world at once, or keep it and say why."""
        try:
            world = load(self.settings.scenario, self.settings.seed)
        except ScenarioError as error:
            log.error("the world stays as it is: %s", error)
        else:
            gone = world.keep(self.app.running.world)
            if self.data_dir is not None:
                self.begin_anew(self.data_dir, world)
            self.app.replace_world(world)
            kept = f"; {', '.join(sorted(world.opened))} opened since stay as they are" if world.opened else ""
            log.info("loaded %s again: its accounts begin anew%s", self.settings.scenario, kept)
            for uin, why in gone.items():
                log.warning("account %s is gone: %s", uin, why)

    def begin_anew(self, data_dir: "DataDir", world: World) -> None:
        """A folder that cannot be written refuses the calls that come, as it always does."""
        from lke_emulator.durable.database import CannotKeep

        try:
            data_dir.begin(world, origin_of(self.settings))
        except (CannotKeep, ScenarioError) as error:
            log.error("%s", error)

    async def watch(self, file: Path) -> None:
        seen = stamp(file)
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = stamp(file)
            if now not in (seen, None):  # None: an editor is just replacing the file
                seen = now
                self.reload()


def stamp(file: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is written or replaced."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
