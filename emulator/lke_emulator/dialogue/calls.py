"""What comes over a socket, as calls: a token that opens it, a question, a stop, a rating. Each is an exchange of its own."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from lke_emulator.account.account import Account
from lke_emulator.account.bots import interrupts
from lke_emulator.account.call import Wait
from lke_emulator.account.ratings import rate_reply
from lke_emulator.dialogue import SOCKETS, asking, packets
from lke_emulator.dialogue.beats import Cut
from lke_emulator.dialogue.errors import DialogueError, bad, told
from lke_emulator.dialogue.event import Event, encode
from lke_emulator.dialogue.packets import Malformed
from lke_emulator.dialogue.surface import API, Dialogue
from lke_emulator.dialogue.version2 import DONE
from lke_emulator.dialogues.channels import DRAFTS
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.rating import NotRated
from lke_emulator.dialogues.tickets import Ticket
from lke_emulator.exchange.answer import Answer, Broken, Parts
from lke_emulator.exchange.raw import Raw
from lke_emulator.exchange.running import Running

NO_TOKEN, NO_HANDLER, NO_APP, NO_RECORD, NOT_RATED, NO_EVENT = 460001, 460002, 460004, 460006, 460023, 460400


class Connection:
    """What the calls over one socket have in common."""

    def __init__(self) -> None:
        self.sid = ""
        self.ticket: Ticket | None = None
        self.uin = ""
        """The account of which the ticket is."""
        self.is_connected = False


class SocketCall(Dialogue):
    """One event of a client, over a connection that a ticket has opened, or is to open."""

    operation = ""

    def __init__(self, raw: Raw, running: Running, connection: Connection, data: Any = None) -> None:
        """The body of `raw` is the packet."""
        super().__init__(raw, running)
        self.is_v2 = raw.path == SOCKETS[1]
        self.connection = connection
        self.ticket = connection.ticket
        self.data = data

    @property
    def socket(self) -> str:
        return self.connection.sid

    def identify(self) -> None:
        self.entry.is_packet = True
        self.entry.operation = f"dialogue.v{2 if self.is_v2 else 1}.{self.operation}"
        self.entry.params = self.data
        self.enter()

    def enter(self) -> None:
        """Whose call it is: the ticket's, of the world as it is now."""
        ticket, account = self.ticket, self.world.accounts.get(self.connection.uin)
        if ticket is None or account is None:
            raise DialogueError(NO_TOKEN)
        self.open_by(account, ticket)

    def open_by(self, account: Account, ticket: Ticket) -> None:
        self.admit(account, account.apps.get(ticket.app), ticket.caller)
        if self.app is None:
            raise DialogueError(NO_APP)

    def body(self, member: str) -> Mapping[str, Any]:
        """What the event's data has under a member. DialogueError 400 where it has not."""
        found = self.data.get(member) if isinstance(self.data, dict) else None
        if not isinstance(found, dict):
            raise bad(f"the event has no {member}")
        return found

    def sent(self, events: Iterator[Event | Wait | Cut]) -> Parts:
        """As packets of Socket.IO."""
        self.entry.streamed = True
        for event in events:
            if isinstance(event, Event):
                yield self.frame(event)
            elif isinstance(event, Cut):
                yield Broken()
                return
            else:
                yield event

    def frame(self, event: Event) -> bytes:
        data = encode("[DONE]") if event is DONE else event.data
        return packets.event_packet(event.name, data).encode()

    def ends(self) -> bool:
        return self.world.assumptions.v2_ws_done


class Opening(SocketCall):
    """The handshake that begins a socket. It asks for nothing, so the journal does not have it."""

    def made(self) -> Parts:
        self.connection.sid = self.world.ids.word(20)
        upgrades = ["websocket"] if "polling" in parse_qs(self.raw.query).get("transport", []) else []
        yield Answer(packets.opening(self.connection.sid, upgrades).encode())


class Connecting(SocketCall):
    """CONNECT: a token that opens the socket, once."""

    operation = "connect"

    def enter(self) -> None:
        world, assumptions, token = self.world, self.world.assumptions, self.data
        self.entry.params = {"token": token} if token else {}
        for account in world.accounts.values():
            self.ticket = account.tickets.redeem(
                token, account.clock.now(), assumptions.ws_token_ttl_s, assumptions.ws_token_single_use
            )
            if self.ticket is not None:
                break
        else:
            account = world.accounts[world.first_credential.account]
            self.ticket = self.anyone(account)
        if self.ticket is not None:
            self.open_by(account, self.ticket)
        elif token or assumptions.stop_requires_token:
            raise DialogueError(NO_TOKEN)

    def anyone(self, account: Account) -> Ticket | None:
        """Where anyone may call (`--auth off`): a visitor of the first account's first app."""
        if self.settings.auth != "off":
            return None
        app = next(iter(account.apps), None)
        if app is None:
            return None
        return Ticket(token="", app=app.biz_id, visitor="", channel=API, caller="", issued=account.clock.now())

    def serve(self) -> Answer:
        self.connection.ticket, self.connection.is_connected = self.ticket, True
        self.connection.uin = self.account.uin if self.account is not None else ""
        return Answer(packets.connected(self.socket).encode())

    def refuse(self, error: Exception) -> Answer:
        """Observed: the error is flat, without Type; then the namespace is left, and the connection is cut."""
        super().refuse(error)
        assert isinstance(error, DialogueError)
        self.connection.ticket, self.connection.is_connected = None, False
        assumptions, text = self.world.assumptions, error.text(self.language)
        if assumptions.ws_auth_failure == "connect_error":
            return Answer(packets.connect_error(text).encode())
        flat: Any = {"Code": error.code, "Message": text}
        if not self.is_v2:
            inner = told(error, self.language)
            flat = {"payload": {"error": inner}, "error": inner}
        begun = [packets.connected(self.socket)] if assumptions.ws_connect_before_auth_error else []
        whole = [*begun, packets.event_packet("error", encode(flat)), packets.DISCONNECT]
        return Answer(packets.SEPARATOR.join(whole).encode())


