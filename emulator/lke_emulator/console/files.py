"""The files of the console as they leave: read when they are first asked for, and again when they have changed."""

import gzip
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".json": b"application/json",
    ".txt": b"text/plain; charset=utf-8",
}

STYLES = [STATIC / "style" / f"{name}.css" for name in ("tokens", "shell", "parts", "pages", "explorer")]
"""In the order in which they count. They leave within the page."""


class Sendable(NamedTuple):
    plain: bytes
    packed: bytes
    """By gzip."""
    tag: bytes


@cache
def files() -> dict[str, Path]:
    """Name below `static/` -> file."""
    return {file.relative_to(STATIC).as_posix(): file for file in sorted(STATIC.rglob("*")) if file.suffix in TYPES}


def sendable(file: Path) -> Sendable:
    return read(file, file.stat().st_mtime_ns)


@lru_cache(256)
def read(file: Path, changed: int) -> Sendable:
    return to_send(file.read_bytes())


@lru_cache(64)
def to_send(content: bytes) -> Sendable:
    return Sendable(content, gzip.compress(content, mtime=0), f'"{sha256(content).hexdigest()[:20]}"'.encode())


GIVEN: dict[str, dict[Path, int]] = {}
"""Edition -> when each file had changed last."""


def edition() -> str:
    """Of all files together. An address that has it in its path is of the same bytes for ever."""
    changed = {file: file.stat().st_mtime_ns for file in (*files().values(), *STYLES)}
    name = edition_of(tuple(changed.items()))
    GIVEN[name] = changed
    return name


def is_of(edition: str, file: Path) -> bool:
    """Whether the file is still what it was in that edition."""
    return GIVEN.get(edition, {}).get(file) == file.stat().st_mtime_ns


@lru_cache(1)
def edition_of(changed: tuple[tuple[Path, int], ...]) -> str:
    every = sha256()
    for file, _ in changed:
        every.update(file.read_bytes() + b"\0")
    return every.hexdigest()[:12]
