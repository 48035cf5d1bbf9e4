"""What there is in a bucket: objects, and uploads that are under way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from lke_emulator.exchange.answer import Answer
from lke_emulator.objects.operations import ObjectCall
from lke_emulator.objects.refusal import argument
from lke_emulator.objects.xml import Members, document, iso, written_key

MOST = 1000
"""Rows of an answer (documented)."""
T = TypeVar("T")


class Page(NamedTuple):
    rows: list[Any]
    prefixes: list[str]
    """What several keys begin with, up to the delimiter."""
    following: Any
    """The last row, where there are more; else None."""


def count_of(params: Mapping[str, str], name: str) -> int:
    value = params.get(name) or str(MOST)
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and int(value) > 0):
        raise argument(name, f"from 1 to {MOST}", value)
    return min(MOST, int(value))


def encoding_of(params: Mapping[str, str]) -> str | None:
    value = params.get("encoding-type") or None
    if value not in (None, "url"):
        raise argument("encoding-type", "url", str(value))
    return value


def page_of(rows: Iterable[T], key_of: Callable[[T], str], prefix: str, delimiter: str, most: int) -> Page:
    """The first rows, those below one common prefix counted as one."""
    found: list[T] = []
    prefixes: dict[str, None] = {}
    last: T | None = None
    for row in rows:
        head, divided, _ = key_of(row)[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        common = prefix + head + divided if divided else ""
        if common not in prefixes and len(found) + len(prefixes) == most:
            return Page(found, list(prefixes), last)
        if common:
            prefixes[common] = None
            last = row
        else:
            found.append(row)
            last = row
    return Page(found, list(prefixes), None)


def owner(work: ObjectCall, name: str = "Owner") -> tuple[str, Members]:
    uin = work.account.uin
    return name, [("ID", f"qcs::cam::uin/{uin}:uin/{uin}"), ("DisplayName", uin)]


def common_prefixes(page: Page, encoding: str | None) -> Sequence[tuple[str, Members]]:
    return [("CommonPrefixes", [("Prefix", written_key(each, encoding))]) for each in page.prefixes]


def list_objects(work: ObjectCall) -> Answer:
    params = work.params
    encoding, most = encoding_of(params), count_of(params, "max-keys")
    prefix, delimiter, marker = (params.get(name, "") for name in ("prefix", "delimiter", "marker"))
    place = prefix.lstrip("/")
    after = (one for one in work.account.objects.below(place) if one.key > marker)
    if delimiter and marker.endswith(delimiter):  # the marker is a common prefix, of which everything was told
        after = (one for one in after if not one.key.startswith(marker))
    page = page_of(after, lambda one: one.key, place, delimiter, most)
    contents = [
        (
            "Contents",
            [
                ("Key", written_key(one.key, encoding)),
                ("LastModified", iso(one.modified)),
                ("ETag", f'"{one.etag}"'),
                ("Size", one.size),
                owner(work),
                ("StorageClass", "STANDARD"),
            ],
        )
        for one in page.rows
    ]
    following = next_marker(page, place, delimiter)
    return document(
        "ListBucketResult",
        [
            ("Name", work.bucket),
            ("Encoding-Type", encoding),
            ("Prefix", written_key(prefix, encoding)),
            ("Marker", written_key(marker, encoding)),
            ("NextMarker", following and written_key(following, encoding)),
            ("MaxKeys", most),
            ("Delimiter", delimiter or None),
            ("IsTruncated", following is not None),
            *contents,
            *common_prefixes(page, encoding),
        ],
    )


def next_marker(page: Page, prefix: str, delimiter: str) -> str | None:
    if page.following is None:
        return None
    key: str = page.following.key
    return next((each for each in page.prefixes if key.startswith(each)), key)


def list_multipart_uploads(work: ObjectCall) -> Answer:
    params = work.params
    encoding, most = encoding_of(params), count_of(params, "max-uploads")
    names = ("prefix", "delimiter", "key-marker", "upload-id-marker")
    prefix, delimiter, key_marker, id_marker = (params.get(name, "") for name in names)
    place = prefix.lstrip("/")
    rows = sorted(work.account.multipart.below(place), key=lambda each: each.path)  # of one key the oldest first
    ids = [each.id for each in rows]
    if id_marker in ids:
        rows = rows[ids.index(id_marker) + 1 :]
    elif key_marker:
        rows = [each for each in rows if each.path[1:] > key_marker]
    page = page_of(rows, lambda each: each.path[1:], place, delimiter, most)
    last = page.following
    uploads = [
        (
            "Upload",
            [
                ("Key", written_key(each.path[1:], encoding)),
                ("UploadId", each.id),
                ("StorageClass", "STANDARD"),
                owner(work, "Initiator"),
                owner(work),
                ("Initiated", iso(each.began)),
            ],
        )
        for each in page.rows
    ]
    return document(
        "ListMultipartUploadsResult",
        [
            ("Bucket", work.bucket),
            ("Encoding-Type", encoding),
            ("KeyMarker", written_key(key_marker, encoding)),
            ("UploadIdMarker", id_marker),
            ("NextKeyMarker", last and written_key(last.path[1:], encoding)),
            ("NextUploadIdMarker", last and last.id),
            ("MaxUploads", most),
            ("Prefix", written_key(prefix, encoding)),
            ("Delimiter", delimiter),
            ("IsTruncated", last is not None),
            *uploads,
            *common_prefixes(page, encoding),
        ],
    )
