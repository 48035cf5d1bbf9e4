"""Token Management: the API keys of an account, in the family's words (GW-1 to GW-9)."""

from typing import Any

import msgspec

from lke_emulator.account.access_tokens import user_id
from lke_emulator.account.keys import PREFIX, Key, Status
from lke_emulator.oneapi.call import Denied, OneapiCall, like, page, paged, read_body
from lke_emulator.primitives.money import of_quota, quota
from lke_emulator.primitives.months import LATEST
from lke_emulator.primitives.refused import Refused

STATUSES: dict[Status, int] = {"enabled": 1, "disabled": 2, "expired": 3, "exhausted": 4}
NEVER = -1


class Token(msgspec.Struct, kw_only=True):
    """What a dashboard sends. Quota is in units of 1/500 000, moments are Unix seconds."""

    id: int = 0
    status: int = 0
    name: str = ""
    expired_time: int = NEVER
    remain_quota: int | None = None
    unlimited_quota: bool | None = None
    models: str | None = None
    """One API's list of models, with commas."""
    model_limits: str = ""
    """New API's; it counts where `model_limits_enabled`."""
    model_limits_enabled: bool = False
    group: str = ""

    def check(self, longest: int) -> None:
        if not 0 < len(self.name) <= longest:
            raise Denied(f"The name of a token has 1 to {longest} characters.")
        if self.remain_quota is not None and self.remain_quota < 0:
            raise Denied("The quota of a token is not below 0.")
        if self.expired_time > LATEST:
            raise Denied("A token expires by the year 8999, or never (-1).")

    @property
    def is_unlimited(self) -> bool:
        """Without a word about quota a token has no limit of its own: the manual's form asks for none (GW-2, GW-3)."""
        return self.unlimited_quota if self.unlimited_quota is not None else self.remain_quota is None

    @property
    def limits(self) -> tuple[str, ...]:
        text = self.models or (self.model_limits if self.model_limits_enabled else "")
        return tuple(name.strip() for name in text.split(",") if name.strip())

    def quota_of(self, used: int) -> int | None:
        """Micro-units that a key which has spent so much may spend in all."""
        return None if self.is_unlimited else used + of_quota(self.remain_quota or 0)

    @property
    def expires(self) -> float | None:
        return None if self.expired_time == NEVER else float(self.expired_time)


def shown(key: Key, now: float, secret: str = "") -> dict[str, Any]:
    """A token; its key is masked unless the secret is given. The family leaves `sk-` to the reader."""
    models = ",".join(key.models)
    return {
        "id": int(key.id),
        "user_id": user_id(key.owner),
        "key": (secret or key.masked).removeprefix(PREFIX),
        "status": STATUSES[key.status(now)],
        "name": key.label,
        "created_time": int(key.created),
        "accessed_time": int(key.created if key.last_used is None else key.last_used),
        "expired_time": NEVER if key.expires is None else int(key.expires),
        "remain_quota": remaining(key),
        "unlimited_quota": key.quota is None,
        "used_quota": quota(key.used),
        "models": models,
        "model_limits": models,
        "model_limits_enabled": bool(models),
        "subnet": "",
        "allow_ips": "",
        "group": key.group,
    }


def remaining(key: Key) -> int:
    return 0 if key.quota is None else max(0, quota(key.quota) - quota(key.used))


def keys_of(call: OneapiCall) -> list[Key]:
    """Newest first."""
    return call.account.keys.all(call.own)[::-1]


def token_named(call: OneapiCall, id: str) -> Key:
    key = call.account.keys.get(id)
    if call.own and key.owner != call.own:
        raise LookupError(f"there is no token {id} of yours")
    return key


def key_list(call: OneapiCall, keys: list[Key]) -> Any:
    offset, size = page(call)
    return paged(call, [shown(key, call.now) for key in keys[offset : offset + size]], len(keys))


def list_tokens(call: OneapiCall) -> Any:
    return key_list(call, keys_of(call))


def search_tokens(call: OneapiCall) -> Any:
    """By the beginning of the name, or with `%` for anything; and by the key, as a whole or as far as the list shows it."""
    keyword, token = call.query.get("keyword", ""), call.query.get("token", "").removeprefix(PREFIX)
    pattern = keyword if "%" in keyword else f"{keyword}%"
    exactly = call.account.keys.find(PREFIX + token)
    found = [key for key in keys_of(call) if like(key.label, pattern)]
    return key_list(call, [key for key in found if key is exactly or key.masked.removeprefix(PREFIX).startswith(token)])


def get_token(call: OneapiCall) -> Any:
    return shown(token_named(call, call.names["id"]), call.now)


def create_token(call: OneapiCall) -> Any:
    """The token, and this once its key in full (One API's answer; GW-4)."""
    token = read_body(call, Token)
    assumptions = call.account.assumptions
    token.check(assumptions.gateway_token_name)
    key, secret = call.account.keys.create(
        token.name,
        owner=call.uin,
        now=call.now,
        assumptions=assumptions,
        group=token.group,
        quota=token.quota_of(0),
        expires=token.expires,
        models=token.limits,
    )
    return shown(key, call.now, secret)


def update_token(call: OneapiCall) -> Any:
    """Change a token; with `?status_only=` enable (1) or disable (2) it, nothing else."""
    token = read_body(call, Token)
    key = token_named(call, str(token.id))
    if call.query.get("status_only"):
        if token.status == STATUSES["enabled"]:
            call.account.keys.enable(key.id, call.now)
        elif token.status == STATUSES["disabled"]:
            call.account.keys.disable(key.id)
        else:
            raise Denied("A token is set to 1 (enabled) or 2 (disabled); the other states come of themselves.")
        return shown(key, call.now)
    token.check(call.account.assumptions.gateway_token_name)
    key = call.account.keys.changing(key.id)
    key.label, key.group, key.expires, key.models = token.name, token.group, token.expires, token.limits
    key.quota = token.quota_of(key.used)
    return shown(key, call.now)


def delete_token(call: OneapiCall) -> Any:
    call.account.keys.delete(token_named(call, call.names["id"]).id)


def reveal_token(call: OneapiCall) -> Any:
    """New API shows a key again; the manual says that it is shown once (GW-4), so this is off unless assumed."""
    key = token_named(call, call.names["id"])
    secret = call.account.keys.reveal(key.id)
    if secret is None:
        raise Refused("a key is shown in full once, when it is created (the assumption lkeap_key_reveal changes that)")
    return {"key": secret.removeprefix(PREFIX)}
