"""ChatCompletions: one reply as JSON, or in pieces as a stream of frames."""

from typing import Any

from lke_emulator.account.call import Call, Frames, Slow, Wait
from lke_emulator.models import chat
from lke_emulator.models.catalogue import CATALOGUE, sizes
from lke_emulator.models.rules import Failure
from lke_emulator.products import action
from lke_emulator.products.lkeap import service
from lke_emulator.products.lkeap.codes import MEANINGS, PARAMETER, lkeap_error
from lke_emulator.products.lkeap.online_search import search
from lke_emulator.protocol.errors import ApiError

API = "ChatCompletions"
MESSAGES = 40
MAX_TOKENS = 4096
TEMPERATURES = (0, 2)
THINKERS = ("deepseek-v3.1", "deepseek-v3.2")
"""Models, by how they begin, whose chain of thought the caller switches (documented for v3.1; v3.2 by its name)."""
# A rule's error code of the OpenAI-compatible endpoint, as the signed API says it (inferred).
CODES = {
    "20031": "ResourceUnavailable.ResourcePackageRunOut",
    "20034": "RequestLimitExceeded",
    "20059": PARAMETER,
}
BROKEN = "FailedOperation.EngineServerError"
TIMEOUTS = (408, 504)


@action("lkeap.ChatCompletions")
def chat_completions(call: Call) -> dict[str, Any] | Slow | Frames:
    """The reply of a model. Limits are the documented ones; InvalidParameter is how this action refuses input."""
    model = call.params["Model"]
    check_model(call, model)
    messages = check_messages(call.params["Messages"])
    ask = chat.Ask(model=model, messages=messages, max_tokens=max_tokens(call, model), thinking=thinking(call, model))
    insist(input_fits(call, ask), "Messages: more tokens than the model takes")
    temperature = call.params.get("Temperature", 0.6)
    low, high = TEMPERATURES
    insist(low <= temperature <= high, f"Temperature: from {low} to {high}")
    service.admit(call, API, model)
    searches = call.params.get("EnableSearch", False)
    if searches:
        service.admit(call, "SearchPro")
    rule = chat.rule_for(call.account, ask)
    completion = chat.completed(call.account, ask, call.assumptions.tokens_per_1000_characters, rule)
    if call.params.get("Stream", False):
        if completion.error and completion.cut_after is None:
            raise failed(completion.error)
        stream = frames(call, model, completion, searches)
        return begun(next(stream), stream)
    if completion.error:
        raise failed(completion.error)
    if completion.cut_after is not None:
        raise lkeap_error(BROKEN)
    return whole_reply(call, model, completion, searches)


def insist(fits: bool, detail: str) -> None:
    if not fits:
        raise lkeap_error(PARAMETER, detail)


def check_model(call: Call, model: str) -> None:
    kind, owner = CATALOGUE.get(model, ("", ""))
    known = model in call.account.models or (kind == "chat" and owner == "deepseek")
    insist(known, f"Model: `{model}` is not served here")


def check_messages(messages: list[dict[str, Any]]) -> list[chat.Message]:
    """Documented: at most 40; an optional system first, then user and assistant in turns, the user first and last."""
    if len(messages) > MESSAGES:
        raise lkeap_error(PARAMETER, f"Messages: {len(messages)} messages, at most {MESSAGES}")
    if not messages:
        raise lkeap_error(PARAMETER, "Messages: is empty")
    began = messages[0].get("Role") == "system"
    for index, message in enumerate(messages):
        role = "system" if began and index == 0 else ("user", "assistant")[(index - began) % 2]
        if message.get("Role") != role:
            raise lkeap_error(
                PARAMETER, f"Messages.{index}.Role: `{role}` belongs here (system, then user, assistant, ...)"
            )
        if not message.get("Content"):
            raise lkeap_error(PARAMETER, f"Messages.{index}.Content: is empty")
    if messages[-1]["Role"] != "user":
        raise lkeap_error(PARAMETER, "Messages: the last one is the user's")
    return [chat.Message(message["Role"], message["Content"]) for message in messages]


def max_tokens(call: Call, model: str) -> int:
    """MaxTokens is without the chain of thought, 4,096 by default and bounded by the model's output (documented)."""
    wanted: int = call.params.get("MaxTokens", MAX_TOKENS)
    most = sizes(model, call.assumptions.model_sizes).output * call.assumptions.tokens_per_k
    insist(1 <= wanted <= (most or wanted), f"MaxTokens: from 1 to {most}" if most else "MaxTokens: at least 1")
    return wanted


