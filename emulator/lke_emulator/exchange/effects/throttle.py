"""So many events a second of a stream; a whole answer at so many kilobytes a second."""

from typing import TYPE_CHECKING

from lke_emulator.account.call import Wait
from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import Answer, Parts

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange

KILOBYTE = 1024


def throttled(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    for part in parts:
        if rule.throttle:
            if isinstance(part, bytes):
                yield Wait(1 / rule.throttle)
            elif isinstance(part, Answer):
                yield Wait(len(part.body) / (rule.throttle * KILOBYTE))
        yield part
