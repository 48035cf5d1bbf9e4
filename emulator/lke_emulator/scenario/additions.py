"""What is added to an account that is open: more of what a scenario's account has, in the same words.

What is added goes before what was there: of replies, rules and limits the first one that fits holds.
"""

from typing import TypeVar

from lke_emulator.account.account import Account
from lke_emulator.models.rules import ChatRule, Rules
from lke_emulator.primitives.seeds import number
from lke_emulator.scenario.apps import AppSection
from lke_emulator.scenario.chat import build_chat
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.events import EventSection, build_events
from lke_emulator.scenario.faults import FaultSection, build_faults
from lke_emulator.scenario.limits import LimitSection, PerSecond, build_limits, build_rate_limits
from lke_emulator.scenario.making import Making
from lke_emulator.scenario.remote_files import FileSection, build_files
from lke_emulator.scenario.replies import ReplySection, build_replies
from lke_emulator.scenario.section import Section
from lke_emulator.scenario.things import ModelSection, SpaceSection, SubAccountSection, Things, build_things
from lke_emulator.scenario.usage import Usage, build_usage

Thing = TypeVar("Thing")


class AdditionSection(Section, frozen=True, kw_only=True):
    """What can be added; every member is a list or mapping as a scenario's account has it."""

    sub_accounts: list[SubAccountSection] = []
    spaces: list[SpaceSection] = []
    apps: list[AppSection] = []
    models: list[ModelSection] = []
    rate_limits: dict[str, PerSecond] = {}
    replies: list[ReplySection] = []
    chat: list[ChatRule] = []
    limits: list[LimitSection] = []
    files: list[FileSection] = []
    faults: list[FaultSection] = []
    events: list[EventSection] = []
    usage: list[Usage] = []
    """Of what came before now nobody was billed for."""


def add(section: AdditionSection, account: Account, locale: str, at: Place) -> None:
    """ScenarioError where something cannot be; the account may then have a part of it, so add to a copy."""
    now = account.clock.now()
    # What is made up for them is not what was made up before.
    seed = number("added", account.seed, len(account.sub_accounts), len(account.spaces), len(account.apps))
    things = build_things(section, account, Making(seed, locale, at), at)
    join(things, account, at)
    rules, limits, replies = account.chat_rules.saved(), account.throttle.limits, dict(account.replies)
    build_rate_limits(None, section.rate_limits, account, at / "rate_limits")
    account.replies.update(
        {key: (*new, *replies.get(key, ())) for key, new in build_replies(section.replies, at / "replies").items()}
    )
    at.checked(build_chat, section.chat, account)
    account.chat_rules.restored(Rules.State((*account.chat_rules.saved().rules, *rules.rules)))
    build_limits(section.limits, account)
    account.throttle.limits = [*account.throttle.limits, *limits]
    build_files(section.files, account, at / "files")
    build_faults(section.faults, account, now, at / "faults")
    story = build_events(section.events, now, account.zone, at / "events")
    for i, entry in enumerate(section.usage):
        for series in build_usage(entry, account, things, now, at / "usage" / i, story):
            account.ledger.add(series)


def join(things: Things, account: Account, at: Place) -> None:
    """What the account has can be referred to like what is added to it."""
    for person in account.sub_accounts.values():
        meet(things.sub_accounts, person, person.uin, person.name, at)
    for space in account.spaces.values():
        meet(things.spaces, space, space.id, space.name, at)
    for model in account.models.values():
        meet(things.models, model, model.name, model.name, at)
    for app in account.apps:
        meet(things.apps, app, app.biz_id, app.name, at)


def meet(directory: Directory[Thing], thing: Thing, id: str, name: str, at: Place) -> None:
    if not directory.knows(id):
        directory.place(thing, id, name, at)
