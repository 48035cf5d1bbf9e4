"""Whether the emulator runs, whether it is ready, and which actions it answers."""

from typing import Literal

import msgspec

from lke_emulator import __version__
from lke_emulator.control.table import ControlCall, route
from lke_emulator.primitives.clock import real_now
from lke_emulator.products import load_handlers
from lke_emulator.protocol.spec import spec


class Health(msgspec.Struct, frozen=True, kw_only=True):
    status: Literal["ok"]
    version: str
    scenario: str
    seed: int
    uptime: float
    """Seconds."""


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    ready: Literal[True]
    scenario: str
    accounts: list[str]
    """Their root uins."""


class ActionRow(msgspec.Struct, frozen=True, kw_only=True):
    action: str
    product: str
    version: str
    answer: Literal["stateful", "generated"]
    limit: int
    """Calls a second for the first account; 0 is no limit."""


class Actions(msgspec.Struct, frozen=True, kw_only=True):
    actions: list[ActionRow]


@route("GET", "/health", public=True)
def health(call: ControlCall) -> Health:
    """That the process lives, what it serves, and since when."""
    world = call.world
    uptime = round(real_now() - call.running.began, 3)
    return Health(status="ok", version=__version__, scenario=world.scenario, seed=world.seed, uptime=uptime)


@route("GET", "/ready", public=True)
def ready(call: ControlCall) -> Ready:
    """That calls are answered: a scenario is loaded before the first connection is accepted."""
    return Ready(ready=True, scenario=call.world.scenario, accounts=list(call.world.accounts))


@route("GET", "/actions")
def actions(call: ControlCall) -> Actions:
    """Every signed action: how it is answered, and its limit."""
    world, running, handlers = call.world, call.running, load_handlers()
    account = world.accounts[world.first_credential.account]
    override = running.settings.rate_limit
    return Actions(
        actions=[
            ActionRow(
                action=action.name,
                product=action.product,
                version=action.version,
                answer="stateful" if action.key in handlers else "generated",
                limit=account.limits.of(action.key) if override is None else override,
            )
            for action in spec().by_key.values()
        ]
    )
