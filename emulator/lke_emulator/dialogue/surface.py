"""The dialogue endpoints over HTTP: v1 and v2 as server-sent events, and docParse."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs

from msgspec.structs import replace

from lke_emulator.account.account import Account
from lke_emulator.account.call import Wait
from lke_emulator.dialogue.errors import TEXTS, DialogueError, bad
from lke_emulator.exchange.answer import Answer, Begin, Broken, Headers, Parts
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.knowledge.apps import App
from lke_emulator.primitives.strict_json import NotReadable, read_json

if TYPE_CHECKING:  # else when a first dialogue is asked for: a start has none
    from lke_emulator.dialogue.asking import Asking
    from lke_emulator.dialogue.beats import Beat, Cut
    from lke_emulator.dialogue.event import Event
    from lke_emulator.dialogue.turn import Turn
    from lke_emulator.dialogues.msg_record import MsgRecord

BODY_LIMIT = 10 << 20
API = 5
"""Type of a conversation over HTTP: API visitor (documented)."""
SSE, CHAT, PARSE = "/v1/qbot/chat/sse", "/adp/v2/chat", "/v1/qbot/chat/docParse"
TEXT: Headers = [(b"content-type", b"text/plain; charset=utf-8")]


class NoEndpoint(Exception):
    """What is answered before the application: there is no such path (404), or not for this method (405)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Dialogue(Exchange):
    surface = "dialogue"
    refusals = (DialogueError, NoEndpoint)
    invalid = "400"
    channel: ClassVar[int] = API

    is_v2 = False
    asked: "Asking"
    app: App | None = None
    caller = ""

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        return BODY_LIMIT if method == "POST" else 0

    def preflight(self) -> Headers | None:
        return super().preflight() if self.world.assumptions.dialogue_cors else None

    def cors(self) -> Headers:
        return super().cors() if self.world.assumptions.dialogue_cors else []

    @property
    def language(self) -> str:
        from lke_emulator.dialogues.words import language_of

        asked = parse_qs(self.raw.query).get("language", [""])[0]
        return language_of(self.raw.headers.get("host", ""), asked, self.world.assumptions.dialogue_language)

    # who calls, and what is meant

    def identify(self) -> None:
        """In this order are refused: path, method, body, key."""
        raw, entry = self.raw, self.entry
        self.is_v2 = raw.path == CHAT
        entry.operation = {SSE: "dialogue.v1.sse", CHAT: "dialogue.v2.sse", PARSE: "dialogue.docParse"}.get(
            raw.path, ""
        )
        if not entry.operation:
            raise NoEndpoint(404, f"There is no {raw.path}: there are {SSE}, {CHAT}, {PARSE}, and the sockets.")
        if raw.method != "POST":
            raise NoEndpoint(405, f"{raw.path} takes POST.")
        entry.params = raw.body
        if raw.oversize:
            raise bad("the body is larger than 10 MB")
        if raw.path != PARSE:
            self.may_change = ()
        self.understand(readable(raw.body))
        self.open(self.asked.key)

    def understand(self, body: Any) -> None:
        from lke_emulator.dialogue import asking, docparse

        assumptions = self.world.assumptions
        if self.raw.path == PARSE:
            self.asked = docparse.read_request(body)
            return
        self.is_v2 = self.is_v2 or asking.is_v2(body)
        if self.is_v2:
            self.entry.operation = "dialogue.v2.sse"
            checks = assumptions.v2_request_id_check != "never"
            self.asked = asking.of_v2(body, checks, assumptions.v2_require_user)
        else:
            self.asked = asking.of_v1(body, over_socket=False)

    def open(self, key: str) -> None:
        """The app of the key; where anyone may call (`--auth off`) any key opens the first app of the first account."""
        world = self.world
        found = next(((one, app) for one in world.accounts.values() if (app := one.apps.by_key(key))), None)
        if found is None and self.settings.auth == "off":
            account = world.accounts[world.first_credential.account]
            found = next(((account, app) for app in account.apps), None)
        if found is None:
            raise DialogueError(4505004)
        self.admit(*found, "")

    def admit(self, account: Account, app: App | None, caller: str) -> None:
        self.account, self.app = account, app
        self.caller = caller or (app.creator if app is not None else "") or account.uin
        self.entry.account, self.entry.caller = account.uin, self.caller

    # the answer

    def serve(self) -> Answer | Parts:
        from lke_emulator.dialogue.docparse import parse_document

        if self.raw.path == PARSE:
            return self.sent(parse_document(self))
        return self.sent(self.talk(self.channel, {}))

    def talk(self, channel: int, labels: Mapping[str, Sequence[str]]) -> "Iterator[Event | Wait | Cut]":
        """One turn, admitted before its first event."""
        from lke_emulator.dialogue.bots import enter, model_of
        from lke_emulator.dialogue.docparse import with_documents
        from lke_emulator.dialogue.turn import Turn
        from lke_emulator.dialogues.channels import DRAFTS

        account, asked = self.account, self.asked
        assert account is not None
        now = account.clock.now()
        door = enter(account, self.app, channel in DRAFTS, labels, now, self.world.assumptions.dialogue_unreleased)
        question = with_documents(account, door.app.biz_id, asked)
        question = replace(question, model=model_of(account, question.model))
        if self.world.assumptions.unknown_widgets == "refuse":
            check_widgets(account, door.app.biz_id, asked)
        request_id = asked.request_id or f"{account.ids.word(10)}-{int(account.ids.hex(15), 16) % 10**10:010d}"
        conversation = account.conversations.open(asked.conversation, door.app.biz_id, asked.visitor, channel, now)
        turn = Turn(
            account,
            door.bot,
            door.library,
            conversation,
            question,
            visitor=asked.visitor,
            caller=self.caller,
            request_id=request_id,
            now=now,
            assumptions=self.world.assumptions,
        )
        course = turn.course()
        try:
            first = next(course)
            for event in self.written(turn, chain((first,), course)):
                if turn.answer.status != "processing":
                    self.end_entry(turn.answer)
                yield event
        finally:
            course.close()
            entry, answer = self.entry, turn.answer
            entry.model, entry.input, entry.output = turn.answering.model, answer.input, answer.output

    def written(self, turn: "Turn", course: "Iterator[Beat]") -> "Iterator[Event | Wait | Cut]":
        from lke_emulator.dialogue.version1 import Version1
        from lke_emulator.dialogue.version2 import Version2

        assumptions = self.world.assumptions
        if self.is_v2:
            return Version2(turn, self.language, assumptions, self.ends()).events(course)
        return Version1(turn, self.language, assumptions).events(course)

    def end_entry(self, answer: "MsgRecord") -> None:
        """The journal knows before the last events leave."""
        code = str(answer.error_code) if answer.error_code else "cut" if answer.status == "failed" else ""
        self.entry.end(code, answer.error_message)

    def ends(self) -> bool:
        """Whether v2's `done` is sent."""
        return True

    def sent(self, events: "Iterator[Event | Wait | Cut]") -> Parts:
        """As server-sent events. The first is looked for before the head leaves: what is refused is answered whole."""
        from lke_emulator.dialogue.beats import Cut
        from lke_emulator.dialogue.event import Event

        heartbeat = self.world.assumptions.sse_heartbeat_s if self.is_v2 else 0
        framed = Event.loose if self.is_v2 else Event.tight
        idle = 0.0
        first = next(events)
        while isinstance(first, Wait):  # nothing was said yet
            yield first
            first = next(events)
        self.entry.streamed = True
        yield Begin(self.stream())
        for event in chain((first,), events):
            if isinstance(event, Event):
                idle = 0.0
                yield framed(event)
            elif isinstance(event, Cut):
                yield Broken()
                return
            else:
                yield event
                idle += event.seconds
                if heartbeat and idle >= heartbeat:
                    idle = 0.0
                    yield b": \n\n"

    def frame(self, event: "Event") -> bytes:
        return event.loose() if self.is_v2 else event.tight()

    def stream(self) -> Headers:
        kind = self.world.assumptions.dialogue_content_type.encode()
        return [(b"content-type", kind), (b"cache-control", b"no-cache"), (b"connection", b"keep-alive")]

    # errors

    def refuse(self, error: Exception) -> Answer:
        """HTTP 200 and an event for every business error (observed); another status only before the application."""
        if isinstance(error, NoEndpoint):
            self.entry.end(str(error.status), error.message)
            return Answer(error.message.encode(), TEXT, error.status)
        assert isinstance(error, DialogueError)
        if error.reason:
            self.entry.detail = {"Reason": error.reason}
        self.entry.end(str(error.code), error.text(self.language))
        return Answer(self.frame(self.told(error)), self.stream())

    def told(self, error: DialogueError) -> "Event":
        """The RequestId of a body that could not be read is empty (observed)."""
        from lke_emulator.dialogue import docparse, version1, version2

        asked = getattr(self, "asked", None)
        request_id = asked.request_id if asked is not None else ""
        assumptions, ids = self.world.assumptions, self.world.ids
        if self.raw.path == PARSE:
            return docparse.failure(error, self.language, asked, ids.hex(32), int(self.entry.time), assumptions)
        if self.is_v2:
            began = int(self.entry.time * 1000)
            return version2.failure(error, self.language, request_id, ids.hex(32), 0, began)
        return version1.failure(error, self.language, request_id, ids.hex(32), assumptions)

    def internal(self) -> Exception:
        return DialogueError(500)

    def fault(self, code: str, message: str) -> Exception:
        """A code of the dialogues; any other one is a failure inside."""
        return DialogueError(int(code) if code.isdecimal() and int(code) in TEXTS else 500, message)


def check_widgets(account: Account, app: str, asked: "Asking") -> None:
    """DialogueError 460801 for something done to a widget that no answer of the conversation has shown."""
    conversation = account.conversations.find(asked.conversation, app)
    for id in asked.question.widgets:
        if id and (conversation is None or not conversation.shows(id)):
            raise DialogueError(460801)


def readable(body: bytes) -> Any:
    """DialogueError 400 for what is no JSON object; the Content-Type is never looked at (observed)."""
    try:
        value = read_json(body)
    except NotReadable as error:
        raise bad(str(error)) from None
    if not isinstance(value, dict):
        raise bad("the body is no JSON object")
    return value
