"""What the rest of a scenario's account refers to: sub-accounts, spaces, apps and models, by id and by name."""

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple, Protocol

from msgspec import Meta

from lke_emulator.account.account import Account
from lke_emulator.account.records import Model, Space, SubAccount
from lke_emulator.knowledge.apps import App
from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.seeds import number
from lke_emulator.scenario.apps import AppSection, build_apps
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.making import Making
from lke_emulator.scenario.section import Copies, Digits, Section, Text


class SubAccountSection(Section, frozen=True):
    """A sub-account, or a group of them."""

    name: Text | None = None
    """Left out: made up in the scenario's locale."""
    uin: Digits | None = None
    """Left out: made from the seed."""
    count: Copies = 1
    """So many of them, numbered; the name stands for them all."""


class SpaceSection(Section, frozen=True):
    """A workspace, or a group of them."""

    id: Text | None = None
    """SpaceId, such as default_space. Left out: made from the seed."""
    name: Text | None = None
    """Left out: made up in the scenario's locale, or the id where no locale is set."""
    count: Copies = 1
    """So many of them, numbered; the name stands for them all."""


class ModelSection(Section, frozen=True):
    """A model that usage can name."""

    name: Text
    """What requests call it, such as cs-normal-70b."""
    display_name: Text | None = None
    """What call details show. Left out: the name."""
    concurrency: Annotated[int, Meta(ge=0, le=10**9)] = 0
    """Calls that may be in flight at the same time; 0 when no concurrency is bought."""
    call_seconds: Annotated[int, Meta(ge=1, le=86400)] = 5
    """How long one call of the scenario's usage lasts; the concurrency of that usage is computed with it."""


class Declared(Protocol):
    """The lists of an account's section that declare its things."""

    @property
    def sub_accounts(self) -> Sequence[SubAccountSection]: ...
    @property
    def spaces(self) -> Sequence[SpaceSection]: ...
    @property
    def apps(self) -> Sequence[AppSection]: ...
    @property
    def models(self) -> Sequence[ModelSection]: ...


class Things(NamedTuple):
    sub_accounts: Directory[SubAccount]
    spaces: Directory[Space]
    apps: Directory[App]
    models: Directory[Model]

    def person(self, name: str | None, account: Account, at: Place) -> str:
        """The uin of a sub-account by its name or uin; the root's where none is named."""
        return account.uin if name is None else self.sub_accounts.one(name, at).uin


def build_things(section: Declared, account: Account, making: Making, at: Place) -> Things:
    """Put them into the account, and give them by what they are called. `at` is the account's place."""
    sub_accounts = build_sub_accounts(section.sub_accounts, making, at / "sub_accounts")
    spaces = build_spaces(section.spaces, making, at / "spaces")
    models = build_models(section.models, at / "models")
    account.sub_accounts.update({each.uin: each for each in sub_accounts.things})
    account.spaces.update({each.id: each for each in spaces.things})
    account.models.update({each.name: each for each in models.things})
    apps = build_apps(section.apps, spaces, models, account, making, at / "apps")
    return Things(sub_accounts, spaces, apps, models)


def build_sub_accounts(sections: Sequence[SubAccountSection], making: Making, at: Place) -> Directory[SubAccount]:
    directory: Directory[SubAccount] = Directory("sub-account")
    taken = {str(section.name) for section in sections if section.name}
    for i, section in enumerate(sections):
        single("uin", section, at / i)
        first = len(directory.things)
        names = making.names("sub_account_name", section.name, section.count, first, taken, at / i)
        for j, name in enumerate(names, first):
            uin = section.uin or str(100_000_000_000 + number("uin", making.seed, j) % 900_000_000_000)
            directory.place(SubAccount(uin, name), uin, name, at / i)
        directory.group(section.name, first, at / i)
    return directory


def build_spaces(sections: Sequence[SpaceSection], making: Making, at: Place) -> Directory[Space]:
    directory: Directory[Space] = Directory("space")
    taken = {str(section.name) for section in sections if section.name}
    for i, section in enumerate(sections):
        single("id", section, at / i)
        first = len(directory.things)
        given = section.name if section.name or making.locale else section.id
        names = making.names("space_name", given, section.count, first, taken, at / i)
        for j, name in enumerate(names, first):
            id = section.id or Ids((making.seed, "space", j)).word(16)
            directory.place(Space(id, name), id, name, at / i)
        directory.group(given, first, at / i)
    return directory


def build_models(sections: Sequence[ModelSection], at: Place) -> Directory[Model]:
    directory: Directory[Model] = Directory("model")
    for i, section in enumerate(sections):
        name = section.name
        model = Model(name, section.display_name or name, section.concurrency, section.call_seconds)
        directory.place(model, name, name, at / i)
    return directory


def single(key: str, section: Any, at: Place) -> None:
    """An id belongs to one thing, not to a group."""
    if section.count > 1 and getattr(section, key) is not None:
        raise (at / key).wrong(f"{section.count} cannot share one {key}; leave it out to have them made from the seed")
