"""The life of a release: what it would change, while it runs, what it changed, and what it failed at."""

from typing import Any

import pytest

from contract_tests.lke.saving import save, save_qa
from contract_tests.lke.worlds import SHOP, Ask, Refused
from lke_emulator.account.account import Account
from lke_emulator.knowledge.failures import FailureSection

RELEASING, RELEASED = 2, 3
NEW, MODIFIED, DELETED = 1, 2, 3
PREVIEWS = {
    "ListReleaseDocPreview": "FileName",
    "ListReleaseQAPreview": "Question",
    "ListRejectedQuestionPreview": "Question",
    "ListReleaseConfigPreview": "ConfigItem",
}


def preview(ask: Ask, action: str, **params: Any) -> dict[str, int]:
    """What a preview has -> its Action."""
    reply = ask(action, BotBizId=SHOP, PageNumber=1, PageSize=200, **params)
    assert int(reply["Total"]) == len(reply["List"])
    return {row[PREVIEWS[action]]: row["Action"] for row in reply["List"]}


def previews(ask: Ask, **params: Any) -> list[dict[str, int]]:
    return [preview(ask, action, **params) for action in PREVIEWS]


def info(ask: Ask) -> dict[str, Any]:
    return ask("DescribeReleaseInfo", BotBizId=SHOP)


def released(ask: Ask, shop: Account, **params: Any) -> str:
    id: str = ask("CreateRelease", BotBizId=SHOP, **params)["ReleaseBizId"]
    shop.clock.advance(10)
    return id


