"""HTTP out: the envelope, its headers, and the frames of a stream. The only place that writes an answer of the gateway."""

import asyncio
from collections.abc import Callable, Generator
from typing import NamedTuple

import msgspec
from starlette.types import Receive, Send

from lke_emulator.account.call import Frames, Wait
from lke_emulator.protocol.errors import ApiError

Headers = list[tuple[bytes, bytes]]

HEAD: Headers = [(b"server", b"nginx"), (b"content-type", b"application/json"), (b"connection", b"keep-alive")]
"""Observed: exactly `application/json`; with a charset the Python SDK takes an error for a success."""
GENERATED: Headers = [*HEAD, (b"x-emulator-source", b"generated")]
STREAM: Headers = [
    (b"server", b"nginx"),
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache"),
    (b"connection", b"keep-alive"),
]
"""Documented; SDKs compare the type for equality, so it has no charset either."""
ENCODER = msgspec.json.Encoder()


class Answer(NamedTuple):
    """What goes out: a body, or frames; HTTP 200 also for every API error."""

    body: bytes
    headers: Headers
    frames: Frames | None = None
    status: int = 200
    seconds: float = 0.0
    """How long the body is held back."""
    done: Callable[[], None] | None = None
    """Called when the body has left or its caller has gone."""


def success(response: bytes, generated: bool = False) -> Answer:
    """`response` is the encoded Response object, RequestId included."""
    return Answer(b'{"Response":' + response + b"}", GENERATED if generated else HEAD)


def prepared(body: bytes, request_id: str) -> Answer:
    """`body` is what `shapes.prepare` gave."""
    return Answer(b'{"Response":%s%s"}}' % (body, request_id.encode()), HEAD)


def failure(error: ApiError, message: str, request_id: str) -> Answer:
    response = {"Error": {"Code": error.code, "Message": message}, "RequestId": request_id}
    return Answer(ENCODER.encode({"Response": response}), HEAD)


def stream(frames: Frames, request_id: str) -> Answer:
    """In a stream the RequestId is in a header, without it the .NET SDK throws (documented)."""
    return Answer(b"", [*STREAM, (b"x-tc-requestid", request_id.encode())], frames)


async def send(answer: Answer, cors: Headers, receive: Receive, send: Send, space: bool) -> None:
    headers = answer.headers + cors if cors else answer.headers
    if answer.frames is not None:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send_frames(answer.frames, b"data: " if space else b"data:", receive, send)
        return
    length = (b"content-length", str(len(answer.body)).encode())
    try:
        if answer.seconds:
            await asyncio.sleep(answer.seconds)
        await send({"type": "http.response.start", "status": answer.status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": answer.body})
    finally:
        if answer.done is not None:
            answer.done()


async def send_frames(frames: Frames, prefix: bytes, receive: Receive, send: Send) -> None:
    """One event a frame, with a blank line after the last one too: the Python SDK drops an event that has none.

    A caller who goes away closes the frames, so that what a stream holds (a place in a concurrency quota) is given back.
    """
    gone = asyncio.ensure_future(disconnected(receive))
    try:
        for frame in frames:
            if isinstance(frame, Wait):
                await asyncio.wait({gone}, timeout=frame.seconds)
            else:
                body = prefix + ENCODER.encode(frame) + b"\n\n"
                await send({"type": "http.response.body", "body": body, "more_body": True})
            if gone.done():
                return
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        if isinstance(frames, Generator):
            frames.close()


async def disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
