"""What is kept of dialogues: message records, ratings, references, and the statistics that count them."""

from collections.abc import Callable
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.dialogue.conftest import CONVERSATION, SHOP, START, Events, Talk, code_of, text_of
from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.qas import Qa
from lke_emulator.knowledge.rejected import Rejected
from lke_emulator.knowledge.validity import EVERYWHERE, Validity
from lke_emulator.knowledge.work import finished
from lke_emulator.models.moderation import Moderation

Ask = Callable[..., dict[str, Any]]
DAY = 86_400


@pytest.fixture
def ask(talk: Talk, lke: LkeClient) -> Ask:
    def asked(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = lke.call_json(action, params)["Response"]
        return reply

    return asked


def refused(ask: Ask, action: str, **params: Any) -> TencentCloudSDKException:
    with pytest.raises(TencentCloudSDKException) as caught:
        ask(action, **params)
    return caught.value


def records(ask: Ask, **params: Any) -> list[dict[str, Any]]:
    asked = {"Type": 5, "Count": 100, "SessionId": "session-1", "BotAppKey": "shop-key", **params}
    found: list[dict[str, Any]] = ask("GetMsgRecord", **asked)["Records"]
    return found


def record_of(events: Events) -> str:
    return str(next(data["payload"]["record_id"] for name, data in events if name == "token_stat"))


def counts(ask: Ask, **params: Any) -> dict[str, int]:
    told = ask("GetAnswerTypeDataCount", StartTime=START - DAY, EndTime=START + DAY, **params)
    return {name: value for name, value in told.items() if value and name != "RequestId"}


def learn(talk: Talk) -> None:
    """A Q&A, a document and a rejected question, released."""
    account = talk.account
    now = account.clock.now()
    known: dict[str, Any] = {"base": SHOP, "id": "", "created": now, "updated": now}
    everywhere, done = Validity(scope=EVERYWHERE), finished(now)
    question = Qa(
        **known, category="", question="When are you open?", answer="From nine to five.", validity=everywhere, work=done
    )
    account.qas.create(question, (), now)
    account.rejected.create(Rejected(**known, question="How much do you earn?", scope=EVERYWHERE), now)
    text = "The lighthouse of Pharos was built of limestone blocks."
    document = Document(
        **known,
        category="",
        name="lighthouses.md",
        type="md",
        cos_url="/a.md",
        text=text,
        characters=len(text),
        validity=everywhere,
        work=done,
    )
    account.documents.save(document, now)
    account.clock.advance(60)
    now = account.clock.now()
    account.releases.create(SHOP, account.draft(account.apps.find(SHOP), now), "", (), account.uin, now)
    account.clock.advance(60)


def test_both_sides_of_a_turn_are_kept(talk: Talk, ask: Ask) -> None:
    events = talk.v1(request_id="r-1")
    question, answer = records(ask)
    assert (question["IsFromSelf"], question["Content"]) == (True, "When are you open?")
    assert (answer["IsFromSelf"], answer["Content"]) == (False, text_of(events))
    assert answer["RelatedRecordId"] == question["RecordId"]
    assert answer["RecordId"] == record_of(events)
    last = [data["payload"] for name, data in events if name == "token_stat"][-1]
    assert answer["TokenStat"]["TokenCount"] == last["token_count"]
    assert [step["Name"] for step in answer["TokenStat"]["Procedures"]] == [step["name"] for step in last["procedures"]]


def test_what_both_protocols_say_is_kept_in_one_history(talk: Talk, ask: Ask) -> None:
    talk.v2()
    talk.v1("And on Sundays?", session_id=CONVERSATION)
    assert [one["Content"] for one in records(ask, SessionId=CONVERSATION) if one["IsFromSelf"]] == [
        "When are you open?",
        "And on Sundays?",
    ]


def test_a_history_is_paged_from_its_end(talk: Talk, ask: Ask) -> None:
    for number in range(5):
        talk.v1(f"Question {number}?")
    whole = [one["RecordId"] for one in records(ask)]
    assert len(whole) == 10
    assert [one["RecordId"] for one in records(ask, Count=3)] == whole[-3:]
    assert [one["RecordId"] for one in records(ask, Count=3, LastRecordId=whole[5])] == whole[2:5]
    assert [one["RecordId"] for one in records(ask, Count=4, MidRecordId=whole[5])] == [*whole[3:5], *whole[6:8]]


@pytest.mark.parametrize(
    "params",
    [
        {"Type": 4},
        {"Count": 2},
        {"Count": 1001},
        {"Scene": 3},
        {"LastRecordId": "a", "MidRecordId": "b"},
        {"LastRecordId": "nobody"},
        {"BotAppKey": "nobody"},
        {"BotAppKey": ""},
    ],
)
def test_a_history_that_is_not_asked_for_as_documented_is_refused(talk: Talk, ask: Ask, params: dict[str, Any]) -> None:
    talk.v1()
    asked = {"Type": 5, "Count": 10, "SessionId": "session-1", "BotAppKey": "shop-key", **params}
    assert refused(ask, "GetMsgRecord", **asked).get_code() in (
        "InvalidParameter",
        "MissingParameter",
        "FailedOperation",
    )


def test_a_session_that_is_not_there_has_no_messages(ask: Ask) -> None:
    assert records(ask, SessionId="nobody") == []


def test_messages_are_kept_for_180_days(talk: Talk, ask: Ask) -> None:
    talk.v1()
    talk.account.clock.advance(180 * DAY)
    assert len(records(ask)) == 2
    talk.account.clock.advance(1)
    assert records(ask) == []
    talk.account.clock.advance(-DAY)
    assert len(records(ask)) == 2


def test_an_answer_is_liked_disliked_and_neither(talk: Talk, ask: Ask) -> None:
    record = record_of(talk.v1())
    for score in (1, 2, 0):
        ask("RateMsgRecord", BotAppKey="shop-key", RecordId=record, Score=score, Reasons=["clear"])
        answer = records(ask)[1]
        assert (answer["Score"], answer["Reasons"]) == (score, ["clear"] if score else [])


def test_what_is_disliked_is_an_unsatisfied_reply_until_that_is_taken_back(talk: Talk, ask: Ask) -> None:
    record = record_of(talk.v1())
    rate = {"BotAppKey": "shop-key", "RecordId": record}
    ask("RateMsgRecord", **rate, Score=2, Reasons=["wrong"], FeedbackContent="Not so.")
    listed = ask("ListUnsatisfiedReply", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    assert [(one["RecordBizId"], one["Question"], one["Reasons"]) for one in listed] == [
        (record, "When are you open?", ["wrong"])
    ]
    ask("RateMsgRecord", **rate, Score=1)
    assert ask("ListUnsatisfiedReply", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"] == []


def test_what_cannot_be_rated_is_refused_and_stays_unrated(talk: Talk, ask: Ask) -> None:
    talk.account.moderation = Moderation(["poison"])
    record = record_of(talk.v1())
    question = records(ask)[0]["RecordId"]
    talk.v1("poison")
    sensitive = records(ask)[-1]["RecordId"]
    rate = {"BotAppKey": "shop-key", "RecordId": record, "Score": 1}
    for spoilt in ({"RecordId": "nobody"}, {"RecordId": question}, {"RecordId": sensitive}, {"Score": 3}):
        assert refused(ask, "RateMsgRecord", **{**rate, **spoilt}).get_code() == "FailedOperation"
    assert refused(ask, "RateMsgRecord", **{**rate, "Reasons": ["x" * 21]}).get_code() == "FailedOperation"
    assert refused(ask, "RateMsgRecord", **{**rate, "BotAppKey": "draft-key"}).get_code() == "FailedOperation"
    assert [one["Score"] for one in records(ask)] == [0, 0, 0, 0]


def test_every_answer_is_counted_as_what_it_is(talk: Talk, ask: Ask) -> None:
    talk.account.moderation = Moderation(["poison"])
    talk.v1("Something nobody knows")
    talk.v1("Something else", search_network="enable")
    talk.v2("poison")
    for _ in range(2):
        talk.account.concurrency.enter("cs-normal", START)
    talk.v1()
    assert counts(ask) == {
        "Total": 4,
        "ModelReplyCount": 1,
        "SearchEngineCount": 1,
        "SensitiveCount": 1,
        "ConcurrentLimitCount": 1,
    }
    assert counts(ask, Type=2, AppBizId=[SHOP])["Total"] == 4
    assert counts(ask, Type=1) == {}
    assert counts(ask, AppBizId=["1"]) == {}


def test_likes_are_counted(talk: Talk, ask: Ask) -> None:
    ids = [record_of(talk.v1(f"Question {number}?")) for number in range(4)]
    for record, score in zip(ids, (1, 1, 2), strict=False):
        ask("RateMsgRecord", BotAppKey="shop-key", RecordId=record, Score=score)
    told = ask("GetLikeDataCount", StartTime=START - DAY, EndTime=START + DAY)
    assert (told["Total"], told["AppraisalTotal"], told["LikeTotal"], told["DislikeTotal"]) == (4, 3, 2, 1)
    assert (told["ParticipationRate"], told["LikeRate"], told["DislikeRate"]) == (0.75, 0.67, 0.33)


def test_statistics_and_call_details_name_the_dialogue(talk: Talk, ask: Ask) -> None:
    events = talk.v1()
    usage = ask("DescribeTokenUsage", StatStartTime=START - DAY, StatEndTime=START + 1)
    last = [data["payload"] for name, data in events if name == "token_stat"][-1]
    assert usage["TotalTokenUsage"] == last["token_count"]
    detail = ask(
        "ListUsageCallDetail",
        ModelName="cs-normal",
        StatStartTime=START - DAY,
        StatEndTime=START + 1,
        PageNumber=1,
        PageSize=10,
    )
    assert record_of(events) in [row["Id"] for row in detail["List"]]
    assert {row["AppName"] for row in detail["List"]} == {"Shop"}


def test_a_released_question_is_answered_from_the_knowledge_and_can_be_looked_up(talk: Talk, ask: Ask) -> None:
    learn(talk)
    events = talk.v1("When are you open?")
    assert text_of(events) == "From nine to five."
    refer = next(data["payload"]["references"][0] for name, data in events if name == "reference")
    assert refer["type"] == 1
    detail = ask("DescribeRefer", BotBizId=SHOP, ReferBizIds=[refer["id"], "7"])["List"]
    assert [(one["Question"], one["Answer"]) for one in detail] == [("When are you open?", "From nine to five.")]
    assert records(ask)[1]["References"][0]["Id"] == refer["id"]
    assert counts(ask)["KnowledgeCount"] == 1
    events = talk.v2("When are you open?")
    reference = next(data["Reference"] for name, data in events if name == "reference.added")
    assert reference["QaRefer"]["QaId"] == refer["qa_biz_id"]


def test_a_segment_of_a_released_document_is_what_an_answer_comes_from(talk: Talk, ask: Ask) -> None:
    learn(talk)
    events = talk.v1("Of what was the lighthouse of Pharos built?")
    assert "limestone" in text_of(events)
    found = [
        step["debugging"]["knowledge"]
        for name, data in events
        if name == "token_stat"
        for step in data["payload"]["procedures"]
        if step["name"] == "knowledge"
    ]
    assert "limestone" in found[-1][0]["content"]
    refer = next(data["payload"]["references"][0] for name, data in events if name == "reference")
    detail = ask("DescribeRefer", BotBizId=SHOP, ReferBizIds=[refer["id"]])["List"][0]
    assert (detail["DocType"], detail["DocName"], detail["DocBizId"]) == (2, "lighthouses.md", refer["doc_id"])
    assert "limestone" in detail["PageContent"]
    assert counts(ask)["KnowledgeCount"] == 1


def test_a_draft_is_not_seen_by_production_calls(talk: Talk, ask: Ask) -> None:
    learn(talk)
    account = talk.account
    now = account.clock.now()
    (qa,) = account.qas.of(SHOP, now)
    account.qas.change(qa, account.uin, now, answer="Never.")
    account.clock.advance(60)
    assert text_of(talk.v1()) == "From nine to five."


def test_a_deleted_app_is_gone_with_all_that_was_said_in_it(talk: Talk, ask: Ask) -> None:
    learn(talk)
    events = talk.v1()
    refer = next(data["payload"]["references"][0]["id"] for name, data in events if name == "reference")
    ask("DeleteApp", AppBizId=SHOP, AppType="knowledge_qa")
    assert talk.account.conversations.select() == []
    assert talk.account.conversations.reference(refer) is None
    assert code_of(talk.v1()) == 4505004
    assert refused(ask, "DescribeRefer", BotBizId=SHOP, ReferBizIds=[refer]).get_code() == "FailedOperation"


def test_a_rejected_question_is_not_answered(talk: Talk, ask: Ask) -> None:
    learn(talk)
    events = talk.v1("How much do you earn?")
    assert [data["payload"]["reply_method"] for name, data in events if name == "reply"][-1] == 3
    assert talk.used(sub_biz_type="KnowledgeQA").calls == 0
    assert counts(ask) == {"Total": 1, "RejectCount": 1}
