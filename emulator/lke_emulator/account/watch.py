"""What the calls of an account change, told by the very things.

What is known of the account stands as the last call that may change something has left it. After the next such call the parts
are asked again, and what differs is that call's. Most things are the same objects then, so looking costs little; a call that
only reads costs nothing. The parts that grow with every call note themselves what happens to them.

Counted for a limit, drawn from the account's ids or brought by time alone is no change.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from lke_emulator.account.differences import differences
from lke_emulator.account.journal import CONTROL, Entry
from lke_emulator.primitives.change import AccountChange, What

if TYPE_CHECKING:
    from lke_emulator.account.account import Account

Parts = Collection[str]
MOST = 1000
"""Things that one call tells one by one."""


class Watch:
    __slots__ = ("_account", "_known", "_second", "_under_way")

    def __init__(self, account: "Account") -> None:
        self._account = account
        self._known: dict[str, Any] = {}
        self._second = -1
        """Up to which billing was settled when somebody looked last."""
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
            self.look(*next(reversed(self._under_way.values())))
        second = int(account.clock.now())
        if second != self._second:
            account.billing.settle(second)  # what time has brought is nobody's
            self._second = second
            if self._known:
                self._known["billing"] = account.billing.seen()
        if not self._known:
            self._known = account.seen()
        if not self._under_way:
            account.noted(True)
        self._under_way[id(entry)] = entry, parts
        entry.watch = self

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
            entry.changes = told_as_one((*entry.changes, *found))

    def passing(self, let_pass: Callable[[], None]) -> None:
        """What time brings while calls are under way is none of theirs."""
        if self._under_way:
            self.look(next(reversed(self._under_way.values()))[0], ("billing",))
            let_pass()
            self._known["billing"] = self._account.billing.seen()
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
        for id, (entry, parts) in mine.items():
            old.look(entry, parts)
            del old._under_way[id]
            entry.watch = self
            entry.changes = told_as_one((*entry.changes, *grown(old._account, self._account)))
        if mine:
            self._account.billing.settle(self._account.clock.now())
            self._under_way, self._known = mine, old._known
            self._account.noted(True)


def grown(before: "Account", after: "Account") -> Iterator[AccountChange]:
    """What two accounts have not in common in the parts that note what becomes of them."""
    all_new = after.marks()
    for part, old in before.marks().items():
        new = all_new[part]
        for (noun, id), mark in old.items():
            if (noun, id) not in new:
                yield AccountChange(part, noun, id, "deleted")
            elif new[noun, id] != mark:
                yield AccountChange(part, noun, id, "changed")
        for noun, id in new.keys() - old.keys():
            yield AccountChange(part, noun, id, "created")


def told_as_one(changes: tuple[AccountChange, ...]) -> tuple[AccountChange, ...]:
    """What is beyond the bound by part, noun and what became of it."""
    kept, beyond = changes[:MOST], changes[MOST:]
    if not beyond:
        return kept
    counts: Counter[tuple[str, str, What]] = Counter()
    for one in beyond:
        counts[one.part, one.noun, one.change] += one.count
    return (*kept, *(AccountChange(part, noun, "", what, count=n) for (part, noun, what), n in counts.items()))
