"""`--auth off`: nothing is verified, and still everybody who is known acts as himself."""

from collections.abc import Iterator

import httpx
import pytest

from contract_tests.conftest import Control, Target
from contract_tests.control.admin import Admin
from contract_tests.gateway.wire import form, send, signed_headers, v1_params

FIRST = "100000000001"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def other(emulator: Control) -> Iterator[Admin]:
    """An account beside the first one."""
    emulator.load("default", auth="off")
    root = Admin(emulator.url)
    yield root.account()
    root.close()


def who(admin: Admin) -> str:
    """Whose call the last one was."""
    calls = admin.http.get("/_emulator/journal", params={"limit": 1}).json()["calls"]
    return str(calls[0]["Account"])


def test_a_known_secret_id_acts_as_itself_whatever_its_signature(other: Admin, target: Target) -> None:
    known = Target(target.url, other.opened["credentials"][0]["secret_id"], "not its key", target.region)
    unknown = Target(target.url, "AKIDnobody", "any", target.region)
    for caller, account in ((known, other.uin), (unknown, FIRST)):
        assert not send(target, body=b"{}", headers=signed_headers(caller, timestamp=1)).code
        assert who(other) == account
        assert not send(target, body=form(v1_params(caller)), headers=FORM).code
        assert who(other) == account
    unsigned = {"X-TC-Action": "ListApp", "X-TC-Version": "2023-11-30", "X-TC-Region": target.region}
    send(target, body=b"{}", headers=unsigned | {"Content-Type": "application/json"})
    assert who(other) == FIRST


def test_a_known_key_acts_as_itself(other: Admin) -> None:
    for secret, account in ((other.secret, other.uin), ("sk-nobody", FIRST), ("", FIRST)):
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        for path in ("/v1/models", "/api/user/self"):
            assert httpx.get(other.url + path, headers=headers).status_code == 200
            assert who(other) == account
