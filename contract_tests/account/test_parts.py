"""The law of parts: what was saved is restored, through JSON too, and neither side can reach the other afterwards."""

from functools import cache
from typing import Any

import msgspec
import pytest

from lke_emulator.account.account import PARTS, Account
from lke_emulator.account.part import state_of
from lke_emulator.scenario.load import load

EVERY = msgspec.json.Encoder(order="sorted").encode
ROOT = "100000000001"


@cache
def known(scenario: str) -> Account:
    """Not to be changed."""
    return used(scenario)


def used(scenario: str = "default") -> Account:
    """An account in which every part knows something."""
    account = load(scenario).accounts[ROOT]
    account.clock.freeze(account.clock.now())
    return account


@pytest.mark.parametrize("scenario", ["default", "support-bot"])
@pytest.mark.parametrize("name", PARTS)
def test_a_part_comes_back_from_json_as_it_was(name: str, scenario: str) -> None:
    saved = getattr(known(scenario), name).saved()
    text = EVERY(saved)
    state = msgspec.json.decode(text, type=state_of(PARTS[name]), strict=True)
    part: Any = getattr(Account(ROOT, chance="another"), name)
    part.restored(state)
    assert EVERY(part.saved()) == text
    assert EVERY(state) == text
