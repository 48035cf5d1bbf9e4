"""Rejected questions, and replies that did not satisfy."""

from typing import Any

import pytest

from contract_tests.lke.worlds import SHOP, Ask, Refused, pages
from lke_emulator.account.account import Account
from lke_emulator.knowledge.unsatisfied import ContextLine, Unsatisfied


def reject(ask: Ask, question: str, **params: Any) -> None:
    ask("CreateRejectedQuestion", **{"BotBizId": SHOP, "Question": question, "BusinessSource": 2, **params})


def listed(ask: Ask, **params: Any) -> list[dict[str, Any]]:
    return pages(ask, "ListRejectedQuestion", "List", 2, BotBizId=SHOP, **params)


def test_a_rejected_question_is_listed_changed_released_and_deleted(ask: Ask, shop: Account) -> None:
    reject(ask, "Dinner?", EnableScope=4)
    (row,) = listed(ask)
    assert (row["Question"], row["Status"], row["StatusDesc"], row["EnableScope"]) == ("Dinner?", 1, "待发布", 4)
    ask("CreateRelease", BotBizId=SHOP)
    assert [row["Status"] for row in listed(ask)] == [2]
    shop.clock.advance(10)
    assert [row["Status"] for row in listed(ask)] == [3]
    ask("ModifyRejectedQuestion", BotBizId=SHOP, RejectedBizId=row["RejectedBizId"], Question="Supper?")
    assert [(row["Question"], row["Status"], row["EnableScope"]) for row in listed(ask)] == [("Supper?", 1, 4)]
    ask("DeleteRejectedQuestion", BotBizId=SHOP, RejectedBizIds=[row["RejectedBizId"]])
    assert listed(ask) == []


def test_the_list_pages_and_finds(ask: Ask) -> None:
    for i in range(5):
        reject(ask, f"Question {i}?")
    assert [row["Question"] for row in listed(ask)] == [f"Question {i}?" for i in range(4, -1, -1)]
    assert len(listed(ask, Query="QUESTION 3")) == 1
    assert len(listed(ask, Filters=[{"FilterKey": "Status", "FilterValue": ["1"]}])) == 5
    assert listed(ask, Filters=[{"FilterKey": "Status", "FilterValue": ["3"]}]) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Question": ""}, "InvalidParameter"),
        ({"BusinessSource": 3}, "InvalidParameter"),
        ({"EnableScope": 7}, "InvalidParameter"),
        ({"BusinessSource": 1, "BusinessId": "77"}, "FailedOperation"),
        ({"Question": "Twice?"}, "FailedOperation"),
        ({"BotBizId": "77"}, "FailedOperation"),
    ],
)
def test_what_cannot_be_rejected_is_not(ask: Ask, refused: Refused, change: dict[str, Any], code: str) -> None:
    reject(ask, "Twice?")
    params = {"BotBizId": SHOP, "Question": "Dinner?", "BusinessSource": 2, **change}
    assert refused("CreateRejectedQuestion", **params).get_code() == code
    assert len(listed(ask)) == 1


def test_what_is_gone_is_named(refused: Refused) -> None:
    lost = {"RejectedBizId": "77", "Question": "x"}
    assert "77" in refused("ModifyRejectedQuestion", BotBizId=SHOP, **lost).get_message()
    assert "77" in refused("DeleteRejectedQuestion", BotBizId=SHOP, RejectedBizIds=["77"]).get_message()


def disliked(shop: Account, record: str, question: str, *reasons: str) -> str:
    now = shop.clock.now()
    line = ContextLine(record=record, is_visitor=True, name="visitor", content=question)
    reply = Unsatisfied(
        base=SHOP,
        id="",
        record=record,
        question=question,
        answer="No idea",
        reasons=reasons,
        created=now,
        updated=now,
        context=(line,),
    )
    return shop.unsatisfied.add(reply, now).id


def test_unsatisfied_replies_are_found_and_handled(ask: Ask, shop: Account, refused: Refused) -> None:
    first, second = disliked(shop, "r1", "Lamp?", "wrong"), disliked(shop, "r2", "Chair?", "rude", "wrong")

    def found(**params: Any) -> list[str]:
        return [row["ReplyBizId"] for row in pages(ask, "ListUnsatisfiedReply", "List", 1, BotBizId=SHOP, **params)]

    assert found() == [second, first]
    assert found(Query="lamp") == [first]
    assert found(Reasons=["rude"]) == [second]
    ask("IgnoreUnsatisfiedReply", BotBizId=SHOP, ReplyBizIds=[first])
    assert (found(Status=1), found(Status=2), found(HandlingStatuses=[2])) == ([second], [first], [first])
    reject(ask, "Chair?", BusinessSource=1, BusinessId=second)
    assert found(HandlingStatuses=[1]) == [second]
    (line,) = ask("DescribeUnsatisfiedReplyContext", BotBizId=SHOP, ReplyBizId=first)["List"]
    assert (line["Content"], line["IsVisitor"]) == ("Lamp?", True)
    ask("ExportUnsatisfiedReply", BotBizId=SHOP, ReplyBizIds=[first])
    (task,) = shop.tasks.saved().tasks
    file = shop.objects.get(task.path)
    assert file is not None
    assert "Lamp?" in file.content.decode("utf-8-sig")
    assert "77" in refused("IgnoreUnsatisfiedReply", BotBizId=SHOP, ReplyBizIds=["77"]).get_message()