class Talking(SocketCall):
    """A question, and its answer."""

    operation = "socket"
    may_change = ()

    def enter(self) -> None:
        super().enter()
        ticket, assumptions = self.ticket, self.world.assumptions
        assert ticket is not None
        if self.is_v2:
            self.asked = asking.of_v2(self.body("Request"), assumptions.v2_request_id_check == "always", False)
        else:
            self.asked = asking.of_v1(self.body("payload"), over_socket=True)
        self.asked = self.asked.by(ticket.visitor or self.asked.visitor)

    def serve(self) -> Parts:
        ticket = self.ticket
        assert ticket is not None
        return self.sent(self.talk(ticket.channel, ticket.labels))


def comes_between(running: Running, connection: Connection) -> bool:
    """Whether a question does not wait for the answer before it, but stops it."""
    account = running.world.accounts.get(connection.uin)
    app = account.apps.get(connection.ticket.app) if account is not None and connection.ticket is not None else None
    if account is None or app is None or connection.ticket is None:
        return False
    live = None if connection.ticket.channel in DRAFTS else account.releases.live(app.biz_id, account.clock.now())
    return interrupts(account, live.configuration if live is not None else app.draft)


class Stopping(SocketCall):
    """stop_generation: also of an answer that goes out over another connection (observed)."""

    operation = "stop_generation"

    def enter(self) -> None:
        if self.ticket is not None or self.world.assumptions.stop_requires_token:
            super().enter()

    def serve(self) -> Answer:
        accounts = [self.account] if self.account is not None else self.world.accounts.values()
        for account in accounts:
            record = self.record(account)
            if record is not None and (self.app is None or record.app == self.app.biz_id):
                stop = account.conversations.running.get(record.id)
                if stop is not None:
                    stop()
                return Answer(b"")
        raise DialogueError(NO_RECORD)

    def record(self, account: Account) -> MsgRecord | None:
        """The answer that is meant: by its record, in v1 also by session and request."""
        data = self.body("StopGeneration" if self.is_v2 else "payload")
        id = data.get("RecordId" if self.is_v2 else "record_id")
        if isinstance(id, str):
            return account.conversations.record(id)
        session, request = data.get("session_id"), data.get("request_id")
        conversation = account.conversations.find(session) if isinstance(session, str) else None
        found = [one for one in conversation.records if one.request_id == request] if conversation else []
        return found[-1] if found else None


class Rating(SocketCall):
    """The rating of an answer over a v1 socket; nothing is said to it."""

    operation = "rating"

    def serve(self) -> Answer:
        data, account, app = self.body("payload"), self.account, self.app
        assert account is not None
        assert app is not None
        reasons, score = data.get("reasons") or [], data.get("score")
        if not isinstance(reasons, list) or not isinstance(score, int):
            raise bad("a rating has a score, and reasons in a list")
        try:
            record = rate_reply(account, app.biz_id, str(data.get("record_id")), score, [str(one) for one in reasons])
        except NotRated as problem:
            raise DialogueError(NOT_RATED, reason=str(problem)) from None
        if record is None:
            raise DialogueError(NO_RECORD)
        return Answer(b"")


class Unhandled(SocketCall):
    """An event that nothing handles, or a packet that is none (`data` says why)."""

    operation = "unknown"

    def enter(self) -> None:
        super().enter()
        raise DialogueError(NO_EVENT if self.is_v2 else NO_HANDLER)


class Garbled(SocketCall):
    operation = "malformed"

    def enter(self) -> None:
        self.entry.params = {}
        raise bad(str(self.data))


class Meant(NamedTuple):
    """What a packet asks for."""

    kind: type[SocketCall]
    data: Any
    ack: str = ""


def meant(packet: str, is_v2: bool, rating: str) -> Meant:
    """`rating` is what a rating is called over a v1 socket."""
    try:
        if packet[:2] == packets.CONNECT:
            return Meant(Connecting, packets.token_of(packet))
        if packet[:2] == packets.EVENT:
            name, data, ack = packets.sent(packet)
            return Meant(kind_of(name, is_v2, rating), data, ack)
    except Malformed as problem:
        return Meant(Garbled, problem)
    return Meant(Garbled, "there is no such packet")


def kind_of(name: str, is_v2: bool, rating: str) -> type[SocketCall]:
    if name == ("request" if is_v2 else "send"):
        return Talking
    if name == "stop_generation":
        return Stopping
    return Rating if name == rating and not is_v2 else Unhandled
