"""What the calls of an account change, told by the very things.

The parts that calls change all the time note themselves what becomes of them. What is known of the others stands as the last call
that may change them has left it: after the next such call they are asked again, and what differs is that call's. A call that
only reads costs nothing.

Counted for a limit, drawn from the account's ids or brought by time alone is no change.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from lke_emulator.account.journal import CONTROL, Entry
from lke_emulator.primitives.differences import differences

if TYPE_CHECKING:
    from lke_emulator.account.account import Account

Parts = Collection[str]


class Watch:
    __slots__ = ("_account", "_known", "_under_way")

    def __init__(self, account: "Account") -> None:
        self._account = account
        self._known: dict[str, Any] = {}
        self._under_way: dict[int, tuple[Entry, Parts]] = {}
        """Calls that may change something, and what."""

    @property
    def is_crowded(self) -> bool:
        """Whether there are several: each step of one has to be told from the others'."""
        return len(self._under_way) > 1

    @property
    def has_news(self) -> bool:
        """Whether something was used since somebody looked."""
        return self._account.ledger.has_news

    def begin(self, entry: Entry, parts: Parts) -> None:
        """A call that may change these parts begins, beside those that note what becomes of them."""
        account = self._account
        if self._under_way:
            self.look(*self._latest())
        if parts:
            account.billing.settle(account.clock.now())  # what time has brought is nobody's
            if not self._known:
                self._known = account.seen()
        if not self._under_way:
            account.noted(True)
        self._under_way[id(entry)] = entry, parts
        entry.watch = self

    def _latest(self) -> tuple[Entry, Parts]:
        return next(reversed(self._under_way.values()))

    def look(self, entry: Entry, parts: Parts = ()) -> None:
        """What of these has changed since somebody looked last is this call's."""
        account, known = self._account, self._known
        found = account.noted(bool(self._under_way))
        for name in parts:
            before, now = known[name], account.seen_of(name)
            if now is not before and now != before:
                known[name] = now
                found += differences(name, before, now)
        if found:
            entry.note(found)

    def passing(self, let_pass: Callable[[], None]) -> None:
        """What time brings while calls are under way is none of theirs."""
        if self._under_way:
            self.look(self._latest()[0])
            let_pass()
            self._account.billing.noted()
        else:
            let_pass()

    def step(self, entry: Entry) -> None:
        """A step of a call that goes on."""
        self.look(*self._under_way[id(entry)])

    def end(self, entry: Entry) -> None:
        _, parts = self._under_way.pop(id(entry))
        self.look(entry, parts)

    def go_on(self, old: "Watch") -> None:
        """The account is in the place of another one: what control changes by that is what the two have not in common."""
        mine = {id: call for id, call in old._under_way.items() if call[0].surface == CONTROL}
        if mine:
            self._account.billing.settle(self._account.clock.now())
        for id, (entry, parts) in mine.items():
            old.look(entry, parts)
            del old._under_way[id]
            entry.watch = self
            entry.note(self._account.changes_since(old._account.whole()))
        if mine:
            self._under_way, self._known = mine, old._known
            self._account.noted(True)
