"""The life of a document: saved, parsed, audited, learned, found, changed, retried, deleted."""

from typing import Any

import pytest

from contract_tests.lke.saving import save, save_params, save_qa, upload
from contract_tests.lke.worlds import SHOP, Ask, Refused, pages
from lke_emulator.account.account import Account
from lke_emulator.knowledge.failures import FailureSection

PARSING, AUDITING, LEARNING, THERE, EXPIRED = 17, 7, 13, 10, 20
DAY = 86_400


def status(ask: Ask, id: str) -> int:
    found: int = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)["Status"]
    return found


def listed(ask: Ask, **params: Any) -> list[str]:
    rows = pages(ask, "ListDoc", "List", 50, BotBizId=SHOP, **params)
    assert int(ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1, **params)["Total"]) == len(rows)
    return [row["DocBizId"] for row in rows]


def there(ask: Ask, shop: Account, name: str, content: bytes = b"", **params: Any) -> str:
    """A document that is saved and learned."""
    id = save(ask, name, content, **params)
    shop.clock.advance(10)
    return id


def test_a_saved_document_moves_until_it_is_there(ask: Ask, shop: Account) -> None:
    id = save(ask, "prices.md")
    seen = [status(ask, id)]
    for _ in range(40):
        shop.clock.advance(0.1)
        if status(ask, id) != seen[-1]:
            seen.append(status(ask, id))
    assert seen == [PARSING, AUDITING, LEARNING, THERE]


def test_a_saved_document_is_told_back(ask: Ask, shop: Account) -> None:
    params = save_params("prices.md", b"All prices", IsRefer=True, WebUrl="https://a.example.com", ReferUrlType=1)
    reply = ask("SaveDoc", **params, ExpireStart="1790000000", ExpireEnd="1890000000", EnableScope=4)
    assert {**reply, "RequestId": "", "DocBizId": ""} == {
        "DocBizId": "",
        "ErrorMsg": "",
        "ErrorLink": "",
        "ErrorLinkText": "",
        "DuplicateFileCheckType": 0,
        "RequestId": "",
    }
    shop.clock.advance(10)
    (row,) = ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"]
    said = ("FileName", "FileType", "CosUrl", "IsRefer", "WebUrl", "ReferUrlType")
    assert {name: row[name] for name in said} == {name: params[name] for name in said}
    assert (row["DocBizId"], row["DocSize"], row["ExpireEnd"]) == (reply["DocBizId"], params["Size"], "1890000000")
    assert (row["Status"], row["StatusDesc"], row["EnableScope"], row["QaNum"]) == (THERE, "导入完成", 4, 0)
    assert (row["IsAllowEdit"], row["IsAllowDelete"], row["IsAllowRefer"], row["IsAllowRetry"]) == (
        True,
        True,
        True,
        False,
    )
    shown = ask("DescribeDoc", BotBizId=SHOP, DocBizId=reply["DocBizId"])
    assert {name: shown[name] for name in shown if name in row} == {name: row[name] for name in row if name in shown}
    assert shown["CateNamePath"] == ["未分类"]


def test_an_id_tells_when_a_document_was_made(ask: Ask, shop: Account) -> None:
    moment = ((int(save(ask, "a.txt")) >> 22) + 1288834974657) / 1000
    assert moment == shop.clock.now()


def test_the_text_that_was_uploaded_is_counted_cut_and_previewed(ask: Ask, shop: Account) -> None:
    text = "# Prices\n\nA lamp costs nine.\n" + "More about lamps. " * 200
    params = upload(shop, "prices.md", text.encode())
    id = ask("SaveDoc", **params)["DocBizId"]
    shown = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)
    assert int(shown["DocCharSize"]) >= len(text)
    segment = shop.retrieval.segments(SHOP, [])
    assert segment == []
    preview = ask("GetDocPreview", BotBizId=SHOP, DocBizId=id)
    assert (preview["FileName"], preview["CosUrl"]) == ("prices.md", params["CosUrl"])
    path = "/files/" + preview["ParseResultCosUrl"].partition("/files/")[2]
    assert shop.files.open(path, shop.clock.now()).decode().startswith("# Prices")


