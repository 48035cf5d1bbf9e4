"""The life of an app: made, set up, released, listed, opened by its key, deleted."""

from typing import Any

import pytest

from contract_tests.lke.worlds import SHOP, Ask, Refused, pages
from lke_emulator.account.account import Account

BASE = {"Name": "Desk", "Avatar": "https://a.example.com/a.png", "Desc": "Answers"}


def made(ask: Ask, name: str = "Desk", **params: Any) -> str:
    base = {**BASE, "Name": name}
    id: str = ask("CreateApp", AppType="knowledge_qa", BaseConfig=base, **params)["AppBizId"]
    return id


def test_a_created_app_is_told_back(ask: Ask) -> None:
    app = made(ask, Pattern="agent")
    shown = ask("DescribeApp", AppBizId=app)
    assert len(app) == 19
    assert app.isdecimal()
    assert shown["BaseConfig"] == BASE
    assert (shown["AppStatus"], shown["AppStatusDesc"], shown["AppType"]) == (1, "未上线", "knowledge_qa")
    assert shown["AppConfig"]["KnowledgeQa"]["Pattern"] == "agent"
    assert ask("DescribeRobotBizIDByAppKey", AppKey=shown["AppKey"])["BotBizId"] == app
    secret = ask("GetAppSecret", AppBizId=app)
    assert (secret["AppKey"], secret["IsRelease"], secret["HasPermission"]) == (shown["AppKey"], False, True)


def test_a_declared_app_is_listed_described_and_online(ask: Ask) -> None:
    rows = ask("ListApp")["List"]
    assert [(row["AppBizId"], row["Name"], row["AppStatus"]) for row in rows] == [(SHOP, "Shop", 2)]
    assert ask("DescribeApp", AppBizId=SHOP)["BaseConfig"]["Name"] == "Shop"
    assert ask("DescribeApp", AppBizId=SHOP, IsRelease=True)["BaseConfig"]["Name"] == "Shop"


def test_what_is_modified_is_merged_into_the_draft(ask: Ask, shop: Account) -> None:
    before = ask("DescribeApp", AppBizId=SHOP)["AppConfig"]["KnowledgeQa"]
    config = {"KnowledgeQa": {"Greeting": "Welcome", "Output": {"BareAnswer": "I do not know"}}}
    shop.clock.advance(60)
    reply = ask("ModifyApp", AppBizId=SHOP, AppType="knowledge_qa", BaseConfig=BASE, AppConfig=config)
    assert reply["AppBizId"] == SHOP
    shown = ask("DescribeApp", AppBizId=SHOP)
    assert shown["BaseConfig"] == BASE
    after = shown["AppConfig"]["KnowledgeQa"]
    assert after["Greeting"] == "Welcome"
    assert after["Output"] == {**before["Output"], "BareAnswer": "I do not know"}
    assert {**after, "Greeting": "", "Output": None} == {**before, "Output": None}
    assert ask("ListApp")["List"][0]["UpdateTime"] == reply["UpdateTime"] == str(int(shop.clock.now()))


def test_the_released_configuration_stays_until_the_next_release(ask: Ask) -> None:
    config = {"KnowledgeQa": {"Greeting": "Welcome"}}
    ask("ModifyApp", AppBizId=SHOP, AppType="knowledge_qa", BaseConfig=BASE, AppConfig=config)
    released = ask("DescribeApp", AppBizId=SHOP, IsRelease=True)
    assert released["BaseConfig"]["Name"] == "Shop"
    assert released["AppConfig"]["KnowledgeQa"]["Greeting"] == ""


def test_an_app_that_was_never_released_has_no_released_configuration(ask: Ask, refused: Refused) -> None:
    assert refused("DescribeApp", AppBizId=made(ask), IsRelease=True).get_code() == "FailedOperation"


def test_apps_are_listed_the_newest_first_and_page_by_page(ask: Ask, shop: Account) -> None:
    ids = [SHOP]
    for i in range(6):
        shop.clock.advance(1)
        ids.append(made(ask, f"Desk {i}"))
    listed = [row["AppBizId"] for row in pages(ask, "ListApp", "List", 3)]
    assert listed == ids[::-1]
    assert ask("ListApp", PageSize=2)["Total"] == "7"
    assert [row["Name"] for row in ask("ListApp", Keyword="desk 3")["List"]] == ["Desk 3"]
    assert ask("ListApp", AppStatus="2")["Total"] == "1"
    assert ask("ListApp", AgentType="wechat")["Total"] == "0"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"AppType": "poetry"}, "InvalidParameter"),
        ({"Pattern": "chaos"}, "InvalidParameter"),
        ({"AgentType": "owl"}, "InvalidParameter"),
        ({"BaseConfig": {**BASE, "Name": ""}}, "InvalidParameter"),
        ({"BaseConfig": {"Name": "Desk"}}, "MissingParameter"),
    ],
)
def test_an_app_that_cannot_be_is_not_made(ask: Ask, refused: Refused, params: dict[str, Any], code: str) -> None:
    assert refused("CreateApp", **{"AppType": "knowledge_qa", "BaseConfig": BASE, **params}).get_code() == code
    assert ask("ListApp")["Total"] == "1"


@pytest.mark.parametrize(
    "qa",
    [
        {"Greeting": "g" * 201},
        {"RoleDescription": "r" * 4001},
        {"Output": {"BareAnswer": "b" * 301}},
        {"Search": [{"Type": "qa", "QaTopN": 6}]},
        {"Search": [{"Type": "doc", "Confidence": 1}]},
    ],
)
def test_the_documented_limits_of_a_configuration_hold(ask: Ask, refused: Refused, qa: dict[str, Any]) -> None:
    before = ask("DescribeApp", AppBizId=SHOP)
    config = {"KnowledgeQa": qa}
    error = refused("ModifyApp", AppBizId=SHOP, AppType="knowledge_qa", BaseConfig=BASE, AppConfig=config)
    assert error.get_code() == "InvalidParameter"
    assert f"AppConfig.KnowledgeQa.{next(iter(qa))}" in error.get_message()
    after = ask("DescribeApp", AppBizId=SHOP)
    assert {**after, "RequestId": ""} == {**before, "RequestId": ""}


def test_a_deleted_app_is_gone_everywhere(ask: Ask, refused: Refused) -> None:
    app = made(ask)
    key = ask("GetAppSecret", AppBizId=app)["AppKey"]
    ask("DeleteApp", AppBizId=app)
    assert [row["AppBizId"] for row in ask("ListApp")["List"]] == [SHOP]
    for action, params in {
        "DescribeApp": {"AppBizId": app},
        "GetAppSecret": {"AppBizId": app},
        "DeleteApp": {"AppBizId": app},
        "DescribeRobotBizIDByAppKey": {"AppKey": key},
        "ModifyApp": {"AppBizId": app, "AppType": "knowledge_qa", "BaseConfig": BASE, "AppConfig": {}},
    }.items():
        error = refused(action, **params)
        assert error.get_code() == "FailedOperation"
        assert (key if action == "DescribeRobotBizIDByAppKey" else app) in error.get_message()


def test_a_page_that_cannot_be_is_refused(refused: Refused) -> None:
    for params in ({"PageNumber": 0}, {"PageSize": 0}, {"PageSize": 201}):
        assert refused("ListApp", **params).get_code() == "InvalidParameter"
