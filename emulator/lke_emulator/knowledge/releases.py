"""Releases of apps: what each carried over from the draft, and what production calls see at a moment."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from lke_emulator.knowledge.assumptions import KnowledgeAssumptions
from lke_emulator.knowledge.configuration import Configuration
from lke_emulator.knowledge.documents import THERE as DOCUMENT_THERE
from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.failures import Failures
from lke_emulator.knowledge.kept import check_kept
from lke_emulator.knowledge.qas import THERE as QA_THERE
from lke_emulator.knowledge.qas import Qa
from lke_emulator.knowledge.refusals import failed, no_such
from lke_emulator.knowledge.rejected import Rejected
from lke_emulator.knowledge.validity import EVERYWHERE, RELEASED
from lke_emulator.knowledge.work import DONE, Work
from lke_emulator.primitives.bounds import Moment
from lke_emulator.primitives.snowflakes import Snowflakes

Action = Literal[1, 2, 3]
NEW: Action = 1
MODIFIED: Action = 2
DELETED: Action = 3
"""Documented."""
RELEASING, SUCCEEDED, FAILED, AUDITING, AUDIT_FAILED, PAUSED = 2, 3, 4, 5, 7, 9
"""Status of a release (documented)."""
UNDER_WAY = (RELEASING, AUDITING)
STATUSES = {"audit": AUDITING, "release": RELEASING, "pause": RELEASING}
FAILURES = {"audit": AUDIT_FAILED, "release": FAILED, "pause": PAUSED}


class Thing(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def edition(self) -> int: ...


T = TypeVar("T", bound=Thing)


class Change(msgspec.Struct, Generic[T], frozen=True):
    """What happens to one thing; the thing is as it was in the draft, and as it was released where it is deleted."""

    action: Action
    thing: T


ChangeKind = Literal["documents", "qas", "rejected"]
KINDS: tuple[ChangeKind, ...] = ("documents", "qas", "rejected")


class Changes(msgspec.Struct, frozen=True):
    documents: tuple[Change[Document], ...] = ()
    qas: tuple[Change[Qa], ...] = ()
    rejected: tuple[Change[Rejected], ...] = ()

    @property
    def count(self) -> int:
        return len(self.documents) + len(self.qas) + len(self.rejected)


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """Never changed: a new one takes its place. Moments are Unix seconds on the account's clock."""

    app: str
    id: str
    description: str = ""
    channels: tuple[str, ...] = ()
    operator: str = ""
    """A uin."""
    created: Moment
    work: Work
    before: Configuration | None = None
    """How the app was set up in the release before."""
    configuration: Configuration
    changes: Changes = Changes()
    attributes: dict[str, int] = {}
    """Attribute labels with their editions, which go with every release."""
    agents: dict[str, int] = {}
    """Agents with their editions."""
    shares: dict[str, Any] = {}
    """Whom it is shared with, as members of adp's ReleaseSummary."""

    def status(self, now: float) -> int:
        stage = self.work.stage(now)
        if stage == DONE:
            return SUCCEEDED
        return STATUSES[stage] if self.work.running(now) else FAILURES[stage]

    def moment(self, now: float) -> int:
        """When its status was reached."""
        return int(self.work.began if self.work.running(now) else self.work.ends)


class Live(NamedTuple):
    """What production calls see: an app as it was released last."""

    release: str
    configuration: Configuration
    documents: Mapping[str, Document]
    qas: Mapping[str, Qa]
    rejected: Mapping[str, Rejected]
    agents: Mapping[str, int]
    """Agents with their editions."""

    def records(self, id: str) -> tuple[Document | None, Qa | None, Rejected | None]:
        """What is live under an id; one of them at most."""
        return self.documents.get(id), self.qas.get(id), self.rejected.get(id)


class Draft(NamedTuple):
    """What a release would carry over: everything in an app's own base."""

    configuration: Configuration
    documents: Mapping[str, Document]
    qas: Iterable[Qa]
    rejected: Mapping[str, Rejected]
    attributes: Mapping[str, int]
    """Attribute labels with their editions."""
    agents: Mapping[str, int]


