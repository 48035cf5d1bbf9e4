"""The routes of the emulator, nothing else."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from lke_emulator import files
from lke_emulator.account.world import World
from lke_emulator.control import routes as control
from lke_emulator.exchange import cors, envelope, transport
from lke_emulator.exchange.running import Running
from lke_emulator.exchange.settings import Settings
from lke_emulator.gateway import pipeline
from lke_emulator.oneapi import routes as console
from lke_emulator.openai import routes as openai


class Emulator(Starlette):
    """A Starlette application whose gateway, at `/`, is reached before the router: it is nearly every request."""

    def __init__(self, running: Running, routes: list[BaseRoute]) -> None:
        super().__init__(routes=routes)
        self.running = running
        self.state.running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.to_gateway(scope):
            await gateway(self.running, scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def to_gateway(self, scope: Scope) -> bool:
        if scope["path"] == "/":
            return True
        if self.running.world.assumptions.other_path == "404":
            return False
        return any(name == b"x-tc-action" for name, _ in scope["headers"])

    def replace_world(self, world: World) -> None:
        """Requests under way end in the world they began in."""
        self.running.world = world


async def gateway(running: Running, scope: Scope, receive: Receive, send: Send) -> None:
    """The API 3.0 gateway as an ASGI application."""
    raw = await transport.read(scope, receive)
    world, settings = running.world, running.settings
    if raw.method == "OPTIONS":
        head = cors.preflight(raw.headers, settings.cors_origins)
        await envelope.send(envelope.Answer(b"", head), [], receive, send, False)
        return
    answer = pipeline.answer(raw, world, settings)
    await running.delay()
    browser = cors.headers(raw.headers, settings.cors_origins) if "origin" in raw.headers else []
    await envelope.send(answer, browser, receive, send, world.assumptions.sse_space)


def create_app(settings: Settings, world: World) -> Emulator:
    running = Running(settings, world)
    own = [*console.routes(running), *control.routes(running)]
    return Emulator(running, [*openai.routes(running), *files.routes(running), *own])
