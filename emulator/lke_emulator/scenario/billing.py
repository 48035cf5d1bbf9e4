"""The `billing` of a scenario's account: packages, Postpaid Settings, balance and prices."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from lke_emulator.account.account import Account
from lke_emulator.billing.packages import APIS, Kind, Source
from lke_emulator.billing.prices import Currency, Price
from lke_emulator.primitives.money import money
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.mismatch import nearest
from lke_emulator.scenario.moments import moment_of
from lke_emulator.scenario.section import Cost, Moment, NonEmpty, Section, Text, Whole
from lke_emulator.scenario.things import Things

Money = Annotated[float, Meta(ge=-(10**9), le=10**9)]


class PackageSection(Section, frozen=True, kw_only=True):
    """A resource package. Usage in its scope is deducted from it, from its start on."""

    kind: Kind
    """What it is of. Concurrency and knowledge capacity are held for a time, everything else is used up."""
    total: Annotated[int, Meta(ge=1, le=10**15)]
    """How many tokens, searches, pages, images, calls in flight or characters."""
    source: Source = "purchased"
    """`trial` is an experience package; those are deducted before purchased ones."""
    name: str = ""
    """What notifications call it."""
    models: list[NonEmpty] = []
    """The models that it is for. Left out: all."""
    apis: list[str] = []
    """The APIs that it is for, such as ChatCompletions, or sub_biz_types of what apps use. Left out: all."""
    start: Moment | None = None
    """Left out: as the account's clock starts."""
    expires: Moment | None = None
    """The first moment at which it is good for nothing. Left out: a year after its start, or its period."""
    used: Whole | None = None
    """What of it was used up by `since` of the billing. Left out: what the usage since its start comes to."""
    period: Literal["month", "year"] | None = None
    """How long concurrency or knowledge capacity is paid for, now and when it is renewed. Left out: a month."""


class PriceSection(Section, frozen=True):
    """What postpaid usage costs, in the account's currency. A figure that is left out is for a later price to say, or for
    the shipped price table."""

    api: NonEmpty = "*"
    """A pattern of APIs, such as ChatCompletions."""
    model: NonEmpty = "*"
    """A pattern of models, such as deepseek-*."""
    input: Cost | None = None
    """A thousand tokens that go in."""
    output: Cost | None = None
    """A thousand tokens that come out."""
    split: Cost | None = None
    """A thousand tokens of document splitting."""
    page: Cost | None = None
    """A page of document parsing."""
    search: Cost | None = None
    """A search."""
    image: Cost | None = None
    """An image."""


class BillingSection(Section, frozen=True):
    """What the account has and what it pays. Nothing is granted that does not stand here."""

    activated: bool = True
    """Whether the service was opened; calls are refused where it was not."""
    trial: bool = False
    """Whether the account registers as its clock starts, and is given the trial (assumption `trial_grants`)."""
    since: Moment | None = None
    """From when on usage is deducted and billed. Left out: from the start of its earliest package, or where one says what was
    used of it, as the account's clock starts."""
    packages: list[PackageSection] = []
    """Its resource packages, also those that are used up or have expired."""
    postpaid: list[str] | Literal["all"] = []
    """The APIs whose postpaid switch is on, or `all`."""
    permitted: list[Text] = []
    """The sub-accounts that have the permission Postpaid Settings."""
    balance: Money = 0
    """What the account has as its clock starts; below 0 it is overdue. Bills of earlier hours have been paid."""
    currency: Currency = "USD"
    """Of the balance and of all prices."""
    prices: list[PriceSection] = []
    """The account's own; of each figure the first price that fits and has it counts."""
    channels: tuple[Literal["in-site", "sms", "email"], ...] = ("in-site", "sms", "email")
    """How the cloud's Message Center sends notifications."""


def build_billing(section: BillingSection, account: Account, things: Things, now: float, at: Place) -> None:
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
    since = moment_of(section, "since", now, account.zone, at)
    if since is None and any(package.used is not None for package in section.packages):
        since = int(now) + 1
    if since is not None:
        billing.resources.begin(since)


def build_package(section: PackageSection, account: Account, now: float, at: Place) -> None:
    start = moment_of(section, "start", now, account.zone, at)
    start = int(now) if start is None else start
    expires = moment_of(section, "expires", now, account.zone, at)
    if expires is not None and expires <= start:
        raise (at / "expires").wrong("this is not after the package's start")
    if section.used is not None and section.used > section.total:
        raise (at / "used").wrong(f"a package of {section.total} has no more to use")
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
        used=section.used or 0,
    )


def apis(names: list[str], at: Place) -> list[str]:
    """The names, when there are such APIs."""
    for i, name in enumerate(names):
        if name not in APIS:
            raise (at / i).wrong(f"`{name}` is no API that is billed; {nearest(name, APIS)}")
    return names
