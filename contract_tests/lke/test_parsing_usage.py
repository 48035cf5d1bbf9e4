"""The parsing of documents is paid for when it happens; what is refused or cannot be parsed takes nothing."""

from typing import Any

import pytest

from contract_tests.conftest import Control
from contract_tests.lke.saving import save_params, upload
from contract_tests.lke.worlds import PLAIN, SHOP, Ask, Refused, account_of
from lke_emulator.account.account import Account
from lke_emulator.knowledge.failures import FailureSection

PARSE_FAILED, PARSING, THERE = 18, 17, 10
FILE: dict[str, Any] = {"FileType": "pdf", "Size": "90000"}
PAGES = 5


@pytest.fixture
def prepaid(shop: Account) -> Account:
    return prepaid_by(shop)


def prepaid_by(shop: Account) -> Account:
    """Nothing but a package of pages pays."""
    now = shop.clock.now()
    shop.billing.resources.buy("pages", 2 * PAGES - 1, now, price=0)
    shop.billing.switch("FileParse", False, shop.uin, now)
    return shop


def parsed(ask: Ask, **params: Any) -> tuple[int, int, int]:
    """Pages and tokens of splitting that were parsed, and how many calls are listed for it."""
    used = ask("DescribeTokenUsage", SubBizType="FileParse", **params)
    rows = ask("ListUsageCallDetail", ModelName="", PageNumber=1, PageSize=100, **params)["List"]
    assert {row["SubScene"] for row in rows} <= {"document_parse"}
    assert sum(row["PageUsage"] for row in rows) == used["PageUsage"]
    return used["PageUsage"], int(used["SplitTokenUsage"]), len(rows)


def left(shop: Account) -> int:
    rows = shop.billing.resources.list(shop.clock.now(), statuses=(), kinds=["pages"])
    return sum(row.total - row.used for row in rows)


def shown(ask: Ask, id: str) -> tuple[int, str]:
    told = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)
    return told["Status"], told["Reason"]


def test_the_pages_of_a_saved_document_are_metered_at_once(ask: Ask, shop: Account) -> None:
    ask("SaveDoc", **upload(shop, "a.txt", b"x" * 1000))
    assert parsed(ask, AppBizIds=[SHOP]) == (1, 300, 1)
    ask("SaveDoc", **save_params("b.pdf", **FILE))
    assert parsed(ask, AppBizIds=[SHOP])[::2] == (1 + PAGES, 2)
    assert parsed(ask, AppBizIds=["1"]) == (0, 0, 0)


def test_pages_are_deducted_from_a_package_and_the_rest_agrees(ask: Ask, prepaid: Account) -> None:
    ask("SaveDoc", **save_params("a.pdf", **FILE))
    assert left(prepaid) == PAGES - 1
    assert parsed(ask)[0] + left(prepaid) == 2 * PAGES - 1


def test_what_nothing_would_pay_for_is_refused_and_leaves_nothing(ask: Ask, prepaid: Account, refused: Refused) -> None:
    ids = [ask("SaveDoc", **save_params(f"{i}.pdf", **FILE))["DocBizId"] for i in range(2)]
    assert left(prepaid) == 0
    before = prepaid.documents.saved(), prepaid.ledger.saved(), prepaid.billing.saved()
    error = refused("SaveDoc", **save_params("more.pdf", **FILE))
    assert (error.get_code(), "460032" in error.get_message()) == ("FailedOperation", True)
    assert (prepaid.documents.saved(), prepaid.ledger.saved(), prepaid.billing.saved()) == before
    assert [row["DocBizId"] for row in ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]] == ids[::-1]


def test_an_account_in_arrears_parses_nothing(ask: Ask, shop: Account, refused: Refused) -> None:
    shop.billing.open(postpaid=["FileParse"], balance=-1)
    error = refused("SaveDoc", **save_params("a.pdf", **FILE))
    assert (error.get_code(), "460026" in error.get_message()) == ("FailedOperation", True)
    assert parsed(ask) == (0, 0, 0)


def test_a_refused_document_takes_nothing(ask: Ask, shop: Account, refused: Refused) -> None:
    for change in ({"CateBizId": "77"}, {"EnableScope": 5}, {"ReferUrlType": 1}, {"Size": "0"}, {"BotBizId": "4711"}):
        refused("SaveDoc", **{**save_params("a.pdf", **FILE), **change})
    refused("SaveDoc", **{**upload(shop, "a.txt", b"hello"), "CosHash": "1"})
    assert parsed(ask) == (0, 0, 0)
    ask("SaveDoc", **save_params("a.pdf", **FILE))
    refused("SaveDoc", **save_params("a.pdf", **FILE))
    assert parsed(ask)[::2] == (PAGES, 1)


def test_what_cannot_be_parsed_takes_nothing_until_it_is_parsed(ask: Ask, shop: Account) -> None:
    ask("SaveDoc", **upload(shop, "a.docx", b"no zip at all"))
    shop.failures.add(FailureSection(kind="document", name="*", stage="parse", reason="no luck", times=1))
    id = ask("SaveDoc", **save_params("a.pdf", **FILE))["DocBizId"]
    shop.clock.advance(10)
    assert (shown(ask, id), parsed(ask)) == ((PARSE_FAILED, "no luck"), (0, 0, 0))
    ask("RetryDocParse", BotBizId=SHOP, DocBizIds=[id])
    assert parsed(ask)[::2] == (PAGES, 1)


FAILING = f"assumptions: {{ unpaid_parsing: fail, parsing_meters: pages }}{PLAIN}"


def test_a_document_that_nothing_pays_for_can_fail_and_be_retried(ask: Ask, emulator: Control) -> None:
    emulator.load(FAILING)
    shop = prepaid_by(account_of(emulator))
    ids = [ask("SaveDoc", **save_params(f"{i}.pdf", **FILE))["DocBizId"] for i in range(3)]
    shop.clock.advance(10)
    assert shown(ask, ids[1])[0] == THERE
    status, reason = shown(ask, ids[2])
    assert (status, "460032" in reason) == (PARSE_FAILED, True)
    assert parsed(ask) == (2 * PAGES, 0, 2)
    shop.billing.resources.buy("pages", 100, shop.clock.now(), price=0)
    ask("RetryDocParse", BotBizId=SHOP, DocBizIds=[ids[2]])
    assert shown(ask, ids[2])[0] == PARSING
    assert (parsed(ask)[0], left(shop)) == (3 * PAGES, 100 - PAGES)
