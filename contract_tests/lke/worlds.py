"""Scenarios and calls that the tests of lke's resources share."""

from collections.abc import Callable
from typing import Any

from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.conftest import Control
from lke_emulator.account.account import Account

ROOT = "100000000009"
START = 1_790_000_000
SHOP = "1900000000000000001"
"""An app that is online."""
PLAIN = f"""
deterministic: true
accounts:
  - uin: {ROOT}
    name: Owner
    clock: {{ frozen_at: {START} }}
    rate_limit: 0
    credentials:
      - {{ secret_id: AKIDlocal, secret_key: local-secret-key }}
    spaces:
      - {{ id: default_space, name: Default }}
    apps:
      - {{ biz_id: {SHOP}, name: Shop, space: default_space }}
    models:
      - {{ name: cs-normal }}
    billing: {{ postpaid: all, balance: 1000 }}
"""

Ask = Callable[..., dict[str, Any]]
Refused = Callable[..., TencentCloudSDKException]


def account_of(emulator: Control) -> Account:
    return emulator.world.accounts[ROOT]


def pages(ask: Ask, action: str, rows: str, size: int, **params: Any) -> list[dict[str, Any]]:
    """Every row of a list, page by page, until one is empty."""
    found: list[dict[str, Any]] = []
    for number in range(1, 1000):
        page = ask(action, PageNumber=number, PageSize=size, **params)[rows]
        if not page:
            return found
        assert len(page) <= size
        found += page
    raise AssertionError("the list has no end")
