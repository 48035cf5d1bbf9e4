"""Object storage, where documents are uploaded to and read from: requests of its SDKs, addresses that are signed, browsers."""

from base64 import b64encode
from collections.abc import Mapping

from lke_emulator.exchange.answer import Answer, Headers, Part, Parts, Spelled
from lke_emulator.exchange.delivery import KEEP_ALIVE
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.knowledge.objects import LARGEST
from lke_emulator.objects import listing, operations, uploading
from lke_emulator.objects.authorization import (
    PUBLIC,
    READING,
    Demand,
    check_rights,
    check_signed,
    found_credential,
    owner_of,
    signed_by,
)
from lke_emulator.objects.host import Target, pairs_of, target_of
from lke_emulator.objects.operations import ObjectCall, Operation, operation_of
from lke_emulator.objects.refusal import ObjectRefusal, xml_refusal

OPERATIONS: dict[str, Operation] = {
    "PutObject": operations.put_object,
    "GetObject": operations.get_object,
    "HeadObject": operations.head_object,
    "DeleteObject": operations.delete_object,
    "ListObjects": listing.list_objects,
    "ListMultipartUploads": listing.list_multipart_uploads,
    "InitiateMultipartUpload": uploading.initiate_multipart_upload,
    "UploadPart": uploading.upload_part,
    "CompleteMultipartUpload": uploading.complete_multipart_upload,
    "AbortMultipartUpload": uploading.abort_multipart_upload,
    "ListParts": uploading.list_parts,
}
COMPLETION = 2 << 20
"""Bytes of the body that completes an upload: ten thousand parts."""
METHODS = b"PUT, GET, POST, DELETE, HEAD"
SHOWN = (
    b"ETag, Date, Content-Length, Content-Range, Last-Modified, x-cos-request-id, x-cos-trace-id, x-cos-hash-crc64ecma,"
    b" x-cos-version-id"
)
"""What a browser's SDK reads; without some of them it fails (observed)."""
MAX_AGE = b"3600"


class ObjectsSurface(Exchange):
    surface = "objects"
    tells_answers = False
    refusals = (ObjectRefusal,)
    takes_content = True

    target: Target
    params: Mapping[str, str]
    operation = ""

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        return {"PUT": LARGEST, "POST": COMPLETION}.get(method, 0)

    def draw_id(self) -> str:
        return b64encode(super().draw_id().replace("-", "_").encode()).decode()

    def identify(self) -> None:
        raw, world, entry = self.raw, self.world, self.entry
        pairs = pairs_of(raw.query)
        params = self.params = dict(pairs)
        self.target = target_of(raw.path, raw.headers, world.assumptions.object_key_strip_slash)
        entry.names = {"path": "/" + self.target.key} | {
            name: params[name] for name in ("prefix", "partNumber", "uploadId") if name in params
        }
        if "origin" in raw.headers and not self.cors():
            raise ObjectRefusal("AccessForbidden")
        self.operation = operation_of(raw.method, self.target.key, params)
        entry.operation = f"objects.{self.operation}"
        if raw.method in ("GET", "HEAD"):
            self.may_change = None
        if self.settings.auth == "off":
            self.account = owner_of(world, self.target) or world.accounts[world.first_credential.account]
            entry.account = self.account.uin
        else:
            self.check(pairs)

    def check(self, pairs: list[tuple[str, str]]) -> None:
        """That the caller may do what is asked for."""
        raw, world, entry = self.raw, self.world, self.entry
        signed = signed_by(raw, self.params)
        if signed is None:
            self.account = owner_of(world, self.target)
            if self.account is None and self.target.bucket:
                raise ObjectRefusal("NoSuchBucket")
            is_public = self.operation in READING and self.target.key.startswith(PUBLIC)
            if self.account is None or not is_public:
                raise ObjectRefusal("AccessDenied")
            entry.account = self.account.uin
            return
        account, credential = found_credential(world, signed.secret_id)
        self.account, entry.account, entry.caller = account, account.uin, credential.caller
        check_signed(world, account, credential, signed, raw, pairs)
        self.in_bucket(credential.bucket)
        check_rights(world, account, credential, Demand(self.operation, self.target, self.params))

    def in_bucket(self, bucket: str) -> None:
        """At a host without one the bucket is that of the credential; a path that begins with its name is path style."""
        key = self.target.key
        if bucket and not self.target.bucket and key.startswith(f"{bucket}/"):
            self.target = Target(bucket, key[len(bucket) + 1 :].lstrip("/"))
            self.operation = operation_of(self.raw.method, self.target.key, self.params)

    def serve(self) -> Answer | Parts:
        account, target = self.account, self.target
        assert account is not None
        bucket = target.bucket or account.storage.bucket("offline")
        work = ObjectCall(account, self.raw, target, self.params, bucket, account.clock.now())
        given = OPERATIONS[self.operation](work)
        return self.headed(given) if isinstance(given, Answer) else self.later(given)

    def headed(self, answer: Answer) -> Answer:
        return answer._replace(headers=[*self.always(), *answer.headers])

    def later(self, parts: Parts) -> Answer | Parts:
        """Where nothing is waited for it is an answer like any other."""
        first = next(parts)
        return self.headed(first) if isinstance(first, Answer) else self.waited(first, parts)

    def waited(self, first: Part, parts: Parts) -> Parts:
        yield first
        for part in parts:
            if isinstance(part, Answer):
                self.entry.end()
                part = self.headed(part)
            yield part

    def always(self) -> Headers:
        return [
            (Spelled(b"Server"), b"tencent-cos"),
            (Spelled(b"Connection"), KEEP_ALIVE[1]),
            (b"x-cos-request-id", self.request_id.encode()),
        ]

    def refuse(self, error: Exception) -> Answer:
        assert isinstance(error, ObjectRefusal)
        self.entry.end(error.code, error.message)
        headers = [*self.always(), (b"x-cos-trace-id", self.request_id.encode())]
        answer = xml_refusal(error.code, error.message, self.raw.path, self.request_id, error.status, headers)
        return answer._replace(body=b"") if self.raw.method == "HEAD" else answer

    def internal(self) -> Exception:
        return ObjectRefusal("InternalError")

    def fault(self, code: str, message: str) -> Exception:
        return ObjectRefusal(code, message)

    def preflight(self) -> Headers | None:
        """None for an origin that may not: it is then refused as any other request of its would be."""
        granted = self.cors()
        if not granted:
            return None
        asked = self.raw.headers.get("access-control-request-headers", "")
        return [
            *granted,
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", asked.encode("latin-1", "replace")),
            (b"access-control-max-age", MAX_AGE),
            (b"x-cos-request-id", self.draw_id().encode()),
        ]

    def cors(self) -> Headers:
        origin, origins = self.raw.headers.get("origin"), self.world.assumptions.object_cors_origins
        if origin is None or ("*" not in origins and origin not in origins):
            return []
        return [
            (b"access-control-allow-origin", origin.encode("latin-1", "replace")),
            (b"access-control-expose-headers", SHOWN),
            (b"vary", b"Origin"),
        ]
