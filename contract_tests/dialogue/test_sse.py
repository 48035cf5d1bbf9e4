"""v1 and v2 over server-sent events, as public clients read them."""

import json
from typing import Any

import httpx
import pytest

from contract_tests.dialogue.conftest import CONVERSATION, DRAFT, SHOP, Talk, code_of, text_of
from contract_tests.lke.asked import asked
from lke_emulator.account.faults import FaultRule

SSE, CHAT = "/v1/qbot/chat/sse", "/adp/v2/chat"


def test_the_same_question_is_answered_the_same_over_both(talk: Talk) -> None:
    assert text_of(talk.v1()) == text_of(talk.v2()) != ""


def test_a_v2_body_is_understood_on_the_path_of_v1(talk: Talk) -> None:
    events = talk.v2(path=SSE)
    assert events[0][0] == "request_ack"
    assert events[-1] == ("done", "[DONE]")


def test_the_lines_are_written_as_public_clients_look_for_them(talk: Talk) -> None:
    body = {"session_id": "s1", "bot_app_key": "shop-key", "visitor_biz_id": "v", "content": "hi"}
    lines = httpx.post(talk.url + SSE, json=body).text.splitlines()
    assert lines[0] == "event:reply"
    assert lines[1].startswith('data:{"')
    assert all(line == "" or line.startswith(("event:", "data:{")) for line in lines)
    told = {"ConversationId": CONVERSATION, "AppKey": "shop-key", "Contents": [{"Type": "text", "Text": "hi"}]}
    text = httpx.post(talk.url + CHAT, json=told).text
    assert text.startswith('event: request_ack\ndata: {"')
    assert text.endswith("event: done\ndata: [DONE]\n\n")


def test_neither_content_type_nor_accept_is_looked_at(talk: Talk) -> None:
    body = json.dumps(
        {"session_id": "s1", "bot_app_key": "shop-key", "visitor_biz_id": "v", "content": "你好"}
    ).encode()
    for headers in (
        {},
        {"content-type": "application/json; charset=utf-8"},
        {"accept": "*/*", "content-type": "text/plain"},
    ):
        answer = httpx.post(talk.url + SSE, content=body, headers=headers)
        assert answer.text.startswith("event:reply")


def test_a_member_with_another_meaning_elsewhere_is_not_looked_at(talk: Talk) -> None:
    assert text_of(talk.v1(message="x", model=7, timeout={"a": 1}, is_evaluate_test=True))
    assert text_of(talk.v2(VisitorBizId="v", AppId="x", SpaceId=3, AgentId=None))


def test_the_request_id_of_the_caller_is_told_back_and_one_is_made_where_there_is_none(talk: Talk) -> None:
    events = talk.v1(request_id="mine-1")
    assert {data["payload"]["request_id"] for name, data in events if name == "reply"} == {"mine-1"}
    mine = "request-0123456789-0123456789-01"
    assert talk.v2(RequestId=mine)[0][1]["RequestAck"]["ExtraInfo"]["RequestId"] == mine
    made = talk.v2()[0][1]["RequestAck"]["ExtraInfo"]["RequestId"]
    word, _, digits = made.partition("-")
    assert (len(word), len(digits)) == (10, 10)


@pytest.mark.parametrize(
    ("key", "code"),
    [("nobody", 4505004), ("draft-key", 460048), ("stopped-key", 460026), ("parser-key", 460030)],
)
def test_an_app_that_does_not_answer_says_so_with_its_code(talk: Talk, key: str, code: int) -> None:
    assert code_of(talk.v1(bot_app_key=key)) == code
    assert code_of(talk.v2(AppKey=key)) == code
    assert talk.used().calls == 0
    assert talk.journal()["Code"] == str(code)


def test_an_app_that_was_never_released_can_say_that_its_knowledge_was_not(talk: Talk) -> None:
    talk.control.assume(dialogue_unreleased=460021)
    assert code_of(talk.v1(bot_app_key="draft-key")) == 460021


V1 = {"session_id": "s1", "bot_app_key": "shop-key", "visitor_biz_id": "v", "content": "hi"}
V2 = {"ConversationId": CONVERSATION, "AppKey": "shop-key", "Contents": [{"Type": "text", "Text": "hi"}]}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"session_id": None},
        {"session_id": "x"},
        {"session_id": "a b"},
        {"session_id": 7},
        {"bot_app_key": None},
        {"bot_app_key": ""},
        {"bot_app_key": "k" * 129},
        {"visitor_biz_id": None},
        {"visitor_biz_id": "v" * 65},
        {"content": None},
        {"content": ""},
        {"content": ["hi"]},
        {"request_id": "r" * 256},
        {"streaming_throttle": -1},
        {"streaming_throttle": "5"},
        {"custom_variables": {"a": 1}},
        {"custom_variables": ["a"]},
        {"search_network": "on"},
        {"stream": True},
        {"incremental": "yes"},
        {"file_infos": {"file_name": "a"}},
        {"visitor_labels": [{"name": "a", "values": "b"}]},
        {"model_name": "no-such-model"},
    ],
)
def test_a_v1_body_that_is_not_as_documented_is_a_400(talk: Talk, spoilt: dict[str, Any]) -> None:
    assert code_of(talk.events("v1", SSE, {**V1, **spoilt})) == 400


