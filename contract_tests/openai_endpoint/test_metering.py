"""Every call is metered where all usage is: in the account's ledger, and can be refused by what pays for it."""

from typing import Any

from openai import OpenAI

from contract_tests.openai_endpoint.conftest import HELLO, SUB, UIN, Endpoint, refused
from emulator.world.filter import Filter


def test_a_call_is_metered_with_its_key_model_and_caller(endpoint: Endpoint, client: OpenAI) -> None:
    completion = client.chat.completions.create(model="deepseek-chat", messages=HELLO)
    now = int(endpoint.account.clock.now())
    (call,) = endpoint.account.ledger.calls(Filter(key=endpoint.key.id), 0, now + 1, 0, 10)
    assert (call.line.api, call.line.model) == ("ChatCompletions", "deepseek-chat")
    assert (call.line.sub_account, call.line.sub_biz_type, call.line.call_type) == (UIN, "KnowledgeQA", "API")
    assert (call.amounts.input, call.amounts.output) == (completion.usage.prompt_tokens, completion.usage.completion_tokens)
    assert call.id == endpoint.last()["RequestId"]


def test_a_stream_is_metered_as_its_usage_says(endpoint: Endpoint, client: OpenAI) -> None:
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


def test_a_refused_call_is_not_metered(endpoint: Endpoint, client: OpenAI) -> None:
    endpoint.rules({"error": {}})
    refused(client.chat.completions.create, model="gpt-4o", messages=HELLO)
    refused(client.chat.completions.create, model="gpt-99", messages=HELLO)
    assert endpoint.used().calls == 0


def test_a_use_moves_the_last_used_time(endpoint: Endpoint, client: OpenAI) -> None:
    """GW-6."""
    assert endpoint.key.last_used is None
    client.models.list()
    first = endpoint.key.last_used
    endpoint.account.clock.advance(10)
    client.models.list()
    assert endpoint.key.last_used == first + 10


def test_the_journal_says_what_a_call_used(endpoint: Endpoint, client: OpenAI) -> None:
    usage = client.chat.completions.create(model="gpt-4o", messages=HELLO).usage
    entry: dict[str, Any] = endpoint.last()
    assert entry["Action"] == "openai.chat.completions"
    assert entry["Detail"] == {
        "KeyId": endpoint.key.id,
        "Model": "gpt-4o",
        "InputTokens": usage.prompt_tokens,
        "OutputTokens": usage.completion_tokens,
    }
