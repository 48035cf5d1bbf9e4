"""A reply that is disliked waits to be handled, with what was said around it."""

from collections.abc import Callable
from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.dialogue.conftest import SHOP, Talk
from contract_tests.dialogue.test_records import record_of

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(talk: Talk, lke: LkeClient) -> Ask:
    def asked(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = lke.call_json(action, params)["Response"]
        return reply

    return asked


def waiting(ask: Ask) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ask("ListUnsatisfiedReply", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    return rows


def test_a_dislike_makes_an_unsatisfied_reply_and_a_like_takes_it_back(talk: Talk, ask: Ask) -> None:
    record = record_of(talk.v1())
    said = {"BotAppKey": "shop-key", "RecordId": record}
    ask("RateMsgRecord", **said, Score=2, Reasons=["wrong"], FeedbackContent="We open at ten")
    (row,) = waiting(ask)
    assert (row["RecordBizId"], row["Reasons"], row["FeedbackContent"], row["Status"]) == (
        record,
        ["wrong"],
        "We open at ten",
        0,
    )
    lines = ask("DescribeUnsatisfiedReplyContext", BotBizId=SHOP, ReplyBizId=row["ReplyBizId"])["List"]
    assert [(line["IsVisitor"], line["Content"]) for line in lines] == [(True, row["Question"]), (False, row["Answer"])]
    ask("RateMsgRecord", **said, Score=1)
    assert waiting(ask) == []
