"""Control and an account of the test's own."""

from collections.abc import Iterator

import pytest

from contract_tests.conftest import Control
from contract_tests.control.admin import Admin
from contract_tests.control.signed_calls import BEGIN, PAID


@pytest.fixture
def admin(emulator: Control) -> Iterator[Admin]:
    admin = Admin(emulator.url)
    yield admin
    admin.close()


@pytest.fixture
def account(admin: Admin) -> Iterator[Admin]:
    """An account of the test's own that pays afterwards, at 4 and 12 millionths a token; its clock stands still."""
    billing = {"postpaid": PAID, "balance": 10, "prices": [{"input": 0.004, "output": 0.012, "image": 0.05}]}
    people = [{"name": "alice", "uin": "200000000001"}, {"name": "bob", "uin": "200000000002"}]
    account = admin.account(account={"clock": {"frozen_at": BEGIN}, "billing": billing, "sub_accounts": people})
    yield account
    account.close()
