"""ListModel and GetWsToken follow what pays for the account's models."""

from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control

AVAILABLE, EXHAUSTED = 1, 2
ACCOUNT = """
accounts:
  - uin: 100000000001
    clock: {{ frozen_at: 2026-01-05 12:00 }}
    credentials: [{{ secret_id: AKIDlocal, secret_key: local-secret-key }}]
    models: [{{ name: cs-normal }}, {{ name: deepseek-r1-0528, concurrency: 3 }}]
    apps: [{{ name: Shop, key: shop-key }}]
    billing: {billing}
"""
PACKAGE = "{ packages: [{ name: Tokens, kind: tokens, total: 1000, models: [cs-normal], start: 2026-01-05 }] }"


def models(lke: LkeClient, **params: Any) -> dict[str, dict[str, Any]]:
    rows = lke.call_json("ListModel", {"AppType": "knowledge_qa", **params})["Response"]["List"]
    return {row["ModelName"]: row for row in rows}


def ws_token(lke: LkeClient, **params: Any) -> dict[str, Any]:
    reply: dict[str, Any] = lke.call_json("GetWsToken", {"Type": 5, "BotAppKey": "shop-key", **params})["Response"]
    return reply


def test_a_model_is_available_while_its_package_lasts(emulator: Control, lke: LkeClient) -> None:
    emulator.load(ACCOUNT.format(billing=PACKAGE))
    listed = models(lke)
    assert listed["cs-normal"]["ResourceStatus"] == AVAILABLE
    assert listed["deepseek-r1-0528"]["ResourceStatus"] == EXHAUSTED
    assert ws_token(lke)["Balance"] > 0


def test_nothing_is_left_without_anything_bought(emulator: Control, lke: LkeClient) -> None:
    emulator.load(ACCOUNT.format(billing="{}"))
    assert {row["ResourceStatus"] for row in models(lke).values()} == {EXHAUSTED}
    assert ws_token(lke)["Balance"] == 0


def test_postpaid_keeps_a_model_available(emulator: Control, lke: LkeClient) -> None:
    emulator.load(ACCOUNT.format(billing="{ balance: 1, postpaid: [KnowledgeQA] }"))
    assert {row["ResourceStatus"] for row in models(lke).values()} == {AVAILABLE}
    assert ws_token(lke)["Balance"] > 0


def test_models_are_listed_by_category_and_with_their_dedicated_concurrency(emulator: Control, lke: LkeClient) -> None:
    emulator.load(ACCOUNT.format(billing="{}"))
    assert list(models(lke, ModelCategory="thought")) == ["deepseek-r1-0528"]
    assert list(models(lke, ModelCategory="generate")) == ["cs-normal"]
    row = models(lke)["deepseek-r1-0528"]
    assert (row["Concurrency"], row["IsExclusive"]) == (3, True)


def test_every_token_is_another_one(emulator: Control, lke: LkeClient) -> None:
    emulator.load(ACCOUNT.format(billing="{}"))
    assert ws_token(lke)["Token"] != ws_token(lke)["Token"]


@pytest.mark.parametrize("params", [{"Type": 4}, {"VisitorBizId": "x" * 65}])
def test_a_token_is_for_api_visitors_with_short_ids(lke: LkeClient, refusal: Any, params: dict[str, Any]) -> None:
    error = refusal(lke.call_json, "GetWsToken", {"Type": 5, **params})
    assert error.get_code() == "InvalidParameterValue"


def test_a_token_is_for_an_app_of_the_account(lke: LkeClient, refusal: Any) -> None:
    error = refusal(lke.call_json, "GetWsToken", {"Type": 5, "BotAppKey": "nobody"})
    assert error.get_code() == "FailedOperation"
    assert "4505004" in error.get_message()
