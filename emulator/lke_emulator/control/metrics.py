"""Figures of all calls, in the text format of Prometheus."""

from collections.abc import Iterable, Iterator, Mapping

from lke_emulator import __version__
from lke_emulator.account.metrics import BUCKETS, Labels, Latencies
from lke_emulator.control.table import ControlCall, PlainText, route
from lke_emulator.primitives.clock import real_now

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
PREFIX = "lke_emulator_"


@route("GET", "/metrics")
def get_metrics(call: ControlCall) -> PlainText:
    """Calls by operation and verdict, errors, latency, tokens and faults, for Prometheus. Counted from the first time on."""
    world, running = call.world, call.running
    told = running.events.measured(world.journal)
    lines = [
        *family("calls_total", "counter", "Calls that have ended.", told.calls, ("surface", "operation", "verdict")),
        *family("errors_total", "counter", "Calls that were refused or broke.", told.errors, ("surface", "code")),
        *family("tokens_total", "counter", "Tokens of model calls.", told.tokens, ("model", "direction")),
        *family("faults_total", "counter", "Calls that a fault struck.", told.faults, ("surface",)),
        *histogram(
            "call_duration_seconds", "From a call's arrival to its end.", told.latencies, ("surface", "operation")
        ),
        *family("calls_in_flight", "gauge", "Calls that have not ended.", {(): world.journal.in_flight()}, ()),
        *family("accounts", "gauge", "Accounts that are open.", {(): len(world.accounts)}, ()),
        *family("event_listeners", "gauge", "Listeners of /_emulator/events.", {(): running.events.listeners}, ()),
        *family("uptime_seconds", "gauge", "Since the start.", {(): round(real_now() - running.began, 3)}, ()),
        *family("info", "gauge", "What runs.", {(__version__, world.scenario): 1}, ("version", "scenario")),
    ]
    return PlainText("\n".join(lines) + "\n", CONTENT_TYPE)


def family(name: str, kind: str, help: str, values: Mapping[Labels, float], names: Labels) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {help}"
    yield f"# TYPE {PREFIX}{name} {kind}"
    for labels in sorted(values):
        yield f"{PREFIX}{name}{bracketed(zip(names, labels, strict=True))} {values[labels]}"


def histogram(name: str, help: str, values: Mapping[Labels, Latencies], names: Labels) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {help}"
    yield f"# TYPE {PREFIX}{name} histogram"
    for labels in sorted(values):
        pairs, below = list(zip(names, labels, strict=True)), 0
        for bound, many in zip((*map(str, BUCKETS), "+Inf"), values[labels].counts, strict=True):
            below += many
            yield f"{PREFIX}{name}_bucket{bracketed([*pairs, ('le', bound)])} {below}"
        yield f"{PREFIX}{name}_sum{bracketed(pairs)} {values[labels].total_us / 1e6}"
        yield f"{PREFIX}{name}_count{bracketed(pairs)} {below}"


def bracketed(pairs: Iterable[tuple[str, str]]) -> str:
    inner = ",".join(f'{name}="{escaped(value)}"' for name, value in pairs)
    return f"{{{inner}}}" if inner else ""


def escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
