"""uvicorn's HTTP protocol with the usual request answered at once, and HTTP held where uvicorn is looser than it has to be.

The usual request, whose small body is all there, is answered where its last byte comes in: without scope, task and cycle; where
its head came before, byte for byte but for the signature, without the parser too (exchange/head.py).
Everything else takes uvicorn's way over ASGI: long or chunked bodies, Expect, Upgrade, browsers, HTTP/1.0, a client that does
not read its answers, a call behind one that is still being answered; and every answer that is not there at once.

- No head of a gigabyte is held: one that has not ended after HEAD_LIMIT bytes is refused, and the connection closed; so are
  trailers and extensions of chunks.
- Trailers are not headers, and a query may be longer than the 64 KB that the parser of URLs takes.
- What fails in a callback of the parser is a failure of ours, not a bad request.

And how a socket is served: only a process that has one pays for that.
"""

import logging
import socket
import struct
from asyncio import TimerHandle
from functools import cached_property, lru_cache, partial
from typing import Any, ClassVar

import httptools
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from lke_emulator.app import Emulator, is_person, surface_of
from lke_emulator.exchange.answer import BODILESS, JSON, Answer, Headers, Part, Parts, Spelled
from lke_emulator.exchange.delivery import ABORT, KEEP_ALIVE, deliver
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.head import Head, Heads, Packet, packet
from lke_emulator.exchange.raw import Raw
from lke_emulator.gateway.envelope import GENERATED, HEAD
from lke_emulator.objects.host import is_for_storage

HEAD_LIMIT = 1 << 20
"""Far above the gateway's own 32 KB for a GET, so that it is the gateway that answers."""
INVALID = "Invalid HTTP request received."
USUAL_HEADS = frozenset(map(id, (HEAD, GENERATED, JSON)))
"""Lists of headers that are the same for every answer: what they come to is worked out once a second."""
UNUSUAL = frozenset(("origin", "expect", "upgrade", "transfer-encoding"))
log = logging.getLogger("lke_emulator.server")


@lru_cache(1024)
def lower(name: bytes) -> str:
    return name.decode("latin-1").lower()


