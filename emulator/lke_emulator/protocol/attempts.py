"""What a client may have signed instead, where its TC3 signature does not fit: signatures of what usually goes wrong are computed
until one is the one that came.

What a signature covers cannot be read from it. So the clients' mistakes and what stands between client and server are listed
here as deviations from what the server has seen; who made which is then certain, and where none fits, the SecretKey is.
"""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import chain, combinations
from typing import Any, NamedTuple
from urllib.parse import quote

from lke_emulator.primitives.strict_json import NotReadable, read_json
from lke_emulator.protocol.signature import UNSIGNED_PAYLOAD, Authorization, Signed, hosts, names_of, v1_source

READABLE = 256 << 10
"""Bytes of a body that is written in other ways."""
SECRETS = 200
"""Others' secrets that are tried."""
CONTENT_TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
)
PRODUCTS = ("lke", "lkeap", "adp", "cloud", "tc3")
SECONDS = 10
LOCAL = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0", "host.docker.internal")


REDACTED = "[redacted]"
SECRET = re.compile("token|secretkey|authorization|cookie|password|appkey|api-?key|^signature$", re.IGNORECASE)


class Attempt(NamedTuple):
    """Everything that a TC3 signature is made of."""

    method: str
    path: str
    query: str
    names: tuple[str, ...]
    values: Mapping[str, str]
    host: str
    lower: bool
    payload: str
    """The hash of the body."""
    timestamp: str
    date: str
    service: str
    secret: str
    key_service: str = ""
    """Where the key is derived for another service than the scope names."""
    prefix: str = "TC3"
    blank: str = "\n"
    """What ends the block of headers."""

    @property
    def canonical(self) -> str:
        lines = []
        for name in self.names:
            value = (self.host if name.lower() == "host" else self.values.get(name, "")).strip()
            lines.append(f"{name}:{value.lower() if self.lower else value}\n")
        block = "".join(lines)
        return f"{self.method}\n{self.path}\n{self.query}\n{block}{self.blank}{';'.join(self.names)}\n{self.payload}"

    @property
    def string_to_sign(self) -> str:
        hashed = sha256(self.canonical.encode()).hexdigest()
        return f"TC3-HMAC-SHA256\n{self.timestamp}\n{self.date}/{self.service}/tc3_request\n{hashed}"

    @property
    def signature(self) -> str:
        key = key_of(self.prefix + self.secret, self.date, self.key_service or self.service)
        return hmac.digest(key, self.string_to_sign.encode(), "sha256").hex()


@lru_cache(512)
def key_of(secret: str, date: str, service: str) -> bytes:
    key = hmac.digest(secret.encode(), date.encode(), "sha256")
    return hmac.digest(hmac.digest(key, service.encode(), "sha256"), b"tc3_request", "sha256")


class Deviation(NamedTuple):
    cause: str
    text: str
    """What the client did, or what happened on the way."""
    changes: Mapping[str, Any]
    """Members of an Attempt."""


class FoundAttempt(NamedTuple):
    """The attempt whose signature is the one that came, and how it deviates from what the server has seen."""

    deviations: tuple[Deviation, ...]
    attempt: Attempt


def expected(signed: Signed, authorization: Authorization, secret: str, host: str = "", lower: bool = False) -> Attempt:
    """What the server has seen, signed with a secret."""
    names = names_of(authorization.signed_headers)
    return Attempt(
        signed.method,
        "/",
        signed.query,
        names,
        {name: signed.headers.get(name, "") for name in names},
        host or signed.host,
        lower,
        signed.payload_hash,
        signed.timestamp,
        authorization.date,
        authorization.service,
        secret,
    )


def found_attempt(
    signed: Signed, authorization: Authorization, body: bytes, secrets: Mapping[str, str], forwarded: str = ""
) -> FoundAttempt | None:
    """The first attempt whose signature is the one that came. `secrets`: SecretId -> SecretKey of everybody; `forwarded` is
    the X-Forwarded-Host that a proxy set."""
    own = secrets.get(authorization.secret_id, "")
    accepted = [
        expected(signed, authorization, own, host, lower)
        for host in dict.fromkeys(hosts(signed.host, authorization.service))
        for lower in (False, True)
    ]
    on_the_way = [*content_types(signed), *bodies(body, signed.payload_hash), *clocks(signed.timestamp)]
    single = chain(
        other_secrets(authorization.secret_id, own, secrets),
        other_hosts(signed.host, authorization.service, forwarded),
        on_the_way,
        other_forms(signed, authorization, body),
    )
    for deviation in single:
        found = tried(accepted, (deviation,), authorization.signature)
        if found:
            return found
    by_hosts = other_hosts(signed.host, authorization.service, forwarded)
    for pair in chain(combinations(on_the_way, 2), ((host, other) for host in by_hosts for other in on_the_way)):
        if pair[0].cause != pair[1].cause:
            found = tried(accepted[:2], pair, authorization.signature)
            if found:
                return found
    return None


