"""A stream whose event after the first so many is not whole."""

from typing import TYPE_CHECKING

from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import Parts
from lke_emulator.exchange.effects.malformed import spoilt

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange


def garbled(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    events = 0
    for part in parts:
        if isinstance(part, bytes):
            if events == rule.garble_after:
                part = spoilt(part.rstrip(b"\n")[: len(part) // 2]) + b"\n\n"
            events += 1
        yield part
