"""POST /v1/chat/completions, whole or as a stream."""

from collections.abc import Callable
from typing import Any

import msgspec

from lke_emulator.account.call import Wait
from lke_emulator.exchange.answer import JSON, Answer, Begin, Broken, Headers, Parts, encode
from lke_emulator.models import chat
from lke_emulator.models.catalogue import sizes
from lke_emulator.models.chat import Ask, Completion, Message, Piece, ToolCall
from lke_emulator.models.sample import BadSchema
from lke_emulator.models.tools import Tool
from lke_emulator.openai.admission import Admission
from lke_emulator.openai.call import OpenaiCall
from lke_emulator.openai.errors import OpenaiError, from_rule
from lke_emulator.openai.models import check_model
from lke_emulator.openai.requests import ChatMessage, ChatRequest, ForcedTool, read_request

STREAM: Headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
MAX_TOKENS = 4096
"""Where a request says nothing; without the chain of thought (documented)."""
DONE = b"data: [DONE]\n\n"
CUT = "cut", "the scenario breaks the connection"


def completions(call: OpenaiCall) -> Parts:
    """The parts of the answer. Refused in this order: the body, the model, its size, the limits, what a rule says."""
    request = read_request(call.params, ChatRequest)
    check_model(call, request.model, "chat")
    ask = ask_of(request, call)
    check_size(call, ask)
    with Admission(call, "ChatCompletions", request.model) as admission:
        choices = replies(call, ask, request.n or 1)
        give = streamed if request.stream else whole
        yield from give(call, request, choices, admission)


def replies(call: OpenaiCall, ask: Ask, count: int) -> list[Completion]:
    """One reply for each choice, all under the same rule."""
    account, rates = call.account, call.assumptions.tokens_per_1000_characters
    rule = chat.rule_for(account, ask)
    variants = (msgspec.structs.replace(ask, variant=ask.variant + place) for place in range(1, count))
    try:
        return [chat.completed(account, variant, rates, rule) for variant in (ask, *variants)]
    except BadSchema as error:
        raise OpenaiError("invalid", "tools" if ask.tools else "response_format", why=str(error)) from None


def ask_of(request: ChatRequest, call: OpenaiCall) -> Ask:
    form, tools = request.response_format, request.tools or ()
    chosen = request.tool_choice or "auto"
    choice = chosen.function.name if isinstance(chosen, ForcedTool) else chosen
    if choice not in ("none", "auto", "required", *(tool.function.name for tool in tools)):
        raise OpenaiError("invalid", "tool_choice", why=f"There is no tool `{choice}`")
    if form is not None and form.type == "json_schema" and form.json_schema is None:
        raise OpenaiError("invalid", "response_format.json_schema", why="A json_schema must be given")
    stop = request.stop or ()
    return Ask(
        model=request.model,
        messages=[message_of(message, place) for place, message in enumerate(request.messages)],
        key=call.key.label,
        max_tokens=request.max_completion_tokens or request.max_tokens or MAX_TOKENS,
        stop=(stop,) if isinstance(stop, str) else stop,
        tools=[Tool(tool.function.name, tool.function.parameters, tool.function.description or "") for tool in tools],
        tool_choice=choice,
        json=form is not None and form.type == "json_object",
        schema=form.json_schema.json_schema if form is not None and form.json_schema is not None else None,
        thinking=request.thinking is not None and request.thinking.type == "enabled",
        variant=request.seed or 0,
    )


def message_of(message: ChatMessage, place: int) -> Message:
    content, calls = message.content, message.tool_calls or ()
    if content is None and not (message.role == "assistant"):
        raise OpenaiError("invalid", f"messages[{place}].content", why=f"A {message.role} message has a content")
    if isinstance(content, list):
        content = "".join(part.text or "" for part in content)
    called = [ToolCall(one.function.name, one.function.arguments, one.id) for one in calls]
    return Message(message.role, content or "", called)


def check_size(call: OpenaiCall, ask: Ask) -> None:
    """The documented sizes of the model: input 20059, max_tokens a wrong value."""
    assumptions = call.assumptions
    limits = sizes(ask.model, assumptions.model_sizes)
    longest, most = (size * assumptions.tokens_per_k for size in (limits.input or limits.context, limits.output))
    if longest and chat.input_tokens(ask, assumptions.tokens_per_1000_characters) > longest:
        raise OpenaiError("20059", reason=f"more than {longest} tokens")
    if most and ask.max_tokens is not None and ask.max_tokens > most:
        raise OpenaiError("invalid", "max_tokens", why=f"`{ask.model}` gives at most {most} tokens")


def whole(call: OpenaiCall, request: ChatRequest, choices: list[Completion], admission: Admission) -> Parts:
    first = choices[0]
    seconds = max(choice.seconds for choice in choices)
    limit = call.assumptions.request_timeout_s
    if first.error is not None:
        if first.delay:
            yield Wait(min(first.delay, limit))
        raise from_rule(first.error)
    if seconds > limit:
        yield Wait(limit)
        raise OpenaiError("timeout", seconds=limit)
    admission.input = first.input_tokens
    if seconds:
        yield Wait(seconds)
    body = {
        "id": call.account.ids.hex(32),
        "object": "chat.completion",
        "created": int(call.now),
        "model": request.model,
        "system_fingerprint": "",
        "choices": [
            {"index": place, "finish_reason": choice.finish_reason, "message": message(choice)}
            for place, choice in enumerate(choices)
        ],
        "usage": usage(choices),
    }
    if first.cut_after is not None:
        admission.settle()
        call.entry.end(*CUT)
        yield Broken(Answer(encode(body), call.headers(JSON)))
        return
    admission.output = sum(choice.output_tokens for choice in choices)
    admission.settle()
    yield call.answer(body)


