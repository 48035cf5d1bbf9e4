"""Dedicated concurrency: how many calls of a model were in flight, against how many may be.

Real calls are known by the second. Usage that a scenario describes has no single moments of beginning and end, so its
concurrency is computed bucket by bucket: calls times how long one lasts, spread over the bucket. What is over the quota did
not succeed.
"""

from typing import Any, NamedTuple

from lke_emulator.account.call import Call
from lke_emulator.products import action
from lke_emulator.products.lke.period import label, period
from lke_emulator.products.lke.usage import in_turn, sharded, usage_filter
from lke_emulator.usage.filter import Filter


class Load(NamedTuple):
    """One bucket of a model's calls."""

    x: str
    succeeded: int
    """Calls in flight at the same time, as far as there were places."""
    places: int
    """How many there were: what has expired since, or was bought since, makes no difference to what was."""
    exceeded: int
    """How often there was no place: once for usage of the scenario, and once for every real call that was refused."""


def loads(call: Call) -> list[Load]:
    """Buckets with calls, oldest first."""
    account, asked, lines = call.account, period(call), usage_filter(call)
    model = call.params["ModelName"]
    known = account.models.get(model)
    seconds = known.call_seconds if known else 1
    found: dict[int, tuple[int, int, int]] = {}

    def places(start: int) -> int:
        return account.most_places(model, max(start, asked.start), min(start + asked.width, asked.stop))

    for bucket in account.ledger.graph(lines, asked.drawn, asked.stop, asked.width):
        wanted, there = -(-bucket.amounts.calls * seconds // asked.width), places(bucket.start)
        found[bucket.start] = min(wanted, there), there, int(wanted > there)
    # Real calls are counted by model alone: a question about an app or a sub-account cannot be answered from them.
    if lines == Filter(model=model):
        for start, peak, refusals in account.concurrency.buckets(model, asked.drawn, asked.stop, asked.width):
            succeeded, there, exceeded = found.get(start) or (0, places(start), 0)
            found[start] = max(succeeded, min(peak, there)), there, exceeded + refusals
    edge = call.assumptions.graph_label_edge
    return [Load(label(start, asked.width, account.zone, edge), *found[start]) for start in sorted(found)]


@action("lke.DescribeConcurrencyUsage")
def describe_concurrency_usage(call: Call) -> dict[str, Any]:
    """What is available is the most that was at any moment of the range: the peak is never above it (documented)."""
    found, asked = loads(call), period(call)
    return {
        "AvailableConcurrency": call.account.most_places(call.params["ModelName"], asked.start, asked.stop),
        "ConcurrencyPeak": max((load.succeeded for load in found), default=0),
        "ExceedUsageTime": sum(load.exceeded for load in found),
    }


@action("lke.DescribeConcurrencyUsageGraph")
def describe_concurrency_usage_graph(call: Call) -> dict[str, Any]:
    shards = sharded([(load.x, load) for load in loads(call)], call.account)
    rows = [row for shard in in_turn(shards, "X", call.account) for row in shard]
    return {
        "X": [x for x, _ in rows],
        "AvailableY": [load.places for _, load in rows],
        "SuccessCallY": [load.succeeded for _, load in rows],
    }
