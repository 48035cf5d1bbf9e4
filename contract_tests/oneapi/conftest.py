"""Control and the console, for the tests of the console."""

from collections.abc import Iterator

import pytest

from contract_tests.conftest import Control
from contract_tests.control.admin import Admin
from contract_tests.oneapi.console_gateway import TEMPLATE, Gateway


@pytest.fixture
def admin(emulator: Control) -> Iterator[Admin]:
    emulator.assume(limit_clock="account")
    admin = Admin(emulator.url)
    yield admin
    admin.close()


@pytest.fixture
def gateway(admin: Admin) -> Iterator[Gateway]:
    gateway = Gateway(admin.account(account=TEMPLATE))
    yield gateway
    gateway.close()
