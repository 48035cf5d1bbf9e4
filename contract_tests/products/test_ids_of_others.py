"""An id of another noun, of another account or of nothing is refused in the documented way: nothing is told or changed."""

import re
from typing import Any, NamedTuple

import pytest

from contract_tests.lke.asked import asked
from contract_tests.products.nouns import NOUNS, SCENARIO, Noun, Things, leaves
from lke_emulator.account.account import Account
from lke_emulator.account.snapshot import restore, save
from lke_emulator.products import load_handlers
from lke_emulator.protocol.errors import ApiError
from lke_emulator.protocol.spec import Shape, spec
from lke_emulator.scenario.load import world_of_text

CODES = {"FailedOperation", "InvalidParameter", "MissingParameter", "ResourceNotFound"}
SECRET = "hush "
"""What every text of the other account begins with."""
SAME = (
    ("lke.CreateQA", "adp.CreateQAList"),
    ("lke.SaveDoc", "adp.ImportDocList"),
    ("lke.CreateSharedKnowledge", "adp.CreateKB", "lke.CreateApp", "adp.CreateApp"),
    ("lke.CreateVar", "adp.CreateVariable"),
    ("lke.CreateAttributeLabel", "adp.CreateLabel"),
    ("lke.CreateDocCate", "adp.CreateCategory"),
    ("lke.CreateRelease", "adp.CreateRelease"),
)
"""What both products make; and an app is a knowledge base, too."""
NOTHING = ("7", "9" * 30, "../a", "\u202e", "a' or 1=1")
HANDLED = sorted(key for key in load_handlers() if not key.startswith("lkeap."))
ID = re.compile(r"(Id|Ids|IdList|Key|Code|Url|Path)$")


class Neighbours(NamedTuple):
    mine: Things
    ids: dict[str, str]
    """By what makes it."""
    theirs: Account
    their_ids: dict[str, str]


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    mine, theirs = world_of_text(SCENARIO, "scenario.yaml").accounts.values()
    things, others = Things(mine), Things(theirs, SECRET)
    return Neighbours(things, things.make_all(), theirs, others.make_all())


def answer(account: Account, key: str, params: dict[str, Any]) -> dict[str, Any] | str:
    """The reply, or the code of a refusal."""
    try:
        return asked(account, key, **params)
    except ApiError as error:
        return error.code


def is_nothing(reply: dict[str, Any]) -> bool:
    """A list of nothing, or of what was not done."""
    return reply.get("Total") == 0 or [value for name, value in leaves(reply) if name == "Succeeded"] == [False]


def known(account: Account) -> dict[str, Any]:
    """All but what a refused call may change."""
    account.billing.settle(account.clock.now())
    return {name: part for name, part in save(account).parts.items() if name not in ("ids", "limits", "snowflakes")}


@pytest.mark.parametrize("noun", NOUNS, ids=[noun.create for noun in NOUNS])
def test_an_id_of_something_else_is_refused_and_changes_nothing(neighbours: Neighbours, noun: Noun) -> None:
    things, before = neighbours.mine, dict(neighbours.mine.ids)
    same = next((group for group in SAME if noun.create in group), (noun.create,))
    wrong = [neighbours.their_ids[noun.create], *NOTHING]
    wrong += [id for key, id in neighbours.ids.items() if key not in same]
    was, theirs = known(things.account), known(neighbours.theirs)
    for key in (noun.read, *noun.modify, noun.delete):
        shape = spec().by_key[key].request if key else None
        if shape is None or not {noun.id, f"{noun.id}s", f"{noun.id}List", "BizIds"} & set(shape.members):
            continue
        for id in wrong:
            things.know(noun.id, id)
            said = things.change(noun, key) if key in noun.modify else things.request(shape, noun.said)
            reply = answer(things.account, key, {name: said[name] for name in said if name in shape.members})
            things.ids = dict(before)
            assert reply in CODES if isinstance(reply, str) else is_nothing(reply), (key, id, reply)
    assert known(things.account) == was
    assert known(neighbours.theirs) == theirs


def places(shape: Shape) -> list[str]:
    return [name for name, member in shape.members.items() if member.type == "string" and ID.search(name)]


def test_no_action_tells_of_another_account_or_fails_inside(neighbours: Neighbours) -> None:
    was, own = known(neighbours.theirs), neighbours.mine.account
    kept = save(own)
    said = {name: value for noun in NOUNS for name, value in noun.said.items() if not str(value).startswith("@")}
    for key in HANDLED:
        shape = spec().by_key[key].request
        things = neighbours.mine
        things.account = restore(kept)
        usual = things.request(shape, said)
        for place in places(shape):
            many = shape.members[place].many
            for id in {*neighbours.their_ids.values(), *neighbours.ids.values(), *NOTHING}:
                reply = answer(things.account, key, {**usual, place: [id] if many else id})
                assert reply in CODES if isinstance(reply, str) else SECRET not in str(reply), (key, place, id)
    neighbours.mine.account = own
    assert known(neighbours.theirs) == was
