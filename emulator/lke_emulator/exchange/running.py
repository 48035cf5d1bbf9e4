"""What a started emulator holds: its settings, the current world, who attends its calls, and since when it runs."""

from typing import TYPE_CHECKING, Protocol

from lke_emulator.account.events import EventLog
from lke_emulator.account.world import World
from lke_emulator.exchange.settings import Settings
from lke_emulator.primitives.clock import real_now

if TYPE_CHECKING:
    from lke_emulator.exchange.answer import Parts
    from lke_emulator.exchange.exchange import Exchange


class NotKept(Exception):
    """What a call has changed could not be written, so it has not happened; the text says why."""


class Attendant(Protocol):
    """What stands between every call and its way out, such as the folder that keeps what was acknowledged."""

    def attend(self, exchange: "Exchange", parts: "Parts") -> "Parts":
        """The same parts, each once it may leave."""


class Running:
    def __init__(self, settings: Settings, world: World) -> None:
        self.settings = settings
        self.world = world
        self.before: World | None = None
        """The world in whose place the present one is, for who wants it back."""
        self.attendants: tuple[Attendant, ...] = ()
        """The last one is nearest to the way out."""
        self.began = real_now()
        self.events = EventLog()

    def replace_world(self, world: World) -> None:
        """Requests under way end in the world they began in."""
        self.world, self.before = world, self.world
