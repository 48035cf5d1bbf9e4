"""Between a client and a real endpoint: everything is passed on as it comes, and what has ended is recorded."""

import threading
from http import HTTPStatus
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from lke_emulator.primitives.clock import real_now
from lke_emulator.recording.document import Recorder
from lke_emulator.recording.exchange import HttpReply, HttpRequest, recorded_reply
from lke_emulator.recording.upstream import HOP_BY_HOP, Upstream, UpstreamFailed, chunks

BODY_LIMIT = 64 << 20
"""Of what is recorded of one reply; longer ones are passed on and left out."""
IDLE_SECONDS = 300


class RecordingProxy(ThreadingHTTPServer):
    """Listens from the moment it is made. OSError where it cannot."""

    daemon_threads = True

    recorder: Recorder

    def __init__(self, host: str, port: int, upstream: Upstream) -> None:
        super().__init__((host, port), Passing)
        self.upstream = upstream
        self.left_out: list[str] = []
        """Why exchanges are not in the recording."""

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def record(self, recorder: Recorder) -> None:
        """From now on, in a thread of its own."""
        self.recorder = recorder
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="lke-record", daemon=True)
        thread.start()


class Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: RecordingProxy

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True  # the client has left

    def do_any(self) -> None:
        at = real_now()
        request = self.read_request()
        if request is None:
            return
        try:
            connection, response = self.server.upstream.send(request)
        except UpstreamFailed as failed:
            self.left_out(request, str(failed))
            self.refuse(HTTPStatus.BAD_GATEWAY, str(failed))
            return
        try:
            self.pass_on(request, response, round(at, 3))
        except UpstreamFailed as failed:
            self.close_connection = True  # the client sees the same: it breaks off
            self.left_out(request, str(failed))
        finally:
            connection.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_any

    def read_request(self) -> HttpRequest | None:
        """None where it was answered already: a body needs its length."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or headers.get("upgrade", ""):
            why = "sockets are not recorded" if headers.get("upgrade", "") else "a body needs a Content-Length"
            self.refuse(HTTPStatus.NOT_IMPLEMENTED if "upgrade" in headers else HTTPStatus.LENGTH_REQUIRED, why)
            return None
        at = urlsplit(self.path)  # as a proxy's client writes it, with the host
        target = at._replace(scheme="", netloc="").geturl() or "/"
        return HttpRequest(self.command, target, headers, self.rfile.read(int(length)))

    def pass_on(self, request: HttpRequest, response: HTTPResponse, at: float) -> None:
        """As it comes. It is recorded before its end leaves: whoever has read it finds it in the file."""
        self.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        sized, kept = response.length is not None, bytearray()
        if not sized:
            self.send_header("Transfer-Encoding", "chunked")
        if response.length == 0:
            self.keep(request, response, kept, at)
        self.end_headers()
        for chunk in chunks(response):
            kept += chunk[: BODY_LIMIT + 1 - len(kept)]
            if response.length == 0:
                self.keep(request, response, kept, at)
            self.wfile.write(chunk if sized else b"%x\r\n%s\r\n" % (len(chunk), chunk))
        if not sized:
            self.keep(request, response, kept, at)
            self.wfile.write(b"0\r\n\r\n")
        elif response.length:
            raise UpstreamFailed(f"the reply broke off {response.length} bytes before its end")

    def keep(self, request: HttpRequest, response: HTTPResponse, body: bytearray, at: float) -> None:
        if len(body) > BODY_LIMIT:
            self.left_out(request, f"the reply is longer than {BODY_LIMIT} bytes")
            return
        reply = HttpReply(response.status, response.headers.get("content-type", ""), bytes(body))
        self.server.recorder.add(recorded_reply(request, reply, at))

    def left_out(self, request: HttpRequest, why: str) -> None:
        self.server.left_out.append(f"{request.method} {request.path}: {why}")

    def refuse(self, status: HTTPStatus, why: str) -> None:
        """By the recorder itself, in a form that neither of the endpoints has."""
        body = f"lke-emulator record: {why}\n".encode()
        self.close_connection = True
        self.send_response_only(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a line could hold a key."""
