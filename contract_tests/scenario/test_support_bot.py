"""The scenario `support-bot` through the official SDK: its lists, totals, statistics and the ledger agree, for they show the
same records."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control
from lke_emulator.account.account import Account
from lke_emulator.account.snapshot import restore, save
from lke_emulator.dialogues.msg_record import MsgRecord
from lke_emulator.scenario.load import load

ROOT, BOT = "100000000001", "1800000000000000041"
NOON = 1_790_000_000


class Shop:
    def __init__(self, control: Control, lke: LkeClient) -> None:
        self.url = control.url
        self.account: Account = control.world.accounts[ROOT]
        self.lke = lke

    def ask(self, action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = self.lke.call_json(action, params)["Response"]
        return reply

    def rows(self, action: str, size: int, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = self.ask(action, BotBizId=BOT, PageNumber=1 + len(found) // size, PageSize=size, **params)
            found += page["List"]
            if not page["List"] or len(found) % size:
                assert len(found) == int(page["Total"])
                return found

    def answers(self) -> Iterator[MsgRecord]:
        return self.account.conversations.answers(0, self.account.clock.now() + 1, (BOT,))

    @property
    def ever(self) -> dict[str, int]:
        return {"StartTime": 0, "EndTime": int(self.account.clock.now())}


@pytest.fixture
def shop(emulator: Control, lke: LkeClient) -> Shop:
    emulator.load("support-bot")
    return Shop(emulator, lke)


def test_documents_are_there_in_every_state_and_every_filter_counts_them(shop: Shop) -> None:
    rows = shop.rows("ListDoc", 15)
    assert len({row["DocBizId"] for row in rows}) == 40
    statuses = {row["Status"] for row in rows}
    assert statuses == {7, 8, 10, 13, 14, 17, 18, 19, 20, 21, 22}
    assert all(row["Reason"] for row in rows if row["Status"] in (8, 14, 18, 19))
    (tree,) = shop.ask("ListDocCate", BotBizId=BOT)["List"]
    assert tree["Total"] == sum(child["Total"] for child in tree["Children"]) == 40
    found = sum(len(shop.rows("ListDoc", 50, Status=[status])) for status in statuses)
    assert found == 40
    labelled = [row for row in rows if row["AttrLabels"]]
    assert labelled
    assert len(shop.rows("ListDoc", 50, Query="Customer group", QueryType="attribute")) == len(labelled)


def test_the_parts_of_the_qa_are_its_total(shop: Shop) -> None:
    page = shop.ask("ListQA", BotBizId=BOT, PageNumber=1, PageSize=1)
    parts = (page["WaitVerifyTotal"], page["NotAcceptedTotal"], page["AcceptedTotal"])
    assert sum(map(int, parts)) == int(page["Total"]) == 300
    rows = shop.rows("ListQA", 200)
    assert len({row["Question"] for row in rows}) == 300
    assert {row["Status"] for row in rows} >= {1, 2, 6, 8, 12, 13, 14, 20}


def test_answers_are_counted_once_each(shop: Shop) -> None:
    counts = shop.ask("GetAnswerTypeDataCount", **shop.ever)
    parts = {name: count for name, count in counts.items() if name.endswith("Count")}
    assert sum(parts.values()) == counts["Total"] == len(list(shop.answers())) == 2000
    assert min(parts[name] for name in ("KnowledgeCount", "ModelReplyCount", "RejectCount", "UnknownIssuesCount")) > 0
    kinds = [shop.ask("GetAnswerTypeDataCount", **shop.ever, Type=kind)["Total"] for kind in (1, 2, 3, 4)]
    assert sum(kinds) == 2000


def test_ratings_sum_and_what_was_disliked_waits(shop: Shop) -> None:
    liked = shop.ask("GetLikeDataCount", **shop.ever)
    assert liked["LikeTotal"] + liked["DislikeTotal"] == liked["AppraisalTotal"] > 100
    assert liked["AppraisalTotal"] == sum(answer.score > 0 for answer in shop.answers())
    waiting = shop.ask("ListUnsatisfiedReply", BotBizId=BOT, PageNumber=1, PageSize=5)
    assert int(waiting["Total"]) == liked["DislikeTotal"]
    worst = waiting["List"][0]
    context = shop.ask("DescribeUnsatisfiedReplyContext", BotBizId=BOT, ReplyBizId=worst["ReplyBizId"])["List"]
    assert worst["Answer"] in [line["Content"] for line in context]


def test_the_usage_is_that_of_the_answers_and_was_deducted(shop: Shop) -> None:
    used = shop.ask("DescribeTokenUsage", AppBizIds=[BOT])
    answers = list(shop.answers())
    assert used["InputTokenUsage"] == sum(answer.input for answer in answers) > 0
    assert used["OutputTokenUsage"] == sum(answer.output for answer in answers) > 0
    assert used["ApiCallStats"] == sum(answer.is_llm_generated for answer in answers)
    rows = shop.ask("ListUsageCallDetail", ModelName="cs-normal-70b", PageNumber=1, PageSize=1000)["List"]
    assert sum(row["TotalTokenUsage"] for row in rows) == used["TotalTokenUsage"]
    assert {row["Id"] for row in rows} == {answer.id for answer in answers if answer.is_llm_generated}
    (package,) = shop.account.billing.resources.list(shop.account.clock.now(), kinds=["tokens"])
    assert package.used == used["TotalTokenUsage"]


def test_used_and_unused_knowledge_is_the_capacity(shop: Shop) -> None:
    usage = shop.ask("DescribeKnowledgeUsage")
    slices = {row["AppName"]: int(row["UsedCharSize"]) for row in shop.ask("DescribeKnowledgeUsagePieGraph")["List"]}
    assert sum(slices.values()) == int(usage["AvailableCharSize"]) == 500_000
    assert slices["Support Bot"] == int(usage["UsedCharSize"]) == shop.account.knowledge.used[BOT]
    documents = sum(int(row["DocCharSize"]) for row in shop.rows("ListDoc", 50))
    assert documents == shop.account.documents.characters[BOT]
    assert documents == sum(len(each.content()) for each in shop.account.documents.of(BOT).values())


def test_what_went_live_is_what_the_releases_add_up_to(shop: Shop) -> None:
    rows = shop.rows("ListRelease", 50)
    assert [row["Status"] for row in rows].count(3) == 4
    assert [row["Reason"] for row in rows if row["Status"] == 7] == ["A price is missing"]
    live = shop.account.releases.live(BOT, shop.account.clock.now())
    assert live
    assert sum(row["SuccessCount"] for row in rows) == len(live.documents) + len(live.qas) + len(live.rejected)
    assert shop.rows("ListReleaseDocPreview", 50)  # what has come since


def test_a_conversation_is_told_with_what_its_answers_rest_on(shop: Shop) -> None:
    answer = next(answer for answer in shop.answers() if answer.references and answer.channel == 5)
    records = shop.ask("GetMsgRecord", Type=5, Count=50, SessionId=answer.conversation, BotAppKey="local-support")[
        "Records"
    ]
    told = next(record for record in records if record["RecordId"] == answer.id)
    (reference,) = shop.ask("DescribeRefer", BotBizId=BOT, ReferBizIds=[told["References"][0]["Id"]])["List"]
    assert reference["Answer"] == told["Content"]


def test_the_bot_goes_on_answering(shop: Shop) -> None:
    body = {
        "session_id": "s-1",
        "bot_app_key": "local-support",
        "visitor_biz_id": "v",
        "content": "When is the shop open?",
    }
    reply = httpx.post(f"{shop.url}/v1/qbot/chat/sse", json=body, timeout=10)
    assert "On Saturdays" in reply.text or "on Saturdays from 10 to 14" in reply.text
    assert shop.ask("GetAnswerTypeDataCount", **shop.ever)["Total"] == 2001


def test_a_deleted_app_takes_its_life_along(shop: Shop) -> None:
    used = shop.ask("DescribeTokenUsage")["TotalTokenUsage"]
    shop.ask("DeleteApp", AppBizId=BOT, AppType="knowledge_qa")
    assert shop.ask("GetAnswerTypeDataCount", **shop.ever)["Total"] == 0
    assert shop.ask("DescribeKnowledgeUsage")["UsedCharSize"] == "0"
    assert shop.ask("DescribeTokenUsage")["TotalTokenUsage"] == used


def test_it_is_the_same_each_time_and_outlives_a_snapshot() -> None:
    one, other = (load("support-bot", now=NOON).accounts[ROOT] for _ in range(2))
    for part in ("documents", "qas", "releases", "labels", "conversations", "unsatisfied", "ledger", "knowledge"):
        saved = getattr(one, part).saved()
        assert saved == getattr(other, part).saved()
        assert getattr(restore(save(one)), part).saved() == saved
