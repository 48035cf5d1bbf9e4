"""The life of a Q&A: written, learned, found, changed, verified, grouped, expired, deleted."""

from typing import Any

import pytest

from contract_tests.lke.saving import save, save_qa, upload
from contract_tests.lke.worlds import SHOP, Ask, Refused, pages
from lke_emulator.account.account import Account
from lke_emulator.knowledge.failures import FailureSection

LEARNING, THERE, EXPIRED = 19, 2, 12
DAY = 86_400


def described(ask: Ask, id: str) -> dict[str, Any]:
    return ask("DescribeQA", BotBizId=SHOP, QaBizId=id)


def listed(ask: Ask, **params: Any) -> list[str]:
    """Ids, after a look at the totals, which add up."""
    rows = pages(ask, "ListQA", "List", 50, BotBizId=SHOP, **params)
    reply = ask("ListQA", BotBizId=SHOP, PageNumber=1, PageSize=1, **params)
    parts = [int(reply[name]) for name in ("WaitVerifyTotal", "NotAcceptedTotal", "AcceptedTotal")]
    assert int(reply["Total"]) == sum(parts) == len(rows)
    return [row["QaBizId"] for row in rows]


def waiting(ask: Ask, shop: Account) -> list[str]:
    """Q&A that were generated and wait for verification."""
    text = "# Lamps\n\nA lamp costs nine euros.\n\n# Chairs\n\nA chair costs ten euros.\n"
    document = ask("SaveDoc", **upload(shop, "prices.md", text.encode()))["DocBizId"]
    shop.clock.advance(10)
    ask("GenerateQA", BotBizId=SHOP, DocBizIds=[document])
    shop.clock.advance(10)
    return listed(ask, AcceptStatus=[1])


def test_a_qa_is_told_back(ask: Ask, shop: Account) -> None:
    said = {"CustomParam": "{}", "QuestionDesc": "A greeting", "ExpireEnd": "1890000000", "EnableScope": 4}
    id = save_qa(ask, "你是谁", "我是AI小助手", SimilarQuestions=["你叫什么", "您是哪位"], **said)
    shown = described(ask, id)
    assert (shown["Question"], shown["Answer"], shown["Status"]) == ("你是谁", "我是AI小助手", LEARNING)
    assert {name: shown[name] for name in said} == said
    assert [each["Question"] for each in shown["SimilarQuestions"]] == ["你叫什么", "您是哪位"]
    assert (shown["Source"], shown["SourceDesc"], shown["DocBizId"], shown["SegmentBizId"]) == (3, "手动录入", "0", "0")
    shop.clock.advance(5)
    assert (described(ask, id)["Status"], described(ask, id)["StatusDesc"]) == (THERE, "导入完成")
    (row,) = ask("ListQA", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"]
    assert (row["QaBizId"], row["SimilarQuestionNum"], row["SimilarQuestionTips"]) == (id, 2, "你叫什么")


@pytest.mark.parametrize(("question", "answer", "characters", "size"), [("张三多少岁", "18岁", "8", "20")])
def test_sizes_are_counted_as_in_the_documented_example(
    ask: Ask, question: str, answer: str, characters: str, size: str
) -> None:
    save_qa(ask, question, answer)
    (row,) = ask("ListQA", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"]
    assert (row["QaCharSize"], row["QaSize"]) == (characters, size)


def test_members_are_modified_and_the_rest_stays(ask: Ask, shop: Account, refused: Refused) -> None:
    id = save_qa(ask, "Why?", ExpireEnd="1890000000", SimilarQuestions=["How come?", "For what?"])
    shop.clock.advance(5)
    first, second = described(ask, id)["SimilarQuestions"]
    change = {
        "AddQuestions": ["What for?"],
        "UpdateQuestions": [{"SimBizId": first["SimBizId"], "Question": "How so?"}],
        "DeleteQuestions": [{"SimBizId": second["SimBizId"]}],
    }
    ask("ModifyQA", BotBizId=SHOP, QaBizId=id, Question="Why not?", Answer="So.", SimilarQuestionModify=change)
    shown = described(ask, id)
    assert (shown["Question"], shown["Answer"], shown["ExpireEnd"], shown["Status"]) == (
        "Why not?",
        "So.",
        "1890000000",
        LEARNING,
    )
    assert [each["Question"] for each in shown["SimilarQuestions"]] == ["How so?", "What for?"]
    lost = {"DeleteQuestions": [{"SimBizId": second["SimBizId"]}]}
    error = refused("ModifyQA", BotBizId=SHOP, QaBizId=id, Question="x", Answer="y", SimilarQuestionModify=lost)
    assert second["SimBizId"] in error.get_message()
    assert described(ask, id)["Question"] == "Why not?"


def test_the_filters_of_the_list_find_what_they_say(ask: Ask, shop: Account) -> None:
    first = save_qa(ask, "What does a lamp cost?", "Nine", SimilarQuestions=["Price of lamps"], EnableScope=4)
    shop.clock.advance(DAY)
    document = save(ask, "a.txt")
    second = save_qa(ask, "Who are you?", "A robot", DocBizId=document)
    assert listed(ask) == [second, first]
    assert listed(ask, Query="PRICE") == [first]
    assert listed(ask, QueryAnswer="robot") == [second]
    assert listed(ask, DocBizId=document) == [second]
    assert listed(ask, QaBizIds=[first]) == [first]
    assert listed(ask, Source=1) == []
    assert listed(ask, Source=3) == [second, first]
    assert listed(ask, EnableScope=4) == [first]
    assert listed(ask, ReleaseStatus=[LEARNING]) == [second]
    assert listed(ask, ReleaseStatus=[4]) == listed(ask, ReleaseStatus=[THERE]) == [first]
    assert listed(ask, AcceptStatus=[2]) == [second, first]
    assert listed(ask, CreateTime={"Start": str(int(shop.clock.now())), "End": ""}) == [second]
    assert listed(ask, UpdateTime={"Start": "", "End": str(int(shop.clock.now()) - 1)}) == [first]


def test_verification_takes_some_and_turns_down_others(ask: Ask, shop: Account, refused: Refused) -> None:
    good, bad, *_ = waiting(ask, shop)
    assert described(ask, good)["IsAllowAccept"]
    verdicts = [{"QaBizId": good, "IsAccepted": True, "Answer": "Better."}, {"QaBizId": bad, "IsAccepted": False}]
    lost = [*verdicts, {"QaBizId": "77", "IsAccepted": True}]
    assert "77" in refused("VerifyQA", BotBizId=SHOP, List=lost).get_message()
    assert described(ask, good)["Status"] == 1
    question = described(ask, good)["Question"]
    ask("VerifyQA", BotBizId=SHOP, List=verdicts)
    shop.clock.advance(5)
    shown = described(ask, good)
    assert (shown["Status"], shown["Answer"], shown["Question"]) == (THERE, "Better.", question)
    assert described(ask, bad)["Status"] == 6
    assert (good in listed(ask, AcceptStatus=[2]), listed(ask, AcceptStatus=[3])) == (True, [bad])


@pytest.mark.parametrize(("stage", "reached"), [("audit", 8), ("learn", 20)])
def test_a_qa_fails_where_it_is_told_to(ask: Ask, shop: Account, stage: str, reached: int) -> None:
    shop.failures.add(FailureSection(kind="qa", name="Bad*", stage=stage, reason="no luck"))
    bad, good = save_qa(ask, "Bad?"), save_qa(ask, "Good?")
    shop.clock.advance(5)
    assert (described(ask, bad)["Status"], described(ask, good)["Status"]) == (reached, THERE)


def test_a_qa_expires(ask: Ask, shop: Account) -> None:
    id = save_qa(ask, "Why?", ExpireEnd=str(int(shop.clock.now()) + DAY))
    shop.clock.advance(DAY)
    assert described(ask, id)["Status"] == EXPIRED
    assert listed(ask, ReleaseStatus=[EXPIRED]) == [id]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Question": " "}, "MissingParameter"),
        ({"Answer": ""}, "MissingParameter"),
        ({"AttrRange": 9}, "InvalidParameter"),
        ({"EnableScope": 9}, "InvalidParameter"),
        ({"SimilarQuestions": ["Same?", "Same?"]}, "InvalidParameter"),
        ({"SimilarQuestions": ["Why?"]}, "InvalidParameter"),
        ({"DocBizId": "77"}, "FailedOperation"),
        ({"CateBizId": "77"}, "FailedOperation"),
        ({"BotBizId": "77"}, "FailedOperation"),
    ],
)
def test_what_cannot_be_a_qa_is_not_made(ask: Ask, refused: Refused, change: dict[str, Any], code: str) -> None:
    params = {"BotBizId": SHOP, "Question": "Why?", "Answer": "So.", "AttrRange": 1, **change}
    assert refused("CreateQA", **params).get_code() == code
    assert listed(ask) == []


