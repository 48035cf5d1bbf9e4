"""Requests written by hand, for what no SDK would send."""

import http.client
import json
import time
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlencode

from contract_tests.conftest import Target
from lke_emulator.protocol import signature


class Heard(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def response(self) -> dict[str, Any]:
        """What stands in the envelope."""
        assert self.body.startswith(b"{"), f"no envelope, but HTTP {self.status} with {len(self.body)} bytes"
        response: dict[str, Any] = json.loads(self.body)["Response"]
        return response

    @property
    def code(self) -> str:
        code: str = self.response.get("Error", {}).get("Code", "")
        return code

    @property
    def message(self) -> str:
        message: str = self.response["Error"]["Message"]
        return message


def send(
    target: Target,
    method: str = "POST",
    path: str = "/",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Heard:
    """One HTTP request as it stands; only Host and Content-Length are added when they are missing."""
    kind = http.client.HTTPSConnection if target.protocol == "https" else http.client.HTTPConnection
    connection = kind(target.endpoint, timeout=20)
    try:
        connection.request(method, path, body or None, dict(headers or {}))
        answer = connection.getresponse()
        return Heard(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


def signed_headers(
    target: Target,
    action: str = "DescribeTokenUsage",
    body: bytes = b"{}",
    *,
    method: str = "POST",
    query: str = "",
    content_type: str = "application/json",
    timestamp: int | None = None,
    date: str = "",
    service: str = "lke",
    version: str = "2023-11-30",
    **extra: str,
) -> dict[str, str]:
    """TC3 headers for a request of `target`; `extra` names X-TC- headers with `_` for `-`, and replaces others."""
    moment = int(time.time()) if timestamp is None else timestamp
    date = date or f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"
    block = f"content-type:{content_type}\nhost:{target.endpoint}\n"
    canonical = signature.canonical_request(method, query, block, "content-type;host", sha256(body).hexdigest())
    text = signature.string_to_sign(str(moment), date, service, canonical)
    key = signature.signing_key(target.secret_key, date, service)
    headers = {
        "Content-Type": content_type,
        "Authorization": f"TC3-HMAC-SHA256 Credential={target.secret_id}/{date}/{service}/tc3_request,"
        f" SignedHeaders=content-type;host, Signature={signature.Signer(key).sign(text)}",
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Region": target.region,
        "X-TC-Timestamp": str(moment),
    }
    if target.token:
        headers["X-TC-Token"] = target.token
    headers.update({name.replace("_", "-"): value for name, value in extra.items()})
    return headers


def v1_params(
    target: Target, action: str = "DescribeTokenUsage", method: str = "POST", **params: str
) -> dict[str, str]:
    """Parameters of parameter mode, signed with HmacSHA1."""
    signed = {
        "Action": action,
        "Version": "2023-11-30",
        "Region": target.region,
        "Timestamp": str(int(time.time())),
        "Nonce": "11886",
        "SecretId": target.secret_id,
        **({"Token": target.token} if target.token else {}),
        **params,
    }
    digest = signature.v1_signature(target.secret_key, signature.v1_source(method, target.endpoint, signed), "sha1")
    return {**signed, "Signature": b64encode(digest).decode()}


def form(params: Mapping[str, str]) -> bytes:
    return urlencode(params).encode()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
