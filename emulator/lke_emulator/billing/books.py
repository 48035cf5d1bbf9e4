"""Everything that billing remembers about an account; its usage is in the ledger."""

from collections.abc import Iterator
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
    waived: dict[Kind, int] = {}
    """Usage of the scenario that nothing paid for: calls that the cloud would have refused."""
    channels: tuple[str, ...] = CLOUD_CHANNELS
    """Those of the cloud's Message Center that are on."""
    notices: list[Notice] = []

    def arrange(self, order: Order) -> None:
        """Experience before paid packages (BA-21); among them the one that expires first, or that was bought first."""

        def rank(package: Package) -> tuple[bool, int, int, int]:
            first, second = (
                (package.expires, package.bought) if order == "expiry" else (package.bought, package.expires)
            )
            return package.source == "purchased", first, second, int(package.id)

        self.packages.sort(key=rank)

    def package(self, id: str) -> Package:
        found = next((package for package in self.packages if package.id == id), None)
        if found is None:
            raise Refused(f"there is no package {id!r}")
        return found

    def chain(self, kind: Kind, api: str, model: str, moment: int) -> Iterator[Package]:
        """The packages that pay for this usage, first to last."""
        for package in self.packages:
            if package.covers(kind, api, model) and package.remaining and package.holds(moment):
                yield package

    def held(self, kind: Kind, moment: int) -> list[Package]:
        return [package for package in self.packages if package.kind == kind and package.holds(moment)]
