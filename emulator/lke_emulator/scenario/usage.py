"""The `usage` of a scenario's account: what was used, and goes on being used, as series of its ledger."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from operator import sub
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta
from msgspec.structs import asdict, replace

from lke_emulator.account.account import Account
from lke_emulator.billing.packages import APIS
from lke_emulator.scenario import moments
from lke_emulator.scenario.document import Place, ScenarioError
from lke_emulator.scenario.events import EventSection, Story, build_events
from lke_emulator.scenario.mismatch import nearest
from lke_emulator.scenario.rhythm import RhythmName, RhythmSection, Weight, build_rhythm, growth
from lke_emulator.scenario.section import Amount, Digits, Duration, Moment, Section, Share, Text, Whole
from lke_emulator.scenario.things import Things
from lke_emulator.usage import series
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.events import Window
from lke_emulator.usage.line import Line
from lke_emulator.usage.metered import Metered
from lke_emulator.usage.series import Series
from lke_emulator.usage.sizes import KINDS

Name = str | Annotated[int, Meta(ge=0, le=2**63 - 1)]
SubBizType = Literal["KnowledgeQA", "KnowledgeSummary", "Rewrite", "Embedding", "FileParse", "SearchEngine", "Rerank"]
Refs = Name | list[Name] | dict[str, Weight]
"""Which things of the account a figure is about: a name, several, several with weights, or `all`."""
SERIES_LIMIT = 20_000
"""Of one entry; a total over so many takes a second."""
ROOT = "root"
RECORDED_LIMIT = 1_000_000
"""Real calls of one entry; each is kept."""


class PerCall(Section, frozen=True):
    """What one call consumes on average."""

    input_tokens: Amount = 0
    output_tokens: Amount = 0
    pages: Amount = 0
    """Pages of document parsing."""
    split_tokens: Amount = 0
    """Tokens of document splitting."""
    rag_searches: Amount = 0
    """Retrievals from the knowledge base."""
    internet_searches: Amount = 0
    """Online searches."""


class AmountsSection(Section, frozen=True, kw_only=True):
    """Calls and what they consumed, in total."""

    calls: Whole
    input_tokens: Whole = 0
    output_tokens: Whole = 0
    pages: Whole = 0
    split_tokens: Whole = 0
    rag_searches: Whole = 0
    internet_searches: Whole = 0


class Point(AmountsSection, frozen=True, kw_only=True):
    """Calls at one moment and what they consumed, in total."""

    at: Moment


class Gap(Section, frozen=True):
    """A time without usage."""

    since: Moment
    until: Moment
    """The first moment after it."""


class Burst(Gap, frozen=True):
    """A time with more usage, or less."""

    factor: Annotated[float, Meta(ge=0, le=10**6)]
    """How many times the usual number of calls come."""


class VerbatimSection(Section, frozen=True):
    """What a line of usage has that the account does not list: a deleted app, a model that is not declared, an API key. It is
    taken as it is, and not looked up."""

    sub_account: Annotated[str, Meta(pattern="^(root|[0-9]{1,20})$")] | None = None
    """A uin, or `root`: calls that were really made name the root account, and the usage of a scenario names nobody."""
    space: str | None = None
    app: Digits | None = None
    """AppBizId."""
    app_name: str | None = None
    app_type: str | None = None
    model: str | None = None
    sub_biz_type: str | None = None
    key: Digits | None = None
    """The id of an API key."""
    api: str | None = None


class UsageLine(Section, frozen=True):
    """Who called what. A figure given for several things is shared among all their combinations, by weight."""

    app: Refs | None = None
    """The apps that were called, by name or biz id: one, a list, a mapping of name to weight, or `all`."""
    space: Text | None = None
    """The space, for usage without an app; an app brings its own."""
    model: Refs | None = None
    """The models that answered: one, a list, a mapping of name to weight, or `all`."""
    sub_account: Refs | None = None
    """The sub-accounts that called: one, a list, a mapping of name to weight, or `all`. Left out: the root account."""
    sub_biz_type: SubBizType = "KnowledgeQA"
    """SubBizType."""
    api: Text | None = None
    """The action, such as ChatCompletions, where an API of lkeap was called; packages, switches and prices name it.
    Left out: usage of apps, which is billed by its sub_biz_type."""
    call_type: str = ""
    """CallType as call details show it, such as 对话调用-分享用户端对话."""
    sub_scene: str = ""
    """SubScene."""
    billing_tag: str = ""
    """BillingTag."""
    verbatim: VerbatimSection | None = None
    """Left out: everything is as the account lists it."""


class Ranged(UsageLine, frozen=True):
    """What usage over a range of time has in common."""

    bursts: list[Burst] = []
    """Times with more usage, or less. They do not overlap one another or a gap."""
    gaps: list[Gap] = []
    """Times without usage."""


class Rhythmic(Ranged, frozen=True):
    """What usage has in common that is laid out by a rhythm."""

    rhythm: RhythmName | RhythmSection = "flat"
    """How calls lie over the week and the day."""
    jitter: Share = 0.4
    """How far hours and five-minute marks wobble, and days of one line against those of another."""
    events: list[EventSection] = []
    """What happened to this usage alone, besides the account's `events`."""


