"""The three signatures of API 3.0 as pure functions: TC3-HMAC-SHA256, HmacSHA1 and HmacSHA256.

Documented: Signature v3 and Signature v1. What official SDKs vary is accepted (protocol reference 3.3): the Host with or
without its port, with a scheme, the real host behind a proxy; header values raw or lower-cased; names with `_` for `.` in v1.
"""

import hmac
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from lke_emulator.protocol.errors import ApiError, refusal

ALGORITHM = "TC3-HMAC-SHA256"
UNSIGNED_PAYLOAD = sha256(b"UNSIGNED-PAYLOAD").hexdigest()
AUTHORIZATION = re.compile(
    r"\s*TC3-HMAC-SHA256\s+Credential=([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/tc3_request\s*,"
    r"\s*SignedHeaders=([^,\s]*)\s*,\s*Signature=([0-9a-f]{64})\s*"
)
HEX = re.compile("[0-9a-f]{64}")
UNSIGNED = "0" * 64
CREDENTIAL = re.compile(r"\s*TC3-HMAC-SHA256\s+Credential=[^/,\s]*/[^/,\s]*/[^/,\s]*/([^/,\s]*)\s*,")


class Authorization(NamedTuple):
    """The parts of the Authorization header. `signed_headers` is the list as sent, joined by `;`."""

    secret_id: str
    date: str
    service: str
    signed_headers: str
    signature: str


def parse_authorization(value: str) -> Authorization | None:
    """The header's parts; None when it is not of the documented form."""
    # All but the signature is the same for every call of a client.
    start, signed = value[:-64], value[-64:]
    if not HEX.fullmatch(signed):
        return parsed(value)
    scope = parsed(start + UNSIGNED)
    return None if scope is None else Authorization(scope[0], scope[1], scope[2], scope[3], signed)


@lru_cache(1024)
def parsed(value: str) -> Authorization | None:
    match = AUTHORIZATION.fullmatch(value)
    return None if match is None else Authorization._make(match.groups())


def malformed(part: str) -> ApiError:
    """Inferred from one observed text, `Service` (error text `authorization`)."""
    return refusal("authorization", part=part)


def malformation(value: str) -> ApiError:
    """Which part of an Authorization that could not be parsed is wrong: the first one."""
    if value.split()[:1] != [ALGORITHM]:
        return malformed("Algorithm")
    credential = CREDENTIAL.match(value)
    if credential is None:
        return malformed("Credential")
    if credential.group(1) != "tc3_request":
        return malformed("tc3_request")
    return malformed("SignedHeaders" if "SignedHeaders=" not in value else "Signature")


def signing_key(secret_key: str, date: str, service: str) -> bytes:
    """Documented: the secret, the UTC date, the service and a constant, folded one into the next."""
    key = hmac.digest(f"TC3{secret_key}".encode(), date.encode(), "sha256")
    key = hmac.digest(key, service.encode(), "sha256")
    return hmac.digest(key, b"tc3_request", "sha256")


def canonical_request(method: str, query: str, headers: str, signed_headers: str, payload_hash: str) -> str:
    """`headers` is the block of `name:value\\n` lines; the query is the raw target's, never re-encoded."""
    return f"{method}\n/\n{query}\n{headers}\n{signed_headers}\n{payload_hash}"


def string_to_sign(timestamp: str, date: str, service: str, canonical: str) -> str:
    return hash_to_sign(timestamp, date, service, sha256(canonical.encode()).hexdigest())


def hash_to_sign(timestamp: str, date: str, service: str, canonical_hash: str) -> str:
    return f"{ALGORITHM}\n{timestamp}\n{date}/{service}/tc3_request\n{canonical_hash}"


class Signer:
    """A derived key with both pads of its HMAC hashed beforehand: a signature then costs two short hashes."""

    __slots__ = ("_begun", "_inner", "_moment", "_outer")

    def __init__(self, key: bytes) -> None:
        """`key` is what `signing_key` gives: 32 bytes."""
        block = key.ljust(64, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in block))
        self._moment = ("", "", "")
        self._begun = self._inner

    def sign(self, text: str) -> str:
        """The TC3 signature of a string-to-sign: lower-case hex."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()

    def sign_hash(self, moment: tuple[str, str, str], canonical: bytes) -> str:
        """The same of the hash of a canonical request. `moment`: timestamp, date and service, which the calls of a client in a
        second share; they are hashed once."""
        if moment != self._moment:
            self._moment = moment
            self._begun = self._inner.copy()
            self._begun.update(hash_to_sign(*moment, "").encode())
        inner, outer = self._begun.copy(), self._outer.copy()
        inner.update(canonical)
        outer.update(inner.digest())
        return outer.hexdigest()


@lru_cache(256)
def names_of(signed_headers: str) -> tuple[str, ...]:
    return tuple(signed_headers.split(";"))


def header_block(names: Iterable[str], headers: Mapping[str, str], host: str, lower: bool) -> str:
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


@lru_cache(1024)
def canonical_starts(
    method: str, query: str, signed_headers: str, values: tuple[str, ...], host: str, service: str
) -> tuple[Any, ...]:
    """Every canonical request that an official SDK could have signed, hashed up to its last line, the payload's hash.

    `values` are those of the signed headers. The likeliest form comes first, and each is there once.
    """
    names = names_of(signed_headers)
    headers = dict(zip(names, values, strict=True))
    forms = [
        canonical_request(method, query, header_block(names, headers, candidate, lower), signed_headers, "")
        for candidate in hosts(host, service)
        for lower in (False, True)
    ]
    return tuple([sha256(form.encode()) for form in dict.fromkeys(forms)])


def tc3_verified(signed: Signed, authorization: Authorization, signer: Signer) -> bool:
    """Whether the signature fits one of the accepted forms; compared in constant time."""
    method, query, headers, host, timestamp, payload = signed
    _, date, service, listed, given = authorization
    values = tuple([headers.get(name, "") for name in names_of(listed)])
    moment, ending = (timestamp, date, service), payload.encode()
    for start in canonical_starts(method, query, listed, values, host, service):
        canonical = start.copy()
        canonical.update(ending)
        if hmac.compare_digest(signer.sign_hash(moment, canonical.hexdigest().encode()), given):
            return True
    return False


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
