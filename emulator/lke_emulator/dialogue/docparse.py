"""docParse: a document is read for one conversation, and the caller is told how far that is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from lke_emulator.account.account import Account
from lke_emulator.account.call import ANY_TIME, Wait
from lke_emulator.dialogue.asking import SESSION, Asking, Key
from lke_emulator.dialogue.beats import Cut
from lke_emulator.dialogue.errors import DialogueError, bad
from lke_emulator.dialogue.event import Event, event
from lke_emulator.dialogues.assumptions import DialogueAssumptions
from lke_emulator.dialogues.attachments import Attachment
from lke_emulator.dialogues.question import Question
from lke_emulator.knowledge.apart import read_ahead
from lke_emulator.knowledge.reading import PAGE_END, long_files, read, seeded_text
from lke_emulator.usage.line import Line

if TYPE_CHECKING:
    from lke_emulator.dialogue.surface import Dialogue

STEPS = (0, 50)
"""process of the frames before the last one; their number is documented nowhere."""
PARSE = "FileParse"


class ParseRequest(Struct, kw_only=True):
    """Public clients leave out session_id and request_id, and send file_url instead of the object's members (observed)."""

    bot_app_key: Key
    session_id: Annotated[str, Meta(pattern=SESSION)] | None = None
    request_id: Annotated[str, Meta(max_length=255)] | None = None
    cos_bucket: str | None = None
    cos_url: str | None = None
    cos_hash: str | None = None
    e_tag: str | None = None
    size: str | int | None = None
    file_url: str | None = None
    file_name: str
    file_type: str | None = None


class Parsing(Asking, frozen=True, kw_only=True):
    """The request in the form that all have."""

    request: ParseRequest


def read_request(body: Any) -> Parsing:
    try:
        request = msgspec.convert(body, ParseRequest)
    except msgspec.ValidationError as error:
        raise bad(str(error)) from None
    if not (request.cos_url or request.file_url):
        raise bad("cos_url is required")
    if request.size is not None and not str(request.size).isdecimal():
        raise bad("size is a whole number")
    return Parsing(
        conversation=request.session_id or "",
        key=request.bot_app_key,
        request_id=request.request_id or "",
        question=Question(text=""),
        request=request,
    )


def parse_document(exchange: "Dialogue") -> Iterator[Event | Wait | Cut]:
    account, asked, app = exchange.account, exchange.asked, exchange.app
    assert account is not None
    assert app is not None
    assert isinstance(asked, Parsing)
    assumptions, request = exchange.world.assumptions, asked.request
    now = account.clock.now()
    if account.billing.refusal(PARSE, "", now) is not None:
        raise DialogueError(460032)
    running, success, failed = assumptions.docparse_status_words
    doc_id, trace = account.ids.snowflake(), account.ids.hex(32)
    name = request.file_name
    kind = (request.file_type or name.rpartition(".")[2]).lower().lstrip(".")
    url = request.cos_url or request.file_url or ""

    def told(status: str, process: int, *, error: str = "", id: str = doc_id) -> Event:
        return frame(asked, trace, int(now), status, process, error, id, assumptions)

    pause = assumptions.docparse_s / len(STEPS)
    for process in STEPS:
        yield told(running, process)
        if pause:
            yield Wait(pause)
    stored = account.objects.get(url)
    if stored is not None and not fits(request, stored.crc64, stored.size):
        yield told(failed, 100, error="the object has another hash or size", id="0")
        return
    size = stored.size if stored is not None else int(request.size or 0)
    files = long_files([(stored, kind)])
    with read_ahead(files) as ear:
        if files:
            yield Wait(ANY_TIME, ear)
        reading = read(stored, name, kind, size, f"{account.seed}/{url}")
    if app.biz_id not in account.apps:
        yield told(failed, 100, error=DialogueError(460004).text(exchange.language), id="0")
        return
    if reading.problem:
        yield told(failed, 100, error=reading.problem, id="0")
        return
    text = seeded_text(name, reading.pages, f"{account.seed}/{url}") if reading.text is None else reading.text
    account.attachments.add(
        Attachment(
            id=doc_id, app=app.biz_id, conversation=asked.conversation, name=name, text=text.replace(PAGE_END, "\n")
        )
    )
    line = Line(
        sub_account=exchange.caller,
        space=app.space,
        app=app.biz_id,
        app_name=app.name,
        app_type=app.type,
        sub_biz_type=PARSE,
        call_type="对话调用-API对话",
    )
    account.billing.record(line, account.clock.now(), pages=reading.pages, id=asked.request_id)
    exchange.entry.end()
    yield told(success, 100)


def fits(request: ParseRequest, crc64: str, size: int) -> bool:
    """Whether what the caller says of the object is what it is; what it leaves out says nothing."""
    return request.cos_hash in (None, "", crc64) and str(request.size or size) == str(size)


def frame(
    asked: Asking | None,
    trace: str,
    now: int,
    status: str,
    process: int,
    error: str,
    doc_id: str,
    assumptions: DialogueAssumptions,
    name: str = "",
) -> Event:
    """Every frame has doc_id, status, error_message and is_final: a public client reads them without a default."""
    name = name or assumptions.docparse_event_name
    payload = {
        "doc_id": doc_id,
        "process": process,
        "status": status,
        "error_message": error,
        "is_final": status in assumptions.docparse_status_words[1:],
        "session_id": asked.conversation if asked else "",
        "request_id": asked.request_id if asked else "",
        "timestamp": now,
        "trace_id": trace,
    }
    return event(name, {"type": name, "payload": payload})


def failure(
    error: DialogueError, language: str, asked: Asking | None, trace: str, now: int, assumptions: DialogueAssumptions
) -> Event:
    failed = assumptions.docparse_status_words[2]
    return frame(asked, trace, now, failed, 0, error.text(language), "0", assumptions, "error")


def with_documents(account: Account, app: str, asked: Asking) -> Question:
    """The question with the texts of the documents that came with it. DialogueError 400 for one that docParse did not read
    for this conversation (documented); a file without an id is not read."""
    documents = []
    for file in asked.question.files:
        if file.doc_id in ("", "0"):
            continue
        found = account.attachments.find(file.doc_id, app, asked.conversation)
        if found is None:
            raise bad(f"docParse did not read {file.doc_id} for this conversation")
        documents.append((found.name, found.text))
    return msgspec.structs.replace(asked.question, documents=documents) if documents else asked.question
