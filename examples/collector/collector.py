"""Collects the token usage of an LKE account by day and model into SQLite, so that a dashboard can show it.

    LKE_ENDPOINT=http://127.0.0.1:5530 python collector.py usage.sqlite hunyuan deepseek-v3.2

Every day is asked for once it is over; what is there already is not asked for again. A refusal that may pass is tried again.
"""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from requests.exceptions import RequestException
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.lke.v20231130.lke_client import LkeClient

ZONE = timezone(timedelta(hours=8))
PASSING = ("InternalError", "RequestLimitExceeded", "ClientNetworkError", "ServerNetworkError")
ATTEMPTS = 4
TABLE = """CREATE TABLE IF NOT EXISTS usage (
    day TEXT, model TEXT, input INTEGER, output INTEGER, calls INTEGER, PRIMARY KEY (day, model))"""


class Collector:
    def __init__(self, client: LkeClient, book: sqlite3.Connection, wait: Callable[[float], None] = time.sleep) -> None:
        self.client = client
        self.book = book
        self.wait = wait
        book.execute(TABLE)

    def collect(self, days: Iterable[date], models: Iterable[str]) -> int:
        """How many rows are new. A day is written as a whole or not at all."""
        models = list(models)
        new = 0
        for day in days:
            known = {row[0] for row in self.book.execute("SELECT model FROM usage WHERE day = ?", (str(day),))}
            rows = [(str(day), model, *self.usage(day, model)) for model in models if model not in known]
            with self.book:
                self.book.executemany("INSERT INTO usage VALUES (?, ?, ?, ?, ?)", rows)
            new += len(rows)
        return new

    def usage(self, day: date, model: str) -> tuple[int, int, int]:
        """Input and output tokens, and calls."""
        start = int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp())
        asked = {"ModelName": model, "StatStartTime": start, "StatEndTime": start + 86_399}
        answer = self.ask("DescribeTokenUsage", asked)
        return answer["InputTokenUsage"], answer["OutputTokenUsage"], answer["ApiCallStats"]

    def ask(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer: dict[str, Any] = self.client.call_json(action, params)["Response"]
                return answer
            except TencentCloudSDKException as error:
                if attempt == ATTEMPTS or str(error.code) not in PASSING:
                    raise
            except (json.JSONDecodeError, RequestException):  # an answer that breaks off, which the SDK lets through
                if attempt == ATTEMPTS:
                    raise
            self.wait(0.1 * 2**attempt)
        raise AssertionError

    def total(self) -> int:
        total: int = self.book.execute("SELECT coalesce(sum(input + output), 0) FROM usage").fetchone()[0]
        return total


def client_of(endpoint: str, secret_id: str, secret_key: str) -> LkeClient:
    at = urlsplit(endpoint)
    http = HttpProfile(protocol=at.scheme, endpoint=at.netloc, reqTimeout=10)
    return LkeClient(Credential(secret_id, secret_key), "ap-guangzhou", ClientProfile(httpProfile=http))


def main() -> None:
    file, *models = sys.argv[1:]
    secret = (
        os.environ.get("TENCENTCLOUD_SECRET_ID", "AKIDlocal"),
        os.environ.get("TENCENTCLOUD_SECRET_KEY", "local-secret-key"),
    )
    client = client_of(os.environ.get("LKE_ENDPOINT", "http://127.0.0.1:5530"), *secret)
    today = datetime.now(ZONE).date()
    collector = Collector(client, sqlite3.connect(file))
    new = collector.collect((today - timedelta(days) for days in range(7, 0, -1)), models)
    print(f"{new} new rows; {collector.total()} tokens in {file}")


if __name__ == "__main__":
    main()
