"""A recorder in front of an account whose secrets look as real ones do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import lke_emulator.testing
from lke_emulator.client import Credentials
from lke_emulator.recording.document import Recorder
from lke_emulator.recording.proxy import RecordingProxy
from lke_emulator.recording.redaction import Redaction
from lke_emulator.recording.upstream import Upstream, UpstreamKeys
from lke_emulator.testing.account import Lke
from lke_emulator.testing.server import ThreadedServer

ROOT, SUB = "100043215678", "100087654321"
SECRET_ID, SECRET_KEY = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gNvRa9c", "Gu5t9xGARNpq86cd98joQYCN3EXoqK7h"
API_KEY = "sk-Ab3dEf6hIj9lMn2pQr5tUv8xYz1cDe4gHi7kLm0oPq3sTu6w"
APP_KEY = "kBqWnRtYuIoPaSdFgHjKlZxCvBnMqWeRtYuIoPaSdFgHjKlZxCvBnM"
SECRETS = (ROOT, SUB, SECRET_ID, SECRET_KEY, API_KEY, APP_KEY)
ENVIRONMENT = {
    "TENCENTCLOUD_SECRET_ID": SECRET_ID,
    "TENCENTCLOUD_SECRET_KEY": SECRET_KEY,
    "OPENAI_API_KEY": API_KEY,
    "LKE_BOT_APP_KEY": APP_KEY,
}
"""What opens the account, as the command line finds it."""
SCENARIO = f"""
seed: 5
accounts:
  - uin: {ROOT}
    seed: 3
    clock: {{ frozen_at: 1790000000 }}
    rate_limit: 0
    credentials: [{{ secret_id: {SECRET_ID}, secret_key: {SECRET_KEY} }}]
    sub_accounts: [{{ uin: {SUB}, name: Ada }}]
    keys: [{{ label: Root, secret: {API_KEY}, created: -5d }}]
    apps: [{{ biz_id: "1900000000000000001", name: Shop, key: {APP_KEY} }}, {{ name: Desk }}]
    models: [{{ name: hunyuan }}, {{ name: deepseek-v3.2 }}]
    usage: [{{ kind: points, sub_account: Ada, model: hunyuan, points: [{{ at: -1h, calls: 3, input_tokens: 30 }}] }}]
    billing: {{ postpaid: all, balance: 1000 }}
"""


class Recorded:
    """A client's account, whose calls go through the recorder with credentials that are good for nothing."""

    def __init__(self, proxy: RecordingProxy, upstream: ThreadedServer) -> None:
        self.proxy = proxy
        self.upstream = upstream
        self.path: Path = proxy.recorder.path
        control = upstream.control
        self.lke = Lke(control, ROOT, Credentials("AKIDclient0000000000", "no-secret"), "sk-client00000000000000000000")

    def client(self, product: str = "lke", **profile: Any) -> Any:
        return self.lke.client(product, endpoint=self.proxy.url.removeprefix("http://"), **profile)

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")


@pytest.fixture(scope="session")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("recording") / "real.yaml"
    path.write_text(SCENARIO)
    return str(path)


@pytest.fixture(scope="module")
def real(scenario: str) -> Iterator[ThreadedServer]:
    with lke_emulator.testing.serve(scenario) as server:
        yield server


@contextmanager
def recorder(real: ThreadedServer, path: Path, texts: bool = False) -> Iterator[Recorded]:
    keys = UpstreamKeys(Credentials(SECRET_ID, SECRET_KEY), API_KEY, APP_KEY)
    recording = Recorder(path, real.url, Redaction(keys.secrets, texts))
    proxy = RecordingProxy("127.0.0.1", 0, Upstream(real.url, keys))
    proxy.record(recording)
    try:
        yield Recorded(proxy, real)
    finally:
        proxy.shutdown()
        proxy.server_close()


@pytest.fixture
def recorded(real: ThreadedServer, tmp_path: Path) -> Iterator[Recorded]:
    with recorder(real, tmp_path / "recording.yaml") as one:
        yield one
