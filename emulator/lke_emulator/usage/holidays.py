"""Public holidays of a country, as days that count as another weekday. The dates, and whose they are: `holidays.json`."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from lke_emulator.usage.days import Swap

Country = Literal["china", "indonesia"]
SUNDAY, MONDAY = 6, 0
DATES = Path(__file__).with_name("holidays.json")
EPOCH = date(1970, 1, 1).toordinal()


class CountryDates(msgspec.Struct):
    source: str
    off: dict[str, list[str]]
    """Year -> `10-01`, or `10-01..10-07`."""
    worked: dict[str, list[str]]
    """Weekend days that are worked in exchange for the days around a holiday."""


@cache
def swaps(country: Country) -> tuple[Swap, ...]:
    """A holiday counts as a Sunday, and a weekend day that is worked as a Monday."""
    dates = msgspec.json.decode(DATES.read_bytes(), type=dict[str, CountryDates])[country]
    off = [(day, SUNDAY) for day in days_in(dates.off)]
    return (*off, *[(day, MONDAY) for day in days_in(dates.worked)])


def days_in(years: dict[str, list[str]]) -> Iterator[int]:
    """Counted from 1970-01-01."""
    for year, spans in years.items():
        for span in spans:
            first, _, last = span.partition("..")
            start, end = (date.fromisoformat(f"{year}-{day}").toordinal() - EPOCH for day in (first, last or first))
            yield from range(start, end + 1)
