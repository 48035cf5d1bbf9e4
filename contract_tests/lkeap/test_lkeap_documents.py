"""Parse and split tasks through the official SDK: their course, results, limits and failures."""

import io
import json
import zipfile
from base64 import b64encode, encodebytes
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Control, Target
from contract_tests.lkeap.conftest import account_of, assume, call, frames, used
from lke_emulator.account.account import Account
from lke_emulator.knowledge.source import FileSection
from lke_emulator.scenario.files import build_files

MARKDOWN = "# Report\n\nAll is well.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\f## Appendix\n\nNothing to add.\n"
URL = "https://docs.example/report.pdf"
VALUE = "InvalidParameterValue.InvalidParameterValueLimit"
FAILURES = [
    "FailedOperation.EngineServerError",
    "FailedOperation.FileParseError",
    "FailedOperation.FileParseTimeout",
    "FailedOperation.InternalError",
    "FailedOperation.NonsupportParse",
    "FailedOperation.OcrFailed",
    "FailedOperation.UnKnowError",
    "FailedOperation.UploadResultFileFailed",
    "InternalError",
    "InvalidParameter.FileURLInvalid",
    "InvalidParameter.InvalidFileFormat",
    "InvalidParameter.InvalidFileType",
    "LimitExceeded.ExceededMaxPagesError",
    "LimitExceeded.TooLargeFileError",
]


def encoded(content: str | bytes) -> str:
    return b64encode(content.encode() if isinstance(content, str) else content).decode()


def pdf(pages: int) -> bytes:
    return b"%PDF-1.7\n" + b"<< /Type /Page >>\n" * pages


def parse(client: Any, **params: Any) -> str:
    """The id of a new parse task; by default on MARKDOWN."""
    given = {"FileType": "MD", "FileBase64": encoded(MARKDOWN)} if "FileUrl" not in params else {"FileType": "PDF"}
    task: str = call(client, "CreateReconstructDocumentFlow", **{**given, **params}).TaskId
    return task


def split(client: Any, **params: Any) -> str:
    task: str = call(client, "CreateSplitDocumentFlow", **{"FileType": "PDF", "FileUrl": URL, **params}).TaskId
    return task


def parsed(client: Any, task: str) -> Any:
    return call(client, "GetReconstructDocumentResult", TaskId=task)


def failure(target: Target, task: str) -> tuple[str, str, str]:
    """Status, code and message of a parse task that failed, which the SDK raises instead of giving."""
    reader = target.client(type("Reader", (LkeapClient,), {"_check_error": lambda self, response: None}))
    answer = parsed(reader, task)
    return answer.Status, answer.Error.Code, answer.Error.Message


def divided(client: Any, task: str) -> Any:
    return call(client, "GetSplitDocumentResult", TaskId=task)


def unpacked(url: str) -> dict[str, str]:
    with urlopen(url) as response, zipfile.ZipFile(io.BytesIO(response.read())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def place(account: Account, **section: Any) -> None:
    build_files(account, [FileSection(url=URL, **section)])


@pytest.fixture
def account(emulator: Control) -> Account:
    return account_of(emulator)


# the course of a task


def test_a_task_waits_is_worked_on_and_succeeds(lkeap: Any, account: Account) -> None:
    task = parse(lkeap)
    seen = [parsed(lkeap, task).Status]
    for _ in range(20):
        account.clock.advance(0.3)
        seen.append(parsed(lkeap, task).Status)
    assert list(dict.fromkeys(seen)) == ["WaitExecute", "Processing", "Success"]


def test_task_ids_look_as_documented(lkeap: Any, account: Account) -> None:
    assert len(parse(lkeap)) == 21
    assert len(split(lkeap)) == 36


def test_a_cancelled_task_stays_where_it_is(lkeap: Any, account: Account, refusal: Callable[..., Any]) -> None:
    task = parse(lkeap)
    call(lkeap, "CancelTask", TaskId=task)
    account.clock.advance(3600)
    assert parsed(lkeap, task).Status == "Pause"
    assert not parsed(lkeap, task).DocumentRecognizeResultUrl
    assert refusal(lambda: call(lkeap, "CancelTask", TaskId=task)).code == "FailedOperation"


def test_the_status_of_a_cancelled_task_is_an_assumption(lkeap: Any, account: Account, emulator: Control) -> None:
    assume(emulator, cancelled_task="Failed")
    task = split(lkeap)
    call(lkeap, "CancelTask", TaskId=task)
    assert divided(lkeap, task).Status == "Failed"


def test_a_finished_task_cannot_be_cancelled(lkeap: Any, account: Account, refusal: Callable[..., Any]) -> None:
    task = parse(lkeap)
    account.clock.advance(3600)
    assert refusal(lambda: call(lkeap, "CancelTask", TaskId=task)).code == "FailedOperation"
    assert parsed(lkeap, task).Status == "Success"


def test_a_task_can_be_asked_for_for_thirty_days(lkeap: Any, account: Account, refusal: Callable[..., Any]) -> None:
    task = parse(lkeap)
    account.clock.advance(30 * 86400 - 1)
    assert unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)
    account.clock.advance(1)
    assert refusal(lambda: parsed(lkeap, task)).code == VALUE


