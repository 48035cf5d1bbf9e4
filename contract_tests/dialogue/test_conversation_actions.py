"""adp's conversations: made, talked in, told, reset and deleted; the tokens of its sockets; drafts that test calls see."""

from collections.abc import Callable
from typing import Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.conftest import Target
from contract_tests.dialogue.conftest import CONVERSATION, DRAFT, SHOP, START, Talk, text_of
from contract_tests.dialogue.test_sockets import ASK2, V2, client

Ask = Callable[..., dict[str, Any]]
WHO = {"Type": 5, "AppKey": "shop-key", "UserId": "visitor-1"}


@pytest.fixture
def ask(talk: Talk, target: Target) -> Ask:
    client = CommonClient(
        "adp", "2026-05-20", Credential(target.secret_id, target.secret_key), target.region, target.profile()
    )

    def asked(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = client.call_json(action, params)["Response"]
        return reply

    return asked


def refused(ask: Ask, action: str, **params: Any) -> str:
    with pytest.raises(TencentCloudSDKException) as caught:
        ask(action, **params)
    return str(caught.value.get_code())


def messages(ask: Ask, id: str = CONVERSATION, **params: Any) -> dict[str, Any]:
    return ask("DescribeConversationMessageList", ConversationId=id, **WHO, **params)


def test_a_conversation_is_made_and_talked_in(talk: Talk, ask: Ask) -> None:
    id = ask("CreateConversation", **WHO)["ConversationId"]
    events = talk.v2(ConversationId=id)
    told = ask("DescribeConversation", ConversationId=id, **WHO)
    assert (told["AppId"], told["Type"], told["Title"]) == (SHOP, 5, "When are you open?")
    assert told["CreateTime"].endswith("+08:00")
    record = next(data["Response"] for name, data in events if name == "response.completed")
    listed = messages(ask, id)
    assert [one["Type"] for one in listed["MessageList"]] == ["question", "reply"]
    assert listed["Messages"] == listed["MessageList"]
    assert listed["MessageList"][1]["RecordId"] == record["RecordId"]
    assert listed["MessageList"][1]["Contents"][0]["Text"] == text_of(events)
    # As in the published example of the action.
    assert [(one["Title"], one["StatusDesc"]) for one in listed["MessageList"]] == [
        ("用户提问", "回复完成"),
        ("", "回复完成"),
    ]
    usage = listed["RecordSummaryList"][0]["TokenUsage"]
    assert usage["TotalTokens"] == str(record["StatInfo"]["TotalTokens"])


def test_a_conversation_of_the_callers_own_id_is_listed_once_it_was_used(talk: Talk, ask: Ask) -> None:
    assert ask("DescribeConversationList", **WHO)["TotalCount"] == "0"
    talk.v2()
    talk.v2("Something else", ConversationId="another-" + CONVERSATION)
    listed = ask("DescribeConversationList", **WHO)
    assert listed["TotalCount"] == "2"
    assert listed["Conversations"] == listed["ConversationList"]
    assert [one["Title"] for one in ask("DescribeConversationList", **WHO, Keyword="else")["ConversationList"]] == [
        "Something else"
    ]
    assert len(ask("DescribeConversationList", **WHO, Offset=1, Limit=5)["ConversationList"]) == 1
    assert ask("DescribeConversationList", **{**WHO, "UserId": "nobody"})["TotalCount"] == "0"
    assert ask("DescribeConversationList", Type=0, AppId=SHOP)["TotalCount"] == "2"


def test_messages_are_paged_around_a_record(talk: Talk, ask: Ask) -> None:
    for number in range(4):
        talk.v2(f"Question {number}?")
    whole = [one["RecordId"] for one in messages(ask, Limit=50)["MessageList"]]
    assert len(whole) == 8

    def page(**params: Any) -> tuple[list[str], bool, bool]:
        told = messages(ask, **params)
        return [one["RecordId"] for one in told["MessageList"]], told["HasMoreBefore"], told["HasMoreAfter"]

    assert page(Limit=3) == (whole[5:], True, False)
    assert page(Limit=3, RecordId=whole[3]) == (whole[0:3], False, True)
    assert page(Limit=3, RecordId=whole[3], RecordQueryDirection=1) == (whole[0:3], False, True)
    assert page(Limit=3, RecordId=whole[3], RecordQueryDirection=2) == (whole[4:7], True, True)
    assert page(Limit=3, RecordId=whole[3], RecordQueryDirection=3) == (whole[1:6], True, True)


def test_a_reset_conversation_remembers_nothing_but_is_still_told(talk: Talk, ask: Ask) -> None:
    talk.v2("My name is Ada.")
    before = talk.used(sub_biz_type="KnowledgeQA").input
    reset = ask("ResetConversation", ConversationId=CONVERSATION, **WHO)
    told = messages(ask)
    assert told["ResetInfo"] == {"ResetTime": reset["ResetTime"], "ResetThroughRecordId": told["LastRecordId"]}
    talk.v2("My name is Ada.")
    assert talk.used(sub_biz_type="KnowledgeQA").input == 2 * before
    assert len(messages(ask)["MessageList"]) == 4


def test_a_conversation_is_renamed_and_deleted(talk: Talk, ask: Ask) -> None:
    talk.v2()
    ask("ModifyConversation", ConversationId=CONVERSATION, Title="Opening hours", **WHO)
    assert ask("DescribeConversation", ConversationId=CONVERSATION, **WHO)["Title"] == "Opening hours"
    ask("DeleteConversation", ConversationId=CONVERSATION, Type=5, AppKey="shop-key")
    assert refused(ask, "DescribeConversation", ConversationId=CONVERSATION, **WHO) == "ResourceNotFound"
    assert ask("DescribeConversationList", **WHO)["TotalCount"] == "0"
    assert ask("DescribeMsgRecordList", AppId=SHOP)["TotalCount"] == "0"


@pytest.mark.parametrize(
    ("action", "params", "code"),
    [
        ("CreateConversation", {"Type": 5, "UserId": "v"}, "MissingParameter"),
        ("CreateConversation", {"Type": 5, "AppKey": "shop-key"}, "MissingParameter"),
        ("CreateConversation", {"Type": 5, "AppKey": "nobody", "UserId": "v"}, "FailedOperation"),
        ("CreateConversation", {"Type": 3, "AppId": SHOP}, "InvalidParameter"),
        ("CreateConversation", {"Type": 2, "AppId": "1"}, "ResourceNotFound"),
        ("CreateConversation", {"Type": 2}, "MissingParameter"),
        ("CreateConversation", {"Type": 20, "AppId": SHOP}, "MissingParameter"),
        ("CreateWebSocketToken", {"Type": 5, "UserId": "v"}, "MissingParameter"),
        ("CreateWebSocketToken", {"Type": 5, "AppKey": "shop-key", "UserId": "v" * 65}, "InvalidParameter"),
        ("DescribeConversation", {"ConversationId": "nobody", **WHO}, "ResourceNotFound"),
        ("ModifyConversation", {"ConversationId": CONVERSATION, "Title": "", **WHO}, "InvalidParameter"),
        ("DescribeConversationMessageList", {"ConversationId": CONVERSATION, "Limit": 51, **WHO}, "InvalidParameter"),
        (
            "DescribeConversationMessageList",
            {"ConversationId": CONVERSATION, "RecordId": "x", **WHO},
            "ResourceNotFound",
        ),
        (
            "DescribeConversationMessageList",
            {"ConversationId": CONVERSATION, "RecordQueryDirection": 4, **WHO},
            "InvalidParameter",
        ),
        ("DescribeMsgRecordList", {"AppId": SHOP, "PageSize": 101}, "InvalidParameter"),
        ("DescribeMsgRecordList", {"AppId": "1"}, "ResourceNotFound"),
    ],
)
def test_what_cannot_be_meant_is_refused(talk: Talk, ask: Ask, action: str, params: dict[str, Any], code: str) -> None:
    talk.v2()
    assert refused(ask, action, **params) == code


def test_turns_are_listed_and_filtered(talk: Talk, ask: Ask) -> None:
    events = [talk.v2(f"Question {number}?") for number in range(3)]
    told = ask("DescribeMsgRecordList", AppId=SHOP, PageSize=2)
    assert (told["TotalCount"], told["HasMore"], len(told["MsgRecordList"])) == ("3", True, 2)
    row = ask("DescribeMsgRecordList", AppId=SHOP, FilterList=[{"Name": "Query", "ValueList": ["Question 1"]}])[
        "MsgRecordList"
    ]
    assert [(one["Question"], one["Answer"]) for one in row] == [("Question 1?", text_of(events[1]))]
    assert row[0]["Source"]["UserId"] == "visitor-1"
    disliked = [{"Name": "FeedbackType", "ValueList": ["2"]}]
    assert ask("DescribeMsgRecordList", AppId=SHOP, FilterList=disliked)["TotalCount"] == "0"


def test_a_token_of_either_product_opens_either_socket(talk: Talk, ask: Ask, token: Callable[..., str]) -> None:
    given = ask("CreateWebSocketToken", **WHO)
    assert (given["AppId"], given["UserId"]) == (SHOP, "visitor-1")
    for one_token in (given["Token"], token()):
        with client(talk, V2) as one:
            one.connect(one_token)
            one.socket.emit("request", ASK2)
            assert text_of(one.until("response.completed"))


def test_a_test_call_talks_to_a_draft_that_was_never_released(talk: Talk, ask: Ask) -> None:
    given = ask("CreateWebSocketToken", Type=2, AppId=DRAFT)
    with client(talk, V2) as one:
        one.connect(given["Token"])
        one.socket.emit("request", ASK2)
        assert text_of(one.until("response.completed"))
    assert talk.used(apps=(DRAFT,), call_type="应用评测", sub_biz_type="KnowledgeQA").calls == 1
    record = talk.account.conversations.select()[0].records[-1]
    assert record.is_draft


def usage(ask: Ask, *filters: dict[str, Any]) -> list[dict[str, Any]]:
    asked = ask(
        "DescribeUsageDetailList",
        ResourceType=1,
        TimeRange={"StartTime": str(START - 60), "EndTime": str(START + 3600)},
        ViewScope={"ViewType": 1, "ScopeId": ""},
        FilterList=list(filters),
    )
    rows: list[dict[str, Any]] = asked["UsageDetailList"]
    assert asked["TotalCount"] == str(len(rows))
    return rows


def test_the_usage_of_a_visitor_can_be_asked(talk: Talk, ask: Ask) -> None:
    talk.v2(VisitorId="ada")
    talk.v1("And on Sundays?", visitor_biz_id="bob")
    talk.v2(VisitorId="ada")
    assert [one["UserId"] for one in usage(ask)] == ["ada", "bob", "ada"]
    hers = usage(ask, {"Name": "user_id", "Operator": 0, "ValueList": ["ada"]})
    others = usage(ask, {"Name": "user_id", "Operator": 1, "ValueList": ["ada"]})
    assert ({one["UserId"] for one in hers}, len(hers)) == ({"ada"}, 2)
    assert [one["UserId"] for one in others] == ["bob"]
    assert sorted(one["DosageId"] for one in [*hers, *others]) == sorted(one["DosageId"] for one in usage(ask))
    again = type(talk.account.ledger)()
    again.restored(talk.account.ledger.saved())
    assert again.saved() == talk.account.ledger.saved()
    talk.control.assume(usage_user="sub_account")
    assert {one["UserId"] for one in usage(ask)} == {talk.account.uin}