@pytest.mark.parametrize(
    "spoilt",
    [
        {"ConversationId": None},
        {"ConversationId": "too-short"},
        {"ConversationId": "x" * 65},
        {"ConversationId": "ü" * 40},
        {"RequestId": "short"},
        {"AppKey": 7},
        {"Contents": None},
        {"Contents": []},
        {"Contents": "hi"},
        {"Contents": ["hi"]},
        {"Contents": [{}]},
        {"Contents": [{"Type": "smell"}]},
        {"Contents": [{"Type": ["text"]}]},
        {"Contents": [{"Type": "text", "Text": 7}]},
        {"Contents": [{"Type": "image"}]},
        {"Contents": [{"Type": "image", "Image": "x"}]},
        {"Contents": [{"Type": "file", "File": 7}]},
        {"Contents": [{"Type": "custom_variables", "CustomVariables": {"a": 7}}]},
        {"StreamingThrottle": -1},
        {"Incremental": 1},
        {"Stream": "maybe"},
        {"ModelName": "no-such-model"},
    ],
)
def test_a_v2_body_that_is_not_as_documented_is_a_400(talk: Talk, spoilt: dict[str, Any]) -> None:
    assert code_of(talk.events("v2", CHAT, {**V2, **spoilt})) == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b"[" * 5000, b"{}"])
@pytest.mark.parametrize("path", [SSE, CHAT, "/v1/qbot/chat/docParse"])
def test_a_body_that_is_no_object_is_a_400_in_an_event(talk: Talk, path: str, body: bytes) -> None:
    answer = httpx.post(talk.url + path, content=body)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream"
    assert "400" in answer.text or '"status":"FAILED"' in answer.text
    assert answer.text.startswith(("event:error\ndata:{", "event: error\ndata: {"))
    assert answer.text.endswith("\n\n")


def test_what_is_before_the_application_is_no_event(talk: Talk) -> None:
    assert httpx.get(talk.url + SSE).status_code == 405
    assert httpx.post(talk.url + "/v1/qbot/chat/other", json={}).status_code == 404
    assert httpx.post(talk.url + CHAT + "/other", json={}).status_code == 404


def test_an_input_above_its_length_has_its_own_code(talk: Talk) -> None:
    assert code_of(talk.v1("x" * 12_001)) == 460034
    assert code_of(talk.v2(SystemRole="x" * 4_001)) == 460034


def test_an_answer_is_metered_for_its_app_its_caller_and_its_model(talk: Talk) -> None:
    events = talk.v2()
    stat = next(data["Response"]["StatInfo"] for name, data in events if name == "response.completed")
    used = talk.used(
        apps=(SHOP,),
        space="default_space",
        model="cs-normal",
        sub_accounts=(talk.account.uin,),
        sub_biz_type="KnowledgeQA",
        call_type="对话调用-API对话",
    )
    assert (used.calls, used.input, used.output) == (1, stat["InputTokens"], stat["OutputTokens"])
    assert talk.used(sub_biz_type="SearchEngine").rag == 1
    told = talk.journal()
    assert (told["Action"], told["Verdict"], told["Account"]) == ("dialogue.v2.sse", "ok", talk.account.uin)


def test_a_search_of_the_web_is_metered_and_refused_where_nothing_pays_for_it(talk: Talk) -> None:
    talk.v1(search_network="enable")
    assert talk.used(sub_biz_type="SearchEngine").internet == 1
    talk.account.clock.advance(7200)
    talk.account.billing.switch("SearchEngine", False, talk.account.uin, talk.account.clock.now())
    assert code_of(talk.v1(search_network="enable")) == 460037
    assert text_of(talk.v1())


def test_what_nothing_pays_for_is_refused(talk: Talk) -> None:
    talk.account.clock.advance(7200)
    talk.account.billing.switch("KnowledgeQA", False, talk.account.uin, talk.account.clock.now())
    assert code_of(talk.v1()) == 460032
    assert code_of(talk.v2()) == 460032
    talk.account.billing.activate(False)
    assert code_of(talk.v1()) == 460026


