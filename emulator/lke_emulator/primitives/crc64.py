"""CRC-64/XZ: what object storage tells of every object (documented: 436/40334), as an unsigned decimal number."""

from functools import cache
from struct import iter_unpack

POLYNOMIAL = 0xC96C5795D7870F42
"""ECMA-182, reflected."""
ONES = (1 << 64) - 1


@cache
def tables() -> tuple[tuple[int, ...], ...]:
    """Eight tables, so that eight bytes are folded in at a time; made when the first object comes."""
    first = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
        first.append(value)
    made = [first]
    for _ in range(7):
        made.append([value >> 8 ^ first[value & 255] for value in made[-1]])
    return tuple(map(tuple, made))


def crc64(data: bytes, crc: int = 0) -> int:
    """Of `data`, going on from the checksum of what came before it."""
    t0, t1, t2, t3, t4, t5, t6, t7 = tables()
    crc ^= ONES
    whole = len(data) & ~7
    for (word,) in iter_unpack("<Q", memoryview(data)[:whole]):
        crc ^= word
        crc = (
            t7[crc & 255]
            ^ t6[crc >> 8 & 255]
            ^ t5[crc >> 16 & 255]
            ^ t4[crc >> 24 & 255]
            ^ t3[crc >> 32 & 255]
            ^ t2[crc >> 40 & 255]
            ^ t1[crc >> 48 & 255]
            ^ t0[crc >> 56]
        )
    for byte in data[whole:]:
        crc = crc >> 8 ^ t0[(crc ^ byte) & 255]
    return crc ^ ONES
