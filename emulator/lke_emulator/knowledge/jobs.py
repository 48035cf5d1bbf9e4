"""Tasks that take time. A job keeps when it began; what has become of it is read from the clock."""

from copy import copy
from typing import Annotated, Literal

import msgspec

from lke_emulator.primitives.register import by_key

KEPT_SECONDS = 30 * 86400
"""How long a task can be asked for (documented)."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Kind = Literal["reconstruct", "split"]
Status = Literal["WaitExecute", "Processing", "Success", "Failed", "Cancelled"]
UNDER_WAY = ("WaitExecute", "Processing")


class Job(msgspec.Struct, kw_only=True):
    """Moments are Unix seconds on the account's clock."""

    id: str
    kind: Kind
    began: float
    waits: float
    """Seconds before it is worked on."""
    lasts: float
    """Seconds that the work takes."""
    result: str = ""
    """The name of its file."""
    error: tuple[str, str] | None = None
    """Code and message that it ends with."""
    pages: Count = 0
    failed_pages: tuple[int, ...] = ()
    size: Count = 0
    tokens: Count = 0
    """Of the text that it gives."""
    mllm_tokens: Count = 0
    cancelled_at: float | None = None

    @property
    def ends(self) -> float:
        return self.began + self.waits + self.lasts

    def status(self, now: float) -> Status:
        """A moment before it began is after its end, as of every `Work`; what was cancelled stays so, whatever the clock does."""
        if self.cancelled_at is not None:
            return "Cancelled"
        if self.began <= now < self.ends:
            return "WaitExecute" if now < self.began + self.waits else "Processing"
        return "Failed" if self.error else "Success"

    def cancel(self, now: float) -> bool:
        """Whether it could still be cancelled."""
        if self.status(now) not in UNDER_WAY:
            return False
        self.cancelled_at = now
        return True


class Jobs:
    """The jobs of one account by id; those that can no longer be asked for go, the oldest first."""

    class State(msgspec.Struct, frozen=True):
        jobs: tuple[Job, ...]

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def saved(self) -> State:
        return self.State(tuple(map(copy, self._jobs.values())))

    def restored(self, state: State) -> None:
        self._jobs = by_key([(job.id, copy(job)) for job in state.jobs])

    def add(self, job: Job) -> None:
        while self._jobs:
            oldest = next(iter(self._jobs.values()))
            if oldest.began + KEPT_SECONDS > job.began:
                break
            del self._jobs[oldest.id]
        self._jobs[job.id] = job

    def last(self, now: float, kind: Kind | None = None, is_running: bool = False) -> Job | None:
        """The newest that can still be asked for, or stopped."""
        kept = [job for job in self._jobs.values() if self.find(job.id, now) and kind in (None, job.kind)]
        if is_running:
            kept = [job for job in kept if job.status(now) in UNDER_WAY]
        return kept[-1] if kept else None

    def find(self, id: str, now: float) -> Job | None:
        job = self._jobs.get(id)
        return job if job is not None and now < job.began + KEPT_SECONDS else None
