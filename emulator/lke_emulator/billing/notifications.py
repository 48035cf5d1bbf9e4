"""What an account is told about its packages, and when (RL-19 to RL-29).

The console and the cloud's Message Center have thresholds of their own; each is told once per package and validity.
"""

from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from lke_emulator.billing.packages import SUMS, UNITS, Package

DAY = 86400
Sender = Literal["console", "cloud"]
Event = Literal["nearly-exhausted", "exhausted", "remaining", "expiring", "expired"]
CONSOLE_CHANNELS = ("notification-center", "banner")
CLOUD_CHANNELS = ("in-site", "sms", "email")
EXPIRY_DAYS: dict[Sender, tuple[int, ...]] = {"console": (30, 7, 1), "cloud": (7, 5, 3, 1)}
REMAINING_PERCENT = (10, 5, 1)
NEARLY_PERCENT = 90


class Mark(NamedTuple):
    """Something an account is told when a package comes to this amount or this moment."""

    at: int
    sender: Sender
    event: Event
    threshold: int


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notification that was sent."""

    time: int
    sender: Sender
    event: Event
    threshold: int
    """Per cent used (90, 100), per cent remaining (10, 5, 1), days before expiry, or 0."""
    package: str
    """Its id; empty for the capacity of the knowledge base as a whole."""
    channels: tuple[str, ...]
    text: str


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """A notification that will be sent when its moment comes, or when so much is used."""

    sender: Sender
    event: Event
    threshold: int
    package: str
    time: int | None = None
    """Unix seconds."""
    used: int | None = None
    """In the package's unit."""
    channels: tuple[str, ...]


@lru_cache(256)
def usage_marks(total: int) -> tuple[Mark, ...]:
    """By the amount used of so many: the console at more than 90 % and at all, the cloud at a remainder of 10, 5 and 1 %."""
    marks = [Mark(total - total * left // 100, "cloud", "remaining", left) for left in REMAINING_PERCENT]
    marks.append(Mark(total * NEARLY_PERCENT // 100 + 1, "console", "nearly-exhausted", NEARLY_PERCENT))
    return *sorted(marks), Mark(total, "console", "exhausted", 100)


def day_marks(package: Package) -> list[Mark]:
    """By the moment. Days that lie before the package began are left out."""
    marks = [
        Mark(package.expires - days * DAY, sender, "expiring", days)
        for sender, thresholds in EXPIRY_DAYS.items()
        for days in thresholds
    ]
    marks.append(Mark(package.expires, "console", "expired", 0))
    return sorted([mark for mark in marks if mark.at > package.start])


def coming(package: Package, now: float, cloud: tuple[str, ...]) -> list[Coming]:
    """What is still to be told of a package: by use, the next first, then by day. `cloud`: channels of the Message Center."""
    if now >= package.expires:
        return []
    uses = [mark for mark in usage_marks(package.total) if mark.at > package.used] if package.kind in SUMS else []
    days = [mark for mark in day_marks(package) if mark.at > now]
    marks: list[tuple[Mark, dict[str, int]]] = [(mark, {"used": mark.at}) for mark in uses]
    marks += [(mark, {"time": mark.at}) for mark in days]
    return [
        Coming(
            sender=mark.sender,
            event=mark.event,
            threshold=mark.threshold,
            package=package.id,
            channels=CONSOLE_CHANNELS if mark.sender == "console" else cloud,
            **when,
        )
        for mark, when in marks
        if mark.sender == "console" or cloud
    ]


TEXTS: dict[Event, str] = {
    "nearly-exhausted": "{package} is nearly used up: more than {threshold} % is gone.",
    "exhausted": "{package} is used up.",
    "remaining": "{package} has {threshold} % or less left.",
    "expiring": "{package} expires in {threshold} day(s).",
    "expired": "{package} has expired.",
}


def subject_of(package: Package) -> str:
    name = package.name or f"{'Trial package' if package.source == 'trial' else 'Package'} {package.id}"
    return f"{name} ({package.total} x {UNITS[package.kind]})"


def capacity_marks(used: int, total: int) -> list[Mark]:
    """What there is to tell of a knowledge base that is so full (RL-20, RL-21)."""
    reached = used > 0 and total > 0
    marks: list[Mark] = []
    if reached and used * 100 > total * NEARLY_PERCENT:
        marks.append(Mark(used, "console", "nearly-exhausted", NEARLY_PERCENT))
    if reached and used >= total:
        marks.append(Mark(used, "console", "exhausted", 100))
    return marks


def notice(package: str, subject: str, mark: Mark, time: int, channels: tuple[str, ...]) -> Notice:
    return Notice(
        time=time,
        sender=mark.sender,
        event=mark.event,
        threshold=mark.threshold,
        package=package,
        channels=channels,
        text=TEXTS[mark.event].format(package=subject, threshold=mark.threshold),
    )
