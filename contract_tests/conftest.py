"""The target of the suite, and what every test shares.

`LKE_TARGET=<url>` with TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (and LKE_REGION) runs the suite against another
endpoint. Tests that go there carry the mark `cloud`; those that need more of its account than its credentials say so by
`needs("usage")` or `needs("packages")`, and skip where it has none. Tests that need the emulator's control, such as a
scenario of their own, skip there and say so. What a test says of an assumption it names: `assumes("check_order")`. Then it is
`lke-emulator verify` that runs it against a real account: the wheel has a copy.

Fixtures: `target` (where, and with which credentials), `openai_target` and `dialogue_target` (the same of the endpoints with
API keys and of dialogues: LKE_OPENAI_TARGET with OPENAI_API_KEY, LKE_DIALOGUE_TARGET with LKE_BOT_APP_KEY), `emulator` (the
emulator's control: `load(name or YAML)`, `world`, `app`), `lke` and `lkeap` (official SDK clients, fresh for each test),
`refusal` (call and give the error the SDK raises).
"""

import functools
import gc
import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import urlopen

import msgspec
import pytest
import requests
import uvicorn
from hypothesis import HealthCheck, settings
from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.lke.v20231130.lke_client import LkeClient
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from lke_emulator.account.snapshot import restore
from lke_emulator.account.world import World
from lke_emulator.app import Emulator, create_app
from lke_emulator.client import endpoint_of
from lke_emulator.exchange.settings import Settings
from lke_emulator.scenario import document
from lke_emulator.scenario import load as reading
from lke_emulator.scenario.load import load
from lke_emulator.server import SOCKETS, DirectProtocol

# Tests start many processes; where a machine is told to write no bytecode, each would compile the package anew.
if "LKE_TARGET" not in os.environ:
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A deadline, and how long examples take to be drawn, tell how busy the machine is; what has to be fast is measured by tests
# of its own.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Where a commit is judged, the same examples every time: new ones are for those who can look into what they find.
settings.register_profile("judging", settings.get_profile("suite"), derandomize=True)
settings.load_profile("judging" if "CI" in os.environ else "suite")


with suppress(ImportError):  # where `lke-emulator verify` runs there may be no httpx
    from httpx._config import DEFAULT_TIMEOUT_CONFIG as patience

    # Of its own it waits five seconds; a busy machine is no broken server.
    patience.connect = patience.read = patience.write = 40
for package in ("httpx", "httpx2"):  # which one the openai package calls with depends on its version
    with suppress(ImportError):
        transports = importlib.import_module(f"{package}._transports.default")
        # Each client reads all certificates of the machine, which takes longer than most tests.
        vars(transports)["create_ssl_context"] = functools.cache(vars(transports)["create_ssl_context"])

# Nor do proxies come and go, for which the SDK looks through the environment twice a call: a third of all that a call costs.
vars(requests.sessions)["get_environ_proxies"] = functools.lru_cache(1000)(requests.utils.get_environ_proxies)

# Most tests begin with the same few scenarios, whose text is read once; what is read never changes.
vars(reading)["read_yaml"] = functools.lru_cache(32)(document.read_yaml)

LOCAL_KEY = "sk-localRootKeyOfLkeEmulatorOpensNothingOutsideOfIt"


@dataclass(frozen=True)
class Target:
    """An endpoint and the credentials that open it."""

    url: str
    secret_id: str
    secret_key: str
    region: str
    token: str = ""

    @property
    def endpoint(self) -> str:
        return self.url.partition("://")[2].rstrip("/")

    @property
    def protocol(self) -> str:
        return self.url.partition("://")[0]

    def profile(self, **settings: Any) -> ClientProfile:
        """`settings` are ClientProfile's (signMethod, language) or HttpProfile's (reqMethod, endpoint, ...)."""
        http = HttpProfile(protocol=self.protocol, endpoint=self.endpoint)
        profile = ClientProfile(httpProfile=http, language="en-US")
        for name, value in settings.items():
            setattr(profile if hasattr(profile, name) else http, name, value)
        return profile

    def client(self, kind: type[AbstractClient] = LkeClient, **settings: Any) -> Any:
        """An SDK client; `secret_id`, `secret_key`, `token` and `region` replace the target's."""
        credential = Credential(
            settings.pop("secret_id", self.secret_id),
            settings.pop("secret_key", self.secret_key),
            settings.pop("token", self.token or None),
        )
        # On the cloud every product has a host of its own.
        of_product = endpoint_of(self.url, str(getattr(kind, "_service", ""))).partition("://")[2]
        return kind(
            credential, settings.pop("region", self.region), self.profile(**{"endpoint": of_product, **settings})
        )


