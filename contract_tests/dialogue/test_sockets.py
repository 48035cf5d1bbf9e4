"""The sockets of v1 and v2 with python-socketio, with raw WebSocket frames, and over long polling."""

import json
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import engineio
import httpx
import pytest
import socketio
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from contract_tests.dialogue.conftest import CONVERSATION, SHOP, Talk, text_of
from contract_tests.dialogue.grammar import check
from lke_emulator.account.journal import CallMatch, journal_line
from lke_emulator.dialogue.sockets import Sockets

V1, V2 = "/v1/qbot/chat/conn/", "/adp/v2/chat/conn/"
Token = Callable[..., str]
ASK1 = {"payload": {"session_id": "session-1", "request_id": "r-1", "content": "When are you open?"}}
ASK2 = {
    "Type": "request",
    "Request": {
        "RequestId": "seventeen-letters",
        "ConversationId": CONVERSATION,
        "Contents": [{"Type": "text", "Text": "When are you open?"}],
    },
}


class OneAfterAnother(engineio.Client):  # type: ignore[misc]
    """Its packets are handled as they come; in a thread each, as the library does it, two may change places."""

    def _trigger_event(self, event: str, *args: Any, run_async: bool = False, **how: Any) -> Any:
        return super()._trigger_event(event, *args, run_async=False, **how)


class InOrder(socketio.Client):  # type: ignore[misc]
    def _engineio_client_class(self) -> type[engineio.Client]:
        return OneAfterAnother


class Client:
    """python-socketio, whose events wait in a queue."""

    def __init__(self, talk: Talk, path: str, transports: list[str]) -> None:
        self.events: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.socket = InOrder(reconnection=False)
        self.socket.on("*", lambda name, data=None: self.events.put((name, data)))
        self.socket.on("disconnect", lambda reason=None: self.events.put(("disconnect", reason)))
        self.talk, self.path, self.transports = talk, path, transports

    def connect(self, token: str, query: str = "") -> None:
        self.socket.connect(
            self.talk.url + query,
            auth={"token": token},
            transports=self.transports,
            socketio_path=self.path,
            wait_timeout=20,
        )

    def next(self) -> tuple[str, Any]:
        return self.events.get(timeout=20)

    def until(self, *last: str) -> list[tuple[str, Any]]:
        """All events up to one of these, or up to the last token_stat of an answer."""
        events = []
        while True:
            name, data = self.next()
            events.append((name, data))
            done = name == "token_stat" and data["payload"]["status_summary"] != "processing"
            if name in (*last, "error", "disconnect") or done:
                return events


@contextmanager
def client(talk: Talk, path: str, *transports: str) -> Iterator[Client]:
    one = Client(talk, path, list(transports) or ["websocket"])
    try:
        yield one
    finally:
        one.socket.disconnect()


@contextmanager
def raw(talk: Talk, path: str = V1, query: str = "EIO=4&transport=websocket") -> Iterator[ClientConnection]:
    url = talk.url.replace("http", "ws") + path + "?" + query
    with connect(url, compression=None, open_timeout=20, close_timeout=1) as connection:
        yield connection


def packet(connection: ClientConnection) -> str:
    return str(connection.recv(timeout=20))


def opened(connection: ClientConnection, token: str) -> None:
    assert packet(connection).startswith("0{")
    connection.send("40" + json.dumps({"token": token}))
    assert packet(connection).startswith('40{"sid":')


def event(text: str) -> tuple[str, Any]:
    assert text.startswith("42")
    name, data = json.loads(text[2:])
    return name, data


def events(connection: ClientConnection, *last: str) -> list[tuple[str, Any]]:
    found = []
    while True:
        name, data = event(packet(connection))
        found.append((name, data))
        if name in (*last, "error"):
            return found
        if name == "token_stat" and data["payload"]["status_summary"] == "success":
            return found


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
def test_v1_is_spoken_by_python_socketio(talk: Talk, token: Token, transports: list[str]) -> None:
    with client(talk, V1, *transports) as one:
        one.connect(token())
        one.socket.emit("send", ASK1)
        told = one.until()
        check("v1", told)
        assert text_of(told) == text_of(talk.v1(session_id="another"))


@pytest.mark.parametrize("transports", [["websocket"], ["polling", "websocket"]])
def test_v2_is_spoken_by_python_socketio(talk: Talk, token: Token, transports: list[str]) -> None:
    with client(talk, V2, *transports) as one:
        one.connect(token(), "?language=zh-CN")
        one.socket.emit("request", ASK2)
        told = one.until("response.completed")
        check("v2", told)
        assert told[-1][0] == "response.completed"
        assert told[0][1]["RequestAck"]["ExtraInfo"]["RequestId"] == "seventeen-letters"
        assert text_of(told) == text_of(talk.v2(ConversationId="another-" + CONVERSATION))


