"""What a model answers to a chat: a rule of the scenario, else a seeded reply about the question. Knows no protocol.

The same account, seed and messages give the same reply, whoever asks and over whichever endpoint.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import msgspec

from lke_emulator.models import tokens
from lke_emulator.models.catalogue import is_reasoning
from lke_emulator.models.moderation import Moderation
from lke_emulator.models.rules import ChatRule, Failure, Finish, Rules
from lke_emulator.models.tokens import Rates
from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.seeds import number

if TYPE_CHECKING:
    from lke_emulator.models.shown import Shown
    from lke_emulator.models.tools import Tool

ENCODER = msgspec.json.Encoder()


class Speaker(Protocol):
    """What of an account a reply depends on."""

    seed: int
    ids: Ids
    chat_rules: Rules
    moderation: Moderation


class ToolCall(NamedTuple):
    name: str
    arguments: str
    """JSON text."""
    id: str = ""


class Message(NamedTuple):
    role: str
    """system, user, assistant or tool."""
    content: str = ""
    tool_calls: Sequence[ToolCall] = ()


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a reply depends on."""

    model: str
    messages: Sequence[Message]
    key: str = ""
    """The label of the API key, for rules."""
    max_tokens: int | None = None
    """Of the content alone, without the chain of thought (documented)."""
    stop: Sequence[str] = ()
    tools: "Sequence[Tool]" = ()
    tool_choice: str = "auto"
    """none, auto, required, or the name of the function that must be called."""
    json: bool = False
    """The content must be a JSON object."""
    schema: Any = None
    """The JSON Schema that the content must follow."""
    thinking: bool = False
    """Show a chain of thought, also where the model does not always do so."""
    variant: int = 0
    """Tells apart replies to the same messages."""


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    content: str = ""
    reasoning: str = ""
    tool_calls: Sequence[ToolCall] = ()
    finish_reason: Finish = "stop"
    input_tokens: int = 0
    output_tokens: int = 0
    """With the chain of thought."""
    reasoning_tokens: int = 0
    delay: float = 0.0
    """Seconds before the first token."""
    delay_per_token: float = 0.0
    error: Failure | None = None
    cut_after: int | None = None
    """Pieces; see ChatRule."""
    shows: "Shown | None" = None

    @property
    def seconds(self) -> float:
        """How long a reply takes that is given as a whole."""
        return self.delay + self.delay_per_token * self.output_tokens


class Piece(NamedTuple):
    """What a stream gives at a time: one token, or the beginning of a tool call (its name)."""

    kind: Literal["reasoning", "content", "call", "arguments"]
    text: str
    tokens: int = 1
    call: int = 0
    """Which of the tool calls."""


def input_tokens(ask: Ask, rates: Rates) -> int:
    """Of all messages, tool calls and tools. Roles and separators cost nothing (assumption)."""
    count = sum(tokens.estimate(message.content, rates) for message in ask.messages)
    for message in ask.messages:
        count += sum(call_tokens(call, rates) for call in message.tool_calls)
    for tool in ask.tools:
        described = tool.name, tool.description, ENCODER.encode(tool.parameters).decode()
        count += sum(tokens.estimate(text, rates) for text in described)
    return count


def call_tokens(call: ToolCall, rates: Rates) -> int:
    return tokens.estimate(call.name, rates) + tokens.estimate(call.arguments, rates)


def question(ask: Ask) -> str:
    """The user's last message."""
    return next((message.content for message in reversed(ask.messages) if message.role == "user"), "")


def system_of(ask: Ask) -> str:
    """What the model is told of its role."""
    return "\n".join([message.content for message in ask.messages if message.role == "system"])


def rule_for(speaker: Speaker, ask: Ask) -> ChatRule | None:
    """The rule that holds for this call; counts it, so ask once a call."""
    return speaker.chat_rules.take(ask.model, ask.key, question(ask), system_of(ask))


def completed(speaker: Speaker, ask: Ask, rates: Rates, rule: ChatRule | None) -> Completion:
    """The answer to one call under the rule that `rule_for` gave. BadSchema for a schema that nothing follows.

    Where content moderation is on, its words stop a question and an answer alike; a rule that ends with `content_filter`
    says itself what the caller gets.
    """
    completion = unmoderated(speaker, ask, rates, rule)
    if completion.finish_reason != "content_filter" and speaker.moderation.words:
        said = (
            question(ask),
            completion.reasoning,
            completion.content,
            *(call.arguments for call in completion.tool_calls),
        )
        if any(speaker.moderation.blocks(text) for text in said):
            from lke_emulator.models import prose

            completion = Completion(content=prose.moderated(question(ask)), finish_reason="content_filter")
    return counted(ask, rates, completion, rule)


def unmoderated(speaker: Speaker, ask: Ask, rates: Rates, rule: ChatRule | None) -> Completion:
    """What the model says, without its figures."""
    if rule is None or (rule.content is None and not rule.tool_calls):
        completion = seeded(speaker, ask, rates)
    else:
        calls = tuple(ToolCall(call.name, ENCODER.encode(call.arguments).decode()) for call in rule.tool_calls)
        completion = Completion(
            content=rule.content or "",
            reasoning=reasoning(speaker, ask),
            tool_calls=with_ids(speaker, calls),
            finish_reason="tool_calls" if calls else "stop",
        )
    if rule is None:
        return completion
    return msgspec.structs.replace(
        completion,
        reasoning=completion.reasoning if rule.reasoning is None else rule.reasoning,
        finish_reason=rule.finish_reason or completion.finish_reason,
    )