class Control:
    """The emulator under test, in this process: one server for all tests of a worker, a world for each test."""

    def __init__(self) -> None:
        self.app: Emulator = create_app(Settings(port=0), load("default"))
        config = uvicorn.Config(
            self.app,
            port=0,
            http=DirectProtocol,
            **SOCKETS,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_keep_alive=600,
        )
        self.server = uvicorn.Server(config)
        socket = config.bind_socket()
        socket.listen()
        self.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.server.run, args=([socket],), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=5)

    @property
    def world(self) -> World:
        return self.app.running.world

    def load(self, scenario: str, **settings: Any) -> World:
        """Serve a shipped scenario by name, or one written out in YAML; `settings` are those of a start."""
        if "\n" in scenario:
            path = Path(os.environ["PYTEST_SCENARIO_FOLDER"]) / "scenario.yaml"
            path.write_text(scenario)
            scenario = str(path)
        return self.serve(load(scenario), **settings)

    def begin(self) -> World:
        """Serve the default scenario, made from its accounts as one load left them: that takes a tenth of another load."""
        return self.serve(again(loaded(int(time.time()) // 60)))

    def serve(self, world: World, **settings: Any) -> World:
        self.app.running.settings = Settings(port=0, **settings)
        self.app.replace_world(world)
        return world

    def assume(self, **settings: Any) -> None:
        """Assumptions as a scenario sets them."""
        self.world.assumptions = msgspec.structs.replace(self.world.assumptions, **settings)
        for account in self.world.accounts.values():
            account.assumptions = self.world.assumptions


@functools.lru_cache(1)
def loaded(minute: int) -> World:
    """The default scenario, not older than this minute: its moments count from when it was loaded."""
    return load("default")


def again(world: World) -> World:
    """The same, and nothing of what happened in it."""
    accounts = [restore(world.origin(uin)) for uin in world.accounts]
    credentials = list(world.credentials.values())
    new = World(world.scenario, world.seed, accounts, credentials, world.assumptions, world.deterministic)
    new.made_of = world.made_of
    return new


@pytest.fixture(scope="session")
def control(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    os.environ["PYTEST_SCENARIO_FOLDER"] = str(tmp_path_factory.mktemp("scenario"))
    control = Control()
    yield control
    control.stop()


MARKS = (
    "cloud: goes to LKE_TARGET, where one is given; every test that asks for a target and not for `emulator` has it",
    "needs(kind): needs `usage` or `packages` in the account that it calls",
    "assumes(id, ...): passes where these assumptions have their defaults, and fails where they have not",
    "costs: calls what is paid for; whatever needs packages has it",
    "writes: creates something in the account, and deletes it again",
)
TARGETS = frozenset(("target", "openai_target", "dialogue_target"))


def pytest_configure(config: pytest.Config) -> None:
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


def pytest_collection_finish() -> None:
    """What is loaded now stays: nobody who looks for garbage, as some tests do, has to go through it again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what goes to LKE_TARGET: it asks for a target, and not for the emulator's control."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if not TARGETS.isdisjoint(fixtures) and "emulator" not in fixtures:
            item.add_marker("cloud")
        if any("packages" in needs.args for needs in item.iter_markers("needs")):
            item.add_marker("costs")


@pytest.fixture(scope="session")
def lacks() -> dict[str, str]:
    """Why what needs this of the account behind LKE_TARGET is skipped; "" where the account has it."""
    return {kind: "" if has(another_endpoint()) else reason for kind, (has, reason) in NEEDS.items()}


def has_usage(target: Target) -> bool:
    """On each of the last nine days, which are those that tests ask about."""
    today = (int(time.time()) + 8 * 3600) // 86_400 * 86_400 - 8 * 3600
    range_ = {"StatStartTime": today - 9 * 86_400, "StatEndTime": today - 1}
    return len(target.client().call_json("DescribeCallStatsGraph", range_)["Response"]["List"]) == 9


def has_packages(target: Target) -> bool:
    try:
        target.client(LkeapClient).call_json("GetEmbedding", {"Model": "lke-text-embedding-v1", "Inputs": ["Hello"]})
    except TencentCloudSDKException as refused:
        if refused.get_code().startswith("ResourceUnavailable"):
            return False
        raise
    return True


NEEDS: dict[str, tuple[Callable[[Target], bool], str]] = {
    "usage": (has_usage, "the account of LKE_TARGET has no usage on one of the last nine days"),
    "packages": (has_packages, "the account of LKE_TARGET has neither a package nor money to pay for the call"),
}


@pytest.fixture(autouse=True)
def cloud(request: pytest.FixtureRequest) -> None:
    """Pace what goes to an endpoint that allows 20 calls a second of an action to all workers together."""
    if "LKE_TARGET" not in os.environ or not request.node.get_closest_marker("cloud"):
        return
    for needs in request.node.iter_markers("needs"):
        if reason := request.getfixturevalue("lacks")[needs.args[0]]:
            pytest.skip(reason)
    if is_limited(os.environ["LKE_TARGET"]):
        time.sleep(1)


UNFELT = 1000
"""Calls a second that no check comes near to."""


@functools.cache
def is_limited(url: str) -> bool:
    """An emulator of this machine, which nobody else calls, may be started without the limit."""
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        return True
    try:
        with urlopen(f"{url}/_emulator/actions", timeout=10) as answer:
            return any(0 < action["limit"] < UNFELT for action in json.load(answer)["actions"])
    except (OSError, ValueError):
        return True


@pytest.fixture
def emulator(request: pytest.FixtureRequest) -> Control:
    """The emulator's control, beginning with the default scenario."""
    if "LKE_TARGET" in os.environ:
        pytest.skip("needs the emulator's control; LKE_TARGET names another endpoint")
    control: Control = request.getfixturevalue("control")
    control.begin()
    return control


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Target:
    """Where the suite calls: LKE_TARGET, or an emulator of its own with the default scenario."""
    if "LKE_TARGET" in os.environ:
        return another_endpoint()
    control: Control = request.getfixturevalue("emulator")
    return Target(control.url, "AKIDlocal", "local-secret-key", "ap-guangzhou")


def another_endpoint() -> Target:
    secret = os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"]
    region, token = os.environ.get("LKE_REGION", "ap-guangzhou"), os.environ.get("TENCENTCLOUD_TOKEN", "")
    return Target(os.environ["LKE_TARGET"], *secret, region, token)


class KeyTarget(NamedTuple):
    """An endpoint that a key opens; it may be empty where nobody gave one."""

    url: str
    key: str

    def opened(self) -> str:
        """The key; a test that cannot do without is skipped where there is none."""
        if not self.key:
            pytest.skip("no key of this endpoint was given: OPENAI_API_KEY, LKE_BOT_APP_KEY")
        return self.key


@pytest.fixture
def openai_target(request: pytest.FixtureRequest) -> KeyTarget:
    """The endpoint with API keys, /v1 included."""
    if "LKE_TARGET" in os.environ:
        return another_key_target("LKE_OPENAI_TARGET", "OPENAI_API_KEY")
    return KeyTarget(f"{request.getfixturevalue('emulator').url}/v1", LOCAL_KEY)


@pytest.fixture
def dialogue_target(request: pytest.FixtureRequest) -> KeyTarget:
    """The host of the dialogue endpoints, and the key of an app that is released."""
    if "LKE_TARGET" in os.environ:
        return another_key_target("LKE_DIALOGUE_TARGET", "LKE_BOT_APP_KEY")
    control: Control = request.getfixturevalue("emulator")
    world = control.world
    return KeyTarget(control.url, next(iter(world.accounts[world.first_credential.account].apps)).key)


def another_key_target(url: str, key: str) -> KeyTarget:
    if not os.environ.get(url):
        pytest.skip(f"{url} names no endpoint")
    return KeyTarget(os.environ[url].rstrip("/"), os.environ.get(key, ""))


@pytest.fixture
def lke(target: Target) -> Any:
    return target.client(LkeClient)


@pytest.fixture
def lkeap(target: Target) -> Any:
    return target.client(LkeapClient)


@pytest.fixture
def refusal() -> Callable[..., TencentCloudSDKException]:
    """Call, and give the error that the SDK raised: `refusal(client.call_json, "DescribeX", {})`."""

    def refused(call: Callable[..., Any], *args: Any) -> TencentCloudSDKException:
        with pytest.raises(TencentCloudSDKException) as caught:
            call(*args)
        return caught.value

    return refused
