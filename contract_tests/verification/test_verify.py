"""`lke-emulator verify`: an assumption is confirmed where it holds, and refuted where it does not."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from contract_tests.process.commands import ROOT, run
from lke_emulator.account.assumptions import Assumptions
from lke_emulator.testing import serve
from lke_emulator.testing.server import ThreadedServer

OTHERWISE: dict[str, Any] = {
    "graph_minutes_up_to": 7200,
    "graph_hours_up_to": 86_400,
    "graph_fill_zero": True,
    "time_precedence": "string",
    "end_before_start": "empty",
    "dosage_type_limit": 1,
    "dosage_type_curr": 1,
    "page_size_max": 2000,
    "check_order": "signature-first",
    "missing_order": "tce",
    "signatures": "any",
    "version_aliases": {},
    "extra_members": "ignore",
    "unknown_signature_method": "refuse",
    "regions": ["ap-guangzhou", "ap-jakarta", "ap-singapore"],
    "post_oversize": "413",
    "get_oversize": "414",
    "other_method": "405",
    "other_path": "envelope",
    "error_texts": {"version": "No such version."},
    "retrieval_refusal": "InvalidParameter",
    "sse_space": True,
    "international_regions": ["ap-singapore"],
    "category_depth": 3,
    "gateway_error_type": "new_api_error",
    "api_key_length": 40,
    "v1_error_shape": "payload",
    "v1_echo_is_final": False,
    "v1_can_rating": "always",
    "dialogue_content_type": "text/event-stream; charset=utf-8",
    "dialogue_language": "en-US",
    "v2_request_id_check": "never",
    "v2_require_user": True,
    "v2_frame_extras": False,
    "v2_content_added_text": True,
}
"""Of every assumption that a check tells of another value than its default."""
KEY = "sk-AnotherLengthOfAKeyOfAnEmulatorThatIsOdd"
ACCOUNT = {
    "uin": "100000000001",
    "credentials": [{"secret_id": "AKIDlocal", "secret_key": "local-secret-key"}],
    "apps": [{"name": "Shop", "key": "shop-key"}],
    "models": [{"name": "hunyuan"}, {"name": "deepseek-v3.2"}],
    "keys": [{"label": "Root", "secret": KEY, "created": "-5d"}],
    "billing": {"postpaid": "all", "balance": 1000},
    # A few calls a day: on every one of them some, and not in every hour.
    "usage": [
        {
            "kind": "generated",
            "model": "hunyuan",
            "since": "-20d",
            "calls_a_day": 9,
            "per_call": {"input_tokens": 600, "output_tokens": 90},
        }
    ],
}


def verify(url: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: it runs pytest."""
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("LKE_", "TENCENTCLOUD_", "OPENAI_"))
    }
    own["PYTHONPATH"] = os.pathsep.join((str(ROOT / "emulator"), str(ROOT)))
    command = [sys.executable, "-m", "lke_emulator", "verify", "--target", url, *words]
    # Elsewhere: from the checkout's own folder everything could be imported.
    nowhere = Path(sys.executable).parent
    return subprocess.run(command, env=own | environment, cwd=nowhere, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel has, and nothing else of the checkout."""
    folder = tmp_path_factory.mktemp("site-packages")
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    for package in wheel["packages"]:
        shutil.copytree(ROOT / package, folder / Path(package).name)
    for source, target in wheel["force-include"].items():
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy2
        copy(ROOT / source, folder / target)
    return folder


def odd(tmp_path: Path) -> ThreadedServer:
    path = tmp_path / "odd.yaml"
    path.write_text(yaml.safe_dump({"assumptions": OTHERWISE, "accounts": [ACCOUNT]}))
    return ThreadedServer(str(path), rate_limit=0)


def test_every_check_refutes_what_is_otherwise(tmp_path: Path) -> None:
    """Or it would confirm whatever it is shown."""
    defaults = msgspec.to_builtins(Assumptions())
    assert [name for name, value in OTHERWISE.items() if defaults[name] == value] == []
    server = odd(tmp_path)
    try:
        only = [word for name in OTHERWISE for word in ("--only", name)]
        keys = {"TENCENTCLOUD_SECRET_ID": "AKIDlocal", "TENCENTCLOUD_SECRET_KEY": "local-secret-key"}
        keys |= {"OPENAI_API_KEY": KEY, "LKE_BOT_APP_KEY": "shop-key"}
        ended = verify(server.url, "--writes", "--costs", "--json", *only, **keys)
        apps = server.first_account().client("lke").call_json("ListApp", {"PageNumber": 1, "PageSize": 9})
    finally:
        server.stop()
    assert ended.returncode == 1, ended.stderr
    rows = json.loads(ended.stdout)["assumptions"]
    assert {row["id"]: row["why"] for row in rows if row["verdict"] != "refuted"} == {}
    assert len(rows) == len(OTHERWISE)
    # What was written is gone again.
    assert [app["Name"] for app in apps["Response"]["List"]] == ["Shop"]


def test_what_holds_is_confirmed_and_what_is_not_asked_for_is_not_run(installed: Path) -> None:
    with serve("default", rate_limit=0) as server:
        ids = ("missing_order", "other_path", "sse_space", "category_depth", "settlement")
        ended = verify(server.url, *[word for name in ids for word in ("--only", name)], PYTHONPATH=str(installed))
    assert ended.returncode == 0, ended.stderr
    *lines, summary = ended.stdout.splitlines()
    told = {line.split()[-1] if line.startswith("confirmed") else line for line in lines}
    assert [line.split()[1] for line in lines if line.startswith("confirmed")] == ["missing_order", "other_path"], told
    why = {line.split()[2]: line for line in lines if line.startswith("not checkable")}
    assert "--costs runs it" in why["sse_space"]
    assert "--writes runs it" in why["category_depth"]
    assert "no check can tell it from outside" in why["settlement"]
    assert summary.endswith("0 refuted, 2 confirmed, 3 not checkable; other checks: 0 passed, 0 failed, 0 not run")


@pytest.mark.parametrize(
    ("words", "environment", "code", "message"),
    [
        ((), {}, 2, "Missing option '--target'"),
        (("--target", "lke.tencentcloudapi.com"), {}, 2, "--target must be an http or https URL"),
        (("--target", "https://lke.tencentcloudapi.com"), {}, 2, "nothing opens https://lke.tencentcloudapi.com"),
        (("--target", "https://x.example"), {"OPENAI_API_KEY": "sk-x"}, 2, "the checks sign their calls"),
        (("--target", "http://127.0.0.1:1", "--openai-target", "here"), {}, 2, "--openai-target must be"),
        (("--target", "http://127.0.0.1:1", "--only", "chek_order"), {}, 2, "did you mean `check_order`?"),
        (("--target", "http://127.0.0.1:1"), {}, 1, "does not answer"),
    ],
)
def test_mistakes_are_one_message(words: tuple[str, ...], environment: dict[str, str], code: int, message: str) -> None:
    result = run("verify", *words, **{"OPENAI_API_KEY": "", "LKE_BOT_APP_KEY": ""} | environment)
    assert result.exit_code == code
    assert message in " ".join(result.stderr.split())


def test_credentials_that_are_refused_are_told_before_anything_is_refuted() -> None:
    with serve("empty") as server:
        keys = {"TENCENTCLOUD_SECRET_ID": "AKIDother", "TENCENTCLOUD_SECRET_KEY": "x"}
        result = run("verify", "--target", server.url, **keys)
    assert result.exit_code == 1
    assert "AuthFailure.SecretIdNotFound" in result.stderr
