"""The clock of an account. Signatures are judged by the real one, everything else by this."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lke_emulator.control.table import Body, ControlCall, Invalid, route
from lke_emulator.control.values import DURATION_PATTERN, Moment, moment_given
from lke_emulator.primitives.months import LATEST, at
from lke_emulator.primitives.refused import Refused
from lke_emulator.scenario import moments

PATH = "/accounts/{uin}/clock"


class ClockState(msgspec.Struct, frozen=True, kw_only=True):
    now: float
    """Unix seconds."""
    text: str
    """The same in the account's zone, ISO 8601."""
    frozen: bool


class Freeze(Body):
    at: Moment | None = None
    """Left out: where it is."""


class SetClock(Body):
    at: Moment


class Advance(Body):
    by: Annotated[
        float | Annotated[str, Meta(extra_json_schema={"pattern": DURATION_PATTERN})],
        Meta(description="Seconds, also below 0, or 90s, 5m, 12h, 1d, 2w. Frozen clocks stay frozen."),
    ]


@route("GET", PATH)
def get_clock(call: ControlCall) -> ClockState:
    """What time it is for the account."""
    now, frozen = call.now, call.account.clock.frozen
    return ClockState(now=now, text=at(now, call.account.zone).isoformat(" "), frozen=frozen)


@route("POST", f"{PATH}/freeze")
def freeze_clock(call: ControlCall, body: Freeze) -> ClockState:
    """Let the clock stand still, where it is or at a moment."""
    call.account.clock.freeze(None if body.at is None else moment_given("at", body.at, call))
    return get_clock(call)


@route("POST", f"{PATH}/set")
def set_clock(call: ControlCall, body: SetClock) -> ClockState:
    """Jump to a moment; a frozen clock stays frozen there. What was billed stays billed when a clock is set back."""
    call.account.clock.set(moment_given("at", body.at, call))
    return get_clock(call)


@route("POST", f"{PATH}/advance")
def advance_clock(call: ControlCall, body: Advance) -> ClockState:
    """Move the clock by a length of time."""
    try:
        seconds = moments.duration(body.by) if isinstance(body.by, str) else body.by
    except ValueError as error:
        raise Invalid(f"by: {error}") from None
    if not 0 <= call.now + seconds <= LATEST:
        raise Refused(f"by: {body.by} leads out of the years 1970 to 8999")
    call.account.clock.advance(seconds)
    return get_clock(call)


@route("POST", f"{PATH}/follow")
def follow_clock(call: ControlCall) -> ClockState:
    """Let the clock run: on from where it stood still, else with the real one."""
    call.account.clock.follow()
    return get_clock(call)
