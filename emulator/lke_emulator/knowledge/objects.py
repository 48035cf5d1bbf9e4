"""What was uploaded: the objects of an account by the path that SaveDoc gets as CosUrl."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import unquote, urlsplit

import msgspec

from lke_emulator.primitives.digest import Digest
from lke_emulator.primitives.months import LATEST

LARGEST = 200 << 20
"""Bytes of an object: as many as the largest document may have (documented)."""

MD5 = "[0-9a-f]{32}"
Path = Annotated[str, msgspec.Meta(pattern="^/")]
Moment = Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
KEPT = ("cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires")
"""Headers of a PUT that a GET says again, beside those that begin with META."""
META = "x-cos-meta-"
Name = Annotated[str, msgspec.Meta(pattern=rf"^({'|'.join(KEPT)}|{META}[!#$%&'*+.^_`|~0-9a-z-]*)$")]
Said = tuple[tuple[Name, str], ...]
"""Headers that an object is put and read with: names in lower case, and values."""


class Object(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    """Begins with a slash."""
    content: bytes
    etag: Annotated[str, msgspec.Meta(pattern=f"^{MD5}(-[0-9]{{1,5}})?$")]
    """Without its quotes."""
    crc64: Annotated[str, msgspec.Meta(pattern="^[0-9]{1,20}$")]
    """CRC-64/XZ as a decimal number: what x-cos-hash-crc64ecma says."""
    modified: Moment = 0.0
    """Unix seconds on the account's clock."""
    headers: Said = ()
    """What was said of it when it was put, and is said again when it is read."""

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def key(self) -> str:
        """As object storage calls it: without its slash."""
        return self.path[1:]


class Objects:
    class State(msgspec.Struct, frozen=True):
        objects: tuple[Object, ...]

    def __init__(self) -> None:
        self._objects: dict[str, Object] = {}

    def saved(self) -> State:
        return self.State(tuple(self._objects.values()))

    def restored(self, state: State) -> None:
        self._objects = {each.path: each for each in state.objects}

    def put(self, one: Object) -> None:
        self._objects[one.path] = one

    def get(self, address: str) -> Object | None:
        """By its path or key, or by a whole address of it."""
        return self._objects.get(path_of(address))

    def remove(self, path: str) -> None:
        self._objects.pop(path_of(path), None)

    def below(self, prefix: str) -> Iterator[Object]:
        """Those whose keys begin so, by key."""
        for path in sorted(self._objects):
            if path.startswith(prefix, 1):
                yield self._objects[path]

    def forget(self, base: str) -> None:
        self._objects = {path: one for path, one in self._objects.items() if base_of(path) != base}


def path_of(address: str) -> str:
    """The path that an address, a path or a key means."""
    if address.startswith(("http://", "https://")):
        address = unquote(urlsplit(address).path)
    return "/" + address.removeprefix("/")


def base_of(path: str) -> str:
    """The app or knowledge base that a path was given out for: `/corp/<corp>/<app>/...`; empty for another one."""
    pieces = path.split("/")
    return pieces[3] if len(pieces) > 4 and pieces[1] in ("corp", "public") else ""


def stored(
    path: str,
    content: bytes,
    modified: float = 0.0,
    headers: Said = (),
    digest: Digest | None = None,
) -> Object:
    """An object of this content, with what object storage tells of it; `digest` where it is known already."""
    digest = digest or Digest(content)
    return Object(
        path=path,
        content=content,
        etag=digest.etag,
        crc64=str(digest.crc64),
        modified=modified,
        headers=headers,
    )
