"""Faults on purpose: of one account, or of every call of the server."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lke_emulator.account.faults import Fault, FaultRule, Faults
from lke_emulator.control.table import ControlCall, route
from lke_emulator.control.values import Moment, moment_given
from lke_emulator.primitives.months import LATEST

ACCOUNT, SERVER = "/accounts/{uin}/faults", "/faults"


class NewFault(FaultRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    until: Moment | None = None  # type: ignore[assignment]
    """On the account's clock."""


class NewServerFault(FaultRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    until: Annotated[float, Meta(ge=0, le=LATEST)] | None = None
    """Unix seconds: accounts have clocks of their own."""


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


def rule_of(body: FaultRule, until: float | None) -> FaultRule:
    told: Mapping[str, Any] = msgspec.structs.asdict(body)
    return FaultRule(**{**told, "until": until})


def row_of(fault: Fault) -> FaultRow:
    return FaultRow(
        id=fault.id, rule=fault.rule, hits=fault.hits, remaining=fault.remaining, requests=list(fault.requests)
    )


def faults_of(call: ControlCall) -> Faults:
    return call.account.faults if "uin" in call.names else call.world.faults


@route("GET", ACCOUNT)
def list_account_faults(call: ControlCall) -> FaultList:
    """The account's faults, with what each has done."""
    return FaultList(faults=[row_of(fault) for fault in faults_of(call).values()])


@route("POST", ACCOUNT, status=201)
def set_account_fault(call: ControlCall, body: NewFault) -> FaultRow:
    """Set a fault for calls of this account, on every surface."""
    until = None if body.until is None else moment_given("until", body.until, call)
    return row_of(faults_of(call).add(rule_of(body, until)))


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
def set_fault(call: ControlCall, body: NewServerFault) -> FaultRow:
    """Set a fault for every call."""
    return row_of(faults_of(call).add(rule_of(body, body.until)))


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
