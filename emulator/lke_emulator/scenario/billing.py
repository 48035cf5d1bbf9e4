"""The `billing` of a scenario's account: packages, Postpaid Settings, balance and prices."""

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.billing.packages import APIS
from lke_emulator.billing.prices import Price
from lke_emulator.primitives.money import money
from lke_emulator.scenario import format as written
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.mismatch import nearest
from lke_emulator.scenario.moments import moment_of
from lke_emulator.scenario.things import Things


def build_billing(section: written.Billing, account: Account, things: Things, now: float, at: Place) -> None:
    """Comes after the usage: what packages begin in the past is deducted from the ledger."""
    for i, package in enumerate(section.packages):
        build_package(package, account, now, at / "packages" / i)
    permitted = [
        each.uin
        for i, name in enumerate(section.permitted)
        for each in things.sub_accounts.find(name, at / "permitted" / i)
    ]
    billing = account.billing
    billing.open(
        activated=section.activated,
        postpaid=APIS if section.postpaid == "all" else apis(section.postpaid, at / "postpaid"),
        permitted=permitted,
        balance=money("balance", section.balance),
        currency=section.currency,
        prices=[Price(**msgspec.structs.asdict(price)) for price in section.prices],
    )
    billing.choose_channels(section.channels)
    if section.trial:
        billing.resources.register(now)


def build_package(section: written.Package, account: Account, now: float, at: Place) -> None:
    start = moment_of(section, "start", now, account.zone, at)
    start = int(now) if start is None else start
    expires = moment_of(section, "expires", now, account.zone, at)
    if expires is not None and expires <= start:
        raise (at / "expires").wrong("this is not after the package's start")
    at.checked(
        account.billing.resources.declare,
        section.kind,
        section.total,
        section.source,
        start,
        models=section.models,
        apis=apis(section.apis, at / "apis"),
        name=section.name,
        expires=expires,
        period=section.period or "",
    )


def apis(names: list[str], at: Place) -> list[str]:
    """The names, when there are such APIs."""
    for i, name in enumerate(names):
        if name not in APIS:
            raise (at / i).wrong(f"`{name}` is no API that is billed; {nearest(name, APIS)}")
    return names
