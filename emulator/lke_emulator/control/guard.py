"""Who may use the control routes: callers on this machine, or those who show the token.

The Host is checked too: a web page that points its own name at 127.0.0.1 (DNS rebinding) would otherwise reach them. And
so is the Origin: any page may send a plain POST to 127.0.0.1 without reading the answer. Browsers get no CORS here.
"""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response

from lke_emulator.control.reply import refuse
from lke_emulator.exchange.running import Running
from lke_emulator.exchange.settings import Settings

SHOW_TOKEN = "control is open to those who show its token: Authorization: Bearer <the --control-token>"
THIS_MACHINE = (
    "control is open to this machine alone, by a loopback Host and without the Origin of another page;"
    " --control-token opens it to others"
)
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
    host = request.headers.get("host", "")
    name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
    origin = request.headers.get("origin", "")
    return is_loopback(client) and is_loopback(name) and origin in ("", f"http://{host}", f"https://{host}")


def guarded(endpoint: Endpoint, running: Running) -> Endpoint:
    async def guard(request: Request) -> Response:
        if not allowed(request, running.settings):
            return refuse(403, SHOW_TOKEN if running.settings.control_token else THIS_MACHINE)
        return await endpoint(request)

    return guard
