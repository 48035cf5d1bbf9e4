"""Plugins, skills, channels, triggers and categories of records: whatever is kept is told back until it is deleted."""

from typing import Any, NamedTuple

import pytest

from contract_tests.lke.worlds import SHOP, Ask, Refused
from lke_emulator.protocol.spec import spec

SPACE = {"SpaceId": "default_space"}
APP = {"AppId": SHOP}


class Life(NamedTuple):
    noun: str
    id: str
    where: dict[str, str]
    create: dict[str, Any]
    describe: str
    shown: str
    """The path to the name that it was given."""
    listing: tuple[str, str]
    modify: dict[str, Any]


LIVES = (
    Life(
        "Plugin",
        "PluginId",
        SPACE,
        {"Profile": {"Name": "one", "Description": "d"}, "Config": {}, "ToolList": [{"Name": "t"}]},
        "Plugin",
        "Profile.Name",
        ("DescribePluginSummaryList", "PluginList"),
        {"PluginVersion": 1, "Profile": {"Name": "two"}},
    ),
    Life(
        "Skill",
        "SkillId",
        SPACE,
        {"CreateType": 1, "FileUrl": "https://a.example.com/s.zip", "DisplayName": "one"},
        "SkillDetail",
        "SkillSummary.Profile.DisplayName",
        ("DescribeSkillSummaryList", "SkillSummaryList"),
        {"DisplayName": "two"},
    ),
    Life(
        "Channel",
        "ChannelId",
        APP,
        {"Spec": {"ChannelName": "one", "ChannelType": 10000}},
        "Channel",
        "Spec.ChannelName",
        ("DescribeChannelList", "ChannelList"),
        {"Spec": {"ChannelName": "two"}},
    ),
    Life(
        "AppTrigger",
        "TriggerId",
        APP,
        {"TriggerName": "one", "TriggerType": 1, "ExecuteType": 1},
        "Trigger",
        "TriggerName",
        ("DescribeAppTriggerSummaryList", "TriggerList"),
        {"Trigger": {"TriggerName": "two"}, "UpdateMask": {"Paths": ["TriggerName"]}},
    ),
)
DESCRIBE = {"Skill": "DescribeSkillDetail"}


