"""Limits of dialogues: questions to an app in a second and a minute, tokens of an app or a space in a minute and a day.

Documented are the codes with which the cloud refuses; how its windows lie is not. Here they are fixed, on the account's clock.
Questions are refused once a window's tokens are used up; the one that uses them up is still answered.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from lke_emulator.primitives.bounds import Natural
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger

MINUTE, DAY = 60, 86_400
Most = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Whose = Literal["app", "space"]
CODES: dict[Whose, dict[str, int]] = {
    "app": {"second": 460031, "tokens": 460721, "minute": 460722, "day": 460723},
    "space": {"tokens": 460711, "minute": 460712, "day": 460713},
}
"""What is used up -> the documented code; a space has no questions a second."""


class DialogueLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """0 is no limit."""

    questions_per_second: Most = 0
    """Of an app: questions that are answered in a second of the account's clock."""
    questions_per_minute: Most = 0
    """Questions that are answered in a minute of the account's clock."""
    tokens_per_minute: Most = 0
    """Tokens after which a minute answers no more questions."""
    tokens_per_day: Most = 0
    """Tokens after which a day, in the account's zone, answers no more questions."""


class Named(msgspec.Struct, frozen=True):
    whose: Whose
    id: str
    limit: DialogueLimit


class QuestionLimits(msgspec.Struct, frozen=True):
    limits: tuple[Named, ...]


class Exceeded(Exception):
    """A question too many."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class DialogueLimits:
    """Those of one account, and how many questions came in the current second and minute."""

    class State(msgspec.Struct, frozen=True):
        limits: tuple[Named, ...]
        second: int
        counts: tuple[tuple[Whose, str, Natural, Natural], ...]
        """Whose, the id, and the questions of the second and of its minute."""

    def __init__(self) -> None:
        self.limits: tuple[Named, ...] = ()
        self._second = -1
        self._counts: dict[tuple[Whose, str], tuple[int, int]] = {}

    def saved(self) -> State:
        counts = [(*named, *counted) for named, counted in self._counts.items()]
        return self.State(self.limits, self._second, tuple(counts))

    def seen(self) -> QuestionLimits:
        """What came is counted."""
        return QuestionLimits(self.limits)

    def restored(self, state: State) -> None:
        self.limits, self._second = state.limits, state.second
        self._counts = {(whose, id): (second, minute) for whose, id, second, minute in state.counts}

    def forget(self, app: str) -> None:
        self.limits = tuple([one for one in self.limits if (one.whose, one.id) != ("app", app)])
        self._counts.pop(("app", app), None)

    def enter(self, app: str, space: str, ledger: Ledger, now: float) -> None:
        """Count a question; Exceeded where it is one too many."""
        held = [one for one in self.limits if one.id == (app if one.whose == "app" else space)]
        if not held:
            return
        self._turn(int(now))
        for one in held:
            for what, most, used in self._used(one, ledger, int(now)):
                if 0 < most <= used and what in CODES[one.whose]:
                    raise Exceeded(CODES[one.whose][what])
        for named in {(one.whose, one.id): None for one in held}:
            second, minute = self._counts.get(named, (0, 0))
            self._counts[named] = second + 1, minute + 1

    def _used(self, one: Named, ledger: Ledger, now: int) -> Iterator[tuple[str, int, int]]:
        """What of a limit, how much it allows, and how much of it there was."""
        limit = one.limit
        second, minute = self._counts.get((one.whose, one.id), (0, 0))
        yield "second", limit.questions_per_second, second
        yield "minute", limit.questions_per_minute, minute
        lines = Filter(apps=(one.id,)) if one.whose == "app" else Filter(space=one.id)
        for what, most, start in (
            ("tokens", limit.tokens_per_minute, now - now % MINUTE),
            ("day", limit.tokens_per_day, now - (now + ledger.zone) % DAY),
        ):
            if most:
                yield what, most, ledger.totals(lines, start, now + 1).total

    def _turn(self, second: int) -> None:
        if second == self._second:
            return
        same = second // MINUTE == self._second // MINUTE
        self._counts = {named: (0, minute) for named, (_, minute) in self._counts.items()} if same else {}
        self._second = second
