"""The `rhythm` of a scenario's usage: how it lies over a week and a day, and how lively days are."""

import re
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta

from lke_emulator.scenario.section import Section, Share
from lke_emulator.usage.holidays import Country
from lke_emulator.usage.rhythms import RHYTHMS

Weight = Annotated[float, Meta(ge=0, le=10**6)]
RhythmName = Literal["flat", "office", "consumer", "weekend", "night"]
DAYS_VARY = 0.15
"""An assumption: how much the days of real dashboards differ is documented nowhere."""


class RhythmSection(Section, frozen=True):
    """How usage lies over a week and a day, by relative weights."""

    like: RhythmName = "flat"
    """The named rhythm that says what is left out here."""
    weekdays: Annotated[tuple[Weight, ...], Meta(min_length=7, max_length=7)] | None = None
    """Seven, Monday first."""
    hours: Annotated[tuple[Weight, ...], Meta(min_length=24, max_length=24)] | None = None
    """Twenty-four, in the account's time zone; between two hours weights change slowly."""
    holidays: Country | Literal["none"] | None = None
    """Whose public holidays count as Sundays. Left out: those of the account where it is like office, else none."""
    days_vary: Share = DAYS_VARY
    """How much days differ from one another: 0.15 is 15 % as a rule. None where `jitter` is 0."""
    month_end: Weight = 1
    """How much busier the last three working days of a month are; the others have less, and the month as much."""


class Lively(NamedTuple):
    """The keywords of `usage.series` that a rhythm stands for."""

    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    holidays: Country | None
    days_vary: float
    month_end: float


def build_rhythm(section: RhythmName | RhythmSection, jitter: float, holidays: Country | None) -> dict[str, Any]:
    """Keywords of a series. `holidays` are the account's."""
    if isinstance(section, str):
        section = RhythmSection(like=section)
    named = RHYTHMS[section.like]
    kept = section.holidays or (holidays if named.holidays else None)
    return Lively(
        section.weekdays or named.weekdays,
        section.hours or named.hours,
        None if kept == "none" else kept,
        section.days_vary if jitter else 0,
        section.month_end,
    )._asdict()


GROWTH = re.compile(r"([+-]?[0-9]{1,5}(?:\.[0-9]{1,4})?) ?% an? (day|week|month)")
DAYS = {"day": 1, "week": 7, "month": 30}


def growth(text: str) -> tuple[float, int]:
    """The share and the days in which it is added, of `12% a month`. Raises ValueError with the way out."""
    match = GROWTH.fullmatch(text)
    if not match or float(match[1]) < -100:
        raise ValueError(f"`{text}` is no growth; write 1% a day, 5% a week, 12% a month or -3% a month")
    return round(float(match[1]) / 100, 6), DAYS[match[2]]