def reached(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[step]
    return value


@pytest.mark.parametrize("life", LIVES, ids=[life.noun for life in LIVES])
def test_it_is_made_told_back_changed_listed_and_deleted(ask: Ask, refused: Refused, life: Life) -> None:
    describe = DESCRIBE.get(life.noun, f"Describe{life.noun}")
    ids = [ask(f"Create{life.noun}", **life.where, **life.create)[life.id] for _ in range(3)]

    def about(action: str) -> dict[str, str]:
        members = spec().by_key[f"adp.{action}"].request.members
        return {name: value for name, value in {**life.where, life.id: ids[0]}.items() if name in members}

    assert reached(ask(describe, **about(describe))[life.describe], life.shown) == "one"
    modify, delete = f"Modify{life.noun}", f"Delete{life.noun}"
    ask(modify, **about(modify), **life.modify)
    assert reached(ask(describe, **about(describe))[life.describe], life.shown) == "two"
    listing, rows = life.listing
    whole = ask(listing, **life.where, PageSize=2)
    assert (int(whole["TotalCount"]), len(whole[rows])) == (3, 2)
    if life.noun != "Channel":
        assert int(ask(listing, **life.where, Query="TWO")["TotalCount"]) == 1
    ask(delete, **about(delete))
    assert int(ask(listing, **life.where)["TotalCount"]) == 2
    for action in (describe, delete):
        error = refused(action, **about(action))
        assert (error.get_code(), ids[0] in error.get_message()) == ("ResourceNotFound", True)


@pytest.mark.parametrize(("noun", "member"), [("Plugin", "UserState"), ("Skill", "")])
def test_favourites_are_kept_for_who_likes_them(ask: Ask, noun: str, member: str) -> None:
    life = next(life for life in LIVES if life.noun == noun)
    first, second = (ask(f"Create{noun}", **life.where, **life.create)[life.id] for _ in range(2))
    ask(f"Favorite{noun}", **SPACE, **{life.id: first})
    listing, rows = life.listing
    found = ask(listing, **SPACE, **{"FavoriteOnly" if noun == "Skill" else "IsFavoriteOnly": True})[rows]
    assert [row[life.id] for row in found] == [first]
    assert (found[0][member] if member else found[0])["IsFavorite"] is True
    ask(f"Unfavorite{noun}", **SPACE, **{life.id: first})
    everything = ask(listing, **SPACE)[rows]
    assert {row[life.id] for row in everything} == {first, second}
    assert not any((row[member] if member else row)["IsFavorite"] for row in everything)


def test_a_skill_tells_which_agents_have_it(ask: Ask) -> None:
    skill = ask("CreateSkill", **SPACE, CreateType=1, FileUrl="https://a.example.com/sorting.zip")["SkillId"]
    agent = {"Profile": {"Name": "Helper", "Role": 1}, "SkillList": [{"SkillId": skill}]}
    ask("CreateAgent", **APP, Agent=agent)
    (group,) = ask("DescribeSkillReferenceList", **SPACE, SkillId=skill)["ReferenceList"]
    assert [row["ReferenceName"] for row in group["ReferenceSummaryList"]] == ["Helper"]
    row = ask("DescribeSkillSummaryList", **SPACE)["SkillSummaryList"][0]
    assert row["Profile"]["Name"] == "sorting"


def test_a_skill_is_shared_and_taken_back(ask: Ask, refused: Refused) -> None:
    made = ask("CreateSkill", **SPACE, CreateType=1, FileUrl="https://a.example.com/s.zip")
    about = {**SPACE, "SkillId": made["SkillId"], "VersionId": made["VersionId"]}
    ask("ReleaseSkill", **about)
    ask("CreateSkillShare", **about, ApplyRemark="please", CorpShareConfig={"ShareScope": 1})

    def shares() -> list[dict[str, Any]]:
        detail = ask("DescribeSkillDetail", **SPACE, SkillId=made["SkillId"])["SkillDetail"]
        found: list[dict[str, Any]] = detail["SkillSummary"]["ShareList"]
        return found

    assert [share["CorpShareConfig"]["ShareScope"] for share in shares()] == [1]
    ask("DeleteSkillShare", **about, ApplyRemark="enough")
    assert shares() == []
    assert refused("DeleteSkillShare", **about, ApplyRemark="enough").get_code() == "ResourceNotFound"
    assert refused("ReleaseSkill", **{**about, "VersionId": "77"}).get_code() == "ResourceNotFound"


def test_a_channel_is_listed_by_lke_too(ask: Ask, ask_lke: Ask) -> None:
    id = ask("CreateChannel", **APP, Spec={"ChannelName": "Shop", "ChannelType": 10000, "Description": "d"})[
        "ChannelId"
    ]
    (row,) = ask_lke("ListChannel", AppBizId=SHOP)["ListChannel"]
    assert (row["ChannelId"], row["ChannelName"], row["ChannelType"], row["Comment"]) == (id, "Shop", 10000, "d")
    assert ask_lke("ListChannel", AppBizId=SHOP, ChannelType=[10001])["Total"] == 0


def test_a_trigger_is_paused_resumed_and_run(ask: Ask, refused: Refused) -> None:
    about = {**APP, "TriggerId": ask("CreateAppTrigger", **APP, TriggerName="one", TriggerType=1)["TriggerId"]}

    def status() -> int:
        found: int = ask("DescribeAppTrigger", **about)["Trigger"]["Status"]
        return found

    assert status() == 1
    ask("PauseAppTrigger", **about)
    assert status() == 2
    ask("ResumeAppTrigger", **about)
    assert status() == 1
    run = ask("RunAppTriggerNow", **about)["InstanceId"]
    assert ask("DescribeAppTriggerInstance", **APP, InstanceId=run)["Instance"]["TriggerId"] == about["TriggerId"]
    log = ask("DescribeAppTriggerRunLogList", **about)
    assert ([row["InstanceId"] for row in log["RunLogList"]], log["TotalCount"]) == ([run], "1")
    assert ask("DescribeAppTrigger", **about)["Trigger"]["SuccessCount"] == "1"
    assert refused("DescribeAppTriggerInstance", **APP, InstanceId="77").get_code() == "ResourceNotFound"


def test_categories_of_records_are_a_tree(ask: Ask, refused: Refused) -> None:
    top = ask("CreateMsgRecordCategory", **APP, Name="Top")["CategoryId"]
    inner = ask("CreateMsgRecordCategory", **APP, Name="Inner", ParentId=top)["CategoryId"]
    ask("ModifyMsgRecordCategory", **APP, CategoryId=inner, Name="Deep")
    (row,) = ask("DescribeMsgRecordCategoryList", **APP)["CategoryList"]
    assert (row["Name"], [each["Name"] for each in row["Children"]]) == ("Top", ["Deep"])
    ask("DeleteMsgRecordCategory", **APP, CategoryId=top)
    assert ask("DescribeMsgRecordCategoryList", **APP)["CategoryList"] == []
    assert refused("ModifyMsgRecordCategory", **APP, CategoryId=inner, Name="x").get_code() == "ResourceNotFound"


def test_what_is_in_a_deleted_app_is_gone(ask: Ask, refused: Refused) -> None:
    app = ask("CreateApp", **SPACE, Name="Desk")["AppId"]
    channel = ask("CreateChannel", AppId=app, Spec={"ChannelName": "one"})["ChannelId"]
    ask("DeleteApp", AppId=app)
    assert refused("DescribeChannel", AppId=app, ChannelId=channel).get_code() == "ResourceNotFound"
    assert refused("DescribeChannel", AppId=SHOP, ChannelId=channel).get_code() == "ResourceNotFound"
