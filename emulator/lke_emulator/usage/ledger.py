"""Every unit of usage of an account, behind one interface.

A filter chooses series; every answer adds, compares or merges differences of their counters, so all that shows the same
usage agrees by construction. Moments are whole Unix seconds and ranges half open: [start, stop). The ledger knows the
future of what a scenario describes and does not hide it: a caller asks no further than its `now`.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from operator import add, sub
from typing import TYPE_CHECKING, Any, NamedTuple, Union

import msgspec

from lke_emulator.primitives.change import AccountChange, Telling, What
from lke_emulator.primitives.fragment import Fragment, Things
from lke_emulator.primitives.seeds import noise
from lke_emulator.usage.amounts import NOTHING, Amounts
from lke_emulator.usage.answers import Answers
from lke_emulator.usage.box import SIZE, Box, Bucket
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.line import Line
from lke_emulator.usage.metered import Metered, read_calls
from lke_emulator.usage.pace import DAY, HOUR, MARK
from lke_emulator.usage.plans import PLANS, made_of
from lke_emulator.usage.series import Series
from lke_emulator.usage.stretch import LENGTH, Stretch, stretch_of

ONCE, CROWDED = "once", "crowded"
"""Five minutes of which one second was asked for; five minutes with too many calls for a Stretch."""
NEAR = 3
"""A page is looked for until the calls beside it are a third of it."""
Counted = tuple[int, int]
"""A second, and what was counted before it."""


class CallDetail(NamedTuple):
    """One call. Which series it is in, and which one there, never changes."""

    moment: int
    line: Line
    amounts: Amounts
    id: str
    """What it was recorded with, or empty."""
    seed: int
    """Its own 64 bits, for what is made up about it."""
    charge: int
    """What it cost the balance, in micro-units; 0 for what a scenario describes: that is billed by the hour."""
    visitor: str = ""
    """Who asked, in a dialogue."""


if TYPE_CHECKING:
    Saved = Any
else:  # a metered series with all its calls; of every other one the plan
    Saved = Union[(Metered.State, *PLANS)]


def line_name(line: Line) -> str:
    return "/".join([value for value in msgspec.structs.astuple(line) if value])


def usage_noted(series: Series, calls: int) -> Telling:
    """What has come of a line's usage since it had so many calls; below 0 it is new."""
    what: What = "created" if calls < 0 else "changed"
    if not isinstance(series, Metered):
        return Telling(usage_changes, series.line, what, ())
    before = max(calls, 0)
    return Telling(usage_changes, series.line, what, ((before, series.calls), *series.amounts_since(before)))


def usage_changes(line: Line, what: What, amounts: Sequence[tuple[int, int]]) -> Iterator[AccountChange]:
    members = {name: (was, now) for name, (was, now) in zip(Amounts._fields, amounts, strict=False) if was != now}
    yield AccountChange("ledger", "usage", line_name(line), what, line.subject, members)


