"""Postpaid Settings: a switch for each API (BA-14 to BA-20, RL-4, RL-30 to RL-32), and whether the service is open at all."""

import msgspec

from lke_emulator.billing.packages import APIS
from lke_emulator.billing.postpaid import Switch
from lke_emulator.control.table import Body, ControlCall, route

PATH = "/accounts/{uin}/postpaid"


class PostpaidSettings(msgspec.Struct, frozen=True, kw_only=True):
    switches: dict[str, Switch]
    """By API, or by the SubBizType of what apps use."""
    cooldown: float
    """Seconds for which a switch that was turned cannot be turned again."""
    overdue_since: int | None
    """Nothing is served while the account is overdue."""
    activated: bool
    """Whether the service was opened."""


class SwitchTurn(Body):
    on: bool
    caller: str = ""
    """Who does it: a uin; empty for the root."""


class Activation(Body):
    activated: bool


@route("GET", PATH)
def postpaid_settings(call: ControlCall) -> PostpaidSettings:
    """All switches."""
    billing = call.account.billing
    return PostpaidSettings(
        switches=billing.switches(call.now),
        cooldown=call.account.assumptions.postpaid_cooldown_s,
        overdue_since=billing.wallet(call.now).overdue_since,
        activated=billing.refusal("ChatCompletions", "", call.now) != "unopened",
    )


@route("PUT", PATH + "/{api}")
def turn_switch(call: ControlCall, body: SwitchTurn) -> Switch:
    """Turn a switch. Refused within an hour of its last change, and to sub-accounts without the permission."""
    api = call.names["api"]
    if api not in APIS:
        raise LookupError(f"no API {api} has a postpaid switch; there are {', '.join(APIS)}")
    return call.account.billing.switch(api, body.on, call.person(body.caller), call.now)


@route("PUT", "/accounts/{uin}/service")
def activate_service(call: ControlCall, body: Activation) -> PostpaidSettings:
    """Open the service, or close it: every call is then refused as not activated."""
    call.account.billing.activate(body.activated)
    return postpaid_settings(call)
