"""Small landscapes, drawn from a text: real PNG files, the same for the same text and size."""

from lke_emulator.primitives.seeds import digest

CELLS = 64
"""A picture is drawn on so many squares a side, then stretched: it compresses to a few kilobytes."""
SKY, SUN, FAR, NEAR, WATER = range(5)


def png(text: str, width: int, height: int) -> bytes:
    """A PNG of that size in pixels, with a palette of five colours."""
    from struct import pack
    from zlib import compress, crc32

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    seed = digest("picture", text, size=64)
    columns = [x * CELLS // width for x in range(width)]
    rows = [b"\0" + bytes([row[cell] for cell in columns]) for row in landscape(seed)]
    pixels = b"".join(rows[y * CELLS // height] for y in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + chunk(b"PLTE", palette(seed))
        + chunk(b"IDAT", compress(pixels, 1))
        + chunk(b"IEND", b"")
    )


def landscape(seed: bytes) -> list[bytes]:
    """Rows of cells, top first: a sun in the sky, two ridges, water below."""
    far, near = ridge(seed[:17], 18, 24), ridge(seed[17:34], 34, 16)
    x, y, radius = 8 + seed[34] % 48, 8 + seed[35] % 12, 3 + seed[36] % 4
    shore = 50 + seed[37] % 6

    def cell(column: int, row: int) -> int:
        if row >= shore:
            return WATER
        if row >= near[column]:
            return NEAR
        if row >= far[column]:
            return FAR
        return SUN if (column - x) ** 2 + (row - y) ** 2 <= radius * radius else SKY

    return [bytes(cell(column, row) for column in range(CELLS)) for row in range(CELLS)]


def ridge(seed: bytes, top: int, depth: int) -> list[int]:
    """How far down the ridge begins in each column: straight slopes between 17 seeded summits and valleys."""
    step = CELLS // 16
    marks = [top + byte % depth for byte in seed]
    return [(marks[x // step] * (step - x % step) + marks[x // step + 1] * (x % step)) // step for x in range(CELLS)]


def palette(seed: bytes) -> bytes:
    """Five colours around one hue: a light sky, a bright sun, ridges that darken towards the water."""
    red, green, blue = (byte % 96 for byte in seed[40:43])
    sky = (150 + red, 150 + green, 150 + blue)
    far, near = (tuple(part * share // 100 for part in sky) for share in (62, 38))
    return bytes((*sky, 255, 240, 200, *far, *near, 40 + red // 2, 70 + green // 2, 110 + blue // 2))
