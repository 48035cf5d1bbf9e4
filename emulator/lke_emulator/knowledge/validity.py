"""When and for whom a piece of knowledge is good: its scope, its time, its labels."""

import msgspec

from lke_emulator.primitives.bounds import Natural

NOWHERE, DRAFT, RELEASED, EVERYWHERE = 1, 2, 3, 4
"""EnableScope (documented): neither, test calls alone, production calls alone, both."""
SCOPES = (NOWHERE, DRAFT, RELEASED, EVERYWHERE)
ALL, BY_CONDITION = 1, 2
"""AttrRange (documented): for everybody, or for visitors with one of the labels."""
DAY = 86_400


class LabelRef(msgspec.Struct, frozen=True):
    """An attribute and those of its labels that are meant."""

    attribute: str
    labels: tuple[str, ...]
    source: Natural = 1
    """AttrLabelRefer.Source (documented): 1, an attribute label."""


class Validity(msgspec.Struct, frozen=True):
    """Moments are Unix seconds; 0 is none."""

    scope: Natural = DRAFT
    attr_range: Natural = ALL
    labels: tuple[LabelRef, ...] = ()
    starts: Natural = 0
    ends: Natural = 0
    outlives: bool = False
    """Found after its end too: adp's ExpireBehavior 2 (documented)."""

    def expired(self, now: float) -> bool:
        return 0 < self.ends <= now

    def covers(self, released: bool) -> bool:
        return visible(self.scope, released)


def visible(scope: int, released: bool) -> bool:
    """Whether test calls, or production calls, may see what has this scope at all."""
    return scope in ((RELEASED, EVERYWHERE) if released else (DRAFT, EVERYWHERE))
