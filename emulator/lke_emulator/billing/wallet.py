"""The balance of an account, and how money gets into it (GW-13 to GW-18)."""

from typing import Annotated, Literal

import msgspec

from lke_emulator.billing.prices import Currency
from lke_emulator.primitives.millionths import MILLION
from lke_emulator.primitives.money import CENT, money, text
from lke_emulator.primitives.refused import Refused

BONUSES = {10: 0, 20: 10, 50: 15, 100: 20, 200: 20, 500: 20}
"""What is paid at a preset -> the bonus in per cent (GW-17)."""
PRESETS = tuple(BONUSES)
METHODS = ("card", "visa", "mastercard", "american-express", "paypal")
COMING_SOON = ("cryptocurrency", "bitcoin", "ethereum", "usdt")
LARGEST = money("top-up", 1_000_000)
Bonus = Literal["preset-below", "none"]
EntryKind = Literal["top-up", "purchase", "renewal", "settlement"]


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the wallet's history. Money is micro-units."""

    id: Annotated[str, msgspec.Meta(pattern="^[0-9]+$")]
    time: float
    kind: EntryKind
    paid: int
    amount: int
    """By how much the balance changed."""
    balance: int
    """What it was then."""
    method: str
    package: str = ""


def credit(amount: int, custom: Bonus) -> int:
    """What is credited for a payment, in whole cents; a custom amount has the bonus of the highest preset not above it, or
    none."""
    presets = [preset for preset in PRESETS if preset * MILLION <= amount]
    preset = max(presets, default=0)
    percent = BONUSES.get(preset, 0) if custom == "preset-below" or preset * MILLION == amount else 0
    return amount + amount * percent // 100 // CENT * CENT


class Wallet(msgspec.Struct, kw_only=True):
    currency: Currency = "USD"
    balance: int = 0
    pending: int = 0
    """Charges of hours that are not settled yet."""
    due: int | None = None
    """When they will be."""
    overdue_since: int | None = None
    history: list[Movement] = []

    def top_up(self, amount: int, method: str, now: float, custom: Bonus) -> Movement:
        """The money is there at once (GW-16)."""
        if method in COMING_SOON:
            raise Refused(f"payment by {method} is coming soon; pay by {', '.join(METHODS)}")
        if method not in METHODS:
            raise Refused(f"no payment method {method!r}; pay by {', '.join(METHODS)}")
        if not 0 < amount <= LARGEST or amount % CENT:
            raise Refused(
                f"a top-up is a whole number of cents, above 0 and at most {text(LARGEST)}, not {text(amount)}"
            )
        self.balance += (credited := credit(amount, custom))
        # Service is restored once the balance is positive (documented): a balance of exactly 0 is not.
        if self.balance > 0:
            self.overdue_since = None
        return self._write(now, "top-up", amount, credited, method)

    def pay(self, kind: Literal["purchase", "renewal"], price: int, now: float, package: str, outside: bool) -> None:
        """For a package: from the balance, or beside it."""
        if not outside:
            if 0 < price > self.balance:
                raise Refused(f"the balance of {text(self.balance)} does not pay for {text(price)}: top up first")
            self.balance -= price
        self._write(now, kind, price, 0 if outside else -price, "outside" if outside else "balance", package)

    def settle(self, moment: int, deducted: bool) -> None:
        """Take what is pending from the balance; bills of hours before the account's clock started have been paid."""
        charge, self.pending, self.due = self.pending, 0, None
        if deducted and charge:
            self.balance -= charge
            self._write(moment, "settlement", charge, -charge, "balance")
            self.check(moment)

    def check(self, moment: int) -> None:
        if self.balance < 0 and self.overdue_since is None:
            self.overdue_since = moment

    def _write(
        self,
        now: float,
        kind: EntryKind,
        paid: int,
        amount: int,
        method: str,
        package: str = "",
    ) -> Movement:
        entry = Movement(
            id=str(len(self.history) + 1),
            time=float(now),
            kind=kind,
            paid=paid,
            amount=amount,
            balance=self.balance,
            method=method,
            package=package,
        )
        self.history.append(entry)
        return entry
