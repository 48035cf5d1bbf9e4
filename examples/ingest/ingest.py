"""Brings the documents of a folder into an app, releases them, asks a question, and tells which tokens that took.

    LKE_ENDPOINT=http://127.0.0.1:5530 python ingest.py manuals/ 1812732010083385344 "How long does a return take?"

Every file is uploaded with the temporary credentials that lke gives for it. A document that cannot be read is told, and the
others go on.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
from httpx_sse import connect_sse
from qcloud_cos import CosConfig, CosS3Client
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.lke.v20231130.lke_client import LkeClient

WAITING, READY = 10, 12
"""Statuses of a document: learned and not released yet, and live."""
FAILED = (18, 8, 14)
"""Of one that could not be parsed, audited or learned."""
RELEASED, RELEASE_FAILED = 3, (4, 7, 9)
EVERYWHERE = 4
"""In tests of the draft and in what visitors talk to."""
PATIENCE = 300
"""Questions, one a second, until a document or a release is given up."""


class GivenUp(Exception):
    """What was waited for did not come."""


class Cost(NamedTuple):
    input: int
    output: int


class Ingestion:
    def __init__(self, client: LkeClient, app: str, endpoint: str, wait: Callable[[float], None] = time.sleep) -> None:
        self.client = client
        self.app = app
        self.endpoint = endpoint
        self.wait = wait

    def ask(self, action: str, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.call_json(action, params)["Response"]
        return answer

    def upload(self, file: Path) -> str:
        """The id of the document that the file became."""
        kind, content = file.suffix.removeprefix("."), file.read_bytes()
        granted = self.ask("DescribeStorageCredential", BotBizId=self.app, FileType=kind)
        told = self.bucket(granted).put_object(granted["Bucket"], content, granted["UploadPath"])
        saved = self.ask(
            "SaveDoc",
            BotBizId=self.app,
            FileName=file.name,
            FileType=kind,
            CosUrl=granted["UploadPath"],
            ETag=told["ETag"],
            CosHash=told["x-cos-hash-crc64ecma"],
            Size=str(len(content)),
            EnableScope=EVERYWHERE,
        )
        return str(saved["DocBizId"])

    def bucket(self, granted: dict[str, Any]) -> CosS3Client:
        secret, at = granted["Credentials"], urlsplit(self.endpoint)
        config = CosConfig(
            Region=granted["Region"],
            SecretId=secret["TmpSecretId"],
            SecretKey=secret["TmpSecretKey"],
            Token=secret["Token"],
            Scheme=at.scheme,
            # The cloud's buckets have hosts of their own.
            Domain=None if at.hostname and at.hostname.endswith("tencentcloudapi.com") else at.netloc,
        )
        return CosS3Client(config, retry=0)

    def learned(self, id: str) -> bool:
        """Once the document is learned, or has failed."""
        status = self.until("DescribeDoc", (WAITING, READY, *FAILED), BotBizId=self.app, DocBizId=id)
        return status not in FAILED

    def release(self) -> None:
        """GivenUp where the release fails."""
        id = self.ask("CreateRelease", BotBizId=self.app)["ReleaseBizId"]
        ended = self.until("DescribeRelease", (RELEASED, *RELEASE_FAILED), BotBizId=self.app, ReleaseBizId=id)
        if ended != RELEASED:
            raise GivenUp(f"release {id} failed")

    def until(self, action: str, ends: tuple[int, ...], **params: Any) -> int:
        for _ in range(PATIENCE):
            status: int = self.ask(action, **params)["Status"]
            if status in ends:
                return status
            self.wait(1)
        raise GivenUp(f"{action} still tells {status}")

    def ingest(self, folder: Path) -> list[str]:
        """Bring in every file, and release them. Gives the names of those that could not be read."""
        documents = {file.name: self.upload(file) for file in sorted(folder.iterdir()) if file.is_file()}
        failed = [name for name, id in documents.items() if not self.learned(id)]
        if len(failed) < len(documents):
            self.release()
        return failed

    def chat(self, question: str, session: str) -> str:
        """The app's answer, as it is spoken to its visitors."""
        key = self.ask("GetAppSecret", AppBizId=self.app)["AppKey"]
        asked = {"bot_app_key": key, "session_id": session, "visitor_biz_id": "ingest", "content": question}
        answer = ""
        for event, payload in self.events({**asked, "incremental": False}):
            if event == "error":
                raise GivenUp(f"{payload['error']['code']}: {payload['error']['message']}")
            if event == "reply" and not payload["payload"]["is_from_self"]:
                answer = payload["payload"]["content"]
        return answer

    def events(self, asked: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        with (
            httpx.Client(timeout=60) as http,
            connect_sse(http, "POST", f"{self.endpoint}/v1/qbot/chat/sse", json=asked) as source,
        ):
            for event in source.iter_sse():
                yield event.event, json.loads(event.data)

    def cost(self) -> Cost:
        """All tokens that the app has used."""
        usage = self.ask("DescribeTokenUsage", AppBizIds=[self.app])
        return Cost(int(usage["InputTokenUsage"]), int(usage["OutputTokenUsage"]))


def main() -> None:
    folder, app, question = sys.argv[1:]
    endpoint = os.environ.get("LKE_ENDPOINT", "http://127.0.0.1:5530")
    secret = (
        os.environ.get("TENCENTCLOUD_SECRET_ID", "AKIDlocal"),
        os.environ.get("TENCENTCLOUD_SECRET_KEY", "local-secret-key"),
    )
    at = urlsplit(endpoint)
    http = HttpProfile(protocol=at.scheme, endpoint=at.netloc, reqTimeout=10)
    client = LkeClient(Credential(*secret), "ap-guangzhou", ClientProfile(httpProfile=http))
    ingestion = Ingestion(client, app, endpoint)
    before = ingestion.cost()
    for name in ingestion.ingest(Path(folder)):
        print(f"{name} could not be read")
    print(ingestion.chat(question, f"ingest-{int(time.time())}-0123456789"))
    after = ingestion.cost()
    print(f"{after.input - before.input} input and {after.output - before.output} output tokens")


if __name__ == "__main__":
    main()
