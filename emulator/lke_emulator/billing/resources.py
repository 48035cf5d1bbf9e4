"""The resource packages of an account, as its console offers them: the list, the trial, buying, renewing (RL-2 to RL-18)."""

from collections.abc import Collection, Iterable
from typing import Literal

from lke_emulator.billing.assumptions import BillingAssumptions
from lke_emulator.billing.capacity import Capacity
from lke_emulator.billing.deduction import Deduction
from lke_emulator.billing.notifications import DAY
from lke_emulator.billing.packages import (
    APIS,
    FIELDS,
    MONTHS,
    UNITS,
    Kind,
    Package,
    PackageRow,
    Period,
    Source,
    Status,
    list_price,
    package_row,
)
from lke_emulator.primitives.months import at, months_after
from lke_emulator.primitives.refused import Refused

AVAILABLE: tuple[Status, ...] = ("available",)
VALID_MONTHS = 12
"""Of a usage-based package, from its purchase (documented)."""


class Resources:
    """Every method that takes `now`, the moment on the account's clock, settles first. Refused says what cannot be."""

    def __init__(self, deduction: Deduction, zone: int, assumptions: BillingAssumptions) -> None:
        self._deduction = deduction
        self._books = deduction.books
        self._zone = zone
        self._assumptions = assumptions

    def list(
        self, now: float, statuses: Collection[Status] = AVAILABLE, kinds: Collection[Kind] = ()
    ) -> list[PackageRow]:
        """In the order of deduction; by default what is available (RL-6), and empty collections do not filter.

        Knowledge packages hold what is stored beyond the scenario's base capacity. Calls in flight use nothing up.
        """
        moment = self._settled(now)
        stored = self._stored(moment)
        rows = [
            package_row(package, package.status(moment), stored.get(package.id, package.used))
            for package in self._books.packages
        ]
        return [one for one in rows if (not statuses or one.status in statuses) and (not kinds or one.kind in kinds)]

    def register(self, now: float) -> None:
        """Give the trial, once in the life of the account (RL-8)."""
        if self._books.is_registered:
            raise Refused("this account has had its trial resources: they are given once, when it registers")
        # What a scenario describes is settled when somebody first asks, not while it is read.
        moment = self._settled(now) if self._books.has_begun else int(now)
        packages = [
            self._built(
                grant.kind,
                grant.total,
                "trial",
                moment,
                models=grant.models,
                apis=grant.apis,
                expires=moment + grant.days * DAY,
            )
            for grant in self._assumptions.trial_grants
        ]
        self._books.is_registered = True
        for package in packages:
            self._add(package)

    def grant(
        self,
        kind: Kind,
        total: int,
        now: float,
        *,
        models: Iterable[str] = (),
        apis: Iterable[str] = (),
        name: str = "",
        days: int | None = None,
    ) -> Package:
        """An experience package from now on, for so many days or as long as a bought one."""
        moment = self._settled(now)
        expires = None if days is None else moment + days * DAY
        return self.declare(kind, total, "trial", moment, models=models, apis=apis, name=name, expires=expires)

    def buy(
        self,
        kind: Kind,
        total: int,
        now: float,
        *,
        models: Iterable[str] = (),
        apis: Iterable[str] = (),
        name: str = "",
        period: Period = "",
        price: int | None = None,
    ) -> Package:
        """A paid package from now on. Without a price it costs what the price list says, where one does."""
        moment = self._settled(now)
        apis = tuple(apis)
        if price is None:
            price = list_price(kind, apis, total, self._books.wallet.currency)
        package = self._built(
            kind, total, "purchased", moment, models=models, apis=apis, name=name, period=period, price=price or 0
        )
        self._pay("purchase", price, now, str(self._books.made + 1))
        return self._add(package)

    def renew(self, id: str, now: float, period: Period = "", price: int | None = None) -> Package:
        """Another period of a prepaid package (RL-15): after what is left of it, or from now on where it has expired.

        Knowledge that was isolated stays so (RL-17).
        """
        moment = self._settled(now)
        package = self._books.package(id)
        if not package.period:
            raise Refused(f"package {id} is usage-based and is not renewed: buy another")
        period = period or package.period
        is_late = package.expires < moment
        day = at(moment, self._zone).day if is_late else package.day
        expires = self._after(moment if is_late else package.expires, MONTHS[period], day)
        self._pay("renewal", price, now, id)
        self._deduction.changing(package)
        if is_late:
            package.past = package.spans
            package.start = moment
        package.period, package.day, package.expires = period, day, expires
        self._deduction.rearrange()
        if package.kind == "knowledge":
            self._deduction.tell_capacity(moment)
        return package

    def expire(self, id: str, now: float) -> Package:
        """End a package now, whatever is left of it."""
        moment = self._settled(now)
        package = self._books.package(id)
        if package.expires <= moment:
            raise Refused(f"package {id} has expired already")
        if package.period:
            self._deduction.changing(package).day = at(moment, self._zone).day  # what it is renewed by
        self._deduction.end(package, moment)
        return package

    def dedicated(self, model: str, now: float) -> int:
        """Calls in flight that concurrency packages allow for a model."""
        return self._deduction.payers.dedicated(model, self._settled(now))

    def most_dedicated(self, model: str, start: int, stop: int) -> int:
        """The most calls in flight that they allowed at any moment of [start, stop); at `start` where that is empty."""
        spans = [
            (package.total, since, until)
            for package in self._books.packages
            if package.kind == "concurrency" and package.fits(model)
            for since, until in package.spans
            if since < max(stop, start + 1) and start < until
        ]
        moments = {start, *[since for _, since, _ in spans if since > start]}
        return max([sum([total for total, since, until in spans if since <= one < until]) for one in moments])

    def capacity(self, now: float) -> Capacity:
        """Of the knowledge base."""
        return self._deduction.capacity(self._settled(now))

    def restore_knowledge(self, now: float) -> Capacity:
        """Make all isolated knowledge searchable again, where the capacity is there for it (RL-17)."""
        capacity = self.capacity(now)
        if capacity.isolated > capacity.available:
            raise Refused(
                f"{capacity.isolated} characters are isolated and the capacity has room for {capacity.available}:"
                " buy knowledge capacity first"
            )
        self._deduction.knowledge.restore(now)
        self._deduction.tell_capacity(self._settled(now))
        return self.capacity(now)

    def isolate_excess(self, now: float) -> None:
        """What was added last and does not fit cannot be searched (RL-14). An account without any capacity, of its own or
        bought, is not held to one."""
        capacity = self.capacity(now)
        if capacity.exceeded and (capacity.total or any(each.kind == "knowledge" for each in self._books.packages)):
            self._deduction.knowledge.isolate(capacity.exceeded)
        self._deduction.tell_capacity(self._settled(now))

    def declare(
        self,
        kind: Kind,
        total: int,
        source: Source,
        start: int,
        *,
        models: Iterable[str] = (),
        apis: Iterable[str] = (),
        name: str = "",
        expires: int | None = None,
        period: Period = "",
        price: int = 0,
        used: int = 0,
    ) -> Package:
        """A package as it stands, without a payment. Before anything was settled it may begin in the past, and billing
        then begins with it."""
        package = self._built(
            kind,
            total,
            source,
            start,
            models=models,
            apis=apis,
            name=name,
            expires=expires,
            period=period,
            price=price,
        )
        package.used = used
        return self._add(package)

    def begin(self, moment: int) -> None:
        """Before anything was settled: usage before this second is history, whatever packages were there for it."""
        self._books.began = self._books.allotted = self._books.cursor = moment
        self._books.has_begun = True

    def _built(
        self,
        kind: Kind,
        total: int,
        source: Source,
        start: int,
        *,
        models: Iterable[str] = (),
        apis: Iterable[str] = (),
        name: str = "",
        expires: int | None = None,
        period: Period = "",
        price: int = 0,
    ) -> Package:
        """A package that nobody has yet, without an id. Refused where it cannot be one."""
        apis = tuple(apis)
        unknown = [api for api in apis if APIS.get(api) is None]
        if unknown:
            raise Refused(f"there is no API {unknown[0]!r}: {', '.join(APIS)}")
        if total < 1:
            raise Refused(f"a package has at least 1 {UNITS[kind]}, not {total}")
        if kind in FIELDS and period:
            raise Refused(f"a package of {kind} is usage-based and has no period")
        if kind not in FIELDS and apis:
            raise Refused(f"a package of {kind} is not bound to APIs: leave {apis[0]} out")
        if kind not in FIELDS:
            period = period or "month"
        if expires is None:
            expires = self._after(start, MONTHS[period] if period else VALID_MONTHS)
            first = start
        else:
            first = expires
        if expires <= start:
            raise Refused(f"a package expires after it began: not {expires}, when it began at {start}")
        return Package(
            id="",
            name=name,
            kind=kind,
            source=source,
            total=total,
            models=tuple(models),
            apis=apis,
            bought=start,
            start=start,
            expires=expires,
            period=period,
            day=at(first, self._zone).day if period else 0,
            price=price,
        )

    def _add(self, package: Package) -> Package:
        books = self._books
        books.made += 1
        package.id = str(books.made)
        if not books.has_begun and package.start < books.cursor:
            books.began = books.allotted = books.cursor = package.start
        self._deduction.add(package)
        return package

    def _after(self, moment: int, months: int, day: int = 0) -> int:
        try:
            return months_after(moment, months, self._zone, day)
        except ValueError:
            raise Refused("a package expires before the year 10000: renew it later") from None

    def _pay(self, kind: Literal["purchase", "renewal"], price: int | None, now: float, package: str) -> None:
        outside = self._assumptions.purchase_payment == "outside"
        if price is None and not outside:
            raise Refused("no list has a price for this package: give one, in micro-units")
        if price is not None and price < 0:
            raise Refused("a price is not below 0")
        self._books.wallet.pay(kind, price or 0, now, package, outside)

    def _stored(self, moment: int) -> dict[str, int]:
        """Package -> the characters it holds, the one that is first in the list filled first."""
        left = max(0, self._deduction.capacity(moment).used - self._deduction.base_capacity)
        stored = {}
        for package in self._deduction.payers.held("knowledge", moment):
            stored[package.id] = min(left, package.total)
            left -= stored[package.id]
        return stored

    def _settled(self, now: float) -> int:
        """The last second that is settled; it is never before one that was."""
        self._deduction.settle(now)
        return self._books.cursor - 1
