"""From an upload to a document: what SaveDoc compares with the object, and that what it refuses leaves nothing behind."""

import time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from contract_tests.conftest import Control
from contract_tests.lke.worlds import ROOT, SHOP, Ask, Refused
from contract_tests.objects.conftest import Bucket, Grant
from contract_tests.objects.stores import Granted
from lke_emulator.account.account import Account
from lke_emulator.account.snapshot import save
from lke_emulator.knowledge.documents import PARSE_FAILED, THERE
from lke_emulator.knowledge.objects import stored
from lke_emulator.knowledge.reading import LIMITS

MB = 1 << 20
MOVED = ("clock", "ids", "limits")
"""Parts that a refused call may change: it draws identifiers, and is counted."""


def put(bucket: Bucket, up: Granted, content: bytes, name: str = "a.txt") -> dict[str, Any]:
    """Upload with the SDK, and give the parameters of SaveDoc with what the answer told of it."""
    told = bucket(up).put_object(up["Bucket"], content, up["UploadPath"])
    return {
        "BotBizId": SHOP,
        "FileName": name,
        "FileType": name.rpartition(".")[2],
        "CosUrl": up["UploadPath"],
        "ETag": told["ETag"],
        "CosHash": told["x-cos-hash-crc64ecma"],
        "Size": str(len(content)),
    }


def known(account: Account) -> dict[str, Any]:
    account.billing.settle(account.clock.now())  # as every call does
    return {name: part for name, part in save(account).parts.items() if name not in MOVED}


def refusal_of(refused: Refused, shop: Account, params: dict[str, Any]) -> tuple[str, str]:
    """Code and message of a SaveDoc after which everything is as before."""
    before = known(shop)
    error = refused("SaveDoc", **params)
    assert known(shop) == before
    return error.get_code(), error.get_message()


def test_what_the_upload_told_is_what_is_saved(bucket: Bucket, grant: Grant, ask: Ask, shop: Account) -> None:
    content = b"# Lamps\n\nA lamp costs nine."
    id = ask("SaveDoc", **put(bucket, grant("md"), content, "lamps.md"))["DocBizId"]
    shop.clock.advance(10)
    shown = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)
    assert (shown["Status"], shown["DocCharSize"]) == (THERE, str(len(content)))


def test_an_upload_in_parts_is_saved_with_the_hash_of_the_whole(
    bucket: Bucket, grant: Grant, ask: Ask, shop: Account
) -> None:
    up = grant("txt")
    client, at = bucket(up), (up["Bucket"], up["UploadPath"])
    id = client.create_multipart_upload(*at)["UploadId"]
    contents = (b"x" * MB, b"the end")
    tags = [client.upload_part(*at, content, number, id)["ETag"] for number, content in enumerate(contents, 1)]
    parts = {"Part": [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]}
    told = client.complete_multipart_upload(*at, id, parts)
    whole = stored("/", b"".join(contents))
    assert told["x-cos-hash-crc64ecma"] == whole.crc64
    said = {"CosUrl": at[1], "ETag": told["ETag"], "CosHash": whole.crc64, "Size": str(whole.size)}
    assert ask("SaveDoc", BotBizId=SHOP, FileName="a.txt", FileType="txt", **said)["DocBizId"]


@pytest.mark.parametrize(
    ("member", "value"), [("Size", "6"), ("CosHash", "7"), ("CosHash", "seven"), ("ETag", '"7"'), ("ETag", "")]
)
def test_an_object_of_another_hash_or_size_is_refused(
    bucket: Bucket, grant: Grant, refused: Refused, shop: Account, member: str, value: str
) -> None:
    params = put(bucket, grant("txt"), b"hello")
    code, message = refusal_of(refused, shop, {**params, member: value})
    assert code == "FailedOperation"
    assert member in message
    assert params[member].strip('"') in message


