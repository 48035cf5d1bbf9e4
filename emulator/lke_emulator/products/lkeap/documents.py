"""Parsing and splitting documents: tasks on the account's clock; ReconstructDocumentSSE shows one as a stream."""

from typing import Any

from lke_emulator.account.call import Call, Frames, Wait
from lke_emulator.knowledge.jobs import Job, Kind
from lke_emulator.products import action, reads
from lke_emulator.products.lkeap import service
from lke_emulator.products.lkeap.accepted import FLOW, INTERNATIONAL_FLOW, SPLIT, STREAM, checked
from lke_emulator.products.lkeap.codes import PARAMETER, VALUE, lkeap_error
from lke_emulator.products.lkeap.tasks import begin, config, long_file

STEPS = 10
"""Progress frames of a stream, at most; a frame a page when there are fewer pages."""


reads("lkeap.CreateReconstructDocumentFlow", "lkeap.CreateSplitDocumentFlow", "lkeap.ReconstructDocumentSSE")(long_file)


@action("lkeap.CreateReconstructDocumentFlow")
def create_reconstruct_document_flow(call: Call) -> dict[str, Any]:
    limits = INTERNATIONAL_FLOW if call.region in call.assumptions.international_regions else FLOW
    wanted = config(call, "ResultType", "TableResultType", "0")
    file_type = checked(call, limits)
    service.admit(call, "CreateReconstructDocumentFlow")
    return {"TaskId": begin(call, "reconstruct", task_id(call), file_type, limits, wanted).id}


@action("lkeap.CreateSplitDocumentFlow")
def create_split_document_flow(call: Call) -> dict[str, Any]:
    wanted = config(call, "SplitResultType", "SplitTableResultType", "0")
    file_type = checked(call, SPLIT)
    service.admit(call, "CreateSplitDocumentFlow")
    return {"TaskId": begin(call, "split", call.account.ids.request_id(), file_type, SPLIT, wanted).id}


@action("lkeap.GetReconstructDocumentResult")
def get_reconstruct_document_result(call: Call) -> dict[str, Any]:
    return result(call, "reconstruct")


@action("lkeap.GetSplitDocumentResult")
def get_split_document_result(call: Call) -> dict[str, Any]:
    return result(call, "split")


@action("lkeap.CancelTask")
def cancel_task(call: Call) -> dict[str, Any]:
    """Stops a task that has not ended; what it has used stays used."""
    job = call.account.jobs.find(call.params["TaskId"], call.now)
    if job is None:
        raise lkeap_error(VALUE, "TaskId: there is no such task")
    if not job.cancel(call.now):
        raise lkeap_error("FailedOperation", f"TaskId: the task is over ({status(call, job)})")
    return {}


@action("lkeap.ReconstructDocumentSSE")
def reconstruct_document_sse(call: Call) -> Frames:
    """The same task as a stream; what is wrong with the document is refused before the stream (assumption)."""
    wanted = config(call, "ResultType", "TableResultType", "3")
    file_type = checked(call, STREAM)
    service.admit(call, "CreateReconstructDocumentFlow")
    job = begin(call, "reconstruct", call.request_id, file_type, STREAM, wanted, waits=0)
    if job.error:
        code, why = job.error
        raise lkeap_error(code, why)
    return progress(call, job)


def task_id(call: Call) -> str:
    """As in the documented examples: 8 hexadecimal digits and the milliseconds, `25adcef61750343903609`."""
    return f"{call.account.ids.hex(8)}{int(call.now * 1000)}"


def status(call: Call, job: Job) -> str:
    """One of the five documented statuses; what a cancelled task shows is assumed."""
    found = job.status(call.now)
    return call.assumptions.cancelled_task if found == "Cancelled" else found


def result(call: Call, kind: Kind) -> dict[str, Any]:
    job = call.account.jobs.find(call.params["TaskId"], call.now)
    if job is None or job.kind != kind:
        raise lkeap_error(VALUE if kind == "reconstruct" else PARAMETER, "TaskId: there is no such task")
    found = status(call, job)
    if found == "Failed" and job.error:
        code, message = job.error
        return {"Status": found, "Error": {"Code": code, "Message": message}}
    if found != "Success":
        return {"Status": found}
    failed = {"FailedPages": failed_pages(job)} if kind == "reconstruct" else {}
    return {"Status": found, "DocumentRecognizeResultUrl": link(call, job), **failed, "Usage": job_usage(job)}


def failed_pages(job: Job) -> list[dict[str, int]]:
    return [{"PageNumber": number} for number in job.failed_pages]


def link(call: Call, job: Job) -> str:
    """An address of the result that is good for 30 minutes from now (documented)."""
    return call.base_url + call.account.files.link(job.result, call.account.clock.now())


def job_usage(job: Job) -> dict[str, int]:
    return {
        "PageNumber": job.pages,
        "TotalToken": job.tokens + job.mllm_tokens,
        "TotalTokens": job.tokens + job.mllm_tokens,
        "SplitTokens": job.tokens if job.kind == "split" else 0,
        "MllmTokens": job.mllm_tokens,
        "SuccessPageNum": job.pages - len(job.failed_pages),
        "FailPageNum": len(job.failed_pages),
        "FileSize": job.size,
    }


def progress(call: Call, job: Job) -> Frames:
    """PROGRESS from 0 on, then TASK_RSP at 100 with the address (documented examples; the messages are theirs).

    A cancelled task ends its stream.
    """
    steps = min(STEPS, job.pages)
    for step in range(steps):
        yield event(call, job, "PROGRESS", 100 * step // steps, "处理中" if step else "开始文档解析")
        yield Wait(job.lasts / steps)
        if job.cancelled_at is not None:
            return
    job.lasts = max(0.0, call.account.clock.now() - job.began)
    yield event(call, job, "TASK_RSP", 100, "完成文档解析", link(call, job))


def event(call: Call, job: Job, kind: str, percent: int, message: str, url: str = "") -> dict[str, Any]:
    over = percent == 100
    return {
        "RequestId": call.request_id,
        "TaskId": job.id,
        "ResponseType": kind,
        "Progress": str(percent),
        "ProgressMessage": message,
        "DocumentRecognizeResultUrl": url,
        "FailedPages": failed_pages(job) if over else [],
        "FailPageNum": len(job.failed_pages) if over else 0,
        "SuccessPageNum": job.pages - len(job.failed_pages) if over else 0,
    }
