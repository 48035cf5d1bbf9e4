"""API keys, as the account holds them."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.keys import Key, Keys
from lke_emulator.account.world import World
from lke_emulator.primitives.refused import Refused

ROOT, SUB = "100000000001", "200000000001"


def create(keys: Keys, label: str = "", owner: str = ROOT, **settings: Any) -> tuple[Key, str]:
    assumptions = Assumptions(**settings.pop("assume", {}))
    return keys.create(label, owner=owner, now=settings.pop("now", 100), assumptions=assumptions, **settings)


@pytest.fixture
def account() -> Account:
    return Account(ROOT, seed=1, chance=1)


@pytest.fixture
def keys(account: Account) -> Keys:
    return account.keys


def test_a_key_begins_with_sk_and_is_shown_once(keys: Keys) -> None:
    """GW-4, GW-10."""
    key, secret = create(keys, "Production", group="default")
    assert secret.startswith("sk-")
    assert len(secret) == len("sk-") + 48
    assert keys.find(secret) is key
    assert secret not in str(msgspec.to_builtins(key, builtin_types=(bytes,)))
    assert keys.reveal(key.id) is None


def test_the_masked_form_gives_only_the_ends_away(keys: Keys) -> None:
    key, secret = create(keys)
    assert key.masked[:7] == secret[:7]
    assert key.masked[-4:] == secret[-4:]
    assert len(set(key.masked[7:-4])) == 1
    short, secret = create(keys, secret="sk-short-one")
    assert short.masked == "sk-sh**********"


def test_root_and_sub_accounts_hold_ten_keys_together(keys: Keys) -> None:
    """BA-6, BA-7."""
    made = [create(keys, owner=owner)[0] for owner in [ROOT, SUB] * 5]
    for owner in (ROOT, SUB):
        with pytest.raises(Refused, match="at most 10 API keys together"):
            create(keys, owner=owner)
    keys.delete(made[3].id)
    assert create(keys, owner=SUB)


def test_the_limit_and_the_length_are_settings(keys: Keys) -> None:
    _, secret = create(keys, assume={"api_key_limit": 1, "api_key_length": 20})
    assert len(secret) == 23
    with pytest.raises(Refused):
        create(keys, assume={"api_key_limit": 1})


def test_a_key_can_be_seen_again_where_that_is_assumed(keys: Keys) -> None:
    key, secret = create(keys, assume={"lkeap_key_reveal": True})
    assert keys.reveal(key.id) == secret
    keys.delete(key.id)
    with pytest.raises(LookupError):
        keys.reveal(key.id)


def test_a_list_shows_labels_owners_and_times(keys: Keys) -> None:
    """BA-3, GW-6, GW-7."""
    first, _ = create(keys, "Production", now=100)
    second, _ = create(keys, "Testing", owner=SUB, now=200)
    assert keys.all() == [first, second]
    assert keys.all(SUB) == [second]
    keys.rename(first.id, "Live")
    keys.regroup(first.id, "vip")
    assert [(key.label, key.group, key.created, key.last_used) for key in keys.all()] == [
        ("Live", "vip", 100, None),
        ("Testing", "", 200, None),
    ]


def test_status_tells_why_a_key_does_not_work(keys: Keys) -> None:
    key, _ = create(keys, quota=10, expires=500)
    assert key.status(499) == "enabled"
    assert key.status(500) == "expired"
    key.used = 10
    assert key.status(499) == "exhausted"
    keys.disable(key.id)
    assert key.status(499) == "disabled"
    with pytest.raises(Refused, match="exhausted: change its quota first"):
        keys.enable(key.id, 499)
    key.quota = None
    with pytest.raises(Refused, match="expired: change its expiry first"):
        keys.enable(key.id, 500)
    keys.enable(key.id, 499)
    assert key.status(499) == "enabled"


@pytest.mark.parametrize("secret", ["no-prefix", "sk-with blank", "sk-ünicode", "sk-line\n"])
def test_a_declared_secret_must_fit_a_header(keys: Keys, secret: str) -> None:
    with pytest.raises(ValueError, match="begin with sk-"):
        create(keys, "CI", secret=secret)


def test_a_world_finds_the_account_of_a_key() -> None:
    accounts = [Account(f"10000000000{n}", seed=n) for n in range(3)]
    before = create(accounts[1].keys, owner=accounts[1].uin)
    world = World("test", 1, accounts, [], Assumptions())
    after = create(accounts[2].keys, owner=accounts[2].uin)
    assert world.account_of_key(before[1]) == (accounts[1], before[0])
    assert world.account_of_key(after[1]) == (accounts[2], after[0])
    assert world.account_of_key("sk-nobody") is None
    assert accounts[0].keys.find(before[1]) is None
    with pytest.raises(Refused, match="in use"):
        create(accounts[0].keys, secret=before[1])


def test_two_accounts_cannot_declare_one_secret() -> None:
    accounts = [Account(f"10000000000{n}", seed=n) for n in range(2)]
    for account in accounts:
        create(account.keys, "CI", secret="sk-ci")
    with pytest.raises(ValueError, match="'CI' is in use by account 100000000000"):
        World("test", 1, accounts, [], Assumptions())


operations = st.lists(
    st.tuples(st.sampled_from(["create", "disable", "enable", "delete"]), st.integers(0, 12)), max_size=40
)


@settings(max_examples=50)
@given(operations)
def test_a_secret_opens_its_key_as_long_as_the_key_is_there(steps: list[tuple[str, int]]) -> None:
    keys = Account(ROOT, seed=1, chance=1).keys
    secrets: dict[str, str] = {}
    enabled: dict[str, bool] = {}
    for step, place in steps:
        held = list(secrets)
        if step == "create" and len(held) < 10:
            key, secret = create(keys)
            assert secret not in secrets.values()
            secrets[key.id], enabled[key.id] = secret, True
        elif step == "delete" and place < len(held):
            keys.delete(held[place])
            assert keys.find(secrets.pop(held[place])) is None
            del enabled[held[place]]
        elif step in ("enable", "disable") and place < len(held):
            keys.enable(held[place], 0) if step == "enable" else keys.disable(held[place])
            enabled[held[place]] = step == "enable"
        assert [key.id for key in keys.all()] == list(secrets)
        for id, secret in secrets.items():
            found = keys.find(secret)
            assert found is not None
            assert (found.id, found.status(0) == "enabled") == (id, enabled[id])
