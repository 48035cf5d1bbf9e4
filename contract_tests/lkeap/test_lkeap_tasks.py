"""The course of parse and split tasks through the official SDK, polled and as a stream."""

from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.conftest import Control
from contract_tests.lkeap.conftest import assume, call, frames, used
from contract_tests.lkeap.lkeap_documents import URL, VALUE, divided, parse, parsed, place, split, unpacked
from lke_emulator.account.account import Account

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
