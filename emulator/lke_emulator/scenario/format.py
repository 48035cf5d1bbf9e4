"""The scenario format: what a scenario file can say, one struct per section.

The texts under the fields are what `lke-emulator schema` prints; `scenario.py` builds a World from these.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.throttle import LimitSection
from lke_emulator.billing.packages import Kind, Source
from lke_emulator.billing.prices import Currency
from lke_emulator.knowledge.source import FileSection
from lke_emulator.models.moderation import ModerationSection
from lke_emulator.models.rules import ChatRule


class Plain(type):
    """Lets a reader give plain text for a field of such a type: JSON encoders take no subclass of str."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, str)


class Text(str, metaclass=Plain):
    """Text that may be written as a whole number, such as a uin."""

    __slots__ = ()


class Moment(Text):
    """2025-09-28, 2025-09-28 14:30, or Unix seconds; now, -3h; a midnight: today, -90d; with a time: -3d 14:30."""

    __slots__ = ()


class Duration(Text):
    """90s, 5m, 12h, 1d or 2w."""

    __slots__ = ()


Whole = Annotated[int, Meta(ge=0, le=10**15)]
Amount = Annotated[float, Meta(ge=0, le=10**12)]
Weight = Annotated[float, Meta(ge=0, le=10**6)]
Share = Annotated[float, Meta(ge=0, le=1)]
Copies = Annotated[int, Meta(ge=1, le=2000)]
Money = Annotated[float, Meta(ge=-(10**9), le=10**9)]
Cost = Annotated[float, Meta(ge=0, le=10**6)]
Refs = str | int | list[str | int] | dict[str, Weight]
"""Which things of the account a figure is about: a name, several, several with weights, or `all`."""


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of the file. An unknown key is a mistake."""


class Clock(Section, frozen=True):
    """An account clock of its own: give one of the two."""

    started_at: Moment | None = None
    """The clock begins at this moment and runs on."""
    frozen_at: Moment | None = None
    """The clock stands still at this moment."""


class Credential(Section, frozen=True):
    """A SecretId and its SecretKey."""

    secret_id: Text
    """What requests carry, such as AKIDlocal."""
    secret_key: Text
    """What requests are signed with."""
    sub_account: Text | None = None
    """Who signs with it: a sub-account's name or uin. Left out: the root account."""
    token: Text | None = None
    """Makes it a temporary credential: requests must carry this token."""
    expires: Moment | None = None
    """When it ceases to be accepted, by the real clock (signatures are never judged by the account's)."""


class SubAccount(Section, frozen=True):
    """A sub-account, or a group of them."""

    name: Text | None = None
    """Left out: made up in the scenario's locale."""
    uin: Text | None = None
    """Left out: made from the seed."""
    count: Copies = 1
    """So many of them, numbered; the name stands for them all."""


class Space(Section, frozen=True):
    """A workspace, or a group of them."""

    id: Text | None = None
    """SpaceId, such as default_space. Left out: made from the seed."""
    name: Text | None = None
    """Left out: made up in the scenario's locale, or the id where no locale is set."""
    count: Copies = 1
    """So many of them, numbered; the name stands for them all."""


class App(Section, frozen=True):
    """An application, or a group of them."""

    name: Text | None = None
    """Left out: made up in the scenario's locale."""
    biz_id: Text | None = None
    """AppBizId, a number of 19 digits. Left out: made from the seed."""
    type: Literal["knowledge_qa", "plugin_parsing_qa", "shared_knowledge", "evaluate_test"] = "knowledge_qa"
    """AppType."""
    space: Text | None = None
    """The id or name of the space it is in."""
    count: Copies = 1
    """So many of them, numbered; the name stands for them all."""


class Model(Section, frozen=True):
    """A model that usage can name."""

    name: Text
    """What requests call it, such as cs-normal-70b."""
    display_name: Text | None = None
    """What call details show. Left out: the name."""
    concurrency: Annotated[int, Meta(ge=0, le=10**9)] = 0
    """Calls that may be in flight at the same time; 0 when no concurrency is bought."""
    call_seconds: Annotated[int, Meta(ge=1, le=86400)] = 5
    """How long one call of the scenario's usage lasts; the concurrency of that usage is computed with it."""


class Knowledge(Section, frozen=True):
    """The knowledge base, in characters."""

    capacity: Whole = 0
    """How many characters it can hold."""
    used: dict[str, Whole] = {}
    """An app's name or biz id, and how many characters its knowledge has."""


