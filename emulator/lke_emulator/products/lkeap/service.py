"""Whether lkeap serves an account, and what a call has used."""

from lke_emulator.account.call import Call
from lke_emulator.billing.billing import Unserved
from lke_emulator.products.lkeap.codes import lkeap_error
from lke_emulator.usage.line import Line

# Why a call is not served -> how lkeap says so (inferred from the names and meanings of the codes).
REFUSALS = {
    "unopened": "FailedOperation.UnOpenError",
    "in-arrears": "ResourceUnavailable.InArrears",
    "run-out": "ResourceUnavailable.ResourcePackageRunOut",
    "concurrency": "RequestLimitExceeded",
}
OTHERWISE = "ResourcesSoldOut.ChargeStatusException"
SUB_BIZ_TYPES = {
    "ChatCompletions": "KnowledgeQA",
    "GetEmbedding": "Embedding",
    "QueryRewrite": "Rewrite",
    "RunRerank": "Rerank",
    "CreateReconstructDocumentFlow": "FileParse",
    "CreateSplitDocumentFlow": "FileParse",
    "SearchPro": "SearchEngine",
}


def admit(call: Call, api: str, model: str = "") -> None:
    """Raises the ApiError of an account that may not call `api` now."""
    try:
        call.account.billing.admit(api, model, call.caller, call.now)
    except Unserved as unserved:
        raise lkeap_error(REFUSALS.get(unserved.reason, OTHERWISE)) from None


class Flight:
    """A call that has a place in its model's concurrency until it ends; RequestLimitExceeded when none is free."""

    def __init__(self, call: Call, model: str) -> None:
        self._call = call
        self._model = model
        self._over = False
        try:
            call.account.concurrency.enter(model, call.now)
        except Unserved as unserved:
            raise lkeap_error(REFUSALS.get(unserved.reason, OTHERWISE)) from None

    def end(self, input: int, output: int, searches: bool) -> None:
        """Give the place back and meter what the call used, once; later ends change nothing."""
        if self._over:
            return
        self._over = True
        self._call.account.concurrency.leave(self._model, self._call.account.clock.now())
        meter(self._call, "ChatCompletions", self._model, input=input, output=output)
        if searches:
            meter(self._call, "SearchPro", internet=1)


def meter(call: Call, api: str, model: str = "", **amounts: int) -> None:
    """Record what a call has used, at this moment; `amounts` are billing.record's: input, output, pages, ..."""
    if model:
        call.entry.model = model
        call.entry.input += amounts.get("input", 0)
        call.entry.output += amounts.get("output", 0)
    line = Line(sub_account=call.caller, model=model, sub_biz_type=SUB_BIZ_TYPES[api], call_type="API", api=api)
    call.account.billing.record(line, call.account.clock.now(), id=call.request_id, visitor="", **amounts)