@pytest.mark.parametrize(("member", "value"), [("Size", "3"), ("CosHash", "1"), ("ETag", '"0"')])
def test_what_was_uploaded_must_be_what_is_saved(
    ask: Ask, refused: Refused, shop: Account, member: str, value: str
) -> None:
    error = refused("SaveDoc", **{**upload(shop, "a.txt", b"hello"), member: value})
    assert (error.get_code(), member in error.get_message()) == ("FailedOperation", True)
    assert listed(ask) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"FileType": "exe"}, "InvalidParameter"),
        ({"Size": "0"}, "InvalidParameter"),
        ({"Size": "-1"}, "InvalidParameter"),
        ({"Size": str(20 * 1024 * 1024 + 1)}, "InvalidParameter"),
        ({"Size": "many"}, "InvalidParameter"),
        ({"CosUrl": ""}, "MissingParameter"),
        ({"FileName": ""}, "MissingParameter"),
        ({"ReferUrlType": 1}, "MissingParameter"),
        ({"ReferUrlType": 2}, "InvalidParameter"),
        ({"EnableScope": 5}, "InvalidParameter"),
        ({"AttrRange": 3}, "InvalidParameter"),
        ({"Opt": 3}, "InvalidParameter"),
        ({"ExpireEnd": "soon"}, "InvalidParameter"),
        ({"ExpireStart": "1890000000", "ExpireEnd": "1880000000"}, "InvalidParameter"),
        ({"UpdatePeriodInfo": {"UpdatePeriodH": 5}}, "InvalidParameter"),
        ({"CateBizId": "77"}, "FailedOperation"),
        ({"AttrLabels": [{"AttributeBizId": "77", "LabelBizIds": ["1"]}]}, "FailedOperation"),
        ({"BotBizId": "4711"}, "FailedOperation"),
    ],
)
def test_what_cannot_be_saved_leaves_nothing_behind(
    ask: Ask, refused: Refused, change: dict[str, Any], code: str
) -> None:
    error = refused("SaveDoc", **{**save_params("a.txt"), **change})
    assert error.get_code() == code
    assert (
        next(iter(change)) in error.get_message()
        or "77" in error.get_message()
        or "4711" in error.get_message()
        or ("WebUrl" in error.get_message())
    )
    assert listed(ask) == []


def test_equal_content_is_a_duplicate_whatever_it_is_called(ask: Ask, refused: Refused) -> None:
    id = save(ask, "a.txt", b"same")
    error = refused("SaveDoc", **save_params("b.txt", b"same"))
    assert error.get_code() == "FailedOperation"
    assert "450020" in error.get_message()
    assert id in error.get_message()
    skip = [{"CheckType": 1, "HandleType": 2}]
    reply = ask("SaveDoc", **save_params("b.txt", b"same", DuplicateFileHandles=skip))
    assert (reply["DocBizId"], reply["DuplicateFileCheckType"]) == (id, 1)
    refused("SaveDoc", **save_params("b.txt", b"same", DuplicateFileHandles=[{"CheckType": 1, "HandleType": 1}, *skip]))
    assert listed(ask) == [id]
    ask("DeleteDoc", BotBizId=SHOP, DocBizIds=[id])
    assert save(ask, "b.txt", b"same") != id


def test_the_filters_of_the_list_find_what_they_say(ask: Ask, shop: Account) -> None:
    old = there(ask, shop, "Lamp prices.md", EnableScope=4)
    shop.clock.advance(DAY)
    label = ask("CreateAttributeLabel", BotBizId=SHOP, AttrName="Region", Labels=[{"LabelName": "North"}])
    attribute = label["AttrBizId"]
    ref = [{"Source": 1, "AttributeBizId": attribute, "LabelBizIds": [label["Labels"][0]["LabelBizId"]]}]
    tagged = there(ask, shop, "chairs.docx", AttrLabels=ref, AttrRange=2)
    new = save(ask, "tables.txt")
    assert listed(ask) == [new, tagged, old]
    assert listed(ask, Query="LAMP") == [old]
    assert listed(ask, Query="north", QueryType="attribute") == [tagged]
    assert listed(ask, Query="lke:system:untagged") == [new, old]
    assert listed(ask, FileTypes=["docx", "txt"]) == [new, tagged]
    assert listed(ask, Status=[PARSING]) == [new]
    assert listed(ask, Status=[12]) == listed(ask, Status=[THERE]) == [tagged, old]
    assert listed(ask, EnableScope=4) == [old]
    day = {"Start": str(int(shop.clock.now()) - 60), "End": ""}
    assert listed(ask, UpdateTime=day) == [new, tagged]
    ask("GenerateQA", BotBizId=SHOP, DocBizIds=[old])
    shop.clock.advance(5)
    assert listed(ask, FilterFlag=[{"Flag": "is_created_qa", "Value": True}]) == [old]


