"""What is the root's own, of real calls and of those that a scenario describes (the international page: "root account")."""

from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Control
from contract_tests.lke.test_usage import ask

ROOT, SUB = "100000000001", "100000000011"
SCENARIO = """
assumptions: {{ root_uin_selects: {selects} }}
accounts:
  - uin: 100000000001
    clock: {{ frozen_at: 2026-01-05 12:00 }}
    credentials: [{{ secret_id: AKIDlocal, secret_key: local-secret-key }}]
    sub_accounts: [{{ name: shop, uin: 100000000011 }}]
    knowledge: {{ capacity: 1000 }}
    billing: {{ postpaid: all, balance: 9, packages: [{{ kind: knowledge, total: 500 }}] }}
    usage:
      - {{ kind: points, model: m, points: [{{ at: -2h, calls: 2, input_tokens: 6 }}] }}
      - {{ kind: points, model: m, sub_account: shop, points: [{{ at: -1h, calls: 3, input_tokens: 9 }}] }}
    models: [{{ name: m }}]
"""


def details(lke: LkeClient, **params: Any) -> list[str]:
    found = ask(lke, "ListUsageCallDetail", ModelName="", PageNumber=1, PageSize=10, **params)
    return [row["UinAccount"] for row in found["List"]]


def embed(lkeap: LkeapClient) -> None:
    lkeap.call_json("GetEmbedding", {"Model": "lke-text-embedding-v1", "Inputs": ["Hello"]})


@pytest.mark.parametrize(("selects", "calls"), [("own", 3), ("all", 6)])
def test_the_roots_uin_selects_its_own_calls_or_all(
    emulator: Control, lke: LkeClient, lkeap: LkeapClient, selects: str, calls: int
) -> None:
    emulator.load(SCENARIO.format(selects=selects))
    embed(lkeap)
    for uin in (ROOT, f"uin:{ROOT}"):
        assert ask(lke, "DescribeTokenUsage", UinAccount=[uin])["ApiCallStats"] == calls
        assert len(details(lke, UinAccount=[uin])) == calls
    assert ask(lke, "DescribeTokenUsage", UinAccount=[ROOT, SUB])["ApiCallStats"] == 6
    assert ask(lke, "DescribeTokenUsage", UinAccount=[SUB])["ApiCallStats"] == 3


def test_every_call_says_whose_it_was(emulator: Control, lke: LkeClient, lkeap: LkeapClient) -> None:
    emulator.load(SCENARIO.format(selects="all"))
    embed(lkeap)
    assert details(lke) == [ROOT, SUB, SUB, SUB, ROOT, ROOT]


def test_both_products_tell_one_knowledge_capacity(emulator: Control, lke: LkeClient, lkeap: LkeapClient) -> None:
    emulator.load(SCENARIO.format(selects="all"))
    usage = ask(lke, "DescribeKnowledgeUsage")
    characters = ask(lkeap, "GetCharacterUsage")
    assert str(characters["Total"]) == usage["AvailableCharSize"] == "1500"
    assert str(characters["Used"]) == usage["UsedCharSize"]


def test_the_history_of_concurrency_is_kept_when_its_package_expires(emulator: Control, lke: LkeClient) -> None:
    account = emulator.load(SCENARIO.format(selects="all")).accounts[ROOT]
    now = int(account.clock.now())
    account.billing.resources.buy("concurrency", 5, now, models=["m"], period="month")
    for _ in range(3):
        account.concurrency.enter("m", now)
    for _ in range(3):
        account.concurrency.leave("m", now)
    asked = {"ModelName": "m", "StatStartTime": now - 300, "StatEndTime": now}
    usage, graph = [ask(lke, f"DescribeConcurrencyUsage{end}", **asked) for end in ("", "Graph")]
    assert (usage["AvailableConcurrency"], usage["ConcurrencyPeak"]) == (5, 3)
    assert (graph["AvailableY"], graph["SuccessCallY"]) == ([5], [3])
    account.clock.advance(90 * 86_400)
    for before, end in ((usage, ""), (graph, "Graph")):
        after = ask(lke, f"DescribeConcurrencyUsage{end}", **asked)
        assert after | {"RequestId": ""} == before | {"RequestId": ""}
    later = ask(lke, "DescribeConcurrencyUsage", ModelName="m", StatStartTime=now + 80 * 86_400)
    assert (later["AvailableConcurrency"], later["ConcurrencyPeak"]) == (0, 0)
