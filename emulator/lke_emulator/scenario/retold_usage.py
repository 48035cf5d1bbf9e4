"""The usage of an account retold: a series as the entry that made it, and what real calls used as points.

Real calls are told by the second, or folded so that the file stays readable.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import takewhile
from typing import Any, TypeVar, get_args

from msgspec.structs import replace

from lke_emulator.account.account import Account
from lke_emulator.billing.packages import APIS
from lke_emulator.scenario.events import EventSection, Holiday, Launch, Outage, Rush
from lke_emulator.scenario.moments import duration_text, moment_text
from lke_emulator.scenario.rhythm import DAYS, DAYS_VARY, RhythmSection, growth
from lke_emulator.scenario.section import Digits, Duration, Moment, Text
from lke_emulator.scenario.usage import (
    RECORDED_LIMIT,
    ROOT,
    AmountsSection,
    Burst,
    Gap,
    Generated,
    PerCall,
    Point,
    Points,
    Recorded,
    RecordedPoint,
    Repeating,
    Steady,
    SubBizType,
    Total,
    Usage,
    VerbatimSection,
)
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.events import FOREVER, HORIZON, Event, Window
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger
from lke_emulator.usage.line import Line
from lke_emulator.usage.metered import Metered
from lke_emulator.usage.pace import DAY, HOUR
from lke_emulator.usage.rhythms import RHYTHMS
from lke_emulator.usage.series import Series, Span

MOST_POINTS = 4000
"""Of all real calls together."""
FOLDS = ((1, True), (HOUR, True), (HOUR, False), (DAY, False), (30 * DAY, False), (FOREVER, False))
"""Seconds that are one point, and whether visitors are kept apart; the first that has few enough points is taken."""
WIDTHS = {HOUR: "by the hour", DAY: "by the day", 30 * DAY: "by thirty days", FOREVER: "into one point a line"}
MEMBERS = PerCall.__struct_fields__
"""What a scenario calls the members of Amounts after the first."""
T = TypeVar("T")
Group = tuple[Line, int, str, bool]
"""Line, number of the time that is folded, visitor, whether it is still to come."""


class UsageRetelling:
    """Of one account at one moment of its clock."""

    def __init__(self, account: Account, now: float) -> None:
        self.account = account
        self.zone = account.zone
        self.now = int(now)
        self.notes: list[str] = []
        """What was folded."""
        series = account.ledger.select(Filter())
        self.metered = [one for one in series if isinstance(one, Metered)]
        self.planned = [one for one in series if not isinstance(one, Metered)]

    @cached_property
    def shared(self) -> tuple[tuple[Event, ...], tuple[Span, ...]]:
        """The events and the closed times with which all generated usage begins: those of the account."""
        plans = [one.saved() for one in self.planned]
        lively: list[Any] = [plan for plan in plans if hasattr(plan, "events")]
        return prefix([plan.events for plan in lively]), prefix([plan.closed for plan in lively])

    @cached_property
    def events(self) -> list[EventSection]:
        """The account's."""
        return self.happened(*self.shared)

    @cached_property
    def entries(self) -> list[Usage]:
        entries = [self.entry(series) for series in self.planned]
        return [*[one for one in entries if one is not None], *self.recorded()]

    def entry(self, series: Series) -> Usage | None:
        plan: Any = series.saved()
        kind = plan.__struct_config__.tag
        if getattr(plan, "seed", self.account.seed) == self.account.seed and (
            getattr(plan, "zone", self.zone) == self.zone
        ):
            told: Usage | None = TELLERS[kind](self, plan, self.line(series.line))
            if told is not None:
                return told
        self.notes.append(
            f"Usage of {series.line.subject} is not of this seed or zone: it is told by the day, and ends now."
        )
        days = Ledger(self.zone, [series]).graph(Filter(), 0, self.now + 1, DAY)
        points = [self.point(Point, max(one.start, series.first or 0), one.amounts) for one in days]
        return Points(points=points, **self.line(series.line)) if points else None

    # lines

    def line(self, line: Line) -> dict[str, Any]:
        """The members of an entry that say it; what the account does not list is taken as it is."""
        account, said = (
            self.account,
            Line(call_type=line.call_type, sub_scene=line.sub_scene, billing_tag=line.billing_tag),
        )
        members: dict[str, Any] = {
            "call_type": line.call_type,
            "sub_scene": line.sub_scene,
            "billing_tag": line.billing_tag,
        }
        if line.app in self.apps:
            members["app"] = Digits(line.app)
            said = replace(said, app=line.app, app_name=line.app_name, **self.apps[line.app])
        elif line.space in account.spaces:
            members["space"] = Text(line.space)
            said = replace(said, space=line.space)
        for member, listed in (("model", account.models), ("sub_account", account.sub_accounts)):
            if (value := getattr(line, member)) in listed:
                members[member] = Text(value)
                said = replace(said, **{member: value})
        if line.api in APIS:
            members["api"] = Text(line.api)
            said = replace(said, api=line.api)
        kind = line.sub_biz_type if line.sub_biz_type in get_args(SubBizType) else "KnowledgeQA"
        members["sub_biz_type"] = kind
        said = replace(said, sub_biz_type=kind)
        verbatim = {
            name: value for name in Line.__struct_fields__ if (value := getattr(line, name)) != getattr(said, name)
        }
        if verbatim.get("sub_account") == account.uin:
            verbatim["sub_account"] = ROOT
        return members | ({"verbatim": VerbatimSection(**verbatim)} if verbatim else {})

    @cached_property
    def apps(self) -> Mapping[str, Mapping[str, str]]:
        """AppBizId -> what an app brings with it."""
        bases = self.account.shared.saved().bases
        return {app.biz_id: {"space": app.space, "app_type": app.type} for app in self.account.apps} | {
            base.id: {"space": base.space, "app_type": "shared_knowledge"} for base in bases
        }

    # what a scenario described

    def generated(self, plan: Any, line: dict[str, Any]) -> Usage | None:
        growing = said_growth(plan.growth, plan.growth_days)
        if growing is None:
            return None
        return Generated(
            since=self.moment(plan.since),
            until=self.until(plan.until),
            calls_a_day=plan.calls_a_day,
            per_call=per_call(plan),
            spread=plan.spread,
            growth_from=self.until(plan.growth_from),
            **growing,
            **self.lively(plan),
            **line,
        )

    def total(self, plan: Any, line: dict[str, Any]) -> Usage | None:
        amounts = Amounts(*[getattr(plan, name) for name in Amounts._fields])
        return Total(
            since=self.moment(plan.start),
            until=self.moment(plan.stop),
            amounts=amounts_section(amounts),
            spread=plan.spread,
            **self.lively(plan),
            **line,
        )

    def steady(self, plan: Any, line: dict[str, Any]) -> Usage | None:
        return Steady(
            since=self.moment(plan.since),
            until=self.until(plan.until),
            period=None if plan.period == DAY else Duration(duration_text(plan.period)),
            calls=plan.calls,
            weights=plan.weights,
            per_call=per_call(plan),
            spread=plan.spread,
            **self.windows(plan.windows),
            **line,
        )

    def repeating(self, plan: Any, line: dict[str, Any]) -> Usage | None:
        return Repeating(
            since=self.moment(plan.since),
            until=self.until(plan.until),
            period=Duration(duration_text(plan.period)),
            slots=[amounts_section(slot) for slot in plan.slots],
            **self.windows(plan.windows),
            **line,
        )

    def points(self, plan: Any, line: dict[str, Any]) -> Usage | None:
        return Points(points=[self.point(Point, moment, amounts) for moment, amounts in plan.points], **line)

    def lively(self, plan: Any) -> dict[str, Any]:
        events, closed = self.shared
        own = self.happened(plan.events[len(events) :], plan.closed[len(closed) :])
        return {"rhythm": rhythm(plan), "jitter": plan.jitter, "events": own, **self.windows(plan.windows)}

    def windows(self, windows: Iterable[Window]) -> dict[str, Any]:
        spans = [(self.moment(start), self.moment(stop), factor) for start, stop, factor in windows]
        return {
            "bursts": [Burst(since, until, factor) for since, until, factor in spans if factor],
            "gaps": [Gap(since, until) for since, until, factor in spans if not factor],
        }

    def happened(self, events: Iterable[Event], closed: tuple[Span, ...]) -> list[EventSection]:
        found: list[EventSection] = []
        for start, stop, factor, every in events:
            again = Duration(duration_text(every)) if every else None
            if stop == FOREVER:
                found.append(Launch(at=self.moment(start), every=again, factor=factor))
                continue
            when: dict[str, Any] = {
                "at": self.moment(start),
                "every": again,
                "lasts": Duration(duration_text(stop - start)),
            }
            found.append(Rush(**when, factor=factor) if factor else Outage(**when))
        while closed:
            (start, stop), every = closed[0], returning(closed)
            again = Duration(duration_text(every)) if every else None
            found.append(Holiday(at=self.moment(start), lasts=Duration(duration_text(stop - start)), every=again))
            closed = closed[len(range(0, HORIZON, every)) if every else 1 :]
        return found

    # what was really called

    def recorded(self) -> Iterable[Usage]:
        folds, count = list(FOLDS), sum([series.calls for series in self.metered])
        groups: dict[Group, tuple[int, Amounts]] = {}
        for series in self.metered:
            for call in series.calls_from(0):
                place = self.group(series.line, call.moment, call.visitor, call.moment > self.now, *folds[0])
                fold(groups, place, call.moment, Amounts(1, *call.row))
                while len(groups) > MOST_POINTS and len(folds) > 1:
                    del folds[0]
                    groups = self.folded(groups, *folds[0])
        width, by_visitors = folds[0]
        if width > 1:
            whose = "" if by_visitors else ", whoever asked"
            self.notes.append(f"{count} real calls are folded {WIDTHS[width]}{whose}.")
        lines: dict[Line, list[tuple[int, str, Amounts]]] = {}
        for (line, _, visitor, _), (moment, amounts) in groups.items():
            lines.setdefault(line, []).append((moment, visitor, amounts))
        for line, rows in lines.items():
            rows.sort()
            if sum([amounts.calls for _, _, amounts in rows]) > RECORDED_LIMIT:
                points = [self.point(Point, moment, amounts) for moment, _, amounts in rows]
                yield Points(points=points, **self.line(line))
            else:
                real = [self.point(RecordedPoint, moment, amounts, visitor=whom) for moment, whom, amounts in rows]
                yield Recorded(points=real, **self.line(line))

    def folded(
        self, groups: Mapping[Group, tuple[int, Amounts]], width: int, by_visitors: bool
    ) -> dict[Group, tuple[int, Amounts]]:
        wider: dict[Group, tuple[int, Amounts]] = {}
        for (line, _, visitor, is_coming), (moment, amounts) in groups.items():
            fold(wider, self.group(line, moment, visitor, is_coming, width, by_visitors), moment, amounts)
        return wider

    def group(self, line: Line, moment: int, visitor: str, is_coming: bool, width: int, by_visitors: bool) -> Group:
        return line, (moment + self.zone) // width, visitor if by_visitors else "", is_coming

    # moments

    def moment(self, seconds: int) -> Moment:
        return Moment(moment_text(seconds, self.zone))

    def until(self, seconds: int | None) -> Moment | None:
        return None if seconds is None else self.moment(seconds)

    def point(self, kind: Callable[..., T], moment: int, amounts: Amounts, **more: str) -> T:
        return kind(at=self.moment(moment), calls=amounts.calls, **dict(zip(MEMBERS, amounts[1:], strict=True)), **more)


