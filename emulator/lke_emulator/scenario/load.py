"""A scenario file becomes a World: found by name or path, read strictly, built section by section.

What is wrong with it is one ScenarioError with file, line, path and the way out; there is never a half-loaded world.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.records import App, Credential, Messages
from lke_emulator.account.world import World
from lke_emulator.billing.capacity import Knowledge
from lke_emulator.models.moderation import build_moderation
from lke_emulator.primitives.clock import Clock, real_now
from lke_emulator.primitives.ids import drawn
from lke_emulator.primitives.seeds import number
from lke_emulator.scenario import format as written
from lke_emulator.scenario import moments
from lke_emulator.scenario.billing import build_billing
from lke_emulator.scenario.chat import build_chat
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place, ScenarioError, read
from lke_emulator.scenario.files import build_files
from lke_emulator.scenario.keys import build_access_tokens, build_keys
from lke_emulator.scenario.making import Making
from lke_emulator.scenario.mismatch import mismatch, nearest
from lke_emulator.scenario.moments import moment_of
from lke_emulator.scenario.replies import action, build_replies
from lke_emulator.scenario.things import Things, build_things
from lke_emulator.scenario.usage import build_usage

PACKAGE = Path(__file__).parents[1]
FOLDERS = (PACKAGE / "scenarios", PACKAGE.parents[1] / "scenarios")
"""The wheel's; in a checkout there is none, and they are at the top of it."""
SUFFIXES = (".yaml", ".yml")


