"""The bodies that the endpoint takes. What they do not name is not looked at; a null is as good as nothing."""

import re
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from lke_emulator.openai.errors import OpenaiError
from lke_emulator.primitives.strict_json import what_and_where

Name = Annotated[str, Meta(min_length=1)]
Positive = Annotated[int, Meta(ge=1)]
Probability = Annotated[float, Meta(ge=0, le=1)]
Temperature = Annotated[float, Meta(ge=0, le=2)]
Penalty = Annotated[float, Meta(ge=-2, le=2)]


class ContentPart(Struct):
    """A part of a message; only texts are read."""

    type: str
    text: str | None = None


class CalledFunction(Struct):
    name: str
    arguments: str = ""


class CallPart(Struct):
    id: str
    function: CalledFunction


class ChatMessage(Struct):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None
    tool_calls: list[CallPart] | None = None
    tool_call_id: str | None = None


class Function(Struct):
    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    description: str | None = None
    parameters: dict[str, Any] | None = None


class FunctionTool(Struct):
    type: Literal["function"]
    function: Function


class FunctionName(Struct):
    name: str


class ForcedTool(Struct):
    type: Literal["function"]
    function: FunctionName


class NamedSchema(Struct):
    name: str
    json_schema: dict[str, Any] = msgspec.field(name="schema", default={})


class ResponseFormat(Struct):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None


class StreamOptions(Struct):
    include_usage: bool | None = None


class Thinking(Struct):
    type: Literal["enabled", "disabled", "auto"]


class ChatRequest(Struct):
    model: Name
    messages: Annotated[list[ChatMessage], Meta(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Positive | None = None
    max_completion_tokens: Positive | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    stop: str | Annotated[list[str], Meta(max_length=4)] | None = None
    temperature: Temperature | None = None
    top_p: Probability | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    seed: int | None = None
    tools: list[FunctionTool] | None = None
    tool_choice: Literal["none", "auto", "required"] | ForcedTool | None = None
    response_format: ResponseFormat | None = None
    thinking: Thinking | None = None


class EmbeddingRequest(Struct):
    model: Name
    input: str | Annotated[list[str | int | list[int]], Meta(min_length=1, max_length=2048)]
    """A text, texts, a text as token numbers, or texts as token numbers."""
    dimensions: Annotated[int, Meta(ge=1, le=4096)] | None = None
    encoding_format: Literal["float", "base64"] | None = None


class ImageRequest(Struct):
    prompt: Annotated[str, Meta(min_length=1, max_length=32_000)]
    model: Name = "dall-e-3"
    n: Annotated[int, Meta(ge=1, le=10)] | None = None
    size: Annotated[str, Meta(pattern=r"^(auto|[0-9]{2,4}x[0-9]{2,4})$")] | None = None
    response_format: Literal["url", "b64_json"] | None = None


Request = TypeVar("Request", ChatRequest, EmbeddingRequest, ImageRequest)
FIELD = re.compile(r"field `(\w+)`")


def read_request(params: dict[str, Any], kind: type[Request]) -> Request:
    """The checked body. OpenaiError names the parameter as `messages[0].role`."""
    try:
        return msgspec.convert(params, kind)
    except msgspec.ValidationError as error:
        what, where = what_and_where(error)
    path = [where.removeprefix(".")] if where else []
    field = FIELD.search(what)
    if field and "missing" in what:
        path.append(field.group(1))
    param = ".".join(path)
    raise OpenaiError("invalid", param, why=f"{what} at `{param}`" if param else what)
