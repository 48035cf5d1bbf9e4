"""Object storage as the official SDK of Python uses it: put, read, listed, deleted, in parts, by signed addresses."""

from hashlib import md5
from pathlib import Path
from time import time
from urllib.parse import urlsplit

import httpx
import pytest

from contract_tests.conftest import Control
from contract_tests.lke.worlds import ROOT, SHOP
from contract_tests.objects.conftest import Bucket, Grant
from contract_tests.objects.stores import sdk
from lke_emulator.account.account import Account

CONTENT = b"123456789"
CRC64 = "11051210869376104954"
MB = 1 << 20


def test_what_is_put_is_read_and_told_in_the_case_that_the_sdk_reads(bucket: Bucket, grant: Grant) -> None:
    up = grant("md")
    put = bucket(up).put_object(up["Bucket"], CONTENT, up["UploadPath"], ContentType="text/markdown")
    assert (put["ETag"], put["x-cos-hash-crc64ecma"]) == (f'"{md5(CONTENT).hexdigest()}"', CRC64)
    down = grant()
    got = bucket(down).get_object(down["Bucket"], up["UploadPath"])
    assert got["Body"].get_raw_stream().read() == CONTENT
    head = bucket(down).head_object(down["Bucket"], up["UploadPath"])
    for answer in (got, head):
        for name in ("ETag", "Last-Modified", "Date", "Server", "Accept-Ranges", "Connection", "x-cos-request-id"):
            assert answer[name], name
        assert (answer["Content-Length"], answer["Content-Type"]) == (str(len(CONTENT)), "text/markdown")
        assert answer["x-cos-hash-crc64ecma"] == CRC64


def test_a_part_of_an_object_is_read(bucket: Bucket, grant: Grant) -> None:
    up, down = grant("txt"), grant()
    bucket(up).put_object(up["Bucket"], CONTENT, up["UploadPath"])
    for asked, expected, told in (
        ("bytes=2-4", b"345", "bytes 2-4/9"),
        ("bytes=7-", b"89", "bytes 7-8/9"),
        ("bytes=-3", b"789", "bytes 6-8/9"),
        ("bytes=4-400", b"56789", "bytes 4-8/9"),
    ):
        got = bucket(down).get_object(down["Bucket"], up["UploadPath"], Range=asked)
        assert (got["Body"].get_raw_stream().read(), got["Content-Range"]) == (expected, told)
        assert got["x-cos-hash-crc64ecma"] == CRC64


def test_what_is_read_can_be_given_other_headers(bucket: Bucket, grant: Grant) -> None:
    up, down = grant("txt"), grant()
    bucket(up).put_object(up["Bucket"], CONTENT, up["UploadPath"], Metadata={"x-cos-meta-a": "b"})
    overrides = {"ResponseContentType": "text/html", "ResponseContentDisposition": "attachment; filename=a.txt"}
    got = bucket(down).get_object(down["Bucket"], up["UploadPath"], **overrides)
    assert (got["Content-Type"], got["Content-Disposition"]) == ("text/html", "attachment; filename=a.txt")
    assert got["x-cos-meta-a"] == "b"


def test_a_deleted_object_is_gone_and_deleting_it_again_is_well(bucket: Bucket, grant: Grant, shop: Account) -> None:
    up = grant("txt")
    client = bucket(up)
    client.put_object(up["Bucket"], CONTENT, up["UploadPath"])
    for _ in range(2):
        client.delete_object(up["Bucket"], up["UploadPath"])
        assert shop.objects.get(up["UploadPath"]) is None


