"""What happens in the middle of an answer, over SSE and both sockets: it ends by the grammar, nothing is left held, and the next
question is told the documented code."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from contract_tests.account.emulated import Emulated
from contract_tests.dialogue.conftest import CONVERSATION, ROOT, SCENARIO, SHOP, Events, code_of
from contract_tests.dialogue.grammar import check
from contract_tests.lke.asked import asked
from lke_emulator.account.account import Account
from lke_emulator.account.snapshot import restore, save
from lke_emulator.app import surface_of
from lke_emulator.dialogue import SOCKETS
from lke_emulator.dialogue.calls import Connection, Opening, meant
from lke_emulator.exchange.answer import Answer, Parts
from lke_emulator.exchange.raw import Raw
from lke_emulator.scenario.load import world_of_text

WORDS = 30
CHATTY = SCENARIO.replace(
    "    models:", f"    chat: [{{ content: {'word ' * WORDS}, delay_per_token: 0.001 }}]\n    models:"
)
DRY = CHATTY.replace("postpaid: all", "packages: [{ kind: tokens, total: 5, apis: [KnowledgeQA], start: -1d }]")
ANSWERED = 0


class Way:
    """One client over one protocol, in this process."""

    def __init__(self, it: Emulated, version: int, is_socket: bool) -> None:
        self.it, self.version, self.is_socket = it, version, is_socket
        self.turns = 0
        if is_socket:
            self.connection = Connection()
            raw = self.raw("EIO=4&transport=websocket", b"")
            list(Opening(raw, it.app.running, self.connection).parts())
            token = it.world.accounts[ROOT].tickets.issue(
                SHOP, "visitor-1", 5, ROOT, it.world.accounts[ROOT].clock.now(), 60
            )
            assert b"sid" in self.whole(self.packet("40" + json.dumps({"token": token})))

    def raw(self, query: str, body: bytes) -> Raw:
        return Raw("POST", SOCKETS[self.version - 1], query, {"host": "127.0.0.1"}, body, False, "127.0.0.1")

    def packet(self, text: str) -> Parts:
        asked = meant(text, self.version == 2, "rating")
        return asked.kind(self.raw("", text.encode()), self.it.app.running, self.connection, asked.data).parts()

    def whole(self, parts: Parts) -> bytes:
        return b"".join(
            part.body if isinstance(part, Answer) else part for part in parts if isinstance(part, Answer | bytes)
        )

    def ask(self) -> Parts:
        """One question, under way."""
        self.turns += 1
        v1 = {"session_id": "session-1", "visitor_biz_id": "visitor-1", "content": f"Question {self.turns}?"}
        v2 = {
            "ConversationId": CONVERSATION,
            "VisitorId": "visitor-1",
            "Contents": [{"Type": "text", "Text": "Question?"}],
        }
        if self.is_socket:
            told: Any = ["send", {"payload": v1}] if self.version == 1 else ["request", {"Request": v2}]
            return self.packet("42" + json.dumps(told))
        path = ("/v1/qbot/chat/sse", "/adp/v2/chat")[self.version - 1]
        body = v1 | {"bot_app_key": "shop-key"} if self.version == 1 else v2 | {"AppKey": "shop-key"}
        surface = surface_of(path)
        assert surface is not None
        return surface(self.raw("", json.dumps(body).encode())._replace(path=path), self.it.app.running).parts()

    def stop(self, record: str) -> bytes:
        v1, v2 = {"payload": {"record_id": record}}, {"StopGeneration": {"RecordId": record}}
        return self.whole(self.packet("42" + json.dumps(["stop_generation", v1 if self.version == 1 else v2])))

    def read(self, told: bytes) -> Events:
        """The events in what came."""
        found: Events = []
        if self.is_socket:
            for packet in told.decode().replace("\x1e", "").split("42[")[1:]:
                name, data = json.loads("[" + packet)
                found.append((name, data))
            return found
        for frame in told.decode().strip().split("\n\n"):
            name, data = (line.partition(":")[2].strip() for line in frame.split("\n"))
            found.append((name, data if data == "[DONE]" else json.loads(data)))
        return found


WAYS = pytest.mark.parametrize(("version", "is_socket"), [(1, False), (2, False), (1, True), (2, True)])
Happening = Callable[[Emulated], object]


def account_of(it: Emulated) -> Account:
    return it.world.accounts[ROOT]


def fault(it: Emulated) -> None:
    said = it.ask("POST", "/_emulator/faults", {"operation": "dialogue.*", "error": "460011"})
    assert said[0] == 201, said


def another_key(it: Emulated) -> None:
    account_of(it).apps.renew(account_of(it).ids)


def deleted(it: Emulated) -> None:
    asked(account_of(it), "lke.DeleteApp", AppBizId=SHOP, AppType="knowledge_qa")


def reloaded(text: str) -> Happening:
    return lambda it: it.app.replace_world(world_of_text(text, "scenario.yaml"))


def snapshot(it: Emulated) -> None:
    it.world.replace(restore(save(account_of(it))))


WITHOUT = CHATTY.replace(SHOP, "1900000000000000009").replace("shop-key", "another-key")
HAPPENINGS: dict[str, tuple[Happening, int, int]] = {
    "a fault starts": (fault, 460011, 460011),
    "the app gets another key": (another_key, 4505004, ANSWERED),
    "the scenario is loaded again": (reloaded(CHATTY), ANSWERED, ANSWERED),
    "another scenario is loaded": (reloaded(WITHOUT), 4505004, 460004),
    "the clock is set back": (lambda it: account_of(it).clock.advance(-86_400), ANSWERED, ANSWERED),
    "the app is deleted": (deleted, 4505004, 460004),
    "the account is reset": (lambda it: it.control("POST", "/reset"), ANSWERED, ANSWERED),
    "a snapshot is restored": (snapshot, ANSWERED, ANSWERED),
}
"""What happens, and what is said to the next question over SSE and over an open socket."""


def middle(parts: Parts) -> Iterator[bytes]:
    """What leaves until a part of the answer has."""
    for part in parts:
        if isinstance(part, Answer):
            yield part.body
        elif isinstance(part, bytes):
            yield part
            if b"word" in part:
                return


def code(way: Way) -> int:
    """What the next question is refused with."""
    events = way.read(way.whole(way.ask()))
    check(f"v{way.version}", events, whole=events[-1][0] != "error")
    return code_of(events) if events[-1][0] == "error" else ANSWERED


@WAYS
@pytest.mark.parametrize("happening", HAPPENINGS)
def test_an_answer_under_way_goes_on_to_its_end(happening: str, version: int, is_socket: bool) -> None:
    it = Emulated(world_of_text(CHATTY, "scenario.yaml"))
    it.app.running.settings = msgspec.structs.replace(it.app.running.settings, auth="strict")
    way, account = Way(it, version, is_socket), account_of(it)
    parts = way.ask()
    begun = b"".join(middle(parts))
    happens, over_sse, over_socket = HAPPENINGS[happening]
    happens(it)
    events = way.read(begun + way.whole(parts))
    check(f"v{version}", events)
    assert "error" not in dict(events)
    for one in (account, account_of(it)):
        assert one.concurrency.in_flight("cs-normal") == 0
        assert not one.conversations.running
    assert code(way) == (over_socket if is_socket else over_sse)
    assert account_of(it).concurrency.in_flight("cs-normal") == 0


@WAYS
def test_an_answer_that_uses_a_package_up_is_given_whole(version: int, is_socket: bool) -> None:
    it = Emulated(world_of_text(DRY, "scenario.yaml"))
    way = Way(it, version, is_socket)
    events = way.read(way.whole(way.ask()))
    check(f"v{version}", events)
    assert code(way) == 460032


@WAYS
def test_nothing_is_kept_of_what_is_said_in_an_app_that_was_deleted_meanwhile(version: int, is_socket: bool) -> None:
    it = Emulated(world_of_text(CHATTY, "scenario.yaml"))
    way, account = Way(it, version, is_socket), account_of(it)
    first = way.ask()
    while not account.concurrency.in_flight("cs-normal"):
        next(first)
    deleted(it)
    way.whole(first)
    assert account.conversations.select() == []
    assert account.conversations.marks() == {}
    assert account.conversations.running == {}
    assert restore(save(account)).conversations.select() == []


@pytest.mark.parametrize("version", [1, 2])
def test_a_stop_in_an_account_that_was_restored_finds_the_answer_and_nothing_to_stop(version: int) -> None:
    it = Emulated(world_of_text(CHATTY, "scenario.yaml"))
    way = Way(it, version, True)
    parts = way.ask()
    begun = b"".join(middle(parts))
    (record,) = account_of(it).conversations.running
    snapshot(it)
    assert way.stop(record) == b""
    assert account_of(it).conversations.record(record) is not None
    check(f"v{version}", way.read(begun + way.whole(parts)))
    assert b"460006" in way.stop("nobody")


@WAYS
def test_a_question_stops_the_answer_before_it_where_the_app_has_it_so(version: int, is_socket: bool) -> None:
    it = Emulated(world_of_text(CHATTY.replace("concurrency: 2", "concurrency: 1"), "scenario.yaml"))
    needed = {"FallbackReply": "", "Method": 1, "RecommendPromptMode": 0, "EnableFallbackReply": True}
    needed |= {"EnableRecommended": False, "EnableWebSearch": False}
    switch = {"Experience": {"Conversation": {**needed, "EnableNewMessageInterrupt": True}}}
    path = "Config.Experience.Conversation.EnableNewMessageInterrupt"
    asked(account_of(it), "adp.ModifyApp", AppId=SHOP, Config=switch, UpdateMask={"Paths": [path]})
    asked(account_of(it), "adp.CreateRelease", AppId=SHOP)
    account_of(it).clock.advance(60)
    way = Way(it, version, is_socket)
    first = way.ask()
    begun = b"".join(middle(first))
    second = way.ask()
    assert not isinstance(next(second), bytes)
    events = way.read(begun + way.whole(first))
    check(f"v{version}", events)
    answers = [one for one in account_of(it).conversations.select()[0].records if not one.is_from_self]
    assert [one.status for one in answers] == ["stop"]
    events = way.read(way.whole(second))
    check(f"v{version}", events)
    assert [one.status for one in account_of(it).conversations.select()[0].records[1::2]] == ["stop", "success"]


def test_an_action_on_a_widget_that_was_never_shown_is_refused() -> None:
    it = Emulated(world_of_text(CHATTY, "scenario.yaml"))
    way = Way(it, 2, False)
    contents = [{"Type": "widget_action", "WidgetAction": {"WidgetId": "calendar", "Payload": "Monday"}}]
    body = {"ConversationId": CONVERSATION, "AppKey": "shop-key", "VisitorId": "v", "Contents": contents}
    said = it.ask("POST", "/adp/v2/chat", body)[1]
    assert code_of(way.read(said)) == 460801
    assert account_of(it).conversations.select() == []
