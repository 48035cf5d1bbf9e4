"""`make bench`: one table; everything measured side by side in one run, ratios to the bare Starlette route."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from benchmarks import ledger
from benchmarks.load import throughput
from benchmarks.serving import serving
from lke_emulator.protocol import signature

ROUNDS = 5
SECONDS = 1.0
DAY = 86_400
CHAT = str(Path(__file__).with_name("chat.yaml"))
KEY = "Authorization: Bearer sk-localBenchmarkKeyThatOpensNothingElseAtAll00000000\r\n"


def signed(port: int, action: str, params: dict[str, object]) -> bytes:
    """A whole HTTP request of `lke`, signed as the Python SDK signs; good for five minutes."""
    body = json.dumps(params).encode()
    host = f"127.0.0.1:{port}"
    timestamp = str(int(time.time()))
    date = datetime.fromtimestamp(int(timestamp), UTC).strftime("%Y-%m-%d")
    headers = f"content-type:application/json\nhost:{host}\n"
    canonical = signature.canonical_request("POST", "", headers, "content-type;host", sha256(body).hexdigest())
    text = signature.string_to_sign(timestamp, date, "lke", canonical)
    key = signature.signing_key("local-secret-key", date, "lke")
    authorization = (
        f"TC3-HMAC-SHA256 Credential=AKIDlocal/{date}/lke/tc3_request, SignedHeaders=content-type;host,"
        f" Signature={signature.Signer(key).sign(text)}"
    )
    head = [
        "POST / HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Authorization: {authorization}",
        f"X-TC-Action: {action}",
        "X-TC-Version: 2023-11-30",
        "X-TC-Region: ap-guangzhou",
        f"X-TC-Timestamp: {timestamp}",
        "X-TC-RequestClient: SDK_PYTHON_3.1.101",
        "X-TC-Language: en-US",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def plain(port: int, path: str = "/", body: bytes = b'{"ModelName": "cs-normal-70b"}', headers: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def range_of(days_ago: int, days: int) -> dict[str, object]:
    """A range of whole days at UTC+8."""
    today = (int(time.time()) + 8 * 3600) // DAY * DAY - 8 * 3600
    start = today - days_ago * DAY
    return {"StatStartTime": start, "StatEndTime": start + days * DAY - 1}


def requests() -> None:
    """Throughput: the servers take turns, so that a change in the machine's speed meets them all."""
    with serving("starlette") as (bare, *_), serving("raw") as (raw, *_), serving("emulator") as (ours, *_):
        usage = {"ModelName": "cs-normal-70b", **range_of(30, 30)}
        subjects: dict[str, Callable[[], tuple[float, float]]] = {
            "bare Starlette JSON route": lambda: throughput(bare, [plain(bare)], SECONDS),
            "raw ASGI": lambda: throughput(raw, [plain(raw)], SECONDS),
            "DescribeTokenUsage, 30 days": lambda: throughput(
                ours, [signed(ours, "DescribeTokenUsage", usage)], SECONDS
            ),
            "DescribeTokenUsageGraph, 1 day": lambda: throughput(
                ours, [signed(ours, "DescribeTokenUsageGraph", range_of(2, 1))], SECONDS
            ),
        }
        rates: dict[str, list[float]] = {name: [] for name in subjects}
        for _ in range(ROUNDS):
            for name, subject in subjects.items():
                rates[name].append(subject()[0])
    print_rates(rates, "bare Starlette JSON route", "requests/s")


def chats() -> None:
    """Chat completions against a JSON route, and streamed events against a stream, of bare Starlette."""
    with serving("starlette") as (bare, *_), serving("emulator", CHAT) as (ours, *_):
        chat = b'{"model":"deepseek-v3.2","max_tokens":%d,"messages":[{"role":"user","content":"Hello"}]%s}'
        whole = plain(ours, "/v1/chat/completions", chat % (64, b""), KEY)
        streamed = plain(ours, "/v1/chat/completions", chat % (400, b',"stream":true'), KEY)
        answers: dict[str, list[float]] = {"bare Starlette JSON route": [], "chat completions, not streamed": []}
        events: dict[str, list[float]] = {"bare Starlette stream": [], "chat completions, streamed tokens": []}
        for _ in range(ROUNDS):
            answers["bare Starlette JSON route"].append(throughput(bare, [plain(bare)], SECONDS)[0])
            answers["chat completions, not streamed"].append(throughput(ours, [whole], SECONDS)[0])
            events["bare Starlette stream"].append(throughput(bare, [plain(bare, "/stream")], SECONDS)[1])
            events["chat completions, streamed tokens"].append(throughput(ours, [streamed], SECONDS)[1])
    print_rates(answers, "bare Starlette JSON route", "requests/s")
    print_rates(events, "bare Starlette stream", "events/s")


def print_rates(rates: dict[str, list[float]], against: str, unit: str) -> None:
    print(f"\n{unit:>44}   ratio (median of {ROUNDS} paired rounds)")
    for name, values in rates.items():
        ratio = statistics.median(value / base for value, base in zip(values, rates[against], strict=True))
        print(f"{name:<34}{statistics.median(values):>10.0f}{ratio:>8.2f} x")


def starts() -> None:
    """Start to the first answer, and resident memory then; five starts each, in turn."""
    figures: dict[str, list[tuple[float, float]]] = {"starlette": [], "emulator": []}
    for _ in range(ROUNDS):
        for kind, values in figures.items():
            with serving(kind) as (_, elapsed, megabytes):
                values.append((elapsed, megabytes))
    print(f"\n{'first answer':>46}{'resident':>12}")
    bare_time, bare_memory = (statistics.median(column) for column in zip(*figures["starlette"], strict=True))
    for kind, values in figures.items():
        elapsed, megabytes = (statistics.median(column) for column in zip(*values, strict=True))
        print(
            f"{kind:<34}{elapsed * 1000:>9.0f} ms{megabytes:>9.1f} MB"
            f"   {elapsed / bare_time:.2f} x, {megabytes / bare_memory:.2f} x"
        )


def main() -> None:
    parts: dict[str, Callable[[], None]] = {
        "requests": requests,
        "chats": chats,
        "starts": starts,
        "ledger": ledger.main,
    }
    for name in sys.argv[1:] or parts:
        parts[name]()


if __name__ == "__main__":
    main()
