"""A small world of one app with a clock that stands still, and calls to it through the official SDK.

Fixtures: `shop` (the account), `ask` (call an action with members, give what is in Response), `refused` (the same, give the
error).
"""

from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control
from contract_tests.lke.worlds import PLAIN, Ask, Refused, account_of
from lke_emulator.account.account import Account


@pytest.fixture
def shop(emulator: Control) -> Account:
    emulator.load(PLAIN)
    return account_of(emulator)


@pytest.fixture
def ask(shop: Account, lke: LkeClient) -> Ask:
    def asked(action: str, **params: Any) -> dict[str, Any]:
        reply: dict[str, Any] = lke.call_json(action, params)["Response"]
        return reply

    return asked


@pytest.fixture
def refused(shop: Account, lke: LkeClient) -> Refused:
    def asked(action: str, **params: Any) -> TencentCloudSDKException:
        with pytest.raises(TencentCloudSDKException) as caught:
            lke.call_json(action, params)
        return caught.value

    return asked
