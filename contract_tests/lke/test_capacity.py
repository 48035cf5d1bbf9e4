"""Knowledge beyond the capacity: isolated newest first, found by nobody, restored by hand; one count for all who tell it."""

from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control
from contract_tests.lke.saving import save, save_qa, upload
from contract_tests.lke.worlds import SHOP, Ask
from lke_emulator.account.account import Account
from lke_emulator.primitives.refused import Refused as RefusedAction

THERE, ISOLATED, RESTORING = 10, 21, 22
QA_THERE, QA_ISOLATED, QA_RESTORING = 2, 13, 14
YEAR = 366 * 86_400


def text(shop: Account, ask: Ask, name: str, characters: int) -> str:
    """A document of so many characters that is there."""
    id: str = ask("SaveDoc", **upload(shop, name, f"{name} {'x' * characters}"[:characters].encode()))["DocBizId"]
    shop.clock.advance(10)
    return id


def statuses(ask: Ask, ids: list[str]) -> list[int]:
    return [ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)["Status"] for id in ids]


def test_what_does_not_fit_any_more_is_isolated_newest_first_when_capacity_expires(ask: Ask, shop: Account) -> None:
    resources = shop.billing.resources
    shop.knowledge.declare(250, {})
    resources.buy("knowledge", 200, shop.clock.now(), period="year")
    ids = [text(shop, ask, f"{i}.txt", 100) for i in range(3)]
    qa = save_qa(ask, "q" * 50, "a" * 50)
    shop.clock.advance(10)
    assert statuses(ask, ids) == [THERE] * 3
    shop.clock.advance(YEAR)
    assert int(ask("DescribeKnowledgeUsage")["ExceedCharSize"]) == 150
    assert statuses(ask, ids) == [THERE, THERE, ISOLATED]
    assert ask("DescribeQA", BotBizId=SHOP, QaBizId=qa)["Status"] == QA_ISOLATED
    rows = ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=10, Status=[ISOLATED])["List"]
    assert [(row["DocBizId"], row["StatusDesc"]) for row in rows] == [(ids[2], "超量失效")]
    with pytest.raises(RefusedAction):
        resources.restore_knowledge(shop.clock.now())
    resources.buy("knowledge", 200, shop.clock.now(), period="year")
    assert statuses(ask, ids[2:]) == [ISOLATED]
    resources.restore_knowledge(shop.clock.now())
    assert statuses(ask, ids[2:]) == [RESTORING]
    assert ask("DescribeQA", BotBizId=SHOP, QaBizId=qa)["Status"] == QA_RESTORING
    shop.clock.advance(10)
    assert statuses(ask, ids) == [THERE] * 3
    assert ask("DescribeQA", BotBizId=SHOP, QaBizId=qa)["Status"] == QA_THERE


def test_what_is_added_beyond_the_capacity_is_isolated_itself(ask: Ask, shop: Account) -> None:
    shop.knowledge.declare(150, {})
    ids = [text(shop, ask, f"{i}.txt", 100) for i in range(2)]
    assert statuses(ask, ids) == [THERE, ISOLATED]
    qa = save_qa(ask, "Short?", "Yes")
    shop.clock.advance(10)
    assert ask("DescribeQA", BotBizId=SHOP, QaBizId=qa)["Status"] == QA_THERE
    ask("DeleteDoc", BotBizId=SHOP, DocBizIds=ids[:1])
    shop.billing.resources.restore_knowledge(shop.clock.now())
    shop.clock.advance(10)
    assert statuses(ask, ids[1:]) == [THERE]


def test_an_account_without_any_capacity_is_not_held_to_one(ask: Ask, shop: Account) -> None:
    assert statuses(ask, [text(shop, ask, "a.txt", 100)]) == [THERE]


def test_isolated_knowledge_is_not_found(ask: Ask, shop: Account) -> None:
    shop.knowledge.declare(60, {})
    app = shop.apps.find(SHOP)
    params = upload(shop, "a.txt", b"The green lamp costs nine euros and fifty cents, as ever.")
    ask("SaveDoc", **params)
    shop.clock.advance(10)
    now = shop.clock.now()
    assert len(shop.retrieval.ask(app, "green lamp", now, released=False).segments) == 1
    shop.knowledge.isolate(1)
    assert shop.retrieval.ask(app, "green lamp", now, released=False).segments == []


def test_everybody_tells_the_same_count(ask: Ask, shop: Account) -> None:
    shop.knowledge.declare(10_000, {SHOP: 1_000})
    save_qa(ask, "Why?", "So.")
    text(shop, ask, "a.txt", 500)
    shared = ask("CreateSharedKnowledge", KnowledgeName="Manuals")["KnowledgeBizId"]
    save(ask, "b.txt", BotBizId=shared)
    used = int(ask("DescribeKnowledgeUsage")["UsedCharSize"])
    pie = ask("DescribeKnowledgeUsagePieGraph")
    rows = ask("ListAppKnowledgeDetail", PageNumber=1, PageSize=10)["List"]
    assert {row["AppName"]: row["KnowledgeType"] for row in rows} == {"Shop": 0, "Manuals": 1}
    assert sum(int(row["UsedCharSize"]) for row in rows) == used == 10_000 - int(pie["List"][0]["UsedCharSize"])
    own = next(row for row in rows if row["AppName"] == "Shop")
    assert int(own["UsedCharSize"]) == 1_000 + len("Why?") + len("So.") + 500
    ask("DeleteApp", AppBizId=SHOP)
    assert int(ask("DescribeKnowledgeUsage")["UsedCharSize"]) == used - int(own["UsedCharSize"])


def test_usage_of_a_listed_app_is_what_the_ledger_has(emulator: Control, lke: LkeClient) -> None:
    emulator.load("default", rate_limit=0)

    def ask_default(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = lke.call_json(action, params)["Response"]
        return reply

    day = {"StatStartTime": int(emulator.world.accounts["100000000001"].clock.now()) - 3 * 86_400}
    end = {"StatEndTime": day["StatStartTime"] + 86_400}
    apps = ask_default("ListApp")["List"]
    used = [
        ask_default("DescribeTokenUsage", AppBizIds=[app["AppBizId"]], **day, **end)["TotalTokenUsage"] for app in apps
    ]
    everything = ask_default("DescribeTokenUsage", AppType="knowledge_qa", **day, **end)["TotalTokenUsage"]
    assert min(used) > 0
    assert sum(used) == everything
