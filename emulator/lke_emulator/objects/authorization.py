"""Who asks object storage, and what they may. The order of the checks is that of the troubleshooting page (documented)."""

import hmac
from collections.abc import Mapping
from typing import NamedTuple

from lke_emulator.account.account import Account
from lke_emulator.account.storage import StorageCredential
from lke_emulator.account.world import World
from lke_emulator.exchange.raw import Raw
from lke_emulator.objects.host import ALGORITHM, Target
from lke_emulator.objects.refusal import EXPIRED, ObjectRefusal
from lke_emulator.primitives.clock import real_now
from lke_emulator.protocol.object_signature import ObjectSignature, fields_of, parse, verified

TOKENS = ("x-cos-security-token", "x-ci-security-token")
WRITING = frozenset(
    "PutObject InitiateMultipartUpload UploadPart CompleteMultipartUpload AbortMultipartUpload ListParts".split()  # noqa: SIM905
)
READING = frozenset(("GetObject", "HeadObject"))
LISTING = frozenset(("ListObjects", "ListMultipartUploads"))
PUBLIC = "public/"


class Demand(NamedTuple):
    """One request, as far as rights are concerned."""

    operation: str
    target: Target
    params: Mapping[str, str]
    """Of the query; of a repeated name the last."""


def signed_by(raw: Raw, params: Mapping[str, str]) -> ObjectSignature | None:
    """The signature that a request carries; None without one. A refusal for one that is none."""
    authorization = raw.headers.get("authorization", "")
    if not authorization and "q-signature" not in params:
        return None
    found = parse(fields_of(authorization) if authorization.startswith(ALGORITHM) else params)
    if found is None:
        raise ObjectRefusal("InvalidArgument", "the Authorization has not all of the fields that it must have")
    return found


def found_credential(world: World, secret_id: str) -> tuple[Account, StorageCredential]:
    for account in world.accounts.values():
        found = account.storage.get(secret_id)
        if found is not None:
            return account, found
    if secret_id in world.credentials:  # of the account itself, whose bucket this is not
        raise ObjectRefusal("AccessDenied")
    raise ObjectRefusal("InvalidAccessKeyId")


def check_signed(
    world: World,
    account: Account,
    credential: StorageCredential,
    signed: ObjectSignature,
    raw: Raw,
    pairs: list[tuple[str, str]],
) -> None:
    """Its time, its signature, and its token, which is looked at by itself: SDKs do not all sign it (observed)."""
    assumptions, clock = world.assumptions, world.assumptions.signatures
    now = account.clock.now() if clock == "account" else real_now()
    if clock != "any":
        if signed.start > now + assumptions.object_clock_skew_s:
            raise ObjectRefusal("RequestTimeTooSkewed")
        if now > signed.end:
            raise ObjectRefusal("AccessDenied", EXPIRED)
    key = account.storage.key_of(credential.secret_id)
    if not verified(key, signed, raw.method, raw.path, pairs, raw.headers):
        raise ObjectRefusal("SignatureDoesNotMatch")
    if credential.kind == "own":
        return
    if clock != "any" and now > credential.ends:
        raise ObjectRefusal("ExpiredToken")
    params = dict(pairs)
    tokens = [raw.headers.get(name) or params.get(name) for name in TOKENS]
    given = next((token for token in tokens if token), "")
    if not hmac.compare_digest(given.encode(), account.storage.token_of(credential.secret_id).encode()):
        raise ObjectRefusal(assumptions.object_bad_token_code)


def check_rights(world: World, account: Account, credential: StorageCredential, asked: Demand) -> None:
    bucket = asked.target.bucket
    if bucket and bucket not in account.storage.buckets:
        raise ObjectRefusal("NoSuchBucket")
    if credential.kind == "own":
        return
    if bucket and bucket != credential.bucket:
        raise ObjectRefusal("AccessDenied")
    deletes = world.assumptions.upload_credential_deletes
    may = (
        may_upload(credential, asked, deletes) if credential.kind == "upload" else may_read(account, credential, asked)
    )
    if not may:
        raise ObjectRefusal("AccessDenied")


def may_upload(credential: StorageCredential, asked: Demand, deletes: bool) -> bool:
    """To its one path (documented). SDKs list what was begun at it before they upload in parts (observed)."""
    key, operation = credential.path[1:], asked.operation
    if operation == "ListMultipartUploads":
        return asked.params.get("prefix", "").lstrip("/") == key
    return asked.target.key == key and (operation in WRITING or (deletes and operation == "DeleteObject"))


def may_read(account: Account, credential: StorageCredential, asked: Demand) -> bool:
    """What was uploaded for its app, and what is everybody's."""
    corp = f"corp/{account.uin}"
    places = (f"{corp}/{credential.base}/", f"{corp}/doc/", f"{PUBLIC}{account.uin}/")
    if asked.operation in LISTING:
        return asked.params.get("prefix", "").lstrip("/").startswith(places)
    return asked.operation in READING and asked.target.key.startswith(places)


def owner_of(world: World, target: Target) -> Account | None:
    """The account whose bucket or path it is."""
    pieces = target.key.split("/", 2)
    named = world.accounts.get(pieces[1]) if len(pieces) > 2 and f"{pieces[0]}/" in ("corp/", PUBLIC) else None
    if target.bucket:
        return next((one for one in world.accounts.values() if target.bucket in one.storage.buckets), None)
    return named
