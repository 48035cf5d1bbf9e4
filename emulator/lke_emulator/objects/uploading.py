"""Uploads in parts: begun, a part put, completed, aborted, listed."""

from collections.abc import Sequence
from io import BytesIO

from lke_emulator.account.call import Wait
from lke_emulator.exchange.answer import Answer, Parts, Spelled
from lke_emulator.knowledge.multipart import PARTS, MultipartUpload, UploadedPart
from lke_emulator.knowledge.objects import LARGEST
from lke_emulator.objects.listing import count_of, encoding_of, owner
from lke_emulator.objects.operations import ObjectCall, check_body, object_headers, said_of
from lke_emulator.objects.refusal import ObjectRefusal, argument
from lke_emulator.objects.xml import document, iso, written_key

DEEPEST = 3
"""Elements in elements of a completion: the whole, a part, its number."""
LONGEST = 100
"""Signs of a number or ETag that are looked at."""
SLICE = 8 << 20
"""Bytes that are copied while nobody else is served: 200 MiB at once took a quarter of a second."""
SMALLEST = 1 << 20
"""Bytes of every part but the last (documented)."""


def initiate_multipart_upload(work: ObjectCall) -> Answer:
    account = work.account
    id = f"{int(work.now)}{account.ids.hex(54)}"
    account.multipart.begin(
        MultipartUpload(id=id, path=work.path, began=work.now, headers=said_of(work.raw.headers), parts=[])
    )
    return document(
        "InitiateMultipartUploadResult", [("Bucket", work.bucket), ("Key", work.target.key), ("UploadId", id)]
    )


def found_upload(work: ObjectCall) -> MultipartUpload:
    found = work.account.multipart.get(work.params["uploadId"], work.path)
    if found is None:
        raise ObjectRefusal("NoSuchUpload")
    return found


def upload_part(work: ObjectCall) -> Answer:
    digest = check_body(work.raw)
    number, upload = part_number(work.params.get("partNumber", "")), found_upload(work)
    before = upload.find(number)
    if upload.size - (len(before.content) if before else 0) + len(work.raw.body) > LARGEST:
        raise ObjectRefusal("EntityTooLarge", f"an object has at most {LARGEST} bytes")
    part = UploadedPart(number=number, content=work.raw.body, etag=digest.etag, crc64=digest.crc64, modified=work.now)
    upload.put(part)
    return Answer(b"", [(Spelled(b"ETag"), f'"{part.etag}"'.encode()), (b"x-cos-hash-crc64ecma", b"%d" % part.crc64)])


def part_number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and 0 < int(value) <= PARTS):
        raise argument("partNumber", f"from 1 to {PARTS}", value)
    return int(value)


def complete_multipart_upload(work: ObjectCall) -> Parts:
    """Others are served between slices; whoever aborts or completes the upload meanwhile was first."""
    upload, account, content = found_upload(work), work.account, BytesIO()
    parts, copied = chosen_parts(upload, listed_parts(work.raw.body)), 0
    for part in parts:
        for start in range(0, len(part.content), SLICE):
            copied += content.write(memoryview(part.content)[start : start + SLICE])
            if copied >= SLICE:
                copied = 0
                yield Wait(0)
    found_upload(work)
    one = upload.whole(parts, content.getvalue(), work.now)
    account.objects.put(one)
    account.multipart.end(upload)
    host = work.raw.headers.get("host", "")
    members = [("Location", f"http://{host}{work.path}"), ("Bucket", work.bucket), ("Key", work.target.key)]
    answer = document("CompleteMultipartUploadResult", [*members, ("ETag", f'"{one.etag}"')])
    yield answer._replace(headers=[*answer.headers, *object_headers(one)[1:]])


def listed_parts(body: bytes) -> list[tuple[int, str]]:
    """Numbers and ETags without quotes, of the body of a completion."""
    from xml.etree.ElementTree import ParseError, XMLParser

    completion = PartList()
    try:
        parser = XMLParser(target=completion)
        parser.feed(body)
        parser.close()
    except (ParseError, ValueError, LookupError):
        raise ObjectRefusal("MalformedXML") from None
    rows = [(part.get("PartNumber", ""), part.get("ETag", "")) for part in completion.parts]
    if not rows or any(not etag for _, etag in rows):
        raise ObjectRefusal("MalformedXML")
    return [(part_number(number.strip()), etag.strip().strip('"')) for number, etag in rows]


class PartList:
    """What a parser is to tell its events; it ends at the first thing that no completion has."""

    def __init__(self) -> None:
        self.parts: list[dict[str, str]] = []
        self._open: list[str] = []

    def start(self, tag: str, attributes: object) -> None:
        self._open.append(tag.rpartition("}")[2])
        if self._open[1:] == ["Part"]:
            self.parts.append({})
        if len(self._open) > DEEPEST or len(self.parts) > PARTS:
            raise ObjectRefusal("MalformedXML")

    def data(self, text: str) -> None:
        if len(self._open) == DEEPEST and self.parts:
            part, name = self.parts[-1], self._open[-1]
            part[name] = (part.get(name, "") + text)[:LONGEST]

    def end(self, tag: str) -> None:
        self._open.pop()

    def doctype(self, *declared: object) -> None:
        raise ObjectRefusal("MalformedXML")

    def close(self) -> None:
        pass


def chosen_parts(upload: MultipartUpload, rows: Sequence[tuple[int, str]]) -> list[UploadedPart]:
    numbers = [number for number, _ in rows]
    if numbers != sorted(set(numbers)):
        raise ObjectRefusal("InvalidPartOrder")
    found = []
    for number, etag in rows:
        part = upload.find(number)
        if part is None or part.etag != etag:
            raise ObjectRefusal("InvalidPart", f"there is no part {number} of this ETag")
        found.append(part)
    for part in found[:-1]:
        if len(part.content) < SMALLEST:
            raise ObjectRefusal("EntityTooSmall", f"part {part.number} has less than {SMALLEST} bytes")
    return found


def abort_multipart_upload(work: ObjectCall) -> Answer:
    work.account.multipart.end(found_upload(work))
    return Answer(b"", [], 204)


def list_parts(work: ObjectCall) -> Answer:
    params, upload = work.params, found_upload(work)
    encoding, most = encoding_of(params), count_of(params, "max-parts")
    marker = params.get("part-number-marker") or "0"
    if not (marker.isascii() and marker.isdecimal() and len(marker) < 6):
        raise argument("part-number-marker", f"from 0 to {PARTS}", marker)
    after = [part for part in upload.parts if part.number > int(marker)]
    rows = after[:most]
    parts = [
        (
            "Part",
            [
                ("PartNumber", part.number),
                ("LastModified", iso(part.modified)),
                ("ETag", f'"{part.etag}"'),
                ("Size", len(part.content)),
            ],
        )
        for part in rows
    ]
    return document(
        "ListPartsResult",
        [
            ("Bucket", work.bucket),
            ("Encoding-type", encoding),
            ("Key", written_key(work.target.key, encoding)),
            ("UploadId", upload.id),
            owner(work, "Initiator"),
            owner(work),
            ("StorageClass", "STANDARD"),
            ("PartNumberMarker", int(marker)),
            ("NextPartNumberMarker", rows[-1].number if rows else int(marker)),
            ("MaxParts", most),
            ("IsTruncated", len(after) > most),
            *parts,
        ],
    )
