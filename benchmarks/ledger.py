"""What the ledger's answers cost in CPU time: pure functions, the best of a few runs on fresh ledgers."""

import sys
import time
from collections.abc import Callable

from lke_emulator.usage.filter import Filter
from lke_emulator.usage.ledger import Ledger
from lke_emulator.usage.line import Line
from lke_emulator.usage.metered import Metered
from lke_emulator.usage.series import Series, synthesised

ZONE = 28800
YEAR = 365 * 86400
START = 1735660800  # 2025-01-01 00:00 +08
STOP = START + YEAR
HOURS = (1, 1, 1, 1, 1, 1, 2, 6, 24, 62, 78, 72, 38, 48, 76, 80, 74, 60, 32, 18, 12, 8, 4, 2)
WEEK = (1, 1.06, 1.08, 1.04, 0.92, 0.22, 0.16)
ALL = Filter()


def account(series: int, calls_a_year: int, growth: float = 0) -> list[Series]:
    """Series of one account that make so many calls in a year, each another share of them."""
    weights = [1 + i % 7 for i in range(series)]
    return [
        synthesised(
            Line(model=f"model-{i % 5}", app=f"app-{i % 11}", sub_account=f"sub-{i}"),
            seed=7,
            zone=ZONE,
            since=START,
            calls_a_day=calls_a_year * weight / sum(weights) / 365,
            input=650.5,
            output=90,
            hours=HOURS,
            weekdays=WEEK,
            growth=growth,
        )
        for i, weight in enumerate(weights)
    ]


def cost(prepare: Callable[[], Callable[[], object]], runs: int = 7) -> float:
    """Milliseconds of what `prepare` returns, the best of some runs on fresh ledgers."""
    best = float("inf")
    for _ in range(runs):
        work = prepare()
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best * 1000


def warm(work: Callable[[], object]) -> Callable[[], object]:
    work()
    return work


def main() -> None:
    def row(name: str, aim: str, figure: float) -> None:
        print(f"{name:<78} {aim:>10} {figure:>10.3f}")

    print(f"{'':<78} {'aim':>10} {'measured':>10}")

    def ledger(series: int = 500, calls: int = 10**9, growth: float = 0) -> Ledger:
        return Ledger(ZONE, account(series, calls, growth))

    def totals(ledger: Ledger) -> Callable[[], object]:
        return lambda: ledger.totals(ALL, START + 1000, STOP - 12345)

    row("totals, a year of 500 series and 1e9 calls, cold, ms", "< 30", cost(lambda: totals(ledger())))
    row("totals, the same again, ms", "< 5", cost(lambda: warm(totals(ledger()))))

    def moving(ledger: Ledger) -> Callable[[], object]:
        ledger.totals(ALL, START + 1000, STOP - 12346)
        return totals(ledger)

    row("totals, the same a second later, ms", "< 5", cost(lambda: moving(ledger())))

    def page(ledger: Ledger, share: int = 2) -> Callable[[], object]:
        newest = ledger.totals(ALL, START, STOP).calls // share
        return lambda: ledger.calls(ALL, START, STOP, newest, 1000)

    row("page of 1,000 calls in the middle of it, ms", "< 30", cost(lambda: page(ledger())))
    row("page of 1,000 calls in a third of it, growing, ms", "< 30", cost(lambda: page(ledger(growth=0.003), 3)))
    row("page of 1,000 calls, 500 series, 1e5 calls a year, ms", "< 30", cost(lambda: page(ledger(calls=10**5))))
    row("page of 1,000 calls, 20 series, 1e5 calls a year, ms", "< 30", cost(lambda: page(ledger(20, 10**5))))

    noon = START + 100 * 86400

    def graph(ledger: Ledger) -> Callable[[], object]:
        return lambda: ledger.graph(ALL, noon, noon + 86400, 300)

    row("graph of a day, 20 series, cold, ms", "< 15", cost(lambda: graph(ledger(20, 10**7))))
    row("graph of a day, 20 series, again, ms", "< 0.1", cost(lambda: warm(graph(ledger(20, 10**7)))))
    row("graph of a day, 20 series, today up to now, a second later, ms", "-", cost(lambda: later(ledger(20, 10**7))))
    row("graph of a year in days, 500 series, cold, ms", "-", cost(lambda: by_day(ledger()), 2))
    row("build 500 series, ms", "-", cost(lambda: lambda: account(500, 10**9)))

    metered = Ledger(ZONE)
    lines = [Line(model=f"model-{i % 3}", key=f"key-{i % 10}", api="ChatCompletions") for i in range(30)]
    begin = time.perf_counter()
    for i in range(1_000_000):
        metered.record(lines[i % 30], START + i // 100, input=500 + i % 300, output=i % 90, id=f"{i:032x}")
    row("record one call, us", "-", (time.perf_counter() - begin) * 1e6 / 1e6)
    chosen = Filter(model="model-1")
    row("filtered total of 1,000,000 metered calls, cold, ms", "< 5", cost(lambda: total(metered, chosen), 1))
    row("the same after one more call, ms", "< 5", cost(lambda: total_after_call(metered, chosen, lines[1])))
    row(
        "page of 1,000 calls in the middle of them, ms",
        "-",
        cost(lambda: lambda: metered.calls(ALL, 0, STOP, 500_000, 1000)),
    )
    row("bytes a metered call, with ids of 32 characters", "< 400", memory(metered) / 1_000_000)


def later(ledger: Ledger) -> Callable[[], object]:
    now = START + 100 * 86400 + 15 * 3600 + 77
    ledger.graph(ALL, now - 15 * 3600 - 77, now, 300)
    return lambda: ledger.graph(ALL, now - 15 * 3600 - 77, now + 1, 300)


def by_day(ledger: Ledger) -> Callable[[], object]:
    return lambda: ledger.graph(ALL, START, STOP, 86400)


def total(ledger: Ledger, chosen: Filter) -> Callable[[], object]:
    return lambda: ledger.totals(chosen, START + 1000, START + 9000)


def total_after_call(ledger: Ledger, chosen: Filter, line: Line) -> Callable[[], object]:
    ledger.totals(chosen, START, STOP)
    ledger.record(line, START + 10_000, input=1)
    return lambda: ledger.totals(chosen, START, STOP)


def memory(ledger: Ledger) -> int:
    kept = [part for series in ledger.select(ALL) for part in parts(series)]
    return sum(sys.getsizeof(part) for part in kept)


def parts(series: Series) -> list[object]:
    assert isinstance(series, Metered)
    return [series._moments, *series._sums, series._ids, *series._ids]


if __name__ == "__main__":
    main()