def filled(ask: Ask, shop: Account) -> tuple[str, str, str]:
    """A document, a Q&A and a rejected question that a release carries over."""
    document, qa = save(ask, "a.txt", EnableScope=4), save_qa(ask, "Why?", EnableScope=4)
    ask("CreateRejectedQuestion", BotBizId=SHOP, Question="Dinner?", BusinessSource=2, EnableScope=4)
    shop.clock.advance(10)
    (row,) = ask("ListRejectedQuestion", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    return document, qa, row["RejectedBizId"]


def test_a_preview_is_the_difference_between_the_draft_and_what_is_released(ask: Ask, shop: Account) -> None:
    assert previews(ask) == [{}, {}, {}, {}]
    assert not info(ask)["IsUpdated"]
    document, qa, rejected = filled(ask, shop)
    assert previews(ask) == [{"a.txt": NEW}, {"Why?": NEW}, {"Dinner?": NEW}, {}]
    assert info(ask)["IsUpdated"]
    id = released(ask, shop)
    assert previews(ask) == [{}, {}, {}, {}]
    assert previews(ask, ReleaseBizId=id) == [{"a.txt": NEW}, {"Why?": NEW}, {"Dinner?": NEW}, {}]
    assert not info(ask)["IsUpdated"]
    ask("RenameDoc", BotBizId=SHOP, DocBizId=document, NewName="b.txt")
    ask("DeleteQA", BotBizId=SHOP, QaBizIds=[qa])
    ask("ModifyRejectedQuestion", BotBizId=SHOP, RejectedBizId=rejected, Question="Supper?")
    assert previews(ask) == [{"b.txt": MODIFIED}, {"Why?": DELETED}, {"Supper?": MODIFIED}, {}]
    assert previews(ask, Actions=[DELETED])[:2] == [{}, {"Why?": DELETED}]
    assert preview(ask, "ListReleaseDocPreview", Query="nothing") == {}
    released(ask, shop)
    assert previews(ask) == [{}, {}, {}, {}]


def test_what_is_for_test_calls_alone_is_not_released(ask: Ask, shop: Account) -> None:
    document = save(ask, "a.txt", EnableScope=2)
    shop.clock.advance(10)
    assert preview(ask, "ListReleaseDocPreview") == {}
    ask("ModifyDoc", BotBizId=SHOP, DocBizId=document, IsRefer=False, AttrRange=1, EnableScope=4)
    released(ask, shop)
    ask("ModifyDoc", BotBizId=SHOP, DocBizId=document, IsRefer=False, AttrRange=1, EnableScope=2)
    assert preview(ask, "ListReleaseDocPreview") == {"a.txt": DELETED}


def test_a_changed_configuration_is_previewed_item_by_item(ask: Ask, shop: Account) -> None:
    base = {"Name": "Shop 2", "Avatar": ask("DescribeApp", AppBizId=SHOP)["BaseConfig"]["Avatar"]}
    config = {"KnowledgeQa": {"Greeting": "Hello", "Output": {"Method": 2}}}
    ask("ModifyApp", AppBizId=SHOP, AppType="knowledge_qa", BaseConfig=base, AppConfig=config)
    rows = ask("ListReleaseConfigPreview", BotBizId=SHOP, PageNumber=1, PageSize=15)["List"]
    assert [(row["ConfigItem"], row["LastValue"], row["Value"], row["Action"]) for row in rows] == [
        ("应用名称", "Shop", "Shop 2", MODIFIED),
        ("欢迎语", "", "Hello", MODIFIED),
        ("输出方式", "流式输出", "非流式输出", MODIFIED),
    ]
    released(ask, shop)
    assert preview(ask, "ListReleaseConfigPreview") == {}
    assert ask("DescribeApp", AppBizId=SHOP, IsRelease=True)["BaseConfig"]["Name"] == "Shop 2"


def test_a_release_runs_three_seconds_and_is_done(ask: Ask, shop: Account, refused: Refused) -> None:
    filled(ask, shop)
    id = ask("CreateRelease", BotBizId=SHOP, Desc="First")["ReleaseBizId"]
    assert ask("DescribeRelease", BotBizId=SHOP, ReleaseBizId=id)["Status"] == RELEASING
    assert (info(ask)["Status"], info(ask)["IsUpdated"]) == (RELEASING, False)
    error = refused("CreateRelease", BotBizId=SHOP)
    assert (error.get_code(), id in error.get_message()) == ("FailedOperation", True)
    shop.clock.advance(3)
    told = ask("DescribeRelease", BotBizId=SHOP, ReleaseBizId="0")
    assert (told["Status"], told["StatusDesc"], told["Description"]) == (RELEASED, "发布成功", "First")
    row, first = ask("ListRelease", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    assert (row["ReleaseBizId"], row["SuccessCount"], row["FailCount"], row["CanRollback"]) == (id, 3, 0, False)
    assert first["CanRollback"]
    assert info(ask)["LastTime"] == row["UpdateTime"] == str(int(shop.clock.now()))


def test_a_version_is_named_after_its_moment_as_documented(ask: Ask, shop: Account) -> None:
    shop.clock.set(1780389728 - 3)
    ask("CreateRelease", BotBizId=SHOP)
    shop.clock.advance(3)
    assert ask("ListRelease", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"][0]["ReleaseVersion"] == "v20260602164208"


def test_a_first_release_puts_an_app_online(ask: Ask, shop: Account, refused: Refused) -> None:
    base = {"Name": "Desk", "Avatar": "https://a.example.com/a.png"}
    app = ask("CreateApp", AppType="knowledge_qa", BaseConfig=base)["AppBizId"]
    before = ask("DescribeReleaseInfo", BotBizId=app)
    assert (before["LastTime"], before["Status"], before["IsUpdated"]) == ("0", 1, True)
    assert refused("DescribeRelease", BotBizId=app).get_code() == "FailedOperation"
    ask("CreateRelease", BotBizId=app)
    assert ask("DescribeApp", AppBizId=app)["AppStatus"] == 1
    shop.clock.advance(10)
    assert ask("DescribeApp", AppBizId=app)["AppStatus"] == 2
    assert ask("GetAppSecret", AppBizId=app)["IsRelease"]


@pytest.mark.parametrize(("stage", "status"), [("audit", 7), ("release", 4), ("pause", 9)])
def test_a_release_fails_where_it_is_told_to_and_is_retried(
    ask: Ask, shop: Account, refused: Refused, stage: str, status: int
) -> None:
    filled(ask, shop)
    shop.failures.add(FailureSection(kind="release", stage=stage, reason="no luck", times=1))
    id = released(ask, shop)
    row = ask("ListRelease", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"][0]
    assert (row["Status"], row["Reason"], row["SuccessCount"], row["FailCount"]) == (status, "no luck", 0, 3)
    assert preview(ask, "ListReleaseDocPreview") == {"a.txt": NEW}
    ask("RetryRelease", BotBizId=SHOP, ReleaseBizId=id)
    shop.clock.advance(10)
    assert ask("DescribeRelease", BotBizId=SHOP, ReleaseBizId=id)["Status"] == RELEASED
    assert preview(ask, "ListReleaseDocPreview") == {}
    assert refused("RetryRelease", BotBizId=SHOP, ReleaseBizId=id).get_code() == "FailedOperation"


def test_what_is_not_there_is_named(refused: Refused) -> None:
    for action in ("DescribeRelease", "RetryRelease"):
        assert "77" in refused(action, BotBizId=SHOP, ReleaseBizId="77").get_message()
    for action in PREVIEWS:
        error = refused(action, BotBizId=SHOP, PageNumber=1, PageSize=10, ReleaseBizId="77")
        assert (error.get_code(), "77" in error.get_message()) == ("FailedOperation", True)
        assert refused(action, BotBizId=SHOP, PageNumber=1, PageSize=10, Actions=[4]).get_code() == "InvalidParameter"
