"""The accounts of the world: a test opens one for itself, which nobody else's calls reach, and closes it."""

import re
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from lke_emulator.account.access_tokens import user_id
from lke_emulator.account.account import Account
from lke_emulator.account.call import Wait
from lke_emulator.account.journal import CallMatch
from lke_emulator.account.records import Credential
from lke_emulator.account.snapshot import (
    UIN,
    SnapshotText,
    begun,
    copied_account,
    read_snapshot,
    restore,
    save,
    writing,
)
from lke_emulator.control.access_tokens import AccessToken
from lke_emulator.control.keys import NewSecret
from lke_emulator.control.keys import key_row as key_row
from lke_emulator.control.table import Body, ControlCall, Invalid, not_both, route
from lke_emulator.primitives.refused import Refused
from lke_emulator.primitives.seeds import number

if TYPE_CHECKING:
    from lke_emulator.scenario.document import Place
    from lke_emulator.scenario.world import Scenario

PATH = "/accounts"
SPECIMENS = Path(__file__).parents[1] / "scenario" / "specimens.yaml"
NewUin = Annotated[str, Meta(pattern=f"^$|{UIN}")]
PLACEHOLDER = {"uin": "1", "credentials": [{"secret_id": "-", "secret_key": "-"}]}
"""What a scenario's account must have and every opened one gets."""


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    uin: str
    name: str
    now: float
    """Unix seconds on its clock."""
    time_zone: int
    """Seconds east of UTC."""
    sub_accounts: dict[str, str]
    """Uin -> name."""
    secret_ids: list[str]


class AccountList(msgspec.Struct, frozen=True, kw_only=True):
    accounts: list[AccountRow]


class NewAccount(Body):
    """Empty, or as a template has it: give `scenario` or `account`, not both."""

    BETWEEN: ClassVar[dict[str, Any]] = not_both(
        {"scenario": {"minLength": 1}, "account": {"type": "object", "minProperties": 1}}
    )

    uin: NewUin = ""
    """Empty to have one made."""
    name: str = ""
    scenario: Annotated[str, Meta(description="A shipped scenario; its first account is the template.")] = ""
    account: Annotated[
        dict[str, Any] | None,
        Meta(
            description="A template as a scenario file writes an account, without uin and credentials: these are made."
        ),
    ] = None


class NewCredential(msgspec.Struct, frozen=True, kw_only=True):
    secret_id: str
    secret_key: str
    uin: str
    """Who acts with it: the root or a sub-account."""


