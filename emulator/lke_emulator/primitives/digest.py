"""What object storage tells of content: its MD5 and its CRC-64."""

from hashlib import md5

from lke_emulator.primitives.crc64 import Crc64


class Digest:
    """Of content that comes in pieces, so that the end of a long one holds nobody up."""

    def __init__(self, content: bytes = b"") -> None:
        self._md5 = md5(content, usedforsecurity=False)
        self._crc64 = Crc64()
        self._crc64.update(content)

    def update(self, content: bytes) -> None:
        self._md5.update(content)
        self._crc64.update(content)

    @property
    def md5(self) -> bytes:
        return self._md5.digest()

    @property
    def etag(self) -> str:
        """Without quotes."""
        return self._md5.hexdigest()

    @property
    def crc64(self) -> int:
        return self._crc64.value