class Generated(Rhythmic, frozen=True, kw_only=True, tag_field="kind", tag="generated"):
    """Endless believable usage: so many calls a day, by a rhythm, with noise from the seed."""

    since: Moment
    """The first moment with usage."""
    until: Moment | None = None
    """The first moment without usage again. Left out: it goes on."""
    calls_a_day: Amount
    """The average over a week, at the level of the first day."""
    per_call: PerCall = PerCall()
    """What a call consumes on average."""
    spread: Share = 0.3
    """How far calls differ: what one consumes lies within the average * (1 - spread) and * (1 + spread)."""
    growth: Text | None = None
    """What every week or month adds, as a share of the first level: 5% a week, 12% a month, -3% a month."""
    growth_from: Moment | None = None
    """The day from which on it grows, with `calls_a_day` until then. Left out: `since`; where that moves with today, days
    that have passed change from one start to the next, and a date here keeps them as they were."""
    growth_a_day: Annotated[float, Meta(ge=-1, le=100)] = 0
    """The same by the day, as a number: 0.01 is one per cent more a day."""


class Total(Rhythmic, frozen=True, kw_only=True, tag_field="kind", tag="total"):
    """Exact totals, spread over a range by a rhythm."""

    since: Moment
    """The first moment of the range."""
    until: Moment
    """The first moment after the range."""
    amounts: AmountsSection
    """What the range comes to."""
    spread: Share = 0.3
    """How far calls differ in what they consume."""


class Steady(Ranged, frozen=True, kw_only=True, tag_field="kind", tag="steady"):
    """The same usage in every period, without noise."""

    since: Moment
    """Where the first period begins."""
    until: Moment | None = None
    """The first moment without usage again. Left out: it goes on."""
    period: Duration | None = None
    """How long a period lasts. Left out: a day."""
    calls: Amount
    """Calls in a period."""
    weights: Annotated[tuple[Weight, ...], Meta(min_length=1, max_length=2016)] = (1,)
    """The shape of a period: the relative weights of its equal parts."""
    per_call: PerCall = PerCall()
    """What a call consumes on average."""
    spread: Share = 0
    """How far calls differ in what they consume."""


class Repeating(Ranged, frozen=True, kw_only=True, tag_field="kind", tag="repeating"):
    """Exact amounts for the parts of a period, again and again."""

    since: Moment
    """Where the first period begins."""
    until: Moment | None = None
    """The first moment without usage again. Left out: it goes on."""
    period: Duration
    """How long a period lasts."""
    slots: Annotated[list[AmountsSection], Meta(min_length=1, max_length=2016)]
    """What happens in each of its equal parts."""


class Points(UsageLine, frozen=True, kw_only=True, tag_field="kind", tag="points"):
    """Exact amounts at exact moments."""

    points: Annotated[list[Point], Meta(min_length=1)]


class RecordedPoint(Point, frozen=True, kw_only=True):
    """Real calls at one moment and what they consumed, in total."""

    calls: Annotated[int, Meta(ge=1, le=RECORDED_LIMIT)]
    visitor: str = ""
    """Who asked, in a dialogue."""


class Recorded(UsageLine, frozen=True, kw_only=True, tag_field="kind", tag="recorded"):
    """Calls that were really made. Those of apps are dialogues, whose messages are in `conversations`."""

    points: Annotated[list[RecordedPoint], Meta(min_length=1)]


