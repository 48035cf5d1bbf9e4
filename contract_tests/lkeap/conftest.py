"""What the lkeap tests share: calling an action by its SDK method, and the account behind it, which pays afterwards."""

import json
import os
from typing import Any

import pytest
from tencentcloud.lkeap.v20240522 import models

from contract_tests.conftest import Control
from lke_emulator.account.account import Account
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter

UIN = "100000000001"
BARE = """
accounts:
  - uin: 100000000001
    credentials: [{ secret_id: AKIDlocal, secret_key: local-secret-key }]
    apps: [{ name: Customer Service, biz_id: 1812732010083385344 }]
    knowledge: { capacity: 10000000, used: { Customer Service: 4621135 } }
"""
"""Nothing is bought: what a test opens is what there is."""
PAID = (
    "ChatCompletions",
    "SearchPro",
    "GetEmbedding",
    "QueryRewrite",
    "RunRerank",
    "CreateReconstructDocumentFlow",
    "CreateSplitDocumentFlow",
)


@pytest.fixture(autouse=True)
def paid(request: pytest.FixtureRequest) -> None:
    """Nothing runs out; another endpoint's account is what it is."""
    if "LKE_TARGET" not in os.environ and "target" in request.fixturenames:
        emulator: Control = request.getfixturevalue("emulator")
        emulator.load(BARE, rate_limit=0)
        emulator.world.accounts[UIN].billing.open(postpaid=PAID, balance=10**12)


def call(client: Any, action: str, **params: Any) -> Any:
    """The SDK's method for an action, with its request model."""
    request = getattr(models, f"{action}Request")()
    request.from_json_string(json.dumps(params))
    return getattr(client, action)(request)


def frames(stream: Any) -> list[Any]:
    """The JSON of every event that the SDK read from a stream."""
    return [json.loads(event["data"]) for event in stream]


def account_of(emulator: Control) -> Account:
    """The account of the scenario, its clock standing still."""
    account = emulator.world.accounts[UIN]
    account.clock.freeze()
    return account


def assume(emulator: Control, **settings: Any) -> None:
    emulator.assume(**settings)


def used(account: Account, api: str) -> Amounts:
    """All that was ever metered for an API."""
    return account.ledger.totals(Filter(api=api), 0, int(account.clock.now()) + 1)


@pytest.fixture
def account(emulator: Control) -> Account:
    return account_of(emulator)
