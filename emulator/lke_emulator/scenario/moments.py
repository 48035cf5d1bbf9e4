"""Moments and durations as a scenario writes them.

`2025-09-28`, `2025-09-28 14:30`, `2025-09-28T14:30:00+08:00`, Unix seconds, or relative to now: `now`, `-3h`, `+30m`.
Whole days begin at midnight in the account's zone: `today`, `-90d`, `-2w`, `-3d 14:30`.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from lke_emulator.primitives.months import LATEST

if TYPE_CHECKING:  # control reads moments too, and has no use for the YAML behind a Place
    from lke_emulator.scenario.document import Place

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
DURATION = re.compile(r"([0-9]{1,9})([smhdw]?)")
RELATIVE_DAY = re.compile(r"(today|([+-])([0-9]{1,6})([dw]))(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?")
RELATIVE = re.compile(r"now|([+-])([0-9]{1,9})([smh])")
UNIX = re.compile(r"[0-9]{1,12}")
ZONE = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
FORMS = "write 2025-09-28, 2025-09-28 14:30, Unix seconds, now, -3h, today, -90d or -3d 14:30"


def moment(text: str, now: float, zone: int) -> int:
    """Unix seconds; `zone` is seconds east of UTC. Raises ValueError with the way out."""
    seconds = unchecked(text, now, zone)
    if not 0 <= seconds <= LATEST:
        raise ValueError(f"`{text}` is not between the years 1970 and 8999")
    return seconds


def unchecked(text: str, now: float, zone: int) -> int:
    if UNIX.fullmatch(text):
        return int(text)
    if match := RELATIVE.fullmatch(text):
        sign, count, unit = match.groups()
        return int(now) + (signed(sign, count, unit) if sign else 0)
    if match := RELATIVE_DAY.fullmatch(text):
        _, sign, count, unit, *clock = match.groups()
        midnight = (int(now) + zone) // 86400 * 86400 - zone
        return midnight + (signed(sign, count, unit) if sign else 0) + time_of_day(text, clock)
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is None:
            value = value.replace(tzinfo=timezone(timedelta(seconds=zone)))
        return int((value - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    except (ValueError, OverflowError):
        raise ValueError(f"`{text}` is no moment; {FORMS}") from None


def is_relative(text: str) -> bool:
    return bool(RELATIVE.fullmatch(text) or RELATIVE_DAY.fullmatch(text))


def signed(sign: str, count: str, unit: str) -> int:
    return int(sign + count) * SECONDS[unit]


def time_of_day(text: str, clock: list[str]) -> int:
    hour, minute, second = (int(part or 0) for part in clock)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"`{text}` has no valid time of day; it goes from 00:00 to 23:59:59")
    return hour * 3600 + minute * 60 + second


def duration(text: str) -> int:
    """Seconds, more than none: `90`, `90s`, `5m`, `12h`, `1d`, `2w`. Raises ValueError with the way out."""
    match = DURATION.fullmatch(text)
    if not match or not int(match[1]):
        raise ValueError(f"`{text}` is no duration; write 90s, 5m, 12h, 1d or 2w")
    return int(match[1]) * SECONDS[match[2] or "s"]


def duration_text(seconds: int) -> str:
    """So many seconds in the largest unit that they are a whole number of."""
    unit = next(unit for unit in reversed(SECONDS) if seconds % SECONDS[unit] == 0)
    return f"{seconds // SECONDS[unit]}{unit}"


def zone(text: str) -> int:
    """Seconds east of UTC of `+08:00`. Raises ValueError with the way out."""
    match = ZONE.fullmatch(text)
    if not match or int(match[2]) > 14 or int(match[3]) > 59:
        raise ValueError(f"`{text}` is no time zone; write its distance from UTC, such as +08:00 or -05:30")
    return int(f"{match[1]}1") * (int(match[2]) * 3600 + int(match[3]) * 60)


def moment_of(section: Any, key: str, now: float, zone: int, at: "Place") -> int | None:
    """Unix seconds of a section's key; None where it is left out. `at` is the section's place."""
    text = getattr(section, key)
    return None if text is None else (at / key).checked(moment, text, now, zone)


def moment_text(seconds: float, zone: int) -> str:
    """The moment as a scenario writes it, with its distance from UTC: 2025-09-28 14:30:00+08:00."""
    return str(datetime.fromtimestamp(int(seconds), timezone(timedelta(seconds=zone))))