def test_unknown_tasks_are_refused(lkeap: Any, account: Account, refusal: Callable[..., Any]) -> None:
    assert refusal(lambda: parsed(lkeap, "no-such-task")).code == VALUE
    assert refusal(lambda: parsed(lkeap, split(lkeap))).code == VALUE
    assert refusal(lambda: divided(lkeap, "no-such-task")).code == "InvalidParameter"
    assert refusal(lambda: call(lkeap, "CancelTask", TaskId="no-such-task")).code == VALUE


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


# where documents come from


def test_a_file_of_this_emulator_can_be_parsed_again(lkeap: Any, account: Account, target: Target) -> None:
    account.files.put("again.md", b"# Again\n", account.clock.now())
    url = target.url + account.files.link("again.md", account.clock.now())
    task, expired = parse(lkeap, FileType="MD", FileUrl=url), parse(lkeap, FileType="MD", FileUrl=url + "x")
    account.clock.advance(60)
    assert unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)["again.md"] == "# Again\n"
    assert failure(target, expired)[1] == "InvalidParameter.FileURLInvalid"


@pytest.mark.parametrize("url", ["data:text/plain;base64," + encoded("# Hi\n"), "data:,%23%20Hi%0A"])
def test_a_data_address_holds_its_file(lkeap: Any, account: Account, url: str) -> None:
    task = parse(lkeap, FileType="MD", FileUrl=url)
    account.clock.advance(60)
    assert unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)["document.md"] == "# Hi\n"


def test_base64_may_come_in_lines(lkeap: Any, account: Account) -> None:
    task = parse(lkeap, FileBase64=encodebytes(MARKDOWN.encode()).decode())
    account.clock.advance(60)
    assert parsed(lkeap, task).Status == "Success"


def test_an_address_goes_before_the_base64(lkeap: Any, account: Account) -> None:
    task = parse(lkeap, FileType="MD", FileUrl="data:,url", FileBase64=encoded("base64"))
    account.clock.advance(60)
    assert unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)["document.md"] == "url\n"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a/b", "no address", "http://", "/etc/passwd", "http://[x"]
)
def test_what_is_no_web_address_is_refused(lkeap: Any, refusal: Callable[..., Any], url: str) -> None:
    assert refusal(lambda: parse(lkeap, FileUrl=url)).code == "InvalidParameter.FileURLInvalid"


def test_an_unreachable_address_fails_in_the_documented_words(
    lkeap: Any, account: Account, emulator: Control, target: Target
) -> None:
    assume(emulator, unknown_file_urls="unreachable")
    task = parse(lkeap, FileUrl=URL)
    assert parsed(lkeap, task).Status == "WaitExecute"
    account.clock.advance(60)
    assert failure(target, task) == ("Failed", "InvalidParameter.FileURLInvalid", "url download failed")


def test_the_sdk_takes_a_failed_task_for_a_refusal(lkeap: Any, account: Account, refusal: Callable[..., Any]) -> None:
    """Documented: a failed task has the member Error, which is what tells an SDK that a call was refused."""
    place(account, error="FailedOperation.OcrFailed")
    task, other = parse(lkeap, FileUrl=URL), split(lkeap)
    account.clock.advance(60)
    assert refusal(lambda: parsed(lkeap, task)).code == "FailedOperation.OcrFailed"
    assert refusal(lambda: divided(lkeap, other)).code == "FailedOperation.OcrFailed"


# limits


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"FileType": "EXE"}, "InvalidParameter.InvalidFileType"),
        ({"FileBase64": ""}, "InvalidParameter"),
        ({"FileBase64": "not base64!"}, "InvalidParameter.InvalidFileFormat"),
        ({"FileBase64": "A" * ((8 << 20) + 4)}, "LimitExceeded.TooLargeFileError"),
        ({"FileStartPageNumber": 0}, VALUE),
        ({"FileStartPageNumber": 5, "FileEndPageNumber": 4}, VALUE),
        ({"Config": {"ResultType": "6"}}, VALUE),
        ({"Config": {"TableResultType": "2"}}, VALUE),
    ],
)
def test_requests_outside_the_limits_are_refused_at_once(
    lkeap: Any, refusal: Callable[..., Any], params: dict[str, Any], code: str
) -> None:
    assert refusal(lambda: parse(lkeap, **params)).code == code


def test_each_action_takes_its_own_file_types(lkeap: Any, refusal: Callable[..., Any]) -> None:
    wrong = "InvalidParameter.InvalidFileType"
    html = {"FileType": "html", "FileUrl": "data:,<p>x"}
    assert parse(lkeap, FileType="BMP", FileUrl=URL)
    assert refusal(lambda: split(lkeap, FileType="BMP")).code == wrong
    assert parse(lkeap, **html)
    assert refusal(lambda: call(lkeap, "ReconstructDocumentSSE", **html)).code == wrong


