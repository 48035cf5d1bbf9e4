"""What a started emulator holds: its settings, the current world, and since when it runs."""

import asyncio

from lke_emulator.account.world import World
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import real_now
from lke_emulator.products import load_handlers


class Running:
    def __init__(self, settings: Settings, world: World) -> None:
        self.settings = settings
        self.world = world
        self.began = real_now()
        self.handlers = load_handlers()

    async def delay(self) -> None:
        """The latency that `--latency` adds to every answer."""
        if self.settings.latency:
            await asyncio.sleep(self.settings.latency)
