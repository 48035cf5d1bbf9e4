"""Whatever is sent to object storage, it answers at once, and so does everybody else meanwhile."""

from typing import Any
from urllib.parse import quote

import pytest

from contract_tests.conftest import Control
from contract_tests.exchange.test_hostile_strings import BAIT, LONG, QUERY, Watched, some, watched
from contract_tests.lke.worlds import PLAIN, ROOT, SHOP, account_of

__all__ = ["watched"]
FOLDER = f"/corp/{ROOT}/{SHOP}/doc/"
HEADERS = [
    *("Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Content-MD5", "Host"),
    *("Origin", "Authorization", "Content-Type", "x-cos-meta-a", "x-cos-security-token"),
]
PARAMS = [
    *("prefix", "delimiter", "marker", "max-keys", "encoding-type", "key-marker", "upload-id-marker", "uploadId"),
    *("partNumber", "part-number-marker", "response-content-type", "q-signature", "q-header-list", "q-sign-time"),
]
SIGNED = "q-sign-algorithm=sha1&q-ak={}&q-sign-time={}&q-key-time={}&q-header-list={}&q-url-param-list={}&q-signature=x"
HEADER = 16_000
"""Characters of a bait that go into a header: it may come back, and clients read no longer ones."""
VALID = "1;99999999999"


def printable(text: str) -> str:
    """What can stand in a header."""
    return "".join(sign for sign in text if " " <= sign <= "~")[:HEADER].strip()


@BAIT
def test_an_upload_answers_at_once(watched: Watched, emulator: Control, bait: str) -> None:
    emulator.load(PLAIN, auth="off", rate_limit=0)
    path = FOLDER + quote(bait[:QUERY], safe="")
    watched.ask("PUT", path, content=bait.encode())
    for method in ("GET", "HEAD", "DELETE"):
        watched.ask(method, path)
    watched.ask("PUT", FOLDER + "a.txt", content=b"hello")
    for name in some(HEADERS, bait):
        for method in ("PUT", "GET"):
            watched.ask(method, FOLDER + "a.txt", headers={name: printable(bait)})
    for name in some(PARAMS, bait):
        params = {name: bait[:QUERY], "q-signature": "", "delimiter": "/"} | {name: bait[:QUERY]}
        watched.ask("GET", "/", params=params)
        watched.ask("GET", "/", params=params | {"uploads": ""})
        watched.ask("GET", FOLDER + "a.txt", params={name: bait[:QUERY]})


@BAIT
def test_a_completion_is_read_at_once(watched: Watched, emulator: Control, bait: str) -> None:
    emulator.load(PLAIN, auth="off", rate_limit=0)
    begun = watched.ask("POST", FOLDER + "a.txt", params={"uploads": ""}).text
    id = begun.partition("<UploadId>")[2].partition("</UploadId>")[0]
    for body in (bait, f"<a>{bait}</a>", f"<a><Part><PartNumber>1</PartNumber><ETag>{bait}</ETag></Part></a>"):
        watched.ask("POST", FOLDER + "a.txt", params={"uploadId": id}, content=body.encode())


MANY = 2 << 20
BODIES = {
    "elements in elements": b"<a>" * (MANY // 3),
    "elements in elements that end": b"<a>" * (MANY // 8) + b"</a>" * (MANY // 8),
    "parts in parts": b"<Part>" * (MANY // 14) + b"</Part>" * (MANY // 14),
    "parts": b"<a>" + b"<Part/>" * (MANY // 8) + b"</a>",
    "a part of many numbers": b"<a><Part>" + b"<PartNumber>1</PartNumber>" * (MANY // 30) + b"</Part></a>",
    "attributes": b"<a " + b" ".join(b"a%d=''" % number for number in range(MANY // 12)) + b"/>",
    "one long name": b"<" + b"a" * (MANY - 10) + b"/>",
    "references": b"<a>" + b"&#65;" * (MANY // 6) + b"</a>",
    "entities": b"<!DOCTYPE a [<!ENTITY b '" + b"b" * 1000 + b"'>]><a>" + b"&b;" * (MANY // 8) + b"</a>",
    "instructions": b"<a>" + b"<?a b?>" * (MANY // 8) + b"</a>",
    "namespaces": b"<a " + b" ".join(b"xmlns:a%d='b'" % number for number in range(MANY // 20)) + b"/>",
    "UTF-16": "<a><b/></a>".encode("utf-16") * 1000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_completion_of_much_is_given_up_at_once(watched: Watched, emulator: Control, body: bytes) -> None:
    emulator.load(PLAIN, auth="off", rate_limit=0)
    begun = watched.ask("POST", FOLDER + "a.txt", params={"uploads": ""}).text
    id = begun.partition("<UploadId>")[2].partition("</UploadId>")[0]
    answer = watched.ask("POST", FOLDER + "a.txt", params={"uploadId": id}, content=body[:MANY])
    assert answer.status == 400


REPEATED: dict[str, dict[str, Any]] = {
    "names": {"headers": "a;" * LONG, "params": "b;" * LONG},
    "one name and its values": {"params": "a;" * LONG, "query": "a&" * LONG},
    "encoded names": {"params": "%61;" * LONG, "query": "a=%61&" * (LONG // 2)},
    "other names": {"params": ";".join(map(str, range(LONG))), "query": "&".join(map(str, range(LONG // 2)))},
    "nothing": {"headers": ";" * LONG, "params": ";" * LONG, "query": "&" * LONG},
    "a long time": {"time": "9" * LONG + ";" + "9" * LONG},
    "a long key": {"key": "AKID" * (LONG // 8)},
}


@pytest.mark.parametrize("said", REPEATED.values(), ids=REPEATED)
def test_a_signature_is_judged_at_once(watched: Watched, emulator: Control, said: dict[str, str]) -> None:
    emulator.load(PLAIN, rate_limit=0)
    account = account_of(emulator)
    bucket, path = account.storage.bucket("offline"), FOLDER + "a.txt"
    up = account.storage.give("upload", base=SHOP, caller=ROOT, bucket=bucket, path=path, starts=0, ends=10**10)
    lists = said.get("headers", ""), said.get("params", "")
    time = said.get("time", VALID)
    signed = SIGNED.format(said.get("key", up.secret_id), time, VALID, *lists)
    query = said.get("query", "")
    answer = watched.ask("PUT", f"{path}?{query}", content=b"x", headers={"Authorization": signed})
    assert answer.status in (400, 403)
