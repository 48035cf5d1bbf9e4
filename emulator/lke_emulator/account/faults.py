"""Faults on purpose: rules that say which calls fail, wait or break, and accounts of which did.

Of the rules that fit a call the first one that strikes holds. Rules of an account go before those of the whole server.
"""

from itertools import combinations
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from lke_emulator.account.journal import is_operation
from lke_emulator.primitives.members import has_members
from lke_emulator.primitives.seeds import number
from lke_emulator.primitives.strict_json import NotReadable, read_json

REQUESTS_KEPT = 1000
"""Request ids that a rule remembers."""
Many = Annotated[int, Meta(ge=0, le=10**9)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]

EFFECTS = (
    *("latency", "error", "status", "reset", "silence", "truncate", "malformed", "content_type"),
    *("drop_after", "stall_after", "garble_after", "throttle"),
)
CHOICES = ("first", "nth", "every")
ENDS = ("error", "reset", "silence")
COUNTS = ("truncate", "drop_after", "stall_after", "garble_after")
"""Effects that 0 is one of."""
NO_EFFECT = (0, "", False)


def given(*names: str, nothing: tuple[object, ...] = NO_EFFECT) -> dict[str, Any]:
    """The JSON Schema of objects in which each of these members says something."""
    return {"required": list(names), "properties": {name: {"not": {"enum": [None, *nothing]}} for name in names}}


class Uniform(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Seconds between `low` and `high`, all as likely."""

    low: Seconds
    high: Seconds


class Lognormal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Seconds as answers of a network take them: half are below the median, a few far above."""

    median: Seconds
    sigma: Annotated[float, Meta(ge=0, le=5)]


class Distributed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the two."""

    BETWEEN: ClassVar[dict[str, Any]] = {"oneOf": [given("uniform"), given("lognormal")]}

    uniform: Uniform | None = None
    lognormal: Lognormal | None = None


class FaultRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Which calls, which of these, and what happens to them."""

    BETWEEN: ClassVar[dict[str, Any]] = {
        "anyOf": [given(name, nothing=() if name in COUNTS else NO_EFFECT) for name in EFFECTS],
        "not": {
            "anyOf": [
                *(given(*pair) for names in (CHOICES, ENDS) for pair in combinations(names, 2)),
                {"required": ["message"], "properties": {"message": {"minLength": 1}, "error": {"const": ""}}},
            ]
        },
    }

    operation: str = "*"
    """A pattern: lke.DescribeTokenUsage, lke.Describe*, openai.chat.completions; the product may be left out."""
    surface: str = ""
    """gateway, openai, oneapi, dialogue or objects; empty for all."""
    region: str = ""
    """X-TC-Region of a signed call."""
    caller: str = ""
    """The uin that signed, or that owns the key."""
    params: dict[str, Any] = {}
    """Path -> value: {"Filters.0.Name": "x"}."""

    first: Many = 0
    """Only the first so many."""
    nth: Many = 0
    """Only this one, counted from 1."""
    every: Many = 0
    """Every so many: 3 strikes the third, the sixth, ..."""
    probability: Annotated[float, Meta(ge=0, le=1)] = 1
    """Of those that are left; the choice depends on the account's seed."""
    until: float | None = None
    """Unix seconds on the account's clock: no call from then on."""

    latency: Seconds | Distributed = 0
    """Seconds before anything else happens."""
    error: str = ""
    """A code, in the surface's own form; its text is the cloud's where one is known."""
    message: str = ""
    """The text of the error."""
    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    """The HTTP status, where the surface has other ones than 200."""
    reset: bool = False
    """The connection is reset instead of an answer."""
    silence: bool = False
    """Nothing is answered; the connection stays open until the caller goes away."""
    truncate: Many | None = None
    """Only so many bytes of the body leave, then the connection breaks."""
    malformed: bool = False
    """The body is no JSON."""
    content_type: Annotated[str, Meta(extra_json_schema={"pattern": "^[^\\x00-\\x1f\\x7f]*$"})] = ""
    """In place of the answer's own."""
    drop_after: Many | None = None
    """Of a stream: so many events, then the connection breaks."""
    stall_after: Many | None = None
    """Of a stream: so many events, then nothing more."""
    garble_after: Many | None = None
    """Of a stream: so many events are whole, the next one is not."""
    throttle: Annotated[float, Meta(ge=0, le=1e6)] = 0
    """Events a second of a stream, or kilobytes a second of a body; 0 is no limit."""

    def __post_init__(self) -> None:
        """ValueError for a rule that does nothing, or two things that exclude each other."""
        if not any(self.has(name) for name in EFFECTS):
            raise ValueError(f"a fault has an effect: {', '.join(EFFECTS)}")
        chosen = [name for name in CHOICES if getattr(self, name)]
        if len(chosen) > 1:
            raise ValueError(f"{' and '.join(chosen)} exclude each other")
        ends = [name for name in ENDS if getattr(self, name) not in ("", False)]
        if len(ends) > 1:
            raise ValueError(f"{' and '.join(ends)} exclude each other: a call ends once")
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in self.content_type):
            raise ValueError("content_type: it is one line, such as text/html")
        if self.message and not self.error:
            raise ValueError("message: it is the text of an error; give `error` too")
        if isinstance(self.latency, Distributed) and (self.latency.uniform is None) == (self.latency.lognormal is None):
            raise ValueError("latency: give `uniform` or `lognormal`")

    def has(self, effect: str) -> bool:
        """Whether it is given: no byte, or no event, is a figure like others where None means that nothing is cut."""
        value = getattr(self, effect)
        return value is not None and (value not in NO_EFFECT or effect in COUNTS)

    def fits(self, call: "Struck") -> bool:
        """Whether the rule is about this call."""
        return (
            (not self.surface or self.surface == call.surface)
            and (not self.region or self.region == call.region)
            and (not self.caller or self.caller == call.caller)
            and is_operation(call.operation, self.operation)
            and (not self.params or has_members(decoded(call.params), self.params))
        )