class Ledger:
    class State(msgspec.Struct, frozen=True):
        series: tuple[Saved, ...]

    def __init__(self, zone: int = 8 * HOUR, series: Iterable[Series] = ()) -> None:
        """`zone` is seconds east of UTC: buckets are cut in it."""
        self.zone = zone
        self._series: list[Series] = []
        self._seeds: dict[int, int] = {}
        self._twins: Counter[int] = Counter()
        self._metered: dict[Line, list[Metered]] = {}
        self._chosen: dict[Filter, tuple[Series, ...]] = {}
        self._alike: dict[Filter, Filter] = {}
        self._firsts: dict[tuple[Series, ...], Filter] = {}
        self._answers = Answers()
        self._told: list[int] | None = None
        """Of every series the number of fragments that `news` has told; None while nobody asks."""
        self._noted: dict[Series, int] = {}
        """What was added to since somebody asked -> how many calls it had; below 0: it is new."""
        for one in series:
            self._append(one)

    def saved(self) -> State:
        return self.State(tuple([series.saved() for series in self._series]))

    def restored(self, state: State) -> None:
        self._series.clear()
        self._seeds.clear()
        self._twins.clear()
        self._metered.clear()
        self._answers = Answers()
        for place, one in enumerate(state.series):
            try:
                self._append(self._again(one))
            except ValueError as error:
                raise ValueError(f"series[{place}]: {error}") from None

    @property
    def has_news(self) -> bool:
        """Whether usage has come since `noted` was asked last."""
        return bool(self._noted)

    def noted(self) -> list[Telling]:
        """The usage that has come since this was asked last, by lines."""
        if not self._noted:
            return []
        noted, self._noted = self._noted, {}
        return [usage_noted(series, calls) for series, calls in noted.items()]

    def marks(self) -> dict[tuple[str, str], object]:
        found: dict[tuple[str, str], list[object]] = {}
        for one in self._series:
            mark = one.amounts_until(one.calls) if isinstance(one, Metered) else one.saved()
            found.setdefault(("usage", line_name(one.line)), []).append(mark)
        return dict(found)

    def fragments(self) -> Iterator[Fragment]:
        for place in range(len(self._series)):
            yield from self._fragments(place, 0)

    def _fragments(self, place: int, told: int) -> Iterator[Fragment]:
        """Of one series those after the first so many: what it is, then its calls."""
        series = self._series[place]
        if not told:
            state = Metered.State(line=series.line, moments=[]) if isinstance(series, Metered) else series.saved()
            yield Fragment(str(place), 0, state)
        if isinstance(series, Metered):
            first = max(told, 1)
            for number, one in enumerate(series.calls_from(first - 1), first):
                yield Fragment(str(place), number, one)

    def news(self) -> list[Fragment]:
        counts = [1 + one.calls if isinstance(one, Metered) else 1 for one in self._series]
        told = counts if self._told is None else self._told + [0] * (len(counts) - len(self._told))
        self._told = counts
        if counts == told:
            return []
        grown = [place for place, count in enumerate(counts) if count > told[place]]
        return [fragment for place in grown for fragment in self._fragments(place, told[place])]

    @staticmethod
    def whole(things: Things) -> "Ledger.State":
        decode = msgspec.msgpack.Decoder(Saved).decode
        series = [(decode(what), calls) for what, *calls in things]
        return Ledger.State(
            tuple([Metered.state_of(one.line, read_calls(calls)) if calls else one for one, calls in series])
        )

    def _again(self, one: Saved) -> Series:
        if not isinstance(one, Metered.State):
            series: Series = made_of(one, but=self._seeds)
            return series
        metered = Metered(one.line)
        self._metered.setdefault(one.line, []).append(metered)
        metered.restored(one)
        return metered

    def add(self, series: Series) -> None:
        self._append(series)
        self._answers = Answers()

    def _append(self, series: Series) -> None:
        self._series.append(series)
        self._noted[series] = -1
        # Series of the same line and seed have the same key; their calls are different calls.
        self._seeds[id(series)] = series.key + self._twins[series.key]
        self._twins[series.key] += 1
        self._choose_anew()

    def record(
        self,
        line: Line,
        now: int,
        *,
        input: int = 0,
        output: int = 0,
        pages: int = 0,
        split: int = 0,
        rag: int = 0,
        internet: int = 0,
        id: str = "",
        charge: int = 0,
        visitor: str = "",
    ) -> None:
        """Meter one real call at the second `now`. A clock that was set back begins another series of its line."""
        of_line = self._metered.setdefault(line, [])
        metered = next((one for one in of_line if one.takes(now)), None)
        if metered is None:
            metered = Metered(line)
            of_line.append(metered)
            self._append(metered)
        if metered not in self._noted:
            self._noted[metered] = metered.calls
        metered.record(now, (input, output, pages, split, rag, internet), id, charge, visitor)
        self._answers.drop_after(now)

    def totals(self, chosen: Filter, start: int, stop: int) -> Amounts:
        if stop <= start:
            return NOTHING
        chosen = self._first_alike(chosen)
        return difference(self._until(chosen, stop), self._until(chosen, start))

    def charged(self, chosen: Filter, start: int, stop: int) -> int:
        """What the real calls of a range cost the balance, in micro-units."""
        return sum([charges(one, stop) - charges(one, start) for one in self.select(chosen)]) if start < stop else 0

    def graph(self, chosen: Filter, start: int, stop: int, width: int) -> list[Bucket]:
        """The range cut into buckets of `width` seconds on the grid of the zone, in order; empty ones are left out."""
        return [bucket for box in self.boxes(chosen, start, stop, width) for bucket in box.buckets]

    def boxes(self, chosen: Filter, start: int, stop: int, width: int) -> list[Box]:
        """The same as boxes: those that lie wholly in the range are kept, and known again by who asks for a later range."""
        start = max(start, self.first(chosen, stop))
        if stop <= start:
            return []
        chosen = self._first_alike(chosen)
        length = SIZE * width
        begins = range(self._floor(start, length), stop, length)
        known: dict[int, Box] = {begin: self._answers.get((chosen, begin, width)) for begin in begins}
        runs: list[list[int]] = []
        for begin in [begin for begin, box in known.items() if box is None]:
            if runs and runs[-1][-1] == begin - length:
                runs[-1].append(begin)
            else:
                runs.append([begin])
        for run in runs:
            known |= self._fill(chosen, run[0], run[-1] + length, width)
        return [
            box
            if start <= begin and begin + length <= stop
            else Box(self._cut(chosen, max(start, begin), min(stop, begin + length), width, box.buckets))
            for begin, box in known.items()
        ]

    def _fill(self, chosen: Filter, start: int, stop: int, width: int) -> dict[int, Box]:
        """All boxes between two edges of boxes."""
        length = SIZE * width
        found: dict[int, list[Bucket]] = {begin: [] for begin in range(start, stop, length)}
        for bucket in self._buckets(chosen, range(start, stop + 1, width)):
            found[self._floor(bucket.start, length)].append(bucket)
        boxes = {begin: Box(buckets) for begin, buckets in found.items()}
        for begin, box in boxes.items():
            self._answers.put((chosen, begin, width), begin + length, box, len(box.buckets) + 1)
        return boxes

    def _cut(self, chosen: Filter, start: int, stop: int, width: int, whole: list[Bucket]) -> list[Bucket]:
        """The buckets of a part of a box: where it cuts one, that is counted anew."""
        first, last = self._floor(start + width - 1, width), self._floor(stop, width)
        if last < first:
            return self._counted(chosen, start, stop, width)
        inner = [bucket for bucket in whole if first <= bucket.start < last]
        return [*self._counted(chosen, start, first, width), *inner, *self._counted(chosen, last, stop, width)]

    def _counted(self, chosen: Filter, start: int, stop: int, width: int) -> list[Bucket]:
        amounts = self.totals(chosen, start, stop)
        return [Bucket(self._floor(start, width), amounts)] if amounts.calls else []

    def derived(self, key: Hashable, stop: int, make: Callable[[], Any], rows: int = 1) -> Any:
        """What `make` computes from this ledger up to the second `stop`, about `rows` figures.

        Kept until a call comes in before that second, or room runs out.
        """
        answer = self._answers.get(key)
        if answer is None:
            answer = make()
            self._answers.put(key, stop, answer, rows)
        return answer

    def breakdown(self, chosen: Filter, start: int, stop: int, dimension: str) -> dict[str, Amounts]:
        """The totals by a member of Line, such as `model`; values without a call left out."""
        parts: dict[str, Amounts] = {}
        if stop > start:
            for series in self.select(chosen):
                amounts = difference(until(series, stop), until(series, start))
                if amounts.calls:
                    value = getattr(series.line, dimension)
                    parts[value] = Amounts(*map(add, parts.get(value, NOTHING), amounts))
        return parts

    def calls(self, chosen: Filter, start: int, stop: int, offset: int, limit: int) -> list[CallDetail]:
        """A page of the calls, newest first; the calls of one second by series and number, also the last first.

        The summed counter is searched for the seconds where the page begins and ends; only what is between is opened.
        """
        series = self.select(chosen)
        start = max(start, self.first(chosen, stop))
        if stop <= start:
            return []

        def count(t: int) -> int:
            return sum([one.calls_until(t) for one in series])

        bottom, top = (start, count(start)), (stop, count(stop))
        newest = top[1] - offset
        oldest = max(bottom[1], newest - limit)
        if oldest >= newest:
            return []
        begin, end = self._around(count, bottom, top, oldest, newest, limit // NEAR)
        if end[1] - begin[1] <= 2 * limit:
            page = calls_between(series, begin[0], end[0])[oldest - begin[1] : newest - begin[1]]
        else:  # a second with very many calls
            begin, end = self._around(count, bottom, top, oldest, newest, 0)
            page = page_of(series, begin[0], end[0], oldest - begin[1], newest - oldest)
        return [self._detail(series[i], k, moment) for moment, i, k in reversed(page)]

    def _around(
        self, count: Callable[[int], int], bottom: Counted, top: Counted, oldest: int, newest: int, near: int
    ) -> tuple[Counted, Counted]:
        """A second with at most `oldest` calls before it and one with at least `newest`: the nearest, or as good as."""
        bottom, _ = self._reach(count, bottom, top, oldest + 1, near)
        # The rest of the range tells how long the page may last; were it much longer, every step would cost cold hours.
        pause = 1 + 2 * (newest - oldest) * (top[0] - bottom[0]) // (top[1] - bottom[1])
        while bottom[0] + pause < top[0]:
            middle = bottom[0] + pause, count(bottom[0] + pause)
            if middle[1] >= newest:
                top = middle
                break
            pause *= 4
        _, top = self._reach(count, bottom, top, newest, near)
        return bottom, top

    def moment_of(self, chosen: Filter, since: int, stop: int, amount: str, threshold: int) -> int | None:
        """The second of [since, stop) in which an amount, counted from `since`, comes to the threshold; else None.

        `amount` names a member of Amounts, `total` or `search` included.
        """
        if threshold <= 0:
            return since if since < stop else None
        since = max(since, self.first(chosen, stop))
        if stop <= since:
            return None
        chosen = self._first_alike(chosen)

        def count(t: int) -> int:
            consumed: int = getattr(self._until(chosen, t), amount)
            return consumed

        bottom, top = (since, count(since)), (stop, count(stop))
        if top[1] - bottom[1] < threshold:
            return None
        (moment, _), _ = self._reach(count, bottom, top, bottom[1] + threshold)
        return moment

    def select(self, chosen: Filter) -> tuple[Series, ...]:
        series = self._chosen.get(chosen)
        if series is None:
            if len(self._chosen) == 256:
                self._choose_anew()
            series = self._chosen[chosen] = tuple([one for one in self._series if chosen.matches(one.line)])
        return series

    def _first_alike(self, chosen: Filter) -> Filter:
        """The first filter that chose the same series: what was found out for that one holds for all."""
        first = self._alike.get(chosen)
        if first is None:
            first = self._firsts.setdefault(self.select(chosen), chosen)
            self._alike[chosen] = first
        return first

    def _choose_anew(self) -> None:
        self._chosen.clear()
        self._alike.clear()
        self._firsts.clear()

    def _until(self, chosen: Filter, t: int) -> Amounts:
        """What the chosen series counted before the second t."""
        answers = self._answers
        start = t - t % LENGTH
        stretch = answers.get((chosen, start))
        if stretch.__class__ is Stretch:
            return stretch.until(t)
        amounts: Amounts | None = answers.get((chosen, t, 0))
        if amounts is None:
            series = self.select(chosen)
            amounts = Amounts(*map(sum, zip(*[until(one, t) for one in series], strict=True)))
            answers.put((chosen, t, 0), t, amounts)
            # Who asks for a second one of these five minutes will ask for a third.
            if stretch is None:
                answers.put((chosen, start), start + LENGTH, ONCE)
            elif stretch is ONCE:
                made = stretch_of(series, start, self._until(chosen, start)) or CROWDED
                answers.put((chosen, start), start + LENGTH, made, 1 if made is CROWDED else 2 * len(made))
        return amounts

    def _detail(self, series: Series, k: int, moment: int) -> CallDetail:
        amounts = Amounts(1, *map(sub, series.amounts_until(k + 1), series.amounts_until(k)))
        charge = series.charges_until(k + 1) - series.charges_until(k)
        visitor = series.visitor(k) if isinstance(series, Metered) else ""
        seed = noise(self._seeds[id(series)], k)
        return CallDetail(moment, series.line, amounts, series.id(k), seed, charge, visitor)

    def first(self, chosen: Filter, stop: int) -> int:
        """The first second in which a call can have come, at most `stop`."""
        firsts = [one.first for one in self.select(chosen)]
        return min([first for first in firsts if first is not None], default=stop)

    def _floor(self, t: int, width: int) -> int:
        return t - (t + self.zone) % width

    def _buckets(self, chosen: Filter, bounds: range) -> list[Bucket]:
        sums = [[0] * len(bounds) for _ in NOTHING]
        for one in self.select(chosen):
            for member, figures in one.columns(bounds):
                sums[member] = list(map(add, sums[member], figures))
        rows = list(zip(*sums, strict=True))
        return [
            Bucket(t, difference(after, before))
            for t, before, after in zip(bounds, rows, rows[1:], strict=False)
            if after[0] > before[0]
        ]

    def _reach(
        self, count: Callable[[int], int], bottom: Counted, top: Counted, target: int, near: int = 0
    ) -> tuple[Counted, Counted]:
        """The last second with a count below the target and the next one, between two that are so but farther apart.

        Or two with at most `near` calls between them.

        Looks at midnights first, then at hours, marks and seconds: the counters of a scenario are cheap in this order.
        Guesses along the line between the two, and every third time in the middle.
        """
        for width in (DAY, HOUR, MARK, 1):
            turn = 0
            while top[1] - bottom[1] > near and (last := (top[0] + self.zone - 1) // width) > (
                low := (bottom[0] + self.zone) // width
            ):
                turn += 1
                if turn % 3:
                    wanted, found = 2 * (target - bottom[1]) - 1, 2 * (top[1] - bottom[1])
                    guess = bottom[0] + (top[0] - bottom[0]) * wanted // found
                    step = max(low + 1, min(last, (guess + self.zone) // width))
                else:
                    step = (low + 1 + last) // 2
                t = step * width - self.zone
                calls = count(t)
                if calls >= target:
                    top = t, calls
                else:
                    bottom = t, calls
        return bottom, top


def until(series: Series, t: int) -> tuple[int, ...]:
    calls = series.calls_until(t)
    return calls, *series.amounts_until(calls)


def charges(series: Series, t: int) -> int:
    return series.charges_until(series.calls_until(t))


def difference(after: Iterable[int], before: Iterable[int]) -> Amounts:
    return Amounts(*map(sub, after, before))


def calls_between(series: tuple[Series, ...], begin: int, end: int) -> list[tuple[int, int, int]]:
    """The moment, series and number of every call of [begin, end), oldest first."""
    between = [(i, range(one.calls_until(begin), one.calls_until(end))) for i, one in enumerate(series)]
    return sorted([(series[i].moment(k) or 0, i, k) for i, calls in between for k in calls])


def page_of(series: tuple[Series, ...], begin: int, end: int, skip: int, size: int) -> list[tuple[int, int, int]]:
    """The moment, series and number of `size` calls, oldest first: `skip` calls of the second `begin` are left out, and
    the last call came before the second `end`."""
    page = within(series, begin, skip, size)
    if begin + 1 < end:
        page += calls_between(series, begin + 1, end - 1)
        page += within(series, end - 1, 0, size - len(page))
    return page


def within(series: tuple[Series, ...], second: int, skip: int, size: int) -> list[tuple[int, int, int]]:
    """`size` calls of one second after the first `skip`; a second may hold a million, and no more are looked at."""
    page: list[tuple[int, int, int]] = []
    for i, one in enumerate(series):
        calls = range(one.calls_until(second), one.calls_until(second + 1))
        page += [(second, i, k) for k in calls[skip : skip + size - len(page)]]
        skip = max(0, skip - len(calls))
    return page
