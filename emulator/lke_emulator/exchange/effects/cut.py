"""An answer that does not end as it should: its bytes or events stop, and the connection breaks or is silent."""

from typing import TYPE_CHECKING

from lke_emulator.account.call import Wait
from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import Answer, Broken, Parts
from lke_emulator.exchange.effects.vanish import FOREVER

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange


def cut_short(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    events, left = 0, rule.truncate
    for part in parts:
        if isinstance(part, Answer) and left is not None:
            yield Broken(part, left)
            return
        if isinstance(part, bytes):
            if events == rule.stall_after:
                yield Wait(FOREVER)
            if events in (rule.drop_after, rule.stall_after):
                yield Broken()
                return
            if left is not None and len(part) >= left:
                yield part[:left]
                yield Broken()
                return
            left = None if left is None else left - len(part)
            events += 1
        yield part
