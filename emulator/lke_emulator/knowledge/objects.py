"""What was uploaded: the objects of an account by the path that SaveDoc gets as CosUrl."""

from hashlib import md5

import msgspec

from lke_emulator.primitives.crc64 import crc64


class Object(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    """Begins with a slash."""
    content: bytes
    etag: str
    """Without its quotes."""
    crc64: str
    """CRC-64/XZ as a decimal number: what x-cos-hash-crc64ecma says."""

    @property
    def size(self) -> int:
        return len(self.content)


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

    def get(self, path: str) -> Object | None:
        """By its path; leading slashes make no difference."""
        return self._objects.get("/" + path.lstrip("/"))

    def remove(self, path: str) -> None:
        self._objects.pop("/" + path.lstrip("/"), None)


def stored(path: str, content: bytes) -> Object:
    """An object of this content, with what object storage tells of it."""
    return Object(
        path=path, content=content, etag=md5(content, usedforsecurity=False).hexdigest(), crc64=str(crc64(content))
    )
