"""What faults do to a call, one file each: a function from the parts that would leave to those that do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import Parts
from lke_emulator.exchange.effects import content_type, cut, garble, latency, malformed, refuse, throttle, vanish

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange

Effect = Callable[[Parts, FaultRule, "Exchange"], Parts]
INSTEAD: tuple[Effect, ...] = (vanish.vanished, refuse.refused_with)
"""What takes the place of the call: it is not served, and nothing of it is metered."""
UPON: tuple[Effect, ...] = (
    content_type.retyped,
    malformed.malformed,
    garble.garbled,
    throttle.throttled,
    cut.cut_short,
)
"""What is done to an answer on its way out; the call itself is served and metered."""


def struck(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    """The parts of a call that a fault strikes."""
    for effect in (*UPON, *INSTEAD, latency.delayed):
        parts = effect(parts, rule, exchange)
    return parts
