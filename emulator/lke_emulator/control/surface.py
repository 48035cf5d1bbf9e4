"""/_emulator as a surface: who may, what was sent, what comes back. Every noun has a file of its own."""

from collections.abc import Generator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from lke_emulator.account.call import Wait
from lke_emulator.control import (
    access_tokens,
    accounts,
    actions_openapi,
    apps,
    assumptions,
    catalogue,
    clock,
    credentials,
    drafts,
    events,
    explain,
    faults,
    journal,
    keys,
    knowledge,
    limits,
    look,
    metrics,
    moderation,
    notifications,
    openapi,
    packages,
    permissions,
    postpaid,
    report,
    scenario,
    status,
    usage,
    wallet,
)
from lke_emulator.control.guard import NotOpen, check_open
from lke_emulator.control.table import (
    DOCUMENT,
    PREFIX,
    STREAM,
    TABLE,
    ControlCall,
    EventStream,
    HarText,
    Invalid,
    Operation,
    PlainText,
    ProblemDetails,
    YamlText,
    operate,
)
from lke_emulator.exchange import cors
from lke_emulator.exchange.answer import JSON, Answer, Begin, Headers, Parts, of_json
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.paths import Paths
from lke_emulator.primitives.refused import Refused

NOUNS = (
    status,
    journal,
    look,
    events,
    explain,
    metrics,
    accounts,
    apps,
    assumptions,
    catalogue,
    clock,
    credentials,
    drafts,
    faults,
    keys,
    access_tokens,
    packages,
    postpaid,
    permissions,
    wallet,
    notifications,
    knowledge,
    moderation,
    limits,
    report,
    scenario,
    usage,
    openapi,
    actions_openapi,
)
"""Each has written its routes into the table."""
HEALTH = "/health"
"""Also answered without the prefix."""
BODY_LIMIT = 1 << 20
SNAPSHOT_LIMIT = 128 << 20
"""Of what is put: a snapshot has the files of its account in it."""
PATHS = Paths((row.method, PREFIX + row.path, row) for row in TABLE)


class NoRoute(Exception):
    """There is no such path, or not with this method."""

    def __init__(self, why: str, methods: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.methods = methods


class BrokenInside(Exception):
    """It failed inside."""


STATUSES = ((Invalid, 400), (NotOpen, 403), (LookupError, 404), (Refused, 409), (BrokenInside, 500))


class Control(Exchange):
    """Health and readiness are public, everything else is guarded."""

    surface = "control"
    tells_answers = False
    keeps_books = True
    refusals = (Invalid, NotOpen, LookupError, Refused, NoRoute)
    is_delayed = can_fail = False

    operation: Operation
    names: Mapping[str, str] = {}

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        return SNAPSHOT_LIMIT if method == "PUT" else BODY_LIMIT

    def draw_id(self) -> str:
        """None: who looks at a deterministic world does not change the ids in it."""
        return ""

    def identify(self) -> None:
        raw, entry = self.raw, self.entry
        known = self.known()
        found = known.get("GET" if raw.method == "HEAD" else raw.method)
        if found is None or not found[0].public:
            check_open(raw, self.settings)
        if found is None:
            raise no_route(raw.method, raw.path, tuple(known))
        operation, self.names = found
        self.operation = operation
        entry.operation, entry.names, entry.params = f"control.{operation.handler.__name__}", self.names, raw.body
        if raw.oversize:
            raise Invalid(f"the body is longer than {self.bound(raw.method, raw.headers)} bytes")
        if operation.method == "GET":
            self.may_change = None
        self.account = self.world.accounts.get(self.names.get("uin", ""))
        entry.account = self.account.uin if self.account else ""

    def known(self) -> dict[str, tuple[Operation, dict[str, str]]]:
        """By method."""
        path = self.raw.path
        return PATHS.find(PREFIX + path if path == HEALTH else path)

    def serve(self) -> Answer | Parts:
        pairs = parse_qsl(self.raw.query, keep_blank_values=True)
        self.entry.names = {**self.names, **dict(pairs)}
        value = operate(self.operation, ControlCall(self.running, self.names, self.raw.headers), pairs, self.raw.body)
        if isinstance(value, Generator):
            return self.waited(value)
        return self.streamed(value) if isinstance(value, EventStream) else self.given(value)

    def streamed(self, stream: EventStream) -> Parts:
        self.entry.streamed = True
        yield Begin(STREAM)
        if self.raw.method != "HEAD":
            yield from stream.parts

    def given(self, value: Any) -> Answer:
        if value is None:
            return Answer(b"", [], self.operation.status)
        if isinstance(value, (HarText, PlainText, YamlText)):
            return Answer(value.text.encode(), [(b"content-type", value.content_type)])
        return of_json(value, self.operation.status)

    def waited(self, handler: Generator[Wait, None, Any]) -> Parts:
        yield self.given((yield from handler))

    def refuse(self, error: Exception) -> Answer:
        """{"error": why}, and an HTTP status that says what kind of error it is."""
        self.entry.end(type(error).__name__, str(error))
        problem = ProblemDetails(error=str(error), until=error.until if isinstance(error, Refused) else None)
        if isinstance(error, NoRoute):
            allowed: Headers = [(b"allow", ", ".join(error.methods).encode())] if error.methods else []
            return of_json(problem, 405 if error.methods else 404, [*JSON, *allowed])
        return of_json(problem, next(status for kind, status in STATUSES if isinstance(error, kind)))

    def internal(self) -> Exception:
        return BrokenInside("it failed inside; the log says where")

    def cors(self) -> Headers:
        """Health answers every page that may call; the rest only pages of an origin that `--control-origin` names."""
        origins, request = self.settings.control_origins, self.raw.headers
        if any(operation.public for operation, _ in self.known().values()):
            return cors.headers(request, self.settings.cors_origins + origins)
        return cors.headers(request, origins) if request.get("origin") in origins else []

    def preflight(self) -> Headers | None:
        if not self.cors():
            return None
        methods = ", ".join((*self.known(), "OPTIONS")).encode()
        granted = cors.preflight(self.raw.headers, (self.raw.headers["origin"],))
        return [(name, methods if name == b"access-control-allow-methods" else value) for name, value in granted]


def no_route(method: str, path: str, methods: tuple[str, ...]) -> NoRoute:
    """What there is instead."""
    if methods:
        return NoRoute(f"{path} takes {', '.join(methods)}, not {method}", methods)
    known = ", ".join(dict.fromkeys(row.path for row in TABLE))
    return NoRoute(f"no control route {path}; {DOCUMENT} describes what there is: {known}")
