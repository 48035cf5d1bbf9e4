"""The `clock` of a scenario's account."""

from typing import Literal

from lke_emulator.primitives.clock import Clock
from lke_emulator.scenario import moments
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Moment, Section


class ClockSection(Section, frozen=True):
    """An account clock of its own: give one of the two."""

    started_at: Moment | None = None
    """The clock begins at this moment and runs on."""
    frozen_at: Moment | None = None
    """The clock stands still at this moment."""
    moves: bool = False
    """Whether a story that stands still ends now: `frozen_at` and every other date of the account are later by as many
    whole days as bring it to today, or to yesterday where its time of day has not come yet."""


def build_clock(
    section: Literal["real"] | ClockSection, at: Place, now: float, given_now: float | None, zone: int
) -> Clock:
    """`now` is the real moment, `given_now` what stands for it on a clock that follows the machine's."""
    if isinstance(section, str):
        return Clock(given_now)
    text = section.started_at if section.frozen_at is None else section.frozen_at
    if text is None or (section.started_at is not None and section.frozen_at is not None):
        raise at.wrong("give either `started_at` or `frozen_at`, or write `clock: real`")
    key = "started_at" if section.frozen_at is None else "frozen_at"
    moment = (at / key).checked(moments.moment, text, now, zone)
    clock = Clock(moment)
    if section.frozen_at is not None:
        clock.freeze(moment)
    elif section.moves:
        raise (at / "moves").wrong("a clock that runs on has no end to move; write `frozen_at` for `started_at`")
    return clock


def days_moved(section: Literal["real"] | ClockSection, frozen_at: float, now: float) -> int:
    """How many days later a story is than it was written."""
    return int(now - frozen_at) // 86400 if isinstance(section, ClockSection) and section.moves else 0
