"""The sockets of dialogues: Engine.IO 4 over WebSocket and over long polling, Socket.IO 5 on top of it.

Its own two hundred lines rather than python-engineio: that costs every start 0.13 s of imports, has timers and ids of its own,
and cannot cut a connection as the service does when it refuses a token (observed: `41`, then an end without a close frame).
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from lke_emulator.account.call import Wait
from lke_emulator.dialogue import SOCKETS, packets
from lke_emulator.dialogue.calls import Connecting, Connection, Meant, Opening, Talking, comes_between, meant
from lke_emulator.dialogue.packets import BODY_LIMIT, INTERVAL, PATIENCE
from lke_emulator.exchange import cors
from lke_emulator.exchange.answer import Answer, Broken, Headers, encode
from lke_emulator.exchange.delivery import BREATH, left
from lke_emulator.exchange.raw import Raw, read_head, read_raw
from lke_emulator.exchange.running import Running

AHEAD = 32
"""Packets that may wait to be sent: a slow reader makes its answers wait."""
AT_ONCE = 16
"""Packets in the body of one poll: python-engineio takes no more."""
FAULTS = {0: "Transport unknown", 1: "Session ID unknown", 2: "Bad handshake method", 3: "Bad request"}
UNSUPPORTED = 5, "Unsupported protocol version"
"""Engine.IO's own errors."""
TEXT: Headers = [(b"content-type", b"text/plain; charset=UTF-8")]


