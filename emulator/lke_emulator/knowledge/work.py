"""Something that takes time: when it began and what its stages last. What has become of it is read from the clock."""

from collections.abc import Collection, Iterable

import msgspec

from lke_emulator.primitives.bounds import Duration, Moment

DONE = "done"


class Work(msgspec.Struct, frozen=True):
    """Moments are Unix seconds on the account's clock; a moment before the beginning counts as after the end, so that
    what was finished before the clock was set back stays finished."""

    began: Moment
    ends: Moment
    stages: tuple[tuple[str, Duration], ...] = ()
    """Name, and seconds."""
    outcome: str = DONE
    """What is there at the end: DONE, or the stage that failed."""
    reason: str = ""
    """Why it failed."""

    def stage(self, now: float) -> str:
        """The stage that it is in, or the outcome."""
        if not self.began <= now < self.ends:
            return self.outcome
        left = now - self.began
        for name, seconds in self.stages[:-1]:
            if left < seconds:
                return name
            left -= seconds
        return self.stages[-1][0]

    def check_stages(self, known: Collection[str], place: str) -> None:
        """ValueError(place: what is wrong) for a stage that no such work has, or time without one."""
        for name in (self.outcome, *[name for name, _ in self.stages]):
            if name not in known and name != DONE:
                raise ValueError(f"{place}.work: must be one of {', '.join(known)}, not {name!r}")
        if self.began < self.ends and not self.stages:
            raise ValueError(f"{place}.work.stages: must not be empty where there is time between began and ends")

    def running(self, now: float) -> bool:
        return self.began <= now < self.ends


def work(now: float, stages: Iterable[tuple[str, float]], fails: str = "", reason: str = "") -> Work:
    """Work that begins now, and ends after all stages or with the one that fails."""
    done: list[tuple[str, float]] = []
    for stage in stages:
        done.append(stage)
        if stage[0] == fails:
            return Work(now, now + sum(seconds for _, seconds in done), tuple(done), fails, reason)
    return Work(now, now + sum(seconds for _, seconds in done), tuple(done))


def finished(now: float) -> Work:
    """Work that took no time."""
    return Work(now, now)
