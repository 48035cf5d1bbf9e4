"""The range of time that a statistics request asks about, and how its graph is cut and labelled."""

from functools import lru_cache
from time import gmtime, strftime
from typing import NamedTuple

from lke_emulator.account.call import Call
from lke_emulator.protocol.errors import refusal

FIVE_MINUTES, AN_HOUR, A_DAY = 300, 3600, 86_400
MOST_BUCKETS = 100_000
FORMATS = {FIVE_MINUTES: "%Y%m%d%H%M", AN_HOUR: "%Y%m%d%H", A_DAY: "%Y%m%d"}
"""Documented: yyyyMMddHHmm, yyyyMMddHH and yyyyMMdd."""


class Period(NamedTuple):
    """[start, stop) in whole Unix seconds; `stop` is not after the account's now, for usage to come is not told."""

    start: int
    stop: int
    width: int
    """Seconds of a bucket of its graph; the server chooses it by the length of the range asked for (inferred)."""

    @property
    def drawn(self) -> int:
        """Where its graph begins: of more than 100,000 buckets it has the newest, which are 273 years of days."""
        return max(self.start, self.stop - (MOST_BUCKETS - 1) * self.width)


def period(call: Call) -> Period:
    """The period a request names in either time pair, its end included (documented by example).

    InvalidParameter for a time that is no number, InvalidParameterValue for an end before the start.
    """
    start = bound(call, "StatStartTime", "StartTime")
    end = bound(call, "StatEndTime", "EndTime")
    if end is not None and end < (start or 0) and call.assumptions.end_before_start == "refuse":
        name = "StatEndTime" if call.params.get("StatEndTime") else "EndTime"
        raise refusal("parameter-value", name=name, value=end)
    now = int(call.now) + 1
    begin = max(0, start or 0)
    stop = now if end is None else end + 1
    return Period(begin, min(stop, now), bucket_width(stop - begin, call))


def bound(call: Call, whole: str, text: str) -> int | None:
    """A bound in Unix seconds; 0 and empty are none, as their documented defaults are."""
    number = call.params.get(whole)
    written = call.params.get(text)
    if not written:
        return number or None
    if not written.removeprefix("-").isdecimal() or len(written) > 19:
        raise refusal("format", name=text)
    first, second = (number, int(written)) if call.assumptions.time_precedence == "stat" else (int(written), number)
    return first or second or None


def bucket_width(length: int, call: Call) -> int:
    if length <= call.assumptions.graph_minutes_up_to:
        return FIVE_MINUTES
    return AN_HOUR if length <= call.assumptions.graph_hours_up_to else A_DAY


def label(start: int, width: int, zone: int, edge: str) -> str:
    """The X of the bucket that begins at `start`, in the account's zone."""
    return time_label(start + zone + (width if width == FIVE_MINUTES and edge == "end" else 0), width)


@lru_cache(8192)
def time_label(local: int, width: int) -> str:
    return strftime(FORMATS[width], gmtime(local))
