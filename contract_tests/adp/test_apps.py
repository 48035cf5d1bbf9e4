"""Apps, agents, releases, variables and spaces in adp's members, which are the same that lke shows."""

from typing import Any

import pytest

from contract_tests.lke.saving import save, save_qa
from contract_tests.lke.worlds import SHOP, Ask, Refused
from lke_emulator.account.account import Account

SPACE = "default_space"
MAIN, UNDER = 0, 1


def made(ask: Ask, name: str = "Desk", **params: Any) -> str:
    id: str = ask("CreateApp", SpaceId=SPACE, Name=name, **params)["AppId"]
    return id


def pages(ask: Ask, action: str, rows: str, size: int, **params: Any) -> list[dict[str, Any]]:
    """Every row, page by page from 0."""
    found: list[dict[str, Any]] = []
    for number in range(100):
        page = ask(action, PageNumber=number, PageSize=size, **params)[rows]
        if not page:
            return found
        assert len(page) <= size
        found += page
    raise AssertionError("the list has no end")


def test_an_app_is_one_record_in_both_products(ask: Ask, ask_lke: Ask) -> None:
    id = made(ask, AppMode=2, Description="Answers", Avatar="https://a.example.com/a.png")
    app = ask("DescribeApp", AppId=id)["App"]
    assert app["Metadata"] == {
        **app["Metadata"],
        "AppId": id,
        "AppMode": 2,
        "Name": "Desk",
        "Description": "Answers",
        "Avatar": "https://a.example.com/a.png",
        "SpaceId": SPACE,
    }
    shown = ask_lke("DescribeApp", AppBizId=id)
    assert shown["BaseConfig"] == {"Name": "Desk", "Avatar": "https://a.example.com/a.png", "Desc": "Answers"}
    assert shown["AppConfig"]["KnowledgeQa"]["Pattern"] == "agent"
    assert shown["AppKey"] == app["SecretInfo"]["AppKey"]
    assert (app["Status"]["Status"], shown["AppStatus"]) == (1, 1)