def shipped() -> dict[str, Path]:
    """The scenarios that can be loaded by name."""
    folder = next(folder for folder in FOLDERS if folder.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find(name_or_path: str) -> Path:
    """The file of a shipped scenario, or the path itself. ScenarioError when there is no such thing."""
    path = Path(name_or_path)
    if path.suffix in SUFFIXES or len(path.parts) > 1:
        return path
    known = shipped()
    if name_or_path not in known:
        raise ScenarioError(
            f"{name_or_path}: no scenario, and no path (it would end in .yaml); {nearest(name_or_path, known)}"
        )
    return known[name_or_path]


def load(name_or_path: str, seed: int | None = None, now: float | None = None) -> World:
    """The world that a scenario describes. `seed` replaces the file's; `now` (Unix seconds) stands for the real moment.

    Raises ScenarioError.
    """
    path = find(name_or_path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: this is not UTF-8 text (byte {error.start})") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    at = read(text, name_or_path if path == Path(name_or_path) else path.name)
    return build_world(typed(at), at, name_or_path, seed, now)


def typed(at: Place) -> written.Scenario:
    """The document as the sections of the format."""
    try:
        return msgspec.convert(at.value, written.Scenario, dec_hook=as_text)
    except msgspec.ValidationError as error:
        raise mismatch(at, msgspec.inspect.type_info(written.Scenario)) or at.wrong(str(error)) from None


def as_text(kind: type, value: Any) -> str:
    if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
        return str(value)
    raise ValueError("this is no text")


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


def build_world(
    scenario: written.Scenario, at: Place, name: str, seed: int | None, now: float | None, chance: str = ""
) -> World:
    """`chance` is what a world has that is not deterministic; left out, it is drawn."""
    seed = scenario.seed if seed is None else seed
    moment = real_now() if now is None else now
    source: object = seed if scenario.deterministic else chance or drawn()
    origin = Origin(seed, scenario.locale, source, scenario.assumptions, moment, now)
    accounts: list[Account] = []
    credentials: list[Credential] = []
    uins: set[str] = set()
    check_secrets(scenario, at)
    for i, section in enumerate(scenario.accounts):
        place = at / "accounts" / i
        account, things = build_account(section, place, origin, at / "locale")
        for uin in (account.uin, *account.sub_accounts):
            if uin in uins:
                raise place.wrong(f"the uin {uin} is used twice; root and sub-accounts all have their own")
            uins.add(uin)
        accounts.append(account)
        credentials += build_credentials(section.credentials, account, things, origin, place / "credentials")
    return World(name, seed, accounts, credentials, scenario.assumptions, scenario.deterministic, source)


OPENERS = {"credentials": "secret_id", "keys": "secret", "access_tokens": "token"}
"""Section -> the key of what a request shows to be let in."""


def check_secrets(scenario: written.Scenario, at: Place) -> None:
    """Each opens one account to one caller. What is secret is not repeated in the message."""
    for section, key in OPENERS.items():
        known: set[str] = set()
        for i, account in enumerate(scenario.accounts):
            for j, opener in enumerate(getattr(account, section)):
                shown = getattr(opener, key)
                if shown in known:
                    raise (at / "accounts" / i / section / j / key).wrong("this is used twice; each needs its own")
                if shown is not None:
                    known.add(shown)


def build_account(section: written.Account, at: Place, origin: Origin, locale: Place) -> tuple[Account, Things]:
    """An account with everything in it; what depends on others comes after them."""
    zone = (at / "time_zone").checked(moments.zone, section.time_zone)
    seed = section.seed if section.seed is not None else number("account", origin.seed, section.uin)
    clock = build_clock(section.clock, at / "clock", origin, zone)
    account = Account(
        section.uin,
        name=section.name or "",
        seed=seed,
        zone=zone,
        clock=clock,
        chance=origin.chance,
        assumptions=origin.assumptions,
    )
    making = Making(seed, origin.locale, locale)
    things = build_things(section, account, making, at)
    build_limits(section, account, at)
    account.knowledge = build_knowledge(section.knowledge, things.apps, at / "knowledge")
    account.messages = build_messages(section.messages, at / "messages")
    account.order = section.order
    account.replies = build_replies(section.replies, at / "replies")
    now = account.clock.now()
    build_keys(section.keys, account, things, now, at / "keys")
    build_access_tokens(section.access_tokens, account, things, at / "access_tokens")
    at.checked(build_chat, account, section.chat)
    account.throttle.sections = section.limits
    account.moderation = build_moderation(section.moderation)
    (at / "files").checked(build_files, account, section.files)
    for i, entry in enumerate(section.usage):
        for series in build_usage(entry, account, things, now, at / "usage" / i):
            account.ledger.add(series)
    build_billing(section.billing, account, things, now, at / "billing")
    return account, things


def build_clock(section: str | written.Clock, at: Place, origin: Origin, zone: int) -> Clock:
    if isinstance(section, str):
        return Clock(origin.given_now)
    text = section.started_at if section.frozen_at is None else section.frozen_at
    if text is None or (section.started_at is not None and section.frozen_at is not None):
        raise at.wrong("give either `started_at` or `frozen_at`, or write `clock: real`")
    key = "started_at" if section.frozen_at is None else "frozen_at"
    moment = (at / key).checked(moments.moment, text, origin.now, zone)
    clock = Clock(moment)
    if section.frozen_at is not None:
        clock.freeze(moment)
    return clock


def build_limits(section: written.Account, account: Account, at: Place) -> None:
    if section.rate_limit is not None:
        account.rate_limit = section.rate_limit
        account.rate_limits.clear()
    for key, limit in section.rate_limits.items():
        account.rate_limits[action(key, at / "rate_limits" / key).key] = limit


METHODS = {
    "model_reply": "ModelReplyCount",
    "knowledge": "KnowledgeCount",
    "task_flow": "TaskFlowCount",
    "search_engine": "SearchEngineCount",
    "image_understanding": "ImageUnderstandingCount",
    "reject": "RejectCount",
    "sensitive": "SensitiveCount",
    "concurrent_limit": "ConcurrentLimitCount",
    "unknown_issues": "UnknownIssuesCount",
}


def build_messages(section: written.Messages, at: Place) -> Messages:
    weights = msgspec.structs.asdict(section.reply_methods)
    if not any(weights.values()):
        raise (at / "reply_methods").wrong("give at least one of them a weight above 0")
    return Messages({METHODS[key]: weight for key, weight in weights.items() if weight}, section.rated, section.liked)


def build_knowledge(section: written.Knowledge, apps: Directory[App], at: Place) -> Knowledge:
    used: dict[str, int] = {}
    for key, characters in section.used.items():
        biz_id = apps.one(key, at / "used" / key).biz_id
        if biz_id in used:
            raise (at / "used" / key).wrong("this app is here already, by its name or its biz id")
        used[biz_id] = characters
    return Knowledge(section.capacity, used)


def build_credentials(
    sections: Sequence[written.Credential], account: Account, things: Things, origin: Origin, at: Place
) -> list[Credential]:
    found = []
    for i, section in enumerate(sections):
        uin = account.uin
        if section.sub_account is not None:
            uin = things.sub_accounts.one(section.sub_account, at / i / "sub_account").uin
        expires = moment_of(section, "expires", origin.now, account.zone, at / i)
        found.append(Credential(section.secret_id, section.secret_key, account.uin, uin, section.token, expires))
    return found
