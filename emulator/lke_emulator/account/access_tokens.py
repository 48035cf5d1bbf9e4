"""Access tokens: how a person, not a program, is known to the gateway family's console. One for each, kept as its SHA-256."""

from hashlib import sha256

import msgspec

from lke_emulator.primitives.ids import Ids
from lke_emulator.primitives.register import by_key
from lke_emulator.primitives.seeds import number

LENGTH = 32
"""Hex digits, as the family's are."""


class Issued(msgspec.Struct, frozen=True):
    """An access token as it is kept."""

    owner: str
    digest: bytes


class AccessTokens:
    """Those of one account."""

    class State(msgspec.Struct, frozen=True):
        tokens: tuple[Issued, ...]

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._digests: dict[str, bytes] = {}
        """Owner -> digest."""

    def saved(self) -> State:
        return self.State(tuple([Issued(*pair) for pair in self._digests.items()]))

    def restored(self, state: State) -> None:
        self._digests = by_key([(token.owner, token.digest) for token in state.tokens])

    def renew(self, ids: Ids) -> dict[str, str]:
        """Give everybody who has a token another one, and tell them by owner."""
        tokens = {owner: ids.hex(LENGTH) for owner in self._digests}
        self._digests = {owner: digest(token) for owner, token in tokens.items()}
        return tokens

    def issue(self, owner: str, token: str = "") -> str:
        """A token for the owner, in place of the one there was; `token` makes it one that is known beforehand.

        ValueError for one that cannot be.
        """
        token = token or self._ids.hex(LENGTH)
        if not (token.isascii() and token.isprintable() and " " not in token) or token.startswith("sk-"):
            raise ValueError(
                "an access token is printable ASCII without blanks, and does not begin with sk- as API keys do"
            )
        self._digests[owner] = digest(token)
        return token

    def has(self, owner: str) -> bool:
        return owner in self._digests

    def owner_of(self, token: str) -> str | None:
        """The uin whose token it is; found by its hash, so the time it takes tells nothing."""
        wanted = digest(token)
        return next((owner for owner, known in self._digests.items() if known == wanted), None)


def user_id(uin: str) -> int:
    """The number that stands for a person in the gateway family's console."""
    return int(uin) if uin.isdecimal() else number("user", uin) >> 24


def digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
