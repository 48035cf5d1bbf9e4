"""The API keys of an account: `sk-` secrets that open the OpenAI-compatible endpoint.

A key is shown in full once, when it is made (GW-4). What stays is its SHA-256 and a masked form, so that no snapshot
and no journal can give it away.
"""

import hmac
import re
from collections.abc import Sequence
from copy import copy
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec.structs import replace

from lke_emulator.account.assumptions import Assumptions
from lke_emulator.primitives.change import Telling
from lke_emulator.primitives.differences import differences
from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.refused import Refused
from lke_emulator.primitives.register import by_key

PREFIX = "sk-"
SECRET = re.compile(PREFIX + "[!-~]+")
Status = Literal["enabled", "disabled", "expired", "exhausted"]


class Key(msgspec.Struct, kw_only=True):
    """Moments are Unix seconds on the account's clock."""

    id: str
    """A whole number, counted in the account from 1."""
    account: str
    """The root account's uin."""
    owner: str
    """Who made it: the root's uin or a sub-account's."""
    label: str
    """The gateway's name for it (GW-2)."""
    remark: str = ""
    """lkeap's note (BA-3)."""
    group: str = ""
    digest: bytes
    masked: str
    created: float
    last_used: float | None = None
    enabled: bool = True
    quota: int | None = None
    """What it may spend in all, in micro-units of money; None is no limit of its own."""
    used: int = 0
    """What it has spent, in micro-units of money."""
    expires: float | None = None
    models: tuple[str, ...] = ()
    """Names or patterns of the models it may call; empty for all."""

    def status(self, now: float) -> Status:
        if not self.enabled:
            return "disabled"
        if self.expires is not None and now >= self.expires:
            return "expired"
        if self.quota is not None and self.used >= self.quota:
            return "exhausted"
        return "enabled"

    def may_call(self, model: str) -> bool:
        return not self.models or any(fnmatchcase(model, pattern) for pattern in self.models)