def thinking(call: Call, model: str) -> bool:
    """Whether the caller switched the chain of thought on; it has no effect on other models."""
    kind = call.params.get("Thinking", {}).get("Type", "disabled")
    insist(kind in ("enabled", "disabled"), "Thinking.Type: enabled or disabled")
    return kind == "enabled" and model.startswith(THINKERS)


def input_fits(call: Call, ask: chat.Ask) -> bool:
    size = sizes(ask.model, call.assumptions.model_sizes)
    most = (size.input or size.context) * call.assumptions.tokens_per_k
    return not most or chat.input_tokens(ask, call.assumptions.tokens_per_1000_characters) <= most


def failed(error: Failure) -> ApiError:
    code = CODES.get(error.code, error.code)
    return lkeap_error(code if code in MEANINGS else BROKEN, error.message)


def whole_reply(call: Call, model: str, completion: chat.Completion, searches: bool) -> dict[str, Any] | Slow:
    """The reply at once, or after as long as a rule says; till then the call is in flight."""
    message: dict[str, Any] = {
        "Role": "assistant",
        "Content": completion.content,
        "ReasoningContent": completion.reasoning,
    }
    if searches:
        message["SearchResults"] = search(call)
    result = {
        "Created": int(call.now),
        "Usage": {
            "PromptTokens": completion.input_tokens,
            "CompletionTokens": completion.output_tokens,
            "TotalTokens": completion.input_tokens + completion.output_tokens,
        },
        "Id": call.request_id,
        "Choices": [{"FinishReason": finish_reason(completion), "Message": message, "Index": 0}],
        "Model": model,
    }
    flight = service.Flight(call, model)
    if completion.seconds:
        return Slow(
            result,
            completion.seconds,
            lambda: flight.end(completion.input_tokens, completion.output_tokens, searches),
        )
    flight.end(completion.input_tokens, completion.output_tokens, searches)
    return result


def finish_reason(completion: chat.Completion) -> str:
    """Documented are stop, tool_calls and content_filter; what was cut at MaxTokens is a stop (inferred)."""
    return "stop" if completion.finish_reason == "length" else completion.finish_reason


def begun(first: dict[str, Any] | Wait, rest: Frames) -> Frames:
    """A stream that has begun already: what it refuses at its beginning is refused before the stream."""
    yield first
    yield from rest


def frames(call: Call, model: str, completion: chat.Completion, searches: bool) -> Frames:
    """The role first, then the chain of thought, then the content; the last frame has the reason and the usage.

    Every other frame has a usage of zeros (documented examples). A caller who goes pays for the pieces that were sent.
    """
    rates = call.assumptions.tokens_per_1000_characters
    base = {"Created": int(call.now), "Id": call.account.ids.hex(32), "Model": model, "Object": "chat.completion.chunk"}
    sent = 0
    flight = service.Flight(call, model)
    try:
        yield frame(base, {"Role": "assistant"})
        if completion.delay:
            yield Wait(completion.delay)
        for index, piece in enumerate(chat.pieces(completion, rates)):
            if index == completion.cut_after:
                call.entry.end("cut", "the scenario breaks the stream")
                if completion.error:
                    yield broken(base, completion.error, call)
                return
            if completion.delay_per_token:
                yield Wait(completion.delay_per_token * piece.tokens)
            sent += piece.tokens
            if piece.kind in MEMBERS:
                yield frame(base, {MEMBERS[piece.kind]: piece.text})
        sent = completion.output_tokens
        flight.end(completion.input_tokens, sent, searches)
        call.entry.end()
        yield frame(base, {}, finish_reason(completion), completion.input_tokens, sent)
    finally:
        flight.end(completion.input_tokens, sent, searches)


MEMBERS = {"reasoning": "ReasoningContent", "content": "Content"}
"""The pieces that have a place in a frame: the signed API knows no tool calls."""


def frame(
    base: dict[str, Any], delta: dict[str, str], reason: str = "", asked: int = 0, answered: int = 0
) -> dict[str, Any]:
    return {
        "Choices": [{"Delta": delta, "FinishReason": reason, "Index": 0}],
        **base,
        "Usage": {"InputTokens": asked, "OutputTokens": answered, "TotalTokens": asked + answered},
    }


def broken(base: dict[str, Any], error: Failure, call: Call) -> dict[str, Any]:
    """How a stream says that it failed (assumption `chat_stream_error`): 4000 a fault inside, 4001 a timeout."""
    refusal = failed(error)
    if call.assumptions.chat_stream_error == "Response":
        return {"Response": {"Error": {"Code": refusal.code, "Message": refusal.en}, "RequestId": call.request_id}}
    return {**base, "ErrorMsg": {"Msg": refusal.en, "Code": 4001 if error.status in TIMEOUTS else 4000}}