def tried(bases: Iterable[Attempt], deviations: tuple[Deviation, ...], signature: str) -> FoundAttempt | None:
    changes: dict[str, Any] = {}
    for one in deviations:
        changes |= one.changes
    values = changes.pop("values", {})
    for base in bases:
        attempt = base._replace(values={**base.values, **values}, **changes)
        if attempt.signature == signature:
            return FoundAttempt(deviations, attempt)
    return None


def other_secrets(id: str, own: str, secrets: Mapping[str, str]) -> Iterator[Deviation]:
    for other, secret in list(secrets.items())[:SECRETS]:
        if secret != own:
            text = f"the SecretKey of {other} was used with the SecretId {id}: the two are of different pairs"
            yield Deviation("other-secret", text, {"secret": secret})
    for secret, what in (
        (own + "\n", "with a line feed at its end, as read from a file"),
        (own + "\r\n", "with a line ending after it, as read from a file"),
        (own + " ", "with a blank after it"),
        (" " + own, "with a blank before it"),
        (f'"{own}"', "in quotes, which the shell or a .env file kept"),
        (f"'{own}'", "in quotes, which the shell or a .env file kept"),
        (id, "replaced by the SecretId"),
        ("", "empty: the variable that should hold it is not set"),
        (own.lower(), "in lower case"),
    ):
        yield Deviation("secret", f"the SecretKey was used {what}", {"secret": secret})
    yield Deviation("key", "the key was derived without the prefix TC3 before the SecretKey", {"prefix": ""})


def other_hosts(wire: str, service: str, forwarded: str) -> Iterator[Deviation]:
    name, _, port = wire.rpartition(":") if wire.rpartition(":")[2].isdigit() else (wire, "", "")
    names = dict.fromkeys(
        (
            *(forwarded, forwarded.partition(":")[0], forwarded.partition(",")[0]),
            *(f"{name}:{other}" for other in ("80", "443", port)),
            *(f"{local}:{port}" if port else local for local in LOCAL),
            *LOCAL,
            *(f"{product}.tencentcloudapi.com" for product in PRODUCTS),
            *(f"{product}.ap-guangzhou.tencentcloudapi.com" for product in PRODUCTS),
            f"{service}.internal.tencentcloudapi.com",
            f"https://{wire}",
            f"{wire}/",
            "",
        )
    )
    for host in names:
        if host != wire:
            text = f"the client signed the host `{host}`, and the request came with `Host: {wire}`"
            yield Deviation("host", text, {"host": host})


def content_types(signed: Signed) -> Iterator[Deviation]:
    sent = signed.headers.get("content-type", "")
    for value in CONTENT_TYPES:
        if value != sent:
            text = f"the client signed `content-type: {value}`, and the request came with `{sent}`"
            yield Deviation("content-type", text, {"values": {"content-type": value}})


def bodies(body: bytes, seen: str) -> Iterator[Deviation]:
    """What the body may have been before it was written anew on the way, or by the client's HTTP library."""
    known = {seen}
    for text, written in chain(plain_bodies(body), json_bodies(body)):
        hashed = sha256(written).hexdigest()
        if hashed not in known:
            known.add(hashed)
            yield Deviation("body", text, {"payload": hashed})
    said = "the client signed UNSIGNED-PAYLOAD without the header X-TC-Content-SHA256 that says so"
    yield Deviation("body", said, {"payload": UNSIGNED_PAYLOAD})
    yield Deviation("body", "the client signed the body's hash in upper case", {"payload": seen.upper()})
    yield Deviation("body", "the client signed no hash of the body", {"payload": ""})


