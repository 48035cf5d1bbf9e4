"""uvicorn's HTTP protocol with a bound on the head of a request: no target or header block of a gigabyte is ever held."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 1 << 20
"""Far above the gateway's own 32 KB for a GET, so that it is the gateway that answers."""


class BoundedProtocol(HttpToolsProtocol):
    """A head that has not ended after HEAD_LIMIT bytes is refused with HTTP 400, and the connection closed."""

    head = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and self.cycle.scope is self.scope:
            self.head = 0
            return
        self.head += len(data)
        if self.head > HEAD_LIMIT and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")
