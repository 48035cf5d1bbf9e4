"""Who calls. Three things are shown as `Authorization`, with or without `Bearer `:

an access token, which stands for a person (made by control, declared by the scenario, or by GET /api/user/token);
an API key, which acts as its owner, so that whoever holds one needs nothing else;
and where `--auth off`, anything at all, which acts as the root of the first account.

In the family an access token comes with the header New-Api-User; here it may be left out, but a wrong one is refused.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from lke_emulator.account.access_tokens import user_id
from lke_emulator.account.account import Account
from lke_emulator.account.keys import PREFIX, Key, Status
from lke_emulator.account.world import World
from lke_emulator.exchange.settings import Settings
from lke_emulator.oneapi.call import Denied

Who = Literal["anyone", "person", "key", "reading-key"]
NO_TOKEN, WRONG_TOKEN = "未提供令牌", "无效的令牌"
KEY_REFUSALS: dict[Status, str] = {
    "disabled": "该令牌状态不可用",
    "expired": "该令牌已过期",
    "exhausted": "该令牌额度已用尽",
}
"""Documented texts: no token given, an invalid one; not usable, expired, quota used up."""
NO_ACCESS = "Not logged in, and no access token was given. Send one as Authorization."
WRONG_ACCESS = "The access token is not valid."
WRONG_USER = "New-Api-User names another user than the access token."


class Person(NamedTuple):
    account: Account
    uin: str
    key: Key | None


def identify(who: Who, headers: Mapping[str, str], world: World, settings: Settings) -> Person:
    """Denied with 401 where nobody is known."""
    secret = headers.get("authorization", "")
    if secret[:7].lower() == "bearer ":
        secret = secret[7:]
    secret = secret.strip()
    person = known(secret, world) if secret else None
    first = world.accounts[world.first_credential.account]
    if person is None:
        if who == "anyone" or settings.auth == "off":
            return Person(first, first.uin, None)
        raise Denied(refusal(who, secret), 401)
    check(who, person, headers)
    return person


def known(secret: str, world: World) -> Person | None:
    """The key of this secret, also where its `sk-` was left out, or whose access token it is."""
    found = world.account_of_key(secret) or world.account_of_key(PREFIX + secret)
    if found is not None:
        account, key = found
        return Person(account, key.owner, key)
    for account in world.accounts.values():
        owner = account.access_tokens.owner_of(secret)
        if owner is not None:
            return Person(account, owner, None)
    return None


def refusal(who: Who, secret: str) -> str:
    if who == "person":
        return WRONG_ACCESS if secret else NO_ACCESS
    return WRONG_TOKEN if secret else NO_TOKEN


def check(who: Who, person: Person, headers: Mapping[str, str]) -> None:
    """That the key may be used for this, and that the user is the one who is named."""
    if person.key is not None:
        status = person.key.status(person.account.clock.now())
        # A key that has expired or spent its quota may still be asked what it has used.
        if status == "disabled" or (status != "enabled" and who not in ("reading-key", "anyone")):
            raise Denied(KEY_REFUSALS[status], 401)
    named = headers.get("new-api-user", "")
    if who == "person" and named and named != str(user_id(person.uin)):
        raise Denied(WRONG_USER, 401)