TELLERS: Mapping[str, Callable[[UsageRetelling, Any, dict[str, Any]], Usage | None]] = {
    "synthesised": UsageRetelling.generated,
    "spread": UsageRetelling.total,
    "steady": UsageRetelling.steady,
    "repeating": UsageRetelling.repeating,
    "literal": UsageRetelling.points,
}
"""What made a series -> what tells it; None where a scenario has no words for it."""


def fold(groups: dict[Group, tuple[int, Amounts]], group: Group, moment: int, amounts: Amounts) -> None:
    """Each group stands where its first call came."""
    known = groups.get(group)
    if known is not None:
        moment, amounts = min(moment, known[0]), Amounts(*map(sum, zip(amounts, known[1], strict=True)))
    groups[group] = moment, amounts


def per_call(plan: Any) -> PerCall:
    return PerCall(*[getattr(plan, name) for name in Amounts._fields[1:]])


def amounts_section(amounts: Amounts) -> AmountsSection:
    return AmountsSection(calls=amounts.calls, **dict(zip(MEMBERS, amounts[1:], strict=True)))


def rhythm(plan: Any) -> Any:
    """Its name, where it says everything."""
    name = next(
        (name for name, one in RHYTHMS.items() if (one.weekdays, one.hours) == (plan.weekdays, plan.hours)), None
    )
    said = RhythmSection(
        like=name or "flat",  # type: ignore[arg-type]
        weekdays=None if name else plan.weekdays,
        hours=None if name else plan.hours,
        holidays=plan.holidays,
        days_vary=plan.days_vary if plan.jitter else DAYS_VARY,
        month_end=plan.month_end,
    )
    return name if name and said == RhythmSection(like=name) else said  # type: ignore[arg-type]


def said_growth(share: float, days: int) -> dict[str, Any] | None:
    """None where a scenario has no words for it."""
    if not share or days == 1:
        return {"growth_a_day": share}
    for name, length in DAYS.items():
        text = f"{f'{100 * share:.4f}'.rstrip('0').rstrip('.')}% a {name}"
        if length == days and growth(text) == (share, days):
            return {"growth": Text(text)}
    return None


def returning(closed: tuple[Span, ...]) -> int:
    """After how many seconds the first of these times comes again, as often as it can; 0 is never."""
    if len(closed) < 2:
        return 0
    (start, stop), (second, _) = closed[:2]
    every = second - start
    if every < stop - start:
        return 0
    again = tuple([(start + later, stop + later) for later in range(0, HORIZON, every)])
    return every if closed[: len(again)] == again else 0


def prefix(rows: list[tuple[T, ...]]) -> tuple[T, ...]:
    """What all of them begin with."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*rows, strict=False))
    return tuple([column[0] for column in alike])