def message(choice: Completion) -> dict[str, Any]:
    given: dict[str, Any] = {"role": "assistant", "content": choice.content or (None if choice.tool_calls else "")}
    if choice.reasoning:
        given["reasoning_content"] = choice.reasoning
    if choice.tool_calls:
        given["tool_calls"] = [tool_call(call, place, call.arguments) for place, call in enumerate(choice.tool_calls)]
    return given


def tool_call(call: ToolCall, place: int, arguments: str) -> dict[str, Any]:
    function = {"name": call.name, "arguments": arguments}
    return {"id": call.id, "type": "function", "index": place, "function": function}


def usage(choices: list[Completion]) -> dict[str, Any]:
    """All choices together; the prompt is counted once. Only a chain of thought has details."""
    asked, given = choices[0].input_tokens, sum(choice.output_tokens for choice in choices)
    figures: dict[str, Any] = {"prompt_tokens": asked, "completion_tokens": given, "total_tokens": asked + given}
    thought = sum(choice.reasoning_tokens for choice in choices)
    if thought:
        figures["completion_tokens_details"] = {"reasoning_tokens": thought}
    return figures


def streamed(call: OpenaiCall, request: ChatRequest, choices: list[Completion], admission: Admission) -> Parts:
    """Each piece as an event, one choice after the other; then an event without choices but with usage, and the end.

    The usage is told unless `stream_options` declines it (documented: the final chunk carries it).
    """
    first = choices[0]
    if first.error is not None and first.cut_after is None:
        yield from whole(call, request, choices, admission)
        return
    rates, limit = call.assumptions.tokens_per_1000_characters, call.assumptions.request_timeout_s
    chunk = chunks(call, request.model)
    admission.input = first.input_tokens
    left = first.cut_after
    waited = 0.0
    call.entry.streamed = True
    yield Begin(call.headers(STREAM))
    for place, choice in enumerate(choices):
        event = events(chunk, place, choice)
        yield event(None)
        for number, piece in enumerate(chat.pieces(choice, rates)):
            if left == 0:
                yield from broken(call, first, admission)
                return
            pause = choice.delay_per_token * piece.tokens + (0 if number else choice.delay)
            if pause:
                waited += pause
                if waited > limit:
                    yield Wait(limit - waited + pause)
                    yield from ended(call, OpenaiError("timeout", seconds=limit), admission)
                    return
                yield Wait(pause)
            yield event(piece)
            admission.output += piece.tokens
            left = None if left is None else left - 1
        yield chunk(place, {}, choice.finish_reason)
    if left is not None:
        yield from broken(call, first, admission)
        return
    admission.output = sum(choice.output_tokens for choice in choices)
    admission.settle()
    call.entry.end()
    options = request.stream_options
    declined = options is not None and options.include_usage is False
    yield DONE if declined else chunk(None, usage(choices), None) + DONE


def broken(call: OpenaiCall, first: Completion, admission: Admission) -> Parts:
    """The stream ends before its end: with the rule's error, or with the connection."""
    if first.error is not None:
        yield from ended(call, from_rule(first.error), admission)
        return
    admission.settle()
    call.entry.end(*CUT)
    yield Broken()


def ended(call: OpenaiCall, error: OpenaiError, admission: Admission) -> Parts:
    """The stream ends with an error as its last event."""
    admission.settle()
    call.entry.end(error.code, error.text.message)
    yield b"data: " + encode(error.body(call.assumptions, call.request_id)) + b"\n\n"


Chunk = Callable[[int | None, Any, str | None], bytes]


def chunks(call: OpenaiCall, model: str) -> Chunk:
    """Makes the events of one stream: of a choice its delta and finish reason, or the usage (place None)."""
    head = {
        "id": call.account.ids.hex(32),
        "object": "chat.completion.chunk",
        "created": int(call.now),
        "model": model,
        "system_fingerprint": "",
    }
    start = b"data: " + encode(head)[:-1] + b',"choices":['

    def chunk(place: int | None, given: Any, finish: str | None) -> bytes:
        if place is None:
            return b'%s],"usage":%s}\n\n' % (start, encode(given))
        return b'%s{"index":%d,"delta":%s,"finish_reason":%s}]}\n\n' % (start, place, encode(given), encode(finish))

    return chunk


def events(chunk: Chunk, place: int, choice: Completion) -> Callable[[Piece | None], bytes]:
    """Makes the events of one choice; None is its first one, which says the role.

    A stream is nearly all content: what its events have in common is written once.
    """
    frames = {
        kind: chunk(place, {name: ""}, None).rpartition(b'""')
        for kind, name in (("content", "content"), ("reasoning", "reasoning_content"))
    }

    def event(piece: Piece | None) -> bytes:
        if piece is None:
            return chunk(place, {"role": "assistant", "content": ""}, None)
        frame = frames.get(piece.kind)
        if frame is not None:
            return frame[0] + encode(piece.text) + frame[2]
        if piece.kind == "call":
            return chunk(place, {"tool_calls": [tool_call(choice.tool_calls[piece.call], piece.call, "")]}, None)
        return chunk(place, {"tool_calls": [{"index": piece.call, "function": {"arguments": piece.text}}]}, None)

    return event
