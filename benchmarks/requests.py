"""The requests under measurement, whole and signed: what a client really sends, one after the other."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count, repeat
from typing import NamedTuple

from benchmarks.bare import EVENTS
from lke_emulator.protocol import signature

DAY = 86_400
KEY = "Authorization: Bearer sk-localBenchmarkKeyThatOpensNothingElseAtAll00000000\r\n"
MODEL = "deepseek-v3.2"
VERSIONS = {"lke": "2023-11-30", "lkeap": "2024-05-22"}


class Subject(NamedTuple):
    name: str
    aim: float
    """The least ratio to the bare route; 0 for none."""
    make: Callable[[int], Iterator[bytes]]
    """The requests for a port."""
    is_refused: bool = False
    is_stream: bool = False


def signed(port: int, action: str, params: dict[str, object], service: str = "lke", wrong: bool = False) -> bytes:
    """A whole HTTP request, signed as the Python SDK signs; good for five minutes."""
    body = json.dumps(params).encode()
    host = f"127.0.0.1:{port}"
    timestamp = str(int(time.time()))
    date = datetime.fromtimestamp(int(timestamp), UTC).strftime("%Y-%m-%d")
    headers = f"content-type:application/json\nhost:{host}\n"
    canonical = signature.canonical_request("POST", "", headers, "content-type;host", sha256(body).hexdigest())
    text = signature.string_to_sign(timestamp, date, service, canonical)
    key = signature.signing_key("wrong" if wrong else "local-secret-key", date, service)
    authorization = (
        f"TC3-HMAC-SHA256 Credential=AKIDlocal/{date}/{service}/tc3_request, SignedHeaders=content-type;host,"
        f" Signature={signature.Signer(key).sign(text)}"
    )
    head = [
        "POST / HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Authorization: {authorization}",
        f"X-TC-Action: {action}",
        f"X-TC-Version: {VERSIONS[service]}",
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


MOVED = count(1)


def moved(days: int) -> dict[str, object]:
    """A range that nobody asked for before: each is a second earlier."""
    end = int(time.time()) - 7 * DAY - next(MOVED)
    return {"StatStartTime": end - days * DAY, "StatEndTime": end}


def repeated(
    action: str, params: Callable[[], dict[str, object]], **settings: object
) -> Callable[[int], Iterator[bytes]]:
    return lambda port: repeat(signed(port, action, params(), **settings))  # type: ignore[arg-type]


def moving(action: str, days: int, **more: object) -> Callable[[int], Iterator[bytes]]:
    return lambda port: (signed(port, action, {**more, **moved(days)}) for _ in count())


def chat(service: str, is_stream: bool = False) -> Callable[[int], Iterator[bytes]]:
    """One with a short answer, or with as many events as the bare stream has and the few around them."""
    question, tokens = ("Tell me a story", EVENTS) if is_stream else ("Hello", 64)
    if service == "lkeap":
        messages = [{"Role": "user", "Content": question}]
        params: dict[str, object] = {"Model": MODEL, "Messages": messages, "MaxTokens": tokens, "Stream": is_stream}
        return repeated("ChatCompletions", lambda: params, service="lkeap")
    body = {"model": MODEL, "max_tokens": tokens, "stream": is_stream}
    sent = json.dumps(body | {"messages": [{"role": "user", "content": question}]}).encode()
    return lambda port: repeat(plain(port, "/v1/chat/completions", sent, KEY))


def dialogue(version: int) -> Callable[[int], Iterator[bytes]]:
    """The same story in conversations of their own."""
    path = ("/v1/qbot/chat/sse", "/adp/v2/chat")[version - 1]

    def body(number: int) -> dict[str, object]:
        if version == 1:
            said: dict[str, object] = {"session_id": f"s-{number}", "bot_app_key": "shop-key", "visitor_biz_id": "v"}
            return {**said, "content": "Tell me a story", "incremental": True}
        contents = [{"Type": "text", "Text": "Tell me a story"}]
        asked = {"ConversationId": f"{number:032d}", "AppKey": "shop-key", "VisitorId": "v"}
        return {**asked, "Contents": contents, "Incremental": True}

    return lambda port: (plain(port, path, json.dumps(body(number)).encode()) for number in count())


USAGE, GRAPH = "DescribeTokenUsage", "DescribeTokenUsageGraph"
SUBJECTS = (
    Subject(
        "DescribeTokenUsage, repeated",
        1.05,
        repeated(USAGE, lambda: {"ModelName": "cs-normal-70b", **range_of(30, 30)}),
    ),
    Subject("DescribeTokenUsage, moving ranges", 0.8, moving(USAGE, 30, ModelName="cs-normal-70b")),
    Subject("graph of a day, repeated", 0.8, repeated(GRAPH, lambda: range_of(2, 1))),
    Subject("graph of a day, moving", 0.2, moving(GRAPH, 1)),
    Subject(
        "ListApp, generated",
        0.6,
        repeated("ListApp", lambda: {"AppType": "knowledge_qa", "PageSize": 10, "PageNumber": 1}),
    ),
    Subject("wrong signature", 0.5, repeated(USAGE, dict, wrong=True), is_refused=True),
    Subject("unknown action", 0, repeated("DescribeNothing", dict), is_refused=True),
    Subject("lkeap chat", 0.5, chat("lkeap")),
    Subject("OpenAI chat", 0.5, chat("openai")),
    Subject("lkeap stream, by the event", 0.9, chat("lkeap", True), is_stream=True),
    Subject("OpenAI stream, by the event", 0.9, chat("openai", True), is_stream=True),
    Subject("dialogue v1, by the event", 0.4, dialogue(1), is_stream=True),
    Subject("dialogue v2, by the event", 0.4, dialogue(2), is_stream=True),
)
