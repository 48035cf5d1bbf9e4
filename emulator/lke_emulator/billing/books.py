"""Everything that billing remembers about an account; its usage is in the ledger."""

from bisect import insort
from functools import partial
from typing import Literal

import msgspec

from lke_emulator.billing.bills import Bills
from lke_emulator.billing.notifications import CLOUD_CHANNELS, Notice
from lke_emulator.billing.packages import Kind, Package
from lke_emulator.billing.postpaid import Postpaid
from lke_emulator.billing.prices import Price
from lke_emulator.billing.wallet import Wallet
from lke_emulator.primitives.refused import Refused

Order = Literal["expiry", "purchase"]


class Books(msgspec.Struct, kw_only=True):
    cursor: int
    """What happened before this second is settled."""
    allotted: int
    """Usage that the scenario describes before this second is: what it was, or is later if the clock was set back."""
    opened: int
    """When the account's clock started; bills that were due by then have been paid."""
    began: int
    """Usage before it is history: the start of the earliest package that a scenario gives, or of the clock."""
    has_begun: bool = False
    """Whether anything was allotted yet."""
    is_activated: bool = True
    """Whether the service was opened at all."""
    is_registered: bool = False
    """Whether the trial was given."""
    made: int = 0
    """Packages so far."""
    packages: list[Package] = []
    """In the order in which they are deducted."""
    postpaid: Postpaid = msgspec.field(default_factory=Postpaid)
    wallet: Wallet = msgspec.field(default_factory=Wallet)
    prices: list[Price] = []
    """The account's own, before the shipped ones."""
    bills: Bills = msgspec.field(default_factory=Bills)
    covered: int = 0
    """Tokens beyond the packages that dedicated concurrency paid for."""
    waived: dict[Kind, int] = {}
    """Usage that nothing paid for: the last call of a package, and calls of the scenario that the cloud would have refused."""
    filled: int = 0
    """The threshold of the knowledge capacity, in per cent, that was told last and still holds."""
    channels: tuple[str, ...] = CLOUD_CHANNELS
    """Those of the cloud's Message Center that are on."""
    notices: list[Notice] = []

    def add(self, package: Package, order: Order) -> None:
        """At its place in the order of deduction."""
        insort(self.packages, package, key=partial(rank, order=order))

    def arrange(self, order: Order) -> None:
        """After an expiry has moved."""
        self.packages.sort(key=partial(rank, order=order))

    def package(self, id: str) -> Package:
        found = next((package for package in self.packages if package.id == id), None)
        if found is None:
            raise Refused(f"there is no package {id!r}")
        return found


def rank(package: Package, order: Order) -> tuple[bool, int, int, int]:
    """Experience before paid packages (BA-21); among them the one that expires first, or that was bought first."""
    first, second = (package.expires, package.bought) if order == "expiry" else (package.bought, package.expires)
    return package.source == "purchased", first, second, int(package.id)