def test_an_export_is_a_task_with_a_file(ask: Ask, shop: Account, refused: Refused) -> None:
    ids = [save_qa(ask, "Why?"), save_qa(ask, "How?")]
    ask("ExportQAList", BotBizId=SHOP, QaBizIds=ids[:1])
    (task,) = shop.tasks.saved().tasks
    file = shop.objects.get(task.path)
    assert file is not None
    assert "Why?" in file.content.decode("utf-8-sig")
    assert "How?" not in file.content.decode("utf-8-sig")
    shop.clock.advance(5)
    told = ask("GetTaskStatus", BotBizId=SHOP, TaskId=task.id, TaskType=task.type)
    assert (told["Status"], told["Params"]["CosPath"]) == ("SUCCESS", task.path)
    filters = {"PageNumber": 1, "PageSize": 201, "BotBizId": SHOP}
    assert refused("ExportQAList", BotBizId=SHOP, QaBizIds=[], Filters=filters).get_code() == "InvalidParameter"
    assert refused("ExportQAList", BotBizId=SHOP, QaBizIds=[]).get_code() == "MissingParameter"


def test_a_deleted_qa_is_gone_everywhere(ask: Ask, refused: Refused) -> None:
    id, other = save_qa(ask, "Why?"), save_qa(ask, "How?")
    ask("DeleteQA", BotBizId=SHOP, QaBizIds=[id])
    assert listed(ask) == [other]
    assert ask("GetAppKnowledgeCount", AppBizId=SHOP, Type="qa")["Total"] == "1"
    calls: dict[str, dict[str, Any]] = {
        "DescribeQA": {"QaBizId": id},
        "ModifyQA": {"QaBizId": id, "Question": "x", "Answer": "y"},
        "DeleteQA": {"QaBizIds": [other, id]},
        "GroupQA": {"QaBizIds": [id], "CateBizId": "0"},
        "VerifyQA": {"List": [{"QaBizId": id, "IsAccepted": True}]},
        "ModifyQAAttrRange": {"QaBizIds": [id], "AttrRange": 1, "AttrLabels": []},
        "ExportQAList": {"QaBizIds": [id]},
    }
    for action, params in calls.items():
        error = refused(action, BotBizId=SHOP, **params)
        assert (error.get_code(), id in error.get_message()) == ("FailedOperation", True)
    assert listed(ask) == [other]
