"""The life of attribute labels: made, looked at label by label, changed by tasks, referred to, deleted."""

from typing import Any

from contract_tests.lke.saving import save, save_qa, upload
from contract_tests.lke.worlds import SHOP, Ask, Refused, pages
from lke_emulator.account.account import Account
from lke_emulator.knowledge.failures import FailureSection

CARS = [{"LabelName": "SUV", "SimilarLabels": ["off-roader"]}, {"LabelName": "Van"}, {"LabelName": "Coupe"}]


def made(ask: Ask, name: str = "Cars", labels: Any = None) -> dict[str, Any]:
    return ask("CreateAttributeLabel", BotBizId=SHOP, AttrName=name, Labels=labels or CARS)


def described(ask: Ask, id: str, **params: Any) -> dict[str, Any]:
    return ask("DescribeAttributeLabel", BotBizId=SHOP, AttributeBizId=id, **{"Limit": 10, **params})


def names(reply: dict[str, Any]) -> list[str]:
    return [label["LabelName"] for label in reply["Labels"]]


def test_labels_are_told_back_in_their_order(ask: Ask) -> None:
    reply = made(ask)
    id = reply["AttrBizId"]
    shown = described(ask, id)
    assert (shown["AttrName"], shown["LabelNumber"], names(shown)) == ("Cars", "3", ["SUV", "Van", "Coupe"])
    assert shown["Labels"][0]["SimilarLabels"] == ["off-roader"]
    first = described(ask, id, Limit=2)
    rest = described(ask, id, Limit=2, LastLabelBizId=first["Labels"][-1]["LabelBizId"])
    assert (names(first), names(rest)) == (["SUV", "Van"], ["Coupe"])
    assert names(described(ask, id, Query="road")) == ["SUV"]
    assert names(described(ask, id, Query="road", QueryScope="standard")) == []
    assert names(described(ask, id, Query="road", QueryScope="similar")) == ["SUV"]
    (row,) = ask("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=10, LabelSize=2)["List"]
    assert (row["AttrBizId"], row["LabelNames"], row["LabelTotalCount"]) == (id, ["SUV", "Van"], "3")
    assert (row["Status"], row["IsUpdating"]) == (1, False)


def test_attributes_are_listed_page_by_page_and_by_a_word(ask: Ask) -> None:
    ids = [made(ask, f"Cars {i}", [{"LabelName": f"l{i}"}])["AttrBizId"] for i in range(5)]
    listed = pages(ask, "ListAttributeLabel", "List", 2, BotBizId=SHOP)
    assert [row["AttrBizId"] for row in listed] == ids[::-1]
    found = ask("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=10, Query="L3")
    assert [row["AttrBizId"] for row in found["List"]] == [ids[3]]


def test_names_keys_and_words_are_unique(ask: Ask, refused: Refused) -> None:
    made(ask)
    assert refused("CreateAttributeLabel", BotBizId=SHOP, AttrName="Cars", Labels=CARS).get_code() == "FailedOperation"
    twice = [{"LabelName": "a"}, {"LabelName": "b", "SimilarLabels": ["a"]}]
    assert refused("CreateAttributeLabel", BotBizId=SHOP, AttrName="X", Labels=twice).get_code() == "FailedOperation"
    assert refused("CreateAttributeLabel", BotBizId=SHOP, AttrName="X", Labels=[]).get_code() == "MissingParameter"
    assert refused("CreateAttributeLabel", BotBizId=SHOP, AttrName="", Labels=CARS).get_code() == "InvalidParameter"
    assert ask("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=10)["Total"] == "1"


def test_whether_a_word_exists_and_is_referred_to(ask: Ask) -> None:
    reply = made(ask)
    id, label = reply["AttrBizId"], reply["Labels"][0]["LabelBizId"]
    for name, exists in (("SUV", True), ("off-roader", True), ("Bus", False)):
        asked = ask("CheckAttributeLabelExist", BotBizId=SHOP, AttributeBizId=id, LabelName=name)
        assert asked["IsExist"] == exists
    assert not ask("CheckAttributeLabelRefer", BotBizId=SHOP, AttributeBizId=[id])["IsRefer"]
    ref = [{"Source": 1, "AttributeBizId": id, "LabelBizIds": [label]}]
    save_qa(ask, "Why?", AttrRange=2, AttrLabels=ref)
    assert ask("CheckAttributeLabelRefer", BotBizId=SHOP, AttributeBizId=[id])["IsRefer"]
    assert ask("CheckAttributeLabelRefer", BotBizId=SHOP, LabelBizId=label)["IsRefer"]
    other = reply["Labels"][1]["LabelBizId"]
    assert not ask("CheckAttributeLabelRefer", BotBizId=SHOP, LabelBizId=other)["IsRefer"]


def test_a_change_is_a_task(ask: Ask, shop: Account, refused: Refused) -> None:
    reply = made(ask)
    id, (suv, van, _) = reply["AttrBizId"], reply["Labels"]
    change = {
        "Labels": [{"LabelBizId": suv["LabelBizId"], "LabelName": "Jeep"}, {"LabelName": "Bus"}],
        "DeleteLabelBizIds": [van["LabelBizId"]],
    }
    task = ask("ModifyAttributeLabel", BotBizId=SHOP, AttributeBizId=id, AttrName="Vehicles", **change)["TaskId"]

    def told() -> str:
        status: str = ask("GetTaskStatus", BotBizId=SHOP, TaskId=task, TaskType="ModifyAttributeLabel")["Status"]
        return status

    (row,) = ask("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"]
    assert (told(), row["IsUpdating"]) == ("RUNNING", True)
    shop.clock.advance(5)
    assert told() == "SUCCESS"
    shown = described(ask, id)
    assert (shown["AttrName"], names(shown)) == ("Vehicles", ["Jeep", "Coupe", "Bus"])
    error = refused("GetTaskStatus", BotBizId=SHOP, TaskId=task, TaskType="ExportAttributeLabel")
    assert error.get_code() == "InvalidParameter"
    assert "77" in refused("GetTaskStatus", BotBizId=SHOP, TaskId="77", TaskType="x").get_message()


def test_a_change_that_fails_changes_nothing(ask: Ask, shop: Account) -> None:
    id = made(ask)["AttrBizId"]
    shop.failures.add(FailureSection(kind="task", name="Modify*", stage="task", reason="no luck"))
    task = ask("ModifyAttributeLabel", BotBizId=SHOP, AttributeBizId=id, AttrName="Vehicles")["TaskId"]
    shop.clock.advance(5)
    told = ask("GetTaskStatus", BotBizId=SHOP, TaskId=task, TaskType="ModifyAttributeLabel")
    assert (told["Status"], told["Message"]) == ("FAILED", "no luck")
    assert described(ask, id)["AttrName"] == "Cars"


def test_an_export_is_a_task_with_a_file(ask: Ask, shop: Account) -> None:
    made(ask)
    task = ask("ExportAttributeLabel", BotBizId=SHOP)["TaskId"]
    shop.clock.advance(5)
    told = ask("GetTaskStatus", BotBizId=SHOP, TaskId=task, TaskType="ExportAttributeLabel")
    file = shop.objects.get(told["Params"]["CosPath"])
    assert file is not None
    assert "off-roader" in file.content.decode("utf-8-sig")


def test_labels_are_uploaded_as_a_table(ask: Ask, shop: Account) -> None:
    table = b"attribute,label,similar\nCars,SUV,off-roader\nCars,Van,\nColours,Red,\n"
    params = upload(shop, "labels.csv", table)
    said = {name: params[name] for name in ("BotBizId", "FileName", "CosUrl", "CosHash", "Size")}
    assert ask("UploadAttributeLabel", **said)["ErrorMsg"] == ""
    rows = ask("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    assert {row["AttrName"]: row["LabelNames"] for row in rows} == {"Cars": ["SUV", "Van"], "Colours": ["Red"]}
    assert "Cars" in ask("UploadAttributeLabel", **said)["ErrorMsg"]


def test_a_release_puts_labels_online(ask: Ask, shop: Account) -> None:
    shop.clock.advance(5)
    made(ask)
    save(ask, "a.txt", EnableScope=4)
    shop.clock.advance(5)
    ask("CreateRelease", BotBizId=SHOP)
    shop.clock.advance(5)
    assert ask("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"][0]["Status"] == 3


def test_a_deleted_attribute_is_gone_everywhere(ask: Ask, refused: Refused) -> None:
    reply = made(ask)
    id, label = reply["AttrBizId"], reply["Labels"][0]["LabelBizId"]
    ref = [{"Source": 1, "AttributeBizId": id, "LabelBizIds": [label]}]
    qa = save_qa(ask, "Why?", AttrRange=2, AttrLabels=ref)
    ask("DeleteAttributeLabel", BotBizId=SHOP, AttributeBizIds=[id])
    assert ask("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=1)["Total"] == "0"
    assert ask("DescribeQA", BotBizId=SHOP, QaBizId=qa)["AttrLabels"] == []
    calls: dict[str, dict[str, Any]] = {
        "DescribeAttributeLabel": {"AttributeBizId": id, "Limit": 1},
        "DeleteAttributeLabel": {"AttributeBizIds": [id]},
        "ModifyAttributeLabel": {"AttributeBizId": id, "AttrName": "x"},
        "CheckAttributeLabelExist": {"AttributeBizId": id, "LabelName": "x"},
        "CheckAttributeLabelRefer": {"AttributeBizId": [id]},
        "ExportAttributeLabel": {"AttributeBizIds": [id]},
        "CreateQA": {"Question": "x", "Answer": "y", "AttrRange": 2, "AttrLabels": ref},
    }
    for action, params in calls.items():
        error = refused(action, BotBizId=SHOP, **params)
        assert (error.get_code(), id in error.get_message()) == ("FailedOperation", True)
