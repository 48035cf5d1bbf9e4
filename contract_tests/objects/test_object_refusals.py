"""What object storage refuses, with which code, and that nothing is left of it."""

import json
import re
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import md5
from time import time
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qcloud_cos.cos_exception import CosServiceError
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control
from contract_tests.lke.worlds import PLAIN, ROOT, SHOP
from contract_tests.objects.conftest import Bucket, Grant
from contract_tests.objects.stores import Granted, sdk
from lke_emulator.account.account import Account
from lke_emulator.account.faults import FaultRule
from lke_emulator.knowledge.objects import LARGEST
from lke_emulator.objects.refusal import CODES
from lke_emulator.protocol.object_signature import presigned

MB = 1 << 20
TAGS = ("Code", "Message", "Resource", "RequestId")


def code_of(call: Callable[..., Any], *args: Any, **members: Any) -> tuple[int, str]:
    with pytest.raises(CosServiceError) as caught:
        call(*args, **members)
    return caught.value.get_status_code(), caught.value.get_error_code()


def refused_with(answer: httpx.Response) -> tuple[int, str]:
    """Status and code, every member of the document being there."""
    told = {tag: re.search(f"<{tag}>(.+)</{tag}>", answer.text, re.DOTALL) for tag in TAGS}
    assert all(told.values()), answer.text
    assert answer.headers["content-type"] == "application/xml"
    assert answer.headers["x-cos-request-id"] == told["RequestId"][1]  # type: ignore[index]
    return answer.status_code, told["Code"][1]  # type: ignore[index]


def signed(shop: Account, granted: Granted, method: str, path: str, start: int, end: int) -> str:
    opened = granted["Credentials"]
    return presigned(opened["TmpSecretId"], opened["TmpSecretKey"], method, path, start, end)


def nothing(shop: Account) -> bool:
    return not shop.objects.saved().objects and not shop.multipart.saved().uploads


def test_an_upload_credential_is_for_one_path_and_reads_nothing(bucket: Bucket, grant: Grant, shop: Account) -> None:
    up, other = grant("txt"), grant("txt")
    client = bucket(up)
    denied = (403, "AccessDenied")
    assert code_of(client.put_object, up["Bucket"], b"x", other["UploadPath"]) == denied
    assert code_of(client.put_object, up["Bucket"], b"x", up["UploadPath"] + "x") == denied
    assert code_of(client.get_object, up["Bucket"], up["UploadPath"]) == denied
    assert code_of(client.list_objects, up["Bucket"], Prefix="corp/") == denied
    assert code_of(client.list_multipart_uploads, up["Bucket"]) == denied
    assert nothing(shop)


def test_a_download_credential_only_reads_and_only_of_its_app(bucket: Bucket, grant: Grant, shop: Account) -> None:
    up, down = grant("txt"), grant()
    client = bucket(down)
    denied = (403, "AccessDenied")
    assert code_of(client.put_object, down["Bucket"], b"x", up["UploadPath"]) == denied
    assert code_of(client.delete_object, down["Bucket"], up["UploadPath"]) == denied
    assert code_of(client.get_object, down["Bucket"], f"corp/{ROOT}/77/doc/a.txt") == denied
    assert code_of(client.list_objects, down["Bucket"], Prefix="corp/") == denied
    assert nothing(shop)


def test_whether_an_upload_credential_deletes_is_a_setting(bucket: Bucket, grant: Grant, emulator: Control) -> None:
    up = grant("txt")
    emulator.assume(upload_credential_deletes=False)
    assert code_of(bucket(up).delete_object, up["Bucket"], up["UploadPath"]) == (403, "AccessDenied")


def test_a_credential_of_the_other_bucket_opens_nothing(grant: Grant, emulator: Control) -> None:
    up, other = grant("txt"), grant("txt", TypeKey="realtime")
    client = sdk(up, IP="127.0.0.1", Port=int(emulator.url.rpartition(":")[2]))
    assert code_of(client.put_object, other["Bucket"], b"x", up["UploadPath"]) == (403, "AccessDenied")
    assert code_of(client.put_object, "nobody-1250000000", b"x", up["UploadPath"]) == (404, "NoSuchBucket")


