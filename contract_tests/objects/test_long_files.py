"""A file that takes long to read holds nobody up but its own caller, and what happens meanwhile counts."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.conftest import Control, Target
from contract_tests.exchange.plain import connected, until
from contract_tests.gateway.wire import signed_headers
from contract_tests.lke.worlds import SHOP, Ask
from lke_emulator.account.account import Account
from lke_emulator.knowledge import apart
from lke_emulator.knowledge.objects import stored

ROWS = 4000
TABLE = b"lamp,price\n" + b"a lamp of brass,nine\n" * ROWS
UPLOAD = stored(f"/corp/1/{SHOP}/a.csv", TABLE)
SAVED = {
    "BotBizId": SHOP,
    "FileName": "a.csv",
    "FileType": "csv",
    "CosUrl": UPLOAD.path,
    "ETag": UPLOAD.etag,
    "CosHash": UPLOAD.crc64,
    "Size": str(UPLOAD.size),
}
Later = Callable[[], "Future[Any]"]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Readers begin once it is set."""
    goes, real = Event(), apart.ReadApart.outcome

    def outcome(one: apart.ReadApart) -> apart.Outcome:
        goes.wait()
        return real(one)

    monkeypatch.setattr(apart.ReadApart, "outcome", outcome)
    yield goes
    goes.set()


@pytest.fixture
def saving(shop: Account, ask: Ask, held: Event) -> Iterator[Later]:
    """SaveDoc, under way: its file is being read."""
    shop.objects.put(UPLOAD)
    with ThreadPoolExecutor(1) as pool:

        def begun() -> "Future[Any]":
            answer = pool.submit(ask, "SaveDoc", **SAVED)
            until(lambda: apart.AHEAD)
            return answer

        yield begun
        held.set()


def names(ask: Ask) -> list[str]:
    return [row["FileName"] for row in ask("ListDoc", BotBizId=SHOP, PageNumber=1, PageSize=10)["List"]]


def test_others_are_answered_while_a_file_is_read(saving: Later, held: Event, ask: Ask) -> None:
    answer = saving()
    assert names(ask) == []
    assert not answer.done()
    held.set()
    id = answer.result()["DocBizId"]
    assert names(ask) == ["a.csv"]
    assert int(ask("DescribeDoc", BotBizId=SHOP, DocBizId=id)["DocCharSize"]) > ROWS * len("a lamp of brass nine")
    assert apart.AHEAD == []


def test_what_is_deleted_while_a_file_is_read_is_not_there_when_it_was(
    saving: Later, held: Event, ask: Ask, shop: Account
) -> None:
    answer = saving()
    ask("DeleteApp", AppBizId=SHOP, AppType="knowledge_qa")
    held.set()
    with pytest.raises(TencentCloudSDKException, match=SHOP):
        answer.result()
    assert not shop.documents.of(SHOP)


def test_a_document_begins_when_its_file_was_read(saving: Later, held: Event, ask: Ask, shop: Account) -> None:
    """The clock is set back meanwhile: it would be finished before it began."""
    answer = saving()
    shop.clock.advance(-3600)
    held.set()
    id = answer.result()["DocBizId"]
    document = shop.documents.of(SHOP)[id]
    assert document.created == document.work.began == shop.clock.now()


def test_the_reader_of_a_caller_who_leaves_is_ended(
    emulator: Control, shop: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MODULE", "contract_tests.objects.endless_reader")
    shop.objects.put(UPLOAD)
    body = json.dumps(SAVED).encode()
    target = Target(emulator.url, "AKIDlocal", "local-secret-key", "ap-guangzhou")
    headers = signed_headers(target, "SaveDoc", body)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with connected(emulator) as client:
        client.sendall(
            f"POST / HTTP/1.1\r\nHost: {target.endpoint}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode()
        )
        client.sendall(body)
        until(lambda: apart.AHEAD and apart.AHEAD[0][0].process is not None)
        process = apart.AHEAD[0][0].process
        assert process is not None
    until(lambda: process.poll() is not None)
    until(lambda: not apart.AHEAD)
    assert not shop.documents.of(SHOP)
