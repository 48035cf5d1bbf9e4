"""Who is logged in: what they have left and have used, and the access token that dashboards show."""

from typing import Any

from lke_emulator.account.access_tokens import user_id
from lke_emulator.account.account import Account
from lke_emulator.models.catalogue import CATALOGUE
from lke_emulator.oneapi.call import OneapiCall
from lke_emulator.primitives.money import quota

COMMON, ENABLED = 1, 1


def display_name(account: Account, uin: str) -> str:
    sub_account = account.sub_accounts.get(uin)
    return sub_account.name if sub_account else account.name or uin


def self(call: OneapiCall) -> Any:
    """`quota` is the balance less what is spent and not settled; `used_quota` what the balance has lost to usage."""
    account, now = call.account, call.now
    wallet = account.billing.wallet(now)
    name = display_name(account, call.uin)
    return {
        "id": user_id(call.uin),
        "username": name,
        "display_name": name,
        "role": COMMON,
        "status": ENABLED,
        "email": "",
        "group": "default",
        "quota": quota(wallet.balance - wallet.pending),
        "used_quota": quota(used(call)),
        "request_count": account.ledger.totals(call.usage, 0, int(now) + 1).calls,
        "aff_code": "",
        "inviter_id": 0,
    }


def used(call: OneapiCall) -> int:
    """Micro-units: the root's is all that was billed, a sub-account's what its own calls cost."""
    if call.own:
        return call.account.ledger.charged(call.usage, 0, int(call.now) + 1)
    return sum([bill.charge for bill in call.account.billing.bills(call.now)])


def access_token(call: OneapiCall) -> Any:
    """A new access token; the one there was is good for nothing from now on."""
    return call.account.access_tokens.issue(call.uin)


def groups(call: OneapiCall) -> Any:
    """The groups that the keys are in; a group changes no price here."""
    names = dict.fromkeys(["default", *(key.group for key in call.account.keys.all(call.own) if key.group)])
    return {name: {"desc": name, "ratio": 1} for name in names}


def models(call: OneapiCall) -> Any:
    """The models that can be called."""
    names = [*call.account.models, *(name for name in CATALOGUE if name not in call.account.models)]
    return [name for name in names if call.key is None or call.key.may_call(name)]
