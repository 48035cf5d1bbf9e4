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
    return clock
