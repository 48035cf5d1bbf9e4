"""Which surface a path belongs to, and the emulator as an ASGI application."""

from collections.abc import Mapping
from functools import cache, cached_property, lru_cache
from importlib import import_module

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from lke_emulator.account.world import World
from lke_emulator.dialogue import SOCKETS
from lke_emulator.exchange.delivery import deliver
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.exchange.raw import read_head, read_raw
from lke_emulator.exchange.running import Running
from lke_emulator.exchange.settings import Settings
from lke_emulator.gateway.pipeline import Gateway
from lke_emulator.objects.host import is_for_storage
from lke_emulator.primitives.digest import Digest

CONSOLE = "console.surface.Console"
"""Also where a person looks: `is_person`."""
SURFACES = {
    "gateway.pipeline.Gateway": ("/",),
    "openai.surface.Openai": ("/v1", "/chat", "/models", "/embeddings", "/images"),
    "oneapi.surface.Oneapi": ("/api", "/v1/dashboard", "/dashboard"),
    "dialogue.surface.Dialogue": ("/v1/qbot/chat", "/adp/v2/chat"),
    "objects.links.Links": ("/files",),
    "control.surface.Control": ("/_emulator", "/health"),
    CONSOLE: ("/_emulator/console",),
}
"""Each with its roots: the paths below which it answers. It is imported with the first request for one."""
STORAGE = "objects.surface.ObjectsSurface"
"""Known by its host, its signature or its path: objects/host.py."""
ROOTS = {root: surface for surface, roots in SURFACES.items() for root in roots}


@lru_cache(1024)
def surface_of(path: str) -> type[Exchange] | None:
    """The surface with the longest root that the path is or lies below; none for a socket's, which is no single request."""
    if path.rstrip("/") in SOCKETS:
        return None
    while path not in ROOTS:
        path = path.rpartition("/")[0]
        if path in ("", "/"):  # below the gateway's lies everything
            return None
    return surface_named(ROOTS[path])


@cache
def surface_named(surface: str) -> type[Exchange]:
    module, _, name = surface.rpartition(".")
    kind: type[Exchange] = getattr(import_module(f"lke_emulator.{module}"), name)
    return kind


def is_person(method: str, path: str, query: str, headers: Mapping[str, str]) -> bool:
    """A browser that was sent to the emulator's address. An SDK's request has a query, X-TC headers or a signature, and wants no
    HTML."""
    return (
        method == "GET"
        and path == "/"
        and not query
        and "text/html" in headers.get("accept", "")
        and "authorization" not in headers
        and not any(name.startswith("x-tc-") for name in headers)
    )


def surface_for(
    method: str, path: str, query: str, headers: Mapping[str, str], other_path: str
) -> type[Exchange] | None:
    """The surface of a request; `other_path` is the assumption of that name."""
    if other_path == "envelope" and "x-tc-action" in headers:
        return Gateway
    if is_for_storage(path, query, headers):
        return surface_named(STORAGE)
    return surface_named(CONSOLE) if is_person(method, path, query, headers) else surface_of(path)


def is_socket(scope: Scope) -> bool:
    return scope["type"] in ("http", "websocket") and scope["path"].rstrip("/") in SOCKETS


class Emulator(Starlette):
    """Every request of a surface is an exchange; what belongs to none is the router's, which says that it is not there."""

    def __init__(self, running: Running) -> None:
        super().__init__()
        self.running = running

    @cached_property
    def sockets(self) -> ASGIApp:
        """Imported when a first one is opened."""
        from lke_emulator.dialogue.sockets import Sockets

        return Sockets(self.running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        surface = self.surface(scope) if scope["type"] == "http" else None
        if surface is None:
            await (self.sockets if is_socket(scope) else super().__call__)(scope, receive, send)
            return
        raw = await read_raw(scope, receive, surface.bound, Digest() if surface.takes_content else None)
        if raw is not None:
            exchange = surface(raw, self.running)
            await deliver(exchange, exchange.parts(), scope, receive, send)

    def surface(self, scope: Scope) -> type[Exchange] | None:
        query, other_path = scope["query_string"].decode("latin-1"), self.running.world.assumptions.other_path
        return surface_for(scope["method"], scope["path"], query, read_head(scope), other_path)

    def replace_world(self, world: World) -> None:
        self.running.replace_world(world)


def create_app(settings: Settings, world: World) -> Emulator:
    return Emulator(Running(settings, world))
