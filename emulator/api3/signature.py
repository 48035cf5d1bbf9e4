"""The three signatures of API 3.0 as pure functions: TC3-HMAC-SHA256, HmacSHA1 and HmacSHA256.

Documented: Signature v3 and Signature v1. What official SDKs vary is accepted (protocol reference 3.3): the Host with or
without its port, with a scheme, the real host behind a proxy; header values raw or lower-cased; names with `_` for `.` in v1.
"""

import hmac
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from emulator.api3.errors import ApiError, refusal

ALGORITHM = "TC3-HMAC-SHA256"
UNSIGNED_PAYLOAD = sha256(b"UNSIGNED-PAYLOAD").hexdigest()
AUTHORIZATION = re.compile(
    r"\s*TC3-HMAC-SHA256\s+Credential=([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/tc3_request\s*,"
    r"\s*SignedHeaders=([^,\s]*)\s*,\s*Signature=([0-9a-f]{64})\s*"
)
CREDENTIAL = re.compile(r"\s*TC3-HMAC-SHA256\s+Credential=[^/,\s]*/[^/,\s]*/[^/,\s]*/([^/,\s]*)\s*,")


class Authorization(NamedTuple):
    """The parts of the Authorization header. `signed_headers` is the list as sent, joined by `;`."""

    secret_id: str
    date: str
    service: str
    signed_headers: str
    signature: str


def malformed(part: str) -> ApiError:
    """Inferred from one observed text, `Service` (assumption `invalid_authorization_texts`)."""
    return refusal("authorization", part=part)


def parse_authorization(value: str) -> Authorization:
    """The header's parts; AuthFailure.InvalidAuthorization names the first part that is wrong."""
    match = AUTHORIZATION.fullmatch(value)
    if match is not None:
        return Authorization(*match.groups())
    if not value.split()[:1] == [ALGORITHM]:
        raise malformed("Algorithm")
    credential = CREDENTIAL.match(value)
    if credential is None:
        raise malformed("Credential")
    if credential.group(1) != "tc3_request":
        raise malformed("tc3_request")
    raise malformed("SignedHeaders" if "SignedHeaders=" not in value else "Signature")


def signing_key(secret_key: str, date: str, service: str) -> bytes:
    """Documented: the secret, the UTC date, the service and a constant, folded one into the next."""
    key = hmac.digest(f"TC3{secret_key}".encode(), date.encode(), "sha256")
    key = hmac.digest(key, service.encode(), "sha256")
    return hmac.digest(key, b"tc3_request", "sha256")


def canonical_request(method: str, query: str, headers: str, signed_headers: str, payload_hash: str) -> str:
    """`headers` is the block of `name:value\\n` lines; the query is the raw target's, never re-encoded."""
    return f"{method}\n/\n{query}\n{headers}\n{signed_headers}\n{payload_hash}"


def string_to_sign(timestamp: str, date: str, service: str, canonical: str) -> str:
    return f"{ALGORITHM}\n{timestamp}\n{date}/{service}/tc3_request\n{sha256(canonical.encode()).hexdigest()}"


def tc3_signature(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def header_block(names: list[str], headers: Mapping[str, str], host: str, lower: bool) -> str:
    """The canonical headers with `host` in the place of the Host header; a signed header that was not sent is empty."""
    lines = []
    for name in names:
        value = (host if name == "host" else headers.get(name, "")).strip()
        lines.append(f"{name}:{value.lower() if lower else value}\n")
    return "".join(lines)


def hosts(wire: str, service: str) -> Iterator[str]:
    """What an SDK may have signed as its host, the likeliest first (inferred verifier rule, protocol reference 3.4)."""
    yield wire
    name, _, port = wire.rpartition(":")
    if name and port.isdigit():
        yield name
    yield f"{service}.tencentcloudapi.com"
    yield f"{service}.intl.tencentcloudapi.com"
    yield f"http://{wire}"


class Signed(NamedTuple):
    """What a TC3 signature covers, as it came in."""

    method: str
    query: str
    headers: Mapping[str, str]
    """Lower-case names."""
    host: str
    timestamp: str
    payload_hash: str


def canonical_forms(signed: Signed, authorization: Authorization) -> Iterator[str]:
    """Every canonical request that an official SDK could have signed for this call."""
    names = authorization.signed_headers.split(";")
    for host in hosts(signed.host, authorization.service):
        for lower in (False, True):
            block = header_block(names, signed.headers, host, lower)
            yield canonical_request(
                signed.method, signed.query, block, authorization.signed_headers, signed.payload_hash
            )


def tc3_verified(signed: Signed, authorization: Authorization, key: bytes) -> bool:
    """Whether the signature fits one of the accepted forms; compared in constant time."""
    for canonical in canonical_forms(signed, authorization):
        text = string_to_sign(signed.timestamp, authorization.date, authorization.service, canonical)
        if hmac.compare_digest(tc3_signature(key, text), authorization.signature):
            return True
    return False


def tc3_trace(signed: Signed, authorization: Authorization, date: str, service: str) -> dict[str, dict[str, str]]:
    """Both sides of a refused signature: what the client says it signed, and what the documents say it should have."""
    names = authorization.signed_headers.split(";")
    sides = {
        "client": (header_block(names, signed.headers, signed.host, False), authorization.date, authorization.service),
        "server": (header_block(sorted(names), signed.headers, signed.host, True), date, service),
    }
    trace = {}
    for side, (block, scope_date, scope_service) in sides.items():
        listed = ";".join(names if side == "client" else sorted(names))
        canonical = canonical_request(signed.method, signed.query, block, listed, signed.payload_hash)
        text = string_to_sign(signed.timestamp, scope_date, scope_service, canonical)
        trace[side] = {"CanonicalRequest": canonical, "StringToSign": text}
    return trace


def v1_source(method: str, host: str, params: Mapping[str, str], dotted: bool = False) -> str:
    """Documented: all parameters but Signature, sorted by name, values raw. `dotted`: the Python SDK signs `.` for `_`."""
    pairs = [
        (name.replace("_", ".") if dotted else name, value) for name, value in params.items() if name != "Signature"
    ]
    return f"{method}{host}/?" + "&".join(f"{name}={value}" for name, value in sorted(pairs))


def v1_signature(secret_key: str, source: str, algorithm: str) -> bytes:
    """`algorithm` is sha1 or sha256; the digest, which travels in base64."""
    return hmac.digest(secret_key.encode(), source.encode(), algorithm)


def v1_verified(method: str, host: str, service: str, params: Mapping[str, str], secret_key: str) -> bool:
    """Whether `Signature` fits. HmacSHA256 only by exactly that SignatureMethod, in every other case HmacSHA1 (documented)."""
    algorithm = "sha256" if params.get("SignatureMethod") == "HmacSHA256" else "sha1"
    try:
        # Ruby's base64 leaves a line feed at the end, which arrives as %0A.
        sent = b64decode(params["Signature"].strip(), validate=True)
    except ValueError:
        return False
    underscores = any("_" in name for name in params)
    for candidate in hosts(host, service):
        for dotted in (False, True) if underscores else (False,):
            source = v1_source(method, candidate, params, dotted)
            if hmac.compare_digest(v1_signature(secret_key, source, algorithm), sent):
                return True
    return False