class Keys:
    """The keys of one account, oldest first."""

    class State(msgspec.Struct, frozen=True):
        made: int
        keys: tuple[Key, ...]
        shown_again: dict[str, str]
        """Id -> the secret in full; empty unless the assumption `lkeap_key_reveal` keeps them."""

    def __init__(self, account: str, ids: Ids) -> None:
        self._account = account
        self._ids = ids
        self._keys: dict[str, Key] = {}
        self._index: dict[bytes, Key] = {}
        self._shown_again: dict[str, str] = {}
        self._made = 0
        self._noted: dict[str, Key | None] = {}
        """Those that may have changed since somebody asked, as they were; None: it was not there."""
        self._before = self._made, self._shown_again
        """The same of these."""

    def saved(self) -> State:
        return self.State(self._made, tuple(map(copy, self._keys.values())), self._shown_again.copy())

    def seen(self) -> State:
        """When each was used last is no change of it."""
        return self.State(self._made, tuple(map(unused, self._keys.values())), self._shown_again)

    def noted(self) -> Sequence[Telling]:
        """What has changed since this was asked last."""
        if not self._noted:
            return ()
        noted, self._noted = self._noted, {}
        (made, shown_again), self._before = self._before, (self._made, self._shown_again)
        known = tuple([key for key in noted.values() if key is not None])
        before = self.State(made, known, shown_again)
        now = tuple([unused(self._keys[id]) for id in noted if id in self._keys])
        return (Telling(differences, "keys", before, self.State(self._made, now, self._shown_again)),)

    def changing(self, id: str) -> Key:
        """Whoever changes one has it by this. LookupError where there is none; so it is with all that follows."""
        key = self.get(id)
        if id not in self._noted:
            self._noted[id] = unused(key)
        return key

    def restored(self, state: State) -> None:
        self._made = state.made
        self._keys = by_key([(key.id, copy(key)) for key in state.keys])
        self._index = {key.digest: key for key in self._keys.values()}
        self._shown_again = state.shown_again.copy()
        for place, key in enumerate(state.keys):
            if key.account != self._account or not key.id.isdecimal() or int(key.id) > self._made:
                raise ValueError(f"keys[{place}]: a key of {self._account} has one of the first {self._made} numbers")
        if len(self._index) < len(self._keys) or not set(self._shown_again) <= set(self._keys):
            raise ValueError("keys: each has a secret of its own, and nothing is shown of others")

    def publish(self, index: dict[bytes, Key]) -> None:
        """From now on the keys are found in this index, which all accounts of a world share."""
        for key in self._keys.values():
            if key.digest in index:
                raise ValueError(
                    f"the secret of key {key.label or key.id!r} is in use by account {index[key.digest].account}"
                )
        index |= self._index
        self._index = index

    def withdraw(self) -> None:
        """From now on no other account is told of the keys, and nothing that others know is changed."""
        for key in self._keys.values():
            del self._index[key.digest]
        self._index = {key.digest: key for key in self._keys.values()}

    def renew(self, ids: Ids, length: int) -> dict[str, str]:
        """Give every key a secret of its own, and tell them by id: a copy cannot be opened with what opens the original."""
        secrets = {id: PREFIX + ids.word(length) for id in self._keys}
        for id, secret in secrets.items():
            key = self.changing(id)
            key.digest, key.masked = sha256(secret.encode()).digest(), masked(secret)
        self._index = {key.digest: key for key in self._keys.values()}
        self._shown_again = {id: secrets[id] for id in self._shown_again}
        return secrets

    def create(
        self,
        label: str = "",
        *,
        owner: str,
        now: float,
        assumptions: Assumptions,
        remark: str = "",
        group: str = "",
        quota: int | None = None,
        expires: float | None = None,
        models: Sequence[str] = (),
        secret: str = "",
        id: str = "",
    ) -> tuple[Key, str]:
        """The key and its secret, which is not seen again; `secret` and `id` give it what is known beforehand, for tests.

        Refused when root and sub-accounts hold `api_key_limit` keys together (BA-7); ValueError for a secret that cannot be.
        """
        if len(self._keys) >= assumptions.api_key_limit:
            raise Refused(
                f"root and sub-accounts hold at most {assumptions.api_key_limit} API keys together: delete one first"
            )
        secret = secret or PREFIX + self._ids.word(assumptions.api_key_length)
        if not SECRET.fullmatch(secret):
            raise ValueError(
                f"the secret of key {label!r} must be printable ASCII without blanks and begin with {PREFIX}"
            )
        digest = sha256(secret.encode()).digest()
        if digest in self._index:
            raise Refused(f"the secret of key {label!r} is in use")
        if id and int(id) <= self._made:
            raise Refused(f"an API key has a number above those of the keys before it, not {id}")
        self._made = int(id or self._made + 1)
        key = Key(
            id=str(self._made),
            account=self._account,
            owner=owner,
            label=label,
            remark=remark,
            group=group,
            digest=digest,
            masked=masked(secret),
            created=float(now),
            quota=quota,
            expires=None if expires is None else float(expires),
            models=tuple(models),
        )
        self._keys[key.id] = self._index[digest] = key
        self._noted[key.id] = None
        if assumptions.lkeap_key_reveal:
            self._shown_again = {**self._shown_again, key.id: secret}
        return key, secret

    def find(self, secret: str) -> Key | None:
        """The key of this secret, whatever its status; found by its hash, so the time it takes tells nothing."""
        key = find_key(self._index, secret)
        return key if key is not None and key.account == self._account else None

    def all(self, owner: str = "") -> list[Key]:
        """Oldest first; those of one owner where one is named."""
        return [key for key in self._keys.values() if not owner or key.owner == owner]

    def get(self, id: str) -> Key:
        """LookupError where there is none."""
        key = self._keys.get(id)
        if key is None:
            raise LookupError(f"there is no API key {id}; deleted ones do not come back")
        return key

    def reveal(self, id: str) -> str | None:
        """The secret once more, where the assumption `lkeap_key_reveal` was on when the key was made."""
        self.get(id)
        return self._shown_again.get(id)

    def rename(self, id: str, label: str) -> None:
        self.changing(id).label = label

    def regroup(self, id: str, group: str) -> None:
        self.changing(id).group = group

    def disable(self, id: str) -> None:
        """At once: the next request is refused (GW-8)."""
        self.changing(id).enabled = False

    def enable(self, id: str, now: float) -> None:
        """Refused for a key that has expired or spent its quota: that must be changed first (as in One API)."""
        key = self.changing(id)
        was, key.enabled = key.enabled, True
        status = key.status(now)
        if status != "enabled":
            key.enabled = was
            raise Refused(
                f"key {key.label or id} is {status}: change its {'expiry' if status == 'expired' else 'quota'} first"
            )

    def delete(self, id: str) -> None:
        """For good (GW-9)."""
        key = self.changing(id)
        del self._keys[id], self._index[key.digest]
        self._shown_again = {other: secret for other, secret in self._shown_again.items() if other != id}

    def spend(self, key: Key, cost: int) -> None:
        """Micro-units of money. The key may have been deleted since the call began, or stand for a caller without one."""
        if cost and self._keys.get(key.id) is key:
            self.changing(key.id)
        key.used += cost


def unused(key: Key) -> Key:
    """A copy that does not say when it was used."""
    return replace(key, last_used=None)


def masked(secret: str) -> str:
    """What a list shows: four characters at each end of a long secret, of a short one the first two."""
    body = secret.removeprefix(PREFIX)
    if len(body) < 24:
        return f"{PREFIX}{body[:2]}**********"
    return f"{PREFIX}{body[:4]}**********{body[-4:]}"


def find_key(index: dict[bytes, Key], secret: str) -> Key | None:
    digest = sha256(secret.encode("utf-8", "replace")).digest()
    key = index.get(digest)
    return key if key is not None and hmac.compare_digest(key.digest, digest) else None