class ReplyMethods(Section, frozen=True):
    """How answers came about, as relative weights in whole numbers: the members of GetAnswerTypeDataCount."""

    model_reply: Annotated[int, Meta(ge=0, le=10**4)] = 0
    knowledge: Annotated[int, Meta(ge=0, le=10**4)] = 0
    task_flow: Annotated[int, Meta(ge=0, le=10**4)] = 0
    search_engine: Annotated[int, Meta(ge=0, le=10**4)] = 0
    image_understanding: Annotated[int, Meta(ge=0, le=10**4)] = 0
    reject: Annotated[int, Meta(ge=0, le=10**4)] = 0
    sensitive: Annotated[int, Meta(ge=0, le=10**4)] = 0
    concurrent_limit: Annotated[int, Meta(ge=0, le=10**4)] = 0
    unknown_issues: Annotated[int, Meta(ge=0, le=10**4)] = 0


class Messages(Section, frozen=True):
    """What usage alone cannot say about the messages of an account; their number is the number of dialogue calls."""

    reply_methods: ReplyMethods = ReplyMethods(model_reply=1)
    """How the answers came about."""
    rated: Annotated[float, Meta(ge=0, le=100)] = 0
    """Ratings for each message; the documented example has 1.75, for somebody may rate twice."""
    liked: Share = 0
    """The share of ratings that were likes; the others were dislikes."""


class Reply(Section, frozen=True, kw_only=True):
    """A canned reply, for what no model of usage can give."""

    action: str
    """The product and the action, such as lke.DescribeTokenUsageGraph."""
    match: dict[str, Any] = {}
    """The reply is given when every member here is in the request with this very value; nothing here: always."""
    result: dict[str, Any]
    """The members of the reply without RequestId; members left out are zero, empty or null."""


class PerCall(Section, frozen=True):
    """What one call consumes on average."""

    input_tokens: Amount = 0
    output_tokens: Amount = 0
    pages: Amount = 0
    """Pages of document parsing."""
    split_tokens: Amount = 0
    """Tokens of document splitting."""
    rag_searches: Amount = 0
    """Retrievals from the knowledge base."""
    internet_searches: Amount = 0
    """Online searches."""


class Amounts(Section, frozen=True, kw_only=True):
    """Calls and what they consumed, in total."""

    calls: Whole
    input_tokens: Whole = 0
    output_tokens: Whole = 0
    pages: Whole = 0
    split_tokens: Whole = 0
    rag_searches: Whole = 0
    internet_searches: Whole = 0


class Point(Amounts, frozen=True, kw_only=True):
    """Calls at one moment and what they consumed, in total."""

    at: Moment


class Rhythm(Section, frozen=True):
    """How usage lies over a week and a day, by relative weights."""

    weekdays: Annotated[tuple[Weight, ...], Meta(min_length=7, max_length=7)] = (1,) * 7
    """Seven, Monday first."""
    hours: Annotated[tuple[Weight, ...], Meta(min_length=24, max_length=24)] = (1,) * 24
    """Twenty-four, in the account's time zone."""


class Gap(Section, frozen=True):
    """A time without usage."""

    since: Moment
    until: Moment
    """The first moment after it."""


class Burst(Gap, frozen=True):
    """A time with more usage, or less."""

    factor: Annotated[float, Meta(ge=0, le=10**6)]
    """How many times the usual number of calls come."""


class UsageLine(Section, frozen=True):
    """Who called what. A figure given for several things is shared among all their combinations, by weight."""

    app: Refs | None = None
    """The apps that were called, by name or biz id: one, a list, a mapping of name to weight, or `all`."""
    space: Text | None = None
    """The space, for usage without an app; an app brings its own."""
    model: Refs | None = None
    """The models that answered: one, a list, a mapping of name to weight, or `all`."""
    sub_account: Refs | None = None
    """The sub-accounts that called: one, a list, a mapping of name to weight, or `all`. Left out: the root account."""
    sub_biz_type: Literal[
        "KnowledgeQA", "KnowledgeSummary", "Rewrite", "Embedding", "FileParse", "SearchEngine", "Rerank"
    ] = "KnowledgeQA"
    """SubBizType."""
    api: Text | None = None
    """The action, such as ChatCompletions, where an API of lkeap was called; packages, switches and prices name it.
    Left out: usage of apps, which is billed by its sub_biz_type."""
    call_type: str = ""
    """CallType as call details show it, such as 对话调用-分享用户端对话."""
    sub_scene: str = ""
    """SubScene."""
    billing_tag: str = ""
    """BillingTag."""


RhythmName = Literal["flat", "office", "consumer", "weekend", "night"]


class Ranged(UsageLine, frozen=True):
    """What usage over a range of time has in common."""

    bursts: list[Burst] = []
    """Times with more usage, or less. They do not overlap one another or a gap."""
    gaps: list[Gap] = []
    """Times without usage."""