def test_times_of_a_filter_are_read_in_both_documented_forms(ask: Ask, shop: Account, refused: Refused) -> None:
    save(ask, "a.txt")
    local = {"Start": "2026-09-21 22:13:00", "End": "2026-09-21 22:14:00"}
    utc = {"Start": "2026-09-21T14:13:00Z", "End": "2026-09-21T14:14:00Z"}
    assert int(shop.clock.now()) == 1_790_000_000
    assert len(listed(ask, UpdateTime=local)) == len(listed(ask, UpdateTime=utc)) == 1
    assert listed(ask, UpdateTime={"Start": "2026-09-21 22:14:00", "End": ""}) == []
    error = refused("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1, UpdateTime={"Start": "soon", "End": ""})
    assert "UpdateTime.Start" in error.get_message()


@pytest.mark.parametrize(("stage", "reached"), [("parse", 18), ("import", 19), ("audit", 8), ("learn", 14)])
def test_a_document_fails_where_it_is_told_to_and_is_retried(
    ask: Ask, shop: Account, refused: Refused, stage: str, reached: int
) -> None:
    shop.failures.add(FailureSection(kind="document", name="bad*", stage=stage, reason="no luck", times=1))
    id, good = there(ask, shop, "bad.txt"), there(ask, shop, "good.txt")
    shown = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)
    assert (shown["Status"], shown["Reason"], shown["IsAllowEdit"]) == (reached, "no luck", False)
    assert ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1, Status=[reached])["List"][0]["IsAllowRetry"]
    error = refused("ModifyDoc", BotBizId=SHOP, DocBizId=id, IsRefer=True, AttrRange=1)
    assert (error.get_code(), id in error.get_message()) == ("FailedOperation", True)
    assert refused("RetryDocParse", BotBizId=SHOP, DocBizIds=[id, good]).get_code() == "FailedOperation"
    assert status(ask, id) == reached
    if stage == "audit":
        ask("RetryDocAudit", BotBizId=SHOP, DocBizId=id)
        assert status(ask, id) == AUDITING
    else:
        assert refused("RetryDocAudit", BotBizId=SHOP, DocBizId=id).get_code() == "FailedOperation"
        ask("RetryDocParse", BotBizId=SHOP, DocBizIds=[id])
        assert status(ask, id) == PARSING
    shop.clock.advance(10)
    assert status(ask, id) == THERE


def test_parsing_can_be_stopped_and_begun_again(ask: Ask, shop: Account, refused: Refused) -> None:
    id = save(ask, "a.txt")
    ask("StopDocParse", BotBizId=SHOP, DocBizId=id)
    assert status(ask, id) == 18
    assert refused("StopDocParse", BotBizId=SHOP, DocBizId=id).get_code() == "FailedOperation"
    ask("RetryDocParse", BotBizId=SHOP, DocBizId=id)
    shop.clock.advance(10)
    assert status(ask, id) == THERE


def test_a_file_that_is_not_what_it_says_cannot_be_parsed(ask: Ask, shop: Account) -> None:
    id = ask("SaveDoc", **upload(shop, "a.docx", b"no zip at all"))["DocBizId"]
    shop.clock.advance(10)
    shown = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)
    assert (shown["Status"], shown["DocCharSize"]) == (18, "0")
    assert "DOCX" in shown["Reason"]


