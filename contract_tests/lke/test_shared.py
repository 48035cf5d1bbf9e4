"""Shared knowledge bases and variables: made, referred to, listed, changed, deleted."""

from typing import Any

import pytest

from contract_tests.lke.saving import save
from contract_tests.lke.worlds import SHOP, Ask, Refused, pages


def made(ask: Ask, name: str = "Manuals", **params: Any) -> str:
    id: str = ask("CreateSharedKnowledge", KnowledgeName=name, **params)["KnowledgeBizId"]
    return id


def test_a_shared_base_is_told_back_and_holds_documents(ask: Ask) -> None:
    id = made(ask, KnowledgeDescription="All of them", KnowledgeType=1)
    save(ask, "a.txt", BotBizId=id)
    shown = ask("DescribeSharedKnowledge", KnowledgeBizId=id)["Info"]
    base = shown["Knowledge"]
    assert (base["KnowledgeName"], base["KnowledgeDescription"], base["KnowledgeType"], base["DocTotal"]) == (
        "Manuals",
        "All of them",
        1,
        1,
    )
    assert shown["AppList"] == []
    (row,) = ask("ListDoc", BotBizId=id, PageNumber=1, PageSize=10)["List"]
    assert row["EnableScope"] == 4
    assert ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=10)["Total"] == "0"


def test_an_app_refers_to_exactly_what_was_said_last(ask: Ask, refused: Refused) -> None:
    first, second = made(ask, "One"), made(ask, "Two")
    ask("ReferShareKnowledge", AppBizId=SHOP, KnowledgeBizId=[first, second])
    ask("ReferShareKnowledge", AppBizId=SHOP, KnowledgeBizId=[second])
    rows = ask("ListReferShareKnowledge", AppBizId=SHOP)
    assert ([row["KnowledgeBizId"] for row in rows["List"]], rows["Total"]) == ([second], "1")
    assert "77" in refused("ReferShareKnowledge", AppBizId=SHOP, KnowledgeBizId=["77"]).get_message()
    users = ask("DescribeSharedKnowledge", KnowledgeBizId=second)["Info"]["AppList"]
    assert users == [{"AppBizId": SHOP, "AppName": "Shop"}]
    named = ask("DescribeApp", AppBizId=SHOP)["AppConfig"]["KnowledgeQa"]["ShareKnowledgeBases"]
    assert [each["KnowledgeName"] for each in named] == ["Two"]
    assert refused("DeleteSharedKnowledge", KnowledgeBizId=second).get_code() == "FailedOperation"
    ask("ReferShareKnowledge", AppBizId=SHOP, KnowledgeBizId=[])
    ask("DeleteSharedKnowledge", KnowledgeBizId=second)
    for action in ("DescribeSharedKnowledge", "DeleteSharedKnowledge"):
        assert second in refused(action, KnowledgeBizId=second).get_message()
    assert second in refused("ListDoc", BotBizId=second, PageNumber=1, PageSize=1).get_message()


def test_a_deleted_app_uses_nothing_any_more(ask: Ask) -> None:
    id = made(ask)
    ask("ReferShareKnowledge", AppBizId=SHOP, KnowledgeBizId=[id])
    ask("DeleteApp", AppBizId=SHOP)
    assert ask("DescribeSharedKnowledge", KnowledgeBizId=id)["Info"]["AppList"] == []
    assert ask("ListSharedKnowledge", PageNumber=1, PageSize=10)["KnowledgeList"][0]["AppList"] == []


def test_shared_bases_are_listed_and_changed(ask: Ask, refused: Refused) -> None:
    ids = [made(ask, f"Base {i}") for i in range(5)]
    rows = pages(ask, "ListSharedKnowledge", "KnowledgeList", 2)
    assert [row["Knowledge"]["KnowledgeBizId"] for row in rows] == ids[::-1]
    ask("UpdateSharedKnowledge", KnowledgeBizId=ids[0], Info={"KnowledgeName": "Catalogue"})
    found = ask("ListSharedKnowledge", PageNumber=1, PageSize=10, Keyword="catal")
    assert (found["Total"], found["KnowledgeList"][0]["Knowledge"]["KnowledgeBizId"]) == (1, ids[0])
    assert ask("ListSharedKnowledge", PageNumber=1, PageSize=10, KnowledgeTypes=[1])["Total"] == 0
    taken = {"KnowledgeBizId": ids[1], "Info": {"KnowledgeName": "Catalogue"}}
    assert refused("UpdateSharedKnowledge", **taken).get_code() == "FailedOperation"
    assert refused("CreateSharedKnowledge", KnowledgeName="Catalogue").get_code() == "FailedOperation"
    assert refused("CreateSharedKnowledge", KnowledgeName="n" * 51).get_code() == "InvalidParameter"
    assert refused("CreateSharedKnowledge", KnowledgeName="n", KnowledgeType=2).get_code() == "InvalidParameter"


