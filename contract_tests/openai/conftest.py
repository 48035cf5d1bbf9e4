"""What the tests of the OpenAI-compatible endpoint share: an account with a key, and the official clients for it.

A test gets `endpoint` (the account behind it, its rules, clock and journal), `client` and `aclient` (the openai package, sync
and async, without retries: a refusal must be seen as it is).
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import pytest
from openai import APIStatusError, AsyncOpenAI, OpenAI

from contract_tests.conftest import Control
from lke_emulator.account.account import Account
from lke_emulator.account.journal import CallMatch, journal_line
from lke_emulator.account.keys import Key
from lke_emulator.account.world import World
from lke_emulator.models.rules import ChatRule
from lke_emulator.scenario.chat import build_chat
from lke_emulator.scenario.limits import LimitSection, build_limits
from lke_emulator.usage.amounts import Amounts
from lke_emulator.usage.filter import Filter

SECRET = "sk-contract-tests"
LABEL = "Contract tests"
UIN, SUB = "100000000001", "200000000001"
SCENARIO = f"""
deterministic: true
accounts:
  - uin: {UIN}
    seed: 7
    clock: {{frozen_at: 1742452818}}
    credentials: [{{secret_id: AKIDlocal, secret_key: local-secret-key}}]
    sub_accounts: [{{name: tester, uin: {SUB}}}]
    models: [{{name: declared-here, concurrency: 2}}]
"""
HELLO = [{"role": "user", "content": "Hello"}]


@dataclass
class Endpoint:
    control: Control
    account: Account
    key: Key
    clients: list[OpenAI] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.control.url

    @property
    def world(self) -> World:
        return self.control.world

    def client(self, secret: str = SECRET, path: str = "/v1", **settings: Any) -> Any:
        client = OpenAI(base_url=self.url + path, api_key=secret, max_retries=0, **settings)
        self.clients.append(client)
        return client

    def create_key(self, label: str = "", **settings: Any) -> tuple[Key, str]:
        given = {"owner": UIN, "now": self.account.clock.now(), "assumptions": self.world.assumptions, **settings}
        return self.account.keys.create(label, **given)

    def rules(self, *rules: dict[str, Any]) -> None:
        """Rules as a scenario writes them."""
        build_chat([msgspec.convert(rule, ChatRule) for rule in rules], self.account)

    def limits(self, *limits: dict[str, Any]) -> None:
        build_limits([msgspec.convert(limit, LimitSection) for limit in limits], self.account)

    def assume(self, **settings: Any) -> None:
        self.control.assume(**settings)

    def used(self, **filter: Any) -> Amounts:
        """What was ever metered for this key."""
        return self.account.ledger.totals(Filter(key=self.key.id, **filter), 0, int(self.account.clock.now()) + 1)

    def journal(self) -> list[dict[str, Any]]:
        """Newest first."""
        return [journal_line(entry) for entry in self.world.journal.entries(CallMatch())]

    def last(self) -> dict[str, Any]:
        return self.journal()[0]

    def post(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        head = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json", **headers}
        return httpx.post(self.url + path, content=body, headers=head)


def opened(control: Control) -> Endpoint:
    """The account of the scenario, which pays for its calls afterwards, with one key."""
    account = control.load(SCENARIO).accounts[UIN]
    now = account.clock.now()
    for api in ("ChatCompletions", "GetEmbedding", "ImageGeneration"):
        account.billing.switch(api, True, UIN, now)
    key, _ = account.keys.create(LABEL, owner=UIN, now=now, assumptions=control.world.assumptions, secret=SECRET)
    return Endpoint(control, account, key)


@pytest.fixture
def endpoint(emulator: Control) -> Iterator[Endpoint]:
    endpoint = opened(emulator)
    yield endpoint
    for client in endpoint.clients:
        client.close()


@pytest.fixture
def client(endpoint: Endpoint) -> Any:
    return endpoint.client()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def aclient(endpoint: Endpoint) -> AsyncIterator[Any]:
    async with AsyncOpenAI(base_url=endpoint.url + "/v1", api_key=SECRET, max_retries=0) as client:
        yield client


def refused(call: Any, **params: Any) -> Any:
    """Call, and give the error that the client raised."""
    with pytest.raises(APIStatusError) as caught:
        call(**params)
    return caught.value


def until(client: Any, true: Any) -> None:
    """Call the endpoint until something has come true in it, at most 500 times."""
    for _ in range(500):
        if true():
            return
        client.models.list()
    raise AssertionError("it did not come true")
