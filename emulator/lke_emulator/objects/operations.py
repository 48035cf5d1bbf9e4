"""What is done to an object: put, read, asked for, deleted."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from email.utils import formatdate, parsedate_to_datetime
from typing import NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.exchange.answer import Answer, Headers, Parts, Spelled
from lke_emulator.exchange.raw import Raw
from lke_emulator.knowledge.objects import KEPT, LARGEST, META, Object, stored
from lke_emulator.objects.host import Target
from lke_emulator.objects.ranges import range_of
from lke_emulator.objects.refusal import ObjectRefusal
from lke_emulator.primitives.digest import Digest

OVERRIDES = {f"response-{name}": name for name in KEPT}
"""Parameters of a GET that change what it says (documented)."""
OTHERS = frozenset(
    (
        *("acl", "append", "cors", "delete", "inventory", "lifecycle", "location", "logging", "policy", "referer"),
        *("replication", "restore", "select", "tagging", "versioning", "versionId", "versions", "website"),
    )
)
"""Parameters that make another operation of a request; none of them is here."""


class ObjectCall(NamedTuple):
    """One request that may do what it asks for."""

    account: Account
    raw: Raw
    target: Target
    params: Mapping[str, str]
    bucket: str
    now: float
    """Unix seconds on the account's clock."""

    @property
    def path(self) -> str:
        return "/" + self.target.key


Operation = Callable[[ObjectCall], Answer | Parts]


def operation_of(method: str, key: str, params: Mapping[str, str]) -> str:
    """Its name in the documents. A refusal for what is none."""
    if OTHERS & params.keys():
        raise ObjectRefusal("NotImplemented")
    if not key:
        name = {"GET": "ListMultipartUploads" if "uploads" in params else "ListObjects"}.get(method)
    elif "uploadId" in params:
        name = {
            "PUT": "UploadPart",
            "POST": "CompleteMultipartUpload",
            "GET": "ListParts",
            "DELETE": "AbortMultipartUpload",
        }.get(method)
    elif method == "POST":
        name = "InitiateMultipartUpload" if "uploads" in params else None
    else:
        name = {"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}.get(method)
    if name is None:
        raise ObjectRefusal("MethodNotAllowed")
    return name


def put_object(work: ObjectCall) -> Answer:
    digest = check_body(work.raw)
    one = stored(work.path, work.raw.body, work.now, said_of(work.raw.headers), digest)
    work.account.objects.put(one)
    return Answer(b"", object_headers(one))


def check_body(raw: Raw) -> Digest:
    """What its content comes to. A refusal for one that is too long, or is not what Content-MD5 says."""
    if raw.oversize:
        raise ObjectRefusal("EntityTooLarge", f"an object has at most {LARGEST} bytes")
    if "x-cos-copy-source" in raw.headers:
        raise ObjectRefusal("NotImplemented")
    sent = raw.headers.get("content-md5")
    digest = raw.digest or Digest(raw.body)
    if sent is None:
        return digest
    try:
        wanted = b64decode(sent, validate=True)
    except ValueError:
        raise ObjectRefusal("InvalidDigest") from None
    if len(wanted) != 16:
        raise ObjectRefusal("InvalidDigest")
    if wanted != digest.md5:
        raise ObjectRefusal("BadDigest")
    return digest


def said_of(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What a PUT says of its object."""
    return tuple((name, value) for name, value in headers.items() if name in KEPT or name.startswith(META))


def get_object(work: ObjectCall) -> Answer:
    one = found_object(work)
    status = precondition(one, work.raw.headers)
    headers = object_headers(one) + described(one, work.params)
    if status:
        return Answer(b"", headers, status)
    asked = range_of(work.raw.headers.get("range", ""), one.size)
    if asked is None:
        return Answer(one.content, headers)
    headers.append((Spelled(b"Content-Range"), f"bytes {asked.start}-{asked.stop - 1}/{one.size}".encode()))
    return Answer(one.content[asked.start : asked.stop], headers, 206)


def head_object(work: ObjectCall) -> Answer:
    """The length is the object's; the body is not sent."""
    return get_object(work)


def delete_object(work: ObjectCall) -> Answer:
    """Also if there is none (inferred: the rule of S3)."""
    work.account.objects.remove(work.path)
    return Answer(b"", [], 204)


def found_object(work: ObjectCall) -> Object:
    found = work.account.objects.get(work.path)
    if found is None:
        raise ObjectRefusal("NoSuchKey")
    return found


def object_headers(one: Object) -> Headers:
    return [(Spelled(b"ETag"), f'"{one.etag}"'.encode()), (b"x-cos-hash-crc64ecma", one.crc64.encode())]


def described(one: Object, params: Mapping[str, str]) -> Headers:
    """What is said of an object that is read."""
    said = {"content-type": "application/octet-stream", **dict(one.headers)}
    said |= {name: params[param] for param, name in OVERRIDES.items() if params.get(param)}
    headers = [(spelled(name), header_value(value)) for name, value in said.items()]
    return [
        *headers,
        (Spelled(b"Accept-Ranges"), b"bytes"),
        (Spelled(b"Last-Modified"), formatdate(one.modified, usegmt=True).encode()),
    ]


def spelled(name: str) -> bytes:
    return name.encode() if name.startswith("x-") else Spelled(name.title().encode())


def header_value(value: str) -> bytes:
    """A value that cannot end its header."""
    return "".join(sign for sign in value if sign.isprintable()).encode("utf-8", "replace")


def precondition(one: Object, headers: Mapping[str, str]) -> int:
    """304 where the caller has it already, 0 where it is to be sent. A refusal where it is not what the caller wants."""
    etag = f'"{one.etag}"'
    match, other = headers.get("if-match"), headers.get("if-none-match")
    if match is not None and match.strip('"') not in (one.etag, "*"):
        raise ObjectRefusal("PreconditionFailed")
    since = moment_in(headers.get("if-unmodified-since", ""))
    if match is None and since is not None and int(one.modified) > since:
        raise ObjectRefusal("PreconditionFailed")
    if other is not None:
        return 304 if other in (etag, one.etag, "*") else 0
    since = moment_in(headers.get("if-modified-since", ""))
    return 304 if since is not None and int(one.modified) <= since else 0


def moment_in(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
