"""CRC-64/XZ: what object storage tells of every object (documented: 436/40334), as an unsigned decimal number.

A loop over bytes takes ten seconds for the largest document. But a checksum is what is left of the data, taken as one long
polynomial, after division by POLYNOMIAL; and what is left after division by a multiple of that leaves the same. So the data is
divided by a multiple of few terms first, sixteen kilobytes at a time, which whole numbers do with a shift and an exclusive-or
for each term; only what is left of it goes through the table.
"""

from functools import cache, lru_cache

POLYNOMIAL = 0xC96C5795D7870F42
"""ECMA-182, reflected: the lowest bit has the highest power, as in every number here."""
DEGREE = 262144
TERMS = (98309, 98301, 77226, 11692, 0)
"""x^262144 + x^98309 + x^98301 + x^77226 + x^11692 + 1 is a multiple of it (found by a search; a test divides it)."""
STEP = DEGREE // 16
"""Bytes; half the degree, and every term is below the other half."""
MASK = (1 << 8 * STEP) - 1
SHIFTS = tuple(8 * STEP - term for term in TERMS)
ONES = (1 << 64) - 1
START = 0xF095EC18759F35FA
"""What comes before all data: eight bytes whose remainder is ONES."""
ONE, BYTE = 1 << 63, 1 << 55
"""The powers 0 and 8."""


class Crc64:
    """Of data that comes in pieces."""

    def __init__(self) -> None:
        self._rest = START << DEGREE - 64
        """What is left of the data, but for `_late`, after division by the multiple."""
        self._late = b""
        """The last bytes, fewer than a step."""

    def update(self, data: bytes) -> None:
        begin = STEP - len(self._late) if self._late else 0
        if len(data) < begin:
            self._late += data
            return
        if begin:
            self._divide(self._late + data[:begin])
        end = len(data) - (len(data) - begin) % STEP
        for at in range(begin, end, STEP):
            self._divide(data[at : at + STEP])
        self._late = data[end:]

    def _divide(self, data: bytes) -> None:
        rest = self._rest
        over = rest & MASK
        rest = rest >> 8 * STEP ^ int.from_bytes(data, "little") << 8 * STEP
        for shift in SHIFTS:
            rest ^= over << shift
        self._rest = rest

    @property
    def value(self) -> int:
        entries, crc = table(), 0
        for byte in self._rest.to_bytes(DEGREE // 8, "little").lstrip(b"\0") + self._late:
            crc = crc >> 8 ^ entries[(crc ^ byte) & 255]
        return crc ^ ONES


@cache
def table() -> tuple[int, ...]:
    """What a byte comes to; made when the first object comes."""
    made = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = times_x(value)
        made.append(value)
    return tuple(made)


def crc64(data: bytes) -> int:
    crc = Crc64()
    crc.update(data)
    return crc.value


def crc64_of_both(first: int, second: int, length: int) -> int:
    """The checksum of two pieces one after the other, from theirs and the length of the second."""
    return product(first, power(length)) ^ second


@lru_cache(16)
def power(length: int) -> int:
    """What so many bytes that are 0 multiply by."""
    found, square = ONE, BYTE
    while length:
        if length & 1:
            found = product(found, square)
        square = product(square, square)
        length >>= 1
    return found


def product(first: int, second: int) -> int:
    found = 0
    for place in range(63, -1, -1):
        if first >> place & 1:
            found ^= second
        second = times_x(second)
    return found


def times_x(value: int) -> int:
    return value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
