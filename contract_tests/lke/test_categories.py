"""The life of categories, of documents and of Q&A alike: trees whose totals are those of the lists."""

from typing import Any

import pytest

from contract_tests.lke.saving import save, save_qa
from contract_tests.lke.worlds import SHOP, Ask, Refused, pages
from lke_emulator.account.account import Account

KINDS = {"Doc": ("ListDoc", "GroupDoc", "BizIds", "DocBizId"), "QA": ("ListQA", "GroupQA", "QaBizIds", "QaBizId")}


def tree(ask: Ask, kind: str) -> dict[str, Any]:
    whole: dict[str, Any]
    (whole,) = ask(f"List{kind}Cate", BotBizId=SHOP)["List"]
    return whole


def made(ask: Ask, kind: str, name: str, parent: str = "0") -> str:
    id: str = ask(f"Create{kind}Cate", BotBizId=SHOP, ParentBizId=parent, Name=name)["CateBizId"]
    return id


def item(ask: Ask, kind: str, name: str, category: str = "") -> str:
    return save(ask, f"{name}.txt", CateBizId=category) if kind == "Doc" else save_qa(ask, name, CateBizId=category)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_base_begins_with_what_is_unsorted(ask: Ask, kind: str) -> None:
    whole = tree(ask, kind)
    assert (whole["CateBizId"], whole["Name"], whole["CanAdd"], whole["CanEdit"], whole["CanDelete"]) == (
        "0",
        "全部分类",
        True,
        False,
        False,
    )
    (rest,) = whole["Children"]
    assert (rest["Name"], rest["CanAdd"], rest["CanEdit"], rest["CanDelete"], rest["Total"]) == (
        "未分类",
        False,
        False,
        False,
        0,
    )


def test_a_category_is_made_renamed_and_deleted(ask: Ask, kind: str) -> None:
    reply = ask(f"Create{kind}Cate", BotBizId=SHOP, ParentBizId="0", Name="Prices")
    assert (reply["CanAdd"], reply["CanEdit"], reply["CanDelete"]) == (True, True, True)
    ask(f"Modify{kind}Cate", BotBizId=SHOP, CateBizId=reply["CateBizId"], Name="Costs")
    assert [each["Name"] for each in tree(ask, kind)["Children"]] == ["未分类", "Costs"]
    ask(f"Delete{kind}Cate", BotBizId=SHOP, CateBizId=reply["CateBizId"])
    assert [each["Name"] for each in tree(ask, kind)["Children"]] == ["未分类"]


def test_totals_are_those_of_the_lists(ask: Ask, kind: str) -> None:
    listing, group, ids, id = KINDS[kind]
    top = made(ask, kind, "Top")
    inner = made(ask, kind, "Inner", top)
    first = item(ask, kind, "one", top)
    item(ask, kind, "two", inner)
    item(ask, kind, "three")
    ask(group, BotBizId=SHOP, **{ids: [first]}, CateBizId=inner)

    def count(**params: Any) -> int:
        return int(ask(listing, BotBizId=SHOP, PageNumber=1, PageSize=10, **params)["Total"])

    whole = tree(ask, kind)
    rest, branch = whole["Children"]
    assert (whole["Total"], rest["Total"], branch["Total"]) == (3, 1, 2)
    assert branch["Children"][0]["Total"] == 2
    assert (count(), count(CateBizId=top), count(CateBizId=rest["CateBizId"])) == (3, 2, 1)
    assert (count(CateBizId=top, ShowCurrCate=1), count(CateBizId=inner, ShowCurrCate=1)) == (0, 2)
    assert {row[id] for row in pages(ask, listing, "List", 2, BotBizId=SHOP, CateBizId=inner)} >= {first}


def test_what_was_in_a_deleted_category_is_unsorted(ask: Ask, kind: str) -> None:
    top = made(ask, kind, "Top")
    inner = made(ask, kind, "Inner", top)
    item(ask, kind, "one", inner)
    ask(f"Delete{kind}Cate", BotBizId=SHOP, CateBizId=top)
    (rest,) = tree(ask, kind)["Children"]
    assert rest["Total"] == 1


def test_children_come_page_by_page_and_a_keyword_finds_at_any_depth(ask: Ask, kind: str) -> None:
    top = made(ask, kind, "Top")
    for i in range(4):
        made(ask, kind, f"Inner {i}", top)
    listed = [
        row["Name"] for row in pages(ask, f"List{kind}Cate", "List", 3, BotBizId=SHOP, QueryType=1, ParentCateBizId=top)
    ]
    assert listed == [f"Inner {i}" for i in range(4)]
    found = ask(f"List{kind}Cate", BotBizId=SHOP, QueryType=2, Query="inner 2")["List"]
    assert [(row["Name"], row["IsLeaf"]) for row in found] == [("Inner 2", True)]


def test_names_are_unique_beside_one_parent(ask: Ask, refused: Refused, kind: str) -> None:
    top = made(ask, kind, "Same")
    made(ask, kind, "Same", top)
    error = refused(f"Create{kind}Cate", BotBizId=SHOP, ParentBizId="0", Name="Same")
    assert (error.get_code(), "Same" in error.get_message()) == ("FailedOperation", True)
    other = made(ask, kind, "Other")
    assert refused(f"Modify{kind}Cate", BotBizId=SHOP, CateBizId=other, Name="Same").get_code() == "FailedOperation"
    assert refused(f"Create{kind}Cate", BotBizId=SHOP, ParentBizId="0", Name="").get_code() == "InvalidParameter"


def test_what_is_not_there_is_named(ask: Ask, refused: Refused, kind: str) -> None:
    calls: dict[str, dict[str, Any]] = {
        f"Create{kind}Cate": {"ParentBizId": "77", "Name": "x"},
        f"Modify{kind}Cate": {"CateBizId": "77", "Name": "x"},
        f"Delete{kind}Cate": {"CateBizId": "77"},
        f"List{kind}Cate": {"QueryType": 1, "ParentCateBizId": "77"},
    }
    for action, params in calls.items():
        error = refused(action, BotBizId=SHOP, **params)
        assert (error.get_code(), "77" in error.get_message()) == ("FailedOperation", True)
        assert "4711" in refused(action, **{**params, "BotBizId": "4711"}).get_message()
    rest = tree(ask, kind)["Children"][0]["CateBizId"]
    for id in ("0", rest):
        assert refused(f"Delete{kind}Cate", BotBizId=SHOP, CateBizId=id).get_code() == "FailedOperation"


def test_a_base_has_at_most_two_thousand_categories_of_a_kind(
    ask: Ask, refused: Refused, shop: Account, kind: str
) -> None:
    for i in range(2000):
        shop.categories.create(SHOP, "doc" if kind == "Doc" else "qa", "0", f"c{i}", shop.clock.now())
    error = refused(f"Create{kind}Cate", BotBizId=SHOP, ParentBizId="0", Name="one more")
    assert (error.get_code(), "2000" in error.get_message()) == ("FailedOperation", True)
