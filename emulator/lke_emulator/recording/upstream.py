"""A real endpoint, called with credentials of our own in place of the client's."""

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from lke_emulator.client import TIMEOUT, Credentials, authorization_of, endpoint_of
from lke_emulator.gateway import common
from lke_emulator.primitives.clock import real_now
from lke_emulator.recording.exchange import HttpRequest, SignedCall, signed_call

HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-connection", "transfer-encoding", "te", "trailer", "upgrade", "expect")
)
DROPPED = HOP_BY_HOP | {"host", "content-length", "accept-encoding", "authorization"}
OWN = frozenset(("x-tc-action", "x-tc-version", "x-tc-region", "x-tc-language", "x-tc-requestclient", "content-type"))
"""What of a signed request is kept; everything else of its signature is made anew."""
FORM = "application/x-www-form-urlencoded"
KEY_MEMBERS = ("bot_app_key", "AppKey")
"""Where a dialogue's request has the key of its app."""


class UpstreamFailed(Exception):
    """The endpoint was not reached, or cannot be called; the text says why."""


def in_one_line(error: Exception) -> str:
    """Also where it repeats what came that was no HTTP."""
    return "".join([letter if letter.isprintable() else "?" for letter in str(error).strip()]) or type(error).__name__


class UpstreamKeys(NamedTuple):
    """What opens an endpoint. What is empty leaves the client's own in its place."""

    credentials: Credentials | None = None
    api_key: str = ""
    app_key: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*(self.credentials or ()), self.api_key, self.app_key)


class Upstream:
    def __init__(self, url: str, keys: UpstreamKeys) -> None:
        self.url = url.rstrip("/")
        self.keys = keys

    def send(self, request: HttpRequest) -> tuple[HTTPConnection, HTTPResponse]:
        """The reply from its head on; whoever has read it closes the connection. UpstreamFailed where none came."""
        call = signed_call(request)
        url = self.url if call is None else endpoint_of(self.url, call.product)
        at = urlsplit(url)
        method, target, headers, body = self.own(request, call, at.netloc)
        kind = HTTPSConnection if at.scheme == "https" else HTTPConnection
        connection = kind(at.hostname or "", at.port, timeout=TIMEOUT)
        try:
            connection.request(
                method, target, body or None, {"Host": at.netloc, "Accept-Encoding": "identity", **headers}
            )
            return connection, connection.getresponse()
        except (OSError, HTTPException) as error:
            connection.close()
            raise UpstreamFailed(f"{url} does not answer: {in_one_line(error)}") from None

    def own(
        self, request: HttpRequest, call: SignedCall | None, host: str
    ) -> tuple[str, str, Mapping[str, str], bytes]:
        """Method, target, headers and body as they are sent on."""
        if call is not None:
            return self.signed(request, call, host)
        headers = {name: value for name, value in request.headers.items() if name not in DROPPED}
        authorization = request.headers.get("authorization", "")
        if self.keys.api_key and authorization.lower().startswith("bearer "):
            authorization = f"Bearer {self.keys.api_key}"
        if authorization:
            headers["authorization"] = authorization
        return request.method, request.target, headers, self.with_app_key(request.body)

    def with_app_key(self, body: bytes) -> bytes:
        """A dialogue's request names the key of its app in its body."""
        if not self.keys.app_key or not any(f'"{name}"'.encode() in body for name in KEY_MEMBERS):
            return body
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return body
        if not isinstance(value, dict):
            return body
        own = {name: self.keys.app_key for name in KEY_MEMBERS if name in value}
        return json.dumps(value | own, ensure_ascii=False).encode()

    def signed(self, request: HttpRequest, call: SignedCall, host: str) -> tuple[str, str, Mapping[str, str], bytes]:
        """Signed anew by TC3, whatever it was signed by: common parameters of a query or form become headers."""
        who = self.keys.credentials
        if who is None:
            raise UpstreamFailed(
                "a signed call came, and TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY are not set"
            )
        headers = {name: value for name, value in request.headers.items() if name in OWN}
        body, query = request.body, request.query
        if call.pairs is not None:
            own = urlencode({name: value for name, value in call.pairs.items() if name not in common.PARAMS})
            common_ones = {
                "action": call.action,
                "version": call.version,
                "region": call.region,
                "language": call.language,
            }
            headers |= {f"x-tc-{name}": value for name, value in common_ones.items() if value}
            headers["content-type"] = FORM
            query, body = own, b""
        method = "GET" if call.pairs is not None else request.method
        now = int(real_now())
        kind = headers.setdefault("content-type", FORM)
        headers["authorization"] = authorization_of(method, query, kind, host, body, call.product, who, now)
        headers["x-tc-timestamp"] = str(now)
        if who.token:
            headers["x-tc-token"] = who.token
        return method, f"/?{query}" if query else "/", headers, body


def chunks(response: HTTPResponse) -> Iterator[bytes]:
    """The body as it comes, never waiting for more than there is. UpstreamFailed where it breaks off."""
    try:
        while chunk := response.read1(65536):
            yield chunk
    except (OSError, HTTPException) as error:
        raise UpstreamFailed(f"the reply broke off: {in_one_line(error)}") from None