def test_the_visitor_of_the_token_is_who_asks(talk: Talk, token: Token) -> None:
    with client(talk, V1) as one:
        one.connect(token(VisitorBizId="ada"))
        one.socket.emit("send", {"payload": {**ASK1["payload"], "visitor_biz_id": "eve", "bot_app_key": "nobody"}})
        one.until()
    conversation = talk.account.conversations.find("session-1", SHOP)
    assert conversation is not None
    assert conversation.visitor == "ada"


def test_several_questions_are_answered_over_one_connection(talk: Talk, token: Token) -> None:
    with client(talk, V1) as one:
        one.connect(token())
        for number in range(3):
            one.socket.emit(
                "send", {"payload": {**ASK1["payload"], "request_id": f"r-{number}", "content": f"Q {number}?"}}
            )
        for number in range(3):
            told = one.until()
            check("v1", told)
            assert {data["payload"]["request_id"] for _, data in told} == {f"r-{number}"}


def test_a_connection_keeps_nothing_of_a_conversation_that_was_answered(talk: Talk, token: Token) -> None:
    with client(talk, V1) as one:
        one.connect(token())
        sockets = talk.control.app.sockets
        assert isinstance(sockets, Sockets)
        (socket,) = sockets._sockets.values()
        for session in ("session-1", "session-2", "session-2"):
            one.socket.emit("send", {"payload": {**ASK1["payload"], "session_id": session}})
        for _ in range(3):
            one.until()
        for _ in range(500):
            httpx.get(talk.url + "/_emulator/health")
            if not socket._turns:
                break
        assert not socket._turns


@pytest.mark.parametrize("path", [V1, V2, V1.rstrip("/"), V2.rstrip("/")])
def test_the_bytes_are_those_of_the_documents(talk: Talk, token: Token, path: str) -> None:
    with raw(talk, path, "transport=websocket&EIO=4&language=zh-CN&t=abc&EIO=4") as connection:
        assert json.loads(packet(connection)[1:]).items() >= {
            ("pingInterval", 25000),
            ("pingTimeout", 5000),
        }
        connection.send("40" + json.dumps({"token": token()}))
        assert packet(connection).startswith('40{"sid":"')
        connection.send("3")
        connection.send("2probe")
        assert packet(connection) == "3probe"


def test_a_token_may_be_sent_before_the_server_has_spoken(talk: Talk, token: Token) -> None:
    with raw(talk) as connection:
        connection.send("40" + json.dumps({"token": token()}))
        assert packet(connection).startswith("0{")
        assert packet(connection).startswith("40{")


def test_an_event_that_wants_it_is_acknowledged(talk: Talk, token: Token) -> None:
    with raw(talk) as connection:
        opened(connection, token())
        connection.send("4217" + json.dumps(["send", ASK1]))
        assert packet(connection) == "4317[]"
        check("v1", events(connection))


@pytest.mark.parametrize("path", [V1, V2])
@pytest.mark.parametrize("spoil", ["unknown", "used", "expired", "none"])
def test_a_token_that_is_not_good_is_refused_as_the_service_does(
    talk: Talk, token: Token, path: str, spoil: str
) -> None:
    good = token()
    if spoil == "used":
        with raw(talk, path) as connection:
            opened(connection, good)
    if spoil == "expired":
        talk.account.clock.advance(60)
    shown = "nobody's" if spoil == "unknown" else good
    with raw(talk, path) as connection:
        packet(connection)
        connection.send("40" if spoil == "none" else "40" + json.dumps({"token": shown}))
        assert packet(connection).startswith("40{")
        name, data = event(packet(connection))
        assert name == "error"
        error = data if path == V2 else data["payload"]["error"]
        assert (error.get("Code") or error["code"]) == 460001
        assert packet(connection) == "41"
        with pytest.raises(ConnectionClosed) as closed:
            packet(connection)
        assert closed.value.rcvd is None  # no close frame: the client sees 1006


def test_python_socketio_hears_why_it_was_refused(talk: Talk, token: Token) -> None:
    with client(talk, V2) as one:
        one.connect("nobody's")
        assert one.next() == ("error", {"Code": 460001, "Message": "Token 校验失败"})
        assert one.next()[0] == "disconnect"


