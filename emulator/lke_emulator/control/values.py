"""Money and moments as control says and reads them. Inside, money is micro-units and a moment Unix seconds."""

import re
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from lke_emulator.control.table import ControlCall, Invalid
from lke_emulator.primitives.millionths import MILLION
from lke_emulator.primitives.money import money
from lke_emulator.primitives.months import LATEST
from lke_emulator.primitives.refused import Refused
from lke_emulator.scenario import moments

CURRENCY = "In the account's currency; six places count, and 57.5 is exactly 57.50."
Money = Annotated[float, Meta(description=CURRENCY)]
MoneyGiven = Annotated[float, Meta(description=CURRENCY, ge=-1e9, le=1e9)]
TIME_OF_DAY = "([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?"
DAY_OF_YEAR = "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
YEAR = "(19[89][0-9]|[2-7][0-9]{3})"
DATED = f"({YEAR}-{DAY_OF_YEAR}|today|[+-][0-9]{{1,3}}[dw]){TIME_OF_DAY}"
MOMENT_PATTERN = f"^({DATED}|now|[+-][0-9]{{1,4}}[smh]|[0-9]{{1,11}})$"
"""What the document says of the text of a moment; a few more are read, such as leap days."""
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,400}|(\.[0-9]{1,400})?[eE][+-]?[0-9]{1,3})")
DURATION_PATTERN = "^[1-9][0-9]{0,5}[smhdw]?$"
Moment = Annotated[
    Annotated[float, Meta(extra_json_schema={"minimum": 0, "maximum": LATEST})]
    | Annotated[str, Meta(extra_json_schema={"pattern": MOMENT_PATTERN})],
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
    if isinstance(value, str) and NUMBER.fullmatch(value):  # a query has no numbers
        value = float(value)
    if not isinstance(value, str):
        if not 0 <= value <= LATEST:
            raise Invalid(f"{name}: {value} is not between the years 1970 and 8999")
        return float(value)
    try:
        return float(moments.moment(value, call.now, call.account.zone))
    except ValueError as error:
        # What leads out of all years only from where the clock is may be said another time.
        raise (Refused if moments.is_relative(value) else Invalid)(f"{name}: {error}") from None


def some_of(known: Iterable[str]) -> str:
    """The pattern of such Names."""
    one = f"({'|'.join(known)}|)"
    return f"^{one}(,{one})*$"


def names(value: str) -> tuple[str, ...]:
    return tuple(name for name in value.split(",") if name)