class Struck(msgspec.Struct, frozen=True):
    """What a rule looks at."""

    surface: str
    operation: str
    region: str
    caller: str
    params: Any
    """Decoded, or the bytes of a JSON body."""
    request_id: str


def decoded(params: Any) -> Any:
    try:
        return read_json(params) if isinstance(params, bytes) and params else params
    except NotReadable:
        return None


class Fault(msgspec.Struct, kw_only=True):
    """A rule that was set, and what it has done."""

    id: str
    rule: FaultRule
    matched: int = 0
    """Calls that it was about."""
    hits: int = 0
    """Calls that it struck."""
    requests: list[str] = []
    """The ids of those, the newest last."""

    @property
    def remaining(self) -> int | None:
        """How often it can still strike; None is without end."""
        if self.rule.nth:
            return int(self.matched < self.rule.nth)
        return max(0, self.rule.first - self.matched) if self.rule.first else None

    def strikes(self, seed: int, now: float) -> bool:
        """Counts a call that it is about."""
        rule = self.rule
        if rule.until is not None and now >= rule.until:
            return False
        self.matched += 1
        if rule.first:
            chosen = self.matched <= rule.first
        elif rule.nth:
            chosen = self.matched == rule.nth
        else:
            chosen = not rule.every or self.matched % rule.every == 0
        return chosen and (rule.probability >= 1 or chance(seed, self.id, self.matched) < rule.probability)


def chance(*parts: object) -> float:
    """From 0 to below 1."""
    return number("fault", *parts) / 2.0**64


class FaultRules(msgspec.Struct, frozen=True):
    faults: tuple[tuple[str, FaultRule], ...]
    """Each with its id."""


class Faults(dict[str, Fault]):
    """Those of one account, or of the whole server, by their ids."""

    class State(msgspec.Struct):
        made: int
        faults: list[Fault]

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed
        self._made = 0

    def add(self, rule: FaultRule) -> Fault:
        self._made += 1
        fault = self[str(self._made)] = Fault(id=str(self._made), rule=rule)
        return fault

    def find(self, id: str) -> Fault:
        """LookupError where there is none."""
        fault = self.get(id)
        if fault is None:
            raise LookupError(f"there is no fault {id}; there are {', '.join(self) or 'none'}")
        return fault

    def remove(self, id: str) -> None:
        del self[self.find(id).id]

    def strike(self, call: Struck, now: float) -> Fault | None:
        """The fault that this call meets; `now` is Unix seconds on the account's clock."""
        for fault in self.values():
            if fault.rule.fits(call) and fault.strikes(self._seed, now):
                fault.hits += 1
                fault.requests.append(call.request_id)
                del fault.requests[:-REQUESTS_KEPT]
                return fault
        return None

    def saved(self) -> State:
        return self.State(
            self._made, [msgspec.structs.replace(one, requests=list(one.requests)) for one in self.values()]
        )

    def seen(self) -> FaultRules:
        """What they have struck is counted."""
        return FaultRules(tuple([(one.id, one.rule) for one in self.values()]))

    def restored(self, state: State) -> None:
        self._made = state.made
        self.clear()
        self.update({one.id: msgspec.structs.replace(one, requests=list(one.requests)) for one in state.faults})
