"""The small world of lke's tests, called through the official SDK's common client in adp's members.

Fixtures: `shop` (the account), `ask` and `refused` (of adp), `ask_lke` (the same account in lke's members).
"""

from typing import Any

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control, Target
from contract_tests.lke.worlds import PLAIN, Ask, Refused, account_of
from lke_emulator.account.account import Account


@pytest.fixture
def shop(emulator: Control) -> Account:
    emulator.load(PLAIN)
    return account_of(emulator)


@pytest.fixture
def adp(target: Target, shop: Account) -> CommonClient:
    credential = Credential(target.secret_id, target.secret_key)
    return CommonClient("adp", "2026-05-20", credential, target.region, target.profile())


@pytest.fixture
def ask(adp: CommonClient) -> Ask:
    def asked(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = adp.call_json(action, params)["Response"]
        return reply

    return asked


@pytest.fixture
def refused(adp: CommonClient) -> Refused:
    def asked(action: str, **params: Any) -> TencentCloudSDKException:
        with pytest.raises(TencentCloudSDKException) as caught:
            adp.call_json(action, params)
        return caught.value

    return asked


@pytest.fixture
def ask_lke(shop: Account, lke: LkeClient) -> Ask:
    def asked(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = lke.call_json(action, params)["Response"]
        return reply

    return asked
