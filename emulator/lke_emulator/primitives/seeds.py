"""Seeded chance: what depends on its parts alone, the same on every machine and Python version."""

from hashlib import blake2b

_MASK = (1 << 64) - 1


def digest(*parts: object, size: int = 8) -> bytes:
    """`size` bytes that depend on the parts alone."""
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=size).digest()


def number(*parts: object) -> int:
    """A 64-bit number that depends on the parts alone."""
    return int.from_bytes(digest(*parts))


def noise(key: int, index: int) -> int:
    """64 bits that (key, index) alone decide: a Weyl sequence through two rounds of multiply and shift."""
    x = (index * 0x9E3779B97F4A7C15 + key) & _MASK
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93 & _MASK
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93 & _MASK
    return x ^ x >> 32