class BadHandshake(Exception):
    """A request that Engine.IO does not take."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.body = encode({"code": code, "message": message})


class Socket:
    """One connection of a client, whatever carries it. Its packets go out in the order in which they were put."""

    def __init__(self, raw: Raw, running: Running, closed: Callable[["Socket"], None]) -> None:
        """`raw` is the request that opened it."""
        self.raw = raw
        self.running = running
        self.connection = Connection()
        self.opening = self.opened()
        self.is_closed = False
        self.packets: asyncio.Queue[str | None] = asyncio.Queue(AHEAD)
        """None is the end."""
        self.polled = False
        """Somebody waits for packets by polling."""
        self._closed = closed
        self._pong = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: dict[str, asyncio.Event] = {}
        """Conversation -> the end of the last of its turns: its questions are answered one after the other."""
        self.spawn(self.beat())
        self.spawn(self.expect())

    def opened(self) -> str:
        """The handshake's packet."""
        parts = Opening(self.raw, self.running, self.connection).parts()
        return "".join(part.body.decode() for part in parts if isinstance(part, Answer))

    @property
    def sid(self) -> str:
        return self.connection.sid

    # coming in

    async def take(self, packet: str) -> None:
        """One packet of the client."""
        kind = packet[:2]
        if packet == packets.CLOSE or kind == packets.DISCONNECT:
            self.close()
        elif packet[:1] == packets.PONG:
            self._pong.set()
        elif packet[:1] == packets.PING:
            await self.packets.put(packets.PONG + packet[1:])
        elif packet != packets.NOOP and kind != packets.ACK:
            await self.call(packet)

    async def call(self, packet: str) -> None:
        if packet[:2] == packets.CONNECT and self.connection.is_connected:
            return
        asked = meant(packet, self.raw.path == SOCKETS[1], self.running.world.assumptions.ws_rating_event)
        if asked.ack:
            await self.packets.put(packets.ack(asked.ack))
        if asked.kind is Talking:
            self.spawn(self.turn(packet, asked))
            return
        await asyncio.sleep(0)  # a stop that follows its question at once finds it begun
        await self.play(packet, asked)
        if asked.kind is Connecting and not self.connection.is_connected:
            await self.packets.put(None)

    # going out

    async def turn(self, packet: str, asked: Meant) -> None:
        conversation = conversation_of(asked.data)
        before, end = self._turns.get(conversation), asyncio.Event()
        self._turns[conversation] = end
        try:
            if before is not None and not comes_between(self.running, self.connection):
                await before.wait()
            await self.play(packet, asked)
        finally:
            end.set()
            if self._turns.get(conversation) is end:
                del self._turns[conversation]

    async def play(self, packet: str, asked: Meant) -> None:
        """Put what a call gives. Whoever is cancelled closes it: what it holds is then given back."""
        raw = self.raw._replace(body=packet.encode())
        call = asked.kind(raw, self.running, self.connection, asked.data)
        parts = call.parts()
        count = 0
        try:
            for part in parts:
                if isinstance(part, bytes):
                    call.tell(part + b"\n")
                    await self.packets.put(part.decode())
                    count += 1
                    if count % BREATH == 0:
                        await asyncio.sleep(0)
                elif isinstance(part, Answer):
                    for packet in part.body.decode().split(packets.SEPARATOR) if part.body else ():
                        await self.packets.put(packet)
                elif isinstance(part, Wait):
                    await asyncio.sleep(part.seconds)
                elif isinstance(part, Broken):
                    await self.packets.put(None)
                    return
        finally:
            parts.close()

    # living and dying

    async def beat(self) -> None:
        """Ping, and close where no pong comes."""
        while True:
            await asyncio.sleep(INTERVAL / 1000)
            self._pong.clear()
            try:
                async with asyncio.timeout(PATIENCE / 1000):
                    await self.packets.put(packets.PING)
                    await self._pong.wait()
            except TimeoutError:
                break
        self.close()

    async def expect(self) -> None:
        """Close where nobody shows a token in time."""
        await asyncio.sleep(self.running.world.assumptions.ws_connect_timeout_s)
        if not self.connection.is_connected:
            self.close()

    def spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop all that goes on; a poll that waits ends, and so does one that sends to a client who does not read."""
        self.is_closed = True
        for task in self._tasks:
            task.cancel()
        self._closed(self)
        while not self.packets.empty():
            self.packets.get_nowait()
        self.packets.put_nowait(None)


class Sockets:
    """Those of one process, as an ASGI application."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self._sockets: dict[str, Socket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.websocket(scope, receive, send)
        else:
            await self.polling(scope, receive, send)

    def begin(self, raw: Raw) -> Socket:
        def closed(socket: Socket) -> None:
            if self._sockets.get(socket.sid) is socket:  # a world that is loaded again gives the same ids again
                del self._sockets[socket.sid]

        socket = Socket(raw, self.running, closed)
        self._sockets[socket.sid] = socket
        return socket

    def checked(self, raw: Raw, transport: str) -> Socket | None:
        """The socket that a request is for; None for a new one."""
        query = parse_qs(raw.query)
        version, asked, sid = (query.get(name, [""])[0] for name in ("EIO", "transport", "sid"))
        if version != "4":
            raise BadHandshake(*UNSUPPORTED)
        if asked != transport:
            raise BadHandshake(0, FAULTS[0])
        if sid and sid not in self._sockets:
            raise BadHandshake(1, FAULTS[1])
        return self._sockets[sid] if sid else None

    # WebSocket

    async def websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Returns without a close frame where the service cuts the connection."""
        raw = Raw(
            "GET", scope["path"].rstrip("/"), scope["query_string"].decode("utf-8", "replace"), read_head(scope), b""
        )
        await receive()
        try:
            self.check_origin(raw.headers)
            known = self.checked(raw, "websocket")
        except BadHandshake as refused:
            await deny(send, refused.body)
            return
        await send({"type": "websocket.accept"})
        socket = known or self.begin(raw)
        if known is None:
            await send({"type": "websocket.send", "text": socket.opening})
        elif not await probed(socket, receive, send):
            return
        writing = asyncio.ensure_future(write_all(socket, send))
        reading = asyncio.ensure_future(take_all(socket, receive))
        try:
            await asyncio.wait((writing, reading), return_when=asyncio.FIRST_COMPLETED)
        finally:
            writing.cancel()
            reading.cancel()
            socket.close()

    def check_origin(self, headers: Mapping[str, str]) -> None:
        """A page of another site cannot be kept from opening a socket as it is kept from reading an answer."""
        origin = headers.get("origin")
        if origin is not None and not cors.allowed(origin, self.running.settings.cors_origins):
            raise BadHandshake(3, FAULTS[3])

    # long polling

    async def polling(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await read_raw(scope, receive, polled_bound)
        if raw is None:
            return
        settings = self.running.settings
        headers = cors.headers(raw.headers, settings.cors_origins) if "origin" in raw.headers else []
        if raw.method == "OPTIONS":
            await answer(send, 200, b"", cors.preflight(raw.headers, settings.cors_origins))
            return
        raw = raw._replace(path=raw.path.rstrip("/"))
        try:
            self.check_origin(raw.headers)
            body = await self.polled(raw, receive)
        except BadHandshake as refused:
            await answer(send, 400, refused.body, [(b"content-type", b"application/json"), *headers])
        else:
            await answer(send, 200, body.encode(), [*TEXT, *headers])

    async def polled(self, raw: Raw, receive: Receive) -> str:
        socket = self.checked(raw, "polling")
        if raw.method == "GET":
            return await poll(socket, receive) if socket is not None else self.begin(raw).opening
        if raw.method != "POST" or socket is None:
            raise BadHandshake(2, FAULTS[2])
        if raw.oversize:
            raise BadHandshake(3, FAULTS[3])
        for packet in raw.body.decode("utf-8", "replace").split(packets.SEPARATOR):
            await socket.take(packet)
            if socket.is_closed:
                break
        return "ok"


async def poll(socket: Socket, receive: Receive) -> str:
    """What there is to be sent; waits for it, as long as the caller does."""
    if socket.polled:
        raise BadHandshake(3, FAULTS[3])
    socket.polled = True
    first = asyncio.ensure_future(socket.packets.get())
    gone = asyncio.ensure_future(left(receive))
    try:
        await asyncio.wait((first, gone), return_when=asyncio.FIRST_COMPLETED)
        taken: list[str | None] = [first.result()] if first.done() else []
        while 0 < len(taken) < AT_ONCE and not socket.packets.empty():
            taken.append(socket.packets.get_nowait())
    finally:
        first.cancel()
        gone.cancel()
        socket.polled = False
    if None in taken:
        socket.close()
        taken = [*taken[: taken.index(None)], packets.CLOSE]
    return packets.SEPARATOR.join([packet for packet in taken if packet is not None])


async def probed(socket: Socket, receive: Receive, send: Send) -> bool:
    """Whether a socket that was polled goes on over this connection."""
    while True:
        message = await receive()
        text = message.get("text")
        if message["type"] == "websocket.disconnect" or text is None:
            return False
        if text == packets.PROBE_PING:
            await send({"type": "websocket.send", "text": packets.PROBE_PONG})
            if socket.polled:
                await socket.packets.put(packets.NOOP)
        elif text == packets.UPGRADE:
            return True


async def write_all(socket: Socket, send: Send) -> None:
    while (packet := await socket.packets.get()) is not None:
        await send({"type": "websocket.send", "text": packet})


async def take_all(socket: Socket, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        await socket.take(text if text is not None else "binary")


async def deny(send: Send, body: bytes) -> None:
    await send(
        {
            "type": "websocket.http.response.start",
            "status": 400,
            "headers": [(b"content-type", b"application/json")],
        }
    )
    await send({"type": "websocket.http.response.body", "body": body})


async def answer(send: Send, status: int, body: bytes, headers: Headers) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def polled_bound(method: str, headers: Mapping[str, str]) -> int:
    return BODY_LIMIT if method == "POST" else 0


def conversation_of(data: Any) -> str:
    """Which conversation a question is for, before it is looked at."""
    if isinstance(data, dict):
        for member, name in (("payload", "session_id"), ("Request", "ConversationId")):
            inner = data.get(member)
            if isinstance(inner, dict):
                return str(inner.get(name))
    return ""
