"""uvicorn's HTTP protocol, where HTTP itself is not as strict or as bounded as it has to be.

- No head of a gigabyte is held: one that has not ended after HEAD_LIMIT bytes is refused, and the connection closed.
- Trailers are not headers, and a query may be longer than the 64 KB that the parser of URLs takes.
- What fails in a callback of the parser is a failure of ours, not a bad request.
"""

import logging

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 1 << 20
"""Far above the gateway's own 32 KB for a GET, so that it is the gateway that answers."""
INVALID = "Invalid HTTP request received."
log = logging.getLogger("lke_emulator.server")


class BoundedProtocol(HttpToolsProtocol):
    head = 0
    """Bytes that came since the present head began, as long as it has not ended."""
    in_head = False
    is_leaving = False

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            self.failed_inside(error.__context__)
        except httptools.HttpParserError:
            self.send_400_response(INVALID)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
        if self.in_head:
            self.head += len(data)
            if self.head > HEAD_LIMIT and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def failed_inside(self, error: BaseException | None) -> None:
        if isinstance(error, httptools.HttpParserInvalidURLError):
            self.send_400_response(INVALID)
            return
        log.error("a request failed inside before it was read", exc_info=error)
        self.transport.write(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.in_head = True
        self.head = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.in_head = False
        target, _, query = self.url.partition(b"?")
        self.url = target
        super().on_headers_complete()
        self.scope["query_string"] = query.partition(b"#")[0]

    def shutdown(self) -> None:
        """A call under way is answered as any other, and the connection closed after it."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self.is_leaving = True

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.is_leaving:
            self.transport.close()
