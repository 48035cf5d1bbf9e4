"""Random usage for property tests: series of every kind, small enough to be counted call by call."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from hypothesis import strategies as st

from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.events import FOREVER
from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger
from lke_emulator.usage.line import Line
from lke_emulator.usage.series import Series, literal, repeating, spread, steady, synthesised

DAY = 86400
NOON = 1758945600
"""2025-09-27 12:00 at UTC+8."""

zones = st.sampled_from([0, 28800, -12600, 20700])
moments = st.integers(NOON - 3 * DAY, NOON + 12 * DAY)
beginnings = st.integers(NOON - 3 * DAY, NOON + 2 * DAY)
weights = st.one_of(st.integers(0, 9), st.floats(0, 3, allow_nan=False))
means = st.one_of(st.just(0), st.integers(0, 900), st.floats(0, 40, allow_nan=False))
shares = st.one_of(st.just(0), st.just(1), st.floats(0, 1, allow_nan=False))
lines = st.builds(
    Line,
    sub_account=st.sampled_from(["100000000011", "100000000012"]),
    space=st.sampled_from(["default_space", "lab"]),
    app=st.sampled_from(["1801", "1802", "1803"]),
    app_type=st.sampled_from(["knowledge_qa", "shared_knowledge"]),
    model=st.sampled_from(["cs-normal-70b", "cs-normal"]),
    sub_biz_type=st.sampled_from(["KnowledgeQA", "FileParse"]),
    key=st.sampled_from(["", "key-1"]),
)


def some(count: int) -> st.SearchStrategy[list[int | float]]:
    """Weights of which at least one is above zero as a scenario reads them, with six places."""
    return st.lists(weights, min_size=count, max_size=count).filter(lambda values: max(values) >= 0.000001)


@st.composite
def windows(draw: st.DrawFn) -> list[tuple[int, int, int | float]]:
    edges = sorted(draw(st.sets(moments, max_size=6)))
    factors = st.one_of(st.just(0), st.integers(2, 5), st.floats(0, 3, allow_nan=False))
    return [(start, stop, draw(factors)) for start, stop in zip(edges[::2], edges[1::2], strict=False)]


amounts = st.builds(Amounts, *[st.integers(1, 40)], *[st.integers(0, 5000)] * 2, *[st.integers(0, 9)] * 4)
mean_sizes = st.fixed_dictionaries(
    {"input": means, "output": means}, optional={"pages": means, "split": means, "rag": means, "internet": means}
)
whole_sizes = st.fixed_dictionaries(
    {"input": st.integers(0, 90_000), "output": st.integers(0, 90), "rag": st.integers(0, 9)}
)
rhythm = {"weekdays": some(7), "hours": some(24), "jitter": shares, "windows": windows()}


@st.composite
def happenings(draw: st.DrawFn) -> list[tuple[int, int, int | float, int]]:
    """Events, which may overlap, go on for ever or come again."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start, length = draw(moments), draw(st.sampled_from([1, 900, 90_000, 3 * DAY]))
        every = draw(st.sampled_from([0, 0, 3 * DAY, 7 * DAY + 5]))
        stop = FOREVER if not every and draw(st.booleans()) else start + length
        found.append((start, stop, draw(st.sampled_from([0, 0.25, 1.5, 4])), every))
    return found


spans = st.tuples(moments, st.integers(1, 3 * DAY)).map(lambda pair: (pair[0], sum(pair)))
life = {
    "days_vary": shares,
    "month_end": st.sampled_from([1, 1, 0, 2.5]),
    "holidays": st.sampled_from([None, "china", "indonesia"]),
    "closed": st.lists(spans, max_size=2),
    "events": happenings(),
}


Maker = partial[Series]
"""Builds a fresh series each time, with caches still cold."""


@st.composite
def synthesised_makers(draw: st.DrawFn, /, **fixed: Any) -> Maker:
    choices: dict[str, Any] = {
        "seed": draw(st.integers(0, 3)),
        "zone": draw(zones),
        "since": draw(beginnings),
        "until": draw(st.one_of(st.none(), st.integers(NOON + 12 * DAY + 1, NOON + 20 * DAY))),
        "calls_a_day": draw(st.one_of(st.integers(0, 20), st.floats(0, 3, allow_nan=False))),
        "growth": draw(st.sampled_from([0, 0.01, 0.3, -0.02, -0.4])),
        "growth_days": draw(st.sampled_from([1, 7, 30])),
        "growth_from": draw(st.one_of(st.none(), moments)),
        "spread": draw(shares),
        **{name: draw(values) for name, values in {**rhythm, **life}.items()},
        **draw(mean_sizes),
    }
    return partial(synthesised, draw(lines), **{**choices, **fixed})


