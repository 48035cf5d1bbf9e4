"""Whatever an action writes is read back by the action that shows it, member by member, and is nowhere once it was deleted.

Requests have everything that their shapes let them say; an action that writes and has no row here fails.
"""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from contract_tests.account.reads import reads
from contract_tests.products.nouns import APP, APP_KEY, NOUNS, SESSION, Noun, Things, leaves
from lke_emulator.protocol.spec import Shape, spec

WRITES = re.compile(r"(lke|adp)\.(Create|Modify|Update|Save|Import|Rename|Group|Refer|Verify|Copy)")
ELSEWHERE = {
    "lke.CreateWorkflowRun": "a run is told by its states",
    "lke.RenameDoc": "ListDoc shows it beside the old name; held by the tests of documents",
    "lke.VerifyQA": "is for what was generated; held by the tests of Q&A",
    "adp.CreateWorkflowRun": "a run is told by its states",
    "lke.ReferShareKnowledge": "held by the tests of shared knowledge",
    "adp.CopyAgentFromApp": "writes what another app says",
    "adp.CopyApp": "writes what another app says",
    "adp.CreateQAGenerationTask": "a task is told by the Q&A that it makes",
    "adp.CreateSimilarQuestion": "makes words up, and keeps nothing",
    "adp.CreateWebSocketToken": "opens a socket",
    "adp.CreateWorkspaceCredential": "answers generated values, and says so",
    "adp.ModifyConflictQA": "is an answer to what the emulator never finds",
    "adp.SaveWorkflowDebugContext": "is told by the run that it is for",
    "adp.SaveWorkflowToolNodeOutput": "is told by the run that it is for",
}
"""Actions that write something other than what they are given."""


REMEMBERING = ("DescribeAuditLogList",)
"""What tells of what was."""


def names_in(shape: Shape, seen: tuple[str, ...] = ()) -> set[str]:
    found = set()
    for member in shape.members.values():
        if member.scalar:
            found.add(member.name)
        elif member.type not in seen:
            found |= names_in(shape.of(member), (*seen, member.type))
    return found


def lost(given: Any, reply: Any, key: str, told: Mapping[str, str]) -> list[tuple[str, Any]]:
    """What was written, has a place in the reply, and is not there."""
    known, shown = names_in(spec().by_key[key].response), set()
    for name, value in leaves(reply):
        shown.add((name, str(value)))
    wanted = [(told.get(name, name), str(value)) for name, value in leaves(given) if name != "Paths"]
    return [(name, value) for name, value in wanted if name in known and (name, value) not in shown]


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.mark.parametrize("noun", NOUNS, ids=[noun.create for noun in NOUNS])
def test_what_is_written_is_read_back_until_it_is_deleted(things: Things, noun: Noun) -> None:
    id, said = things.make(noun)
    things.know(noun.id, id)
    found = {noun.create: lost(said, things.read(noun), noun.read, noun.told)}
    for key in noun.modify:
        things.account.clock.advance(60)
        said = things.change(noun, key)
        things.ask(key, said)
        found[key] = lost(said, things.read(noun), noun.read, noun.told)
    assert not any(found.values()), found
    if noun.delete:
        things.ask(noun.delete, things.request(spec().by_key[noun.delete].request, noun.said))
        things.account.clock.advance(60)
        for product, name, params in reads(APP, APP_KEY, SESSION):
            if name not in REMEMBERING:
                assert id not in str(things.read_anything(f"{product}.{name}", params)), name
        assert id not in str(things.read_anything(noun.read, things.about(noun)))


def test_every_action_that_writes_has_a_row() -> None:
    writing = {key for key in spec().by_key if WRITES.match(key)}
    rows = {key for noun in NOUNS for key in (noun.create, *noun.modify)}
    assert writing == rows | set(ELSEWHERE)
