"""The contract tests that can go to any endpoint, run by pytest, and how each of them ended."""

import contextlib
import io
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

HERE = Path(__file__).parent
SHIPPED = HERE / "contract_tests"
"""In a wheel; in a checkout there is none, and they are at the top of it."""
FOLDERS = ("cloud", "gateway", "lke", "lkeap")
"""Those that have tests marked `cloud`."""
OPTIONAL = {"costs": "costs money or quota; --costs runs it", "writes": "changes the account; --writes runs it"}
"""Marks of tests that nobody runs unasked."""
Outcome = Literal["passed", "failed", "not run"]
NOT_RUN = 5
"""pytest's exit code where no test was left."""


class CannotVerify(Exception):
    """The checks cannot be run; the text says why."""


class Check(NamedTuple):
    name: str
    assumptions: frozenset[str]
    """Those that it tells true or wrong."""
    outcome: Outcome
    why: str = ""


class Checks:
    """The plugin of pytest that chooses what is run, and keeps how it ended."""

    def __init__(self, only: frozenset[str], allowed: frozenset[str], started: Callable[[int], None]) -> None:
        """`only` these assumptions, or everything; `allowed` are marks of OPTIONAL; `started` is told how many there are."""
        self.only = only
        self.allowed = allowed
        self.started = started
        self.done: list[Check] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if self.is_chosen(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen
        self.started(len(chosen))

    def is_chosen(self, item: pytest.Item) -> bool:
        if item.get_closest_marker("cloud") is None or (self.only and not self.only & assumed_by(item)):
            return False
        for mark, why in OPTIONAL.items():
            if mark not in self.allowed and item.get_closest_marker(mark) is not None:
                self.done.append(Check(item.nodeid, assumed_by(item), "not run", why))
                return False
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or (report.when == "setup" and not report.passed):
            outcome, why = ended(report, call)
            self.done.append(Check(item.nodeid, assumed_by(item), outcome, why))
        return report


def assumed_by(item: pytest.Item) -> frozenset[str]:
    return frozenset(name for mark in item.iter_markers("assumes") for name in mark.args)


def ended(report: pytest.TestReport, call: pytest.CallInfo[None]) -> tuple[Outcome, str]:
    """Only what a test says of the endpoint is a failure; an endpoint that does not answer refutes nothing."""
    if report.passed or call.excinfo is None:
        return "passed", ""
    why = next(iter(str(call.excinfo.value).splitlines()), "") or call.excinfo.typename
    if report.skipped:
        return "not run", why
    if call.excinfo.errisinstance((AssertionError, pytest.fail.Exception)):
        return "failed", why
    return "not run", f"{call.excinfo.typename}: {why}"


def run_checks(
    environment: Mapping[str, str], only: frozenset[str], allowed: frozenset[str], started: Callable[[int], None]
) -> list[Check]:
    """`environment` names the endpoints and what opens them, as contract_tests/conftest.py reads them. CannotVerify."""
    root = SHIPPED.parent if SHIPPED.is_dir() else HERE.parents[2]
    checks = Checks(only, allowed, started)
    said = io.StringIO()
    arguments = [
        "-q",
        "-c",
        os.devnull,
        f"--rootdir={root}",
        f"--override-ini=pythonpath={root}",
        "-p",
        "no:cacheprovider",
    ]
    arguments += [str(root / "contract_tests" / folder) for folder in FOLDERS]
    with set_for_now({**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}), contextlib.redirect_stdout(said):
        code = pytest.main(arguments, plugins=[checks])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, NOT_RUN):
        raise CannotVerify(f"the checks could not be run:\n{said.getvalue()[-2000:]}")
    return checks.done


@contextlib.contextmanager
def set_for_now(environment: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
