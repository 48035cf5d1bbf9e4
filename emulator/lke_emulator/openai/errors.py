"""Every way a call of the OpenAI-compatible endpoint can be refused: an HTTP status and `{"error": {...}}`.

Documented (1255/70381): the codes 20031, 20034 and 20059 as strings, their type, and the text of 20031. Observed: 401
with `not_authorized` where no key is given. The type of what a key may not do is that of the gateway family (assumption
`gateway_error_type`), with the request id in the text; the other statuses, codes and texts follow OpenAI's own.
"""

from typing import Any, NamedTuple

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.models.rules import Failure

DOCUMENTED = ("20031", "20034", "20059")
GATEWAY, REQUEST, RUNTIME = "gateway", "invalid_request_error", "runtime_error"


class OpenaiText(NamedTuple):
    status: int | str
    """HTTP status, or the field of the assumption `openai_error_status` that says it."""
    type: str
    code: str | None
    message: str


TEXTS = {
    "no-key": OpenaiText(
        401, GATEWAY, "not_authorized", "No API key was given. Send it as `Authorization: Bearer sk-...`."
    ),
    "bad-key": OpenaiText(401, GATEWAY, "invalid_api_key", "The API key is not valid: it is mistyped, or was deleted."),
    "disabled": OpenaiText(401, GATEWAY, "api_key_disabled", "The API key is disabled. Enable it, or use another one."),
    "expired": OpenaiText(401, GATEWAY, "api_key_expired", "The API key has expired. Extend it, or use another one."),
    "exhausted": OpenaiText(
        401, GATEWAY, "api_key_exhausted", "The quota of the API key is used up. Raise it, or use another key."
    ),
    "denied": OpenaiText(403, GATEWAY, "model_not_allowed", "The API key may not call the model `{model}`."),
    "method": OpenaiText(405, REQUEST, "method_not_allowed", "{path} takes {method}."),
    "path": OpenaiText(404, REQUEST, "unknown_url", "There is no {path} here; there are {paths}."),
    "size": OpenaiText(413, REQUEST, "request_too_large", "The request is larger than 10 MB."),
    "not-json": OpenaiText(400, REQUEST, "invalid_json", "The body is not a JSON object: {why}."),
    "invalid": OpenaiText(400, REQUEST, "invalid_value", "{why}."),
    "model": OpenaiText(404, REQUEST, "model_not_found", "The model `{model}` does not exist. Models: {models}."),
    "kind": OpenaiText(400, REQUEST, "model_not_supported", "The model `{model}` is for {kind}, not for {wanted}."),
    "rate": OpenaiText(
        429, RUNTIME, "rate_limit_exceeded", "Rate limit reached: {limit} {kind} per minute. Try again in {wait} s."
    ),
    "20031": OpenaiText("not_enough_quota", RUNTIME, "20031", "not enough quota"),
    "20034": OpenaiText("concurrency_exceeded", RUNTIME, "20034", "concurrency exceeded"),
    "20059": OpenaiText("input_too_long", RUNTIME, "20059", "input too long"),
    "timeout": OpenaiText("timeout", RUNTIME, "timeout", "The reply was not finished within {seconds:g} seconds."),
    "fault": OpenaiText(500, RUNTIME, None, "The model failed."),
    "internal": OpenaiText(500, RUNTIME, "internal_error", "An internal error has occurred."),
}


class OpenaiError(Exception):
    """A refusal. `reason` is for the journal alone."""

    def __init__(self, key: str, param: str | None = None, wait: int = 0, reason: str = "", **facts: object) -> None:
        """`key` is one of TEXTS; `wait` is the seconds of a Retry-After header."""
        text = TEXTS[key]
        super().__init__(key)
        self.text = text._replace(message=text.message.format_map({**facts, "wait": wait}))
        self.param = param
        self.wait = wait
        self.reason = reason

    @property
    def code(self) -> str:
        """For the journal: never empty."""
        return self.text.code or self.text.type

    def status(self, assumptions: Assumptions) -> int:
        status = self.text.status
        return status if isinstance(status, int) else int(getattr(assumptions.openai_error_status, status))

    def body(self, assumptions: Assumptions, request_id: str) -> dict[str, Any]:
        text = self.text
        kind, message = text.type, text.message
        if kind == GATEWAY:
            kind, message = assumptions.gateway_error_type, f"{message} (request id: {request_id})"
        return {"error": {"message": message, "type": kind, "param": self.param, "code": text.code}}


def from_rule(failure: Failure) -> OpenaiError:
    """The error that a scenario asks for; a documented code brings its own status, type and text."""
    error = OpenaiError(failure.code if failure.code in DOCUMENTED else "fault")
    error.text = OpenaiText(
        failure.status or error.text.status,
        failure.type or error.text.type,
        failure.code or error.text.code,
        failure.message or error.text.message,
    )
    return error


SAMPLE: dict[str, Any] = {
    **dict.fromkeys(("model", "models", "path", "paths", "method", "why", "kind", "wanted"), "?"),
    "limit": 1,
    "seconds": 1,
}
"""Facts for a refusal that nothing has caused."""


MEANING = {
    "AuthFailure": "bad-key",
    "UnauthorizedOperation": "denied",
    "OperationDenied": "denied",
    "LimitExceeded": "rate",
    "RequestLimitExceeded": "rate",
    "RequestSizeLimitExceeded": "size",
    "ResourceInsufficient": "20031",
    "ResourceUnavailable": "20031",
    "ResourceNotFound": "model",
    "InvalidParameter": "invalid",
    "InvalidParameterValue": "invalid",
    "MissingParameter": "invalid",
    "UnknownParameter": "invalid",
    "UnsupportedOperation": "kind",
    "InvalidAction": "path",
}
"""What a code of API 3.0 says up to its dot -> the refusal here that says the same; every other one is a failure inside."""


def of_code(code: str, message: str) -> OpenaiError:
    """The error of a code, of API 3.0 too, or of a key of TEXTS such as rate, as a caller would meet it."""
    key = next((key for key, text in TEXTS.items() if code in (key, text.code)), None)
    meant = key or MEANING.get(code.partition(".")[0], "fault")
    error = OpenaiError(meant, **SAMPLE)
    shown = (key and TEXTS[key].code) or code
    error.text = error.text._replace(code=shown, message=message or error.text.message)
    return error
