"""Who may put and read an account's objects: the temporary credentials that DescribeStorageCredential gives, and the storage's
own, which signs addresses and is given to nobody.

Keys and tokens are worked out from one secret and the id, so that what is saved is that secret and who was given what.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Literal
from zlib import crc32

import msgspec

from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.seeds import digest
from lke_emulator.protocol.object_signature import presigned

APP_IDS = 1_250_000_000
"""AppIds of the cloud have ten digits (observed)."""
BUCKETS: Mapping[str, str] = {"offline": "qidian-qbot", "realtime": "lke-realtime"}
"""TypeKey -> the name of its bucket before the AppId; that they differ is documented, the names are observed."""
KEPT = 10_000
"""Credentials of an account; the oldest make room."""
Kind = Literal["upload", "download", "own"]


class StorageCredential(msgspec.Struct, frozen=True, kw_only=True):
    """Moments are Unix seconds, by the clock that signatures are judged by."""

    secret_id: str
    kind: Kind
    base: str = ""
    """The app or knowledge base that it is for."""
    caller: str = ""
    """The uin that asked for it."""
    bucket: str = ""
    path: str = ""
    """The one that may be uploaded to; empty for one that reads."""
    starts: int = 0
    ends: int = 0


class StorageCredentials:
    class State(msgspec.Struct, frozen=True):
        secret: bytes
        given: tuple[StorageCredential, ...]

    def __init__(self, uin: str, ids: Ids) -> None:
        self._ids = ids
        self._secret = b""
        self._given: dict[str, StorageCredential] = {}
        self.app_id = APP_IDS + crc32(uin.encode()) % 10**8
        self._mark = digest("storage", uin, size=6).hex()
        """What the ids end with: those of a copy of an account, which is another one, open nothing."""
        self._own = StorageCredential(secret_id=f"AKIDstorage{self._mark}", kind="own")

    def saved(self) -> State:
        return self.State(self._secret, tuple(self._given.values()))

    def restored(self, state: State) -> None:
        self._secret = state.secret
        self._given = {each.secret_id: each for each in state.given}

    def forget(self, base: str) -> None:
        self._given = {id: each for id, each in self._given.items() if each.base != base}

    def bucket(self, kind: str) -> str:
        """Of TypeKey offline or realtime."""
        return f"{BUCKETS[kind]}-{self.app_id}"

    @property
    def buckets(self) -> frozenset[str]:
        return frozenset(map(self.bucket, BUCKETS))

    def give(
        self, kind: Kind, *, base: str, caller: str, bucket: str, path: str = "", starts: int, ends: int
    ) -> StorageCredential:
        made = StorageCredential(
            secret_id=f"AKID{self._ids.word(36)}{self._mark}",
            kind=kind,
            base=base,
            caller=caller,
            bucket=bucket,
            path=path,
            starts=starts,
            ends=ends,
        )
        self._given[made.secret_id] = made
        while len(self._given) > KEPT:
            del self._given[next(iter(self._given))]
        return made

    def get(self, secret_id: str) -> StorageCredential | None:
        if not secret_id.endswith(self._mark):
            return None
        return self._own if secret_id == self._own.secret_id else self._given.get(secret_id)

    def key_of(self, secret_id: str) -> str:
        return self._derived("key", secret_id)[:32]

    def token_of(self, secret_id: str) -> str:
        return self._derived("token", secret_id) + self._derived("token more", secret_id)

    def address(self, method: str, path: str, start: int, seconds: float) -> str:
        """The path with what opens it for so long, from `start` on."""
        own = self._own.secret_id
        return presigned(own, self.key_of(own), method, path, start, int(start + seconds))

    def _derived(self, what: str, secret_id: str) -> str:
        if not self._secret:
            self._secret = self._ids.take(32)
        return hmac.digest(self._secret, f"{what}/{secret_id}".encode(), sha256).hex()
