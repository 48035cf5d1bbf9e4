"""A body that is no JSON: its last byte is missing, and what should not be there is."""

from typing import TYPE_CHECKING

from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import Answer, Parts

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange


def malformed(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    for part in parts:
        if rule.malformed:
            if isinstance(part, Answer):
                part = part._replace(body=spoilt(part.body))
            elif isinstance(part, bytes):
                part = spoilt(part.rstrip(b"\n")) + b"\n\n"
        yield part


def spoilt(text: bytes) -> bytes:
    return text[:-1] + b",{"
