"""No answer at all: the connection is reset, or nothing is ever said on it."""

from typing import TYPE_CHECKING

from lke_emulator.account.call import Wait
from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import Broken, Parts

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange

FOREVER = 3600.0
"""A caller has left long before."""


def vanished(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    if rule.reset:
        exchange.entry.end("reset", "a fault that was set")
        yield Broken(reset=True)
    elif rule.silence:
        yield Wait(FOREVER)
        yield Broken()
    else:
        yield from parts
