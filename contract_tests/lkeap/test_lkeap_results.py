"""What parse and split tasks give, and how long it can be fetched."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from contract_tests.conftest import Target
from contract_tests.lkeap.conftest import used
from contract_tests.lkeap.lkeap_documents import (
    MARKDOWN,
    URL,
    divided,
    encoded,
    failure,
    parse,
    parsed,
    pdf,
    place,
    split,
    unpacked,
)
from lke_emulator.account.account import Account

# results of parsing


def test_the_archive_has_the_document_as_markdown(lkeap: Any, account: Account) -> None:
    task = parse(lkeap)
    account.clock.advance(60)
    answer = parsed(lkeap, task)
    files = unpacked(answer.DocumentRecognizeResultUrl)
    assert files["document.md"] == MARKDOWN.replace("\f", "\n")
    assert "images/" in files
    assert (answer.Usage.PageNumber, answer.Usage.SuccessPageNum, answer.Usage.FailPageNum) == (2, 2, 0)
    assert answer.Usage.FileSize == len(MARKDOWN)
    assert answer.FailedPages == []


@pytest.mark.parametrize(
    ("result_type", "suffixes"),
    [
        ("0", {".md"}),
        ("1", {"_1.json", "_2.json"}),
        ("2", {"_1.md", "_2.md"}),
        ("3", {".md", "_1.json", "_2.json"}),
        ("4", {".md", "_1.md", "_2.md"}),
        ("5", {".md", "_1.json", "_2.json", "_1.md", "_2.md"}),
    ],
)
def test_the_result_type_says_what_is_in_the_archive(
    lkeap: Any, account: Account, result_type: str, suffixes: set[str]
) -> None:
    task = parse(lkeap, Config={"ResultType": result_type})
    account.clock.advance(60)
    files = unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)
    assert {name.removeprefix("document") for name in files if name != "images/"} == suffixes


def test_tables_and_page_numbers_come_as_they_are_wanted(lkeap: Any, account: Account) -> None:
    task = parse(lkeap, Config={"TableResultType": "1", "ReturnPageFormat": True, "PageFormat": "[p. {{p}}]"})
    usual = parse(lkeap, Config={"ReturnPageFormat": True})
    account.clock.advance(60)
    text = unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)["document.md"]
    assert "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>" in text
    assert text.endswith("[p. 2]\n")
    assert "<page_num>page 1</page_num>" in unpacked(parsed(lkeap, usual).DocumentRecognizeResultUrl)["document.md"]


def test_the_json_of_a_page_has_its_elements(lkeap: Any, account: Account) -> None:
    task = parse(lkeap, Config={"ResultType": "1"})
    account.clock.advance(60)
    page = json.loads(unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)["document_1.json"])
    assert page["PageNumber"] == 1
    assert [element["Type"] for element in page["DocumentElements"]] == ["title", "paragraph", "table"]


def test_a_range_of_pages_is_parsed_alone(lkeap: Any, account: Account) -> None:
    task = parse(
        lkeap,
        FileType="PDF",
        FileBase64=encoded(pdf(9)),
        FileStartPageNumber=3,
        FileEndPageNumber=5,
        Config={"ResultType": "2"},
    )
    account.clock.advance(60)
    answer = parsed(lkeap, task)
    files = unpacked(answer.DocumentRecognizeResultUrl)
    assert set(files) == {"document_3.md", "document_4.md", "document_5.md", "images/"}
    assert answer.Usage.PageNumber == 3


def test_the_same_address_gives_the_same_document_and_another_one_another(lkeap: Any, account: Account) -> None:
    tasks = [parse(lkeap, FileUrl=url) for url in (URL, URL, URL.replace("report", "letter"))]
    account.clock.advance(60)
    first, second, third = (unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl) for task in tasks)
    assert first == second
    assert set(first) == {"report.md", "images/"}
    assert set(third) == {"letter.md", "images/"}


def test_a_name_cannot_lead_out_of_the_archive(lkeap: Any, account: Account) -> None:
    task = split(lkeap, FileName="../../etc/passwd.pdf")
    account.clock.advance(60)
    names = unpacked(divided(lkeap, task).DocumentRecognizeResultUrl)
    assert not [name for name in names if ".." in name.split("/") or name.startswith("/")]


def test_pages_that_failed_are_told_and_not_metered(lkeap: Any, account: Account) -> None:
    place(account, pages=5, failed_pages=(2, 4))
    before = used(account, "CreateReconstructDocumentFlow")
    task = parse(lkeap, FileUrl=URL)
    account.clock.advance(60)
    answer = parsed(lkeap, task)
    assert [page.PageNumber for page in answer.FailedPages] == [2, 4]
    assert (answer.Usage.PageNumber, answer.Usage.SuccessPageNum, answer.Usage.FailPageNum) == (5, 3, 2)
    assert used(account, "CreateReconstructDocumentFlow").pages - before.pages == 3


def test_one_failed_page_fails_the_task_where_none_may(lkeap: Any, account: Account, target: Target) -> None:
    place(account, pages=5, failed_pages=(2,))
    task = parse(lkeap, FileUrl=URL, Config={"IgnoreFailedPage": False})
    account.clock.advance(60)
    assert failure(target, task)[:2] == ("Failed", "FailedOperation.FileParseError")


# results of splitting


def test_the_chunks_of_a_split_are_the_document(lkeap: Any, account: Account) -> None:
    place(account, text="# One\n\n" + "A sentence. " * 40 + "\n\n# Two\n\nsee ![chart](images/c.png)\n")
    task = split(lkeap, FileType="MD", Config={"MaxChunkSize": 120, "EnableMllm": True})
    account.clock.advance(60)
    answer = divided(lkeap, task)
    files = unpacked(answer.DocumentRecognizeResultUrl)
    rows = [json.loads(line) for line in files["report.jsonl"].splitlines()]
    assert "".join(row["org_data"] for row in rows) == files["report.md"]
    assert all(len(row["org_data"]) <= 120 and row["org_data"] in row["big_data"] for row in rows)
    assert rows[-1]["page_content"].endswith("see [image]\n")
    assert json.loads(files["report_mllm.json"]) == [{"image": "images/c.png", "description": "chart"}]
    assert answer.Usage.TotalTokens == answer.Usage.SplitTokens + answer.Usage.MllmTokens
    assert answer.Usage.SplitTokens > 0 < answer.Usage.MllmTokens


def test_splitting_is_metered_by_the_tokens_it_tells(lkeap: Any, account: Account) -> None:
    before = used(account, "CreateSplitDocumentFlow")
    task = split(lkeap)
    account.clock.advance(60)
    assert used(account, "CreateSplitDocumentFlow").split - before.split == divided(lkeap, task).Usage.TotalTokens


# results are served for half an hour


def test_an_address_of_a_result_expires_by_the_clock_of_the_account(lkeap: Any, account: Account) -> None:
    task = parse(lkeap)
    account.clock.advance(60)
    url = parsed(lkeap, task).DocumentRecognizeResultUrl
    account.clock.advance(1799)
    assert unpacked(url)
    account.clock.advance(1)
    with pytest.raises(HTTPError) as caught:
        urlopen(url)
    with caught.value as answer:
        assert answer.code == 403
        assert b"<Code>AccessDenied</Code>" in answer.read()
    assert unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)


@pytest.mark.parametrize(
    ("change", "code"), [(("-", "-0"), 403), ((".zip", ".zap"), 403), (("/100000000001/", "/999/"), 404)]
)
def test_an_address_that_was_changed_opens_nothing(
    lkeap: Any, account: Account, change: tuple[str, str], code: int
) -> None:
    task = parse(lkeap)
    account.clock.advance(60)
    with pytest.raises(HTTPError) as caught:
        urlopen(parsed(lkeap, task).DocumentRecognizeResultUrl.replace(*change))
    with caught.value as answer:
        assert answer.code == code


def test_an_address_may_hold_any_name(lkeap: Any, account: Account) -> None:
    task = parse(lkeap, FileUrl=f"https://docs.example/{quote('年报:2025', safe='')}.pdf?sign=1")
    account.clock.advance(60)
    assert "年报_2025.md" in unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)
