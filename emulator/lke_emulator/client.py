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
from lke_emulator.protocol.spec import Action, spec

CONTENT_TYPE = "application/json"
SIGNED_HEADERS = "content-type;host"
TIMEOUT = 120


class CallFailed(Exception):
    """No answer of the API came back; the text says why."""


class Credentials(NamedTuple):
    secret_id: str
    secret_key: str
    token: str = ""


def authorization_of(
    method: str, query: str, content_type: str, host: str, body: bytes, product: str, who: Credentials, timestamp: int
) -> str:
    """The Authorization header of a TC3-signed request to `/` (documented: Signature v3)."""
    date = f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d}"
    block = f"content-type:{content_type}\nhost:{host}\n"
    canonical = signature.canonical_request(method, query, block, SIGNED_HEADERS, sha256(body).hexdigest())
    signer = signature.Signer(signature.signing_key(who.secret_key, date, product))
    signed = signer.sign(signature.string_to_sign(str(timestamp), date, product, canonical))
    scope = f"{who.secret_id}/{date}/{product}/tc3_request"
    return f"{signature.ALGORITHM} Credential={scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signed}"


def headers_of(
    host: str, action: Action, body: bytes, region: str, credentials: Credentials, timestamp: int
) -> dict[str, str]:
    """The headers of a TC3-signed POST."""
    headers = {
        "Host": host,
        "Content-Type": CONTENT_TYPE,
        "Authorization": authorization_of("POST", "", CONTENT_TYPE, host, body, action.product, credentials, timestamp),
        "X-TC-Action": action.name,
        "X-TC-Version": action.version,
        "X-TC-Timestamp": str(timestamp),
        "X-TC-Region": region,
    }
    return headers | ({"X-TC-Token": credentials.token} if credentials.token else {})


def endpoint_of(url: str, product: str) -> str:
    """Where a product is called: on the cloud each has a host of its own, `lkeap.tencentcloudapi.com` beside `lke`'s."""
    at = urlsplit(url)
    first, _, rest = at.netloc.partition(".")
    if at.netloc.endswith("tencentcloudapi.com") and product and first in spec().products:
        return f"{at.scheme}://{product}.{rest}"
    return url.rstrip("/")


def call(
    endpoint: str, action: Action, params: dict[str, Any], region: str, credentials: Credentials
) -> Iterator[dict[str, Any]]:
    """The reply, or the frames of a stream as they come. Raises CallFailed."""
    url = urlsplit(endpoint_of(endpoint, action.product))
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
