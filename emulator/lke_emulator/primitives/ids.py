"""Identifiers and other seeded choices. Same seed and same calls, same identifiers, on any machine and Python version."""

import os
from collections.abc import Callable
from hashlib import blake2b

from lke_emulator.primitives.seeds import digest

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


VARIANT = "89ab"


class Ids:
    """A stream of identifiers: seeded, or from the system's randomness when the seed is None."""

    __slots__ = ("_block", "_counter", "_key", "_pool", "_used")

    def __init__(self, seed: object | None) -> None:
        self._key = None if seed is None else digest("ids", seed, size=32)
        self._counter = 0
        self._pool = b""
        self._used = 0
        self._block: Callable[[], bytes] = self._random_block if self._key is None else self._seeded_block

    def _random_block(self) -> bytes:
        return os.urandom(4096)

    def _seeded_block(self) -> bytes:
        self._counter += 1
        return blake2b(self._counter.to_bytes(8), key=self._key or b"", digest_size=64).digest()

    def take(self, count: int) -> bytes:
        end = self._used + count
        if end > len(self._pool):
            self._pool = self._pool[self._used :]
            while len(self._pool) < count:
                self._pool += self._block()
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
        return "".join(ALPHABET[byte % 62] for byte in self.take(length))

    def snowflake(self) -> str:
        """A 19-digit number as the cloud's business ids (AppBizId, DocBizId) have."""
        return str(1_800_000_000_000_000_000 + int.from_bytes(self.take(7)) % 100_000_000_000_000_000)
