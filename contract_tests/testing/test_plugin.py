"""What the plugin gives to a test, as a user's own test would see it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

import lke_emulator.testing
from contract_tests.process.commands import PLUGINS
from lke_emulator.testing.account import Lke

FAILING = """
def test_that_fails(lke):
    lke.client("lke").call_json("DescribeTokenUsage", {"ModelName": "hunyuan"})
    lke.calls.expect(operation="lke.DescribeTokenUsage", params={"ModelName": "other"})
"""
PASSING = """
import pytest

@pytest.mark.lke_scenario("default")
def test_with_a_scenario(lke):
    assert lke.client("lke").call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] > 0

@pytest.mark.lke_scenario({"apps": [{"name": "mine"}]})
@pytest.mark.lke_fault(first=1, error="InternalError")
def test_with_an_account_of_its_own(lke):
    with pytest.raises(Exception, match="InternalError"):
        lke.client("lke").call_json("DescribeTokenUsage", {})
    assert lke.client("lke").call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 0
"""


def run(folder: Path, text: str, *options: str, plugins: str = "") -> str:
    """The output of pytest in a folder of a user's own."""
    (folder / "test_mine.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    env = os.environ | PLUGINS | {"PYTEST_PLUGINS": PLUGINS["PYTEST_PLUGINS"] + plugins}
    ran = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_the_readmes_example_adds_up(lke: Lke) -> None:
    rule = lke.faults.add(operation="lke.DescribeTokenUsage", first=2, error="InternalError")
    lke.usage.add(model="hunyuan", calls=3, input_tokens=300, output_tokens=30)
    client = lke.client("lke")
    for _ in range(2):
        with pytest.raises(TencentCloudSDKException, match="InternalError"):
            client.call_json("DescribeTokenUsage", {})
    assert client.call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 330
    assert (rule.hits, rule.remaining) == (2, 0)
    lke.calls.expect(operation="lke.DescribeTokenUsage", times=3)
    lke.clock.freeze("2026-11-30 23:59:50")
    lke.clock.advance("20s")
    now = int(lke.clock.now)
    client.call_json("DescribeTokenUsageGraph", {"StatStartTime": now - 86400, "StatEndTime": now})
    assert lke.calls.wait(1, operation="lke.DescribeTokenUsageGraph", timeout=5)


def test_a_wait_ends_as_soon_as_the_call_has_come(lke: Lke) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lke.calls.wait, 1, operation="DescribeTokenUsage", timeout=20)
        lke.client("lke").call_json("DescribeTokenUsage", {})
        assert waiting.result(timeout=30)


def test_a_wait_that_is_in_vain_ends_at_its_time(lke: Lke) -> None:
    assert not lke.calls.wait(1, timeout=0.05)


def test_an_expectation_that_is_not_met_explains_itself(lke: Lke) -> None:
    lke.client("lke").call_json("DescribeTokenUsage", {"ModelName": "hunyuan"})
    with pytest.raises(AssertionError) as caught:
        lke.calls.expect(operation="lke.DescribeTokenUsage", params={"ModelName": "other"})
    assert "ModelName is 'hunyuan', not 'other'" in str(caught.value)
    with pytest.raises(AssertionError, match="then"):
        lke.calls.expect_in_order("lke.DescribeTokenUsage", "lke.ListApp")


def test_calls_that_are_forgotten_are_not_counted(lke: Lke) -> None:
    lke.client("lke").call_json("DescribeTokenUsage", {})
    assert lke.calls.count() == 1
    lke.calls.clear()
    assert lke.calls.count() == 0


def test_two_accounts_do_not_see_each_other(lke: Lke) -> None:
    other = Lke.opened(lke.control)
    lke.usage.add(model="hunyuan", calls=1, input_tokens=5)
    assert other.client("lke").call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 0
    assert lke.calls.count() == 0
    other.close()


def test_a_snapshot_brings_everything_back(lke: Lke) -> None:
    lke.usage.add(model="hunyuan", calls=1, input_tokens=5)
    before = lke.snapshot()
    lke.usage.add(model="hunyuan", calls=1, input_tokens=7)
    lke.restore(before)
    assert lke.client("lke").call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 5
    lke.reset()
    assert lke.client("lke").call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 0


def test_packages_pay_for_usage_and_postpaid_for_the_rest(lke: Lke) -> None:
    package = lke.packages.grant("tokens", 1000)
    lke.usage.add(model="deepseek-v3.2", calls=2, input_tokens=600, output_tokens=100)
    used = {one["id"]: one["used"] for one in lke.packages.list("all")}
    assert sum(used.values()) == 700
    assert used[package["id"]] <= 700


def test_products_without_a_package_are_called_by_the_common_client(lke: Lke) -> None:
    assert lke.client("adp").call_json("DescribeSpaceList", {})["Response"]["RequestId"]


def test_a_failed_test_shows_its_last_calls(tmp_path: Path) -> None:
    said = run(tmp_path, FAILING)
    assert "1 failed" in said
    assert "calls of account" in said
    assert 'lke.DescribeTokenUsage {"ModelName": "hunyuan"} -> ok' in said


def test_markers_choose_scenario_and_faults(tmp_path: Path) -> None:
    assert "2 passed" in run(tmp_path, PASSING, "--strict-markers")


@pytest.mark.parametrize("shared", [True, False])
def test_workers_share_a_server_or_have_one_each(tmp_path: Path, shared: bool) -> None:
    options = ["-n", "2", *(["--lke-shared"] if shared else [])]
    assert "2 passed" in run(tmp_path, PASSING, *options, plugins=",xdist.plugin")


def test_a_script_serves_for_itself() -> None:
    with lke_emulator.testing.serve("empty") as server, server.account() as account:
        assert account.client("lke").call_json("DescribeTokenUsage", {})["Response"]["TotalTokenUsage"] == 0


def test_the_plugin_imports_nothing_that_serves() -> None:
    code = "import lke_emulator.testing.plugin, sys; print([m for m in sys.modules if m in ('uvicorn', 'starlette', 'msgspec')])"
    said: Any = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
