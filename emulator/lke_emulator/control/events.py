"""What happens, as a stream of server-sent events."""

from typing import Annotated

from msgspec import Meta

from lke_emulator.account.call import Wait
from lke_emulator.account.events import EventLog
from lke_emulator.control.table import Body, ControlCall, EventStream, Invalid, route
from lke_emulator.control.values import Names, names, some_of
from lke_emulator.exchange.answer import Parts
from lke_emulator.primitives.clock import real_now

BEAT_SECONDS = 5
"""Between two signs of life. Then accounts are looked at too: time alone expires packages."""
KINDS = ("call", "notice", "clock", "change", "account", "world")


class EventQuery(Body):
    account: Annotated[str, Meta(description="A uin: what happens to one account.")] = ""
    kinds: Annotated[
        Names,
        Meta(description=f"Some of {', '.join(KINDS)}; empty for all.", extra_json_schema={"pattern": some_of(KINDS)}),
    ] = ""
    since: Annotated[str, Meta(description="An id, as Last-Event-ID says it where a client can set no header.")] = ""


@route("GET", "/events")
def stream_events(call: ControlCall, query: EventQuery) -> EventStream:
    """Server-sent events from now on, or from `Last-Event-ID` on: `ready`, then `call` (a line of the journal), `notice`
    (a notification), `clock`, `change` (account and parts), `account` (opened or closed), `world` (a scenario was loaded).
    `missed` instead of `ready` and in between says that older ones made room: read again what you show."""
    kinds = frozenset(names(query.kinds))
    if unknown := kinds.difference(KINDS):
        raise Invalid(f"kinds: there is no {min(unknown)}; there are {', '.join(KINDS)}")
    if query.account:
        call.account_of(query.account)
    return EventStream(
        events_of(call, query.account, kinds or frozenset(KINDS), call.headers.get("last-event-id", query.since))
    )


def events_of(call: ControlCall, account: str, kinds: frozenset[str], last: str) -> Parts:
    log = call.running.events
    with log.listened(call.world, account) as ear:
        number = number_of(last, log)
        if number is None:
            number = log.number
            yield written_event("missed" if last else "ready", f"{log.since}-{number}", b"{}")
        beat = real_now() + BEAT_SECONDS
        while True:
            due = log.look(call.running.world)
            ear.rung = False
            while number < log.number:
                event = log.event(number + 1)
                number = log.number if event is None else number + 1
                if event is None:
                    yield written_event("missed", f"{log.since}-{number}", b"{}")
                elif event.kind in kinds and (not account or event.account == account or event.kind == "world"):
                    yield written_event(event.kind, f"{log.since}-{number}", event.data)
            now = real_now()
            if now >= beat:
                beat = now + BEAT_SECONDS
                log.look_again()
                yield b": \n\n"
            else:
                yield Wait(min(due or BEAT_SECONDS, beat - now), ear)


def number_of(last: str, log: EventLog) -> int | None:
    """How far a listener had read that comes back; None for a new one, or one of an earlier time."""
    since, _, number = last.partition("-")
    known = since == log.since and number.isdecimal() and len(number) < 20
    return min(int(number), log.number) if known else None


def written_event(kind: str, id: str, data: bytes) -> bytes:
    return b"event: %s\nid: %s\ndata: %s\n\n" % (kind.encode(), id.encode(), data)
