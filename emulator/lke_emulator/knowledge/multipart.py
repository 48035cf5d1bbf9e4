"""Uploads in parts that are under way: what has come of them, until they are completed or aborted."""

from bisect import bisect_left
from collections.abc import Iterator
from hashlib import md5
from operator import attrgetter
from typing import Annotated

import msgspec

from lke_emulator.knowledge.objects import MD5, Moment, Object, Path, Said, base_of
from lke_emulator.primitives.crc64 import crc64_of_both
from lke_emulator.primitives.fragment import Fragment, Things, joined

PARTS = 10_000
"""Of one upload (documented)."""
NUMBER = attrgetter("number")


class UploadedPart(msgspec.Struct, frozen=True, kw_only=True):
    number: Annotated[int, msgspec.Meta(ge=1, le=PARTS)]
    content: bytes
    etag: Annotated[str, msgspec.Meta(pattern=f"^{MD5}$")]
    """MD5, without quotes."""
    crc64: Annotated[int, msgspec.Meta(ge=0)]
    modified: Moment
    """Unix seconds on the account's clock."""


class MultipartUpload(msgspec.Struct, kw_only=True):
    id: str
    path: Path
    began: Moment
    """Unix seconds on the account's clock."""
    headers: Said
    parts: list[UploadedPart] = []
    """By number."""

    @property
    def size(self) -> int:
        return sum(len(part.content) for part in self.parts)

    def find(self, number: int) -> UploadedPart | None:
        place = bisect_left(self.parts, number, key=NUMBER)
        found = self.parts[place : place + 1]
        return found[0] if found and found[0].number == number else None

    def put(self, part: UploadedPart) -> None:
        """Another one of its number makes room."""
        place = bisect_left(self.parts, part.number, key=NUMBER)
        self.parts[place : place + (self.find(part.number) is not None)] = [part]

    def whole(self, parts: list[UploadedPart], content: bytes, now: float) -> Object:
        """What the parts come to, whose content this is together. ETag: the hash of their hashes, and how many they are
        (inferred: the rule of S3)."""
        checksum = 0
        hashes = b"".join(bytes.fromhex(part.etag) for part in parts)
        for part in parts:
            checksum = crc64_of_both(checksum, part.crc64, len(part.content))
        return Object(
            path=self.path,
            content=content,
            etag=f"{md5(hashes, usedforsecurity=False).hexdigest()}-{len(parts)}",
            crc64=str(checksum),
            modified=now,
            headers=self.headers,
        )


class MultipartUploads:
    """Those of one account, the oldest first."""

    class State(msgspec.Struct, frozen=True):
        uploads: tuple[MultipartUpload, ...]

    def __init__(self) -> None:
        self._uploads: dict[str, MultipartUpload] = {}
        self._told: dict[str, tuple[UploadedPart, ...]] | None = None
        """What `news` has told; None while nobody asks."""

    def saved(self) -> State:
        return self.State(tuple(map(copy_of, self._uploads.values())))

    def restored(self, state: State) -> None:
        for each in state.uploads:
            numbers = list(map(NUMBER, each.parts))
            if numbers != sorted(set(numbers)):
                raise ValueError(f"the parts of {each.id} are in no order")
        self._uploads = {each.id: copy_of(each) for each in state.uploads}

    def begin(self, upload: MultipartUpload) -> None:
        self._uploads[upload.id] = upload

    def get(self, id: str, path: str) -> MultipartUpload | None:
        found = self._uploads.get(id)
        return found if found is not None and found.path == path else None

    def end(self, upload: MultipartUpload) -> None:
        del self._uploads[upload.id]

    def below(self, prefix: str) -> list[MultipartUpload]:
        """Those of keys that begin so, the oldest first."""
        return [each for each in self._uploads.values() if each.path.startswith(prefix, 1)]

    def forget(self, base: str) -> None:
        self._uploads = {id: each for id, each in self._uploads.items() if base_of(each.path) != base}

    def fragments(self) -> Iterator[Fragment]:
        for upload in self._uploads.values():
            yield from fragments_of(upload, None)

    def news(self) -> list[Fragment]:
        told, self._told = self._told, {id: tuple(each.parts) for id, each in self._uploads.items()}
        if told is None or told == self._told:
            return []
        found = [Fragment(id, 0, None) for id in told if id not in self._uploads]
        return found + [fragment for id, each in self._uploads.items() for fragment in fragments_of(each, told.get(id))]

    @staticmethod
    def whole(things: Things) -> "MultipartUploads.State":
        def upload(what: bytes, *parts: bytes) -> MultipartUpload:
            found = msgspec.msgpack.decode(what, type=MultipartUpload)
            return msgspec.structs.replace(found, parts=joined(parts, list[UploadedPart]))

        return MultipartUploads.State(tuple([upload(*values) for values in things]))


def fragments_of(upload: MultipartUpload, told: tuple[UploadedPart, ...] | None) -> Iterator[Fragment]:
    """What it is, unless some of it was told, and the parts that were not."""
    if told is None:
        yield Fragment(upload.id, 0, msgspec.structs.replace(upload, parts=[]))
    known = set(map(id, told or ()))
    for part in upload.parts:
        if id(part) not in known:
            yield Fragment(upload.id, part.number, part)


def copy_of(upload: MultipartUpload) -> MultipartUpload:
    return msgspec.structs.replace(upload, parts=list(upload.parts))