class Releases:
    """Those of every app of an account, the oldest first."""

    class State(msgspec.Struct, frozen=True):
        releases: tuple[Release, ...]

    def __init__(self, snowflakes: Snowflakes, failures: Failures, assumptions: KnowledgeAssumptions) -> None:
        self._snowflakes = snowflakes
        self._failures = failures
        self._assumptions = assumptions
        self._kept: dict[str, dict[str, Release]] = {}
        self._live: dict[str, tuple[tuple[str, ...], Live]] = {}
        """App -> the releases that succeeded, and what they add up to."""

    def saved(self) -> State:
        return self.State(tuple(release for kept in self._kept.values() for release in kept.values()))

    def restored(self, state: State) -> None:
        self._kept.clear()
        self._live.clear()
        for release in state.releases:
            self._put(release)

    @staticmethod
    def check_state(state: State) -> None:
        for number, release in enumerate(state.releases):
            place = f".releases[{number}]"
            release.work.check_stages(STATUSES, place)
            release.configuration.check_members(f"{place}.configuration")
            if release.before:
                release.before.check_members(f"{place}.before")
            check_kept("adp.ReleaseSummary", release.shares, f"{place}.shares")

    def forget(self, base: str) -> None:
        self._kept.pop(base, None)
        self._live.pop(base, None)

    # what there is

    def of(self, app: str) -> list[Release]:
        """The oldest first."""
        return list(self._kept.get(app, {}).values())

    def find(self, app: str, id: str) -> Release:
        release = self._kept.get(app, {}).get(id)
        if release is None:
            raise no_such("release", id)
        return release

    def latest(self, app: str) -> Release | None:
        return next(reversed(self._kept.get(app, {}).values()), None)

    def live(self, app: str, now: float) -> Live | None:
        """What the releases that have succeeded by now add up to; None for an app that was never released."""
        done = [release for release in self._kept.get(app, {}).values() if release.status(now) == SUCCEEDED]
        if not done:
            return None
        ids = tuple([release.id for release in done])
        known = self._live.get(app)
        if known is None or known[0] != ids:
            known = self._live[app] = ids, added_up(done)
        return known[1]

    def is_released(self, app: str, now: float) -> bool:
        return any(release.status(now) == SUCCEEDED for release in self._kept.get(app, {}).values())

    def running(self, app: str, now: float) -> Release | None:
        return next((each for each in self.of(app) if each.status(now) in UNDER_WAY), None)

    def pending(self, app: str, draft: Draft, now: float, kinds: Collection[ChangeKind] = KINDS) -> Changes:
        """What a release would change now, of these kinds."""
        live = self.live(app, now)

        def documents() -> Iterator[Change[Document]]:
            there = live.documents if live else {}
            return compared(
                draft.documents, there, lambda one: carried(one.validity.scope, one.status(now) == DOCUMENT_THERE)
            )

        def qas() -> Iterator[Change[Qa]]:
            there = live.qas if live else {}
            drafts = {qa.id: qa for qa in draft.qas}
            return compared(drafts, there, lambda one: carried(one.validity.scope, one.status(now) == QA_THERE))

        def rejected() -> Iterator[Change[Rejected]]:
            there = live.rejected if live else {}
            return compared(draft.rejected, there, lambda one: one.scope in (RELEASED, EVERYWHERE))

        return Changes(
            tuple(documents()) if "documents" in kinds else (),
            tuple(qas()) if "qas" in kinds else (),
            tuple(rejected()) if "rejected" in kinds else (),
        )

    # what happens to them

    def declare(self, app: str, draft: Draft, description: str, operator: str, work: Work) -> Release:
        """A release of what the draft was when the work began, with what has become of it; after every other of the app."""
        live = self.live(app, work.began)
        return self._put(
            Release(
                app=app,
                id=self._snowflakes.next(work.began),
                description=description,
                operator=operator,
                created=work.began,
                work=work,
                before=live.configuration if live else None,
                configuration=draft.configuration,
                changes=self.pending(app, draft, work.began),
                attributes=dict(draft.attributes),
                agents=dict(draft.agents),
            )
        )

    def create(
        self,
        app: str,
        draft: Draft,
        description: str,
        channels: Iterable[str],
        operator: str,
        now: float,
        shares: dict[str, Any] | None = None,
    ) -> Release:
        """A refusal while another one of the app is under way."""
        self.check_idle(app, now)
        made = self.declare(app, draft, description, operator, self._begun(description, now))
        return self._put(msgspec.structs.replace(made, channels=tuple(channels), shares=shares or {}))

    def retry(self, app: str, id: str, now: float) -> None:
        """A refusal for one that is not paused and did not fail."""
        release = self.find(app, id)
        status = release.status(now)
        if status not in (PAUSED, FAILED, AUDIT_FAILED):
            raise failed(
                f"the release {id} can only be retried when it is paused or has failed: its status is {status}"
            )
        self.check_idle(app, now)
        self._put(msgspec.structs.replace(release, work=self._begun(release.description, now)))

    def roll_back(self, app: str, id: str, operator: str, now: float) -> Release:
        """Release again what an earlier release had released. A refusal for one that did not succeed."""
        target = self.find(app, id)
        if target.status(now) != SUCCEEDED:
            raise failed(f"the release {id} did not succeed and cannot be gone back to")
        self.check_idle(app, now)
        done = [release for release in self.of(app) if release.status(now) == SUCCEEDED]
        wanted, live = added_up(done[: done.index(target) + 1]), added_up(done)
        if wanted.release == live.release:
            raise failed(f"the release {id} is the one that runs")
        return self._put(
            Release(
                app=app,
                id=self._snowflakes.next(now),
                description=target.description,
                operator=operator,
                created=now,
                work=self._begun(target.description, now),
                before=live.configuration,
                configuration=wanted.configuration,
                agents=dict(wanted.agents),
                changes=Changes(
                    tuple(compared(wanted.documents, live.documents, always)),
                    tuple(compared(wanted.qas, live.qas, always)),
                    tuple(compared(wanted.rejected, live.rejected, always)),
                ),
            )
        )

    def fail(self, app: str, id: str, stage: str, reason: str, now: float) -> None:
        """Make it have failed at a stage, now."""
        self._put(msgspec.structs.replace(self.find(app, id), work=Work(now, now, (), stage, reason)))

    def check_idle(self, app: str, now: float) -> None:
        running = self.running(app, now)
        if running is not None:
            raise failed(f"the release {running.id} of this app is under way")

    def _begun(self, description: str, now: float) -> Work:
        stages = [("audit", 0.0), ("release", self._assumptions.release_s), ("pause", 0.0)]
        return self._failures.begin("release", description, now, stages)

    def _put(self, release: Release) -> Release:
        self._kept.setdefault(release.app, {})[release.id] = release
        return release


