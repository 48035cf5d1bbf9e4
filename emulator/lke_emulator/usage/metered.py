"""Usage that grows by real calls."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from operator import gt
from typing import Annotated, NamedTuple

import msgspec

from lke_emulator.primitives.fragment import joined
from lke_emulator.primitives.months import LATEST
from lke_emulator.primitives.seeds import number
from lke_emulator.usage.line import Line
from lke_emulator.usage.sizes import KINDS, Row


class MeteredCall(NamedTuple):
    moment: int
    row: Row
    charge: int
    id: str
    visitor: str = ""


class Metered:
    """The calls of one line in the order they came: their moments, and running sums of what they consumed.

    An amount that no call has used takes no room, and neither do ids and visitors while none is given.
    """

    class State(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="metered"):
        line: Line
        moments: list[Annotated[int, msgspec.Meta(ge=0, le=LATEST)]]
        sums: dict[str, list[int]] = {}
        """Kind -> what had been used of it before each call, and after the last."""
        charges: list[int] = []
        ids: list[str] = []
        visitors: list[str] = []

    def __init__(self, line: Line) -> None:
        self.line = line
        self.key = number("metered", *line.identity())
        self._moments = array("q")
        self._sums: list[array[int] | None] = [None] * len(KINDS)
        self._ids: list[str] = []
        self._visitors: list[str] = []
        """A call each, as the ids: a line for each visitor would make every question as slow as there are visitors."""
        self._charges: array[int] | None = None

    def saved(self) -> State:
        sums = {kind: sums.tolist() for kind, sums in zip(KINDS, self._sums, strict=True) if sums is not None}
        charges = [] if self._charges is None else self._charges.tolist()
        return self.State(
            line=self.line,
            moments=self._moments.tolist(),
            sums=sums,
            charges=charges,
            ids=self._ids.copy(),
            visitors=self._visitors.copy(),
        )

    @classmethod
    def state_of(cls, line: Line, calls: Sequence[MeteredCall]) -> State:
        """What is saved of a line with these calls."""
        moments, rows, charges, ids, visitors = map(list, zip(*calls, strict=True)) if calls else ([], [], [], [], [])
        amounts = {kind: list(figures) for kind, figures in zip(KINDS, zip(*rows, strict=True), strict=False)}
        return cls.State(
            line=line,
            moments=moments,
            sums={kind: list(accumulate(each, initial=0)) for kind, each in amounts.items() if any(each)},
            charges=list(accumulate(charges, initial=0)) if any(charges) else [],
            ids=ids if any(ids) else [],
            visitors=visitors if any(visitors) else [],
        )

    def restored(self, state: State) -> None:
        self._moments = rising(state.moments, len(state.moments))
        calls = len(state.moments)
        if not set(state.sums) <= set(KINDS):
            raise ValueError(f"sums: the kinds are {', '.join(KINDS)}")
        self._sums = [rising(state.sums[kind], calls + 1) if kind in state.sums else None for kind in KINDS]
        self._charges = rising(state.charges, calls + 1) if state.charges else None
        for name, texts in (("ids", state.ids), ("visitors", state.visitors)):
            if texts and len(texts) != calls:
                raise ValueError(f"{name}: {len(texts)} of {calls} calls")
        self._ids, self._visitors = state.ids.copy(), state.visitors.copy()

    @property
    def first(self) -> int | None:
        return self._moments[0] if self._moments else None

    def takes(self, now: int) -> bool:
        """Whether a call can come at this second: none counts earlier than the one before it."""
        return not self._moments or self._moments[-1] <= now

    def record(self, now: int, row: Row, id: str, charge: int = 0, visitor: str = "") -> None:
        """Append a call, where `takes` says that it can come."""
        moments = self._moments
        calls = len(moments)
        for kind, amount in enumerate(row):
            sums = self._sums[kind]
            if sums is None and amount:
                sums = self._sums[kind] = array("q", bytes(8 * (calls + 1)))
            if sums is not None:
                sums.append(sums[-1] + amount)
        if id and not self._ids:
            self._ids = [""] * calls
        if id or self._ids:
            self._ids.append(id)
        if visitor and not self._visitors:
            self._visitors = [""] * calls
        if visitor or self._visitors:
            self._visitors.append(visitor)
        if self._charges is None and charge:
            self._charges = array("q", bytes(8 * (calls + 1)))
        if self._charges is not None:
            self._charges.append(self._charges[-1] + charge)
        moments.append(now)

    @property
    def calls(self) -> int:
        return len(self._moments)

    def calls_from(self, first: int) -> Iterable[MeteredCall]:
        """Those from the call of this number on."""
        for k in range(first, len(self._moments)):
            row = tuple([sums[k + 1] - sums[k] if sums is not None else 0 for sums in self._sums])
            charge = self.charges_until(k + 1) - self.charges_until(k)
            yield MeteredCall(self._moments[k], row, charge, self.id(k), self.visitor(k))

    def where(self, passes: Callable[[str], bool]) -> "Metered":
        """The calls of the visitors that pass; what no dialogue made has the empty one."""
        chosen = Metered(self.line)
        for call in self.calls_from(0):
            if passes(call.visitor):
                chosen.record(call.moment, call.row, call.id, call.charge, call.visitor)
        return chosen

    def calls_until(self, t: int) -> int:
        return bisect_left(self._moments, t)

    def amounts_until(self, calls: int) -> Row:
        return tuple([sums[calls] if sums is not None else 0 for sums in self._sums])

    def amounts_since(self, calls: int) -> list[tuple[int, int]]:
        """Of each kind what had been used before the call of this number, and what was used by now."""
        return [(sums[calls], sums[-1]) if sums is not None else (0, 0) for sums in self._sums]

    def charges_until(self, calls: int) -> int:
        return self._charges[calls] if self._charges is not None else 0

    def columns(self, moments: Sequence[int]) -> Iterable[tuple[int, Sequence[int]]]:
        calls = [self.calls_until(t) for t in moments]
        yield 0, calls
        for kind, sums in enumerate(self._sums, start=1):
            if sums is not None:
                yield kind, [sums[k] for k in calls]

    def moment(self, k: int) -> int | None:
        return self._moments[k] if k < len(self._moments) else None

    def id(self, k: int) -> str:
        return self._ids[k] if self._ids else ""

    def visitor(self, k: int) -> str:
        return self._visitors[k] if self._visitors else ""


def read_calls(fragments: Sequence[bytes]) -> list[MeteredCall]:
    """At once: a hundred thousand of them are read in a tenth of a second."""
    return joined(fragments, list[MeteredCall])


def rising(figures: list[int], count: int) -> "array[int]":
    """So many figures that never fall. ValueError for others."""
    if len(figures) != count or any(map(gt, figures, figures[1:])):
        raise ValueError(f"a line of metered usage has {count} figures that never fall")
    try:
        return array("q", figures)
    except OverflowError:
        raise ValueError("a figure is too large") from None