class Generated(Ranged, frozen=True, kw_only=True, tag_field="kind", tag="generated"):
    """Endless believable usage: so many calls a day, by a rhythm, with noise from the seed."""

    since: Moment
    """The first moment with usage."""
    until: Moment | None = None
    """The first moment without usage again. Left out: it goes on."""
    calls_a_day: Amount
    """The average over a week, at the level of the first day."""
    per_call: PerCall = PerCall()
    """What a call consumes on average."""
    spread: Share = 0.3
    """How far calls differ: what one consumes lies within the average * (1 - spread) and * (1 + spread)."""
    rhythm: RhythmName | Rhythm = "flat"
    """How calls lie over the week and the day."""
    growth_a_day: Annotated[float, Meta(ge=-1, le=100)] = 0
    """The share of the first day's level that every day adds: 0.01 is one per cent more a day."""
    jitter: Share = 0.4
    """How far days, hours and five-minute marks wobble."""


class Total(Ranged, frozen=True, kw_only=True, tag_field="kind", tag="total"):
    """Exact totals, spread over a range by a rhythm."""

    since: Moment
    """The first moment of the range."""
    until: Moment
    """The first moment after the range."""
    amounts: Amounts
    """What the range comes to."""
    spread: Share = 0.3
    """How far calls differ in what they consume."""
    rhythm: RhythmName | Rhythm = "flat"
    """How calls lie over the week and the day."""
    jitter: Share = 0.4
    """How far days, hours and five-minute marks wobble."""


class Steady(Ranged, frozen=True, kw_only=True, tag_field="kind", tag="steady"):
    """The same usage in every period, without noise."""

    since: Moment
    """Where the first period begins."""
    until: Moment | None = None
    """The first moment without usage again. Left out: it goes on."""
    period: Duration | None = None
    """How long a period lasts. Left out: a day."""
    calls: Amount
    """Calls in a period."""
    weights: Annotated[tuple[Weight, ...], Meta(min_length=1, max_length=2016)] = (1,)
    """The shape of a period: the relative weights of its equal parts."""
    per_call: PerCall = PerCall()
    """What a call consumes on average."""
    spread: Share = 0
    """How far calls differ in what they consume."""


class Repeating(Ranged, frozen=True, kw_only=True, tag_field="kind", tag="repeating"):
    """Exact amounts for the parts of a period, again and again."""

    since: Moment
    """Where the first period begins."""
    until: Moment | None = None
    """The first moment without usage again. Left out: it goes on."""
    period: Duration
    """How long a period lasts."""
    slots: Annotated[list[Amounts], Meta(min_length=1, max_length=2016)]
    """What happens in each of its equal parts."""


class Points(UsageLine, frozen=True, kw_only=True, tag_field="kind", tag="points"):
    """Exact amounts at exact moments."""

    points: Annotated[list[Point], Meta(min_length=1)]


Usage = Generated | Total | Steady | Repeating | Points


class Key(Section, frozen=True):
    """An API key, which opens the OpenAI-compatible endpoint."""

    label: str = ""
    """What lists call it, and what chat rules and limits know it by."""
    secret: Text | None = None
    """What clients send: sk- and more. Left out: one is made that nobody learns."""
    sub_account: Text | None = None
    """Who made it: a sub-account's name or uin. Left out: the root account."""
    group: str = ""
    """The gateway's group."""
    enabled: bool = True
    """Whether it works."""
    quota: Cost | None = None
    """What it may spend of the balance in all, in the account's currency. Left out: no limit of its own."""
    models: list[str] = []
    """Names or patterns of the models that it may call, such as deepseek-*. Left out: all."""
    created: Moment | None = None
    """Left out: as the account's clock starts."""
    expires: Moment | None = None
    """When it ceases to be accepted, by the account's clock. Left out: never."""


class AccessToken(Section, frozen=True):
    """What a dashboard or a balance checker of the gateway family shows as its user."""

    token: Text
    """What it sends as Authorization."""
    sub_account: Text | None = None
    """Whose it is: a sub-account's name or uin. Left out: the root account."""


class Package(Section, frozen=True, kw_only=True):
    """A resource package. Usage in its scope is deducted from it, from its start on."""

    kind: Kind
    """What it is of. Concurrency and knowledge capacity are held for a time, everything else is used up."""
    total: Annotated[int, Meta(ge=1, le=10**15)]
    """How many tokens, searches, pages, images, calls in flight or characters."""
    source: Source = "purchased"
    """`trial` is an experience package; those are deducted before purchased ones."""
    name: str = ""
    """What notifications call it."""
    models: list[str] = []
    """The models that it is for. Left out: all."""
    apis: list[str] = []
    """The APIs that it is for, such as ChatCompletions, or sub_biz_types of what apps use. Left out: all."""
    start: Moment | None = None
    """Left out: as the account's clock starts."""
    expires: Moment | None = None
    """The first moment at which it is good for nothing. Left out: a year after its start, or its period."""
    period: Literal["month", "year"] | None = None
    """How long concurrency or knowledge capacity is paid for, now and when it is renewed. Left out: a month."""


