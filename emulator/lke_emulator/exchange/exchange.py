"""One request and its answer, on every surface: `parts` is what has to be done for every call, and stands once.

    arrive -> identify -> fault? -> serve (admit, check, handle) -> deliver, watching the caller -> journal

A surface is a subclass. It says who calls and what is meant (`identify`), what the answer is (`serve`), and how it words an
error (`refuse`, `internal`); the order of its own checks is its own page.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from time import perf_counter_ns
from typing import ClassVar

from lke_emulator.account.account import ASKED, Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.call import Wait
from lke_emulator.account.faults import Fault
from lke_emulator.account.journal import Entry
from lke_emulator.exchange import cors
from lke_emulator.exchange.answer import Answer, Broken, Headers, Part, Parts
from lke_emulator.exchange.effects import struck
from lke_emulator.exchange.faults import HEADER, MAGIC, MAGIC_BYTES, fault_of
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.running import NotKept, Running
from lke_emulator.primitives.clock import real_now
from lke_emulator.primitives.refused import Refused

log = logging.getLogger("lke_emulator.exchange")
LEFT = "disconnected"
"""The journal's code for a call whose caller went away before its answer was whole."""


class Exchange:
    surface: ClassVar[str]
    """Its name in the journal."""
    refusals: ClassVar[tuple[type[Exception], ...]]
    """What `refuse` can word; everything else that is raised is a failure of ours."""
    is_delayed: ClassVar[bool] = True
    """Whether `--latency` holds for it."""
    can_fail: ClassVar[bool] = True
    """Whether faults strike it."""
    keeps_books: ClassVar[bool] = False
    """Whether its calls change what is bought, paid or switched, and not only what is used."""
    may_change: Collection[str] | None = ASKED
    """The parts that the call which `identify` has found may change, beside those that note it; None: it only reads."""
    takes_content: ClassVar[bool] = False
    """Whether a body is content that is kept, and no parameters: then neither the journal nor faults look into it."""
    tells_answers: ClassVar[bool] = True
    """Whether the journal keeps them: not those of control and the console, which show it, nor the content of files."""
    invalid: ClassVar[str] = "InvalidParameter"
    """The code of what cannot be meant."""

    @property
    def socket(self) -> str:
        """The id of the socket that it came over; empty for a request."""
        return ""

    def __init__(self, raw: Raw, running: Running) -> None:
        self.raw = raw
        self.running = running
        self.world = running.world
        self.settings = running.settings
        self.account: Account | None = None
        """Whose call it is, from `identify` on."""
        self.begun = False
        """A head has left."""
        self.request_id = ""
        self.region = ""
        """X-TC-Region, from `identify` on."""
        self.entry: Entry

    @property
    def assumptions(self) -> Assumptions:
        """The account's own, which came with it from a snapshot or an earlier world; the world's while nobody is known."""
        return self.account.assumptions if self.account else self.world.assumptions

    # What a surface says.

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        """How many bytes the body of a request may have; 0: none is read."""
        raise NotImplementedError

    def draw_id(self) -> str:
        return self.world.ids.request_id()

    def identify(self) -> None:
        """Find out who calls (`account`) and what is meant (of `entry`: account, caller, operation, params)."""
        raise NotImplementedError

    def serve(self) -> Answer | Parts:
        """The answer. A generator is closed when the caller leaves, and gives back what the call holds."""
        raise NotImplementedError

    def refuse(self, error: Exception) -> Answer:
        """An error as this surface words it; ends the entry."""
        raise NotImplementedError

    def internal(self) -> Exception:
        """What `refuse` words when something fails inside."""
        raise NotImplementedError

    def fault(self, code: str, message: str) -> Exception:
        """What `refuse` words for a fault that was set. An empty message is the surface's own text for the code."""
        raise NotImplementedError

    def preflight(self) -> Headers | None:
        """What a browser gets that asks with OPTIONS; None where that is a request like others."""
        return cors.preflight(self.raw.headers, self.settings.cors_origins)

    def cors(self) -> Headers:
        """What an answer adds for the browser that asked."""
        return cors.headers(self.raw.headers, self.settings.cors_origins)

    # What is the same for all.

    def parts(self) -> Parts:
        """All that goes out, in order. Whoever stops before its end closes it: what the call holds is then given back."""
        parts = self.made()
        for attendant in self.running.attendants:
            parts = attendant.attend(self, parts)
        return parts

    def made(self) -> Parts:
        raw = self.raw
        if raw.method == "OPTIONS":
            granted = self.preflight()
            if granted is not None:
                yield Answer(b"", granted)
                return
        self.request_id = self.draw_id()
        size = (0 if self.takes_content else len(raw.body)) + len(raw.query)
        came = self.request_id, self.surface, size, self.running.events, raw.method, raw.path
        entry = self.entry = Entry(real_now(), perf_counter_ns(), *came)
        entry.received = len(raw.body) if self.takes_content else 0
        self.world.journal.add(entry)
        try:
            if self.settings.latency and self.is_delayed:
                yield Wait(self.settings.latency)
            self.identify()
            if self.running.events.ears:
                self.running.events.begun(self.account)
            account = self.account
            if account is not None and self.may_change is not None:
                account.watch.begin(entry, self.may_change)
            fault = self.fault_met()
            if fault is None:
                given = self.serve()
            else:
                entry.fault = fault.id
                given = self.watched(struck(self.served(), fault.rule, self))
            if isinstance(given, Answer):
                entry.status = given.status
                self.tell(given.body)
                entry.end()
                yield given
            else:
                yield from self.followed(given)
            entry.end()
        except GeneratorExit:
            entry.end(LEFT, "the caller went away")
            raise
        except Exception as error:
            yield self.failed(error)

    def fault_met(self) -> Fault | None:
        """The fault that strikes this call: who calls and what is meant is known, and nothing has been done."""
        raw, account = self.raw, self.account
        if (
            self.world.faults
            or (account is not None and account.faults)
            or (not self.takes_content and MAGIC_BYTES in raw.body)
            or HEADER in raw.headers
            or MAGIC in raw.query
        ):
            try:
                return fault_of(self) if self.can_fail else None
            except Refused as error:
                raise self.fault(self.invalid, str(error)) from None
        return None

    def followed(self, parts: Parts) -> Parts:
        """The parts of a stream. What it changes while others of its account are under way is told from what they change."""
        entry, watch = self.entry, self.entry.watch
        if watch is None:
            yield from parts
            return
        try:
            for part in parts:
                if watch.is_crowded and watch.has_news and entry.watch is not None:
                    watch.step(entry)
                yield part
        finally:
            parts.close()
            if entry.watch is None and watch.has_news:  # it ended before its last parts left
                watch.look(entry)

    def served(self) -> Parts:
        given = self.serve()
        if isinstance(given, Answer):
            self.entry.end()
            yield given
        else:
            yield from given

    def tell(self, body: bytes) -> None:
        """The journal, what goes out."""
        if self.tells_answers:
            self.world.journal.answered(self.entry, body)

    def watched(self, parts: Parts) -> Parts:
        """Of a call that a fault strikes, whose answer may be anything."""
        for part in parts:
            if isinstance(part, Answer):
                self.tell(part.body)
            yield part

    def failed(self, error: Exception) -> Part:
        """A refusal as the surface words it, or what it says of a failure inside; a stream that has begun breaks."""
        # A KeyError is a slip of ours, although it is a LookupError.
        refused = isinstance(error, self.refusals) and not isinstance(error, (KeyError, IndexError))
        answer = self.refuse(error if refused else self.internal())
        entry = self.entry
        entry.status = answer.status
        if not self.begun:
            self.tell(answer.body)
        name = entry.operation or self.surface
        if not refused:
            log.error(
                "%s failed inside: %s",
                name,
                error,
                exc_info=None if isinstance(error, NotKept) else error,
                extra={"request_id": self.request_id},
            )
        elif log.isEnabledFor(logging.DEBUG):
            told = {"request_id": self.request_id, "detail": entry.told()}
            log.debug("%s refused: %s", name, entry.code, extra=told)
        return Broken() if self.begun else answer

    def date(self) -> bytes:
        """What time it is for the account, in its zone; for nobody known in the first account's."""
        world = self.world
        account = self.account or world.accounts[world.first_credential.account]
        return written(int(account.clock.now()), account.zone)


@lru_cache(256)
def written(moment: int, zone: int) -> bytes:
    return datetime.fromtimestamp(moment, timezone(timedelta(seconds=zone))).isoformat().encode()