def test_what_is_not_held_against_the_object_is_taken_as_said(
    emulator: Control, bucket: Bucket, grant: Grant, ask: Ask
) -> None:
    params = {**put(bucket, grant("txt"), b"A lamp."), "CosHash": "1", "Size": "9000"}
    emulator.assume(save_doc_verify=False)
    id = ask("SaveDoc", **params)["DocBizId"]
    (row,) = ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]
    assert (row["DocBizId"], row["DocSize"]) == (id, "9000")


def test_an_empty_object_is_taken_and_no_document(
    bucket: Bucket, grant: Grant, refused: Refused, shop: Account
) -> None:
    params = put(bucket, grant("txt"), b"")
    assert params["CosHash"] == "0"
    assert refusal_of(refused, shop, params)[0] == "InvalidParameter"
    code, message = refusal_of(refused, shop, {**params, "Size": "1"})
    assert (code, "Size" in message) == ("FailedOperation", True)


def test_a_file_above_the_limit_of_its_type_is_refused(
    bucket: Bucket, grant: Grant, refused: Refused, shop: Account
) -> None:
    params = put(bucket, grant("txt"), b"hello")
    code, message = refusal_of(refused, shop, {**params, "Size": str(LIMITS["txt"] + 1)})
    assert (code, str(LIMITS["txt"]) in message) == ("InvalidParameter", True)


def test_an_object_that_is_missing_is_named_where_it_is_required(
    bucket: Bucket, grant: Grant, refused: Refused, shop: Account, emulator: Control
) -> None:
    emulator.assume(saved_objects="required")
    up = grant("txt")
    params = put(bucket, up, b"hello")
    bucket(up).delete_object(up["Bucket"], up["UploadPath"])
    code, message = refusal_of(refused, shop, params)
    assert (code, up["UploadPath"] in message) == ("FailedOperation", True)


def test_an_object_of_another_app_is_not_saved(refused: Refused, shop: Account) -> None:
    one = stored(f"/corp/{ROOT}/1900000000000000077/doc/a.txt", b"hello")
    shop.objects.put(one)
    params = {"BotBizId": SHOP, "FileName": "a.txt", "FileType": "txt", "CosUrl": one.path}
    params |= {"ETag": f'"{one.etag}"', "CosHash": one.crc64, "Size": str(one.size)}
    code, message = refusal_of(refused, shop, params)
    assert (code, one.path in message) == ("FailedOperation", True)


@pytest.mark.parametrize("type", ["docx", "pptx", "xlsx"])
def test_a_file_that_unpacks_to_far_more_is_a_document_that_could_not_be_parsed(
    bucket: Bucket, grant: Grant, ask: Ask, shop: Account, type: str
) -> None:
    """And is not looked into: what it would take is a gigabyte."""
    file = BytesIO()
    member = {"docx": "word/document.xml", "pptx": "ppt/slides/slide1.xml", "xlsx": "xl/worksheets/sheet1.xml"}[type]
    with ZipFile(file, "w", ZIP_DEFLATED) as archive, archive.open(member, "w") as writer:
        for _ in range(64):
            writer.write(bytes(MB))
    params = put(bucket, grant(type), file.getvalue(), f"bomb.{type}")
    worked = time.process_time()
    id = ask("SaveDoc", **params)["DocBizId"]
    shop.clock.advance(10)
    shown = ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)
    assert time.process_time() - worked < 1
    assert (shown["Status"], shown["DocCharSize"], "unpacks to" in shown["Reason"]) == (PARSE_FAILED, "0", True)
    assert shop.retrieval.segments(SHOP, []) == []


def test_a_document_outlives_its_object(bucket: Bucket, grant: Grant, ask: Ask, shop: Account) -> None:
    up = grant("txt")
    id = ask("SaveDoc", **put(bucket, up, b"A lamp costs nine."))["DocBizId"]
    bucket(up).delete_object(up["Bucket"], up["UploadPath"])
    shop.clock.advance(10)
    assert ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)["Status"] == THERE
    assert ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=10)["Total"] == "1"
    assert ask("GetDocPreview", BotBizId=SHOP, DocBizId=id)["FileName"] == "a.txt"
