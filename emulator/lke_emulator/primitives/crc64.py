"""CRC-64/XZ: what object storage tells of every object (documented: 436/40334), as an unsigned decimal number.

A loop over bytes takes a minute for the largest document. So long data is cut into LANES pieces of one length, whose
checksums grow side by side: a step takes the next byte of every lane, and what it does to the eight bytes of all of them is
one `translate` for each and an exclusive-or of whole numbers. The checksums of the lanes are then put together.
"""

from functools import cache, lru_cache

POLYNOMIAL = 0xC96C5795D7870F42
"""ECMA-182, reflected."""
ONES = (1 << 64) - 1
LANES = 1024
Tables = tuple[tuple[int, ...], ...]
"""For each byte of a number, from the lowest, what each of its values comes to."""


@cache
def table() -> tuple[int, ...]:
    """What a byte comes to; made when the first object comes."""
    made = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
        made.append(value)
    return tuple(made)


@cache
def planes() -> tuple[bytes, ...]:
    """The table as eight, one for each byte of its entries, from the lowest."""
    return tuple(bytes(value >> shift & 255 for value in table()) for shift in range(0, 64, 8))


def crc64(data: bytes, crc: int = 0) -> int:
    """Of `data`, going on from the checksum of what came before it."""
    length = len(data) // LANES
    whole = length * LANES if length >= 16 else 0
    if whole:
        crc = crc64_of_both(crc, side_by_side(data, length), whole)
    entries = table()
    crc ^= ONES
    for byte in memoryview(data)[whole:]:
        crc = crc >> 8 ^ entries[(crc ^ byte) & 255]
    return crc ^ ONES


def side_by_side(data: bytes, length: int) -> int:
    """Of LANES pieces of this length."""
    tables, whole = planes(), length * LANES
    state = b"\xff" * (8 * LANES)
    for place in range(length):
        lowest = int.from_bytes(state[:LANES], "little") ^ int.from_bytes(data[place:whole:length], "little")
        index = lowest.to_bytes(LANES, "little")
        added = int.from_bytes(b"".join([index.translate(each) for each in tables]), "little")
        state = (added ^ int.from_bytes(state[LANES:], "little")).to_bytes(8 * LANES, "little")
    crc, moved = 0, advancing(length)
    for lane in range(LANES):
        crc = advanced(crc, moved) ^ int.from_bytes(state[lane::LANES], "little") ^ ONES
    return crc


def crc64_of_both(first: int, second: int, length: int) -> int:
    """The checksum of two pieces one after the other, from theirs and the length of the second."""
    return advanced(first, advancing(length)) ^ second


def advanced(value: int, tables: Tables) -> int:
    moved = 0
    for place, each in enumerate(tables):
        moved ^= each[value >> 8 * place & 255]
    return moved


@lru_cache(16)
def advancing(length: int) -> Tables:
    """What so many bytes that are 0 make of a number."""
    rows = [1 << bit for bit in range(64)]  # what becomes of each bit: nothing yet
    power = [table()[1 << bit] if bit < 8 else 1 << bit - 8 for bit in range(64)]  # one byte on
    while length:
        if length & 1:
            rows = [applied(power, row) for row in rows]
        power = [applied(power, row) for row in power]
        length >>= 1
    return tuple(tuple(applied(rows[start:], value) for value in range(256)) for start in range(0, 64, 8))


def applied(rows: list[int], value: int) -> int:
    found = 0
    while value:
        lowest = value & -value
        found ^= rows[lowest.bit_length() - 1]
        value ^= lowest
    return found
