"""What was called: the journal of one account, counted, waited for, and held against what should have been called."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from lke_emulator.primitives.change import AccountChange
from lke_emulator.testing.control import ControlClient
from lke_emulator.testing.expectations import Expectations, Expected, call_line, is_met, mismatches, nearest

LONGEST_BLOCK = 10_000
"""Calls before and in a block of expectations."""


class CalledOnce(dict[str, Any]):
    """A call, by the members that the journal has of it."""

    @property
    def changes(self) -> list[AccountChange]:
        """What it has changed of the account; nothing where it read, or was refused."""
        return msgspec.convert(self["Changes"], list[AccountChange])


class AccountCalls:
    """Every question takes the same words: `operation` (a pattern such as lke.Describe*), `surface, caller, code, model,
    streamed`, and `params`, a mapping of a parameter's path (Filters.0.Name) to its value."""

    def __init__(self, control: ControlClient, uin: str) -> None:
        self._control = control
        self._uin = uin

    def __getitem__(self, place: int) -> CalledOnce:
        """A call by its place: the oldest is 0, the newest -1. IndexError where there is none."""
        return self.find()[::-1][place]

    def find(self, *, limit: int = 1000, **match: Any) -> list[CalledOnce]:
        """The calls that match, newest first, without any secret."""
        return list(map(CalledOnce, self._ask("find", limit=limit, **match)["calls"]))

    def count(self, **match: Any) -> int:
        """How many have ended, also of those whose entries have made room for newer ones."""
        count: int = self._ask("count", **match)["count"]
        return count

    def wait(self, count: int = 1, *, timeout: float = 5, **match: Any) -> bool:
        """Until so many calls match; False when they have not come in so many seconds."""
        return bool(self._ask("wait", count=count, timeout=timeout, **match)["count"] >= count)

    def expect(self, *, times: int | range | None = None, **match: Any) -> None:
        """AssertionError unless so many calls match (without `times`: at least one); it shows the nearest ones."""
        expected, found = Expected(match, times), self.count(**match)
        if not is_met(found, times):
            shown = nearest(self.find(), match) or ["nothing was called"]
            raise AssertionError("\n".join([f"expected {expected.said}; there were {found}", *shown]))

    @contextmanager
    def expecting(self, *, in_order: bool = False, only: bool = False) -> Iterator[Expectations]:
        """Declare calls, make them in the block, and have them verified at its end: only what is called meanwhile counts.

        `in_order`: those of one expectation all come before those of the next. `only`: no others come.
        """
        before = {call["RequestId"] for call in self.find(limit=LONGEST_BLOCK)}
        expectations = Expectations(in_order, only)
        yield expectations
        calls = [call for call in reversed(self.find(limit=LONGEST_BLOCK)) if call["RequestId"] not in before]
        expectations.verify(calls)

    def expect_in_order(self, *operations: str) -> None:
        """AssertionError unless calls of these operations (patterns) came one after another; others may lie between them."""
        calls = self.find()[::-1]
        place = 0
        for operation in operations:
            following = (at for at in range(place, len(calls)) if not mismatches(calls[at], {"operation": operation}))
            at = next(following, None)
            if at is None:
                came = ", ".join(call["Action"] for call in calls) or "none"
                raise AssertionError(f"expected {' then '.join(operations)}; they came as {came}")
            place = at + 1

    def lines(self, limit: int) -> list[str]:
        """The last calls, oldest first, a line each."""
        return [call_line(call) for call in reversed(self.find(limit=limit))]

    def clear(self) -> None:
        """Forget this account's calls."""
        self._control.delete("/journal", account=self._uin)

    def _ask(self, question: str, **match: Any) -> Any:
        return self._control.post(f"/journal/{question}", account=self._uin, **match)
