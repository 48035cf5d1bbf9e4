"""One signed call: what `lke-emulator call` sends to the emulator, or to any endpoint of API 3.0."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lke_emulator.primitives.clock import real_now
from lke_emulator.protocol import signature
from lke_emulator.protocol.spec import Action

CONTENT_TYPE = "application/json"
SIGNED_HEADERS = "content-type;host"
TIMEOUT = 120


class CallFailed(Exception):
    """No answer of the API came back; the text says why."""


class Credentials(NamedTuple):
    secret_id: str
    secret_key: str
    token: str = ""


def headers_of(
    host: str, action: Action, body: bytes, region: str, credentials: Credentials, timestamp: int
) -> dict[str, str]:
    """The headers of a TC3-signed POST (documented: Signature v3)."""
    date = f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d}"
    block = f"content-type:{CONTENT_TYPE}\nhost:{host}\n"
    canonical = signature.canonical_request("POST", "", block, SIGNED_HEADERS, sha256(body).hexdigest())
    signer = signature.Signer(signature.signing_key(credentials.secret_key, date, action.product))
    signed = signer.sign(signature.string_to_sign(str(timestamp), date, action.product, canonical))
    scope = f"{credentials.secret_id}/{date}/{action.product}/tc3_request"
    authorization = f"Credential={scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signed}"
    headers = {
        "Host": host,
        "Content-Type": CONTENT_TYPE,
        "Authorization": f"{signature.ALGORITHM} {authorization}",
        "X-TC-Action": action.name,
        "X-TC-Version": action.version,
        "X-TC-Timestamp": str(timestamp),
        "X-TC-Region": region,
    }
    return headers | ({"X-TC-Token": credentials.token} if credentials.token else {})


def call(
    endpoint: str, action: Action, params: dict[str, Any], region: str, credentials: Credentials
) -> Iterator[dict[str, Any]]:
    """The reply, or the frames of a stream as they come. Raises CallFailed."""
    url = urlsplit(endpoint)
    body = json.dumps(params, ensure_ascii=False).encode()
    headers = headers_of(url.netloc, action, body, region, credentials, int(real_now()))
    connect = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = connect(url.hostname or "", url.port, timeout=TIMEOUT)
    try:
        connection.request("POST", "/", body, headers)
        yield from answers(connection.getresponse())
    except (OSError, HTTPException) as error:
        raise CallFailed(f"{endpoint} does not answer: {error}") from None
    except ValueError:
        raise CallFailed(f"{endpoint} answers with something that is not JSON") from None
    finally:
        connection.close()


def answers(response: HTTPResponse) -> Iterator[dict[str, Any]]:
    if response.status != 200:
        raise CallFailed(f"the answer is HTTP {response.status} {response.reason}, and no API 3.0 answer")
    if response.headers.get_content_type() == "text/event-stream":
        for line in response:
            if line.startswith(b"data:"):
                yield json.loads(line[5:])
    else:
        yield json.loads(response.read())
