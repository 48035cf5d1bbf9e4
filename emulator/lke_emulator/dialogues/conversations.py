"""Conversations of an account's apps and every message in them."""

from collections.abc import Callable, Collection, Iterator
from copy import copy
from typing import NamedTuple, TypeVar

import msgspec

from lke_emulator.dialogues.contents import form_of
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.procedure import Procedure
from lke_emulator.dialogues.run import left_alone
from lke_emulator.dialogues.said import Citation, Said
from lke_emulator.primitives.bounds import Moment, Natural
from lke_emulator.primitives.change import AccountChange, What
from lke_emulator.primitives.fragment import Fragment, Things, joined

encode = msgspec.msgpack.Encoder().encode
T = TypeVar("T")
TITLE = 50
"""Characters of the first question that title a conversation (inferred)."""


class Conversation(msgspec.Struct, kw_only=True):
    """Moments are Unix seconds on the account's clock."""

    id: str
    app: str
    visitor: str = ""
    channel: Natural
    """Type: 1 visitor, 2 evaluation, 5 API, 10 debugging, 20 share (documented)."""
    title: str = ""
    agent: str = ""
    created: Moment
    updated: Moment
    records: list[MsgRecord] = []
    """In the order in which they were said, whatever the clock did."""
    reset_at: Natural = 0
    """Milliseconds since the epoch of the last reset; 0 is never."""
    reset_through: str = ""
    """The last record before the reset: none up to it is remembered in a new turn."""

    def shows(self, widget: str) -> bool:
        """Whether an answer has shown a widget of this id."""
        return any(
            content.get("Type") == "widget" and content["Widget"]["WidgetId"] == widget
            for record in self.records
            for message in record.messages
            for content in message.contents
        )

    def remembered(self) -> list[MsgRecord]:
        """The records since the last reset, oldest first."""
        for place, record in enumerate(self.records):
            if record.id == self.reset_through:
                return self.records[place + 1 :]
        return self.records


class Cited(NamedTuple):
    """A reference and the record that names it."""

    record: MsgRecord
    reference: Citation


class AsBefore(NamedTuple):
    """What may have changed, and as what it stood before; None: it was not there."""

    conversations: dict[tuple[str, str], bytes | None]
    records: dict[str, tuple[MsgRecord, bytes | None]]


class Touched(NamedTuple):
    """What may have changed."""

    conversations: dict[tuple[str, str], None]
    records: dict[str, MsgRecord]


def thing_of(conversation: Conversation) -> str:
    return f"{conversation.app}/{conversation.id}"


def fragment_of(conversation: Conversation) -> Fragment:
    return Fragment(thing_of(conversation), 0, msgspec.structs.replace(conversation, records=[]))


def mark_of(conversation: Conversation) -> bytes:
    """The same as long as nothing of it has changed but its records."""
    return encode(fragment_of(conversation).value)


def what_became(before: bytes | None, now: T | None, mark: Callable[[T], bytes]) -> What | None:
    if before is None:
        return None if now is None else "created"
    if now is None:
        return "deleted"
    return None if mark(now) == before else "changed"


def stopped(record: MsgRecord) -> MsgRecord:
    """An answer that nobody gives any more is as one whose caller has gone."""
    if record.status == "processing":
        record.status = "stop"
        record.content = "\n\n".join([one.text for one in record.messages if one.type == "reply"])
        steps: list[Said | Procedure] = [*record.messages, *record.procedures]
        for step in steps:
            if step.status == "processing":
                step.status = "stop"
        for procedure in record.procedures:
            if procedure.run is not None:
                left_alone(procedure.run)
    return record


def number_of(record: MsgRecord, records: list[MsgRecord]) -> int:
    """From 1 on; the latest ones are the ones that are asked for."""
    return next(number for number in range(len(records), 0, -1) if records[number - 1] is record)


