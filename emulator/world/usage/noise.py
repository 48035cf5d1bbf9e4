"""Seeded noise from integers alone: the same on every machine and Python version."""

_MASK = (1 << 64) - 1


def noise(key: int, index: int) -> int:
    """64 bits that (key, index) alone decide: a Weyl sequence through two rounds of multiply and shift."""
    x = (index * 0x9E3779B97F4A7C15 + key) & _MASK
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93 & _MASK
    x = (x ^ x >> 32) * 0xD6E8FEB86659FD93 & _MASK
    return x ^ x >> 32
