"""What a scenario tells the models to say, or how it makes them fail: rules, of which the first that fits holds."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

import msgspec

from lke_emulator.models.linear import linear
from lke_emulator.models.shown import Shown

Whole = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**6)]
Finish = Literal["stop", "length", "tool_calls", "content_filter"]


class ChatMatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a call must be; everything that is left open fits."""

    model: str = "*"
    """A pattern such as `deepseek-*`."""
    key: str = "*"
    """A pattern of API key labels; a signed call has the empty label."""
    text: str = ""
    """Occurs in the last message of the user."""
    regex: str = ""
    """Is found in the first 20,000 characters of the user's last message. No references back, atomic groups or possessive
    repeats: it is searched in linear time."""
    system: str = ""
    """Occurs in the system message: the role of an app, the instructions of an agent."""

    def fits(self, model: str, key: str, text: str, system: str = "") -> bool:
        return (
            fnmatchcase(model, self.model)
            and fnmatchcase(key, self.key)
            and self.text in text
            and self.system in system
            and (not self.regex or linear(self.regex).found_in(text))
        )


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a call fails. What is left empty is the documented status, type and text of the code, else of a fault."""

    code: str = ""
    """20031, 20034, 20059, or any other."""
    status: Annotated[int, msgspec.Meta(ge=0, le=599)] = 0
    """HTTP status of the OpenAI-compatible endpoint."""
    message: str = ""
    """What the error says."""
    type: str = ""
    """error.type of the OpenAI-compatible endpoint."""

    def __post_init__(self) -> None:
        """ValueError for a status that is none of an error."""
        if 0 < self.status < 400:
            raise ValueError(f"status: {self.status} is none of an error; they are 400 to 599")


class Called(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A function that the model wants called."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    """The function's name."""
    arguments: dict[str, Any] = {}
    """Its arguments by name."""


class Usage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Tokens, in place of the estimate."""

    input: Whole | None = None
    """Tokens of the question."""
    output: Whole | None = None
    """Tokens of the answer, with the chain of thought."""


class ChatRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Content, reasoning and tool calls are given word for word, whatever length or form the caller asked for; where a
    rule gives neither content nor tool calls the reply is the seeded one."""

    match: ChatMatch = ChatMatch()
    """Which calls it is for. Left out: all."""
    times: Whole | None = None
    """Holds for the first so many calls that it fits; None is for ever."""
    content: str | None = None
    """The answer."""
    reasoning: str | None = None
    """The chain of thought. Left out: a seeded one where the model shows one."""
    tool_calls: tuple[Called, ...] = ()
    """The functions that the model wants called; a dialogue calls them itself, and asks the model again."""
    finish_reason: Finish | None = None
    """Left out: tool_calls where there are some, else stop."""
    usage: Usage = Usage()
    """Left out: the estimate."""
    delay: Seconds = 0.0
    """Seconds before the first token."""
    delay_per_token: Seconds = 0.0
    """Seconds before each token."""
    error: Failure | None = None
    """The call fails."""
    shows: Shown | None = None
    """What a dialogue shows beside the answer; no other endpoint has a place for it."""
    cut_after: Whole | None = None
    """The connection breaks after so many pieces; with `error` a stream ends there with the error."""


class RulesInOrder(msgspec.Struct, frozen=True):
    rules: tuple[ChatRule, ...]


class Rules:
    """The rules of one account, and how often each was taken."""

    class State(msgspec.Struct, frozen=True):
        rules: tuple[tuple[ChatRule, Whole], ...]
        """Each with how often it was taken."""

    def __init__(self, rules: Sequence[ChatRule] = ()) -> None:
        """ValueError for a regular expression that is none."""
        for place, rule in enumerate(rules):
            try:
                linear(rule.match.regex)
            except ValueError as error:
                raise ValueError(f"chat.{place}.match.regex: {error}") from None
        self._rules = list(rules)
        self._taken = [0] * len(self._rules)

    def saved(self) -> State:
        return self.State(tuple(zip(self._rules, self._taken, strict=True)))

    def seen(self) -> RulesInOrder:
        """How often each was taken is counted."""
        return RulesInOrder(tuple(self._rules))

    def restored(self, state: State) -> None:
        self._rules = Rules([rule for rule, _ in state.rules])._rules
        self._taken = [taken for _, taken in state.rules]

    def take(self, model: str, key: str, text: str, system: str = "") -> ChatRule | None:
        """The first rule that fits and is not used up; counts it."""
        for place, rule in enumerate(self._rules):
            if (rule.times is None or self._taken[place] < rule.times) and rule.match.fits(model, key, text, system):
                self._taken[place] += 1
                return rule
        return None
