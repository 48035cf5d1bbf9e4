"""The envelope: how the gateway writes a reply, an error, and the frames of a stream."""

from lke_emulator.account.call import Frames, Wait
from lke_emulator.exchange.answer import Answer, Begin, Headers, Parts, encode
from lke_emulator.protocol.errors import ApiError

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


def success(response: bytes, generated: bool = False) -> Answer:
    """`response` is the encoded Response object, RequestId included."""
    return Answer(b'{"Response":' + response + b"}", GENERATED if generated else HEAD)


def prepared(body: bytes, request_id: str) -> Answer:
    """`body` is what `shapes.prepare` gave."""
    return Answer(b'{"Response":%s%s"}}' % (body, request_id.encode()), HEAD)


def failure(error: ApiError, message: str, request_id: str) -> Answer:
    """HTTP 200, as for every API error."""
    response = {"Error": {"Code": error.code, "Message": message}, "RequestId": request_id}
    return Answer(encode({"Response": response}), HEAD)


def stream(frames: Frames, request_id: str, space: bool) -> Parts:
    """One event a frame, with a blank line after the last one too: the Python SDK drops an event that has none.

    In a stream the RequestId is in a header, without it the .NET SDK throws (documented).
    """
    prefix = b"data: " if space else b"data:"
    try:
        yield Begin([*STREAM, (b"x-tc-requestid", request_id.encode())])
        for frame in frames:
            yield frame if isinstance(frame, Wait) else prefix + encode(frame) + b"\n\n"
    finally:
        frames.close()