def test_base64_can_be_kept_to_the_documented_types(lkeap: Any, emulator: Control, refusal: Callable[..., Any]) -> None:
    assume(emulator, base64_file_types="documented")
    assert refusal(lambda: parse(lkeap)).code == "InvalidParameter.InvalidFileType"
    assert parse(lkeap, FileType="PDF", FileBase64=encoded(pdf(1)))


@pytest.mark.parametrize(
    ("params", "section", "code"),
    [
        ({"FileType": "PDF"}, {"size": 300 * 2**20 + 1}, "LimitExceeded.TooLargeFileError"),
        ({"FileType": "DOCX"}, {"size": 200 * 2**20 + 1}, "LimitExceeded.TooLargeFileError"),
        ({"FileType": "TXT"}, {"size": 10 * 2**20 + 1}, "LimitExceeded.TooLargeFileError"),
        ({"FileType": "PNG"}, {"size": 20 * 2**20 + 1}, "LimitExceeded.TooLargeFileError"),
        ({}, {"pages": 1001}, "LimitExceeded.ExceededMaxPagesError"),
        ({"FileStartPageNumber": 4}, {"pages": 3}, VALUE),
        ({}, {"text": "no PDF"}, "InvalidParameter.InvalidFileFormat"),
        *(({}, {"error": code}, code) for code in FAILURES),
    ],
)
def test_a_document_outside_the_limits_fails_its_task(
    lkeap: Any, account: Account, target: Target, params: dict[str, Any], section: dict[str, Any], code: str
) -> None:
    place(account, **section)
    before = used(account, "CreateReconstructDocumentFlow")
    task = parse(lkeap, FileUrl=URL, **params)
    account.clock.advance(3600)
    status, told, message = failure(target, task)
    assert (status, told) == ("Failed", code)
    assert message
    assert used(account, "CreateReconstructDocumentFlow") == before


def test_a_document_at_the_limits_is_parsed(lkeap: Any, account: Account) -> None:
    place(account, size=300 * 2**20, pages=1000, seconds=5)
    task = parse(lkeap, FileUrl=URL)
    account.clock.advance(6)
    assert parsed(lkeap, task).Usage.PageNumber == 1000


def test_the_international_edition_parses_a_pdf_of_100_mb(target: Target, account: Account) -> None:
    abroad = target.client(LkeapClient, region="ap-jakarta")
    place(account, size=100 * 2**20 + 1)
    task = parse(abroad, FileUrl=URL)
    account.clock.advance(60)
    assert failure(target, task)[1] == "LimitExceeded.TooLargeFileError"


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


# the same as a stream


def test_a_stream_shows_progress_and_ends_with_the_result(lkeap: Any, account: Account) -> None:
    place(account, pages=3, failed_pages=(2,), seconds=0.01)
    before = used(account, "CreateReconstructDocumentFlow")
    *steps, last = frames(call(lkeap, "ReconstructDocumentSSE", FileType="PDF", FileUrl=URL))
    assert steps[0]["Progress"] == "0"
    progress = [int(step["Progress"]) for step in steps]
    assert progress == sorted(progress)
    assert all(step["ResponseType"] == "PROGRESS" and step["DocumentRecognizeResultUrl"] == "" for step in steps)
    assert (last["ResponseType"], last["Progress"]) == ("TASK_RSP", "100")
    assert (last["SuccessPageNum"], last["FailPageNum"], last["FailedPages"]) == (2, 1, [{"PageNumber": 2}])
    assert set(unpacked(last["DocumentRecognizeResultUrl"])) == {
        "report.md",
        "report_1.json",
        "report_3.json",
        "images/",
    }
    assert used(account, "CreateReconstructDocumentFlow").pages - before.pages == 2
    assert parsed(lkeap, last["TaskId"]).Status == "Success"


def test_a_document_that_fails_is_refused_before_the_stream(
    lkeap: Any, account: Account, refusal: Callable[..., Any]
) -> None:
    place(account, error="FailedOperation.NonsupportParse")
    stream = {"FileType": "PDF", "FileUrl": URL}
    assert refusal(lambda: call(lkeap, "ReconstructDocumentSSE", **stream)).code == "FailedOperation.NonsupportParse"


# the state of the account


@pytest.mark.parametrize(
    "action", ["CreateReconstructDocumentFlow", "CreateSplitDocumentFlow", "ReconstructDocumentSSE"]
)
def test_an_account_that_is_not_served_begins_no_task(
    lkeap: Any, account: Account, refusal: Callable[..., Any], action: str
) -> None:
    account.billing.open()
    refused = refusal(lambda: call(lkeap, action, FileType="PDF", FileUrl=URL))
    assert refused.code == "ResourceUnavailable.ResourcePackageRunOut"


def test_an_address_may_hold_any_name(lkeap: Any, account: Account) -> None:
    task = parse(lkeap, FileUrl=f"https://docs.example/{quote('年报:2025', safe='')}.pdf?sign=1")
    account.clock.advance(60)
    assert "年报_2025.md" in unpacked(parsed(lkeap, task).DocumentRecognizeResultUrl)
