"""Whatever a socket of a dialogue is sent, it goes on at once, and so does everybody else meanwhile."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

import pytest
from websockets.sync.client import ClientConnection, connect

from contract_tests.conftest import Control
from contract_tests.dialogue.conftest import SCENARIO as DIALOGUES
from contract_tests.dialogue.test_sockets import ASK1, ASK2, V1, V2
from contract_tests.exchange.test_hostile_strings import BAIT, QUERY, Watched, leaves, put, some, watched
from lke_emulator.dialogue.packets import BODY_LIMIT

__all__ = ["watched"]
Opened = Callable[..., ClientConnection]
BOTH = pytest.mark.parametrize("path", [V1, V2], ids=["v1", "v2"])
EVENTS: dict[str, list[tuple[str, Any]]] = {V1: [("send", ASK1)], V2: [("request", ASK2)]}
EVENTS[V1] += [
    ("stop_generation", {"payload": {"record_id": "x", "session_id": "x", "request_id": "x"}}),
    ("rating", {"payload": {"record_id": "x", "score": 1, "reasons": ["x"]}}),
]
EVENTS[V2] += [("stop_generation", {"StopGeneration": {"RecordId": "x", "ConversationId": "x"}})]


@pytest.fixture
def token(watched: Watched, emulator: Control) -> Callable[[], str]:
    emulator.load(DIALOGUES, auth="off", rate_limit=0)
    emulator.assume(ws_token_single_use=False)

    def issued() -> str:
        headers = {"X-TC-Action": "GetWsToken", "X-TC-Version": "2023-11-30", "X-TC-Region": "ap-guangzhou"}
        headers["Authorization"] = f"Credential={next(iter(emulator.world.credentials))}/"
        asked = {"Type": 5, "BotAppKey": "shop-key", "VisitorBizId": "v"}
        return str(watched.http.request("POST", "/", json=asked, headers=headers).response["Token"])

    return issued


@pytest.fixture
def opened(watched: Watched, token: Callable[[], str]) -> Iterator[Opened]:
    """A socket whose token was taken."""
    stack = ExitStack()

    def begin(path: str) -> ClientConnection:
        url = watched.admin.url.replace("http", "ws") + path + "?EIO=4&transport=websocket"
        one = stack.enter_context(connect(url, compression=None, open_timeout=20, close_timeout=1, max_size=None))
        one.recv(timeout=20)
        one.send("40" + json.dumps({"token": token()}))
        assert str(one.recv(timeout=20)).startswith("40{")
        return one

    with stack:
        yield begin


def send(watched: Watched, socket: ClientConnection, packet: str) -> None:
    """And see that the packet after it is answered."""

    def sent() -> None:
        socket.send(packet)
        socket.send("2probe")
        while socket.recv(timeout=20) != "3probe":
            pass

    watched.at_once(sent, lambda: packet[:500])


@BAIT
@BOTH
def test_a_packet_is_taken_at_once(watched: Watched, opened: Opened, path: str, bait: str) -> None:
    socket = opened(path)
    text = json.dumps(bait)
    for packet in (bait, "42" + bait, f"42{bait[:QUERY]}[]", f"42[{text},{text}]", f"43{bait}", f"3{bait}", f"6{bait}"):
        send(watched, socket, packet)
    for name, body in EVENTS[path]:
        for place in some(leaves(body), bait):
            send(watched, socket, "42" + json.dumps([name, put(body, place, bait)]))


@pytest.mark.parametrize("packet", ["[" * 10**5, '{"a":' * 10**5, "9" * 10**5 + "[]", "[" + "1e999," * 10**4 + "1]"])
@BOTH
def test_a_packet_of_much_is_taken_at_once(watched: Watched, opened: Opened, path: str, packet: str) -> None:
    send(watched, opened(path), "42" + packet)


@BAIT
@BOTH
def test_a_token_is_judged_at_once(watched: Watched, token: Callable[[], str], path: str, bait: str) -> None:
    url = f"{path}?EIO=4&transport=polling"
    for query in (f"&language={quote(bait[:QUERY])}", f"&sid={quote(bait[:QUERY])}", f"&{quote(bait[:QUERY])}"):
        watched.ask("GET", url + query)
    for packet in ("40" + bait, "40" + json.dumps({"token": bait}), "40/" + bait):
        sid = json.loads(watched.ask("GET", url).text[1:])["sid"]
        watched.ask("POST", f"{url}&sid={sid}", content=packet.encode())
        watched.ask("GET", f"{url}&sid={sid}")


@pytest.mark.parametrize("packet", ["3", "6", "43", "40"], ids=["pongs", "noops", "acks", "tokens"])
def test_many_packets_in_one_body_hold_nobody_up(watched: Watched, token: Callable[[], str], packet: str) -> None:
    url = f"{V1}?EIO=4&transport=polling"
    sid = json.loads(watched.ask("GET", url).text[1:])["sid"]
    shown = "40" + json.dumps({"token": token()})
    assert watched.ask("POST", f"{url}&sid={sid}", content=shown).text == "ok"
    assert watched.ask("GET", f"{url}&sid={sid}").text.startswith("40{")
    body = "\x1e".join([packet] * (BODY_LIMIT // (len(packet) + 1)))
    watched.ask("POST", f"{url}&sid={sid}", content=body)


def test_a_client_who_sends_and_never_reads_is_closed(
    watched: Watched, token: Callable[[], str], emulator: Control
) -> None:
    emulator.assume(ws_connect_timeout_s=0.1)
    url = f"{V1}?EIO=4&transport=polling"
    sid = json.loads(watched.ask("GET", url).text[1:])["sid"]
    body = "\x1e".join(["2"] * 10_000)
    assert watched.http.request("POST", f"{url}&sid={sid}", content=body).text == "ok"
    assert "Session ID unknown" in watched.http.request("POST", f"{url}&sid={sid}", content="2").text