def variables(ask: Ask, **params: Any) -> list[str]:
    return [row["VarName"] for row in ask("GetVarList", AppBizId=SHOP, **params)["List"]]


def test_a_variable_is_made_listed_changed_and_deleted(ask: Ask, refused: Refused) -> None:
    said = {"VarName": "TimeID", "VarDesc": "When", "VarType": "STRING", "VarDefaultValue": "2025-05-14"}
    id = ask("CreateVar", AppBizId=SHOP, **said)["VarId"]
    (row,) = ask("GetVarList", AppBizId=SHOP)["List"]
    assert {name: row[name] for name in said} == said
    ask("UpdateVar", AppBizId=SHOP, VarId=id, VarName="TimeNo", VarType="INT")
    (row,) = ask("GetVarList", AppBizId=SHOP)["List"]
    assert (row["VarId"], row["VarName"], row["VarDesc"], row["VarType"]) == (id, "TimeNo", "When", "INT")
    ask("DeleteVar", AppBizId=SHOP, VarId=id)
    assert variables(ask) == []
    for action, params in {"UpdateVar": {"VarName": "x"}, "DeleteVar": {}}.items():
        assert id in refused(action, AppBizId=SHOP, VarId=id, **params).get_message()


def test_variables_are_filtered_and_paged(ask: Ask, refused: Refused) -> None:
    for i in range(5):
        ask("CreateVar", AppBizId=SHOP, VarName=f"v{i}", VarType=("INT", "STRING")[i % 2], VarModuleType=i % 3)
    assert variables(ask, Offset=1, Limit=2) == ["v1", "v2"]
    assert ask("GetVarList", AppBizId=SHOP, Limit=2)["Total"] == 5
    assert variables(ask, VarType="STRING") == ["v1", "v3"]
    assert variables(ask, Keyword="V4") == ["v4"]
    assert variables(ask, VarModuleType=2) == ["v2"]
    assert "SYS.UserQuery" in variables(ask, NeedInternalVar=True)
    assert refused("GetVarList", AppBizId=SHOP, Limit=201).get_code() == "InvalidParameter"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"VarName": "1st"}, "InvalidParameter"),
        ({"VarName": "v" * 51}, "InvalidParameter"),
        ({"VarName": "名字"}, "InvalidParameter"),
        ({"VarDesc": "d" * 121}, "InvalidParameter"),
        ({"VarType": "POEM"}, "InvalidParameter"),
        ({"VarModuleType": 4}, "InvalidParameter"),
        ({"VarName": "taken"}, "FailedOperation"),
        ({"AppBizId": "77"}, "FailedOperation"),
    ],
)
def test_what_cannot_be_a_variable_is_not_made(ask: Ask, refused: Refused, change: dict[str, Any], code: str) -> None:
    ask("CreateVar", AppBizId=SHOP, VarName="taken")
    assert refused("CreateVar", **{"AppBizId": SHOP, "VarName": "free", **change}).get_code() == code
    assert variables(ask) == ["taken"]


def test_an_app_of_agents_has_one_that_can_not_be_deleted(ask: Ask, refused: Refused) -> None:
    base = {"Name": "Desk", "Avatar": "https://a.example.com/a.png"}
    app = ask("CreateApp", AppType="knowledge_qa", BaseConfig=base, Pattern="agent")["AppBizId"]
    reply = ask("DescribeAppAgentList", AppBizId=app)
    (agent,) = reply["Agents"]
    assert (agent["Name"], agent["IsStartingAgent"], reply["StaringAgentId"]) == ("Desk", True, agent["AgentId"])
    error = refused("DeleteAgent", AppBizId=app, AgentId=agent["AgentId"])
    assert (error.get_code(), agent["AgentId"] in error.get_message()) == ("FailedOperation", True)
    assert "77" in refused("DeleteAgent", AgentId="77").get_message()
    assert ask("DescribeAppAgentList", AppBizId=SHOP)["Agents"] == []


def test_who_asks_for_a_person_is_understood(ask: Ask, refused: Refused) -> None:
    key = ask("GetAppSecret", AppBizId=SHOP)["AppKey"]
    for content, hit in (("转人工", True), ("I want a human agent", True), ("What does a lamp cost?", False)):
        assert ask("IsTransferIntent", Content=content, BotAppKey=key)["Hit"] == hit
    assert refused("IsTransferIntent", Content="转人工", BotAppKey="nobody").get_code() == "FailedOperation"
