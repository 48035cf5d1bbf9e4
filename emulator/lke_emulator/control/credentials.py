"""The credentials that sign calls in the name of an account: a page that signs in the browser needs them."""

import msgspec

from lke_emulator.control.table import ControlCall, route


class CredentialRow(msgspec.Struct, frozen=True, kw_only=True):
    secret_id: str
    secret_key: str
    uin: str
    """Who acts with it: the root or a sub-account."""
    name: str
    token: str | None
    """What temporary ones send with every call."""
    expires: float | None
    """Unix seconds; null for permanent ones."""


class CredentialList(msgspec.Struct, frozen=True, kw_only=True):
    credentials: list[CredentialRow]


@route("GET", "/accounts/{uin}/credentials")
def list_credentials(call: ControlCall) -> CredentialList:
    """SecretIds with their SecretKeys, the root's first; they open nothing outside of the emulator."""
    account = call.account
    people = {account.uin: account.name, **{one.uin: one.name for one in account.sub_accounts.values()}}
    found = [one for one in call.world.credentials.values() if one.account == account.uin]
    return CredentialList(
        credentials=[
            CredentialRow(
                secret_id=one.secret_id,
                secret_key=one.secret_key,
                uin=one.uin,
                name=people.get(one.uin, ""),
                token=one.token,
                expires=one.expires_at,
            )
            for one in sorted(found, key=lambda one: one.uin != account.uin)
        ]
    )
