"""Parse and split tasks by the official SDK, for the tests of them."""

import io
import zipfile
from base64 import b64encode
from typing import Any
from urllib.request import urlopen

from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Target
from contract_tests.lkeap.conftest import call
from lke_emulator.account.account import Account
from lke_emulator.scenario.document import read_yaml
from lke_emulator.scenario.remote_files import FileSection, build_files

MARKDOWN = "# Report\n\nAll is well.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\f## Appendix\n\nNothing to add.\n"
URL = "https://docs.example/report.pdf"
VALUE = "InvalidParameterValue.InvalidParameterValueLimit"


def encoded(content: str | bytes) -> str:
    return b64encode(content.encode() if isinstance(content, str) else content).decode()


def pdf(pages: int) -> bytes:
    return b"%PDF-1.7\n" + b"<< /Type /Page >>\n" * pages


def parse(client: Any, **params: Any) -> str:
    """The id of a new parse task; by default on MARKDOWN."""
    given = {"FileType": "MD", "FileBase64": encoded(MARKDOWN)} if "FileUrl" not in params else {"FileType": "PDF"}
    task: str = call(client, "CreateReconstructDocumentFlow", **{**given, **params}).TaskId
    return task


def split(client: Any, **params: Any) -> str:
    task: str = call(client, "CreateSplitDocumentFlow", **{"FileType": "PDF", "FileUrl": URL, **params}).TaskId
    return task


def parsed(client: Any, task: str) -> Any:
    return call(client, "GetReconstructDocumentResult", TaskId=task)


def failure(target: Target, task: str) -> tuple[str, str, str]:
    """Status, code and message of a parse task that failed, which the SDK raises instead of giving."""
    reader = target.client(type("Reader", (LkeapClient,), {"_check_error": lambda self, response: None}))
    answer = parsed(reader, task)
    return answer.Status, answer.Error.Code, answer.Error.Message


def divided(client: Any, task: str) -> Any:
    return call(client, "GetSplitDocumentResult", TaskId=task)


def unpacked(url: str) -> dict[str, str]:
    with urlopen(url) as response, zipfile.ZipFile(io.BytesIO(response.read())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def place(account: Account, **section: Any) -> None:
    build_files([FileSection(url=URL, **section)], account, read_yaml("[]", "test.yaml"))
