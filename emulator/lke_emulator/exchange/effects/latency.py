"""Seconds before anything else happens: fixed, or seeded from a distribution."""

from math import cos, exp, log, sqrt, tau
from typing import TYPE_CHECKING

from lke_emulator.account.call import Wait
from lke_emulator.account.faults import Distributed, FaultRule, chance
from lke_emulator.exchange.answer import Parts

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange


def delayed(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    seconds = seconds_of(rule, exchange.request_id)
    if seconds:
        yield Wait(seconds)
    yield from parts


def seconds_of(rule: FaultRule, request_id: str) -> float:
    """The same request id, the same latency."""
    latency = rule.latency
    if not isinstance(latency, Distributed):
        return latency
    first = chance("latency", request_id)
    if latency.uniform is not None:
        low, high = latency.uniform.low, latency.uniform.high
        return low + first * (high - low)
    assert latency.lognormal is not None
    # Box and Muller: two even chances make a normal one.
    normal = sqrt(-2 * log(1 - first)) * cos(tau * chance("angle", request_id))
    return latency.lognormal.median * exp(latency.lognormal.sigma * normal)
