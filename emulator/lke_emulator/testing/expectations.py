"""What must be called: declared beforehand, held against what was called, and explained where it was not."""

import json
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from lke_emulator.primitives.members import member_at

Call = Mapping[str, Any]
"""A line of the journal."""
NEAREST = 3
"""Calls that a failed expectation shows."""
LONGEST = 200
"""Characters of parameters in a line."""
MEMBERS = {
    "operation": "Action",
    "surface": "Surface",
    "caller": "Caller",
    "code": "Code",
    "model": "Model",
    "key": "Key",
    "streamed": "Streamed",
    "request_id": "RequestId",
}
"""What a call is asked for by -> its member in the journal."""


class Expected(NamedTuple):
    match: Mapping[str, Any]
    times: int | range | None
    """None is at least once."""

    def waits(self, found: int) -> bool:
        most = self.times.stop - 1 if isinstance(self.times, range) else self.times
        return most is None or found < most

    @property
    def said(self) -> str:
        what = ", ".join(f"{name}={value!r}" for name, value in self.match.items()) or "of any kind"
        return f"{said_times(self.times)} with {what}"


def said_times(times: int | range | None) -> str:
    if times is None:
        return "a call"
    if isinstance(times, range):
        return f"{times.start} to {times.stop - 1} calls"
    return f"{times} call{'s' if times != 1 else ''}"


def is_met(found: int, times: int | range | None) -> bool:
    if times is None:
        return found > 0
    return found in times if isinstance(times, range) else found == times


class Expectations:
    """Those of one `with lke.calls.expecting():`. A call is counted for the first one that it fits and that waits for more."""

    def __init__(self, in_order: bool, only: bool) -> None:
        self._in_order = in_order
        self._only = only
        self._expected: list[Expected] = []

    def call(self, operation: str = "*", *, times: int | range | None = None, **match: Any) -> None:
        """Expect a call: `operation` is a pattern, `times` a number, a range (`range(1, 4)`), or left out for at least once;
        `params`, `code`, `surface`, `caller`, `model`, `streamed` as everywhere."""
        unknown = sorted(set(match) - set(MEMBERS) - {"params"})
        if unknown:
            raise TypeError(f"a call has no {unknown[0]}; it has {', '.join(MEMBERS)} and params")
        self._expected.append(Expected({"operation": operation, **match}, times))

    def verify(self, calls: Sequence[Call]) -> None:
        """Calls oldest first. AssertionError that names every expectation that is not met, and the calls that came nearest."""
        problems = list(self._problems(calls))
        if problems:
            came = "\n".join(f"  {call_line(call)}" for call in calls) or "  nothing"
            raise AssertionError("\n".join([*problems, "these were the calls:", came]))

    def _problems(self, calls: Sequence[Call]) -> Iterator[str]:
        owners: list[int | None] = []
        for call in calls:
            owners.append(self._owner(call, owners))
        for number, one in enumerate(self._expected):
            found = owners.count(number)
            if not is_met(found, one.times):
                free = [call for call, owner in zip(calls, owners, strict=True) if owner is None]
                yield f"expected {one.said}; there were {found}"
                yield from nearest(free, one.match)
        if self._in_order:
            order = [owner for owner in owners if owner is not None]
            wrong = next((place for place in range(1, len(order)) if order[place] < order[place - 1]), None)
            if wrong is not None:
                later, earlier = self._expected[order[wrong - 1]], self._expected[order[wrong]]
                yield f"expected {earlier.said} before {later.said}; it came after"
        if self._only and None in owners:
            others = [call_line(call) for call, owner in zip(calls, owners, strict=True) if owner is None]
            yield from (f"nobody expected {line}" for line in others)

    def _owner(self, call: Call, owners: Sequence[int | None]) -> int | None:
        """The first that it fits and that waits for more; else the first that it fits."""
        fitting = [number for number, one in enumerate(self._expected) if not mismatches(call, one.match)]
        waiting = (number for number in fitting if self._expected[number].waits(owners.count(number)))
        return next(waiting, fitting[0] if fitting else None)


def nearest(calls: Sequence[Call], match: Mapping[str, Any]) -> list[str]:
    """The calls that fit most of what was asked for, each with what does not."""
    missed = sorted(((mismatches(call, match), call) for call in calls), key=lambda pair: len(pair[0]))
    return ["nearest: " + "; ".join([call_line(call), *lines]) for lines, call in missed[:NEAREST]]


def call_line(call: Call) -> str:
    params = json.dumps(call["Params"], ensure_ascii=False)
    verdict = f"{call['Code']}: {call['Message']}" if call["Code"] else call["Verdict"]
    fault = f" (fault {call['Fault']})" if call["Fault"] else ""
    return f"{call['Action']} {params[:LONGEST]} -> {verdict}{fault} [{call['RequestId']}]"


def mismatches(call: Call, match: Mapping[str, Any]) -> list[str]:
    """Every member of the call that is not as asked for."""
    lines = [
        f"{name} is {call.get(MEMBERS[name])!r}, not {wanted!r}"
        for name, wanted in match.items()
        if name in MEMBERS and not fits_member(name, call.get(MEMBERS[name]), wanted)
    ]
    for path, wanted in match.get("params", {}).items():
        there = member_at(call["Params"], path.split("."))
        if there != wanted:
            lines.append(f"{path} is {there!r}, not {wanted!r}")
    return lines


def fits_member(name: str, there: Any, wanted: Any) -> bool:
    """As the journal judges it."""
    if name == "operation":
        return fnmatchcase(there, wanted) or fnmatchcase(there.partition(".")[2], wanted)
    if name == "code":
        return wanted in (there or "ok", there.partition(".")[0])
    return bool(there == wanted)