def plain_bodies(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield "the client signed an empty body, and sent one", b""
    yield "the client signed the body `{}`", b"{}"
    yield "the client signed the body `null`", b"null"
    if len(body) <= READABLE:
        yield "the client signed the body with a line feed at its end", body + b"\n"
        yield "the client signed the body without the white space around it", body.strip()
        yield "the client signed the body with other line endings", body.replace(b"\r\n", b"\n")
        yield "the client signed the body with other line endings", body.replace(b"\n", b"\r\n")


def json_bodies(body: bytes) -> Iterator[tuple[str, bytes]]:
    if len(body) > READABLE:
        return
    try:
        value = read_json(body)
        for order in (False, True):
            for ascii in (False, True):
                for how, style in STYLES.items():
                    written = json.dumps(value, ensure_ascii=ascii, sort_keys=order, **style).encode()
                    more = f"{', members sorted' if order else ''}{', other than ASCII escaped' if ascii else ''}"
                    yield f"the body was written anew after it was signed: it was {how}{more}", written
    except (NotReadable, RecursionError, UnicodeError):
        return


STYLES: Mapping[str, Mapping[str, Any]] = {
    "without blanks": {"separators": (",", ":")},
    "with blanks after commas and colons": {},
    "indented by two": {"indent": 2},
    "indented by four": {"indent": 4},
}


def clocks(timestamp: str) -> Iterator[Deviation]:
    if len(timestamp) > 15:
        return
    seconds = int(timestamp)
    for apart in range(-SECONDS, SECONDS + 1):
        if apart:
            text = f"the client signed a timestamp {abs(apart)} s {'before' if apart < 0 else 'after'} X-TC-Timestamp"
            yield Deviation("clock", f"{text}: the clock was read twice", {"timestamp": str(seconds + apart)})
    yield Deviation("clock", "the client signed milliseconds", {"timestamp": str(seconds * 1000)})


def other_forms(signed: Signed, authorization: Authorization, body: bytes) -> Iterator[Deviation]:
    names = names_of(authorization.signed_headers)
    for service in PRODUCTS:
        if service != authorization.service:
            for member, what in (("service", "the string to sign names"), ("key_service", "the key was derived for")):
                text = f"{what} the service `{service}`, and Credential says `{authorization.service}`"
                yield Deviation("service", text, {member: service})
    yield Deviation("form", "the canonical request has no empty line after the headers", {"blank": ""})
    yield Deviation("form", "the canonical URI is empty; it is always `/`", {"path": ""})
    for method in ("GET", "POST"):
        if method != signed.method:
            yield Deviation("method", f"the client signed {method} and sent {signed.method}", {"method": method})
    if signed.query or body:
        yield Deviation("query", "the client signed an empty query", {"query": ""})
    for fewer in dict.fromkeys((names[:2], ("content-type", "host"), tuple(sorted(names)), names[::-1])):
        if fewer != names:
            text = f"the client signed the headers {';'.join(fewer)}, and SignedHeaders says {';'.join(names)}"
            yield Deviation("headers", text, {"names": fewer})


def shown_attempt(attempt: Attempt) -> dict[str, str]:
    """Its texts, without what opens anything."""
    values = {name: REDACTED if SECRET.search(name) and value else value for name, value in attempt.values.items()}
    one = attempt._replace(values=values, query="&".join(map(without_secret, attempt.query.split("&"))))
    return {"CanonicalRequest": one.canonical, "StringToSign": attempt.string_to_sign}


def without_secret(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return name + equals + REDACTED if SECRET.search(name) else pair


def both_sides(
    signed: Signed, authorization: Authorization, found: FoundAttempt | None = None
) -> dict[str, dict[str, str]]:
    """What the client has signed, where that was found out, else what it says; and what the documents say it should sign."""
    names = tuple(sorted(names_of(authorization.signed_headers)))
    server = expected(signed, authorization, "", lower=True)._replace(names=names)
    client = found.attempt if found else expected(signed, authorization, "")
    return {"client": shown_attempt(client), "server": shown_attempt(server)}


def v1_sides(
    method: str, host: str, params: Mapping[str, str], found: "V1Found | None" = None
) -> dict[str, dict[str, str]]:
    """The same of a signature of parameter mode."""
    hidden = {
        name: REDACTED if value and (SECRET.search(name) or name == "SecretId") else value
        for name, value in params.items()
    }
    client = found.source(hidden) if found else v1_source(method, host, hidden)
    return {"client": {"StringToSign": client}, "server": {"StringToSign": v1_source(method, host, hidden)}}


class V1Found(NamedTuple):
    deviation: Deviation
    method: str
    host: str
    quoted: bool

    def source(self, params: Mapping[str, str]) -> str:
        written = {name: quote(value, safe="") if self.quoted else value for name, value in params.items()}
        return v1_source(self.method, self.host, written)


def found_v1(
    method: str, host: str, service: str, params: Mapping[str, str], secrets: Mapping[str, str]
) -> V1Found | None:
    """As `found_attempt`, for HmacSHA1 and HmacSHA256."""
    id = params.get("SecretId", "")
    own = secrets.get(id, "")
    sent = params.get("Signature", "").rstrip()  # a blank at the beginning may have been a `+`
    if " " in sent:
        text = "`+` in the signature came as a blank: the client did not encode the value of Signature for the URL"
        deviation = Deviation("encoding", text, {})
        if fits_v1(sent.replace(" ", "+"), V1Found(deviation, method, host, False), params, own):
            return V1Found(deviation, method, host, False)
    for found in v1_attempts(method, host, service, id, own, secrets):
        if fits_v1(sent, found, params, found.deviation.changes.get("secret", own)):
            return found
    return None


def v1_attempts(
    method: str, host: str, service: str, id: str, own: str, secrets: Mapping[str, str]
) -> Iterator[V1Found]:
    text = "the signature is right by the other algorithm than SignatureMethod says"
    yield V1Found(Deviation("algorithm", text, {}), method, host, False)
    for other in ("GET", "POST"):
        if other != method:
            yield V1Found(Deviation("method", f"the client signed {other} and sent {method}", {}), other, host, False)
    yield V1Found(
        Deviation("encoding", "the client signed the values as they stand in the URL", {}), method, host, True
    )
    for deviation in other_hosts(host, service, ""):
        yield V1Found(deviation, method, deviation.changes["host"], False)
    for deviation in other_secrets(id, own, secrets):
        if "secret" in deviation.changes:
            yield V1Found(deviation, method, host, False)


def fits_v1(sent: str, found: V1Found, params: Mapping[str, str], secret: str) -> bool:
    """By either algorithm: what SignatureMethod says may be what is wrong."""
    source = found.source(params).encode()
    return any(
        b64encode(hmac.digest(secret.encode(), source, algorithm)).decode() == sent for algorithm in ("sha1", "sha256")
    )
