"""Dedicated concurrency: how many calls of a model were in flight, against how many may be.

Usage that a scenario describes has no single moments of beginning and end, so its concurrency is computed bucket by bucket:
calls times how long one lasts, spread over the bucket. What is over the quota did not succeed.
"""

from typing import Any, NamedTuple

from emulator.products import action
from emulator.products.lke.period import label, period
from emulator.products.lke.usage import chosen, ordered
from emulator.world.call import Call


class Load(NamedTuple):
    """One bucket of a model's calls."""

    x: str
    available: int
    succeeded: int
    """Calls in flight at the same time, no more than there were places."""
    exceeded: bool


def loads(call: Call) -> list[Load]:
    """Buckets with calls, oldest first."""
    account = call.account
    asked = period(call)
    model = account.models.get(call.params["ModelName"])
    available = model.concurrency if model else 0
    seconds = model.call_seconds if model else 1
    edge = call.assumptions.graph_label_edge
    found = []
    for bucket in account.ledger.graph(chosen(call), asked.start, asked.stop, asked.width):
        wanted = -(-bucket.amounts.calls * seconds // asked.width)
        x = label(bucket.start, asked.width, account.zone, edge)
        found.append(Load(x, available, min(wanted, available), wanted > available))
    return found


@action("lke.DescribeConcurrencyUsage")
def describe_concurrency_usage(call: Call) -> dict[str, Any]:
    found = loads(call)
    model = call.account.models.get(call.params["ModelName"])
    return {
        "AvailableConcurrency": model.concurrency if model else 0,
        "ConcurrencyPeak": max((load.succeeded for load in found), default=0),
        "ExceedUsageTime": sum(load.exceeded for load in found),
    }


@action("lke.DescribeConcurrencyUsageGraph")
def describe_concurrency_usage_graph(call: Call) -> dict[str, Any]:
    rows = ordered([{"X": load.x, "Load": load} for load in loads(call)], call, "X")
    return {
        "X": [row["X"] for row in rows],
        "AvailableY": [row["Load"].available for row in rows],
        "SuccessCallY": [row["Load"].succeeded for row in rows],
    }
