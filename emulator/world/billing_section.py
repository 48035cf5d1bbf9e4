"""What a scenario says about what an account has and owes."""

import msgspec

from emulator.world.billing import Billing
from emulator.world.money import money
from emulator.world.number import Number
from emulator.world.packages import APIS, Kind, Period, Source
from emulator.world.prices import Currency, Price
from emulator.world.refused import Refused


class PackageSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Moments are Unix seconds. Left out, a package begins as the account's clock starts and ends as packages of its kind
    do: a usage-based one after a year, a prepaid one after its period."""

    kind: Kind
    total: int
    source: Source = "purchased"
    name: str = ""
    models: tuple[str, ...] = ()
    """Empty for every model."""
    apis: tuple[str, ...] = ()
    """Empty for every API that consumes this kind."""
    start: int | None = None
    expires: int | None = None
    period: Period = ""


class BillingSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    activated: bool = True
    """Whether the service was opened; calls are refused where it was not."""
    trial: bool = True
    """Whether the trial is given as the clock starts."""
    packages: tuple[PackageSection, ...] = ()
    postpaid: tuple[str, ...] = ()
    """The APIs whose postpaid switch is on; `all` for every one."""
    permitted: tuple[str, ...] = ()
    """Uins of the sub-accounts that may change Postpaid Settings."""
    balance: Number = 0
    """As the clock starts; bills of earlier hours have been paid."""
    currency: Currency = "USD"
    prices: tuple[Price, ...] = ()
    """Before the shipped ones."""


def build_billing(billing: Billing, section: BillingSection, now: float) -> None:
    """Set up an account that nobody has called yet. Refused or ValueError where that cannot be."""
    for package in section.packages:
        billing.resources.declare(
            package.kind,
            package.total,
            package.source,
            int(now) if package.start is None else package.start,
            models=package.models,
            apis=package.apis,
            name=package.name,
            expires=package.expires,
            period=package.period,
        )
    apis = tuple(APIS) if section.postpaid == ("all",) else section.postpaid
    unknown = [api for api in apis if api not in APIS]
    if unknown:
        raise Refused(f"no API {unknown[0]!r} has a postpaid switch; there are {', '.join(APIS)}, or `all`")
    billing.open(
        activated=section.activated,
        postpaid=apis,
        permitted=section.permitted,
        balance=money("balance", section.balance),
        currency=section.currency,
        prices=section.prices,
    )
    if section.trial:
        billing.resources.register(now)