def test_what_is_not_there_is_named(bucket: Bucket, grant: Grant) -> None:
    up, down = grant("txt"), grant()
    assert code_of(bucket(down).get_object, down["Bucket"], up["UploadPath"]) == (404, "NoSuchKey")
    assert code_of(bucket(down).head_object, down["Bucket"], up["UploadPath"]) == (404, "NoSuchResource")
    client, upload = bucket(up), (up["Bucket"], up["UploadPath"])
    assert code_of(client.upload_part, *upload, b"x", 1, "none") == (404, "NoSuchUpload")
    assert code_of(client.list_parts, *upload, "none") == (404, "NoSuchUpload")
    assert code_of(client.abort_multipart_upload, *upload, "none") == (404, "NoSuchUpload")


def test_a_wrong_signature_key_or_token_opens_nothing(bucket: Bucket, grant: Grant, shop: Account) -> None:
    up = grant("txt")
    for member, code in (
        ("TmpSecretKey", "SignatureDoesNotMatch"),
        ("TmpSecretId", "InvalidAccessKeyId"),
        ("Token", "AccessDenied"),
    ):
        wrong = {**up, "Credentials": {**up["Credentials"], member: "AKIDwrong"}}
        assert code_of(bucket(wrong).put_object, up["Bucket"], b"x", up["UploadPath"]) == (403, code)
    own = {**up, "Credentials": {"TmpSecretId": "AKIDlocal", "TmpSecretKey": "local-secret-key", "Token": None}}
    assert code_of(bucket(own).put_object, up["Bucket"], b"x", up["UploadPath"]) == (403, "AccessDenied")
    assert nothing(shop)


def test_the_code_of_a_wrong_token_is_a_setting(bucket: Bucket, grant: Grant, emulator: Control) -> None:
    up = grant("txt")
    emulator.assume(object_bad_token_code="InvalidToken")
    wrong = {**up, "Credentials": {**up["Credentials"], "Token": "x"}}
    assert code_of(bucket(wrong).put_object, up["Bucket"], b"x", up["UploadPath"]) == (403, "InvalidToken")


def test_a_signature_has_its_time(grant: Grant, shop: Account, emulator: Control) -> None:
    up, now = grant("txt"), int(time())
    path = up["UploadPath"]
    token = f"&x-cos-security-token={up['Credentials']['Token']}"

    def put(start: int, end: int) -> httpx.Response:
        return httpx.put(emulator.url + signed(shop, up, "PUT", path, start, end) + token, content=b"x")

    late = put(now - 100, now - 50)
    assert refused_with(late) == (403, "AccessDenied")
    assert "<Message>Request has expired</Message>" in late.text
    assert refused_with(put(now + 2000, now + 3000)) == (403, "RequestTimeTooSkewed")
    assert nothing(shop)
    assert put(now + 60, now + 3000).status_code == 200


def test_a_credential_ends_by_the_real_clock(bucket: Bucket, grant: Grant, emulator: Control, shop: Account) -> None:
    emulator.assume(upload_credential_ttl_s=0)
    shop.clock.set(time() - 10**8)
    up = grant("txt")
    assert up["ExpiredTime"] == up["StartTime"] <= time()
    now = int(time())
    token = f"&x-cos-security-token={up['Credentials']['Token']}"
    url = emulator.url + signed(shop, up, "PUT", up["UploadPath"], now, now + 60) + token
    assert refused_with(httpx.put(url, content=b"x")) == (400, "ExpiredToken")
    assert nothing(shop)


