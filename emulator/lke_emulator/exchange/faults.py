"""Faults on purpose: which one a call meets, from the account's rules, the server's, or what the call itself asks for.

A client that can set no rule asks with the header `X-Emulator-Fault: error=InternalError; latency=0.5`, or, where it can set no
header either, with the same words after `emulator-fault:` anywhere in what it sends:

    {"Query": "emulator-fault:error=RequestLimitExceeded"}
"""

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import msgspec

from lke_emulator.account.faults import Fault, FaultRule, Struck
from lke_emulator.primitives.refused import Refused

if TYPE_CHECKING:
    from lke_emulator.exchange.exchange import Exchange

HEADER = "x-emulator-fault"
MAGIC = "emulator-fault"
MAGIC_BYTES = MAGIC.encode()
WORDS = re.compile(rf"{MAGIC}:([A-Za-z0-9_.=;, -]{{1,200}})")
ASKED = "asked"
"""The id of a fault that the call itself asks for."""


def fault_of(exchange: "Exchange") -> Fault | None:
    """The first that strikes. Refused for words that are no rule."""
    raw, account, world = exchange.raw, exchange.account, exchange.world
    words = raw.headers.get(HEADER)
    body = b"" if exchange.takes_content else raw.body
    if words is None and (MAGIC_BYTES in body or MAGIC in raw.query):
        found = WORDS.search(unquote_plus(raw.query)) or WORDS.search(body.decode("utf-8", "replace"))
        words = found and found[1]
    if words:
        return Fault(id=ASKED, rule=rule_of(words))
    if not (world.faults or (account and account.faults)):
        return None
    entry = exchange.entry
    call = Struck(entry.surface, entry.operation, exchange.region, entry.caller, entry.params, exchange.request_id)
    first = account or world.accounts[world.first_credential.account]
    now = first.clock.now()
    return (account.faults.strike(call, now) if account else None) or world.faults.strike(call, now)


def rule_of(words: str) -> FaultRule:
    """`error=InternalError; latency=0.5` as a rule. Refused where it is none."""
    pieces = (piece.partition("=") for piece in re.split("[;,]", words) if piece.strip())
    given = {name.strip(): value.strip() if equals else "true" for name, equals, value in pieces}
    try:
        return msgspec.convert(given, FaultRule, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise Refused(f"`{words}` is no fault: {error}") from None
