"""The `keys` and `access_tokens` of a scenario's account."""

from collections.abc import Sequence

from lke_emulator.account import access_tokens, keys
from lke_emulator.account.access_tokens import AccessTokenSection
from lke_emulator.account.account import Account
from lke_emulator.account.keys import KeySection
from lke_emulator.primitives.money import money
from lke_emulator.scenario import format as written
from lke_emulator.scenario.document import Place
from lke_emulator.scenario.moments import moment_of
from lke_emulator.scenario.things import Things


def build_keys(sections: Sequence[written.Key], account: Account, things: Things, now: float, at: Place) -> None:
    for i, section in enumerate(sections):
        here = at / i
        created = moment_of(section, "created", now, account.zone, here)
        key = KeySection(
            label=section.label,
            secret=section.secret or "",
            owner=owner_of(section, things, here),
            group=section.group,
            enabled=section.enabled,
            quota=None if section.quota is None else money("quota", section.quota),
            expires=moment_of(section, "expires", now, account.zone, here),
            models=tuple(section.models),
        )
        here.checked(
            keys.build_keys,
            account.keys,
            [key],
            root=account.uin,
            now=now if created is None else created,
            assumptions=account.assumptions,
        )


def build_access_tokens(sections: Sequence[written.AccessToken], account: Account, things: Things, at: Place) -> None:
    owners: set[str] = set()
    for i, section in enumerate(sections):
        owner = owner_of(section, things, at / i)
        if owner in owners:
            raise (at / i).wrong("somebody has an access token already; there is one for each")
        owners.add(owner)
        token = AccessTokenSection(token=section.token, owner=owner)
        (at / i / "token").checked(access_tokens.build_access_tokens, account.access_tokens, [token], account.uin)


def owner_of(section: written.Key | written.AccessToken, things: Things, at: Place) -> str:
    """The uin of a sub-account; empty for the root account."""
    if section.sub_account is None:
        return ""
    return things.sub_accounts.one(section.sub_account, at / "sub_account").uin
