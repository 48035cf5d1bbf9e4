"""Another Content-Type than the answer's own."""

from typing import TYPE_CHECKING

from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import Answer, Begin, Headers, Parts

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange


def retyped(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    for part in parts:
        if rule.content_type and isinstance(part, (Answer, Begin)):
            part = part._replace(headers=with_type(part.headers, rule.content_type))
        yield part


def with_type(headers: Headers, type: str) -> Headers:
    others = [pair for pair in headers if pair[0].lower() != b"content-type"]
    return [*others, (b"content-type", type.encode("latin-1", "replace"))]
