"""What a parse or split task gives and takes. All of it is worked out when the task begins."""

from collections.abc import Sequence

from lke_emulator.account.call import Call
from lke_emulator.knowledge.archive import pack
from lke_emulator.knowledge.files import LINK_SECONDS
from lke_emulator.knowledge.jobs import KEPT_SECONDS, Job, Kind
from lke_emulator.knowledge.parsing import is_long, parse
from lke_emulator.knowledge.source import Original, from_base64, from_url
from lke_emulator.knowledge.specimen import Specimen
from lke_emulator.knowledge.splitting import split
from lke_emulator.knowledge.unparsable import Unparsable
from lke_emulator.knowledge.unread import Unread
from lke_emulator.models.tokens import estimate
from lke_emulator.products.lkeap import results, service
from lke_emulator.products.lkeap.accepted import MB, NUMBERED, FileRules, page_range
from lke_emulator.products.lkeap.codes import MEANINGS, VALUE, lkeap_error
from lke_emulator.products.lkeap.results import Config, TaskDocument


def config(call: Call, result_type: str, tables: str, otherwise: str) -> Config:
    """The Config of a request; `result_type` and `tables` are how the action names those two."""
    given = call.params.get("Config", {})
    wanted = Config(
        given.get(result_type, otherwise),
        given.get(tables, "0"),
        given.get("ReturnPageFormat", False),
        given.get("PageFormat") or results.PAGE_FORMAT,
        given.get("IgnoreFailedPage", True),
        given.get("MaxChunkSize", call.assumptions.split_chunk_characters),
        given.get("EnableMllm", False),
    )
    if wanted.result_type not in results.CONTENTS:
        raise lkeap_error(VALUE, f"Config.{result_type}: one of {', '.join(results.CONTENTS)}")
    if wanted.tables not in results.TABLES:
        raise lkeap_error(VALUE, f"Config.{tables}: 0 or 1")
    if wanted.chunk_size < 1:
        raise lkeap_error(VALUE, "Config.MaxChunkSize: at least 1")
    return wanted


def begin(
    call: Call, kind: Kind, id: str, file_type: str, limits: FileRules, wanted: Config, waits: float | None = None
) -> Job:
    """A task, begun. All it will give is worked out now; when it is given is read from the clock."""
    waits = call.assumptions.document_wait_s if waits is None else waits
    job = Job(id=id, kind=kind, began=call.now, waits=waits, lasts=0)
    try:
        original = source(call)
        job.size = original.size
        if original.size > limits.of(file_type):
            raise Unparsable("LimitExceeded.TooLargeFileError", f"at most {limits.of(file_type) // MB} MB")
        work(call, job, original, pages_chosen(call, original, file_type), wanted)
    except Unparsable as error:
        job.error = error.code, error.why
    call.account.jobs.add(job)
    return job


def source(call: Call) -> Original:
    """The file of a request; a FileUrl goes before a FileBase64 (documented)."""
    url, name = call.params.get("FileUrl"), call.params.get("FileName", "")
    if not url:
        return from_base64(call.params.get("FileBase64", ""), "document")
    return from_url(url, name, call.account, call.base_url, call.now, call.assumptions.unknown_file_urls)


def long_file(call: Call) -> list[Unread]:
    """The file of a request, if reading it takes long."""
    try:
        content = source(call).content
    except Unparsable:
        return []
    unread = Unread(content or b"", call.params["FileType"].upper(), call.assumptions.text_page_characters)
    return [unread] if is_long(unread) else []


def pages_chosen(call: Call, original: Original, file_type: str) -> dict[int, str]:
    """The pages that are to be worked on, by their numbers in the file."""
    title = results.stem(original.name)
    if original.content is None:
        pages: Sequence[str] = Specimen(title, original.pages, call.account.seed)
    else:
        pages = parse(original.content, file_type, title, call.assumptions.text_page_characters)
    first, last = page_range(call) if file_type in NUMBERED else (1, None)
    numbers = range(first, min(last or len(pages), len(pages)) + 1)
    if not numbers:
        raise Unparsable(VALUE, f"FileStartPageNumber: the file has {len(pages)} pages")
    most = call.assumptions.document_max_pages
    if len(numbers) > most:
        raise Unparsable("LimitExceeded.ExceededMaxPagesError", f"{len(numbers)} pages, at most {most}")
    return {number: pages[number - 1] for number in numbers}


def work(call: Call, job: Job, original: Original, pages: dict[int, str], wanted: Config) -> None:
    """Fill in what the job gives and takes, and meter it; Unparsable where the scenario says that it fails."""
    job.pages = len(pages)
    job.failed_pages = tuple(number for number in original.failed_pages if number in pages)
    job.lasts = len(pages) / call.assumptions.document_pages_per_s if original.seconds is None else original.seconds
    if original.error:
        raise Unparsable(original.error, MEANINGS[original.error][0])
    if job.failed_pages and not wanted.ignores_failed_pages:
        raise Unparsable("FailedOperation.FileParseError", f"pages {', '.join(map(str, job.failed_pages))}")
    done = {number: text for number, text in pages.items() if number not in job.failed_pages}
    document = TaskDocument(original.name, done, wanted)
    if job.kind == "split":
        entries = divided(call, job, document)
    else:
        entries = results.parsed(document)
        job.tokens = estimate(document.markdown, call.assumptions.tokens_per_1000_characters)
        service.meter(call, "CreateReconstructDocumentFlow", pages=len(done))
    job.result = f"{job.id}.zip"
    call.account.files.put(job.result, pack(entries), call.now, KEPT_SECONDS + LINK_SECONDS)


def divided(call: Call, job: Job, document: TaskDocument) -> dict[str, bytes]:
    text = document.markdown
    job.tokens = estimate(text, call.assumptions.tokens_per_1000_characters)
    job.mllm_tokens = call.assumptions.mllm_page_tokens * len(document.pages) if document.config.mllm else 0
    service.meter(call, "CreateSplitDocumentFlow", split=job.tokens + job.mllm_tokens)
    chunks = split(text, document.config.chunk_size, call.assumptions.split_section_chunks)
    return results.split_files(document, chunks)
