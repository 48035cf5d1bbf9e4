"""What the rest of a scenario's account refers to: sub-accounts, spaces, apps and models, by id and by name."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.account.records import App, Model, Space, SubAccount
from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.seeds import number
from lke_emulator.scenario import format as written
from lke_emulator.scenario.directory import Directory
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.making import Making


class Things(NamedTuple):
    sub_accounts: Directory[SubAccount]
    spaces: Directory[Space]
    apps: Directory[App]
    models: Directory[Model]


def build_things(section: written.Account, account: Account, making: Making, at: Place) -> Things:
    """Put them into the account, and give them by what they are called."""
    things = Things(
        build_sub_accounts(section.sub_accounts, making, at / "sub_accounts"),
        spaces := build_spaces(section.spaces, making, at / "spaces"),
        build_apps(section.apps, spaces, making, at / "apps"),
        build_models(section.models, at / "models"),
    )
    account.sub_accounts = {each.uin: each for each in things.sub_accounts.things}
    account.spaces = {each.id: each for each in things.spaces.things}
    account.apps = {each.biz_id: each for each in things.apps.things}
    account.models = {each.name: each for each in things.models.things}
    return things


def build_sub_accounts(sections: Sequence[written.SubAccount], making: Making, at: Place) -> Directory[SubAccount]:
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


def build_spaces(sections: Sequence[written.Space], making: Making, at: Place) -> Directory[Space]:
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


def build_apps(sections: Sequence[written.App], spaces: Directory[Space], making: Making, at: Place) -> Directory[App]:
    directory: Directory[App] = Directory("app")
    taken = {str(section.name) for section in sections if section.name}
    for i, section in enumerate(sections):
        single("biz_id", section, at / i)
        space = "" if section.space is None else spaces.one(section.space, at / i / "space").id
        first = len(directory.things)
        names = making.names("app_name", section.name, section.count, first, taken, at / i)
        for j, name in enumerate(names, first):
            biz_id = section.biz_id or Ids((making.seed, "app", j)).snowflake()
            directory.place(App(biz_id, name, section.type, space), biz_id, name, at / i)
        directory.group(section.name, first, at / i)
    return directory


def build_models(sections: Sequence[written.Model], at: Place) -> Directory[Model]:
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
