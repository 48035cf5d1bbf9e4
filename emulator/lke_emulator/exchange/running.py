"""What a started emulator holds: its settings, the current world, and since when it runs."""

from lke_emulator.account.events import EventLog
from lke_emulator.account.world import World
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import real_now


class Running:
    def __init__(self, settings: Settings, world: World) -> None:
        self.settings = settings
        self.world = world
        self.began = real_now()
        self.events = EventLog()