class Conversations:
    """Those of one account. An id is a caller's own choice, so two apps may have a conversation of the same id."""

    class State(msgspec.Struct, frozen=True):
        conversations: tuple[Conversation, ...]

    @staticmethod
    def check_state(state: State) -> None:
        records = [record for conversation in state.conversations for record in conversation.records]
        for message in [message for record in records for message in record.messages]:
            for number, content in enumerate(message.contents):
                try:
                    form_of(content)
                except msgspec.ValidationError as error:
                    place = f"contents[{number}] of message {message.id}"
                    raise ValueError(f".conversations: {place}: {error}") from None

    def __init__(self) -> None:
        self._conversations: dict[tuple[str, str], Conversation] = {}
        self._records: dict[str, MsgRecord] = {}
        self._cited: dict[str, Cited] = {}
        self.running: dict[str, Callable[[], None]] = {}
        """What stops the answers that are on their way, by their record; what is in flight is never saved."""
        self._touched: Touched | None = None
        """None while nobody asks what has changed."""
        self._noted: AsBefore | None = None
        """The same for whoever asks what a call has changed, from when it begins."""

    def open(self, id: str, app: str, visitor: str, channel: int, now: float, agent: str = "") -> Conversation:
        """The app's conversation of that id, made when it is first used (observed)."""
        key = app, id
        conversation = self._conversations.get(key)
        if conversation is None:
            if self._noted is not None:
                self._noted.conversations.setdefault(key, None)
            conversation = Conversation(
                id=id, app=app, visitor=visitor, channel=channel, agent=agent, created=now, updated=now
            )
            self._conversations[key] = conversation
        return self._touch(conversation)

    def find(self, id: str, app: str = "") -> Conversation | None:
        """The app's conversation of that id; without an app the latest one that has it."""
        if app:
            found = self._conversations.get((app, id))
        else:
            found = next((one for one in reversed(self._conversations.values()) if one.id == id), None)
        return found and self._touch(found)

    def select(
        self, *, app: str = "", visitor: str = "", channel: int = 0, agent: str = "", keyword: str = ""
    ) -> list[Conversation]:
        """The latest used first; what is empty does not filter."""
        found = [
            one
            for one in reversed(self._conversations.values())
            if app in ("", one.app)
            and visitor in ("", one.visitor)
            and channel in (0, one.channel)
            and agent in ("", one.agent)
            and keyword.casefold() in one.title.casefold()
        ]
        return sorted(found, key=lambda one: -one.updated)

    def add(self, conversation: Conversation, record: MsgRecord) -> None:
        """Keep what was said; the first question gives its title to a conversation that has none. Of one that was deleted
        nothing is kept."""
        if self._conversations.get((conversation.app, conversation.id)) is not conversation:
            return
        self._touch(conversation)
        if not conversation.title and record.is_from_self:
            conversation.title = " ".join(record.content.split())[:TITLE]
        conversation.records.append(record)
        conversation.updated = record.time
        if self._noted is not None:
            self._noted.records.setdefault(record.id, (record, None))
        self._index(record)
        self.record(record.id)

    def cite(self, record: MsgRecord) -> None:
        """Make the references of a record known by their ids, unless it was deleted."""
        if record not in self:
            return
        for reference in record.references:
            self._cited[reference.id] = Cited(record, reference)

    def stop_answers(self, conversation: Conversation) -> bool:
        """Whether there is one on its way in the conversation; it ends at its next step."""
        found = [self.running[one.id] for one in conversation.records if one.id in self.running]
        for stop in found:
            stop()
        return bool(found)

    def __contains__(self, record: MsgRecord) -> bool:
        return self._records.get(record.id) is record

    def record(self, id: str) -> MsgRecord | None:
        record = self._records.get(id)
        if record is not None:
            if self._touched is not None:
                self._touched.records[id] = record
            if self._noted is not None and id not in self._noted.records:
                self._noted.records[id] = record, encode(record)
        return record

    def reference(self, id: str) -> Cited | None:
        return self._cited.get(id)

    def delete(self, conversation: Conversation) -> None:
        """Forget a conversation and all that was said in it."""
        self._touch(conversation)
        del self._conversations[conversation.app, conversation.id]
        for record in conversation.records:
            self.record(record.id)
            self._records.pop(record.id, None)
            for reference in record.references:
                self._cited.pop(reference.id, None)

    def forget(self, app: str) -> None:
        for conversation in [one for one in self._conversations.values() if one.app == app]:
            self.delete(conversation)

    def answers(self, start: float, stop: float, apps: Collection[str] = ()) -> Iterator[MsgRecord]:
        """The answers given in [start, stop), of some apps or of all."""
        for conversation in self._conversations.values():
            if not apps or conversation.app in apps:
                for record in conversation.records:
                    if not record.is_from_self and start <= record.time < stop:
                        yield record

    def _touch(self, conversation: Conversation) -> Conversation:
        """Whoever has it may change it."""
        key = conversation.app, conversation.id
        if self._touched is not None:
            self._touched.conversations[key] = None
        if self._noted is not None and key not in self._noted.conversations:
            self._noted.conversations[key] = mark_of(conversation)
        return conversation

    def noted(self, goes_on: bool) -> list[AccountChange]:
        """What has changed since this was asked last; unless it `goes_on` nothing is noted any more."""
        noted = self._noted
        if not goes_on or noted is None or any(noted):
            self._noted = AsBefore({}, {}) if goes_on else None
        if noted is None:
            return []
        found = []
        for key, before in noted.conversations.items():
            now = self._conversations.get(key)
            what = what_became(before, now, mark_of)
            if what:
                name = "" if now is None else now.title
                found.append(AccountChange("conversations", "conversations", "/".join(key), what, name))
        for id, (record, mark) in noted.records.items():
            what = what_became(mark, record if id in self._records else None, encode)
            if what:
                found.append(AccountChange("conversations", "records", id, what, record.content[:TITLE]))
        return found

    def marks(self) -> dict[tuple[str, str], object]:
        found: dict[tuple[str, str], object] = {
            ("conversations", thing_of(one)): mark_of(one) for one in self._conversations.values()
        }
        return found | {("records", id): encode(record) for id, record in self._records.items()}

    def _index(self, record: MsgRecord) -> None:
        self._records[record.id] = record
        self.cite(record)

    def saved(self) -> State:
        return copied(self.State(tuple(self._conversations.values())))

    def fragments(self) -> Iterator[Fragment]:
        for conversation in self._conversations.values():
            yield fragment_of(conversation)
            for number, record in enumerate(conversation.records, 1):
                yield Fragment(thing_of(conversation), number, record)

    def news(self) -> list[Fragment]:
        touched, known = self._touched, self._conversations
        under_way = [self._records[id] for id in self.running if id in self._records]
        asked = [self._records[one.related] for one in under_way if one.related in self._records]
        # Until it is settled a turn changes its records, and once more then.
        self._touched = Touched({}, {one.id: one for one in (*under_way, *asked)})
        if touched is None:
            return []
        found = [
            fragment_of(known[key]) if key in known else Fragment("/".join(key), 0, None)
            for key in touched.conversations
        ]
        for record in (touched.records | self._touched.records).values():
            conversation = known.get((record.app, record.conversation))
            if conversation is not None:
                found.append(Fragment(thing_of(conversation), number_of(record, conversation.records), record))
        return found

    @staticmethod
    def whole(things: Things) -> "Conversations.State":
        def conversation(what: bytes, *records: bytes) -> Conversation:
            found = msgspec.msgpack.decode(what, type=Conversation)
            return msgspec.structs.replace(found, records=joined(records, list[MsgRecord]))

        return Conversations.State(tuple([conversation(*values) for values in things]))

    def restored(self, state: State) -> None:
        for conversation in copied(state).conversations:
            self._conversations[conversation.app, conversation.id] = conversation
            for record in conversation.records:
                self._index(stopped(record))


def copied(state: Conversations.State) -> Conversations.State:
    """Nothing of it that can still change can be reached from the other."""
    return Conversations.State(
        tuple(
            [
                msgspec.structs.replace(
                    one, records=[copy(each) if each.is_settled else apart(each) for each in one.records]
                )
                for one in state.conversations
            ]
        )
    )


def apart(record: MsgRecord) -> MsgRecord:
    return msgspec.convert(msgspec.to_builtins(record), MsgRecord)