def test_without_a_signature_only_public_objects_are_read(emulator: Control, shop: Account, grant: Grant) -> None:
    url, up = emulator.url, grant("txt")
    for method in ("GET", "PUT", "DELETE"):
        assert refused_with(httpx.request(method, url + up["UploadPath"])) == (403, "AccessDenied")
    assert refused_with(httpx.put(f"{url}/public/{ROOT}/{SHOP}/image/a.png", content=b"x")) == (403, "AccessDenied")
    assert refused_with(httpx.get(f"{url}/public/{ROOT}/{SHOP}/image/a.png")) == (404, "NoSuchKey")
    assert refused_with(httpx.get(f"{url}/public/77/{SHOP}/image/a.png")) == (403, "AccessDenied")
    host = {"Host": "nobody-1.cos.ap-guangzhou.myqcloud.com"}
    assert refused_with(httpx.get(url + "/x", headers=host)) == (404, "NoSuchBucket")
    head = httpx.head(url + up["UploadPath"])
    assert (head.status_code, head.content) == (403, b"")
    assert nothing(shop)


def test_a_method_or_operation_that_there_is_not_is_refused(grant: Grant, emulator: Control) -> None:
    up = grant("txt")
    assert refused_with(httpx.patch(up["UploadUrl"])) == (405, "MethodNotAllowed")
    assert refused_with(httpx.post(up["UploadUrl"])) == (405, "MethodNotAllowed")
    assert refused_with(httpx.put(up["UploadUrl"] + "&acl", content=b"x")) == (501, "NotImplemented")
    copied = httpx.put(up["UploadUrl"], headers={"x-cos-copy-source": "a/b"})
    assert refused_with(copied) == (501, "NotImplemented")
    broken = httpx.get(emulator.url + up["UploadPath"], headers={"Authorization": "q-sign-algorithm=sha1&q-ak=x"})
    assert refused_with(broken) == (400, "InvalidArgument")


def test_a_body_that_is_not_what_it_says_is_refused(bucket: Bucket, grant: Grant, shop: Account) -> None:
    up = grant("txt")
    client, at = bucket(up), (up["Bucket"], b"hello", up["UploadPath"])
    assert code_of(client.put_object, *at, ContentMD5="no hash") == (400, "InvalidDigest")
    assert code_of(client.put_object, *at, ContentMD5=b64encode(b"short").decode()) == (400, "InvalidDigest")
    other = b64encode(md5(b"other").digest()).decode()
    assert code_of(client.put_object, *at, ContentMD5=other) == (400, "BadDigest")
    assert nothing(shop)
    client.put_object(*at, ContentMD5=b64encode(md5(b"hello").digest()).decode())


def test_an_object_above_the_limit_is_refused(grant: Grant, shop: Account, emulator: Control) -> None:
    """Its length says so before any of it has come."""
    up = grant("txt")
    host = emulator.url.removeprefix("http://")
    target = up["UploadUrl"].removeprefix(emulator.url)
    with socket.create_connection((host.partition(":")[0], int(host.partition(":")[2])), timeout=20) as wire:
        wire.sendall(f"PUT {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {LARGEST + 1}\r\n\r\n".encode())
        assert b"<Code>EntityTooLarge</Code>" in wire.recv(65536)
    assert nothing(shop)


def test_a_range_beyond_the_end_is_refused(bucket: Bucket, grant: Grant) -> None:
    up, down = grant("txt"), grant()
    bucket(up).put_object(up["Bucket"], b"hello", up["UploadPath"])
    client = bucket(down)
    assert code_of(client.get_object, down["Bucket"], up["UploadPath"], Range="bytes=5-9") == (416, "InvalidRange")
    assert code_of(client.get_object, down["Bucket"], up["UploadPath"], Range="bytes=-0") == (416, "InvalidRange")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([(2, "second"), (1, "first")], "InvalidPartOrder"),
        ([(1, "first"), (1, "first")], "InvalidPartOrder"),
        ([(1, "other")], "InvalidPart"),
        ([(3, "first")], "InvalidPart"),
        ([(1, "first"), (2, "second")], "EntityTooSmall"),
        ([(0, "first")], "InvalidArgument"),
        ([], "MalformedXML"),
    ],
)
def test_a_completion_is_of_the_parts_that_came(
    bucket: Bucket, grant: Grant, shop: Account, parts: list[tuple[int, str]], code: str
) -> None:
    up = grant("txt")
    client, at = bucket(up), (up["Bucket"], up["UploadPath"])
    id = client.create_multipart_upload(*at)["UploadId"]
    etags = {"other": '"' + "0" * 32 + '"'}
    for number, name in ((1, "first"), (2, "second")):
        etags[name] = client.upload_part(*at, name.encode(), number, id)["ETag"]
    body = {"Part": [{"PartNumber": number, "ETag": etags[name]} for number, name in parts]}
    assert code_of(client.complete_multipart_upload, *at, id, body) == (400, code)
    assert shop.objects.get(up["UploadPath"]) is None
    assert code_of(client.upload_part, *at, b"x", 10_001, id) == (400, "InvalidArgument")


