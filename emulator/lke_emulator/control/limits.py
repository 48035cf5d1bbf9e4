"""What an account may call at most: by action, by key and model, by calls in flight (GW-32 to GW-34)."""

import msgspec

from lke_emulator.account.key_limits import Limit, LimitFor
from lke_emulator.control.table import ControlCall, route

PATH = "/accounts/{uin}/limits"


class ModelPlaces(msgspec.Struct, frozen=True, kw_only=True):
    model: str
    concurrency: int | None
    """Calls that may be in flight, with the dedicated ones that were bought; null is no limit."""


class AccountLimits(msgspec.Struct, frozen=True, kw_only=True):
    calls_per_second: int
    """Of every signed action that is not named in `actions`; 0 is no limit."""
    actions: dict[str, int]
    keys: list[LimitFor]
    """Of API keys and models, by patterns: the first that fits holds."""
    otherwise: Limit
    """Of the others."""
    models: list[ModelPlaces]
    timeout: float
    """Seconds that a reply of the OpenAI-compatible endpoint may take."""


@route("GET", PATH)
def get_limits(call: ControlCall) -> AccountLimits:
    """All of them. A scenario's `rate_limits`, `limits` and packages of concurrency decide."""
    account = call.account
    return AccountLimits(
        calls_per_second=account.limits.every,
        actions=dict(sorted(account.limits.single.items())),
        keys=list(account.throttle.limits),
        otherwise=account.assumptions.gateway_limits,
        models=[
            ModelPlaces(model=name, concurrency=account.concurrency.quota(name, call.now)) for name in account.models
        ],
        timeout=account.assumptions.request_timeout_s,
    )
