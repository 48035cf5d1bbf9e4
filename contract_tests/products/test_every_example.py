"""The example of every action, sent as it is to an account that was given one of each: it is answered, or cannot be."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

import lke_emulator
from contract_tests.conftest import Control, Target
from lke_emulator.account.snapshot import Snapshot, restore, save
from lke_emulator.products.example import example_request, made_up
from lke_emulator.protocol.spec import spec

CANNOT = {
    "lke.CallbackWorkflowToolNode": "no tool of a run waits for a callback here, so nobody has a token",
    "adp.SaveWorkflowToolNodeOutput": "no tool of a run waits for a callback here, so nobody has a token",
    "adp.DescribeNodeBatchRun": "no node runs in batches here",
}
"""Actions of which no request can be answered -> why."""
STREAMS = ("lkeap.ChatCompletions", "lkeap.ReconstructDocumentSSE")
READING = ("Describe", "List", "Get", "Check", "Is", "Preview")
SPECIMENS = Path(lke_emulator.__file__).parent / "console" / "static" / "explorer" / "specimens.js"


@pytest.fixture
def clients(target: Target) -> dict[str, CommonClient]:
    credential = Credential(target.secret_id, target.secret_key)
    return {
        product: CommonClient(product, version, credential, target.region, target.profile())
        for product, version in spec().services
    }


def refusal_of(clients: dict[str, CommonClient], key: str, params: dict[str, Any]) -> str:
    """Code and message; nothing where it is answered."""
    product, _, name = key.partition(".")
    try:
        if key in STREAMS:
            assert list(clients[product].call_sse(name, params)), key
        else:
            clients[product].call_json(name, params)
    except TencentCloudSDKException as error:
        return f"{error.get_code()}: {error.get_message()}"
    return ""


@pytest.fixture
def given(emulator: Control, clients: dict[str, CommonClient]) -> Snapshot:
    """The default account after what the console's button does."""
    uin = emulator.world.first_credential.account
    httpx.post(f"{emulator.url}/_emulator/accounts/{uin}/specimens").raise_for_status()
    text = SPECIMENS.read_text("utf-8")
    makers = re.findall(r'\["(\w+\.\w+)"(, LONG)?\]', text)
    assert len(makers) > 20
    for key, is_long in makers:
        params = example_request(spec().by_key[key], emulator.world.accounts[uin])
        if is_long:
            params["FileUrl"] = params["FileUrl"].replace("handbook", "archive")
        assert refusal_of(clients, key, params) == "", key
    return save(emulator.world.accounts[uin])


@pytest.mark.parametrize("product", ["lke", "lkeap", "adp"])
def test_the_example_of_every_action_is_answered(
    emulator: Control, clients: dict[str, CommonClient], given: Snapshot, product: str
) -> None:
    refused: dict[str, str] = {}
    invented: list[tuple[str, str]] = []
    changed = True
    for key, action in spec().by_key.items():
        if action.product == product:
            if changed:
                emulator.world.replace(restore(given))
            account = emulator.world.accounts[given.account.uin]
            invented += [(key, name) for name in made_up(action, account) if key not in CANNOT]
            if said := refusal_of(clients, key, example_request(action, account)):
                refused[key] = said
            changed = not action.name.startswith(READING)
    assert {key: said for key, said in refused.items() if key not in CANNOT} == {}
    assert invented == []
    assert refused.keys() == {key for key in CANNOT if key.startswith(f"{product}.")}


def test_one_of_each_is_added_once(emulator: Control) -> None:
    uin = emulator.world.first_credential.account
    address = f"{emulator.url}/_emulator/accounts/{uin}"
    for _ in range(2):
        httpx.post(f"{address}/specimens").raise_for_status()
    apps = [app["name"] for app in httpx.get(f"{address}/apps").json()["apps"]]
    assert len(apps) == len({*apps})
    assert "One of each" in apps
