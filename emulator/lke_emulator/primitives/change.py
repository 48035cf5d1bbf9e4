"""One thing of an account that a call changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Literal

import msgspec

What = Literal["created", "changed", "deleted"]
Plain = None | bool | int | float | str


class AccountChange(msgspec.Struct, frozen=True, gc=False):
    part: str
    """The part of the account: documents, billing, ledger, ..."""
    noun: str
    """What it is within the part: documents, packages, balance, usage, ..."""
    id: str
    """Empty where there is but one of it, or where such things have none."""
    change: What
    name: str = ""
    """What people call it."""
    members: Mapping[str, tuple[Plain, Plain]] = {}
    """What of it changed, before and after; both null where that is too long to tell, or secret."""
    count: int = 1
    """More where many things are told as one."""


Telling = partial[Iterator[AccountChange]]
"""Changes that are worked out when somebody reads them, from what does not change any more and holds nothing of the account."""
Noted = AccountChange | Telling
MOST = 1000
"""Changes of one call that are told one by one."""


def worked_out(noted: Iterable[Noted]) -> tuple[AccountChange, ...]:
    """Worked out; what is beyond the bound by part, noun and what became of it."""
    changes = [change for one in noted for change in (one() if isinstance(one, partial) else (one,))]
    counts: Counter[tuple[str, str, What]] = Counter()
    for one in changes[MOST:]:
        counts[one.part, one.noun, one.change] += one.count
    beyond = [AccountChange(part, noun, "", what, count=n) for (part, noun, what), n in counts.items()]
    return (*changes[:MOST], *beyond)