def test_a_token_can_be_refused_as_socket_io_has_it(talk: Talk, token: Token) -> None:
    talk.control.assume(ws_auth_failure="connect_error")
    with client(talk, V2) as one, pytest.raises(socketio.exceptions.ConnectionError, match="failed to connect"):
        one.connect("nobody's")


def test_a_token_may_be_good_more_than_once_and_longer(talk: Talk, token: Token) -> None:
    talk.control.assume(ws_token_single_use=False, ws_token_ttl_s=600)
    good = token()
    for _ in range(2):
        with raw(talk) as connection:
            opened(connection, good)
        talk.account.clock.advance(300 - 1)


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        (V1, '42["send",{"payload":{"session_id":"x"}}]', 400),
        (V1, '42["send",{"payload":[]}]', 400),
        (V1, '42["send"]', 400),
        (V1, '42["send","hi"]', 400),
        (V1, '42["request",{}]', 460002),
        (V1, '42["dance",{}]', 460002),
        (V2, '42["send",{"payload":{}}]', 460400),
        (V2, '42["request",{"Type":"request"}]', 400),
        (V2, '42["request",{"Type":"request","Request":{"ConversationId":"short","Contents":[]}}]', 400),
        (V1, "42", 400),
        (V1, "42[", 400),
        (V1, "42[7]", 400),
        (V1, "42{}", 400),
        (V1, "9", 400),
        (V1, "45-binary", 400),
        (V1, "", 400),
        (V1, '42["stop_generation",{"payload":{"record_id":"nobody"}}]', 460006),
        (V1, '42["stop_generation",{}]', 400),
        (V2, '42["stop_generation",{"StopGeneration":{"RecordId":"nobody"}}]', 460006),
        (V1, '42["rating",{"payload":{"record_id":"nobody","score":1}}]', 460006),
        (V1, '42["rating",{"payload":{"record_id":"nobody","score":"good"}}]', 400),
    ],
)
def test_what_is_malformed_has_its_code_and_leaves_the_connection_open(
    talk: Talk, token: Token, path: str, sent: str, code: int
) -> None:
    with raw(talk, path) as connection:
        opened(connection, token())
        connection.send(sent)
        name, data = event(packet(connection))
        assert name == "error"
        check("v1" if path == V1 else "v2", [(name, data)])
        assert (data["Error"]["Code"] if path == V2 else data["error"]["code"]) == code
        assert json.dumps(talk.journal())
        connection.send("2")
        assert packet(connection) == "3"


def test_a_question_before_the_token_is_refused(talk: Talk) -> None:
    with raw(talk) as connection:
        packet(connection)
        connection.send("42" + json.dumps(["send", ASK1]))
        assert event(packet(connection))[1]["error"]["code"] == 460001