def test_a_list_takes_what_it_can_take(bucket: Bucket, grant: Grant) -> None:
    down = grant()
    client, at = bucket(down), {"Prefix": f"corp/{ROOT}/{SHOP}/"}
    for wrong in ({"MaxKeys": 0}, {"MaxKeys": -1}):
        with pytest.raises(CosServiceError) as caught:
            client.list_objects(down["Bucket"], **at, **wrong)
        assert caught.value.get_error_code() == "InvalidArgument"


def test_browsers_of_the_allowed_origins_may_and_are_told_what_their_sdk_reads(grant: Grant, emulator: Control) -> None:
    up, page = grant("txt"), "https://page.example.com"
    asked = {"Origin": page, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
    allowed = httpx.options(emulator.url + up["UploadPath"], headers=asked)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, page)
    assert "PUT" in allowed.headers["access-control-allow-methods"]
    assert allowed.headers["access-control-allow-headers"] == "authorization"
    for answer in (
        httpx.put(up["UploadUrl"], content=b"x", headers={"Origin": page}),
        httpx.get(emulator.url + up["UploadPath"], headers={"Origin": page}),
    ):
        assert answer.headers["access-control-allow-origin"] == page
        shown = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
        assert shown >= {"etag", "date", "content-length", "x-cos-request-id"}
    emulator.assume(object_cors_origins=("https://other.example.com",))
    refused = httpx.options(emulator.url + up["UploadPath"], headers=asked)
    assert refused_with(refused) == (403, "AccessForbidden")
    assert refused_with(httpx.put(up["UploadUrl"], content=b"y", headers={"Origin": page})) == (403, "AccessForbidden")


def test_what_is_asked_of_a_credential_is_checked(refused: Callable[..., Any], shop: Account) -> None:
    for wrong, code in (
        ({}, "MissingParameter"),
        ({"BotBizId": "4711"}, "FailedOperation"),
        ({"BotBizId": SHOP, "FileType": "exe"}, "InvalidParameter"),
        ({"BotBizId": SHOP, "FileType": "pdf", "IsPublic": True}, "InvalidParameter"),
        ({"BotBizId": SHOP, "TypeKey": "later"}, "InvalidParameter"),
    ):
        assert refused("DescribeStorageCredential", **wrong).get_code() == code
    assert shop.storage.saved().given == ()


def test_an_app_that_is_deleted_takes_its_objects_and_credentials_with_it(
    bucket: Bucket, grant: Grant, shop: Account, lke: LkeClient
) -> None:
    up = grant("txt")
    bucket(up).put_object(up["Bucket"], b"x", up["UploadPath"])
    bucket(up).create_multipart_upload(up["Bucket"], up["UploadPath"])
    lke.call_json("DeleteApp", {"AppBizId": SHOP, "AppType": "knowledge_qa"})
    assert nothing(shop)
    assert code_of(bucket(up).put_object, up["Bucket"], b"x", up["UploadPath"]) == (403, "InvalidAccessKeyId")


