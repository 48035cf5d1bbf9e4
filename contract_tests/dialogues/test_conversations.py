"""Conversations against a small model of them, saved and restored between any two steps; and the tokens of sockets."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lke_emulator.dialogues.conversations import Conversation, Conversations
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.dialogues.said import Citation
from lke_emulator.dialogues.tickets import Tickets
from lke_emulator.primitives.ids import Ids

IDS = st.sampled_from(["a", "b", "c"])
APPS = st.sampled_from(["1", "2"])
SORTED = msgspec.json.Encoder(order="sorted").encode


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.conversations = Conversations()
        self.model: dict[tuple[str, str], list[str]] = {}
        """(app, id) -> the records of a conversation, oldest first."""
        self.count = 0
        self.now = 1000.0

    def said(self, conversation: Conversation) -> MsgRecord:
        self.count += 1
        id = f"r{self.count}"
        citation = Citation(id=f"c{self.count}", index=1, type=1, name="A")
        is_from_self = self.count % 2 == 1
        return MsgRecord(
            id=id,
            conversation=conversation.id,
            app=conversation.app,
            time=self.now,
            is_from_self=is_from_self,
            status="success",
            content=f"text {id}",
            references=[] if is_from_self else [citation],
        )

    @rule(id=IDS, app=APPS, seconds=st.integers(-50, 50))
    def say(self, id: str, app: str, seconds: int) -> None:
        self.now += seconds
        conversation = self.conversations.open(id, app, "visitor", 5, self.now)
        record = self.said(conversation)
        self.conversations.add(conversation, record)
        self.model.setdefault((app, id), []).append(record.id)

    @rule(id=IDS, app=APPS)
    def delete(self, id: str, app: str) -> None:
        conversation = self.conversations.find(id, app)
        assert (conversation is not None) == ((app, id) in self.model)
        if conversation is not None:
            self.conversations.delete(conversation)
            del self.model[app, id]

    @rule(app=APPS)
    def forget(self, app: str) -> None:
        self.conversations.forget(app)
        self.model = {key: records for key, records in self.model.items() if key[0] != app}

    @rule(id=IDS, app=APPS)
    def reset(self, id: str, app: str) -> None:
        conversation = self.conversations.find(id, app)
        if conversation is not None and conversation.records:
            conversation.reset_through = conversation.records[-1].id
            assert conversation.remembered() == []

    @rule()
    def save_and_restore(self) -> None:
        text = SORTED(self.conversations.saved())
        restored = Conversations()
        restored.restored(msgspec.json.decode(text, type=Conversations.State))
        assert SORTED(restored.saved()) == text
        self.conversations = restored

    @invariant()
    def the_same_is_there(self) -> None:
        found = {(one.app, one.id): [record.id for record in one.records] for one in self.conversations.select()}
        assert found == self.model

    @invariant()
    def what_is_there_is_found_and_nothing_else(self) -> None:
        there = {record for records in self.model.values() for record in records}
        for number in range(1, self.count + 1):
            assert (self.conversations.record(f"r{number}") is not None) == (f"r{number}" in there)
            if number % 2 == 0:
                cited = self.conversations.reference(f"c{number}")
                assert (cited is not None) == (f"r{number}" in there)

    @invariant()
    def the_latest_used_is_listed_first(self) -> None:
        moments = [one.updated for one in self.conversations.select()]
        assert moments == sorted(moments, reverse=True)


TestConversations = Machine.TestCase


@given(st.floats(0, 200), st.booleans())
def test_a_token_opens_once_and_for_a_minute(age: float, again: bool) -> None:
    tickets = Tickets(Ids(1))
    token = tickets.issue("1", "visitor", 5, "100000000001", 1000.0, 60)
    ticket = tickets.redeem(token, 1000.0 + age, 60, True)
    assert (ticket is not None) == (age < 60)
    if ticket is not None and again:
        assert tickets.redeem(token, 1000.0 + age, 60, True) is None
        assert tickets.redeem(token, 1000.0 + age, 60, False) is not None


def test_a_token_that_was_used_is_used_after_a_restore() -> None:
    tickets = Tickets(Ids(1))
    token = tickets.issue("1", "visitor", 5, "100000000001", 1000.0, 60, {"region": ("north",)})
    assert tickets.redeem(token, 1001.0, 60, True) is not None
    other: Any = Tickets(Ids(2))
    other.restored(msgspec.json.decode(SORTED(tickets.saved()), type=Tickets.State))
    assert other.redeem(token, 1001.0, 60, True) is None
    assert other.redeem("unknown", 1001.0, 60, True) is None


def test_a_clock_that_is_set_back_closes_no_door() -> None:
    tickets = Tickets(Ids(1))
    token = tickets.issue("1", "visitor", 5, "100000000001", 1000.0, 60)
    assert tickets.redeem(token, 10.0, 60, True) is not None