@pytest.mark.parametrize(
    "query",
    [
        "EIO=3&transport=websocket",
        "transport=websocket",
        "EIO=4",
        "EIO=4&transport=x",
        "EIO=4&transport=websocket&sid=x",
    ],
)
def test_a_handshake_that_is_none_is_an_http_400(talk: Talk, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused, raw(talk, V1, query):
        pass
    assert refused.value.response.status_code == 400
    assert json.loads(refused.value.response.body or b"")["message"]
    answer = httpx.get(talk.url + V1 + "?" + query.replace("websocket", "telegraph"))
    assert answer.status_code == 400
    assert answer.json().keys() == {"code", "message"}


def test_a_page_of_another_site_cannot_open_a_socket(talk: Talk) -> None:
    url = talk.url.replace("http", "ws") + V1 + "?EIO=4&transport=websocket"
    with pytest.raises(InvalidStatus), connect(url, origin=Origin("https://elsewhere.example")):
        pass


def test_a_stop_ends_an_answer_that_goes_out_over_the_same_connection(talk: Talk, token: Token) -> None:
    talk.rules({"content": "word " * 500, "delay_per_token": 0.01})
    with raw(talk, V2) as connection:
        opened(connection, token())
        connection.send("42" + json.dumps(["request", ASK2]))
        told: list[tuple[str, Any]] = []
        while "text.replace" not in [name for name, _ in told]:
            told.append(event(packet(connection)))
        record = next(data["Response"]["RecordId"] for name, data in told if name == "response.created")
        connection.send("42" + json.dumps(["stop_generation", {"StopGeneration": {"RecordId": record}}]))
        told += events(connection, "response.completed")
        check("v2", told)
        assert told[-1][1]["Response"]["Status"] == "stop"
        assert 0 < len(text_of(told)) < 2500
    assert 0 < talk.used(sub_biz_type="KnowledgeQA").output < 500
    assert talk.account.concurrency.in_flight("cs-normal") == 0


def test_a_stop_over_polling_ends_an_answer_that_goes_out_over_sse(talk: Talk, token: Token) -> None:
    talk.rules({"content": "word " * 500, "delay_per_token": 0.01})
    body = {"session_id": "s9", "bot_app_key": "shop-key", "visitor_biz_id": "v", "content": "hi", "request_id": "r-9"}
    url = talk.url + V1 + "?EIO=4&transport=polling"
    with httpx.stream("POST", talk.url + "/v1/qbot/chat/sse", json=body) as answer, httpx.Client() as http:
        lines = answer.iter_lines()
        next(lines)
        sid = json.loads(http.get(url).text[1:])["sid"]
        assert http.post(f"{url}&sid={sid}", content="40" + json.dumps({"token": token()})).text == "ok"
        stop = ["stop_generation", {"payload": {"session_id": "s9", "request_id": "r-9"}}]
        assert http.post(f"{url}&sid={sid}", content="42" + json.dumps(stop)).text == "ok"
        last = [json.loads(line[5:]) for line in lines if line.startswith("data:")]
        assert last[-1]["payload"]["status_summary"] == "success"
    record = talk.account.conversations.find("s9")
    assert record is not None
    assert record.records[-1].status == "stop"


def test_a_stop_may_come_without_a_token_where_it_is_so_assumed(talk: Talk) -> None:
    talk.control.assume(stop_requires_token=False)
    with raw(talk, V2) as connection:
        packet(connection)
        connection.send("40")
        assert packet(connection).startswith("40{")
        connection.send('42["stop_generation",{"StopGeneration":{"RecordId":"nobody"}}]')
        assert event(packet(connection))[1]["Error"]["Code"] == 460006
        connection.send("42" + json.dumps(["request", ASK2]))
        assert event(packet(connection))[1]["Error"]["Code"] == 460001


def test_a_client_that_goes_pays_for_what_was_sent(talk: Talk, token: Token) -> None:
    talk.rules({"content": "word " * 500, "delay_per_token": 0.01})
    with raw(talk) as connection:
        opened(connection, token())
        connection.send("42" + json.dumps(["send", ASK1]))
        for _ in range(5):
            packet(connection)
    for _ in range(500):
        httpx.get(talk.url + "/_emulator/health")
        if not talk.account.concurrency.in_flight("cs-normal"):
            break
    assert talk.account.concurrency.in_flight("cs-normal") == 0
    assert 0 < talk.used(sub_biz_type="KnowledgeQA").output < 500


def test_a_rule_that_cuts_the_connection_cuts_the_socket(talk: Talk, token: Token) -> None:
    talk.rules({"content": "word " * 50, "cut_after": 5})
    with raw(talk) as connection:
        opened(connection, token())
        connection.send("42" + json.dumps(["send", ASK1]))
        with pytest.raises(ConnectionClosed):
            events(connection)


def test_an_answer_is_rated_over_the_socket(talk: Talk, token: Token) -> None:
    with raw(talk) as connection:
        opened(connection, token())
        connection.send("42" + json.dumps(["send", ASK1]))
        record = next(data["payload"]["record_id"] for name, data in events(connection) if name == "token_stat")
        rating = {"payload": {"record_id": record, "score": 1, "reasons": ["clear"]}}
        connection.send("42" + json.dumps(["rating", rating]))
        connection.send("2")
        assert packet(connection) == "3"
        kept = talk.account.conversations.record(record)
        assert kept is not None
        assert (kept.score, kept.reasons) == (1, ["clear"])


def test_polling_that_names_no_session_or_two_at_a_time_is_refused(talk: Talk) -> None:
    url = talk.url + V1 + "?EIO=4&transport=polling"
    assert httpx.post(url, content="40").json()["code"] == 2
    assert httpx.get(url + "&sid=nobody").json()["code"] == 1
    assert httpx.put(url).status_code == 400


def test_a_connection_and_each_question_stand_in_the_journal_without_the_token(talk: Talk, token: Token) -> None:
    good = token()
    with raw(talk) as connection:
        opened(connection, good)
        connection.send("42" + json.dumps(["send", ASK1]))
        events(connection)
    told = [journal_line(entry) for entry in talk.control.world.journal.entries(CallMatch(), limit=5)]
    assert {"dialogue.v1.socket", "dialogue.v1.connect"} <= {one["Action"] for one in told}
    assert good not in repr(told)
