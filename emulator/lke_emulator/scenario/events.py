"""The `events` of a scenario's account: what happened, and what generated usage shows of it."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from msgspec import Meta

from lke_emulator.scenario import moments
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Duration, Moment, Section
from lke_emulator.usage.events import FOREVER, HORIZON, Event
from lke_emulator.usage.holidays import Country
from lke_emulator.usage.series import Span

Factor = Annotated[float, Meta(ge=0, le=10**6)]


class Happening(Section, frozen=True, kw_only=True):
    """When something happened."""

    at: Moment
    """When it begins."""
    every: Duration | None = None
    """After what time it comes again, counted from `at`, such as 13w. Left out: it happens once."""


class Launch(Happening, frozen=True, kw_only=True, tag_field="kind", tag="launch"):
    """From here on there is more usage."""

    lasts: Duration | None = None
    """Left out: for good."""
    factor: Factor = 1.4
    """How many times the usual number of calls come."""


class Rush(Happening, frozen=True, kw_only=True, tag_field="kind", tag="rush"):
    """For a while everybody calls: a sale, a newsletter, a report that is due."""

    lasts: Duration | None = None
    """Left out: an hour."""
    factor: Factor = 3
    """How many times the usual number of calls come."""


class Incident(Happening, frozen=True, kw_only=True, tag_field="kind", tag="incident"):
    """For a while something does not work, and many stay away."""

    lasts: Duration | None = None
    """Left out: two hours."""
    factor: Factor = 0.3
    """What is left of the usual number of calls."""


class Outage(Happening, frozen=True, kw_only=True, tag_field="kind", tag="outage"):
    """For a while nothing works, and there are no calls."""

    lasts: Duration | None = None
    """Left out: half an hour."""


class Holiday(Happening, frozen=True, kw_only=True, tag_field="kind", tag="holiday"):
    """The company is closed: days that count as Sundays."""

    lasts: Duration | None = None
    """Left out: a day."""


EventSection = Launch | Rush | Incident | Outage | Holiday
USUALLY = {Rush: "1h", Incident: "2h", Outage: "30m", Holiday: "1d"}


class Story(NamedTuple):
    """What an account's generated usage lives through."""

    holidays: Country | None = None
    events: tuple[Event, ...] = ()
    closed: tuple[Span, ...] = ()

    def and_also(self, other: "Story") -> "Story":
        return Story(self.holidays, self.events + other.events, self.closed + other.closed)


def build_events(sections: Sequence[EventSection], now: float, zone: int, at: Place) -> Story:
    events: list[Event] = []
    closed: list[Span] = []
    for i, section in enumerate(sections):
        here = at / i
        start = (here / "at").checked(moments.moment, section.at, now, zone)
        lasts = section.lasts or USUALLY.get(type(section))
        stop = start + (here / "lasts").checked(moments.duration, lasts) if lasts else FOREVER
        every = (here / "every").checked(moments.duration, section.every) if section.every else 0
        if every and every < stop - start:
            raise (here / "every").wrong(
                f"it comes again after {section.every}, and lasts longer; say how long it `lasts`"
            )
        if isinstance(section, Holiday):
            closed += [(start + later, stop + later) for later in (range(0, HORIZON, every) if every else (0,))]
        else:
            events.append((start, stop, 0 if isinstance(section, Outage) else section.factor, every))
    return Story(None, tuple(events), tuple(closed))