Usage = Generated | Total | Steady | Repeating | Points | Recorded


class UsageEntry(NamedTuple):
    """One entry of `usage` being built: its account, its moment zero, and where it stands."""

    account: Account
    things: Things
    now: float
    at: Place
    story: Story

    def moment(self, text: str, at: Place) -> int:
        return at.checked(moments.moment, text, self.now, self.account.zone)

    def range(self, since: str, until: str | None, at: Place) -> tuple[int, int | None]:
        """Both ends; the second is None for usage that goes on. `at` holds the keys `since` and `until`."""
        start = self.moment(since, at / "since")
        stop = None if until is None else self.moment(until, at / "until")
        if stop is not None and stop <= start:
            raise (at / "until").wrong(f"this is not after `since` ({since}); it is the first moment after the range")
        return start, stop


class LinePart(NamedTuple):
    """One line of an entry and its share of the entry's figures."""

    line: Line
    share: Fraction


def build_usage(
    entry: Usage, account: Account, things: Things, now: float, at: Place, story: Story
) -> Iterator[Series]:
    """The series of one entry: one for every combination of what it names. The story is the account's."""
    here = UsageEntry(account, things, now, at, story)
    parts = list(cross(entry, here))
    try:
        yield from BUILDERS[type(entry)](entry, here, parts)
    except ValueError as error:
        raise misplaced(here, str(error)) from None


def misplaced(here: UsageEntry, message: str) -> ScenarioError:
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
    "days_vary": "rhythm",
    "month_end": "rhythm",
    "growth": "growth_a_day",
    "stop": "until",
    "calls": "amounts",
} | dict.fromkeys(("input", "output", "pages", "split", "rag", "internet"), "per_call")


def cross(entry: UsageLine, here: UsageEntry) -> Iterator[LinePart]:
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
                if entry.verbatim is not None:
                    line = taken_as_it_is(line, entry.verbatim, here.account.uin)
                yield LinePart(line, app_share * model_share * caller_share)


def taken_as_it_is(line: Line, verbatim: VerbatimSection, root: str) -> Line:
    said = {name: str(value) for name, value in asdict(verbatim).items() if value is not None}
    if said.get("sub_account") == ROOT:
        said["sub_account"] = root
    return replace(line, **said)


def build_generated(entry: Generated, here: UsageEntry, parts: list[LinePart]) -> Iterator[Series]:
    since, until = here.range(entry.since, entry.until, here.at)
    life = lively(entry, here)
    share_added, days = growth_of(entry, here)
    growth_from = here.moment(entry.growth_from, here.at / "growth_from") if entry.growth_from else None
    exceptions = windows(entry, here)
    for line, share in parts:
        yield series.synthesised(
            line,
            seed=here.account.seed,
            zone=here.account.zone,
            since=since,
            until=until,
            calls_a_day=float(Fraction(entry.calls_a_day) * share),
            **means(entry.per_call),
            spread=entry.spread,
            growth=share_added,
            growth_days=days,
            growth_from=growth_from,
            jitter=entry.jitter,
            windows=exceptions,
            **life,
        )


def build_total(entry: Total, here: UsageEntry, parts: list[LinePart]) -> Iterator[Series]:
    start, stop = here.range(entry.since, entry.until, here.at)
    assert stop is not None
    life = lively(entry, here)
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
            jitter=entry.jitter,
            windows=exceptions,
            **life,
        )


def build_steady(entry: Steady, here: UsageEntry, parts: list[LinePart]) -> Iterator[Series]:
    since, until = here.range(entry.since, entry.until, here.at)
    exceptions = windows(entry, here)
    for line, share in parts:
        yield series.steady(
            line,
            seed=here.account.seed,
            since=since,
            until=until,
            period=period_of(entry.period or "1d", here),
            calls=float(Fraction(entry.calls) * share),
            weights=entry.weights,
            **means(entry.per_call),
            spread=entry.spread,
            windows=exceptions,
        )


