"""A scenario's account: a root account and everything in it."""

from typing import Annotated, Literal, NamedTuple

from msgspec import Meta

from lke_emulator.account.account import Account, Order
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.models.rules import ChatRule
from lke_emulator.primitives.seeds import number
from lke_emulator.scenario import moments
from lke_emulator.scenario.access_tokens import AccessTokenSection, build_access_tokens
from lke_emulator.scenario.apps import AppSection
from lke_emulator.scenario.billing import BillingSection, build_billing
from lke_emulator.scenario.chat import build_chat
from lke_emulator.scenario.clock import ClockSection, build_clock, days_moved
from lke_emulator.scenario.credentials import CredentialSection
from lke_emulator.scenario.dialogue_limits import DialogueLimitSection, build_dialogue_limits
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.events import EventSection, build_events
from lke_emulator.scenario.faults import FaultSection, build_faults
from lke_emulator.scenario.keys import KeySection, build_keys
from lke_emulator.scenario.knowledge import KnowledgeSection, build_knowledge
from lke_emulator.scenario.limits import LimitSection, PerSecond, build_limits, build_rate_limits
from lke_emulator.scenario.making import Making
from lke_emulator.scenario.messages import MessagesSection, build_messages
from lke_emulator.scenario.moderation import ModerationSection, build_moderation
from lke_emulator.scenario.moved import moved
from lke_emulator.scenario.remote_files import FileSection, build_files
from lke_emulator.scenario.replies import ReplySection, build_replies
from lke_emulator.scenario.section import Digits, LongSeed, Section, Seed, Text
from lke_emulator.scenario.things import ModelSection, SpaceSection, SubAccountSection, Things, build_things
from lke_emulator.scenario.usage import Usage, build_usage
from lke_emulator.usage.holidays import Country
from lke_emulator.usage.pace import DAY


class AccountSection(Section, frozen=True, kw_only=True):
    """A root account and everything in it."""

    uin: Digits
    """The uin of the root account."""
    name: Text | None = None
    time_zone: str = "+08:00"
    """Its distance from UTC; days, weeks and labels are cut in it."""
    seed: Seed | LongSeed | None = None
    """Seeds all that is made up in it; one of more than 60 bits as text. Left out: made from the scenario's seed and the uin."""
    clock: Literal["real"] | ClockSection = "real"
    """`real` follows the machine's; else started_at or frozen_at."""
    credentials: Annotated[list[CredentialSection], Meta(min_length=1)]
    """Who may call."""
    sub_accounts: list[SubAccountSection] = []
    spaces: list[SpaceSection] = []
    apps: list[AppSection] = []
    models: list[ModelSection] = []
    rate_limit: PerSecond | None = None
    """Calls a second for every action; 0 for none. Left out: the documented limits."""
    rate_limits: dict[str, PerSecond] = {}
    """Calls a second for single actions, such as lke.DescribeTokenUsage; 0 for none."""
    knowledge: KnowledgeSection = KnowledgeSection()
    messages: MessagesSection = MessagesSection()
    order: Order = "sharded"
    """The order of points in graphs: unsorted as the cloud gives them, or ascending."""
    replies: list[ReplySection] = []
    """Canned replies; the first that fits is given."""
    keys: list[KeySection] = []
    """API keys of the OpenAI-compatible endpoint."""
    access_tokens: list[AccessTokenSection] = []
    """How dashboards and balance checkers are known."""
    chat: list[ChatRule] = []
    """What models say to a chat, or how they fail; the first rule that fits holds. Without one the reply is seeded."""
    dialogue_limits: list[DialogueLimitSection] = []
    """How much its apps and spaces may be asked. Left out: without limit."""
    limits: list[LimitSection] = []
    """Limits of the OpenAI-compatible endpoint; the first that fits holds."""
    moderation: ModerationSection = ModerationSection()
    """What content moderation refuses."""
    files: list[FileSection] = []
    """What is at an address that a client sends as FileUrl; nothing is fetched from the network."""
    faults: list[FaultSection] = []
    """Which calls fail, wait or break; of those that fit a call the first one strikes."""
    billing: BillingSection = BillingSection()
    holidays: Country | None = None
    """Whose public holidays its offices keep: usage with the rhythm office. Left out: none."""
    events: list[EventSection] = []
    """What happened to the account; generated usage shows it."""
    usage: list[Usage] = []
    """What was used, and goes on being used."""


class Origin(NamedTuple):
    """What everything in a world is made from."""

    seed: int
    locale: str
    chance: object
    """Seeds what nobody shall guess, such as the secrets of keys: the seed itself where all is deterministic."""
    assumptions: Assumptions
    now: float
    """The real moment, or what stands for it."""
    given_now: float | None


def build_account(section: AccountSection, at: Place, origin: Origin, locale: Place) -> tuple[Account, Things]:
    """An account with everything in it; what depends on others comes after them."""
    zone = (at / "time_zone").checked(moments.zone, section.time_zone)
    seed = number("account", origin.seed, section.uin) if section.seed is None else int(section.seed)
    if seed >= 1 << 64:
        raise (at / "seed").wrong("a seed has at most 64 bits")
    clock = build_clock(section.clock, at / "clock", origin.now, origin.given_now, zone)
    if days := days_moved(section.clock, clock.now(), origin.now):
        section = moved(section, days * DAY, zone)
        clock.advance(days * DAY)
    account = Account(
        section.uin,
        name=section.name or "",
        seed=seed,
        zone=zone,
        clock=clock,
        chance=origin.chance,
        order=section.order,
        assumptions=origin.assumptions,
    )
    things = build_things(section, account, Making(seed, origin.locale, locale), at)
    now = account.clock.now()
    build_rate_limits(section.rate_limit, section.rate_limits, account, at / "rate_limits")
    build_knowledge(section.knowledge, account, things.apps, at / "knowledge")
    account.messages = build_messages(section.messages, at / "messages")
    account.replies.update(build_replies(section.replies, at / "replies"))
    build_keys(section.keys, account, things, now, at / "keys")
    build_access_tokens(section.access_tokens, account, things, at / "access_tokens")
    at.checked(build_chat, section.chat, account)
    build_limits(section.limits, account)
    build_dialogue_limits(section.dialogue_limits, account, things, at / "dialogue_limits")
    account.moderation = build_moderation(section.moderation)
    build_files(section.files, account, at / "files")
    build_faults(section.faults, account, now, at / "faults")
    story = build_events(section.events, now, zone, at / "events")._replace(holidays=section.holidays)
    for i, entry in enumerate(section.usage):
        for series in build_usage(entry, account, things, now, at / "usage" / i, story):
            account.ledger.add(series)
    build_billing(section.billing, account, things, now, at / "billing")
    return account, things