def test_a_document_expires(ask: Ask, shop: Account) -> None:
    id = there(ask, shop, "a.txt", ExpireEnd=str(int(shop.clock.now()) + DAY))
    assert status(ask, id) == THERE
    shop.clock.advance(DAY)
    assert status(ask, id) == EXPIRED


def test_what_was_finished_stays_finished_when_the_clock_is_set_back(ask: Ask, shop: Account) -> None:
    id = there(ask, shop, "a.txt")
    shop.clock.set(shop.clock.now() - DAY)
    assert status(ask, id) == THERE


def test_members_are_modified_and_the_rest_stays(ask: Ask, shop: Account) -> None:
    id = there(ask, shop, "a.txt", ExpireEnd="1890000000", EnableScope=4)
    ask("ModifyDoc", BotBizId=SHOP, DocBizId=id, IsRefer=True, AttrRange=1, WebUrl="https://b.example.com")
    (row,) = ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"]
    assert (row["IsRefer"], row["WebUrl"], row["ExpireEnd"], row["EnableScope"]) == (
        True,
        "https://b.example.com",
        "1890000000",
        4,
    )


def test_a_new_name_waits_for_the_next_release(ask: Ask, shop: Account, refused: Refused) -> None:
    id = there(ask, shop, "a.txt", EnableScope=4)
    ask("RenameDoc", BotBizId=SHOP, DocBizId=id, NewName="b.txt")

    def names() -> tuple[str, str]:
        (row,) = ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"]
        return row["FileName"], row["NewName"]

    assert names() == ("a.txt", "b.txt")
    ask("CreateRelease", BotBizId=SHOP)
    shop.clock.advance(10)
    assert names() == ("b.txt", "")
    assert refused("RenameDoc", BotBizId=SHOP, DocBizId=id, NewName="b.pdf").get_code() == "InvalidParameter"
    assert refused("RenameDoc", BotBizId=SHOP, DocBizId=id).get_code() == "MissingParameter"


def test_labels_of_several_documents_are_set_at_once(ask: Ask, shop: Account, refused: Refused) -> None:
    ids = [there(ask, shop, "a.txt"), there(ask, shop, "b.txt")]
    label = ask("CreateAttributeLabel", BotBizId=SHOP, AttrName="Region", Labels=[{"LabelName": "North"}])
    ref = [{"Source": 1, "AttributeBizId": label["AttrBizId"], "LabelBizIds": [label["Labels"][0]["LabelBizId"]]}]
    lost = {"DocBizIds": [*ids, "77"], "AttrRange": 2, "AttrLabels": ref}
    assert "77" in refused("ModifyDocAttrRange", BotBizId=SHOP, **lost).get_message()
    ask("ModifyDocAttrRange", BotBizId=SHOP, DocBizIds=ids, AttrRange=2, AttrLabels=ref)
    for id in ids:
        (row,) = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)["AttrLabels"]
        assert (row["AttrName"], [each["LabelName"] for each in row["Labels"]]) == ("Region", ["North"])
    ask("DeleteAttributeLabel", BotBizId=SHOP, AttributeBizIds=[label["AttrBizId"]])
    assert ask("DescribeDoc", BotBizId=SHOP, DocBizId=ids[0])["AttrLabels"] == []


def test_a_deleted_document_is_gone_everywhere(ask: Ask, shop: Account, refused: Refused) -> None:
    id, other = there(ask, shop, "a.txt"), there(ask, shop, "b.txt")
    qa = save_qa(ask, "What?", DocBizId=id)
    ask("DeleteDoc", BotBizId=SHOP, DocBizIds=[id])
    assert listed(ask) == [other]
    assert [row["Value"] for row in ask("ListSelectDoc", BotBizId=SHOP)["List"]] == [other]
    assert ask("GetAppKnowledgeCount", AppBizId=SHOP, Type="doc")["Total"] == "1"
    assert ask("DescribeQA", BotBizId=SHOP, QaBizId=qa)["DocBizId"] == "0"
    calls: dict[str, dict[str, Any]] = {
        "DescribeDoc": {"DocBizId": id},
        "GetDocPreview": {"DocBizId": id},
        "RenameDoc": {"DocBizId": id, "NewName": "c.txt"},
        "DeleteDoc": {"DocBizIds": [other, id]},
        "GroupDoc": {"BizIds": [id], "CateBizId": "0"},
        "GenerateQA": {"DocBizIds": [id]},
        "StopDocParse": {"DocBizId": id},
        "RetryDocParse": {"DocBizIds": [id]},
        "RetryDocAudit": {"DocBizId": id},
        "ModifyDoc": {"DocBizId": id, "IsRefer": False, "AttrRange": 1},
    }
    for action, params in calls.items():
        error = refused(action, BotBizId=SHOP, **params)
        assert (error.get_code(), id in error.get_message()) == ("FailedOperation", True)
    assert listed(ask) == [other]


