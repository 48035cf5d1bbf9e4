"""What an account serves under /files, as object storage does behind presigned addresses: parse results, images."""

import hmac
from hashlib import sha256
from typing import NamedTuple

import msgspec

from lke_emulator.primitives.register import by_key

BYTES = 64 << 20
"""Of one account together; the oldest files make room."""
LINK_SECONDS = 1800
"""How long an address is good for (documented for parse and split results)."""
MEDIA_TYPES = {"zip": "application/zip", "png": "image/png", "md": "text/markdown; charset=utf-8"}


class File(NamedTuple):
    content: bytes
    keep_until: float


class NoAccess(Exception):
    """Why an address gives nothing: the code and the text that Tencent's object storage answers with (inferred)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class Files:
    """The files of one account by name. Moments are Unix seconds on the account's clock."""

    class State(msgspec.Struct, frozen=True):
        secret: bytes
        files: tuple[tuple[str, File], ...]

    def __init__(self, uin: str, secret: bytes) -> None:
        self._uin = uin
        self._secret = secret
        self._files: dict[str, File] = {}
        self._bytes = 0

    def saved(self) -> State:
        return self.State(self._secret, tuple(self._files.items()))

    def restored(self, state: State) -> None:
        self._secret, self._files = state.secret, by_key(state.files)
        self._bytes = sum([len(file.content) for file in self._files.values()])

    def put(self, name: str, content: bytes, now: float, seconds: float = LINK_SECONDS) -> None:
        """Keep a file for so long, also in place of one of that name. The oldest go when they had their time."""
        if name in self._files:
            self._drop(name)
        self._files[name] = File(content, now + seconds)
        self._bytes += len(content)
        while len(self._files) > 1:
            oldest = next(iter(self._files))
            if self._bytes <= BYTES and self._files[oldest].keep_until > now:
                return
            self._drop(oldest)

    def _drop(self, name: str) -> None:
        self._bytes -= len(self._files.pop(name).content)

    def link(self, name: str, now: float, seconds: float = LINK_SECONDS) -> str:
        """A path that opens the file until then and cannot be guessed: `/files/<uin>/<expires>-<signature>/<name>`."""
        expires = int(now + seconds)
        return f"/files/{self._uin}/{expires}-{self._sign(name, expires)}/{name}"

    def open(self, path: str, now: float) -> bytes:
        """The content behind a path of `link`; NoAccess when it was changed, has expired, or the file is gone."""
        _, _, _, token, name = (path.split("/", 4) + [""] * 5)[:5]
        expires, _, signature = token.partition("-")
        if not (expires.isascii() and expires.isdecimal() and len(expires) < 16) or not hmac.compare_digest(
            signature.encode(), self._sign(name, int(expires)).encode()
        ):
            raise NoAccess("SignatureDoesNotMatch", "The Signature you specified is invalid.")
        if now >= int(expires):
            raise NoAccess("AccessDenied", "Request has expired")
        file = self._files.get(name)
        if file is None or file.keep_until <= now:
            raise NoAccess("NoSuchKey", "The specified key does not exist.")
        return file.content

    def _sign(self, name: str, expires: int) -> str:
        return hmac.digest(self._secret, f"{expires}/{name}".encode(), sha256).hex()[:40]


def media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
