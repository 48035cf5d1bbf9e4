"""The `usage` of a scenario's account as series of its ledger."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.billing.packages import APIS
from lke_emulator.scenario import format as written
from lke_emulator.scenario import moments
from lke_emulator.scenario.document import Place, ScenarioError
from lke_emulator.scenario.mismatch import nearest
from lke_emulator.scenario.things import Things
from lke_emulator.usage import series
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.line import Line
from lke_emulator.usage.rhythms import RHYTHMS
from lke_emulator.usage.series import Series

SERIES_LIMIT = 20_000
"""Of one entry; a total over so many takes a second."""
Window = tuple[int, int, float]


class Entry(NamedTuple):
    """One entry of `usage` being built: its account, its moment zero, and where it stands."""

    account: Account
    things: Things
    now: float
    at: Place

    def moment(self, text: str, at: Place) -> int:
        return at.checked(moments.moment, text, self.now, self.account.zone)

    def range(self, since: str, until: str | None, at: Place) -> tuple[int, int | None]:
        """Both ends; the second is None for usage that goes on. `at` holds the keys `since` and `until`."""
        start = self.moment(since, at / "since")
        stop = None if until is None else self.moment(until, at / "until")
        if stop is not None and stop <= start:
            raise (at / "until").wrong(f"this is not after `since` ({since}); it is the first moment after the range")
        return start, stop


class Part(NamedTuple):
    """One line of an entry and its share of the entry's figures."""

    line: Line
    share: Fraction


def build_usage(entry: written.Usage, account: Account, things: Things, now: float, at: Place) -> Iterator[Series]:
    """The series of one entry: one for every combination of what it names."""
    here = Entry(account, things, now, at)
    parts = list(cross(entry, here))
    try:
        yield from BUILDERS[type(entry)](entry, here, parts)
    except ValueError as error:
        raise refused(here, str(error)) from None


def refused(here: Entry, message: str) -> ScenarioError:
    """A series says `<argument>: <what is wrong>`; the argument is the entry's key, or stands under another one."""
    argument, _, what = message.partition(": ")
    argument = argument.partition("[")[0]
    for key in (argument, ARGUMENTS.get(argument, "")):
        if key in here.at.value:
            return (here.at / key).wrong(what)
    return here.at.wrong(message)


ARGUMENTS = {
    "windows": "bursts",
    "weekdays": "rhythm",
    "hours": "rhythm",
    "growth": "growth_a_day",
    "stop": "until",
    "calls": "amounts",
} | dict.fromkeys(("input", "output", "pages", "split", "rag", "internet"), "per_call")


def cross(entry: written.UsageLine, here: Entry) -> Iterator[Part]:
    """Every combination of the entry's apps, models and sub-accounts."""
    things, at = here.things, here.at
    apps = things.apps.shares(entry.app, at / "app")
    models = things.models.shares(entry.model, at / "model")
    callers = things.sub_accounts.shares(entry.sub_account, at / "sub_account")
    if entry.api is not None and entry.api not in APIS:
        raise (at / "api").wrong(f"`{entry.api}` is no API that is billed; {nearest(entry.api, APIS)}")
    count = len(apps) * len(models) * len(callers)
    if count > SERIES_LIMIT:
        raise at.wrong(f"this is usage of {count} combinations, at most {SERIES_LIMIT} can be")
    space = ""
    if entry.space is not None:
        if entry.app is not None:
            raise (at / "space").wrong("an app brings its own space; leave one of the two out")
        space = things.spaces.one(entry.space, at / "space").id
    for app, app_share in apps:
        for model, model_share in models:
            for caller, caller_share in callers:
                line = Line(
                    sub_account=caller.uin if caller else "",
                    space=app.space if app else space,
                    app=app.biz_id if app else "",
                    app_name=app.name if app else "",
                    app_type=app.type if app else "",
                    model=model.name if model else "",
                    sub_biz_type=entry.sub_biz_type,
                    call_type=entry.call_type,
                    sub_scene=entry.sub_scene,
                    billing_tag=entry.billing_tag,
                    api=entry.api or "",
                )
                yield Part(line, app_share * model_share * caller_share)


def generated(entry: written.Generated, here: Entry, parts: list[Part]) -> Iterator[Series]:
    since, until = here.range(entry.since, entry.until, here.at)
    weekdays, hours = rhythm(entry.rhythm)
    exceptions = windows(entry, here)
    for line, share in parts:
        yield series.synthesised(
            line,
            seed=here.account.seed,
            zone=here.account.zone,
            since=since,
            until=until,
            calls_a_day=float(Fraction(entry.calls_a_day) * share),
            **per_call(entry.per_call),
            spread=entry.spread,
            weekdays=weekdays,
            hours=hours,
            growth=entry.growth_a_day,
            jitter=entry.jitter,
            windows=exceptions,
        )


