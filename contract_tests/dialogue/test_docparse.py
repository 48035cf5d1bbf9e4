"""docParse: a document is read for one conversation, whose questions may then name it."""

from typing import Any

import pytest

from contract_tests.dialogue.conftest import CONVERSATION, SHOP, Events, Talk, code_of, text_of
from lke_emulator.knowledge import parsing
from lke_emulator.knowledge.objects import Object

PATH = "/v1/qbot/chat/docParse"
TEXT = b"The lighthouse of Pharos was built of limestone blocks."
STORED = {"cos_url": "/corp/1/tower.txt", "cos_hash": "77", "e_tag": '"e"', "size": str(len(TEXT)), "cos_bucket": "b"}
REQUEST = {
    "session_id": "session-1",
    "request_id": "r-1",
    "bot_app_key": "shop-key",
    "file_type": "txt",
    "file_name": "tower.txt",
    **STORED,
}


def parse(talk: Talk, **members: Any) -> Events:
    """`None` leaves a member out."""
    body = {name: value for name, value in {**REQUEST, **members}.items() if value is not None}
    return talk.events("docparse", PATH, body)


def store(talk: Talk, content: bytes = TEXT) -> None:
    talk.account.objects.put(Object(path="/corp/1/tower.txt", content=content, etag="e", crc64="77"))


def last(events: Events) -> dict[str, Any]:
    payload: dict[str, Any] = events[-1][1]["payload"]
    return payload


def test_a_document_is_read_and_its_pages_are_metered(talk: Talk) -> None:
    store(talk)
    events = parse(talk)
    assert [data["payload"]["status"] for _, data in events] == ["RUNNING", "RUNNING", "SUCCESS"]
    assert [data["payload"]["is_final"] for _, data in events] == [False, False, True]
    assert len({data["payload"]["doc_id"] for _, data in events}) == 1
    assert last(events)["process"] == 100
    assert talk.used(apps=(SHOP,), sub_biz_type="FileParse").pages == 1


def test_a_long_document_is_read_too(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own, for which nobody else waits."""
    monkeypatch.setattr(parsing, "LONG_TEXT", 100)
    text = TEXT * 10
    store(talk, text)
    told = parse(talk, size=str(len(text)))
    assert last(told)["status"] == "SUCCESS"
    assert talk.used(apps=(SHOP,), sub_biz_type="FileParse").pages == 1


def test_a_question_is_answered_from_the_document_that_came_with_it(talk: Talk) -> None:
    store(talk)
    document = last(parse(talk))["doc_id"]
    file = {"file_name": "tower.txt", "file_size": "1", "file_url": "u", "file_type": "txt", "doc_id": document}
    events = talk.v1("What is it built of?", file_infos=[file])
    assert "limestone" in text_of(events)
    final = [data["payload"] for name, data in events if name == "reply"][-1]
    assert (final["reply_method"], final["can_rating"]) == (14, False)
    echo = events[0][1]["payload"]
    assert echo["file_infos"][0]["doc_id"] == document


def test_v2_takes_a_document_by_either_of_its_ids(talk: Talk) -> None:
    store(talk)
    document = last(parse(talk, session_id=CONVERSATION))["doc_id"]
    for name in ("DocId", "DocBizId"):
        contents = [
            {"Type": "text", "Text": "What is it built of?"},
            {"Type": "file", "File": {"FileName": "a", name: document}},
        ]
        events = talk.v2(Contents=contents)
        assert "limestone" in text_of(events)
        assert events[0][1]["RequestAck"]["Messages"][0]["Contents"][1]["File"][name] == document


def test_a_document_of_another_conversation_is_not_known(talk: Talk) -> None:
    store(talk)
    document = last(parse(talk, session_id="session-2"))["doc_id"]
    assert code_of(talk.v1(file_infos=[{"file_name": "a", "doc_id": document}])) == 400
    assert code_of(talk.v1(file_infos=[{"file_name": "a", "doc_id": "7"}])) == 400
    assert text_of(talk.v1(file_infos=[{"file_name": "a", "doc_id": "0"}]))


def test_a_document_that_was_not_uploaded_here_has_a_seeded_text(talk: Talk) -> None:
    assert last(parse(talk))["status"] == "SUCCESS"
    assert last(parse(talk, cos_url=None, file_url="https://example.com/a.pdf", size=None, file_type="pdf"))["is_final"]


@pytest.mark.parametrize("spoilt", [{"cos_hash": "78"}, {"size": "1"}])
def test_an_object_that_is_another_one_fails(talk: Talk, spoilt: dict[str, str]) -> None:
    store(talk)
    told = last(parse(talk, **spoilt))
    assert (told["status"], told["doc_id"], told["is_final"]) == ("FAILED", "0", True)
    assert told["error_message"]
    assert talk.used(sub_biz_type="FileParse").pages == 0


def test_a_file_that_is_none_fails(talk: Talk) -> None:
    store(talk, b"no zip at all")
    told = last(parse(talk, file_name="tower.docx", file_type="docx", size=None))
    assert (told["status"], told["doc_id"]) == ("FAILED", "0")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"bot_app_key": None},
        {"session_id": "a b"},
        {"cos_url": None},
        {"file_name": None},
        {"file_name": 7},
        {"size": "big"},
        {"request_id": "r" * 256},
    ],
)
def test_what_is_not_as_documented_is_told_by_an_event_that_is_final(talk: Talk, spoilt: dict[str, Any]) -> None:
    (name, data), *others = parse(talk, **spoilt)
    assert (name, others) == ("error", [])
    assert (data["payload"]["status"], data["payload"]["is_final"], data["payload"]["doc_id"]) == ("FAILED", True, "0")
    assert "请求参数错误" in data["payload"]["error_message"]


def test_session_and_request_may_be_left_out(talk: Talk) -> None:
    assert last(parse(talk, session_id=None, request_id=None))["status"] == "SUCCESS"


def test_a_wrong_key_has_its_text(talk: Talk) -> None:
    assert last(parse(talk, bot_app_key="nobody"))["error_message"] == "应用密钥无效"


def test_the_words_and_the_event_are_settings(talk: Talk) -> None:
    talk.control.assume(docparse_status_words=("PROCESSING", "COMPLETED", "FAILED"))
    assert [data["payload"]["status"] for _, data in parse(talk)] == ["PROCESSING", "PROCESSING", "COMPLETED"]
