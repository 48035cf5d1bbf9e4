"""Where documents come from, and the limits that they are held to."""

from base64 import encodebytes
from collections.abc import Callable
from typing import Any

import pytest
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Control, Target
from contract_tests.lkeap.conftest import assume, call, used
from contract_tests.lkeap.lkeap_documents import (
    MARKDOWN,
    URL,
    VALUE,
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


@pytest.mark.needs("packages")
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
