"""Zip archives whose bytes depend on their contents alone: fixed dates, and stored, as deflate differs by machine."""

from collections.abc import Mapping


def pack(entries: Mapping[str, bytes]) -> bytes:
    """A zip of `name -> content`; a name that ends with a slash is a folder."""
    from io import BytesIO
    from zipfile import ZipFile, ZipInfo

    archive = BytesIO()
    with ZipFile(archive, "w") as writer:
        for name, content in entries.items():
            entry = ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = 0o40755 << 16 | 0x10 if name.endswith("/") else 0o100644 << 16
            writer.writestr(entry, content)
    return archive.getvalue()