def test_faults_strike_uploads_and_the_journal_tells_them_without_content_or_secrets(
    bucket: Bucket, grant: Grant, shop: Account, emulator: Control
) -> None:
    up = grant("txt")
    shop.faults.add(FaultRule(operation="objects.PutObject", first=1, error="SlowDown"))
    asks = b"emulator-fault:error=InternalError"  # content is no request
    assert code_of(bucket(up).put_object, up["Bucket"], asks, up["UploadPath"]) == (503, "SlowDown")
    assert nothing(shop)
    bucket(up).put_object(up["Bucket"], asks, up["UploadPath"])
    calls = httpx.get(f"{emulator.url}/_emulator/journal", params={"surface": "objects"}).json()["calls"]
    assert [(one["Action"], one["Code"], one["Account"]) for one in calls] == [
        ("objects.PutObject", "", ROOT),
        ("objects.PutObject", "SlowDown", ROOT),
    ]
    told = json.dumps(calls)
    assert calls[0]["Params"] == {"path": up["UploadPath"]}
    assert not any(up["Credentials"][name] in told for name in ("TmpSecretKey", "Token"))


def test_without_authentication_anything_is_put_and_read(emulator: Control, shop: Account) -> None:
    emulator.app.running.settings = type(emulator.app.running.settings)(port=0, auth="off")
    url = f"{emulator.url}/corp/{ROOT}/{SHOP}/doc/a.txt"
    assert httpx.put(url, content=b"hello").status_code == 200
    assert httpx.get(url).content == b"hello"


def test_credentials_outlive_a_snapshot_and_not_a_copy(bucket: Bucket, grant: Grant, emulator: Control) -> None:
    up = grant("txt")
    bucket(up).put_object(up["Bucket"], b"x", up["UploadPath"])
    with httpx.Client(base_url=f"{emulator.url}/_emulator/accounts") as admin:
        saved = admin.get(f"/{ROOT}/snapshot").json()
        assert up["Credentials"]["TmpSecretKey"] not in json.dumps(saved)
        assert admin.put(f"/{ROOT}/snapshot", json=saved).status_code < 300
        copy = emulator.world.accounts[admin.post(f"/{ROOT}/copy", json={}).json()["account"]["uin"]]
    bucket(up).put_object(up["Bucket"], b"y", up["UploadPath"])
    down = grant()
    assert bucket(down).get_object(down["Bucket"], up["UploadPath"])["Body"].get_raw_stream().read() == b"y"
    path, there = up["UploadPath"].replace(ROOT, copy.uin), {**up, "Bucket": copy.storage.bucket("offline")}
    kept = copy.objects.saved()
    assert [(one.path, one.content) for one in kept.objects] == [(path, b"x")]
    assert code_of(bucket(there).put_object, there["Bucket"], b"z", path) == (403, "AccessDenied")
    assert copy.objects.saved() == kept


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD"]),
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    query=st.dictionaries(
        st.sampled_from(
            ["uploads", "uploadId", "partNumber", "prefix", "max-keys", "q-signature", "marker", "delimiter"]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    ),
    headers=st.dictionaries(
        st.sampled_from(["Range", "If-Match", "If-Modified-Since", "Content-MD5", "Authorization", "x-cos-meta-a"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
    body=st.binary(max_size=40),
)
def test_nothing_that_is_sent_fails_inside(
    fuzzed: httpx.Client, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    target = f"/corp/{ROOT}/{SHOP}/{quote(path, safe='/')}?{urlencode(query)}"
    headers = {name: value.strip() for name, value in headers.items()}
    answer = fuzzed.request(method, target, headers=headers, content=body)
    assert answer.status_code < 500 or "NotImplemented" in answer.text
    if answer.status_code >= 400 and method != "HEAD":
        assert refused_with(answer)[1] in CODES


@pytest.fixture
def fuzzed(emulator: Control) -> Iterator[httpx.Client]:
    emulator.load(PLAIN, auth="off")
    with httpx.Client(base_url=emulator.url) as http:
        yield http
