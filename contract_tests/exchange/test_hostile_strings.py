"""Whatever text a surface is sent, it answers at once, and so does everybody else meanwhile."""

import re
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import quote
from zlib import compress

import msgspec
import pytest

from contract_tests.conftest import Control
from contract_tests.control.admin import HELLO, Admin
from contract_tests.dialogue.conftest import SCENARIO as DIALOGUES
from contract_tests.exchange.connection import KeptConnection
from contract_tests.gateway.wire import Heard
from lke_emulator.control.table import PREFIX
from lke_emulator.control.table import TABLE as CONTROL
from lke_emulator.models.sample import sample
from lke_emulator.oneapi.surface import TABLE as ONEAPI
from lke_emulator.openai.requests import ChatRequest, EmbeddingRequest, ImageRequest
from lke_emulator.products import load_handlers
from lke_emulator.protocol.spec import Shape, spec

Place = TypeVar("Place")
AT_ONCE = 0.5
TRIES = 3
"""A busy machine is forgiven: slow is only what is so every time, and works all the while. What is not linear takes minutes."""
LONG = 20_000
BAITS = {
    "percent signs": "%" * 40 + "zzz",
    "wildcards": "%_*?" * 1000 + "z",
    "a nested quantifier": "(a+)+(b*)*(c|c)*$",
    "what catches nested quantifiers": "a" * LONG + "!",
    "blanks": " " * LONG + "x",
    "tabs and lines": "\t\n" * (LONG // 2) + "x",
    "empty lines": "\n" * LONG,
    "brackets": "[" * LONG,
    "round brackets": "(" * LONG + ")" * LONG,
    "images": "![" * LONG,
    "images with addresses": "![](" * LONG,
    "cells": "|" * LONG,
    "rules of tables": "|-" * LONG + "\n" + "| --- " * LONG,
    "dots": "a." * LONG,
    "digits": "9" * LONG,
    "backslashes": "\\" * LONG,
    "quotes": "\"'`" * LONG,
    "slashes": "../" * LONG,
    "Chinese": "它们的这个" * (LONG // 5),
    "joined signs": "e\u0301\u200d\U0001f468" * (LONG // 4),
    "controls": "\x00\x01\x1b\ufeff" * (LONG // 4),
    "places": " - at `$" * LONG + "\n",
    "fences": "```\n# " * LONG,
    "words": "and what about it " * (LONG // 20),
    "mentions of names": "Describe" * (LONG // 8),
}
BAIT = pytest.mark.parametrize("bait", BAITS.values(), ids=BAITS)
NUMBERS = {bait: number for number, bait in enumerate(BAITS.values())}
QUERY = 4000
"""Characters of a bait that go into a path or query."""
CHAT = {"model": "deepseek-v3.2", "messages": HELLO}
REGION = {"X-TC-Region": "ap-guangzhou"}
SCALARS: dict[str, Any] = {"string": "1", "int64": 1, "uint64": 1, "float": 1.0, "bool": True}


class Watched:
    """A client of a server that somebody else asks for its health all the time."""

    def __init__(self, admin: Admin) -> None:
        self.admin = admin
        self.http = KeptConnection(admin.url)
        self.key = {"Authorization": f"Bearer {admin.secret}"}
        self.named = {"Authorization": f"Credential={admin.opened['credentials'][0]['secret_id']}/", **REGION}
        self.slowest = 0.0
        self.over = threading.Event()
        self.watchdog = threading.Thread(target=self.watch)
        self.watchdog.start()

    def watch(self) -> None:
        http = KeptConnection(self.admin.url)
        while not self.over.is_set():
            began = time.monotonic()
            http.request("GET", "/health")
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.over.wait(AT_ONCE / 10)
        http.close()

    def ask(self, method: str, path: str, **request: Any) -> Heard:
        """The answer, which came at once, as did those to others."""
        answer: Heard = self.at_once(
            lambda: self.http.request(method, path, **request), lambda: f"{method} {path[:200]}: {str(request)[:500]}"
        )
        assert answer.status < 500, f"{method} {path[:200]}: {answer.text[:200]}"
        return answer

    def at_once(self, do: Callable[[], Any], what: Callable[[], str]) -> Any:
        """What comes of it, which it did at once."""
        for _ in range(TRIES):
            self.slowest = 0.0
            began, worked = time.monotonic(), time.process_time()
            found = do()
            took, worked = time.monotonic() - began, time.process_time() - worked
            if max(took, self.slowest) < AT_ONCE or worked < AT_ONCE * 2:
                return found
        raise AssertionError(f"takes {took:.1f} s, and /health meanwhile {self.slowest:.1f} s: {what()}")

    def sign(self, action: str, params: Any) -> Any:
        """What lkeap answers, where nobody has to sign."""
        headers = {"X-TC-Action": action, "X-TC-Version": "2024-05-22", **self.named}
        return self.ask("POST", "/", json=params, headers=headers).response

    def close(self) -> None:
        self.over.set()
        self.watchdog.join()
        self.http.close()


@pytest.fixture
def watched(emulator: Control) -> Iterator[Watched]:
    """A client of an account that pays, where nobody has to sign."""
    emulator.load("empty", auth="off", rate_limit=0)
    root = Admin(emulator.url)
    watched = Watched(root.account(account={"billing": {"balance": 10**6, "postpaid": "all"}}))
    yield watched
    watched.close()
    root.close()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all texts in JSON."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))


def put(value: Any, path: tuple[Any, ...], text: str) -> Any:
    """A copy with a text at a place."""
    if not path:
        return text
    first, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[first] = put(copy[first], tuple(rest), text)
    return copy


def some(places: Iterable[Place], bait: str) -> list[Place]:
    """Every eighth place, and for the next bait those beside them: each is met by three baits, and each bait meets each kind."""
    return list(places)[NUMBERS[bait] % 8 :: 8]


def bodies(kind: Any, bait: str) -> Iterator[Any]:
    """Bodies of a kind, each valid but for a bait at one of the places where a text stands."""
    (schema,), definitions = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    value = sample(schema | {"$defs": definitions}, 1, ["word"])
    for path in some(leaves(value), bait):
        yield put(value, path, bait)


@BAIT
def test_the_management_routes_answer_at_once(watched: Watched, bait: str) -> None:
    watched.http.request("POST", "/api/token/", json={"name": "a" * 30}, headers=watched.key)
    watched.http.request("POST", "/v1/chat/completions", json=CHAT, headers=watched.key)
    for row in ONEAPI:
        path = row.path.replace("{id}", quote(bait[:QUERY], safe=""))
        if row.method == "GET":
            names = dict.fromkeys(("model_name", "token_name", "keyword", "token"), bait[: QUERY // 4])
            watched.ask("GET", path, params=names, headers=watched.key)
            watched.ask("GET", path, params={"p": bait[:50]}, headers=watched.key)
        else:
            body = dict.fromkeys(("name", "group", "key", "payment_method"), bait)
            watched.ask(row.method, path, json=body, headers=watched.key)


def shortened(value: Any) -> Any:
    return value[:QUERY] if isinstance(value, str) else value


@BAIT
def test_control_answers_at_once(watched: Watched, bait: str) -> None:
    for row in CONTROL:
        if (row.method, row.path) == ("DELETE", "/accounts/{uin}"):
            continue  # the others need it
        named = re.sub("{(?!uin)[^}]+}", quote(bait[:QUERY], safe=""), row.path)
        path = PREFIX + named.replace("{uin}", watched.admin.uin)
        if row.query is not None:
            for query in bodies(row.query, bait):
                watched.ask(row.method, path, params={name: shortened(value) for name, value in query.items()})
        elif row.body is not None:
            for body in bodies(row.body, bait):
                waits = {"timeout": 0} if "timeout" in body else {}
                watched.ask(row.method, path, json=body | waits)
        else:
            watched.ask(row.method, path)


@BAIT
def test_the_openai_endpoint_answers_at_once(watched: Watched, bait: str) -> None:
    kinds = {"chat/completions": ChatRequest, "embeddings": EmbeddingRequest, "images/generations": ImageRequest}
    for path, kind in kinds.items():
        for body in bodies(kind, bait):
            watched.ask("POST", f"/v1/{path}", json=body, headers=watched.key)
    watched.ask("GET", f"/v1/models/{quote(bait[:QUERY], safe='')}", headers=watched.key)


@pytest.mark.parametrize("keyword", ["pattern", "enum", "$ref", "format", "title", "const"])
def test_schemas_of_structured_replies_are_followed_at_once(watched: Watched, keyword: str) -> None:
    for bait in BAITS.values():
        schema = {keyword: [bait] if keyword == "enum" else bait}
        told = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "string", **schema}}}
        watched.ask("POST", "/v1/chat/completions", json=CHAT | {"response_format": told}, headers=watched.key)


@pytest.mark.parametrize(
    "pattern",
    ["(a*){30}(?=b)", "(a+)+(?!)", "((a?){40})b?(?<!a)", "(x+x+)+(?=y)", "(a|aa)*(?!a)b{0}c{0}(?=d)", "(.*)*\\1$"],
)
def test_a_pattern_that_backtracks_without_end_is_given_up(watched: Watched, pattern: str) -> None:
    schema = {"type": "string", "pattern": pattern, "minLength": 40}
    told = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    watched.ask("POST", "/v1/chat/completions", json=CHAT | {"response_format": told}, headers=watched.key)


def simplest(shape: Shape, depth: int = 0) -> dict[str, Any]:
    """A request with every member that is a text or leads to one."""
    return {
        member.name: [one] if member.many else one
        for member in shape.members.values()
        if depth < 3 or member.required
        for one in [SCALARS[member.type] if member.scalar else simplest(shape.of(member), depth + 1)]
        if member.required or list(leaves(one))
    }


@pytest.mark.parametrize("key", sorted(load_handlers()))
def test_a_signed_action_answers_at_once(watched: Watched, key: str) -> None:
    action = spec().by_key[key]
    headers = {"X-TC-Action": action.name, "X-TC-Version": action.version, **watched.named}
    params = simplest(action.request)
    for bait in BAITS.values():
        for path in some(leaves(params), bait):
            watched.ask("POST", "/", json=put(params, path, bait), headers=headers)


@pytest.mark.parametrize("name", ["X-TC-Action", "X-TC-Version", "X-TC-Region", "X-TC-Language", "Authorization"])
def test_a_header_of_a_signed_call_is_judged_at_once(watched: Watched, name: str) -> None:
    headers = {"X-TC-Action": "DescribeTokenUsage", "X-TC-Version": "2023-11-30", **watched.named}
    for bait in BAITS.values():
        watched.ask("POST", "/", json={}, headers=headers | {name: quote(bait[:QUERY])})


@pytest.mark.parametrize(("kind", "place"), [("TXT", 0), ("MD", 1), ("HTML", 2), ("CSV", 0), ("PDF", 1)])
def test_a_document_is_read_at_once(watched: Watched, kind: str, place: int) -> None:
    """And what comes of it is made as quickly, whoever fetches it. Of five kinds each bait meets two, or one."""
    for bait in list(BAITS.values())[place::3]:
        read_document(watched, kind, bait)


def read_document(watched: Watched, kind: str, bait: str) -> None:
    forms = {"PDF": f"%PDF-1.7 /Type /Page {bait}", "HTML": f"<table><td>{bait}<p>{bait}", "MD": f"# x\n{bait}\n{bait}"}
    content = b64encode(forms.get(kind, bait).encode()).decode()
    file = {"FileType": kind, "FileUrl": f"data:;base64,{content}"}
    for name in ("ReconstructDocument", "SplitDocument"):
        task = watched.sign(f"Create{name}Flow", file)["TaskId"]
        watched.admin.post("/clock/advance", by="10m")
        result = watched.sign(f"Get{name}Result", {"TaskId": task})
        for place in leaves(result):
            if place[-1].endswith("Url") and (address := result[place[0]]):
                watched.ask("GET", address)


@pytest.mark.parametrize(
    "content",
    [
        b"/ObjStm stream\n" * LONG,
        b"/ObjStm stream\n" * LONG + b"endstream",
        (b"/ObjStm stream\n" + compress(b"/Type /Page " * 80_000, 9) + b"endstream ") * 500,
        b"/Encrypt " + b"1 " * LONG,
        b"obj " * LONG + b"1 0 obj << " * LONG,
    ],
    ids=["streams without end", "streams in streams", "small streams of much", "encryption", "objects"],
)
def test_a_pdf_is_read_at_once(watched: Watched, content: bytes) -> None:
    file = {"FileType": "PDF", "FileBase64": b64encode(b"%PDF-1.7 /Type /Page " + content).decode()}
    task = watched.sign("CreateReconstructDocumentFlow", file)
    watched.admin.post("/clock/advance", by="10m")
    watched.sign("GetReconstructDocumentResult", {"TaskId": task["TaskId"]})


V1: dict[str, Any] = {
    "session_id": "session-1",
    "bot_app_key": "shop-key",
    "visitor_biz_id": "v",
    "content": "Hello",
    "system_role": "x",
}
V1 |= {"model_name": "x", "visitor_labels": [{"name": "x", "values": ["x"]}], "custom_variables": {"x": "x"}}
V1 |= {"request_id": "r", "file_infos": [{"file_name": "x", "file_url": "x", "file_type": "x", "doc_id": "1"}]}
V2: dict[str, Any] = {
    "ConversationId": "c" * 32,
    "AppKey": "shop-key",
    "VisitorId": "v",
    "UserName": "x",
    "SystemRole": "x",
}
V2 |= {"ModelName": "x", "Contents": [{"Type": "text", "Text": "Hello"}, {"Type": "image", "Image": {"Url": "x"}}]}
PARSE = {"bot_app_key": "parser-key", "file_url": "data:,x", "file_name": "x.md", "file_type": "md", "session_id": "s"}


@BAIT
@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/qbot/chat/sse", V1), ("/adp/v2/chat", V2), ("/v1/qbot/chat/docParse", PARSE)],
    ids=["v1", "v2", "docParse"],
)
def test_a_dialogue_answers_at_once(emulator: Control, watched: Watched, path: str, body: Any, bait: str) -> None:
    emulator.load(DIALOGUES, rate_limit=0)
    for place in some(leaves(body), bait):
        watched.ask("POST", path, json=put(body, place, bait))
