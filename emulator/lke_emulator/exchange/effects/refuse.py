"""An error in the surface's own form, or the bare status of a gateway that reached nobody."""

from typing import TYPE_CHECKING

from lke_emulator.account.faults import FaultRule
from lke_emulator.exchange.answer import BODILESS, Answer, Headers, Parts

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange

HTML: Headers = [(b"server", b"nginx"), (b"content-type", b"text/html")]


def refused_with(parts: Parts, rule: FaultRule, exchange: "Exchange") -> Parts:
    if rule.error:
        answer = exchange.refuse(exchange.fault(rule.error, rule.message))
        yield answer if rule.status is None else answer._replace(status=rule.status)
        return
    if rule.status is None:
        yield from parts
        return
    exchange.entry.end(str(rule.status), "a fault that was set")
    body = b"" if rule.status in BODILESS else b"<html><body><h1>%d</h1></body></html>" % rule.status
    yield Answer(body, HTML, rule.status)
