"""Money and moments as control says and reads them. Inside, money is micro-units and a moment Unix seconds."""

from typing import Annotated

from msgspec import Meta

from lke_emulator.control.table import ControlCall, Invalid
from lke_emulator.primitives.millionths import MILLION
from lke_emulator.primitives.money import money
from lke_emulator.primitives.months import LATEST
from lke_emulator.scenario import moments

Money = Annotated[
    float, Meta(description="In the account's currency; six places count, and 57.5 is exactly 57.50.", ge=-1e9, le=1e9)
]
Moment = Annotated[
    float | str,
    Meta(
        description="Unix seconds, or as a scenario writes them: 2025-09-28 14:30 (in the account's zone), now, -3h, today."
    ),
]
Names = Annotated[str, Meta(description="One, or several with commas; empty for all.")]


def units(micro: int) -> float:
    return micro / MILLION


def micro(name: str, value: float) -> int:
    try:
        return money(name, value)
    except ValueError as error:
        raise Invalid(str(error)) from None


def moment_given(name: str, value: float | str, call: ControlCall) -> float:
    if not isinstance(value, str):
        if not 0 <= value <= LATEST:
            raise Invalid(f"{name}: {value} is not between the years 1970 and 8999")
        return float(value)
    try:
        return float(moments.moment(value, call.now, call.account.zone))
    except ValueError as error:
        raise Invalid(f"{name}: {error}") from None


def names(value: str) -> tuple[str, ...]:
    return tuple(name for name in value.split(",") if name)
