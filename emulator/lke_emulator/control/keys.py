"""The API keys of an account (BA-1 to BA-7, GW-1 to GW-9)."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from lke_emulator.account.keys import SECRET, Key, Status
from lke_emulator.control.table import Body, ControlCall, Invalid, route
from lke_emulator.control.values import Moment, Money, MoneyGiven, micro, moment_given, units

PATH = "/accounts/{uin}/keys"
Models = Annotated[tuple[str, ...], Meta(description="Names or patterns of the models it may call; empty for all.")]


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    label: str
    remark: str
    group: str
    owner: str
    """The uin of the root or of the sub-account that made it."""
    masked: str
    status: Status
    created: float
    last_used: float | None
    quota: Money | None
    """What it may spend of the balance; null for no limit of its own."""
    used: Money
    expires: float | None
    models: tuple[str, ...]


class KeyList(msgspec.Struct, frozen=True, kw_only=True):
    keys: list[KeyRow]
    limit: int
    """How many root and sub-accounts may hold together."""


class NewKey(Body):
    label: str = ""
    remark: str = ""
    owner: str = ""
    """A uin; empty for the root."""
    group: str = ""
    quota: MoneyGiven | None = None
    expires: Moment | None = None
    models: Models = ()
    secret: Annotated[
        str,
        Meta(
            description="A secret known beforehand, sk-...; empty to have one made.",
            extra_json_schema={"pattern": f"^({SECRET.pattern})?$"},
        ),
    ] = ""


class NewSecret(msgspec.Struct, frozen=True, kw_only=True):
    key: KeyRow
    secret: str
    """What clients send. It is shown this once (GW-4)."""


class KeyChange(Body):
    """What is left out stays as it is."""

    label: str | UnsetType = UNSET
    remark: str | UnsetType = UNSET
    group: str | UnsetType = UNSET
    quota: MoneyGiven | UnsetType | None = UNSET
    expires: Moment | UnsetType | None = UNSET
    models: Models | UnsetType = UNSET


def key_row(key: Key, now: float) -> KeyRow:
    return KeyRow(
        id=key.id,
        label=key.label,
        remark=key.remark,
        group=key.group,
        owner=key.owner,
        masked=key.masked,
        status=key.status(now),
        created=key.created,
        last_used=key.last_used,
        quota=None if key.quota is None else units(key.quota),
        used=units(key.used),
        expires=key.expires,
        models=key.models,
    )


@route("GET", PATH)
def list_keys(call: ControlCall) -> KeyList:
    """All keys, oldest first, with their status and last use."""
    now = call.now
    keys = [key_row(key, now) for key in call.account.keys.all()]
    return KeyList(keys=keys, limit=call.account.assumptions.api_key_limit)


@route("POST", PATH, status=201)
def create_key(call: ControlCall, body: NewKey) -> NewSecret:
    """Create a key. Refused when root and sub-accounts hold as many as they may."""
    now = call.now
    try:
        key, secret = call.account.keys.create(
            body.label,
            owner=call.person(body.owner),
            now=now,
            assumptions=call.account.assumptions,
            remark=body.remark,
            group=body.group,
            quota=None if body.quota is None else micro("quota", body.quota),
            expires=None if body.expires is None else moment_given("expires", body.expires, call),
            models=body.models,
            secret=body.secret,
        )
    except ValueError as error:
        raise Invalid(f"secret: {error}") from None
    return NewSecret(key=key_row(key, now), secret=secret)


@route("GET", PATH + "/{id}")
def get_key(call: ControlCall) -> KeyRow:
    """One key."""
    return key_row(call.account.keys.get(call.names["id"]), call.now)


@route("PATCH", PATH + "/{id}")
def change_key(call: ControlCall, body: KeyChange) -> KeyRow:
    """Rename, regroup or remark a key, change its quota, expiry or models."""
    key = call.account.keys.changing(call.names["id"])
    changes = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not UNSET}
    if changes.get("quota") is not None:
        changes["quota"] = micro("quota", changes["quota"])
    if changes.get("expires") is not None:
        changes["expires"] = moment_given("expires", changes["expires"], call)
    for name, value in changes.items():
        setattr(key, name, value)
    return key_row(key, call.now)


@route("POST", PATH + "/{id}/enable")
def enable_key(call: ControlCall) -> KeyRow:
    """Let a key work again, with the same secret. Refused when it has expired or spent its quota."""
    call.account.keys.enable(call.names["id"], call.now)
    return get_key(call)


@route("POST", PATH + "/{id}/disable")
def disable_key(call: ControlCall) -> KeyRow:
    """Suspend a key: the next request with it is refused."""
    call.account.keys.disable(call.names["id"])
    return get_key(call)


@route("DELETE", PATH + "/{id}", status=204)
def delete_key(call: ControlCall) -> None:
    """Delete a key for good."""
    call.account.keys.delete(call.names["id"])
