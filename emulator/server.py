"""uvicorn's HTTP protocol with a bound on the head: a target or header block of a gigabyte is never held."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TARGET_LIMIT = 64 << 10
"""Above the gateway's own 32 KB, so that it is the gateway that answers."""
HEADERS_LIMIT = 256 << 10


class BoundedProtocol(HttpToolsProtocol):
    """What exceeds a bound is dropped: the gateway refuses a target of more than 32 KB, an over-long header is missing."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.head_size = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url[: max(0, TARGET_LIMIT - len(self.url))])

    def on_header(self, name: bytes, value: bytes) -> None:
        self.head_size += len(name) + len(value)
        if self.head_size <= HEADERS_LIMIT:
            super().on_header(name, value)
