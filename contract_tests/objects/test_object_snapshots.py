"""Snapshots of an account with uploads that somebody has written in: taken or refused, never a failure later."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.account.test_broken_snapshots import VALUES, Spot, spots
from contract_tests.conftest import Control
from contract_tests.lke.worlds import PLAIN, ROOT, SHOP, account_of
from lke_emulator.account.account import Account

PARTS = ("objects", "multipart", "storage")
KEY, BEGUN = f"/corp/{ROOT}/{SHOP}/doc/a.txt", f"/corp/{ROOT}/{SHOP}/doc/b.txt"
WRITTEN = [*VALUES, "a" * 31, "g" * 32, "A" * 32, "a\r\nX-Evil: 1", "18446744073709551616", 1e308, 10**18, "AA==", "/"]


class Storage:
    """An account with an object, an upload of two parts and two credentials, and everything that can be asked of them."""

    def __init__(self, control: Control) -> None:
        control.load(PLAIN, auth="off", rate_limit=0)
        self.http = httpx.Client(base_url=control.url)
        self.account: Account = account_of(control)
        for type in ("txt", ""):
            self.granted(type)
        headers = {"Content-Type": "text/plain", "x-cos-meta-a": "b"}
        assert self.http.put(KEY, content=b"hello", headers=headers).status_code == 200
        begun = self.http.post(BEGUN + "?uploads", headers=headers).text
        self.id = begun.partition("<UploadId>")[2].partition("</UploadId>")[0]
        self.tags = [
            self.http.put(f"{BEGUN}?uploadId={self.id}&partNumber={number}", content=content).headers["etag"]
            for number, content in ((1, b"x"), (2, b"y"))
        ]
        self.text = self.http.get(f"/_emulator/accounts/{ROOT}/snapshot").text

    def granted(self, type: str) -> httpx.Response:
        headers = {"X-TC-Action": "DescribeStorageCredential", "X-TC-Version": "2023-11-30"}
        named = {"Authorization": "Credential=AKIDlocal/", "X-TC-Region": "ap-guangzhou"}
        body = {"BotBizId": SHOP, **({"FileType": type} if type else {})}
        return self.http.post("/", json=body, headers=headers | named)

    def everything(self) -> list[httpx.Response]:
        part = f"<Part><PartNumber>2</PartNumber><ETag>{self.tags[1]}</ETag></Part>"
        up = f"{BEGUN}?uploadId={self.id}"
        return [
            self.granted("txt"),
            self.http.get(KEY),
            self.http.get(KEY, headers={"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}),
            self.http.head(KEY),
            self.http.get("/", params={"prefix": f"corp/{ROOT}", "q-signature": ""}),
            self.http.get("/", params={"uploads": "", "q-signature": ""}),
            self.http.get(up),
            self.http.put(f"{up}&partNumber=3", content=b"z"),
            self.http.post(up, content=f"<CompleteMultipartUpload>{part}</CompleteMultipartUpload>"),
            self.http.get(BEGUN),
            self.http.delete(KEY),
            self.http.get(f"/_emulator/accounts/{ROOT}/snapshot"),
        ]


@pytest.fixture
def storage(emulator: Control) -> Iterator[Storage]:
    one = Storage(emulator)
    yield one
    one.http.close()


def put(storage: Storage, at: Spot, value: Any) -> httpx.Response:
    whole = json.loads(storage.text)
    inner = whole["parts"]
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return storage.http.put(f"/_emulator/accounts/{ROOT}/snapshot", json=whole)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), value=st.sampled_from(WRITTEN))
def test_what_is_written_into_it_never_fails_inside(storage: Storage, data: st.DataObject, value: Any) -> None:
    parts = json.loads(storage.text)["parts"]
    at = data.draw(st.sampled_from([(name, *at) for name in PARTS for at in spots(parts[name])]))
    answer = put(storage, at, value)
    assert answer.status_code in (200, 409), answer.text
    if answer.status_code == 409:
        assert answer.json()["error"].startswith(f"parts.{at[0]}"), answer.text
        return
    assert [said.text for said in storage.everything() if said.status_code >= 500 or "InternalError" in said.text] == []


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("multipart", "uploads", 0, "parts", 0, "etag"), "not hexadecimal"),
        (("multipart", "uploads", 0, "parts", 0, "etag"), "abc"),
        (("multipart", "uploads", 0, "parts", 0, "number"), 2),
        (("multipart", "uploads", 0, "parts", 0, "number"), 10_001),
        (("multipart", "uploads", 0, "parts", 0, "crc64"), -1),
        (("multipart", "uploads", 0, "parts", 0, "modified"), 1e30),
        (("multipart", "uploads", 0, "began"), -1),
        (("multipart", "uploads", 0, "path"), "corp"),
        (("objects", "objects", 0, "path"), ""),
        (("objects", "objects", 0, "etag"), "a\nb"),
        (("objects", "objects", 0, "crc64"), "-1"),
        (("objects", "objects", 0, "modified"), 1e12),
        (("objects", "objects", 0, "headers", 0, 0), "x-cos-meta-a: y\r\nz"),
        (("objects", "objects", 0, "headers", 0, 0), "transfer-encoding"),
        (("storage", "given", 0, "kind"), "everything"),
    ],
)
def test_what_no_account_has_is_refused_with_its_place(storage: Storage, at: Spot, value: Any) -> None:
    answer = put(storage, at, value)
    assert answer.status_code == 409, answer.text
    assert answer.json()["error"].startswith(f"parts.{at[0]}"), answer.text
    assert [said.status_code for said in storage.everything() if said.status_code >= 400] == []
