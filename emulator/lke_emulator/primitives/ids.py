"""Identifiers and other seeded choices. Same seed and same calls, same identifiers, on any machine and Python version."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import shake_128
from threading import get_ident

import msgspec

from lke_emulator.primitives.seeds import digest

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
"""What each byte stands for in a word."""
VARIANT = "89ab"
KEY_BYTES = 32
POOL_BYTES = 480


DRAWN_BYTES = 16
_sources: "dict[int, Ids]" = {}
"""Thread -> what it draws from, where that is not the machine."""


def drawn() -> str:
    """A seed that nobody can guess."""
    source = _sources.get(get_ident())
    return (os.urandom(DRAWN_BYTES) if source is None else source.take(DRAWN_BYTES)).hex()


@contextmanager
def drawn_from(chance: object) -> Iterator[None]:
    """What is drawn within follows from `chance`, so that it can be drawn again."""
    _sources[get_ident()] = Ids(("drawn", chance))
    try:
        yield
    finally:
        del _sources[get_ident()]


class Ids:
    """A stream of identifiers. From what it stands at follows what comes, never what came: a saved stream gives away no
    secret that was taken from it."""

    __slots__ = ("_key", "_pool", "_used")

    class State(msgspec.Struct, frozen=True):
        key: bytes
        pool: bytes

    def __init__(self, seed: object) -> None:
        self.begin(seed)

    def begin(self, seed: object) -> None:
        self._key = digest("ids", seed, size=KEY_BYTES)
        self._pool = b""
        self._used = 0

    def saved(self) -> State:
        return self.State(self._key, self._pool[self._used :])

    def restored(self, state: State) -> None:
        self._key, self._pool, self._used = state.key, state.pool, 0

    def take(self, count: int) -> bytes:
        end = self._used + count
        if end > len(self._pool):
            self._pool = self._pool[self._used :]
            while len(self._pool) < count:
                block = shake_128(self._key).digest(KEY_BYTES + POOL_BYTES)
                self._key = block[:KEY_BYTES]
                self._pool += block[KEY_BYTES:]
            self._used, end = 0, count
        taken = self._pool[self._used : end]
        self._used = end
        return taken

    def request_id(self) -> str:
        """A lower-case UUID v4 (observed: every answer of the gateway has one)."""
        raw = self.take(16)
        text = raw.hex()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{VARIANT[raw[8] & 3]}{text[17:20]}-{text[20:]}"

    def hex(self, length: int) -> str:
        return self.take((length + 1) // 2).hex()[:length]

    def word(self, length: int) -> str:
        """Letters and digits, as in API keys and call ids."""
        return self.take(length).translate(LETTERS).decode()

    def snowflake(self) -> str:
        """A 19-digit number as the cloud's business ids (AppBizId, DocBizId) have."""
        return str(1_800_000_000_000_000_000 + int.from_bytes(self.take(7)) % 100_000_000_000_000_000)
