"""A scenario that is loaded again: what control opened stays, and the log says what does not."""

import os
import signal
from pathlib import Path
from typing import Any

import httpx

from contract_tests.process.commands import SCENARIO
from contract_tests.process.served import Served, serving

OTHER = """  - uin: {uin}
    credentials: [{{secret_id: other, secret_key: k}}]
"""


def opened(served: Served, **body: Any) -> Any:
    return httpx.post(f"{served.url}/_emulator/accounts", json=body).json()


def chat(served: Served, secret: str) -> int:
    body = {"model": "deepseek-chat", "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.post(f"{served.url}/v1/chat/completions", json=body, headers=headers).status_code


def test_accounts_that_control_opened_outlive_a_reload(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SCENARIO.format(name="One", calls=1) + OTHER.format(uin=2))
    with serving("--scenario", str(file)) as served:
        first, second = opened(served, uin="77"), opened(served, uin="88")
        assert chat(served, first["key"]["secret"]) == 200
        copy = httpx.post(f"{served.url}/_emulator/accounts/77/copy", json={"uin": "99"}).json()
        file.write_text(SCENARIO.format(name="Two", calls=2) + OTHER.format(uin=88))
        served.process.send_signal(signal.SIGHUP)
        said = [served.wait_for(word) for word in ("again", "account 2 is gone", "account 88 is gone")]
        assert "77, 99 opened since stay as they are" in said[0]
        assert "the scenario has it no more" in said[1]
        assert "88 is taken" in said[2]
        assert served.calls() == 2
        accounts = httpx.get(f"{served.url}/_emulator/accounts").json()["accounts"]
        assert [account["uin"] for account in accounts] == ["1", "88", "77", "99"]
        board = httpx.get(f"{served.url}/_emulator/accounts/77/dashboard").json()
        assert board["today"]["requests"] == 1
        assert chat(served, first["key"]["secret"]) == chat(served, copy["keys"][0]["secret"]) == 200
        assert chat(served, second["key"]["secret"]) == 401
        httpx.post(f"{served.url}/_emulator/accounts/77/reset")
        board = httpx.get(f"{served.url}/_emulator/accounts/77/dashboard").json()
        assert board["today"]["requests"] == 0


def test_a_scenario_that_has_become_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SCENARIO.format(name="One", calls=1))
    with serving("--scenario", str(file), "--watch") as served:
        file.unlink()
        os.mkfifo(file)
        served.process.send_signal(signal.SIGHUP)
        assert "a pipe or a device" in served.wait_for("the world stays as it is")
        assert served.calls() == 1
