"""Who calls: the credential whose signature a request carries, or the reason why it has none."""

import hmac
import re
from datetime import UTC, datetime
from functools import lru_cache, partial
from hashlib import sha256

from lke_emulator.account.records import Credential
from lke_emulator.account.world import World
from lke_emulator.exchange.raw import Raw
from lke_emulator.gateway.common import Common
from lke_emulator.primitives.clock import real_now
from lke_emulator.protocol import signature
from lke_emulator.protocol.errors import refusal

END_OF_TIME = 253_402_300_800
"""9999-12-31: a later timestamp has no date, and is expired in any case."""
FORWARDED = "x-forwarded-host"
"""What a proxy says that the Host was."""
SKEW = 300
"""Seconds a timestamp may differ from the server's, either way (documented)."""
SIGNERS_KEPT = 16
CREDENTIAL_ID = re.compile(r"Credential=([^/,\s]*)")


def judging_moment(world: World, secret_id: str) -> float:
    """Now, as signatures are judged (assumption `signatures`)."""
    credential = world.credentials.get(secret_id) if world.assumptions.signatures == "account" else None
    return real_now() if credential is None else world.accounts[credential.account].clock.now()


def check_time(world: World, secret_id: str, timestamp: str) -> None:
    if world.assumptions.signatures == "any":
        return
    now = judging_moment(world, secret_id)
    if abs(now - int(timestamp)) > SKEW:
        raise refusal("expired", now=int(now), timestamp=int(timestamp))


def find(world: World, secret_id: str) -> Credential:
    """Unknown ids, the empty one too, are SecretIdNotFound whatever the signature (observed)."""
    credential = world.credentials.get(secret_id)
    if credential is None:
        raise refusal("secret-id", secret_id=secret_id)
    return credential


def check_token(world: World, credential: Credential, token: str) -> None:
    """Documented: a token goes with temporary keys, and with them alone. An expired one is wrong (inferred)."""
    if credential.token is None and not token:
        return
    ends = credential.expires_at
    expired = ends is not None and judging_moment(world, credential.secret_id) > ends
    if expired or not hmac.compare_digest(token.encode(), (credential.token or "").encode()):
        raise refusal("token")


def signer(credential: Credential, date: str, service: str) -> signature.Signer:
    signers = credential.signers
    found = signers.get((date, service))
    if found is None:
        if len(signers) >= SIGNERS_KEPT:
            signers.clear()
        key = signature.signing_key(credential.secret_key, date, service)
        found = signers[date, service] = signature.Signer(key)
    return found


@lru_cache(16)
def utc_date(day: int) -> str:
    """The date of a day counted from 1970-01-01."""
    return f"{datetime.fromtimestamp(day * 86_400, UTC):%Y-%m-%d}"


def payload_hash(raw: Raw) -> str:
    """The hash that the signature covers; a wrong X-TC-Content-SHA256 is refused in its own words (documented)."""
    declared = raw.headers.get("x-tc-content-sha256")
    if declared == "UNSIGNED-PAYLOAD":
        return signature.UNSIGNED_PAYLOAD
    actual = sha256(raw.body).hexdigest()
    if declared and declared.lower() != actual:
        raise refusal("content-hash")
    return actual


def check_scope(authorization: signature.Authorization, timestamp: int, product: str, strict: bool) -> None:
    """The credential scope's signed headers, date (the timestamp's in UTC) and service; `strict`: it must be the product."""
    names = signature.names_of(authorization.signed_headers)
    if "content-type" not in names or "host" not in names:
        raise signature.malformed("SignedHeaders")
    if timestamp < END_OF_TIME and authorization.date != utc_date(timestamp // 86_400):
        raise signature.malformed("Date")
    if strict and authorization.service != product:
        raise signature.malformed("Service")


def by_header(
    world: World,
    raw: Raw,
    common: Common,
    product: str,
    authorization: signature.Authorization | None,
    strict_scope: bool,
) -> Credential:
    """TC3. Raises InvalidAuthorization, SignatureExpire, SecretIdNotFound, SignatureFailure or TokenFailure, in that order."""
    headers = raw.headers
    if authorization is None:
        raise signature.malformation(headers["authorization"])
    check_scope(authorization, int(common.timestamp), product, strict_scope)
    check_time(world, authorization.secret_id, common.timestamp)
    credential = find(world, authorization.secret_id)
    query = raw.query if raw.method == "GET" else ""
    signed = signature.Signed(raw.method, query, headers, headers.get("host", ""), common.timestamp, payload_hash(raw))
    if not signature.tc3_verified(signed, authorization, signer(credential, authorization.date, authorization.service)):
        kept = {name: headers.get(name, "") for name in (*signature.names_of(authorization.signed_headers), FORWARDED)}
        signed = signed._replace(headers=kept)
        error = refusal("signature", signed=signed, authorization=authorization)
        error.detail = partial(tc3_sides, signed, authorization)
        raise error
    check_token(world, credential, common.token)
    return credential


def by_params(world: World, raw: Raw, common: Common, product: str, params: dict[str, str]) -> Credential:
    """v1, HmacSHA1 or HmacSHA256."""
    check_time(world, params["SecretId"], common.timestamp)
    credential = find(world, params["SecretId"])
    host = raw.headers.get("host", "")
    if not signature.v1_verified(raw.method, host, product, params, credential.secret_key):
        error = refusal("signature", method=raw.method, host=host, service=product)
        error.detail = partial(parameter_sides, raw.method, host, params)
        raise error
    check_token(world, credential, common.token)
    return credential


def tc3_sides(signed: signature.Signed, authorization: signature.Authorization) -> dict[str, dict[str, str]]:
    from lke_emulator.protocol.attempts import both_sides  # by whoever looks at a refusal

    return both_sides(signed, authorization)


def parameter_sides(method: str, host: str, params: dict[str, str]) -> dict[str, dict[str, str]]:
    from lke_emulator.protocol.attempts import v1_sides

    return v1_sides(method, host, params)


def anyone(world: World, raw: Raw, params: dict[str, str]) -> Credential:
    """`--auth off`: the credential that is named, signed or not, else the first account's root."""
    named = CREDENTIAL_ID.search(raw.headers.get("authorization", ""))
    secret_id = named.group(1) if named else params.get("SecretId", "")
    return world.credentials.get(secret_id) or world.first_credential
