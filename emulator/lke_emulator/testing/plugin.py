"""The pytest plugin: a server for the session, an account of its own for each test.

    def test_the_collector_adds_up(lke):
        lke.usage.add(model="hunyuan", calls=3, input_tokens=300, output_tokens=30)
        assert collect(lke.client("lke")) == 330

Markers: `lke_scenario(name, path or dict)` chooses the account's template. Options: `--lke-target` (an emulator that runs
already, or the real cloud, where what needs the emulator's control is skipped), `--lke-scenario` (what the server is started
with), `--lke-shared` (one server for all workers of xdist).
"""

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lke_emulator.testing.account import Lke
    from lke_emulator.testing.control import ControlClient
    from lke_emulator.testing.real import NoControl
    from lke_emulator.testing.server import ThreadedServer

LAST_CALLS = 10
"""What a failed test's report shows."""
ACCOUNT = pytest.StashKey["Lke"]()
SHARED = pytest.StashKey["ThreadedServer"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lke-emulator")
    group.addoption(
        "--lke-target",
        default=os.environ.get("LKE_TARGET") or "emulator",
        metavar="URL",
        help="An emulator that runs already, or the real cloud: https://lke.tencentcloudapi.com with the credentials of"
        " TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. Also LKE_TARGET. [default: start an emulator]",
    )
    group.addoption(
        "--lke-scenario",
        default=os.environ.get("LKE_SCENARIO") or "empty",
        metavar="SCENARIO",
        help="What the server is started with. Also LKE_SCENARIO. [default: empty]",
    )
    group.addoption(
        "--lke-shared",
        action="store_true",
        default=os.environ.get("LKE_SHARED", "") not in ("", "0"),
        help="One server for all workers of pytest-xdist instead of one for each. Also LKE_SHARED=1.",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "lke_scenario(template): a shipped scenario, a path, or an account as a dict.")
    config.addinivalue_line("markers", "lke_fault(**rule): a fault that is set before the test begins.")


class SharedServer:
    """In xdist's controller, where a worker is told the URL."""

    def pytest_configure_node(self, node: Any) -> None:
        config = node.config
        if config.getoption("--lke-shared") and config.getoption("--lke-target") == "emulator":
            server = config.stash.get(SHARED, None)
            if server is None:
                server = config.stash[SHARED] = started(config)
            node.workerinput["lke_url"] = server.url


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    if manager.hasplugin("dsession") and not manager.hasplugin("lke-shared"):
        manager.register(SharedServer(), "lke-shared")


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SHARED, None)
    if server is not None:
        server.stop()


def started(config: pytest.Config) -> "ThreadedServer":
    from lke_emulator.testing.server import ThreadedServer

    return ThreadedServer(config.getoption("--lke-scenario"))


@pytest.fixture(scope="session")
def lke_server(request: pytest.FixtureRequest) -> Iterator["ControlClient"]:
    """The control of a server: the one that `--lke-target` names, or one in a thread of this process."""
    from lke_emulator.testing.real import control_of

    target = request.config.getoption("--lke-target")
    url = getattr(request.config, "workerinput", {}).get("lke_url", "") if target == "emulator" else target
    if url:
        try:
            control = control_of(url)
        except (ConnectionError, ValueError) as error:
            pytest.exit(f"--lke-target {url}: {error}", pytest.ExitCode.USAGE_ERROR)
        yield control
        control.close()
        return
    server = started(request.config)
    yield server.control
    server.stop()


@pytest.fixture
def lke(lke_server: "ControlClient", request: pytest.FixtureRequest) -> Iterator["Lke"]:
    """A fresh account, closed at the end; of the real cloud the one that there is."""
    from lke_emulator.testing.account import Lke
    from lke_emulator.testing.real import NoControl

    if isinstance(lke_server, NoControl):
        yield real_account(lke_server, request)
        return
    marker = request.node.get_closest_marker("lke_scenario")
    account = Lke.opened(lke_server, marker.args[0] if marker else None)
    request.node.stash[ACCOUNT] = account
    for fault in reversed(list(request.node.iter_markers("lke_fault"))):
        account.faults.add(**fault.kwargs)
    yield account
    account.close()


def real_account(control: "NoControl", request: pytest.FixtureRequest) -> "Lke":
    from lke_emulator.testing.real import RealLke

    for name in ("lke_scenario", "lke_fault"):
        if request.node.get_closest_marker(name) is not None:
            pytest.skip(f"{name} needs the emulator's control; {control.url} is no emulator")
    try:
        return RealLke.of_environment(control)
    except LookupError as error:
        pytest.exit(str(error), pytest.ExitCode.USAGE_ERROR)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test's report has the account's last calls: what went wrong is often there."""
    report = yield
    account = item.stash.get(ACCOUNT, None)
    if account is not None and report.when == "call" and report.failed:
        report.sections.append((f"calls of account {account.uin}", "\n".join(account.calls.lines(LAST_CALLS))))
    return report