@st.composite
def spread_makers(draw: st.DrawFn) -> Maker:
    start, stop = sorted(draw(st.lists(moments, min_size=2, max_size=2, unique=True)))
    choices: dict[str, Any] = {"seed": draw(st.integers(0, 3)), "zone": draw(zones), **draw(whole_sizes)}
    choices |= {"spread": draw(shares), "jitter": draw(shares), "calls": draw(st.integers(1, 300))}
    hours = draw(st.lists(st.integers(1, 9), min_size=24, max_size=24))
    choices |= {name: draw(life[name]) for name in ("days_vary", "holidays", "closed")}
    return partial(spread, draw(lines), start=start, stop=stop, hours=hours, **choices)


@st.composite
def steady_makers(draw: st.DrawFn) -> Maker:
    slots = draw(st.sampled_from([1, 2, 24]))
    make = partial(steady, draw(lines), seed=1, since=draw(beginnings), period=draw(st.sampled_from([7200, DAY])))
    shape = {"weights": draw(some(slots)), "windows": draw(windows()), "spread": draw(shares)}
    return partial(make, calls=draw(st.one_of(st.integers(0, 9), st.floats(0, 4))), **shape, **draw(mean_sizes))


@st.composite
def repeating_makers(draw: st.DrawFn) -> Maker:
    slots = draw(st.lists(st.one_of(amounts, st.just(Amounts())), min_size=1, max_size=6).filter(any_call))
    make = partial(repeating, draw(lines), since=draw(beginnings), period=28800 * len(slots), slots=slots)
    return partial(make, until=draw(st.just(NOON + 13 * DAY)), windows=draw(windows()))


@st.composite
def literal_makers(draw: st.DrawFn) -> Maker:
    points = draw(st.lists(st.tuples(moments, amounts), min_size=1, max_size=12))
    return partial(literal, draw(lines), points)


def any_call(slots: list[Amounts]) -> bool:
    return any(slot.calls for slot in slots)


makers = st.one_of(
    synthesised_makers(), spread_makers(), steady_makers(), repeating_makers(), literal_makers(), synthesised_makers()
)


class RealCall(NamedTuple):
    line: Line
    now: int
    input: int
    output: int


real_calls = st.lists(st.builds(RealCall, lines, moments, st.integers(0, 900), st.integers(0, 90)), max_size=30).map(
    lambda calls: sorted(calls, key=lambda call: call.now)
)


@st.composite
def ledger_makers(draw: st.DrawFn) -> Callable[[], Ledger]:
    """Ledgers of planned and metered usage; each call of the result builds the same one anew."""
    zone = draw(zones)
    planned = draw(st.lists(makers, min_size=1, max_size=5))
    metered = draw(real_calls)

    def make() -> Ledger:
        ledger = Ledger(zone, [maker() for maker in planned])
        for line, now, input, output in metered:
            ledger.record(line, now, input=input, output=output)
        return ledger

    return make


lengths = st.one_of(st.integers(DAY, 8 * DAY), st.sampled_from([0, 1, 300, 3600, DAY, 7 * DAY]))
ranges = st.builds(lambda start, length: (start, start + length), st.integers(NOON - DAY, NOON + 4 * DAY), lengths)
narrow_filters = st.builds(
    Filter,
    sub_accounts=st.sampled_from([(), (), ("100000000011",), ("100000000011", "100000000012")]),
    apps=st.sampled_from([(), (), ("1801", "1803"), ("1802",), ("unknown",)]),
    space=st.sampled_from(["", "", "lab"]),
    app_type=st.sampled_from(["", "", "", "shared_knowlege"]),
    model=st.sampled_from(["", "", "", "cs-normal"]),
    sub_biz_type=st.sampled_from(["", "", "", "fileparse", "KonwledgeQA"]),
)
filters = st.one_of(st.just(Filter()), st.just(Filter()), narrow_filters)
