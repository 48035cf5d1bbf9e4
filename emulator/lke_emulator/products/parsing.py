"""What the parsing of documents costs: whether anything would pay for it, and what it has used."""

from lke_emulator.account.call import Call
from lke_emulator.knowledge.documents import Document
from lke_emulator.knowledge.refusals import failed
from lke_emulator.models.tokens import estimate
from lke_emulator.usage.line import Line

PARSE = "FileParse"
SHARED = "shared_knowledge"
REASONS = {
    "unopened": "460026: the service is not opened, and documents are not parsed",
    "in-arrears": "460026: the account is in arrears, and documents are not parsed",
    "run-out": "460032: nothing is left that pays for parsing: no package has pages, and postpaid of FileParse is off",
}
"""Why nothing would pay -> what is said about it, with the documented codes of dialogues that are not paid for."""


def unpaid(call: Call) -> str:
    """Why nothing would pay for parsing now; empty where something would."""
    reason = call.account.billing.refusal(PARSE, "", call.now)
    return "" if reason is None else REASONS[reason]


def check_paid(call: Call) -> None:
    """A refusal where nothing would pay; before anything is taken in."""
    reason = unpaid(call)
    if reason and call.assumptions.unpaid_parsing == "refuse":
        raise failed(reason)


def pay(call: Call, document: Document) -> None:
    """Meter what the parsing of a document that has just begun takes. One that nothing would pay for has failed; one that
    cannot be parsed takes nothing (inferred)."""
    account, reason = call.account, unpaid(call)
    if document.work.outcome == "parse":
        return
    if reason:
        account.documents.fail(document, "parse", reason, call.now)
        return
    split = 0
    if call.assumptions.parsing_meters == "pages_and_split":
        split = estimate(document.content(), call.assumptions.tokens_per_1000_characters)
    account.billing.record(
        parsing_line(call, document.base), call.now, pages=document.pages, split=split, id=call.request_id
    )


def parsing_line(call: Call, base: str) -> Line:
    app = call.account.apps.get(base)
    owner = app or call.account.shared.find(base)
    return Line(
        sub_account=call.caller,
        space=owner.space,
        app=base,
        app_name=owner.name,
        app_type=app.type if app else SHARED,
        sub_biz_type=PARSE,
        sub_scene="document_parse",
    )
