"""Every call is metered where all usage is: in the account's ledger, and can be refused by what pays for it."""

import json
from typing import Any

from contract_tests.conftest import Control
from contract_tests.openai.conftest import HELLO, SUB, UIN, Endpoint, opened, refused
from lke_emulator.usage.filter import Filter


def test_a_call_is_metered_with_its_key_model_and_caller(endpoint: Endpoint, client: Any) -> None:
    completion = client.chat.completions.create(model="deepseek-chat", messages=HELLO)
    now = int(endpoint.account.clock.now())
    (call,) = endpoint.account.ledger.calls(Filter(key=endpoint.key.id), 0, now + 1, 0, 10)
    assert (call.line.api, call.line.model) == ("ChatCompletions", "deepseek-chat")
    assert (call.line.sub_account, call.line.sub_biz_type, call.line.call_type) == (UIN, "KnowledgeQA", "API")
    assert (call.amounts.input, call.amounts.output) == (
        completion.usage.prompt_tokens,
        completion.usage.completion_tokens,
    )
    assert call.id == endpoint.last()["RequestId"]


def test_a_stream_is_metered_as_its_usage_says(endpoint: Endpoint, client: Any) -> None:
    with client.chat.completions.create(model="deepseek-r1", messages=HELLO, stream=True) as stream:
        usage = list(stream)[-1].usage
    used = endpoint.used()
    assert (used.calls, used.input, used.output) == (1, usage.prompt_tokens, usage.completion_tokens)


def test_a_sub_accounts_key_meters_for_the_sub_account(endpoint: Endpoint) -> None:
    key, secret = endpoint.create_key("theirs", owner=SUB)
    endpoint.client(secret).chat.completions.create(model="gpt-4o", messages=HELLO)
    now = int(endpoint.account.clock.now())
    assert endpoint.account.ledger.totals(Filter(key=key.id, sub_accounts=(SUB,)), 0, now + 1).calls == 1
    assert endpoint.last()["Caller"] == SUB


def test_a_refused_call_is_not_metered(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"error": {}})
    refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
    refused(client.chat.completions.create, model="gpt-99", messages=HELLO)
    assert endpoint.used().calls == 0


def test_a_use_moves_the_last_used_time(endpoint: Endpoint, client: Any) -> None:
    """GW-6."""

    def last_used() -> float:
        return endpoint.account.keys.get(endpoint.key.id).last_used or 0

    assert not last_used()
    client.models.list()
    first = last_used()
    endpoint.account.clock.advance(10)
    client.models.list()
    assert last_used() == first + 10 == endpoint.account.clock.now()


def test_the_journal_says_what_a_call_used(endpoint: Endpoint, client: Any) -> None:
    usage = client.chat.completions.create(model="gpt-4o", messages=HELLO).usage
    entry: dict[str, Any] = endpoint.last()
    assert entry["Action"] == "openai.chat.completions"
    assert (entry["Surface"], entry["Key"], entry["Model"]) == ("openai", endpoint.key.id, "gpt-4o")
    assert (entry["InputTokens"], entry["OutputTokens"]) == (usage.prompt_tokens, usage.completion_tokens)
    assert entry["Streamed"] is False


def body_of_refusal(client: Any) -> Any:
    return refused(client.chat.completions.create, model="gpt-4o", messages=HELLO).response.json()


def test_where_nothing_pays_the_documented_body_says_so(endpoint: Endpoint, client: Any) -> None:
    """1255/70381: the body of 20031, to the letter."""
    not_enough = {"error": {"message": "not enough quota", "type": "runtime_error", "param": None, "code": "20031"}}
    billing, clock = endpoint.account.billing, endpoint.account.clock
    billing.activate(False)
    assert body_of_refusal(client) == not_enough
    assert endpoint.last()["Detail"]["Reason"] == "unopened"
    billing.activate(True)
    assert client.chat.completions.create(model="gpt-4o", messages=HELLO)
    clock.advance(3600)
    assert body_of_refusal(client) == not_enough
    assert endpoint.last()["Detail"]["Reason"] == "in-arrears"
    billing.top_up(100_000_000, "card", clock.now())
    assert client.chat.completions.create(model="gpt-4o", messages=HELLO)
    billing.switch("ChatCompletions", False, UIN, clock.now())
    assert body_of_refusal(client) == not_enough
    assert endpoint.last()["Detail"]["Reason"] == "run-out"
    assert client.embeddings.create(model="text-embedding-3-small", input="each API has a switch of its own")


def test_a_key_spends_what_its_calls_cost_the_balance(endpoint: Endpoint, client: Any) -> None:
    for _ in range(2):
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert endpoint.key.used == endpoint.account.billing.wallet(endpoint.account.clock.now()).pending > 0


def test_calls_in_flight_of_a_model_have_its_quota(endpoint: Endpoint, client: Any) -> None:
    endpoint.rules({"content": "word", "delay_per_token": 60})
    ask = {"model": "declared-here", "messages": HELLO, "stream": True}
    with client.chat.completions.create(**ask) as first, client.chat.completions.create(**ask) as second:
        next(first)
        next(second)
        error = refused(client.chat.completions.create, **ask)
        assert (error.status_code, error.code) == (429, "20034")
    now = int(endpoint.account.clock.now())
    assert endpoint.account.concurrency.peak("declared-here", now, now + 1) == 2
    assert endpoint.account.concurrency.refusals("declared-here", now, now + 1) == 1


def test_the_same_scenario_and_the_same_calls_give_the_same_bytes(emulator: Control) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("/v1/chat/completions", {"model": "deepseek-r1", "messages": HELLO}),
        ("/v1/chat/completions", {"model": "deepseek-r1", "messages": HELLO, "stream": True}),
        ("/v1/embeddings", {"model": "text-embedding-3-small", "input": "Hello"}),
        ("/v1/images/generations", {"prompt": "A harbour"}),
        ("/v1/chat/completions", {"model": "gpt-99", "messages": HELLO}),
    ]

    def answers() -> list[tuple[str, bytes]]:
        endpoint = opened(emulator)
        found = [endpoint.post(path, json.dumps(body).encode()) for path, body in calls]
        return [(answer.headers["x-request-id"], answer.content) for answer in found]

    assert answers() == answers()