def test_qa_are_generated_from_a_document_and_wait_for_verification(ask: Ask, shop: Account, refused: Refused) -> None:
    text = "# Lamps\n\nA lamp costs nine euros. It is green.\n\n# Chairs\n\nA chair costs ten euros. It is red.\n"
    id = ask("SaveDoc", **upload(shop, "prices.md", text.encode()))["DocBizId"]
    assert refused("GenerateQA", BotBizId=SHOP, DocBizIds=[id]).get_code() == "FailedOperation"
    shop.clock.advance(10)
    ask("GenerateQA", BotBizId=SHOP, DocBizIds=[id])
    shown = ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"][0]
    assert (shown["IsCreatingQa"], shown["Processing"], shown["QaNum"], shown["Status"]) == (True, [1], 0, THERE)
    assert ask("ListQA", BotBizId=SHOP, PageNumber=1, PageSize=10)["Total"] == "0"
    assert refused("GenerateQA", BotBizId=SHOP, DocBizIds=[id]).get_code() == "FailedOperation"
    shop.clock.advance(5)
    shown = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)
    rows = ask("ListQA", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    assert (shown["IsCreatedQa"], shown["QaNum"], shown["Reason"]) == (True, len(rows), "生成问答成功")
    assert {(row["Status"], row["Source"], row["SourceDesc"], row["DocBizId"]) for row in rows} == {
        (1, 1, "prices.md", id)
    }
    assert any("nine euros" in row["Answer"] for row in rows)
    qa = ask("DescribeQA", BotBizId=SHOP, QaBizId=rows[0]["QaBizId"])
    (segment,) = ask("DescribeSegments", BotBizId=SHOP, SegBizId=[qa["SegmentBizId"], "17711076583580631041"])["List"]
    assert segment["PageContent"] == qa["PageContent"] != ""
    assert (segment["DocBizId"], segment["FileType"], segment["PageInfos"]) == (id, "markdown", [1])


def test_qa_are_imported_from_a_table(ask: Ask, shop: Account) -> None:
    rows = "category,question,answer,similar,description,custom\nPrices,What is a lamp?,Nine.,How much,,\n,Why?,Because.,,,\n"
    reply = ask("SaveDoc", **upload(shop, "qa.csv", rows.encode(), Opt=1))
    assert reply["ErrorMsg"] == ""
    listed_qas = ask("ListQA", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    assert [(row["Question"], row["Source"], row["SimilarQuestionNum"]) for row in listed_qas] == [
        ("Why?", 2, 0),
        ("What is a lamp?", 2, 1),
    ]
    (whole,) = ask("ListQACate", BotBizId=SHOP)["List"]
    assert [(each["Name"], each["Total"]) for each in whole["Children"]] == [("未分类", 1), ("Prices", 1)]
    bad = ask("SaveDoc", **upload(shop, "bad.csv", b"category,question,answer\nPrices,What?,\n", Opt=1))
    assert "row 2" in bad["ErrorMsg"]
    assert ask("ListQA", BotBizId=SHOP, PageNumber=1, PageSize=10)["Total"] == "2"


def test_a_page_of_the_list_must_be_possible(refused: Refused) -> None:
    for params in (
        {"PageNumber": 0, "PageSize": 1},
        {"PageNumber": 1, "PageSize": 0},
        {"PageNumber": 1, "PageSize": 201},
    ):
        assert refused("ListDoc", BotBizId=SHOP, **params).get_code() == "InvalidParameter"