def test_a_mask_says_what_is_written_and_what_is_shown(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    config = {
        "Greeting": {"Greeting": "Hello", "OpeningQuestionList": ["Lamps?"]},
        "Experience": {"Role": {"RoleDescription": "Kind"}},
        "Memory": {"Enabled": True, "LongMemoryDay": 3, "Model": {}, "PromptContent": "Mind", "PromptMode": 1},
    }
    given = {"Config": config, "Name": "Not this"}
    ask("ModifyApp", AppId=SHOP, UpdateMask={"Paths": ["Config.Greeting", "Config.Memory.PromptContent"]}, **given)
    shown = ask_lke("DescribeApp", AppBizId=SHOP)
    qa = shown["AppConfig"]["KnowledgeQa"]
    assert (shown["BaseConfig"]["Name"], qa["Greeting"], qa["OpeningQuestions"]) == ("Shop", "Hello", ["Lamps?"])
    assert (qa["RoleDescription"], qa["LongMemoryOpen"]) == ("", False)
    app = ask("DescribeApp", AppId=SHOP, FieldMask={"Paths": ["AppConfig"]})["App"]
    assert app["Config"]["Greeting"] == config["Greeting"]
    assert app["Config"]["Memory"]["PromptContent"] == "Mind"
    assert app["SecretInfo"] is None or app["SecretInfo"]["AppKey"] == ""
    ask("ModifyApp", AppId=SHOP, UpdateMask={"Paths": []}, **given)
    assert ask_lke("DescribeApp", AppBizId=SHOP)["BaseConfig"]["Name"] == "Shop"
    assert refused("ModifyApp", AppId=SHOP, UpdateMask={"Paths": ["Colour"]}).get_code() == "InvalidParameter"


def test_what_lke_sets_up_adp_shows(ask: Ask, ask_lke: Ask) -> None:
    base = ask_lke("DescribeApp", AppBizId=SHOP)["BaseConfig"]
    search = [{"Type": "search", "IsEnabled": True}]
    config = {"KnowledgeQa": {"Output": {"BareAnswer": "No idea", "Method": 2}, "Search": search}}
    ask_lke("ModifyApp", AppBizId=SHOP, AppType="knowledge_qa", BaseConfig=base, AppConfig=config)
    shown = ask("DescribeApp", AppId=SHOP)["App"]["Config"]
    conversation = shown["Experience"]["Conversation"]
    assert (conversation["FallbackReply"], conversation["Method"], shown["WebSearch"]["Enabled"]) == (
        "No idea",
        2,
        True,
    )


def test_apps_of_a_space_are_listed_found_and_filtered(ask: Ask, refused: Refused, shop: Account) -> None:
    ids = [SHOP]
    for i in range(4):
        shop.clock.advance(1)
        ids.append(made(ask, f"Desk {i}"))
    rows = pages(ask, "DescribeAppSummaryList", "AppSummaryList", 2, SpaceId=SPACE)
    assert [row["AppId"] for row in rows] == ids[::-1]
    running = [{"Name": "AppStatus", "ValueList": ["2"]}]
    assert ask("DescribeAppSummaryList", SpaceId=SPACE, FilterList=running)["TotalCount"] == 1
    other = [{"Name": "AppStatus", "Operator": 1, "ValueList": ["2"]}]
    assert ask("DescribeAppSummaryList", SpaceId=SPACE, FilterList=other)["TotalCount"] == 4
    assert ask("DescribeAppSummaryList", SpaceId=SPACE, Query="desk 2")["TotalCount"] == 1
    for filter in ({"Name": "Colour", "ValueList": ["1"]}, {"Name": "AppStatus", "ValueList": []}):
        error = refused("DescribeAppSummaryList", SpaceId=SPACE, FilterList=[filter])
        assert error.get_code() == "InvalidParameter"
    assert refused("DescribeAppSummaryList", SpaceId="nowhere").get_code() == "ResourceNotFound"


def test_a_deleted_app_is_not_found_anywhere(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    id = made(ask)
    ask("CreateAgent", AppId=id, Agent={"Profile": {"Name": "Helper", "Role": UNDER}})
    ask("DeleteApp", AppId=id)
    for action in ("DescribeApp", "DescribeLatestRelease", "DescribeAgentSummaryList", "DeleteApp"):
        error = refused(action, AppId=id)
        assert (error.get_code(), id in error.get_message()) == ("ResourceNotFound", True)
    assert ask("DescribeAgentSummaryList", Scope=1)["TotalCount"] == 0
    assert [row["AppBizId"] for row in ask_lke("ListApp")["List"]] == [SHOP]


def test_a_copy_is_set_up_alike(ask: Ask) -> None:
    mask = {"Paths": ["Config.Greeting"]}
    ask("ModifyApp", AppId=SHOP, UpdateMask=mask, Config={"Greeting": {"Greeting": "Hello", "OpeningQuestionList": []}})
    copy = ask("CopyApp", AppId=SHOP)["NewAppId"]
    shown = ask("DescribeApp", AppId=copy)["App"]
    assert (shown["Config"]["Greeting"]["Greeting"], shown["Status"]["Status"]) == ("Hello", 1)
    assert shown["SecretInfo"]["AppKey"] != ask("DescribeApp", AppId=SHOP)["App"]["SecretInfo"]["AppKey"]


def test_agents_are_made_told_back_changed_and_deleted(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    id = made(ask, AppMode=2)
    (main,) = ask("DescribeAgentSummaryList", AppId=id)["AgentList"]
    spec = {"Profile": {"Name": "Helper", "Role": UNDER, "Description": "Helps"}, "Instructions": "Help"}
    agent = ask("CreateAgent", AppId=id, Agent=spec)["AgentId"]
    shown = ask("DescribeAgentDetail", AppId=id, AgentId=agent)["Agent"]
    assert (shown["Profile"]["Name"], shown["Instructions"], shown["Profile"]["AppName"]) == ("Helper", "Help", "Desk")
    mask = {"Paths": ["Profile.Name"]}
    changed = {"Profile": {"Name": "Aide"}, "Instructions": "Do not write this"}
    ask("ModifyAgent", AppId=id, AgentId=agent, Agent=changed, UpdateMask=mask)
    shown = ask("DescribeAgentDetail", AppId=id, AgentId=agent)["Agent"]
    assert (shown["Profile"]["Name"], shown["Profile"]["Description"], shown["Instructions"]) == (
        "Aide",
        "Helps",
        "Help",
    )
    names = [row["Name"] for row in ask_lke("DescribeAppAgentList", AppBizId=id)["Agents"]]
    assert names == ["Desk", "Aide"]
    assert [
        row["Action"]
        for row in ask("DescribeAgentReleasePreviewList", AppId=id, PageNumber=0, PageSize=9)["ReleaseList"]
    ] == [1]
    word = [{"Name": "SearchWord", "ValueList": ["aid"]}]
    assert ask("DescribeAgentSummaryList", Scope=1, FilterList=word)["TotalCount"] == 1
    assert refused("CreateAgent", AppId=id, Agent={"Profile": {"Name": "Aide"}}).get_code() == "FailedOperation"
    ask("DeleteAgent", AppId=id, AgentId=agent)
    assert [row["AgentId"] for row in ask("DescribeAgentSummaryList", AppId=id)["AgentList"]] == [main["AgentId"]]
    for action in ("DescribeAgentDetail", "ModifyAgent", "DeleteAgent"):
        assert refused(action, AppId=id, AgentId=agent, **({"Agent": spec} if action[0] == "M" else {})).get_code() == (
            "ResourceNotFound"
        )


def test_agents_are_copied_from_app_to_app(ask: Ask) -> None:
    source, target = made(ask, "Source", AppMode=2), made(ask, "Target", AppMode=2)
    ask("CreateAgent", AppId=source, Agent={"Profile": {"Name": "Main", "Role": MAIN}})
    ask("CreateAgent", AppId=source, Agent={"Profile": {"Name": "Helper", "Role": UNDER}})
    parent = ask("CopyAgentFromApp", AppId=source, TargetAppId=target)["ParentAgentId"]
    rows = ask("DescribeAgentSummaryList", AppId=target)["AgentList"]
    assert [(row["Profile"]["Name"], row["Profile"].get("ParentAgentId", "")) for row in rows] == [
        ("Main", ""),
        ("Helper", parent),
    ]


def test_a_release_is_one_record_in_both_products(ask: Ask, ask_lke: Ask, shop: Account, refused: Refused) -> None:
    save(ask_lke, "a.txt", EnableScope=4)
    shop.clock.advance(10)
    assert ask("DescribeLatestRelease", AppId=SHOP)["IsChanged"]
    reply = ask("CreateRelease", AppId=SHOP, Description="First", ChannelIdList=["c1"])
    assert reply["NeedApproval"] is False
    assert refused("CreateRelease", AppId=SHOP).get_code() == "FailedOperation"
    shop.clock.advance(3)
    summary = ask("DescribeReleaseSummary", AppId=SHOP, ReleaseId=reply["ReleaseId"])["ReleaseSummary"]
    assert (summary["Status"], summary["Description"], summary["ChannelIdList"]) == (3, "First", ["c1"])
    latest = ask("DescribeLatestRelease", AppId=SHOP)
    assert (latest["IsChanged"], latest["ReleaseSummary"]["ReleaseId"]) == (False, reply["ReleaseId"])
    rows = ask("DescribeReleaseList", AppId=SHOP)["ReleaseList"]
    theirs = ask_lke("ListRelease", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    both = ("Status", "ReleaseVersion", "CanRollback", "SuccessCount", "FailCount", "UpdateTime")
    assert [(row["ReleaseId"], *[row[name] for name in both]) for row in rows] == [
        (row["ReleaseBizId"], *[row[name] for name in both]) for row in theirs
    ]


def test_a_rollback_brings_back_what_was_live(ask: Ask, ask_lke: Ask, shop: Account, refused: Refused) -> None:
    first = ask("DescribeLatestRelease", AppId=SHOP)["ReleaseSummary"]["ReleaseId"]
    qa = save_qa(ask_lke, "Why?", EnableScope=4)
    shop.clock.advance(10)
    ask("CreateRelease", AppId=SHOP)
    shop.clock.advance(10)
    assert not ask("DescribeLatestRelease", AppId=SHOP)["IsChanged"]
    ask("RollbackRelease", AppId=SHOP, ReleaseId=first)
    shop.clock.advance(10)
    live = shop.releases.live(SHOP, shop.clock.now())
    assert live is not None
    assert qa not in live.qas
    assert ask("DescribeLatestRelease", AppId=SHOP)["IsChanged"]
    assert refused("RollbackRelease", AppId=SHOP, ReleaseId="77").get_code() == "ResourceNotFound"
    last = ask("DescribeLatestRelease", AppId=SHOP)["ReleaseSummary"]["ReleaseId"]
    assert refused("RollbackRelease", AppId=SHOP, ReleaseId=last).get_code() == "FailedOperation"


def test_a_release_can_take_along_what_was_for_test_calls_alone(ask: Ask, ask_lke: Ask, shop: Account) -> None:
    document, qa = save(ask_lke, "a.txt"), save_qa(ask_lke, "Why?")
    shop.clock.advance(10)
    assert not ask("DescribeLatestRelease", AppId=SHOP)["IsChanged"]
    ask("CreateRelease", AppId=SHOP, IsDevToRelease=True)
    shop.clock.advance(10)
    live = shop.releases.live(SHOP, shop.clock.now())
    assert live is not None
    assert (set(live.documents), set(live.qas)) == ({document}, {qa})
    assert ask_lke("DescribeDoc", BotBizId=SHOP, DocBizId=document)["EnableScope"] == 4


def test_variables_are_those_of_lke(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    said = {
        "Name": "Town",
        "Description": "Where",
        "Type": 1,
        "DefaultValue": "7",
        "DefaultFileName": "",
        "ModuleType": 2,
    }
    id = ask("CreateVariable", AppId=SHOP, Variable={**said, "VariableId": ""})["VariableId"]
    shown = ask("DescribeVariable", AppId=SHOP, VariableId=id)["Variable"]
    assert {name: shown[name] for name in said} == said
    assert [row["VarType"] for row in ask_lke("GetVarList", AppBizId=SHOP)["List"]] == ["INT"]
    ask("ModifyVariable", AppId=SHOP, Variable={**said, "VariableId": id, "Name": "City"})
    assert [row["Name"] for row in ask("DescribeVariableList", AppId=SHOP, ModuleType=-1)["VariableList"]] == ["City"]
    assert ask("DescribeVariableList", AppId=SHOP, ModuleType=1)["TotalCount"] == 0
    ask("DeleteVariable", AppId=SHOP, VariableId=id)
    assert refused("DescribeVariable", AppId=SHOP, VariableId=id).get_code() == "ResourceNotFound"
    assert ask("DescribeSystemVariableList", AppId=SHOP)["SystemVariableList"]


def test_spaces_hold_apps(ask: Ask, refused: Refused) -> None:
    id = ask("CreateSpace", Name="Research", Description="New things")["SpaceId"]
    ask("ModifySpace", SpaceId=id, Name="Lab", Description="Not this", FieldMask={"Paths": ["Name"]})
    rows = ask("DescribeSpaceList", Query="lab")["SpaceList"]
    assert [(row["SpaceId"], row["Name"], row["Description"]) for row in rows] == [(id, "Lab", "New things")]
    app = ask("CreateApp", SpaceId=id, Name="Desk")["AppId"]
    assert refused("DeleteSpace", SpaceId=id).get_code() == "FailedOperation"
    ask("DeleteApp", AppId=app)
    ask("DeleteSpace", SpaceId=id)
    assert ask("DescribeSpaceList")["TotalCount"] == "1"
    assert refused("CreateApp", SpaceId=id, Name="Desk").get_code() == "ResourceNotFound"
    assert refused("CreateSpace", Name="n" * 31).get_code() == "InvalidParameter"
    assert refused("CreateSpace", Name="Default").get_code() == "FailedOperation"


@pytest.mark.parametrize(("query", "count"), [("", 1), ("NORMAL", 1), ("nobody", 0)])
def test_models_and_accounts_are_those_of_the_scenario(ask: Ask, query: str, count: int) -> None:
    reply = ask("DescribeModelList", ModelScene=0, Query=query)
    assert (reply["TotalCount"], [row["ModelBasic"]["ModelId"] for row in reply["ModelList"]]) == (
        count,
        ["cs-normal"] * count,
    )
    people = ask("DescribeAccountList", FilterList=[{"Name": "NickName", "ValueList": ["own"]}])
    assert [(row["AccountUin"], row["NickName"]) for row in people["AccountList"]] == [("100000000009", "Owner")]