def test_objects_are_listed_page_by_page_and_by_folder(bucket: Bucket, grant: Grant) -> None:
    paths = []
    for _ in range(3):
        up = grant("txt")
        bucket(up).put_object(up["Bucket"], CONTENT, up["UploadPath"])
        paths.append(up["UploadPath"][1:])
    down = grant()
    client, prefix = bucket(down), f"corp/{ROOT}/{SHOP}/"
    found, marker = [], ""
    for _ in range(3):
        page = client.list_objects(down["Bucket"], Prefix=prefix, MaxKeys=1, Marker=marker)
        found += [one["Key"] for one in page["Contents"]]
        marker = page.get("NextMarker", "")
        assert page["IsTruncated"] == ("true" if len(found) < 3 else "false")
    assert found == sorted(paths)
    folders = client.list_objects(down["Bucket"], Prefix=prefix, Delimiter="/")
    assert [each["Prefix"] for each in folders["CommonPrefixes"]] == [f"{prefix}doc/"]
    assert "Contents" not in folders


def test_a_large_file_goes_up_in_parts_and_comes_down_in_ranges(
    bucket: Bucket, grant: Grant, tmp_path: Path, shop: Account
) -> None:
    content = bytes(range(256)) * (10 * MB // 1024)
    (source := tmp_path / "large.txt").write_bytes(content)
    up, down = grant("txt"), grant()
    done = bucket(up).upload_file(up["Bucket"], up["UploadPath"], str(source), PartSize=1, MAXThread=2)
    assert done["ETag"].strip('"').endswith("-3")
    assert shop.objects.get(up["UploadPath"]).content == content  # type: ignore[union-attr]
    assert shop.multipart.saved().uploads == ()
    target = tmp_path / "down.txt"
    bucket(down).download_file(down["Bucket"], up["UploadPath"], str(target), PartSize=1, EnableCRC=True)
    assert target.read_bytes() == content


def test_an_upload_that_was_begun_is_resumed(bucket: Bucket, grant: Grant, tmp_path: Path, shop: Account) -> None:
    content = b"x" * MB + b"y" * MB + b"z"
    (source := tmp_path / "large.txt").write_bytes(content)
    up = grant("txt")
    client = bucket(up)
    id = client.create_multipart_upload(up["Bucket"], up["UploadPath"])["UploadId"]
    client.upload_part(up["Bucket"], up["UploadPath"], b"x" * MB, 1, id)
    client.upload_part(up["Bucket"], up["UploadPath"], b"wrong", 2, id)
    client.upload_part(up["Bucket"], up["UploadPath"], b"y" * MB, 2, id)
    listed = client.list_parts(up["Bucket"], up["UploadPath"], id)
    assert [(part["PartNumber"], part["Size"]) for part in listed["Part"]] == [("1", str(MB)), ("2", str(MB))]
    (begun,) = client.list_multipart_uploads(up["Bucket"], Prefix=up["UploadPath"][1:])["Upload"]
    assert (begun["Key"], begun["UploadId"]) == (up["UploadPath"][1:], id)
    client.upload_file(up["Bucket"], up["UploadPath"], str(source), PartSize=1)
    assert shop.objects.get(up["UploadPath"]).content == content  # type: ignore[union-attr]
    assert shop.multipart.saved().uploads == ()


def test_an_upload_that_is_aborted_leaves_nothing(bucket: Bucket, grant: Grant, shop: Account) -> None:
    up = grant("txt")
    client = bucket(up)
    id = client.create_multipart_upload(up["Bucket"], up["UploadPath"])["UploadId"]
    client.upload_part(up["Bucket"], up["UploadPath"], CONTENT, 1, id)
    client.abort_multipart_upload(up["Bucket"], up["UploadPath"], id)
    assert (shop.multipart.saved().uploads, shop.objects.get(up["UploadPath"])) == ((), None)


def test_the_bucket_has_a_host_of_its_own(grant: Grant, emulator: Control) -> None:
    up, down = grant("txt"), grant()
    port = urlsplit(emulator.url).port
    sdk(up, IP="127.0.0.1", Port=port).put_object(up["Bucket"], CONTENT, up["UploadPath"])
    got = sdk(down, IP="127.0.0.1", Port=port).get_object(down["Bucket"], up["UploadPath"])
    assert got["Body"].get_raw_stream().read() == CONTENT


def test_the_bucket_is_reached_through_a_proxy(grant: Grant, emulator: Control) -> None:
    up, down = grant("txt"), grant()
    proxies = {"http": emulator.url}
    sdk(up, Proxies=proxies).put_object(up["Bucket"], CONTENT, up["UploadPath"])
    got = sdk(down, Proxies=proxies).get_object(down["Bucket"], up["UploadPath"])
    assert got["Body"].get_raw_stream().read() == CONTENT


@pytest.mark.parametrize("name", ["a b-测试.md", "x//y.md", "+%2F~!*'().md"])
def test_a_key_of_any_signs_is_one_key(
    bucket: Bucket, grant: Grant, shop: Account, name: str, emulator: Control
) -> None:
    """Signed as it is decoded, and never collapsed."""
    key = f"corp/{ROOT}/{SHOP}/doc/{name}"
    url = emulator.url + shop.storage.address("PUT", f"/{key}", int(time()), 60)
    assert httpx.put(url, content=CONTENT).status_code == 200
    down = grant()
    got = bucket(down).get_object(down["Bucket"], key, KeySimplifyCheck=False)
    assert got["Body"].get_raw_stream().read() == CONTENT


def test_addresses_are_signed_by_the_sdk(bucket: Bucket, grant: Grant) -> None:
    up, down = grant("txt"), grant()
    params = {"x-cos-security-token": up["Credentials"]["Token"]}
    put = bucket(up).get_presigned_url(up["Bucket"], up["UploadPath"], "PUT", Params=params)
    assert httpx.put(put, content=CONTENT).status_code == 200
    params = {"x-cos-security-token": down["Credentials"]["Token"]}
    get = bucket(down).get_presigned_url(down["Bucket"], up["UploadPath"], "GET", Params=params)
    assert httpx.get(get).content == CONTENT
    assert httpx.put(get, content=b"").status_code == 403


def test_a_plain_put_to_upload_url_is_read_from_file_url(grant: Grant) -> None:
    up = grant("pdf")
    put = httpx.put(up["UploadUrl"], content=CONTENT, headers={"Content-Type": "application/pdf"})
    assert (put.status_code, put.headers["x-cos-hash-crc64ecma"]) == (200, CRC64)
    got = httpx.get(up["FileUrl"])
    assert (got.content, got.headers["content-type"]) == (CONTENT, "application/pdf")


def test_a_chunked_body_is_taken(grant: Grant) -> None:
    up = grant("txt")
    assert httpx.put(up["UploadUrl"], content=iter([b"1234", b"56789"])).status_code == 200
    assert httpx.get(up["FileUrl"]).content == CONTENT


def test_a_public_picture_is_read_by_anybody(bucket: Bucket, grant: Grant, emulator: Control) -> None:
    up = grant("png", IsPublic=True, TypeKey="realtime")
    assert up["UploadPath"].startswith(f"/public/{ROOT}/{SHOP}/image/")
    assert up["Bucket"] != grant("png")["Bucket"]
    bucket(up).put_object(up["Bucket"], CONTENT, up["UploadPath"], ContentType="image/png")
    got = httpx.get(emulator.url + up["UploadPath"])
    assert (got.content, got.headers["content-type"]) == (CONTENT, "image/png")


def test_what_a_reader_has_already_is_not_sent(bucket: Bucket, grant: Grant) -> None:
    up = grant("txt")
    bucket(up).put_object(up["Bucket"], CONTENT, up["UploadPath"])
    got = httpx.get(up["FileUrl"])
    etag, date = got.headers["etag"], got.headers["last-modified"]
    assert httpx.get(up["FileUrl"], headers={"If-None-Match": etag}).status_code == 304
    assert httpx.get(up["FileUrl"], headers={"If-Modified-Since": date}).status_code == 304
    assert httpx.get(up["FileUrl"], headers={"If-Match": etag}).content == CONTENT
    assert httpx.get(up["FileUrl"], headers={"If-Match": '"other"'}).status_code == 412
    early = {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}
    assert httpx.get(up["FileUrl"], headers=early).status_code == 412
