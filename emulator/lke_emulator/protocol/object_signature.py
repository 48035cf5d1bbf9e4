"""The signature of object storage (documented: request signature, 436/7778): HMAC-SHA1 over method, path, parameters, headers.

It travels in Authorization or, of a presigned URL, in the query. The client lists the parameters and headers that it signed.
"""

import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha1
from typing import NamedTuple
from urllib.parse import quote, unquote

FIELDS = ("q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature")
Pairs = Iterable[tuple[str, str]]
"""Names and values, decoded; a name may stand more than once."""


class ObjectSignature(NamedTuple):
    secret_id: str
    start: int
    """Unix seconds from which it holds."""
    end: int
    """Unix seconds until which it holds."""
    sign_time: str
    key_time: str
    headers: tuple[str, ...]
    """Names as listed: encoded, lower-case."""
    params: tuple[str, ...]
    signature: str


def parse(fields: Mapping[str, str]) -> ObjectSignature | None:
    """From the seven q- fields; None when they are not of the documented form."""
    if any(name not in fields for name in FIELDS) or fields["q-sign-algorithm"] != "sha1":
        return None
    start, separator, end = fields["q-sign-time"].partition(";")
    if not separator or not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in (start, end)):
        return None
    return ObjectSignature(
        fields["q-ak"],
        int(start),
        int(end),
        fields["q-sign-time"],
        fields["q-key-time"],
        names_of(fields["q-header-list"]),
        names_of(fields["q-url-param-list"]),
        fields["q-signature"],
    )


def fields_of(authorization: str) -> dict[str, str]:
    """`q-sign-algorithm=sha1&q-ak=...` as its fields; what has no `=` is left out."""
    pieces = (piece.partition("=") for piece in authorization.strip().split("&"))
    return {name: unquote(value) for name, equals, value in pieces if equals}


def names_of(text: str) -> tuple[str, ...]:
    return tuple(text.lower().split(";")) if text else ()


def encoded(text: str) -> str:
    """Percent-encoded but for letters, digits and `-_.~`."""
    return quote(text, safe="-_.~")


def canonical(listed: Iterable[str], pairs: Pairs) -> str:
    """The listed names with their values, sorted; a name that is listed and not there has an empty value, and one that is
    listed again counts once (inferred)."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(encoded(name).lower(), []).append(encoded(value))
    lines = [f"{name}={value}" for name in dict.fromkeys(listed) for value in sorted(values.get(name, [""]))]
    return "&".join(sorted(lines, key=lambda line: line.partition("=")[::2]))


def signature_of(
    secret_key: str, signed: ObjectSignature, method: str, path: str, params: Pairs, headers: Pairs
) -> str:
    """`path` is percent-decoded. Lower-case hex."""
    sign_key = hmac.digest(secret_key.encode(), signed.key_time.encode(), "sha1").hex()
    request = f"{method.lower()}\n{path}\n{canonical(signed.params, params)}\n{canonical(signed.headers, headers)}\n"
    text = f"sha1\n{signed.sign_time}\n{sha1(request.encode('utf-8', 'replace')).hexdigest()}\n"
    return hmac.digest(sign_key.encode(), text.encode(), "sha1").hex()


def verified(
    secret_key: str, signed: ObjectSignature, method: str, path: str, params: Pairs, headers: Mapping[str, str]
) -> bool:
    """Whether the signature fits; the Host may have been signed with or without its port (observed: SDKs differ)."""
    params = list(params)
    host = headers.get("host", "")
    for candidate in dict.fromkeys((host, host.rpartition(":")[0] if ":" in host else host)):
        pairs = (headers | {"host": candidate} if isinstance(headers, dict) else {**headers, "host": candidate}).items()
        expected = signature_of(secret_key, signed, method, path, params, pairs)
        if hmac.compare_digest(expected.encode(), signed.signature.encode("utf-8", "replace")):
            return True
    return False


def presigned(secret_id: str, secret_key: str, method: str, path: str, start: int, end: int) -> str:
    """`path`, encoded, with a query that opens it for this method from `start` to `end`. No header is signed, so that a plain
    PUT may say what it likes."""
    time = f"{start};{end}"
    signed = ObjectSignature(secret_id, start, end, time, time, (), (), "")
    values = ("sha1", secret_id, time, time, "", "", signature_of(secret_key, signed, method, path, (), ()))
    query = "&".join(f"{name}={encoded(value)}" for name, value in zip(FIELDS, values, strict=True))
    return f"{quote(path, safe='/-_.~')}?{query}"