def test_more_calls_than_a_model_has_places_are_refused_and_counted(talk: Talk, lke: Any) -> None:
    now = talk.account.clock.now()
    for _ in range(2):
        talk.account.concurrency.enter("cs-normal", now)
    assert code_of(talk.v1()) == 460701
    assert code_of(talk.v2()) == 460701
    for _ in range(2):
        talk.account.concurrency.leave("cs-normal", now)
    assert text_of(talk.v1())
    assert talk.account.concurrency.in_flight("cs-normal") == 0
    whole = {"TimeRange": {"StartTime": str(int(now)), "EndTime": str(int(now))}}
    for scope, count in (
        ({"ViewType": 1}, 2),
        ({"ViewType": 3, "ScopeId": SHOP}, 2),
        ({"ViewType": 3, "ScopeId": DRAFT}, 0),
    ):
        told = asked(talk.account, "adp.DescribeConcurrencyLimitDetailList", ViewScope=scope, **whole)
        assert told["TotalCount"] == str(count)
        for row in told["ConcurrencyLimitDetailList"]:
            assert (row["CallSource"]["SubjectId"], row["SpaceId"]) == (SHOP, "default_space")
            assert row["RequestQuery"] == "When are you open?"


def test_a_caller_who_leaves_is_charged_for_what_was_sent_and_gives_back_the_place(talk: Talk) -> None:
    talk.rules({"content": "word " * 200, "delay_per_token": 0.01})
    with httpx.stream("POST", talk.url + SSE, json={**V1, "incremental": True}) as answer:
        for number, _ in enumerate(answer.iter_lines()):
            if number > 20:
                break
    for _ in range(500):
        httpx.get(talk.url + "/_emulator/health")
        if not talk.account.concurrency.in_flight("cs-normal"):
            break
    assert talk.account.concurrency.in_flight("cs-normal") == 0
    assert 0 < talk.used(sub_biz_type="KnowledgeQA").output < 200
    record = talk.account.conversations.find("s1")
    assert record is not None
    assert record.records[-1].status == "stop"
    assert talk.journal()["Code"] in ("disconnected", "")


def test_a_connection_that_a_rule_cuts_ends_in_the_middle(talk: Talk) -> None:
    talk.rules({"content": "word " * 50, "cut_after": 5})
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(talk.url + SSE, json=V1)
    assert talk.used(sub_biz_type="KnowledgeQA").output == 5


def test_a_conversation_remembers_and_another_does_not(talk: Talk) -> None:
    talk.v1("My name is Ada.")
    conversation = talk.account.conversations.find("session-1", SHOP)
    assert conversation is not None
    before = talk.used(sub_biz_type="KnowledgeQA").input
    talk.v1("What is my name?")
    second = talk.used(sub_biz_type="KnowledgeQA").input - before
    talk.v1("What is my name?", session_id="session-2")
    third = talk.used(sub_biz_type="KnowledgeQA").input - before - second
    assert second > third


def test_english_is_spoken_where_it_is_asked_for(talk: Talk) -> None:
    assert "success" in str(talk.v1(path=SSE))
    told = talk.events("v2", CHAT + "?language=en-US", V2)
    assert told[0][1]["RequestAck"]["StatusDesc"] == "Request Succeeded"
    error = talk.events("v2", CHAT + "?language=en-US", {**V2, "AppKey": "nobody"})
    assert error[0][1]["Error"]["Message"].isascii()
    assert talk.v2()[0][1]["RequestAck"]["StatusDesc"] == "请求成功"


def test_a_page_of_this_machine_may_call_and_another_may_not(talk: Talk) -> None:
    asked = httpx.post(talk.url + CHAT, json=V2, headers={"origin": "http://localhost:3000"})
    assert asked.headers["access-control-allow-origin"] == "http://localhost:3000"
    asked = httpx.post(talk.url + CHAT, json=V2, headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in asked.headers


def test_anyone_may_talk_where_authentication_is_off(talk: Talk) -> None:
    talk.control.app.running.settings = type(talk.control.app.running.settings)(port=0, auth="off")
    assert text_of(talk.v2(AppKey="whatever"))


def test_an_answer_that_fails_is_told_by_an_event_and_kept(talk: Talk) -> None:
    talk.rules({"error": {"code": "460020", "message": "Too slow today."}})
    events = talk.v1()
    assert events[-1][1]["payload"]["error"] == {"code": 460020, "message": "Too slow today."}
    assert talk.v2()[-1][1]["Error"]["Message"] == "Too slow today."
    assert talk.journal()["Code"] == "460020"
    talk.control.assume(v2_run_failure="completed")
    last = talk.v2()[-2][1]["Response"]
    assert last["Status"] == "failed"


def test_a_fault_strikes_a_dialogue_as_every_other_call(talk: Talk) -> None:
    talk.account.faults.add(FaultRule(operation="dialogue.v1.sse", error="460031", first=1))
    assert code_of(talk.v1()) == 460031
    assert talk.used().calls == 0
    assert text_of(talk.v1())
    talk.account.faults.add(FaultRule(surface="dialogue", drop_after=3, first=1))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(talk.url + CHAT, json=V2)
