"""One thing of an account that a call changed."""

from collections.abc import Mapping
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
