"""Access tokens of the gateway family's console: what a dashboard or a balance checker shows as its user."""

from typing import Annotated

import msgspec

from lke_emulator.account.access_tokens import user_id
from lke_emulator.control.table import Body, ControlCall, Invalid, route

PATH = "/accounts/{uin}/access-tokens"


class NewAccessToken(Body):
    owner: str = ""
    """Whose: a uin; empty for the root."""
    token: Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^(?!sk-)[!-~]*$"})] = ""
    """One known beforehand; empty to have one made."""


class AccessToken(msgspec.Struct, frozen=True, kw_only=True):
    owner: str
    user: int
    """The user id that New API clients send beside it, as New-Api-User."""
    token: str
    """What clients send as Authorization. It is shown this once."""


@route("POST", PATH, status=201)
def create_access_token(call: ControlCall, body: NewAccessToken) -> AccessToken:
    """Give somebody an access token; it takes the place of the one they had."""
    owner = call.person(body.owner)
    try:
        token = call.account.access_tokens.issue(owner, body.token)
    except ValueError as error:
        raise Invalid(f"token: {error}") from None
    return AccessToken(owner=owner, user=user_id(owner), token=token)
