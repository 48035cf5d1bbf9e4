"""The way out over ASGI: an answer, a stream, waiting, breaking off; and the caller who leaves."""

import asyncio
from collections.abc import Iterable
from functools import partial
from itertools import chain

from starlette.types import Receive, Scope, Send

from lke_emulator.account.call import Wait
from lke_emulator.exchange.answer import BODILESS, Answer, Begin, Broken, Headers, Part, Parts, Spelled
from lke_emulator.exchange.exchange import Exchange

BREATH = 8
"""Events that are there at once and leave together; after them other requests get their turn."""
DATE = b"x-emulator-date"
LENGTH = Spelled(b"Content-Length")
KEEP_ALIVE = (b"connection", b"keep-alive")
ABORT = "lke_emulator.abort"
"""Where the server puts what ends a connection: whether it is reset, and whether what was sent still leaves. In a process without
sockets there is none."""


async def deliver(
    exchange: Exchange, parts: Parts, scope: Scope, receive: Receive, send: Send, taken: Iterable[Part] = ()
) -> None:
    """Send each part as it comes, first those that were taken already.

    A caller who goes away closes the parts, which then give back what they hold.
    """
    gone: asyncio.Future[None] | None = None
    events: list[bytes] = []
    in_stream = False
    try:
        for part in chain(taken, parts):
            if isinstance(part, bytes):
                events.append(part)
                if len(events) < BREATH:
                    continue
            if events:
                exchange.tell(body := b"".join(events))
                await send({"type": "http.response.body", "body": body, "more_body": True})
                events.clear()
                await asyncio.sleep(0)
            if isinstance(part, Wait):
                gone = gone or asyncio.ensure_future(left(receive))
                await pause(gone, part)
            elif isinstance(part, Begin):
                in_stream = exchange.begun = True
                gone = gone or asyncio.ensure_future(left(receive))
                await send(
                    {"type": "http.response.start", "status": 200, "headers": head(exchange, scope, part.headers)}
                )
            elif isinstance(part, Answer):
                await send_whole(exchange, part, scope, send)
            elif isinstance(part, Broken):
                if part.answer is not None:
                    await send_beginning(exchange, part.answer, part.bytes, scope, send)
                scope.get(ABORT, ignored)(part.reset, in_stream or part.answer is not None)
                return
            if gone is not None and gone.done():
                return
        if in_stream:
            exchange.tell(body := b"".join(events))
            await send({"type": "http.response.body", "body": body})
    finally:
        if gone is not None:
            gone.cancel()
        parts.close()


async def send_whole(exchange: Exchange, answer: Answer, scope: Scope, send: Send) -> None:
    headers = head(exchange, scope, sized(answer))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def send_beginning(exchange: Exchange, answer: Answer, count: int | None, scope: Scope, send: Send) -> None:
    """Leave the answer unfinished: the server then closes the connection."""
    headers = head(exchange, scope, sized(answer))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    sent = answer.body[: len(answer.body) // 2 if count is None else min(count, len(answer.body) - 1)]
    await send({"type": "http.response.body", "body": sent, "more_body": True})


def sized(answer: Answer) -> Headers:
    if answer.status in BODILESS:
        return answer.headers
    return [*answer.headers, (LENGTH, str(len(answer.body)).encode())]


def head(exchange: Exchange, scope: Scope, headers: Headers) -> Headers:
    """What the answer says, and what every answer says."""
    request = exchange.raw.headers
    given = [*headers, (DATE, exchange.date())]
    if KEEP_ALIVE in given and (scope.get("http_version") == "1.0" or "close" in request.get("connection", "").lower()):
        given.remove(KEEP_ALIVE)  # the server says close: one header, not two
    if "origin" in request and exchange.raw.method != "OPTIONS":
        given += exchange.cors()
    return given


async def pause(gone: asyncio.Future[None], wait: Wait) -> None:
    """Until its time is over, its ear hears something, or the caller has gone."""
    ear = wait.ear
    if ear is None:
        await asyncio.wait((gone,), timeout=wait.seconds)
        return
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()
    hearing = asyncio.ensure_future(heard.wait())
    ear.wake = partial(loop.call_soon_threadsafe, heard.set)
    if ear.rung:
        heard.set()
    await asyncio.wait((gone, hearing), timeout=wait.seconds, return_when=asyncio.FIRST_COMPLETED)
    ear.wake = None
    hearing.cancel()


def ignored(reset: bool, has_begun: bool) -> None:
    """There is no connection to end."""


async def left(receive: Receive) -> None:
    """Returns when the caller has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