class OpenedAccount(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountRow
    credentials: list[NewCredential]
    """The root's first."""
    key: NewSecret
    """The root's, beside those of a template."""
    access_token: AccessToken | None
    """The root's; null where a template has one."""


@route("GET", PATH)
def list_accounts(call: ControlCall) -> AccountList:
    """All accounts; the scenario's first one stays first."""
    return AccountList(accounts=[account_row(call, account) for account in call.world.accounts.values()])


@route("GET", PATH + "/{uin}")
def get_account(call: ControlCall) -> AccountRow:
    """One account."""
    return account_row(call, call.account)


def account_row(call: ControlCall, account: Account) -> AccountRow:
    return AccountRow(
        uin=account.uin,
        name=account.name,
        now=account.clock.now(),
        time_zone=account.zone,
        sub_accounts={one.uin: one.name for one in account.sub_accounts.values()},
        secret_ids=[one.secret_id for one in call.world.credentials.values() if one.account == account.uin],
    )


@route("POST", PATH, status=201)
def open_account(call: ControlCall, body: NewAccount) -> OpenedAccount:
    """Open an account with credentials, an API key and an access token. It lasts until it is closed, or the scenario is loaded
    again. Without a template it registers: it has the trial resources and nothing else."""
    from lke_emulator.scenario.document import ScenarioError

    world = call.world
    uin = free_uin(call, body.uin)
    if body.scenario and body.account:
        raise Invalid("account: give it or a scenario, not both")
    try:
        account = built(call, body, uin)
    except ScenarioError as error:
        raise Refused(str(error)) from None
    now = account.clock.now()
    if not (body.scenario or body.account):
        account.billing.resources.register(now)
    key, secret = account.keys.create("default", owner=uin, now=now, assumptions=world.assumptions)
    token = None if account.access_tokens.has(uin) else account.access_tokens.issue(uin)
    try:
        world.add(account, [])
    except ValueError as error:
        raise Refused(str(error)) from None
    credentials = new_credentials(call, account)
    return OpenedAccount(
        account=account_row(call, account),
        credentials=credentials,
        key=NewSecret(key=key_row(key, now), secret=secret),
        access_token=None if token is None else AccessToken(owner=uin, user=user_id(uin), token=token),
    )


class Additions(Body):
    """What a scenario's account has, in the same words: lists of each are added to what is there."""

    sub_accounts: tuple[Any, ...] = ()
    spaces: tuple[Any, ...] = ()
    apps: tuple[Any, ...] = ()
    models: tuple[Any, ...] = ()
    rate_limits: dict[str, Any] = msgspec.field(default_factory=dict)
    replies: tuple[Any, ...] = ()
    chat: tuple[Any, ...] = ()
    limits: tuple[Any, ...] = ()
    files: tuple[Any, ...] = ()
    faults: tuple[Any, ...] = ()
    events: tuple[Any, ...] = ()
    usage: tuple[Any, ...] = ()


@route("PATCH", PATH + "/{uin}")
def change_account(call: ControlCall, body: Additions) -> AccountRow:
    """Add to an open account. What is added goes before what was there; where something of it cannot be, nothing is added."""
    return added(call, msgspec.json.encode(body).decode(), "account")


@route("POST", PATH + "/{uin}/specimens")
def add_specimens(call: ControlCall) -> AccountRow:
    """Add two apps with one of each thing that examples of actions name, in states in which the actions can be done: documents
    that are parsed, being parsed and refused, releases, a disliked answer, a workflow. One that has them stays as it is."""
    text = SPECIMENS.read_text("utf-8")
    if text.partition("name: ")[2].partition("\n")[0] in [app.name for app in call.account.apps]:
        return account_row(call, call.account)
    return added(call, text, SPECIMENS.name)


def added(call: ControlCall, text: str, file: str) -> AccountRow:
    """Add the sections of a text to the account, or nothing of them."""
    from lke_emulator.scenario.additions import AdditionSection, add
    from lke_emulator.scenario.document import ScenarioError, read_yaml
    from lke_emulator.scenario.load import section_of

    account = restore(save(call.account))
    try:
        at = read_yaml(text, file)
        add(section_of(at, AdditionSection), account, "", at)
    except ScenarioError as error:
        raise Refused(str(error)) from None
    call.world.replace(account)
    return account_row(call, account)


class NewCopy(Body):
    uin: NewUin = ""
    """Empty to have one made."""
    name: str | None = None
    """Left out: the original's."""


class CopiedAccount(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountRow
    credentials: list[NewCredential]
    """One for the root, which is first, and one for each sub-account."""
    keys: list[NewSecret]
    """All API keys of the original, with secrets of their own."""
    access_tokens: list[AccessToken]


@route("POST", PATH + "/{uin}/copy", status=201)
def copy_account(call: ControlCall, body: NewCopy) -> CopiedAccount:
    """Open an account that is as this one is now and goes its own way from here. What opens it is its own, and is told this
    once."""
    world, original = call.world, call.account
    uin = free_uin(call, body.uin)
    account = copied_account(save(original), uin, world.ids.hex(32))
    account.name = original.name if body.name is None else body.name
    account.apps.renew(world.ids)
    secrets = account.keys.renew(world.ids, account.assumptions.api_key_length)
    tokens = account.access_tokens.renew(world.ids)
    world.add(account, [])
    credentials = new_credentials(call, account)
    now = account.clock.now()
    return CopiedAccount(
        account=account_row(call, account),
        credentials=credentials,
        keys=[NewSecret(key=key_row(account.keys.get(id), now), secret=secret) for id, secret in secrets.items()],
        access_tokens=[AccessToken(owner=owner, user=user_id(owner), token=token) for owner, token in tokens.items()],
    )


@route("POST", PATH + "/{uin}/reset")
def reset_account(call: ControlCall) -> AccountRow:
    """Begin the account anew, as its scenario or template made it, a copy as it was copied. Credentials stay, and the API keys
    that it had then open it again. Calls under way end in the account as it was."""
    try:
        return account_row(call, call.world.reset(call.account.uin))
    except ValueError as error:
        raise Refused(str(error)) from None


@route("POST", "/reset")
def reset_world(call: ControlCall) -> AccountList:
    """Begin the whole world anew: the scenario's accounts are as it made them, those that were opened are closed, and faults of
    the server and calls are forgotten."""
    world = call.world
    for uin in [uin for uin in world.accounts if uin in world.opened]:
        world.remove(world.accounts[uin])
    for uin in list(world.accounts):
        world.reset(uin)
    world.faults.clear()
    world.journal.forget(CallMatch())
    return list_accounts(call)


@route("GET", PATH + "/{uin}/snapshot")
def get_snapshot(call: ControlCall) -> Generator[Wait, None, SnapshotText]:
    """Everything that the account knows, as one sorted text, billing settled till now. SecretKeys are not in it, of API keys and
    access tokens the hashes; what is under way is left out."""
    account = call.account
    account.billing.settle(account.clock.now())  # whoever looks settles: nobody who looks later makes it another text
    kept = save(account)
    text = begun(kept)
    for _ in writing(kept, text):
        yield Wait(0)
    return text


class RestoredAccount(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountRow
    credentials: list[NewCredential]
    """Of those who had none; told this once."""


@route("PUT", PATH + "/{uin}/snapshot")
def put_snapshot(call: ControlCall, body: SnapshotText) -> RestoredAccount:
    """Let the account be what a snapshot says, of this account or of another one, or open it so. Credentials stay as they are,
    and a reset goes back to where it went before."""
    world, uin = call.world, call.names["uin"]
    if not re.match(UIN, uin):
        raise Invalid(f"{uin} is no uin: that has 1 to 20 digits")
    try:
        snapshot = read_snapshot(body)
        same = snapshot.account.uin == uin
        account = restore(snapshot) if same else copied_account(snapshot, uin, world.ids.hex(32))
    except ValueError as error:
        raise Refused(str(error)) from None
    try:
        if uin in world.accounts:
            world.replace(account)
        else:
            world.add(account, [])
    except ValueError as error:
        raise Refused(str(error)) from None
    return RestoredAccount(account=account_row(call, account), credentials=new_credentials(call, account))


def new_credentials(call: ControlCall, account: Account) -> list[NewCredential]:
    """One for everybody who has none, the root first."""
    world = call.world
    known = {one.uin for one in world.credentials.values() if one.account == account.uin}
    made = []
    for person in (account.uin, *account.sub_accounts):
        if person not in known:
            one = NewCredential(secret_id=f"AKIDlocal{world.ids.word(23)}", secret_key=world.ids.word(32), uin=person)
            world.credentials[one.secret_id] = Credential(one.secret_id, one.secret_key, account.uin, person)
            made.append(one)
    return made


def free_uin(call: ControlCall, wanted: str) -> str:
    """The wanted uin or one that is made. Refused where an account has it."""
    uin = wanted or new_uin(call)
    if uin in call.world.accounts:
        raise Refused(f"account {uin} is there already; leave uin out to have one made")
    return uin


def new_uin(call: ControlCall) -> str:
    """Twelve digits that no account has."""
    while True:
        uin = f"1{int.from_bytes(call.world.ids.take(8)) % 10**11:011}"
        if uin not in call.world.accounts:
            return uin


@route("DELETE", PATH + "/{uin}", status=204)
def close_account(call: ControlCall) -> None:
    """Close an account for good. The scenario's first one stays: unsigned callers act for it."""
    account = call.account
    if account.uin == call.world.first_credential.account:
        raise Refused(f"account {account.uin} is the scenario's first and stays; open another one to close")
    call.world.remove(account)


def built(call: ControlCall, body: NewAccount, uin: str) -> Account:
    """The account as the template has it. Raises ScenarioError."""
    from lke_emulator.scenario.world import build_world

    world, replace = call.world, msgspec.structs.replace
    account = PLACEHOLDER | (body.account or {})
    scenario, at = template(body.scenario, msgspec.json.encode(account).decode())
    section = scenario.accounts[0]
    seed = section.seed
    if seed is None:
        # A copy has the very figures of the scenario's account, any other account its own.
        seed = number("account", scenario.seed, section.uin) if body.scenario else number("account", world.seed, uin)
    section = replace(section, uin=uin, name=body.name or section.name, seed=seed)
    if body.scenario:
        # What opens the scenario's account cannot open a second one.
        keys = [replace(key, secret=None) for key in section.keys]
        section = replace(section, keys=keys, access_tokens=[])
    deterministic = scenario.deterministic or world.deterministic
    alone = replace(scenario, accounts=[section], assumptions=world.assumptions, deterministic=deterministic)
    chance = "" if deterministic else world.ids.hex(32)
    made = build_world(alone, at, world.scenario, None, None, chance).accounts[uin]
    if body.scenario:
        made.apps.renew(made.ids)
    return made


@lru_cache(32)
def template(name: str, account: str) -> "tuple[Scenario, Place]":
    """A shipped scenario, or one with an account given as JSON. Raises ScenarioError, LookupError."""
    from lke_emulator.scenario.document import read_yaml
    from lke_emulator.scenario.load import shipped, typed

    if not name:
        at = read_yaml(f'{{"accounts": [{account}]}}', "account")
    elif name not in shipped():
        raise LookupError(f"scenario: there is no {name[:80]}; shipped are {', '.join(shipped())}")
    else:
        at = read_yaml(shipped()[name].read_text("utf-8"), name)
    return typed(at), at
