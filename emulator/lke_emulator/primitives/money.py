"""Money is whole micro-units of an account's currency: no float is ever added up."""

from lke_emulator.primitives.millionths import MILLION, Number, millionths

CENT = MILLION // 100
QUOTA_PER_UNIT = 500_000
"""Quota of the gateway family for one unit of the currency (documented: 500 000 per $1)."""


def money(name: str, value: Number) -> int:
    """Micro-units of an amount as a person writes it; 57.5 is exactly 57.50. ValueError beyond a thousand million."""
    return millionths(name, value, -(10**9), 10**9)


def text(amount: int) -> str:
    """`57.50`: two places, and more only where they say something."""
    whole, rest = divmod(abs(amount), MILLION)
    places = f"{rest:06}".rstrip("0").ljust(2, "0")
    return f"{'-' if amount < 0 else ''}{whole}.{places}"


def quota(amount: int) -> int:
    """Quota units that an amount is worth; what is less than one of them is left out."""
    return amount * QUOTA_PER_UNIT // MILLION


def of_quota(units: int) -> int:
    return units * MILLION // QUOTA_PER_UNIT
