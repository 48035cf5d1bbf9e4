"""Platform-Side User Permissions: which sub-accounts may change Postpaid Settings (RL-4, RL-5)."""

import msgspec

from lke_emulator.control.table import Body, ControlCall, route

PATH = "/accounts/{uin}/permissions"


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    sub_account: str
    """Its uin."""
    name: str
    postpaid_settings: bool


class Permissions(msgspec.Struct, frozen=True, kw_only=True):
    permissions: list[Permission]


class PermissionChange(Body):
    postpaid_settings: bool
    caller: str = ""
    """Who does it: a uin; empty for the root, which alone may."""


@route("GET", PATH)
def list_permissions(call: ControlCall) -> Permissions:
    """What every sub-account may do; at first nothing."""
    permitted = call.account.billing.permitted
    return Permissions(
        permissions=[
            Permission(sub_account=one.uin, name=one.name, postpaid_settings=one.uin in permitted)
            for one in call.account.sub_accounts.values()
        ]
    )


@route("PUT", PATH + "/{sub_account}")
def permit_sub_account(call: ControlCall, body: PermissionChange) -> Permissions:
    """Give a sub-account the permission, or take it back."""
    account, sub_account = call.account, call.names["sub_account"]
    if sub_account not in account.sub_accounts:
        known = ", ".join(account.sub_accounts) or "none"
        raise LookupError(f"account {account.uin} has no sub-account {sub_account}; there are: {known}")
    account.billing.permit(sub_account, body.postpaid_settings, call.person(body.caller))
    return list_permissions(call)
