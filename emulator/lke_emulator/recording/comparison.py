"""What differs between a reply that was recorded and one that came now.

Identifiers, times and what was redacted are never the same twice. Transformers hold them against each other: an id must have
the same form and stand for the same thing everywhere, a time the same form; everything else must be equal.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from lke_emulator.primitives.secret_names import WORDS
from lke_emulator.recording.exchange import RecordedReply
from lke_emulator.recording.redaction import SHORTEST, is_stand_in

ID_WORDS = frozenset(("id", "ids", "uuid", "traceid", "uin", "fingerprint"))
TIME_WORDS = frozenset(("time", "date", "timestamp", "created", "expire", "expires", "expired", "deadline", "at"))
DURATION_WORDS = frozenset(("elapsed", "cost", "latency", "duration", "uptime"))
URL = re.compile(r"https?://", re.IGNORECASE)
LONGEST = 120
"""Characters of a value in a line."""


class Difference(NamedTuple):
    place: str
    """`lke.ListApp.List.0.Name`, which `--ignore` matches."""
    what: str


class Comparison:
    """Of the replies of one recording, in their order: what an id stands for is remembered."""

    def __init__(self, shapes_only: bool = False, ignored: tuple[str, ...] = ()) -> None:
        """`shapes_only`: figures, texts and the lengths of lists may differ, as they do between two accounts; codes and texts
        of errors, members, types and the order of events may not."""
        self.shapes_only = shapes_only
        self.ignored = ignored
        self.meant: dict[str, Any] = {}
        """An id or a stand-in of the recording -> what has its place now."""

    def differences(self, was: RecordedReply, now: RecordedReply) -> list[Difference]:
        found = self.walked(was, now)
        return [one for one in found if not any(fnmatchcase(one.place, pattern) for pattern in self.ignored)]

    def walked(self, was: RecordedReply, now: RecordedReply) -> Iterator[Difference]:
        at = was.operation
        if was.recorded.status != now.recorded.status:
            yield Difference(f"{at}.status", f"was HTTP {was.recorded.status}, is {now.recorded.status}")
        if was.error is not None and now.error is not None:
            yield from self.text(was.error.code, now.error.code, f"{at}.error.code")
            yield from self.text(was.error.message, now.error.message, f"{at}.error.message")
        elif was.events is not None and now.events is not None:
            yield from self.events(was.events, now.events, at)
        elif sort_of_reply(was) != sort_of_reply(now):
            yield Difference(at, f"was {sort_of_reply(was)}, is {sort_of_reply(now)}")
        else:
            yield from self.value(was.result, now.result, at, "")

    def text(self, was: str, now: str, at: str) -> Iterator[Difference]:
        """Of an error: ids that are known, and moments, may stand in it."""
        for recorded, meant in self.meant.items():
            if len(recorded) >= SHORTEST:
                was = was.replace(recorded, str(meant))
        if re.sub(r"\d{10,13}", "0", was) != re.sub(r"\d{10,13}", "0", now):
            yield differing(at, was, now)

    def events(self, was: list[Any], now: list[Any], at: str) -> Iterator[Difference]:
        if self.shapes_only:
            # How an answer is cut into pieces is nobody's promise.
            was, now = (list(one_of_each_run(events)) for events in (was, now))
        elif len(was) != len(now):
            yield Difference(at, f"was {len(was)} events, is {len(now)}")
        for place, (one, other) in enumerate(zip(was, now, strict=False)):
            yield from self.value(one, other, f"{at}.{place}", "")
        if self.shapes_only and len(was) != len(now):
            yield Difference(at, f"was {len(was)} kinds of events in a row, is {len(now)}")

    def value(self, was: Any, now: Any, at: str, name: str) -> Iterator[Difference]:
        if json_type(was) != json_type(now):
            yield Difference(at, f"was {json_type(was)} {outlined(was)}, is {json_type(now)} {outlined(now)}")
        elif isinstance(was, dict):
            yield from self.members(was, now, at)
        elif isinstance(was, list):
            yield from self.items(was, now, at, name)
        elif not self.same(was, now, name):
            yield differing(at, was, now)

    def members(self, was: dict[str, Any], now: dict[str, Any], at: str) -> Iterator[Difference]:
        for name in was.keys() - now.keys():
            yield Difference(f"{at}.{name}", f"was {outlined(was[name])}, is not there")
        for name in now.keys() - was.keys():
            yield Difference(f"{at}.{name}", f"was not there, is {outlined(now[name])}")
        for name in was:
            if name in now:
                yield from self.value(was[name], now[name], f"{at}.{name}", name)

    def items(self, was: list[Any], now: list[Any], at: str, name: str) -> Iterator[Difference]:
        if self.shapes_only:
            if bool(was) and bool(now):
                yield from self.value(was[0], now[0], f"{at}.0", name)
            return
        if len(was) != len(now):
            yield Difference(at, f"was {len(was)} items, is {len(now)}")
            return
        if was != now and sorted(map(repr, was)) == sorted(map(repr, now)):
            yield Difference(at, "the same items, in another order")
            return
        for place, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from self.value(one, other, f"{at}.{place}", name)

    def same(self, was: Any, now: Any, name: str) -> bool:
        words = {word.lower() for word in WORDS.findall(name)}
        if is_stand_in(was) or (was and words & ID_WORDS and isinstance(was, str)):
            return self.stands_for(was, now)
        if was == now:
            return True
        if words & TIME_WORDS:
            return moment_form(was) == moment_form(now)
        if words & DURATION_WORDS and not isinstance(was, (str, bool)):
            return True
        if isinstance(was, str) and URL.match(was) and URL.match(now):
            return True
        if self.shapes_only:
            return True
        return isinstance(was, str) and self.told_anew(was) == now

    def stands_for(self, was: Any, now: Any) -> bool:
        """An id must be one again, and wherever it stood before, this one must stand too."""
        if not is_stand_in(was) and kind_of_id(was) != kind_of_id(str(now)):
            return False
        return bool(self.meant.setdefault(str(was), now) == now)

    def told_anew(self, value: Any) -> Any:
        """A value of the recording as it would be said now: ids and stand-ins by what has their place."""
        if isinstance(value, dict):
            return {name: self.told_anew(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.told_anew(inner) for inner in value]
        if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) < SHORTEST:
            return value
        meant = self.meant.get(str(value), value)
        return int(meant) if isinstance(value, int) and str(meant).isdecimal() else meant


def sort_of_reply(reply: RecordedReply) -> str:
    if reply.error is not None:
        return f"the error {reply.error.code}"
    return "a stream" if reply.events is not None else "a result"


def kind_of_id(value: str) -> str:
    """Digits, hexadecimal digits, a UUID or another word, empty or not; and how long, but for digits of a counter."""
    if not value:
        return "empty"
    form = re.sub(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "uuid", value)
    if form.isdecimal():
        return f"{len(form)} digits" if len(form) > 9 else "a number"
    return "hexadecimal" if re.fullmatch("[0-9a-f]{16,}", form) else re.sub("[0-9A-Za-z]+", "word", form)


def moment_form(moment: Any) -> str:
    """Unix seconds and milliseconds by how many digits, texts by where their digits are; zero and empty by themselves."""
    if moment in (0, "0", ""):
        return str(moment)
    text = str(int(moment)) if isinstance(moment, float) else str(moment)
    return re.sub(r"\d", "9", text)


def one_of_each_run(events: list[Any]) -> Iterator[Any]:
    """Of events that follow one another and have the same members only the first."""
    before = None
    for event in events:
        kind = skeleton(event)
        if kind != before:
            yield event
        before = kind


def skeleton(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: inner if name == "event" else skeleton(inner) for name, inner in value.items()}
    return [skeleton(inner) for inner in value] if isinstance(value, list) else json_type(value)


def json_type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return next(
        (word for kind, word in ((str, "text"), (dict, "object"), (list, "list")) if isinstance(value, kind)), "null"
    )


def differing(at: str, was: Any, now: Any) -> Difference:
    return Difference(at, f"was {outlined(was)}, is {outlined(now)}")


def outlined(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
