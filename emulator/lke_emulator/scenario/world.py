"""A whole scenario: the accounts of a World, and what they have in common."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from lke_emulator.account.account import Account
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.account.records import Credential
from lke_emulator.account.world import World
from lke_emulator.primitives.clock import real_now
from lke_emulator.primitives.ids import drawn
from lke_emulator.scenario.account import AccountSection, Origin, build_account
from lke_emulator.scenario.credentials import build_credentials
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.section import Section, Seed

OPENERS = {"credentials": "secret_id", "keys": "secret", "access_tokens": "token"}
"""Section -> the key of what a request shows to be let in."""


class Scenario(Section, frozen=True, kw_only=True):
    """A world of lke-emulator: accounts, who may call them, and what they used."""

    seed: Seed = 0
    """Seeds all that is made up."""
    deterministic: bool = False
    """Request ids and new business ids come from the seed: the same calls get the same bytes."""
    locale: Annotated[str, Meta(pattern="^([a-z]{2,3}(_[A-Z]{2})?)?$")] = ""
    """The language of names that are left open, such as zh_CN or en_US."""
    assumptions: Assumptions = Assumptions()
    """What no document settles, as settings."""
    accounts: Annotated[list[AccountSection], Meta(min_length=1)]
    """The first one is whom unsigned callers act for under `--auth off`."""


def unheard(warning: str) -> None:
    """For whom warnings are not."""


def build_world(
    scenario: Scenario,
    at: Place,
    name: str,
    seed: int | None,
    now: float | None,
    chance: str = "",
    warn: Callable[[str], None] = unheard,
) -> World:
    """`seed` replaces the scenario's; `now` (Unix seconds) stands for the real moment; `chance` is what a world has that is
    not deterministic, drawn where it is left out; `warn` is told what is likely not meant. Raises ScenarioError."""
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
        if section.usage:
            for unused in (*things.apps.unused(), *things.sub_accounts.unused()):
                warn(unused)
        accounts.append(account)
        credentials += build_credentials(section.credentials, account, things, moment, place / "credentials")
    return World(name, seed, accounts, credentials, scenario.assumptions, scenario.deterministic, source)


def check_secrets(scenario: Scenario, at: Place) -> None:
    """Each opens one account to one caller. What is secret is not repeated in the message."""
    for section, key in OPENERS.items():
        known: set[str] = set()
        for i, account in enumerate(scenario.accounts):
            for j, opener in enumerate(getattr(account, section)):
                secret = getattr(opener, key)
                if secret in known:
                    raise (at / "accounts" / i / section / j / key).wrong("this is used twice; each needs its own")
                if secret is not None:
                    known.add(secret)
