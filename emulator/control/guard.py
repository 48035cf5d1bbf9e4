"""Who may use the control routes: callers on this machine, or those who show the token.

The Host is checked too: a web page that points its own name at 127.0.0.1 (DNS rebinding) would otherwise reach them.
Browsers get no CORS here.
"""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response

from emulator.control.reply import refuse
from emulator.settings import Settings

Endpoint = Callable[[Request], Awaitable[Response]]


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def allowed(request: Request, settings: Settings) -> bool:
    shown = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if settings.control_token:
        return hmac.compare_digest(shown, settings.control_token.encode())
    client = request.client.host if request.client else ""
    name = request.headers.get("host", "").rsplit(":", 1)[0].strip("[]")
    return is_loopback(client) and is_loopback(name)


def guarded(endpoint: Endpoint, settings: Settings) -> Endpoint:
    async def guard(request: Request) -> Response:
        if not allowed(request, settings):
            return refuse(
                403, "control is open to this machine alone, by a loopback Host; set --control-token to open it"
            )
        return await endpoint(request)

    return guard