class DirectProtocol(HttpToolsProtocol):
    in_head = False
    in_message = False
    """From the first byte of a request to its last."""
    head = 0
    """Bytes that came since the present head began, or since the body last went on: trailers and what chunks say of themselves
    are as long as a head may be."""
    is_direct = False
    """The present request is answered here."""
    usual: Head
    """What the head of the present request says, if that is so."""
    body: bytes
    came: Packet | None = None
    """The present request, if it came in one piece and alone."""
    begun: tuple[Exchange, Parts, Part] | None = None
    """The present request is being answered, and the parser reads it so that uvicorn can go on."""
    is_leaving = False
    """The process ends: a call under way is the last one."""
    quiet_since = 0.0
    watch: TimerHandle | None = None
    known: ClassVar[Heads] = Heads()
    answered: ClassVar[tuple[Headers, dict[int, bytes]]] = [], {}
    """The heads of usual answers, and the default headers with which they begin."""

    @cached_property
    def emulator(self) -> Emulator | None:
        """The application, below what uvicorn wraps around it."""
        app: Any = self.app
        while not isinstance(app, Emulator) and hasattr(app, "app"):
            app = app.app
        return app if isinstance(app, Emulator) else None

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if not self.in_message:
            came = self.came = packet(data)
            head = None if came is None else self.known.find(came)
            if came is not None and head is not None and self.can_answer(head):
                self.usual, self.body = head, came.body
                self.answer_known(data, head.signed(came.signature))
                return
        self.read(data)

    def answer_known(self, data: bytes, headers: dict[str, str]) -> None:
        """Without the parser, which reads the request only where uvicorn has to go on with it."""
        exchange, parts, first = begun = self.begin(headers)
        if isinstance(first, Answer):
            self.end(exchange, parts, first, True)
        else:
            self.begun = begun
            self.read(data)

    def read(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            self.failed_inside(error.__context__)
        except httptools.HttpParserError:
            self.send_400_response(INVALID)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
        if self.in_message:
            self.head += len(data)
            if self.head > HEAD_LIMIT and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def failed_inside(self, error: BaseException | None) -> None:
        if isinstance(error, httptools.HttpParserInvalidURLError):
            self.send_400_response(INVALID)
            return
        log.error("a request failed inside before it was read", exc_info=error)
        self.transport.write(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    # What the parser tells.

    def on_message_begin(self) -> None:
        self.in_head = self.in_message = True
        self.head = 0
        self.url = b""
        self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.in_head:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.in_head = False
        self.is_direct = self.begun is not None or self.is_usual()
        if self.is_direct:
            self.body = b""
        else:
            self.begin_cycle()

    def on_body(self, body: bytes) -> None:
        self.head = 0
        if self.is_direct:
            self.body = self.body + body if self.body else body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self.in_message = False
        if self.is_direct:
            self.answer()
        else:
            super().on_message_complete()

    # The usual way.

    def can_answer(self, head: Head) -> bool:
        """Whether a usual request can be answered here and now."""
        emulator = self.emulator
        return (
            emulator is not None
            and (self.cycle is None or self.cycle.response_complete)
            and not self.is_leaving
            and not self.flow.write_paused
            and (head.path == "/" or emulator.running.world.assumptions.other_path == "404")
        )

    def is_usual(self) -> bool:
        """Whether the request can be answered here; then `usual` is known."""
        head = self.usual_head()
        if head is None or not self.can_answer(head):
            return False
        self.usual = head
        return True

    def usual_head(self) -> Head | None:
        """What the head says, if the request is usual."""
        if b"%" in self.url:
            return None
        target, _, asked = self.url.partition(b"?")
        try:
            path, query = target.decode("ascii"), asked.decode()
            names, values = zip(*self.headers, strict=True) if self.headers else ((), ())
            headers = dict(zip(map(lower, names), map(bytes.decode, values), strict=True))
        except UnicodeDecodeError:
            return None
        surface = surface_of(path)
        method = self.parser.get_method().decode("ascii")
        length = headers.get("content-length", "0")
        if (
            surface is None
            or method not in ("POST", "GET")
            or not (length.isdecimal() and len(length) < 6)
            or not UNUSUAL.isdisjoint(headers)
            or is_for_storage(path, query, headers)
            or is_person(method, path, query, headers)
            or self.parser.get_http_version() != "1.1"
        ):
            return None
        size = int(length)
        if size and size > min(HIGH_WATER_LIMIT, surface.bound(method, headers)):
            return None
        return Head(surface, method, path, query, headers, size)

    def answer(self) -> None:
        self.is_direct = False
        exchange, parts, first = self.begun or self.begin(self.usual.headers)
        self.begun = None
        if not isinstance(first, Answer):
            self.hand_over(exchange, parts, first)
            return
        alive = self.parser.should_keep_alive()
        if alive and self.came is not None and self.came.body == self.body:
            self.known.keep(self.came, self.usual)
        self.end(exchange, parts, first, alive)

    def begin(self, headers: dict[str, str]) -> tuple[Exchange, Parts, Part]:
        """The exchange of a usual request, and the first of its parts."""
        assert self.emulator is not None
        surface, method, path, query, _, _ = self.usual
        raw = Raw(method, path, query, headers, self.body, False, self.client[0] if self.client else "")
        exchange = surface(raw, self.emulator.running)
        parts = exchange.parts()
        return exchange, parts, next(parts)

    def end(self, exchange: Exchange, parts: Parts, answer: Answer, alive: bool) -> None:
        next(parts, None)  # an answer is the last part: its end is reached, and costs less than closing
        body = answer.body
        length = b"" if answer.status in BODILESS else b"content-length: %d\r\n" % len(body)
        head = self.head_of(answer, alive)
        self.transport.write(b"%sx-emulator-date: %s\r\n%s\r\n%s" % (head, exchange.date(), length, body))
        self.server_state.total_requests += 1
        if not alive:
            self.transport.close()
            return
        self.quiet_since = self.loop.time()
        if self.watch is None:
            self.watch = self.loop.call_later(self.timeout_keep_alive, self.look)

    def head_of(self, answer: Answer, alive: bool) -> bytes:
        """The status line and the headers but for date and length."""
        default = self.server_state.default_headers
        if DirectProtocol.answered[0] is not default:
            DirectProtocol.answered = default, {}
        known, usual = DirectProtocol.answered[1], id(answer.headers)
        if alive and answer.status == 200 and usual in known:
            return known[usual]
        headers = [*default, *answer.headers]
        if not alive:
            headers = [pair for pair in headers if pair != KEEP_ALIVE]
            headers.append((b"connection", b"close"))
        head = STATUS_LINE[answer.status] + b"".join([b"%s: %s\r\n" % pair for pair in headers])
        if alive and answer.status == 200 and usual in USUAL_HEADS:
            known[usual] = head
        return head

    def look(self) -> None:
        """One timer a connection: closes it once it has been quiet for as long as keep-alive lasts."""
        self.watch = None
        if self.transport.is_closing() or (self.cycle is not None and not self.cycle.response_complete):
            return
        if self.in_head or self.is_direct:  # a request is coming in
            self.quiet_since = self.loop.time()
        left = self.quiet_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.watch = self.loop.call_later(left, self.look)
        else:
            self.transport.close()

    # uvicorn's way.

    def begin_cycle(self) -> None:
        """Tell uvicorn of the head, as the parser told it."""
        target, headers = self.url, self.headers
        super().on_message_begin()
        for name, value in headers:
            super().on_header(name, value)
        self.url, _, query = target.partition(b"?")
        super().on_headers_complete()
        if self.cycle is not None:  # there is none where a socket opens
            self.cycle.default_headers = [(Spelled(name.title()), value) for name, value in self.cycle.default_headers]
        self.scope["query_string"] = query.partition(b"#")[0]
        self.url = target  # for the protocol of a WebSocket, which reads the head again
        self.scope[ABORT] = self.abort  # type: ignore[literal-required]

    def abort(self, reset: bool, has_begun: bool) -> None:
        """End the connection without an answer, or in the middle of one."""
        self.cycle.disconnected = True  # it is meant so: uvicorn need not tell of an answer that is not whole
        if has_begun and not reset:
            self.transport.close()
            return
        connection = self.transport.get_extra_info("socket")
        if reset and connection is not None:
            # With nothing to linger for the kernel resets instead of closing.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def hand_over(self, exchange: Exchange, parts: Parts, first: Part) -> None:
        """What is not answered at once goes out over ASGI."""
        app, self.app = self.app, partial(going_on, exchange, parts, first)
        try:
            self.begin_cycle()
        finally:
            self.app = app
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.watch is not None:
            self.watch.cancel()

    def shutdown(self) -> None:
        """A call under way is answered as any other, and the connection closed after it."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self.is_leaving = True

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.quiet_since = self.loop.time()
        if self.is_leaving:
            self.transport.close()


async def going_on(exchange: Exchange, parts: Parts, first: Part, scope: Scope, receive: Receive, send: Send) -> None:
    await deliver(exchange, parts, scope, receive, send, (first,))


def socket_protocol(**members: Any) -> Any:
    """uvicorn's protocol for WebSockets, imported when a first one is opened."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    return WebSocketsSansIOProtocol(**members)


SOCKETS: dict[str, Any] = {
    "ws": socket_protocol,
    "ws_max_size": 1_000_000,
    "ws_ping_interval": None,
    "ws_per_message_deflate": False,
}
"""How uvicorn serves them: Engine.IO pings by itself, and public clients accept no compression."""
