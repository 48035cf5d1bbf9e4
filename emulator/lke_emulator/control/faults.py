"""Faults on purpose: of one account, or of every call of the server."""

from collections.abc import Mapping

import msgspec

from lke_emulator.account.faults import Fault, FaultRule, Faults
from lke_emulator.control.table import ControlCall, Invalid, route
from lke_emulator.control.values import Moment, moment_given

ACCOUNT, SERVER = "/accounts/{uin}/faults", "/faults"


class NewFault(FaultRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    until: Moment | None = None  # type: ignore[assignment]
    """On the account's clock; of a fault of the whole server, Unix seconds."""


class FaultRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    rule: FaultRule
    hits: int
    """Calls that it struck."""
    remaining: int | None
    """How often it can still strike; null is without end."""
    requests: list[str]
    """The request ids of those calls, the newest last."""


class FaultList(msgspec.Struct, frozen=True, kw_only=True):
    faults: list[FaultRow]
    """The oldest first; of those that fit a call the first one strikes."""


def row_of(fault: Fault) -> FaultRow:
    return FaultRow(
        id=fault.id, rule=fault.rule, hits=fault.hits, remaining=fault.remaining, requests=list(fault.requests)
    )


def faults_of(call: ControlCall) -> Faults:
    return call.account.faults if "uin" in call.names else call.world.faults


def rule_of(call: ControlCall, body: NewFault) -> FaultRule:
    until = body.until
    if isinstance(until, str) and "uin" not in call.names:
        raise Invalid("until: a fault of the whole server ends at Unix seconds; accounts have clocks of their own")
    told: Mapping[str, object] = msgspec.structs.asdict(body)
    return FaultRule(**{**told, "until": None if until is None else moment_given("until", until, call)})  # type: ignore[arg-type]


@route("GET", ACCOUNT)
def list_account_faults(call: ControlCall) -> FaultList:
    """The account's faults, with what each has done."""
    return FaultList(faults=[row_of(fault) for fault in faults_of(call).values()])


@route("POST", ACCOUNT, status=201)
def set_account_fault(call: ControlCall, body: NewFault) -> FaultRow:
    """Set a fault for calls of this account, on every surface."""
    return row_of(faults_of(call).add(rule_of(call, body)))


@route("GET", ACCOUNT + "/{id}")
def get_account_fault(call: ControlCall) -> FaultRow:
    """One fault, with what it has done."""
    return row_of(faults_of(call).find(call.names["id"]))


@route("DELETE", ACCOUNT + "/{id}", status=204)
def end_account_fault(call: ControlCall) -> None:
    """End a fault."""
    faults_of(call).remove(call.names["id"])


@route("DELETE", ACCOUNT, status=204)
def end_account_faults(call: ControlCall) -> None:
    """End all faults of the account."""
    faults_of(call).clear()


@route("GET", SERVER)
def list_faults(call: ControlCall) -> FaultList:
    """The faults of the whole server."""
    return list_account_faults(call)


@route("POST", SERVER, status=201)
def set_fault(call: ControlCall, body: NewFault) -> FaultRow:
    """Set a fault for every call."""
    return set_account_fault(call, body)


@route("GET", SERVER + "/{id}")
def get_fault(call: ControlCall) -> FaultRow:
    """One fault of the whole server."""
    return get_account_fault(call)


@route("DELETE", SERVER + "/{id}", status=204)
def end_fault(call: ControlCall) -> None:
    """End a fault of the whole server."""
    end_account_fault(call)


@route("DELETE", SERVER, status=204)
def end_faults(call: ControlCall) -> None:
    """End all faults of the whole server."""
    end_account_faults(call)