class Price(Section, frozen=True):
    """What postpaid usage costs, in the account's currency. A figure that is left out is for a later price to say, or for
    the shipped price table."""

    api: str = "*"
    """A pattern of APIs, such as ChatCompletions."""
    model: str = "*"
    """A pattern of models, such as deepseek-*."""
    input: Cost | None = None
    """A thousand tokens that go in."""
    output: Cost | None = None
    """A thousand tokens that come out."""
    split: Cost | None = None
    """A thousand tokens of document splitting."""
    page: Cost | None = None
    """A page of document parsing."""
    search: Cost | None = None
    """A search."""
    image: Cost | None = None
    """An image."""


class Billing(Section, frozen=True):
    """What the account has and what it pays. Nothing is granted that does not stand here."""

    activated: bool = True
    """Whether the service was opened; calls are refused where it was not."""
    trial: bool = False
    """Whether the account registers as its clock starts, and is given the trial (assumption `trial_grants`)."""
    packages: list[Package] = []
    """Its resource packages, also those that are used up or have expired."""
    postpaid: list[str] | Literal["all"] = []
    """The APIs whose postpaid switch is on, or `all`."""
    permitted: list[Text] = []
    """The sub-accounts that have the permission Postpaid Settings."""
    balance: Money = 0
    """What the account has as its clock starts; below 0 it is overdue. Bills of earlier hours have been paid."""
    currency: Currency = "USD"
    """Of the balance and of all prices."""
    prices: list[Price] = []
    """The account's own; of each figure the first price that fits and has it counts."""
    channels: tuple[Literal["in-site", "sms", "email"], ...] = ("in-site", "sms", "email")
    """How the cloud's Message Center sends notifications."""


class Account(Section, frozen=True, kw_only=True):
    """A root account and everything in it."""

    uin: Text
    """The uin of the root account."""
    name: Text | None = None
    time_zone: str = "+08:00"
    """Its distance from UTC; days, weeks and labels are cut in it."""
    seed: int | None = None
    """Seeds all that is made up in it. Left out: made from the scenario's seed and the uin."""
    clock: Literal["real"] | Clock = "real"
    """`real` follows the machine's; else started_at or frozen_at."""
    credentials: Annotated[list[Credential], Meta(min_length=1)]
    """Who may call."""
    sub_accounts: list[SubAccount] = []
    spaces: list[Space] = []
    apps: list[App] = []
    models: list[Model] = []
    rate_limit: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    """Calls a second for every action; 0 for none. Left out: the documented limits."""
    rate_limits: dict[str, Annotated[int, Meta(ge=0, le=10**9)]] = {}
    """Calls a second for single actions, such as lke.DescribeTokenUsage; 0 for none."""
    knowledge: Knowledge = Knowledge()
    messages: Messages = Messages()
    order: Literal["sharded", "asc"] = "sharded"
    """The order of points in graphs: unsorted as the cloud gives them, or ascending."""
    replies: list[Reply] = []
    """Canned replies; the first that fits is given."""
    keys: list[Key] = []
    """API keys of the OpenAI-compatible endpoint."""
    access_tokens: list[AccessToken] = []
    """How dashboards and balance checkers are known."""
    chat: list[ChatRule] = []
    """What models say to a chat, or how they fail; the first rule that fits holds. Without one the reply is seeded."""
    limits: list[LimitSection] = []
    """Limits of the OpenAI-compatible endpoint; the first that fits holds."""
    moderation: ModerationSection = ModerationSection()
    """What content moderation refuses."""
    files: list[FileSection] = []
    """What is at an address that a client sends as FileUrl; nothing is fetched from the network."""
    billing: Billing = Billing()
    usage: list[Usage] = []
    """What was used, and goes on being used."""


class Scenario(Section, frozen=True, kw_only=True):
    """A world of lke-emulator: accounts, who may call them, and what they used."""

    seed: int = 0
    """Seeds all that is made up."""
    deterministic: bool = False
    """Request ids and new business ids come from the seed: the same calls get the same bytes."""
    locale: Annotated[str, Meta(pattern="^([a-z]{2,3}(_[A-Z]{2})?)?$")] = ""
    """The language of names that are left open, such as zh_CN or en_US."""
    assumptions: Assumptions = Assumptions()
    """What no document settles, as settings."""
    accounts: Annotated[list[Account], Meta(min_length=1)]
    """The first one is whom unsigned callers act for under `--auth off`."""
