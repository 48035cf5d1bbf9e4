"""The international SDK (tencentcloud-sdk-python-intl-en), where it differs from the mainland one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.conftest import Control, Target

SDK = Path(sys.prefix) / "intl"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def heard(emulator: Control, target: Target) -> dict[str, Any]:
    """What the international client heard from the documented examples, action by action."""
    assert SDK.is_dir(), f"the international SDK is not at {SDK}: `make test` installs it"
    emulator.load("documented-examples")
    told = {"endpoint": target.endpoint, "secret_id": target.secret_id, "secret_key": target.secret_key}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(SDK), str(ROOT)))}
    run = subprocess.run(
        [sys.executable, "-m", "contract_tests.gateway.international"],
        input=json.dumps(told),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    given: dict[str, Any] = json.loads(run.stdout)
    return given


def test_the_international_client_reads_every_statistic(heard: dict[str, Any]) -> None:
    documented = json.loads((ROOT / "fixtures" / "documented-usage.json").read_text())
    usage, graph = heard["DescribeTokenUsage"], heard["DescribeTokenUsageGraph"]
    assert {name: usage[name] for name in documented[0]["reply"]} == documented[0]["reply"]
    assert {name: graph[name] for name in documented[1]["reply"]} == documented[1]["reply"]
    detail = heard["ListUsageCallDetail"]["List"][0]
    # BillingTag is a member of the mainland edition only; the international client drops it with a warning.
    assert "BillingTag" not in detail
    assert detail["TotalTokenUsage"] == detail["InputTokenUsage"] + detail["OutputTokenUsage"]


def test_the_international_client_asks_for_english(heard: dict[str, Any]) -> None:
    assert heard["refused"] == [
        "AuthFailure.SecretIdNotFound",
        "The SecretId is not found, please ensure that your SecretId is correct.",
    ]
