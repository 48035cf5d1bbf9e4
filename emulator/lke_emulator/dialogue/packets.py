"""Engine.IO 4 and Socket.IO 5 as text: what a packet says, and how one is written. Only the namespace `/`, no binary."""

import re
from typing import Any, NamedTuple

import msgspec

encode = msgspec.json.Encoder().encode
BODY_LIMIT = 1_000_000
"""maxPayload of the handshake."""
INTERVAL, PATIENCE = 25_000, 5_000
"""Milliseconds between pings, and for a pong (documented)."""
SEPARATOR = "\x1e"
"""Between packets of one long-polling body."""
OPEN, CLOSE, PING, PONG, MESSAGE, UPGRADE, NOOP = "0", "1", "2", "3", "4", "5", "6"
CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = "40", "41", "42", "43", "44"
PROBE_PING, PROBE_PONG = "2probe", "3probe"
EVENT_FORM = re.compile(r"42(?:/,)?(\d*)(\[.*)", re.DOTALL)


class Malformed(ValueError):
    """A packet that is none."""


class Sent(NamedTuple):
    """An event of a client."""

    name: str
    data: Any
    """Its first argument; None if it has none."""
    ack: str
    """The number under which the client wants it acknowledged; empty if it does not."""


def opening(sid: str, upgrades: list[str]) -> str:
    handshake = {
        "sid": sid,
        "upgrades": upgrades,
        "pingInterval": INTERVAL,
        "pingTimeout": PATIENCE,
        "maxPayload": BODY_LIMIT,
    }
    return OPEN + encode(handshake).decode()


def token_of(packet: str) -> str:
    """That of a CONNECT; empty if it has none. Malformed for one that is to another namespace."""
    rest = packet.removeprefix(CONNECT).removeprefix("/,")
    if rest.startswith("/"):
        raise Malformed("there is only the namespace /")
    if not rest:
        return ""
    try:
        told = msgspec.json.decode(rest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None
    token = told.get("token") if isinstance(told, dict) else None
    return token if isinstance(token, str) else ""


def sent(packet: str) -> Sent:
    match = EVENT_FORM.fullmatch(packet)
    if match is None:
        raise Malformed("an event is a list after 42")
    try:
        told = msgspec.json.decode(match[2])
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None
    if not isinstance(told, list) or not told or not isinstance(told[0], str):
        raise Malformed("an event begins with its name")
    return Sent(told[0], told[1] if len(told) > 1 else None, match[1])


def event_packet(name: str, data: bytes) -> str:
    """`data` is JSON."""
    return f"42[{encode(name).decode()},{data.decode()}]"


def ack(number: str) -> str:
    return f"43{number}[]"


def connected(sid: str) -> str:
    return CONNECT + encode({"sid": sid}).decode()


def connect_error(message: str) -> str:
    return CONNECT_ERROR + encode({"message": message}).decode()