def added_up(releases: Iterable[Release]) -> Live:
    """What releases that succeeded one after the other come to; at least one."""
    documents: dict[str, Document] = {}
    qas: dict[str, Qa] = {}
    rejected: dict[str, Rejected] = {}
    for release in releases:
        apply(documents, release.changes.documents)
        apply(qas, release.changes.qas)
        apply(rejected, release.changes.rejected)
        last = release
    return Live(last.id, last.configuration, documents, qas, rejected, last.agents)


def apply(things: dict[str, T], changes: Iterable[Change[T]]) -> None:
    for change in changes:
        if change.action == DELETED:
            things.pop(change.thing.id, None)
        else:
            things[change.thing.id] = change.thing


def compared(draft: Mapping[str, T], live: Mapping[str, T], carried: Callable[[T], bool | None]) -> Iterator[Change[T]]:
    """What would change; `carried` says of a draft whether it is released, is not, or stays as it is (None)."""
    for id, thing in draft.items():
        before = live.get(id)
        if before is thing:
            continue
        goes = carried(thing)
        if goes is None:
            continue
        if before is None:
            if goes:
                yield Change(NEW, thing)
        elif not goes:
            yield Change(DELETED, before)
        elif thing.edition != before.edition:
            yield Change(MODIFIED, thing)
    for id, before in live.items():
        if id not in draft:
            yield Change(DELETED, before)


def carried(scope: int, is_there: bool) -> bool | None:
    """What is for test calls alone is not released; what is not there yet stays as it was."""
    if scope not in (RELEASED, EVERYWHERE):
        return False
    return True if is_there else None


def always(thing: object) -> bool:
    return True
