"""Figures of all calls for Prometheus, counted from when somebody first asks: then what the journal still has."""

from bisect import bisect_left
from collections import Counter

from lke_emulator.account.journal import Entry, Journal
from lke_emulator.protocol.spec import spec

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds."""
LABELS = 1000
"""Sets of labels of one figure: callers choose names, and must not fill memory with them."""
OTHER = "other"
Labels = tuple[str, ...]


class Latencies:
    __slots__ = ("counts", "total_us")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS) + 1)
        """By the bucket alone, not with those below it; the last one has no bound."""
        self.total_us = 0

    def add(self, latency_us: int) -> None:
        self.counts[bisect_left(BUCKETS, latency_us / 1e6)] += 1
        self.total_us += latency_us


class Metrics:
    def __init__(self, journal: Journal) -> None:
        self.calls: Counter[Labels] = Counter()
        """By surface, operation and verdict."""
        self.errors: Counter[Labels] = Counter()
        """By surface and code."""
        self.tokens: Counter[Labels] = Counter()
        """By model and direction."""
        self.faults: Counter[Labels] = Counter()
        """By surface."""
        self.latencies: dict[Labels, Latencies] = {}
        """By surface and operation."""
        for entry in journal.ended():
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """A call that has ended."""
        known = entry.surface != "gateway" or entry.operation in spec().by_key
        operation = entry.operation if known and entry.operation else OTHER
        count(self.calls, (entry.surface, operation, entry.verdict), 1)
        if entry.code:
            count(self.errors, (entry.surface, entry.code), 1)
        if entry.input or entry.output:
            count(self.tokens, (entry.model, "input"), entry.input)
            count(self.tokens, (entry.model, "output"), entry.output)
        if entry.fault:
            count(self.faults, (entry.surface,), 1)
        labels = entry.surface, operation
        if labels not in self.latencies:
            labels = labels if len(self.latencies) < LABELS else (OTHER, OTHER)
            self.latencies.setdefault(labels, Latencies())
        self.latencies[labels].add(entry.latency_us)


def count(counter: Counter[Labels], labels: Labels, many: int) -> None:
    """What is new when there are too many sets already is counted with others."""
    counter[labels if labels in counter or len(counter) < LABELS else (OTHER,) * len(labels)] += many
