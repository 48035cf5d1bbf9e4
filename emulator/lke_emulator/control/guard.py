"""Who may use the control routes: callers on this machine, or those who show the token.

The Host is checked too: a web page that points its own name at 127.0.0.1 (DNS rebinding) would otherwise reach them. And
so is the Origin: any page may send a plain POST to 127.0.0.1 without reading the answer. Only pages of an origin that
`--control-origin` names may call, and get CORS.
"""

import hmac
from ipaddress import IPv6Address, ip_address

from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.settings import Settings

SHOW_TOKEN = "control is open to those who show its token: Authorization: Bearer <the --control-token>"
THIS_MACHINE = (
    "control is open to this machine alone, by a loopback Host and without the Origin of another page;"
    " --control-token opens it to others, --control-origin to pages of an origin"
)


class NotOpen(Exception):
    """Control is not open to this caller."""


def is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None  # as a socket for both calls 127.0.0.1
    return (mapped or address).is_loopback


def allowed(raw: Raw, settings: Settings) -> bool:
    if settings.control_token:
        scheme, _, shown = raw.headers.get("authorization", "").partition(" ")
        is_token = hmac.compare_digest(shown.strip().encode(), settings.control_token.encode())
        return is_token and scheme.lower() == "bearer"
    host = raw.headers.get("host", "").lower()
    name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
    origins = ("", f"http://{host}", f"https://{host}", *settings.control_origins)
    return is_loopback(raw.client) and is_loopback(name) and raw.headers.get("origin", "") in origins


def check_open(raw: Raw, settings: Settings) -> None:
    if not allowed(raw, settings):
        raise NotOpen(SHOW_TOKEN if settings.control_token else THIS_MACHINE)
