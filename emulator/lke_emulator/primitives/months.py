"""Calendar months in an account's zone (seconds east of UTC)."""

from calendar import monthrange
from datetime import datetime, timedelta, timezone

LATEST = 221_845_391_999
"""The last second of the year 8999 (UTC). No later moment is accepted: whoever adds a year to it still has a date."""


def months_after(moment: int, months: int, zone: int, day: int = 0) -> int:
    """The same day of the month (or `day`, if it is given) and time so many months later, or the last day of a month that is
    too short for it."""
    here = at(moment, zone)
    years, month = divmod(here.month - 1 + months, 12)
    year, month = here.year + years, month + 1
    day = min(day or here.day, monthrange(year, month)[1])
    return int(here.replace(year=year, month=month, day=day).timestamp())


def first_of_month(moment: int, zone: int) -> int:
    """Its first midnight."""
    return int(at(moment, zone).replace(day=1, hour=0, minute=0, second=0).timestamp())


def at(moment: float, zone: int) -> datetime:
    return datetime.fromtimestamp(moment, timezone(timedelta(seconds=zone)))
