"""Knowledge bases, categories, documents, Q&A and labels in adp's members, which are the same that lke shows."""

from typing import Any

import pytest

from contract_tests.adp.test_apps import pages
from contract_tests.conftest import Control
from contract_tests.lke.saving import save, save_qa, upload
from contract_tests.lke.worlds import SHOP, Ask, Refused
from lke_emulator.account.account import Account

SPACE = "default_space"


def made(ask: Ask, name: str = "Manuals", **params: Any) -> str:
    id: str = ask("CreateKB", KbType=2, SpaceId=SPACE, Spec={"Name": name}, **params)["KbId"]
    return id


def imported(ask: Ask, shop: Account, name: str, content: bytes = b"", kb: str = SHOP, **spec: Any) -> str:
    file = upload(shop, name, content or name.encode())["CosUrl"]
    (row,) = ask("ImportDocList", KbId=kb, DocList=[{"FileId": file, **spec}])["ResultList"]
    assert row["Succeeded"], row
    shop.clock.advance(10)
    id: str = row["Id"]
    return id


def test_a_shared_base_is_one_record_in_both_products(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    id = made(ask, SharedSubType=2)
    assert ask_lke("DescribeSharedKnowledge", KnowledgeBizId=id)["Info"]["Knowledge"]["KnowledgeName"] == "Manuals"
    shown = ask("DescribeKB", KbId=id)
    assert (shown["Summary"]["Name"], shown["Summary"]["KbType"], shown["Summary"]["SharedSubType"]) == (
        "Manuals",
        2,
        2,
    )
    ask("ModifyKB", KbId=id, Spec={"Name": "Books", "Description": "Not this"}, UpdateMask={"Paths": ["name"]})
    summary = ask("DescribeKB", KbId=id)["Summary"]
    assert (summary["Name"], summary["Description"]) == ("Books", "")
    ask("ModifyApp", AppId=SHOP, UpdateMask={"Paths": ["SharedKbIdList"]}, SharedKbIdList=[id])
    assert [row["KnowledgeBizId"] for row in ask_lke("ListReferShareKnowledge", AppBizId=SHOP)["List"]] == [id]
    assert ask("DescribeKB", KbId=id)["AppIdList"] == [SHOP]
    assert refused("DeleteKB", KbId=id).get_code() == "FailedOperation"
    ask("ModifyApp", AppId=SHOP, UpdateMask={"Paths": ["SharedKbIdList"]}, SharedKbIdList=[])
    ask("DeleteKB", KbId=id)
    assert refused("DescribeKB", KbId=id).get_code() == "ResourceNotFound"
    assert (
        refused("ModifyKB", KbId=SHOP, Spec={"Name": "x"}, UpdateMask={"Paths": ["Name"]}).get_code()
        == "FailedOperation"
    )


def test_bases_of_a_space_are_listed(ask: Ask, shop: Account) -> None:
    ids = [SHOP, *[made(ask, f"Base {i}") for i in range(4)]]
    assert [row["KbId"] for row in pages(ask, "DescribeKBSummaryList", "KbList", 2, SpaceId=SPACE)] == ids[::-1]
    own = [{"Name": "KbType", "ValueList": ["1"]}]
    assert [row["KbId"] for row in ask("DescribeKBSummaryList", SpaceId=SPACE, FilterList=own)["KbList"]] == [SHOP]
    assert ask("DescribeKBSummaryList", SpaceId=SPACE, Query="BASE 3")["TotalCount"] == 1


def test_categories_are_those_of_lke(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    top = ask("CreateCategory", KbId=SHOP, CategoryType=1, Name="Top")["CategoryId"]
    inner = ask("CreateCategory", KbId=SHOP, CategoryType=1, Name="Inner", ParentCategoryId=top)["CategoryId"]
    save(ask_lke, "a.txt", CateBizId=inner)
    kind = [{"Name": "CategoryType", "ValueList": ["1"]}]
    rows = ask("DescribeCategoryList", KbId=SHOP, FilterList=kind)["CategoryList"]
    assert [(row["Name"], row["ItemCount"], row["IsLeaf"]) for row in rows] == [("未分类", 0, True), ("Top", 1, False)]
    under = [*kind, {"Name": "ParentCategoryId", "ValueList": [top]}]
    assert [row["CategoryId"] for row in ask("DescribeCategoryList", KbId=SHOP, FilterList=under)["CategoryList"]] == [
        inner
    ]
    ask(
        "ModifyCategory",
        KbId=SHOP,
        CategoryType=1,
        CategoryId=top,
        Fields={"Name": "Head"},
        UpdateMask={"Paths": ["Name"]},
    )
    (whole,) = ask_lke("ListDocCate", BotBizId=SHOP)["List"]
    assert [each["Name"] for each in whole["Children"]] == ["未分类", "Head"]
    ask("DeleteCategory", KbId=SHOP, CategoryType=1, CategoryId=top)
    assert refused("DeleteCategory", KbId=SHOP, CategoryType=1, CategoryId=inner).get_code() == "ResourceNotFound"
    assert refused("CreateCategory", KbId=SHOP, CategoryType=0, Name="x").get_code() == "InvalidParameter"


def test_an_imported_document_is_one_record_in_both_products(ask: Ask, ask_lke: Ask, shop: Account) -> None:
    policy = {"EffectivePeriod": {"StartTime": "1780000000", "EndTime": "1890000000"}}
    switch = {"DownloadEnabled": True, "ReferEnabled": True}
    id = imported(ask, shop, "prices.md", b"# Prices", EffectiveDomain=4, ExpirationPolicy=policy, Switch=switch)
    shown = ask("DescribeDoc", KbId=SHOP, DocId=id)
    summary = shown["Summary"]
    assert (summary["Lifecycle"]["Status"], summary["Lifecycle"]["StatusDesc"]) == (8, "导入完成")
    assert summary["Metadata"] == {
        **summary["Metadata"],
        "FileName": "prices.md",
        "FileType": "md",
        "FileSize": "8",
        "DocCharCount": "8",
    }
    assert (shown["Switch"], summary["KnowledgeScope"]["EffectiveDomain"]) == (switch, 4)
    assert summary["Lifecycle"]["ExpirationPolicy"]["EffectivePeriod"] == policy["EffectivePeriod"]
    row = ask_lke("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=1)["List"][0]
    assert (row["DocBizId"], row["Status"], row["IsRefer"], row["ExpireEnd"]) == (id, 10, True, "1890000000")


def test_documents_are_modified_by_a_mask_and_deleted_together(
    ask: Ask, ask_lke: Ask, shop: Account, refused: Refused
) -> None:
    first, second = imported(ask, shop, "a.txt", EffectiveDomain=4), imported(ask, shop, "b.txt")
    label = ask("CreateLabel", KbId=SHOP, Name="Region", TermList=[{"Term": "North"}])
    refs = [{"LabelId": label["LabelId"], "LabelTermIdList": [label["TermList"][0]["TermId"]]}]
    fields = {"Name": "c.txt", "LabelRefList": refs, "EffectiveDomain": 2}
    mask = {"Paths": ["Name", "LabelRefList"]}
    ask("ModifyDoc", KbId=SHOP, DocId=first, Fields=fields, UpdateMask=mask)
    row = ask_lke("DescribeDoc", BotBizId=SHOP, DocBizId=first)
    assert (row["EnableScope"], row["AttrRange"], row["AttrLabels"][0]["AttrName"]) == (4, 2, "Region")
    scope = ask("DescribeDoc", KbId=SHOP, DocId=first)["Summary"]["KnowledgeScope"]
    assert scope["LabelRefList"][0]["LabelTermList"] == ["North"]
    assert ask("DescribeLabel", KbId=SHOP, LabelId=label["LabelId"])["Summary"]["RefCount"] == 1
    results = ask("ModifyDocList", KbId=SHOP, DocIdList=[second, "77"], EffectiveDomain=4)["ResultList"]
    assert [(row["Id"], row["Succeeded"]) for row in results] == [(second, True), ("77", False)]
    assert "77" in results[1]["Reason"]
    assert refused("DeleteDocList", KbId=SHOP, DocIdList=[]).get_code() == "InvalidParameter"
    assert refused("DeleteDocList", KbId=SHOP, DocIdList=["1"] * 21).get_code() == "InvalidParameter"
    ask("DeleteDocList", KbId=SHOP, DocIdList=[first, second])
    assert ask("DescribeDocSummaryList", KbId=SHOP)["TotalCount"] == 0
    assert refused("DescribeDoc", KbId=SHOP, DocId=first).get_code() == "ResourceNotFound"


def test_documents_are_filtered_with_the_documented_operators(ask: Ask, shop: Account, refused: Refused) -> None:
    ids = [imported(ask, shop, f"doc {i}.txt") for i in range(4)]

    def found(name: str, operator: int, *values: str) -> list[str]:
        filters = [{"Name": name, "Operator": operator, "ValueList": list(values)}]
        return [
            row["DocId"] for row in pages(ask, "DescribeDocSummaryList", "DocList", 3, KbId=SHOP, FilterList=filters)
        ]

    start = int(shop.clock.now()) - 40
    assert found("Status", 0, "8") == ids[::-1]
    assert found("Status", 1, "8") == []
    assert found("CreateTime", 2, str(start), str(start + 10)) == ids[1::-1]
    assert found("create_time", 2, str(start + 15), "") == ids[:1:-1]
    query = {"Query": "DOC 2", "QueryScopeList": [1]}
    assert ask("DescribeDocSummaryList", KbId=SHOP, Query=query)["TotalCount"] == 1
    for values in ([], ["1"], ["", ""], ["soon", ""]):
        bad = [{"Name": "CreateTime", "Operator": 2, "ValueList": values}]
        assert refused("DescribeDocSummaryList", KbId=SHOP, FilterList=bad).get_code() == "InvalidParameter"
    assert refused("DescribeDocSummaryList", KbId=SHOP, PageSize=101).get_code() == "InvalidParameter"


def test_equal_content_is_skipped_or_refused(ask: Ask, shop: Account) -> None:
    id = imported(ask, shop, "a.txt", b"same")
    file = upload(shop, "b.txt", b"same")["CosUrl"]
    skip = {"FileId": file, "DeDuplicateStrategyList": [{"CheckType": 1, "HandleType": 2}]}
    first, second = ask("ImportDocList", KbId=SHOP, DocList=[skip, {"FileId": file}])["ResultList"]
    assert (first["Id"], first["Succeeded"], second["Succeeded"], id in second["Reason"]) == (id, True, False, True)


def test_qa_are_those_of_lke(ask: Ask, ask_lke: Ask, shop: Account, refused: Refused) -> None:
    specs = [
        {"Question": "Why?", "Answer": "So.", "SimilarQuestionList": ["How come?"], "EffectiveDomain": 4},
        {"Question": " "},
    ]
    good, bad = ask("CreateQAList", KbId=SHOP, QaList=specs)["ResultList"]
    assert (good["Succeeded"], bad["Succeeded"]) == (True, False)
    shop.clock.advance(10)
    shown = ask("DescribeQA", KbId=SHOP, QaId=good["Id"])
    assert shown["Summary"]["Metadata"] == {**shown["Summary"]["Metadata"], "Question": "Why?", "Answer": "So."}
    assert (shown["Summary"]["Lifecycle"]["Status"], shown["Summary"]["SourceInfo"]["SourceType"]) == (8, 3)
    (similar,) = shown["SimilarQuestionList"]
    fields = {
        "Answer": "Thus.",
        "Question": "Not this",
        "SimilarQuestionList": [
            {"ModifyAction": 2, "SimilarQuestionId": similar["SimilarQuestionId"], "Content": "How so?"},
            {"ModifyAction": 1, "Content": "What for?"},
        ],
    }
    mask = {"Paths": ["Answer", "SimilarQuestionList"]}
    ask("ModifyQA", KbId=SHOP, QaId=good["Id"], Fields=fields, UpdateMask=mask)
    row = ask_lke("DescribeQA", BotBizId=SHOP, QaBizId=good["Id"])
    assert (row["Question"], row["Answer"]) == ("Why?", "Thus.")
    assert [each["Question"] for each in row["SimilarQuestions"]] == ["How so?", "What for?"]
    ask("ModifyQAList", KbId=SHOP, QaIdList=[good["Id"]], IsAccepted=False)
    reply = ask("DescribeQASummaryList", KbId=SHOP)
    assert (reply["TotalCount"], reply["NotAcceptedCount"], reply["QaList"][0]["Lifecycle"]["Status"]) == (1, 1, 2)
    ask("DeleteQAList", KbId=SHOP, QaIdList=[good["Id"]])
    assert refused("DescribeQA", KbId=SHOP, QaId=good["Id"]).get_code() == "ResourceNotFound"


def test_qa_are_generated_by_a_task(ask: Ask, shop: Account) -> None:
    id = imported(ask, shop, "prices.md", b"# Lamps\n\nA lamp costs nine euros.\n")
    assert len(ask("CreateQAGenerationTask", KbId=SHOP, DocIdList=[id])["TaskIdList"]) == 1
    assert ask("DescribeDoc", KbId=SHOP, DocId=id)["Summary"]["TaskStatus"]["OngoingTaskTypeList"] == [1]
    shop.clock.advance(10)
    reply = ask("DescribeQASummaryList", KbId=SHOP)
    assert (reply["PendingVerifyCount"], reply["QaList"][0]["SourceInfo"]["DocId"]) == (1, id)


def test_qa_that_disagree_are_told_and_settled(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    kept, _ = save_qa(ask_lke, "Why?", "So."), save_qa(ask_lke, "Why?", "Thus.")
    (group,) = ask("DescribeConflictQASummaryList", KbId=SHOP)["ConflictQaList"]
    id = group["ConflictGroupId"]
    assert [row["Answer"] for row in ask("DescribeConflictQA", KbId=SHOP, ConflictGroupId=id)["ConflictQaList"]] == [
        "So.",
        "Thus.",
    ]
    ask("ModifyConflictQA", KbId=SHOP, ConflictGroupId=id, QaIdList=[kept], Resolution=1)
    assert ask("DescribeConflictQASummaryList", KbId=SHOP)["TotalCount"] == 0
    assert ask("DescribeQASummaryList", KbId=SHOP)["TotalCount"] == 1
    assert refused("DescribeConflictQA", KbId=SHOP, ConflictGroupId=id).get_code() == "ResourceNotFound"


def test_labels_are_changed_term_by_term(ask: Ask, ask_lke: Ask, refused: Refused) -> None:
    made_label = ask(
        "CreateLabel", KbId=SHOP, Name="Cars", TermList=[{"Term": "SUV", "SynonymList": ["jeep"]}, {"Term": "Van"}]
    )
    id, (suv, van) = made_label["LabelId"], made_label["TermList"]
    changes = [
        {"ModifyAction": 1, "Term": "Bus"},
        {"ModifyAction": 2, "TermId": suv["TermId"], "Term": "Off-roader"},
        {"ModifyAction": 3, "TermId": van["TermId"]},
    ]
    fields = {"Name": "Not this", "TermModifyList": changes}
    ask("ModifyLabel", KbId=SHOP, LabelId=id, Fields=fields, UpdateMask={"Paths": ["TermModifyList"]})
    summary = ask("DescribeLabel", KbId=SHOP, LabelId=id)["Summary"]
    assert (summary["Name"], [each["Term"] for each in summary["TermList"]]) == ("Cars", ["Off-roader", "Bus"])
    checked = ask("CheckLabel", KbId=SHOP, LabelId=id, TermList=["Bus", "Tram"])["CheckList"]
    assert [row["CheckResult"]["Passed"] for row in checked] == [False, True]
    assert [
        row["AttrName"] for row in ask_lke("ListAttributeLabel", BotBizId=SHOP, PageNumber=1, PageSize=9)["List"]
    ] == ["Cars"]
    assert [row["LabelId"] for row in ask("DescribeLabelSummaryList", KbId=SHOP, Query="bus")["LabelList"]] == [id]
    rows = ask("DeleteLabelList", KbId=SHOP, LabelIdList=[id, "77"])["ResultList"]
    assert [row["Succeeded"] for row in rows] == [True, False]
    assert refused("DescribeLabel", KbId=SHOP, LabelId=id).get_code() == "ResourceNotFound"


def test_knowledge_is_searched(ask: Ask, ask_lke: Ask, shop: Account, refused: Refused) -> None:
    document = imported(ask, shop, "prices.md", b"# Lamps\n\nA green lamp costs nine euros.\n", EffectiveDomain=4)
    qa = save_qa(ask_lke, "Do you repair chairs?", "Yes, on Mondays.")
    shop.clock.advance(10)

    def results(question: str, domain: int = 1) -> list[tuple[int, str]]:
        config = {"KbRetrievalList": [{"KbId": SHOP}], "KnowledgeType": 1}
        context = {"CallSource": 1, "Domain": domain}
        reply = ask("SearchKnowledge", AdvancedConfig=config, Input={"Question": question}, Context=context)
        return [(row["KnowledgeType"], row["SnippetProfile"]["Content"]) for row in reply["KnowledgeList"]]

    assert results("Do you repair chairs?")[0] == (1, "Yes, on Mondays.")
    assert results("What does a green lamp cost?") == [(2, "# Lamps\n\nA green lamp costs nine euros.\n")]
    assert results("What does a green lamp cost?", domain=2) == []
    ask("CreateRelease", AppId=SHOP)
    shop.clock.advance(10)
    assert len(results("What does a green lamp cost?", domain=2)) == 1
    ask("DeleteDocList", KbId=SHOP, DocIdList=[document])
    ask("DeleteQAList", KbId=SHOP, QaIdList=[qa])
    assert results("What does a green lamp cost?") == results("Do you repair chairs?") == []
    error = refused("SearchKnowledge", AdvancedConfig={"KbRetrievalList": []}, Input={"Question": ""})
    assert error.get_code() == "MissingParameter"


@pytest.mark.parametrize(
    "action", ["DescribeDocSummaryList", "DescribeQASummaryList", "DescribeLabelSummaryList", "DescribeKB"]
)
def test_a_base_that_is_not_there_is_named(refused: Refused, action: str) -> None:
    error = refused(action, KbId="77")
    assert (error.get_code(), "77" in error.get_message()) == ("ResourceNotFound", True)


def test_ids_of_files_are_paths_of_uploads_where_that_is_assumed(emulator: Control, shop: Account, ask: Ask) -> None:
    emulator.assume(adp_file_id_source="upload_path")
    path = upload(shop, "there.txt", b"It is there.")["CosUrl"]
    first, second = ask("ImportDocList", KbId=SHOP, DocList=[{"FileId": path}, {"FileId": "2079463384883903552"}])[
        "ResultList"
    ]
    assert (first["Succeeded"], second["Succeeded"]) == (True, False)
    assert "2079463384883903552" in second["Reason"]
