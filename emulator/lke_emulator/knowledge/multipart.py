"""Uploads in parts that are under way: what has come of them, until they are completed or aborted."""

from hashlib import md5
from io import BytesIO

import msgspec

from lke_emulator.knowledge.objects import Object, base_of
from lke_emulator.primitives.crc64 import crc64_of_both
from lke_emulator.primitives.digest import Digest

Headers = tuple[tuple[str, str], ...]


class UploadedPart(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    content: bytes
    etag: str
    """MD5, without quotes."""
    crc64: int
    modified: float
    """Unix seconds on the account's clock."""


class MultipartUpload(msgspec.Struct, kw_only=True):
    id: str
    path: str
    began: float
    """Unix seconds on the account's clock."""
    headers: Headers
    parts: dict[int, UploadedPart] = {}

    @property
    def size(self) -> int:
        return sum(len(part.content) for part in self.parts.values())

    def whole(self, parts: list[UploadedPart], now: float) -> Object:
        """What the parts come to; the upload has none of them then, so that no content is held twice. ETag: the hash of
        their hashes, and how many they are (inferred: the rule of S3)."""
        checksum, content, count = 0, BytesIO(), len(parts)
        self.parts.clear()
        hashes = b"".join(bytes.fromhex(part.etag) for part in parts)
        while parts:
            part = parts.pop(0)
            checksum = crc64_of_both(checksum, part.crc64, len(part.content))
            content.write(part.content)
        return Object(
            path=self.path,
            content=content.getvalue(),
            etag=f"{md5(hashes, usedforsecurity=False).hexdigest()}-{count}",
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

    def saved(self) -> State:
        return self.State(tuple(map(copy_of, self._uploads.values())))

    def restored(self, state: State) -> None:
        self._uploads = {each.id: copy_of(each) for each in state.uploads}

    def begin(self, upload: MultipartUpload) -> None:
        self._uploads[upload.id] = upload

    def get(self, id: str, path: str) -> MultipartUpload | None:
        found = self._uploads.get(id)
        return found if found is not None and found.path == path else None

    def put(self, upload: MultipartUpload, number: int, content: bytes, digest: Digest, now: float) -> UploadedPart:
        """Another one of its number makes room."""
        part = upload.parts[number] = UploadedPart(
            number=number,
            content=content,
            etag=digest.etag,
            crc64=digest.crc64,
            modified=now,
        )
        return part

    def end(self, upload: MultipartUpload) -> None:
        del self._uploads[upload.id]

    def below(self, prefix: str) -> list[MultipartUpload]:
        """Those of keys that begin so, the oldest first."""
        return [each for each in self._uploads.values() if each.path.startswith(prefix, 1)]

    def forget(self, base: str) -> None:
        self._uploads = {id: each for id, each in self._uploads.items() if base_of(each.path) != base}


def copy_of(upload: MultipartUpload) -> MultipartUpload:
    return msgspec.structs.replace(upload, parts=dict(upload.parts))
