"""A connection that is kept, and calls over it that cost their caller next to nothing: a client that parses and quotes an address
of thousands of characters takes longer over it than the server."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from select import select
from typing import Any
from urllib.parse import urlencode, urlsplit

from contract_tests.gateway.wire import Heard

PATIENCE = 50


class KeptConnection:
    def __init__(self, url: str) -> None:
        self.http = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: str | bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Heard:
        """The whole answer; of `json` and `content` one is the body."""
        body = content.encode() if isinstance(content, str) else content
        given = dict(headers or {})
        if json is not None:
            body, given["Content-Type"] = written(json), "application/json"
        if self.http.sock is not None and select([self.http.sock], [], [], 0)[0]:
            self.http.close()  # which the server has done, too
        self.http.request(method, path + (f"?{urlencode(params)}" if params else ""), body or None, given)
        answer = self.http.getresponse()
        return Heard(answer.status, dict(answer.getheaders()), answer.read())

    def close(self) -> None:
        self.http.close()


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
