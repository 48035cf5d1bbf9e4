"""What balance checkers ask with an API key: OpenAI's old billing routes, and New API's use of a token."""

from typing import NamedTuple

from lke_emulator.account.keys import Key
from lke_emulator.oneapi.authentication import WRONG_TOKEN
from lke_emulator.oneapi.call import Denied, OneapiCall, Plain
from lke_emulator.oneapi.keys import remaining
from lke_emulator.oneapi.user import used
from lke_emulator.primitives.millionths import MILLION
from lke_emulator.primitives.money import quota

UNLIMITED = 100_000_000
"""What the family says where a key has no limit of its own."""


class Figures(NamedTuple):
    """In the account's currency."""

    limit: float
    used: float
    expires: int
    """Unix seconds; 0 is never."""


def figures(call: OneapiCall) -> Figures:
    """The key's own, or (`gateway_billing_of`, or without a key) those of the whole account."""
    key = call.key
    if key is not None and call.account.assumptions.gateway_billing_of == "key":
        limit = UNLIMITED if key.quota is None else max(key.quota, key.used) / MILLION
        return Figures(limit, key.used / MILLION, int(key.expires or 0))
    wallet = call.account.billing.wallet(call.now)
    spent = used(call)
    return Figures((wallet.balance - wallet.pending + spent) / MILLION, spent / MILLION, 0)


def subscription(call: OneapiCall) -> Plain:
    limit, _, expires = figures(call)
    return Plain(
        {
            "object": "billing_subscription",
            "has_payment_method": True,
            "soft_limit_usd": limit,
            "hard_limit_usd": limit,
            "system_hard_limit_usd": limit,
            "access_until": expires,
        }
    )


def usage(call: OneapiCall) -> Plain:
    """In cents, of all time; the family does not look at the dates either."""
    return Plain({"object": "list", "total_usage": figures(call).used * 100})


def token_usage(call: OneapiCall) -> Plain:
    key = call.key
    if key is None:
        raise Denied(WRONG_TOKEN, 401)
    return Plain({"code": True, "message": "ok", "data": use_of(key)})


def use_of(key: Key) -> dict[str, object]:
    left, spent = remaining(key), quota(key.used)
    return {
        "object": "token_usage",
        "name": key.label,
        "total_granted": left + spent,
        "total_used": spent,
        "total_available": left,
        "unlimited_quota": key.quota is None,
        "model_limits": dict.fromkeys(key.models, True),
        "model_limits_enabled": bool(key.models),
        "expires_at": int(key.expires or 0),
    }
