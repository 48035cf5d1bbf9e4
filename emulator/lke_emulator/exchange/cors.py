"""Which browsers may call: pages on loopback origins, and the origins that were allowed by name."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

Headers = list[tuple[bytes, bytes]]
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
# Observed on the private cloud's answers.
OPTIONS: Headers = [
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type",
    ),
]


@lru_cache(256)
def allowed(origin: str, origins: tuple[str, ...]) -> bool:
    if origin in origins or "*" in origins:
        return True
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    return host in LOOPBACK or host.endswith(".localhost")


def headers(request: Mapping[str, str], origins: tuple[str, ...]) -> Headers:
    """What an answer adds for the browser that asked; nothing for other callers."""
    origin = request.get("origin")
    if origin is None or not allowed(origin, origins):
        return []
    return [
        (b"access-control-allow-origin", origin.encode("latin-1", "replace")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", b"X-TC-RequestId, X-Emulator-Source"),
        (b"vary", b"Origin"),
    ]


def preflight(request: Mapping[str, str], origins: tuple[str, ...]) -> Headers:
    """The answer to OPTIONS: the private cloud's set (assumption), and for an allowed origin what it asked for."""
    granted = headers(request, origins)
    asked = request.get("access-control-request-headers")
    if not granted or not asked:
        return OPTIONS + granted
    kept = [pair for pair in OPTIONS if pair[0] != b"access-control-allow-headers"]
    return [*kept, (b"access-control-allow-headers", asked.encode("latin-1", "replace")), *granted]
