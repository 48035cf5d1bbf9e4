"""`make bench`: server CPU time a request, side by side with a bare Starlette route; start, memory; the ledger.

`python -m benchmarks requests lkeap` measures the subjects whose names contain the word.
"""

import http.client
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import repeat
from pathlib import Path

from benchmarks import dialogue, durable, knowledge, ledger, paint
from benchmarks.load import Heard, Load, drive_load
from benchmarks.requests import SUBJECTS, Subject, plain
from benchmarks.serving import Served, serving

ROUNDS = 3
SECONDS = 0.35
CHAT = str(Path(__file__).with_name("chat.yaml"))
LOADS = (Load(1, True), Load(8, True), Load(16, True), Load(4, False))
CALLS = 100_000
"""After which memory is weighed."""


def cost(server: Served, requests: Iterator[bytes], load: Load, subject: Subject | None, is_stream: bool) -> float:
    """Microseconds of the server's CPU time by the request, or by the event of a stream."""
    before = server.cpu
    heard: Heard = drive_load(server.port, requests, SECONDS, load, bool(subject and subject.is_refused))
    return (server.cpu - before) * 1e6 / (heard.events if is_stream else heard.answers)


def bare_requests(port: int, is_stream: bool) -> Iterator[bytes]:
    return repeat(plain(port, "/stream" if is_stream else "/"))


def requests(word: str = "") -> None:
    """Bare route and emulator take turns, so that a change in the machine's speed meets both."""
    print(f"\n{'server CPU time, us':<36}{'bare':>8}{'here':>8}   bare / here, at connections")
    print(f"{'':<36}{'':>8}{'':>8}{'aim':>7}" + "".join(f"{load!s:>7}" for load in LOADS))
    with serving("bare") as bare, serving("emulator") as usual, serving("emulator", CHAT) as chatting:
        for subject in SUBJECTS:
            ours = chatting if "chat" in subject.name or subject.is_stream else usual
            if word not in subject.name:
                continue
            ratios, theirs, here = [], 0.0, 0.0
            for load in LOADS:
                pairs = []
                for _ in range(ROUNDS):
                    base = cost(bare, bare_requests(bare.port, subject.is_stream), load, None, subject.is_stream)
                    own = cost(ours, subject.make(ours.port), load, subject, subject.is_stream)
                    pairs.append((base / own, base, own))
                ratio, theirs, here = (
                    statistics.median_low(sorted(pairs))
                    if load.is_kept
                    else (statistics.median(pair[0] for pair in pairs), theirs, here)
                )
                ratios.append(ratio)
            shown = "".join(f"{ratio:>7.2f}" for ratio in ratios)
            print(f"{subject.name:<36}{theirs:>8.1f}{here:>8.1f}{subject.aim or '':>7}{shown}", flush=True)


def starts() -> None:
    """Start to the first answer, and resident memory then; five starts each, in turn."""
    figures: dict[str, list[tuple[float, float]]] = {"bare": [], "emulator": []}
    for _ in range(5):
        for kind, values in figures.items():
            with serving(kind) as served:
                values.append((served.seconds, served.resident))
    print(f"\n{'first answer':>46}{'resident':>12}")
    bare_time, bare_memory = (statistics.median(column) for column in zip(*figures["bare"], strict=True))
    for kind, values in figures.items():
        elapsed, megabytes = (statistics.median(column) for column in zip(*values, strict=True))
        print(
            f"{kind:<34}{elapsed * 1000:>9.0f} ms{megabytes:>9.1f} MB"
            f"   {elapsed / bare_time:.2f} x, {megabytes / bare_memory:.2f} x"
        )
    pages = []
    for _ in range(3):
        with serving("emulator") as served:
            pages.append((page_seconds(served.port), page_seconds(served.port)))
    first, later = (statistics.median(column) for column in zip(*pages, strict=True))
    print(f"{'the page of the console':<34}{first * 1000:>9.0f} ms the first time, {later * 1000:.1f} ms then")


def page_seconds(port: int) -> float:
    """Until the page is there; the first one reads all files of the console, whose hash it tells."""
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/_emulator/console/", headers={"Accept": "text/html"})
        connection.getresponse().read()
    return time.perf_counter() - began


def memory() -> None:
    """Resident after many calls of the first subject, the bare route after as many of its own."""
    weights = {}
    for kind in ("bare", "emulator"):
        with serving(kind) as served:
            make = SUBJECTS[0].make if kind == "emulator" else lambda port: bare_requests(port, False)
            calls = 0
            while calls < CALLS:
                calls += drive_load(served.port, make(served.port), 5, Load(8, True)).answers
            weights[kind] = served.resident
    print(f"\nresident after {CALLS} calls: {weights['emulator']:.1f} MB, bare {weights['bare']:.1f} MB,", end=" ")
    print(f"{weights['emulator'] / weights['bare']:.2f} x")


PARTS = {
    "requests": requests,
    "starts": starts,
    "memory": memory,
    "ledger": ledger.main,
    "knowledge": knowledge.main,
    "dialogue": dialogue.main,
    "durable": durable.durable,
    "paint": paint.main,
}


def main() -> None:
    if len(sys.argv) > 2:
        requests(sys.argv[2])
        return
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()
