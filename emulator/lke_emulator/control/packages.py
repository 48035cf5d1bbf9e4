"""The resource packages of an account: the list of the console, and what is done with them (BA-10 to BA-13, RL-1 to RL-18)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from lke_emulator.billing.packages import Kind, Package, PackageRow, Period, Status
from lke_emulator.control.table import Body, ControlCall, route
from lke_emulator.control.values import Money, MoneyGiven, micro, units

PATH = "/accounts/{uin}/packages"
DISCONTINUED = (
    "This list is going to be discontinued; whoever bought a package subscription finds it under Billing Resources."
)
REMEDIES = ("switch on postpaid in Postpaid Settings", "buy a prepaid concurrency package on the Purchase Page")
STATUSES: dict[str, tuple[Status, ...]] = {
    "available": ("available",),
    "exhausted": ("exhausted",),
    "expired": ("expired",),
    "not-begun": ("not-begun",),
    "all": (),
}
Scope = Annotated[tuple[str, ...], Meta(description="Empty for all.")]
Total = Annotated[int, Meta(ge=1, le=10**15)]


class PackageItem(PackageRow, frozen=True, kw_only=True):
    """A row of the resource list; moments are Unix seconds."""

    price: Money  # type: ignore[assignment]


class PackageList(msgspec.Struct, frozen=True, kw_only=True):
    notice: str
    packages: list[PackageItem]
    """In the order in which they are deducted."""
    remedies: tuple[str, ...]
    """Where an exhausted package is listed: what can be done about it."""


class PackageQuery(Body):
    status: Literal["available", "exhausted", "expired", "not-begun", "all"] = "available"
    kind: Kind | Literal[""] = ""


class Grant(Body):
    kind: Kind
    total: Total
    models: Scope = ()
    apis: Scope = ()
    name: str = ""
    days: Annotated[int, Meta(ge=1, le=36_500)] | None = None
    """How long it is good for; null for a year."""


class Purchase(Body):
    kind: Kind
    total: Total
    models: Scope = ()
    apis: Scope = ()
    name: str = ""
    period: Period = ""
    """Of concurrency and knowledge, which are prepaid; empty for a month."""
    price: MoneyGiven | None = None
    """Null for what the price list says."""


class Renewal(Body):
    period: Period = ""
    """Empty for the period it had."""
    price: MoneyGiven | None = None


def package_items(
    call: ControlCall, statuses: tuple[Status, ...] = (), kinds: tuple[Kind, ...] = ()
) -> list[PackageItem]:
    rows = call.account.billing.resources.list(call.now, statuses, kinds)
    return [PackageItem(**(msgspec.structs.asdict(row) | {"price": units(row.price)})) for row in rows]


def found(call: ControlCall, id: str) -> PackageItem:
    for item in package_items(call):
        if item.id == id:
            return item
    raise LookupError(f"account {call.account.uin} has no package {id}")


def price_of(body: Purchase | Renewal) -> int | None:
    return None if body.price is None else micro("price", body.price)


@route("GET", PATH)
def list_packages(call: ControlCall, query: PackageQuery) -> PackageList:
    """The resource list: what is available, or another state, with use and expiry."""
    items = package_items(call, STATUSES[query.status], (query.kind,) if query.kind else ())
    exhausted = any(item.status == "exhausted" for item in items)
    return PackageList(notice=DISCONTINUED, packages=items, remedies=REMEDIES if exhausted else ())


@route("GET", PATH + "/{id}")
def get_package(call: ControlCall) -> PackageItem:
    """One package, whatever its state."""
    return found(call, call.names["id"])


@route("POST", f"{PATH}/register", status=201)
def register_trial(call: ControlCall) -> PackageList:
    """Give the trial resources of a first registration. Refused the second time."""
    call.account.billing.resources.register(call.now)
    return list_packages(call, PackageQuery())


@route("POST", f"{PATH}/grant", status=201)
def grant_package(call: ControlCall, body: Grant) -> PackageItem:
    """Give an experience package, free of charge."""
    resources = call.account.billing.resources
    package = resources.grant(
        body.kind, body.total, call.now, models=body.models, apis=body.apis, name=body.name, days=body.days
    )
    return found(call, package.id)


@route("POST", f"{PATH}/buy", status=201)
def buy_package(call: ControlCall, body: Purchase) -> PackageItem:
    """Buy a package, good from now on."""
    package: Package = call.account.billing.resources.buy(
        body.kind,
        body.total,
        call.now,
        models=body.models,
        apis=body.apis,
        name=body.name,
        period=body.period,
        price=price_of(body),
    )
    return found(call, package.id)


@route("POST", PATH + "/{id}/renew")
def renew_package(call: ControlCall, body: Renewal) -> PackageItem:
    """Another period of a prepaid package."""
    id = get_package(call).id
    call.account.billing.resources.renew(id, call.now, body.period, price_of(body))
    return found(call, id)


@route("POST", PATH + "/{id}/expire")
def expire_package(call: ControlCall) -> PackageItem:
    """End a package now, whatever is left of it."""
    id = get_package(call).id
    call.account.billing.resources.expire(id, call.now)
    return found(call, id)