def build_repeating(entry: Repeating, here: UsageEntry, parts: list[LinePart]) -> Iterator[Series]:
    since, until = here.range(entry.since, entry.until, here.at)
    slots = [amounts(slot) for slot in entry.slots]
    line = only_line(here, parts)
    duration = period_of(entry.period, here)
    yield series.repeating(line, since=since, until=until, period=duration, slots=slots, windows=windows(entry, here))


def build_points(entry: Points, here: UsageEntry, parts: list[LinePart]) -> Iterator[Series]:
    line = only_line(here, parts)
    yield series.literal(
        line,
        [
            (here.moment(point.at, here.at / "points" / i / "at"), amounts(point))
            for i, point in enumerate(entry.points)
        ],
    )


def build_recorded(entry: Recorded, here: UsageEntry, parts: list[LinePart]) -> Iterator[Series]:
    if sum([point.calls for point in entry.points]) > RECORDED_LIMIT:
        raise (here.at / "points").wrong(f"these are more than {RECORDED_LIMIT} calls; let them be of kind points")
    made = Metered(only_line(here, parts))
    moments = [here.moment(point.at, here.at / "points" / i / "at") for i, point in enumerate(entry.points)]
    for moment, point in sorted(zip(moments, entry.points, strict=True), key=lambda pair: pair[0]):
        rest = [0] * len(KINDS)
        for place in range(1, point.calls + 1):
            until = [amount * place // point.calls for amount in amounts_used(point)]
            made.record(moment, tuple(map(sub, until, rest)), "", visitor=point.visitor)
            rest = until
    yield made


BUILDERS: dict[type, Callable[[Any, UsageEntry, list[LinePart]], Iterator[Series]]] = {
    Generated: build_generated,
    Total: build_total,
    Steady: build_steady,
    Repeating: build_repeating,
    Points: build_points,
    Recorded: build_recorded,
}


def only_line(here: UsageEntry, parts: list[LinePart]) -> Line:
    if len(parts) > 1:
        raise here.at.wrong(f"exact amounts belong to one line of usage, and this names {len(parts)}; name one of each")
    return parts[0].line


def lively(entry: Rhythmic, here: UsageEntry) -> dict[str, Any]:
    """The keywords of a series for its rhythm and for what happens to it."""
    own = build_events(entry.events, here.now, here.account.zone, here.at / "events")
    story = here.story.and_also(own)
    rhythm = build_rhythm(entry.rhythm, entry.jitter, story.holidays)
    return rhythm | {"events": story.events, "closed": story.closed}


def growth_of(entry: Generated, here: UsageEntry) -> tuple[float, int]:
    """The share that is added, and in how many days."""
    if entry.growth is None:
        return entry.growth_a_day, 1
    if entry.growth_a_day:
        raise (here.at / "growth_a_day").wrong("`growth` says it already; leave one of the two out")
    return (here.at / "growth").checked(growth, entry.growth)


def period_of(text: str, here: UsageEntry) -> int:
    return (here.at / "period").checked(moments.duration, text)


def windows(entry: Ranged, here: UsageEntry) -> list[Window]:
    """Bursts and gaps in the order of time; an overlap is a mistake of the later one."""
    found: list[tuple[Window, Place]] = []
    for key, sections in (("bursts", entry.bursts), ("gaps", entry.gaps)):
        for i, section in enumerate(sections):
            place = here.at / key / i
            start, stop = here.range(section.since, section.until, place)
            factor = section.factor if isinstance(section, Burst) else 0
            found.append(((start, stop or start, factor), place))
    found.sort(key=lambda pair: pair[0])
    for (before, _), (after, place) in pairwise(found):
        if after[0] < before[1]:
            raise place.wrong("this begins before another burst or gap ends; let them follow one another")
    return [window for window, _ in found]


def means(section: PerCall) -> dict[str, Any]:
    """The means by the names that a series has for them."""
    return dict(zip(Amounts._fields[1:], amounts_used(section), strict=True))


def amounts(section: AmountsSection) -> Amounts:
    return Amounts(section.calls, *amounts_used(section))


def amounts_used(section: Any) -> tuple[Any, ...]:
    return (
        section.input_tokens,
        section.output_tokens,
        section.pages,
        section.split_tokens,
        section.rag_searches,
        section.internet_searches,
    )


def apportioned(whole: Amounts, parts: list[LinePart]) -> list[Amounts]:
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