def counted(ask: Ask, rates: Rates, completion: Completion, rule: ChatRule | None) -> Completion:
    """The completion with its tokens, and with what the rule says of its course."""
    thought = tokens.estimate(completion.reasoning, rates) if completion.reasoning else 0
    output = thought + tokens.estimate(completion.content, rates)
    output += sum(call_tokens(call, rates) for call in completion.tool_calls)
    change: dict[str, Any] = {"reasoning_tokens": thought, "output_tokens": output}
    change["input_tokens"] = input_tokens(ask, rates)
    if rule is not None:
        change |= {
            "delay": rule.delay,
            "delay_per_token": rule.delay_per_token,
            "error": rule.error,
            "cut_after": rule.cut_after,
            "shows": rule.shows if completion.finish_reason != "content_filter" else None,
        }
        if rule.usage.input is not None:
            change["input_tokens"] = rule.usage.input
        if rule.usage.output is not None:
            change["output_tokens"] = rule.usage.output
            change["reasoning_tokens"] = min(thought, rule.usage.output)
    return msgspec.structs.replace(completion, **change)


def seed_of(speaker: Speaker, ask: Ask) -> int:
    said = [part for message in said_in(ask) for part in message]
    return number(speaker.seed, ask.model, ask.variant, *said)


def reasoning(speaker: Speaker, ask: Ask) -> str:
    if not (ask.thinking or is_reasoning(ask.model)):
        return ""
    from lke_emulator.models import prose

    return prose.thought(question(ask), seed_of(speaker, ask))


def seeded(speaker: Speaker, ask: Ask, rates: Rates) -> Completion:
    """The reply that no rule gives."""
    from lke_emulator.models import prose, tools  # late: they compile patterns, and a start answers no chat

    seed = seed_of(speaker, ask)
    asked = question(ask)
    thought = reasoning(speaker, ask)
    if ask.tools and (called := tools.wanted(ask.tools, ask.tool_choice, said_in(ask), asked, seed)):
        words = prose.topics(tools.without(asked[: prose.READ], called))
        calls = tuple(ToolCall(tool.name, encoded(tool.parameters, seed, words)) for tool in called)
        return Completion(reasoning=thought, tool_calls=with_ids(speaker, calls), finish_reason="tool_calls")
    content, finish = limited(said(ask, asked, seed), ask, rates)
    return Completion(content=content, reasoning=thought, finish_reason=finish)


def said_in(ask: Ask) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in ask.messages]


def said(ask: Ask, asked: str, seed: int) -> str:
    """The content before any limit on its length."""
    from lke_emulator.models import prose

    if ask.schema is not None:
        return encoded(ask.schema, seed, prose.topics(asked))
    last = ask.messages[-1]
    text = prose.report(last.content, asked, seed) if last.role == "tool" else prose.answer(asked, seed)
    if ask.json:
        formed = in_form(ask, seed, prose.topics(asked))
        if formed is not None:
            return formed
        return ENCODER.encode({"answer": text, "topics": prose.topics(asked)}).decode()
    return text


def in_form(ask: Ask, seed: int, words: Sequence[str]) -> str | None:
    """JSON as the messages show it, if they do: those that instruct first, then the user's, from the last one back."""
    from lke_emulator.models.form import form_of
    from lke_emulator.models.sample import BadSchema

    instructing = [message.content for message in ask.messages if message.role == "system"]
    asking = [message.content for message in reversed(ask.messages) if message.role == "user"]
    form = form_of([*instructing, *asking])
    try:
        formed = None if form is None else encoded(form, seed, words)
    except BadSchema:
        return None
    return formed if formed is not None and formed.startswith("{") else None


def encoded(schema: Any, seed: int, words: Sequence[str]) -> str:
    """JSON that follows the schema; for a function that declares no parameters `{}`."""
    from lke_emulator.models.sample import sample

    value = {} if schema is None else sample(schema, seed, words)
    return ENCODER.encode(value).decode()


def limited(content: str, ask: Ask, rates: Rates) -> tuple[str, Finish]:
    """Ended before the first stop sequence, then at max_tokens."""
    ends = [end for end in (content.find(stop) for stop in ask.stop if stop) if end >= 0]
    if ends:
        content = content[: min(ends)]
    if ask.max_tokens is None:
        return content, "stop"
    short = tokens.shortened(content, ask.max_tokens, rates)
    return short, "stop" if short == content else "length"


def with_ids(speaker: Speaker, calls: Sequence[ToolCall]) -> tuple[ToolCall, ...]:
    """With ids of the documented form, `call_` and 20 characters."""
    return tuple(call._replace(id="call_" + speaker.ids.word(20)) for call in calls)


def pieces(completion: Completion, rates: Rates) -> list[Piece]:
    """The completion in the order of a stream: chain of thought, content, tool calls."""
    cut = [Piece("reasoning", text) for text in tokens.split(completion.reasoning, rates)]
    cut += [Piece("content", text) for text in tokens.split(completion.content, rates)]
    for place, call in enumerate(completion.tool_calls):
        cut.append(Piece("call", call.name, tokens.estimate(call.name, rates), place))
        cut += [Piece("arguments", text, 1, place) for text in tokens.split(call.arguments, rates)]
    return cut