def total(entry: written.Total, here: Entry, parts: list[Part]) -> Iterator[Series]:
    start, stop = here.range(entry.since, entry.until, here.at)
    assert stop is not None
    weekdays, hours = rhythm(entry.rhythm)
    exceptions = windows(entry, here)
    for (line, _), part in zip(parts, apportioned(amounts(entry.amounts), parts), strict=True):
        yield series.spread(
            line,
            seed=here.account.seed,
            zone=here.account.zone,
            start=start,
            stop=stop,
            **part._asdict(),
            spread=entry.spread,
            weekdays=weekdays,
            hours=hours,
            jitter=entry.jitter,
            windows=exceptions,
        )


def steady(entry: written.Steady, here: Entry, parts: list[Part]) -> Iterator[Series]:
    since, until = here.range(entry.since, entry.until, here.at)
    exceptions = windows(entry, here)
    for line, share in parts:
        yield series.steady(
            line,
            seed=here.account.seed,
            since=since,
            until=until,
            period=period(entry.period or "1d", here),
            calls=float(Fraction(entry.calls) * share),
            weights=entry.weights,
            **per_call(entry.per_call),
            spread=entry.spread,
            windows=exceptions,
        )


def repeating(entry: written.Repeating, here: Entry, parts: list[Part]) -> Iterator[Series]:
    since, until = here.range(entry.since, entry.until, here.at)
    slots = [amounts(slot) for slot in entry.slots]
    line = only_line(here, parts)
    duration = period(entry.period, here)
    yield series.repeating(line, since=since, until=until, period=duration, slots=slots, windows=windows(entry, here))


def points(entry: written.Points, here: Entry, parts: list[Part]) -> Iterator[Series]:
    line = only_line(here, parts)
    yield series.literal(
        line,
        [
            (here.moment(point.at, here.at / "points" / i / "at"), amounts(point))
            for i, point in enumerate(entry.points)
        ],
    )


BUILDERS: dict[type, Callable[[Any, Entry, list[Part]], Iterator[Series]]] = {
    written.Generated: generated,
    written.Total: total,
    written.Steady: steady,
    written.Repeating: repeating,
    written.Points: points,
}


def only_line(here: Entry, parts: list[Part]) -> Line:
    if len(parts) > 1:
        raise here.at.wrong(f"exact amounts belong to one line of usage, and this names {len(parts)}; name one of each")
    return parts[0].line


def rhythm(entry: written.RhythmName | written.Rhythm) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The weights of weekdays and of hours."""
    if isinstance(entry, written.Rhythm):
        return entry.weekdays, entry.hours
    return RHYTHMS[entry]


def period(text: str, here: Entry) -> int:
    return (here.at / "period").checked(moments.duration, text)


def windows(entry: written.Ranged, here: Entry) -> list[Window]:
    """Bursts and gaps in the order of time; an overlap is a mistake of the later one."""
    found: list[tuple[Window, Place]] = []
    for key, sections in (("bursts", entry.bursts), ("gaps", entry.gaps)):
        for i, section in enumerate(sections):
            place = here.at / key / i
            start, stop = here.range(section.since, section.until, place)
            factor = section.factor if isinstance(section, written.Burst) else 0
            found.append(((start, stop or start, factor), place))
    found.sort(key=lambda pair: pair[0])
    for (before, _), (after, place) in pairwise(found):
        if after[0] < before[1]:
            raise place.wrong("this begins before another burst or gap ends; let them follow one another")
    return [window for window, _ in found]


def per_call(section: written.PerCall) -> dict[str, float]:
    """The means by the names that a series has for them."""
    return dict(zip(Amounts._fields[1:], consumed(section), strict=True))


def amounts(section: written.Amounts) -> Amounts:
    return Amounts(section.calls, *consumed(section))


def consumed(section: Any) -> tuple[Any, ...]:
    return (
        section.input_tokens,
        section.output_tokens,
        section.pages,
        section.split_tokens,
        section.rag_searches,
        section.internet_searches,
    )


def apportioned(whole: Amounts, parts: list[Part]) -> list[Amounts]:
    """Whole numbers for every part that sum to the whole: calls by share, and what they consumed by calls."""
    calls = apportion(whole.calls, [part.share for part in parts])
    if not whole.calls:
        return [whole if i == 0 else Amounts() for i in range(len(parts))]
    shares = [Fraction(count, whole.calls) for count in calls]
    columns = [apportion(amount, shares) for amount in whole[1:]]
    return [Amounts(*row) for row in zip(calls, *columns, strict=True)]


def apportion(whole: int, shares: list[Fraction]) -> list[int]:
    """Each one's share rounded down, and what is left by one to those who lost most in rounding."""
    exact = [whole * share for share in shares]
    result = [int(part) for part in exact]
    left = whole - sum(result)
    for i in sorted(range(len(exact)), key=lambda i: (result[i] - exact[i], i))[:left]:
        result[i] += 1
    return result
