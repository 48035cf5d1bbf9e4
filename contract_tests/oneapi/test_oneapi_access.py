"""Who may use the console, and as whom."""

import httpx
import pytest

from contract_tests.conftest import Control
from contract_tests.control.admin import Admin
from contract_tests.oneapi.console_gateway import ALICE, BEGIN, DAY, UNIT, Gateway


def test_a_balance_checker_needs_the_key_alone(gateway: Gateway) -> None:
    """A key acts as its owner."""
    by_key = Gateway(gateway.admin, gateway.admin.secret)
    assert by_key.get("/api/user/self") == gateway.get("/api/user/self")
    without_prefix = Gateway(gateway.admin, gateway.admin.secret.removeprefix("sk-"))
    assert without_prefix.get("/api/user/self")["quota"] == 10 * UNIT
    for one in (by_key, without_prefix):
        one.http.close()


def test_a_key_without_a_limit_has_the_familys_figure(gateway: Gateway, emulator: Control) -> None:
    headers = {"Authorization": f"Bearer {gateway.admin.secret}"}
    billing = f"{gateway.admin.url}/v1/dashboard/billing"
    assert httpx.get(f"{billing}/subscription", headers=headers).json()["hard_limit_usd"] == 100_000_000
    gateway.admin.chat()
    emulator.assume(gateway_billing_of="account")
    assert httpx.get(f"{billing}/subscription", headers=headers).json()["hard_limit_usd"] == 10
    cents = httpx.get(f"{billing}/usage", headers=headers).json()["total_usage"]
    assert 10 - cents / 100 == pytest.approx(gateway.admin.get("/dashboard")["balance"])


def test_whoever_is_not_known_is_refused(gateway: Gateway) -> None:
    for headers in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Bearer sk-nobody"}):
        answer = httpx.get(gateway.admin.url + "/api/user/self", headers=headers)
        assert (answer.status_code, answer.json()["success"]) == (401, False)
    other_user = {"Authorization": gateway.admin.token, "New-Api-User": "1"}
    assert httpx.get(gateway.admin.url + "/api/user/self", headers=other_user).status_code == 401
    only_token = {"Authorization": gateway.admin.token}
    assert httpx.get(gateway.admin.url + "/api/user/self", headers=only_token).status_code == 200


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("", "未提供令牌"),
        ("sk-nobody", "无效的令牌"),
        ("disabled", "令牌状态不可用"),
        ("expired", "已过期"),
        ("spent", "额度已用尽"),
    ],
)
def test_a_key_that_may_not_is_told_why(gateway: Gateway, secret: str, said: str) -> None:
    """Documented texts, in OpenAI's form on OpenAI's routes."""
    if secret.isalpha():
        token = gateway.create("one", expired_time=BEGIN if secret == "expired" else -1)
        if secret == "spent":
            gateway.call("PUT", "/api/token/", json={"id": token["id"], "name": "one", "remain_quota": 0})
        if secret == "disabled":
            gateway.call("PUT", "/api/token/?status_only=1", json={"id": token["id"], "status": 2})
        secret = f"sk-{token['key']}"
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    answer = httpx.get(gateway.admin.url + "/v1/dashboard/billing/usage", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "one_api_error"
    assert said in answer.json()["error"]["message"]
    # What it has used is still told to who may only read, unless it was disabled.
    readable = said in ("已过期", "额度已用尽")
    assert (httpx.get(gateway.admin.url + "/api/usage/token/", headers=headers).status_code == 200) is readable


def test_a_sub_account_sees_what_is_its_own(gateway: Gateway) -> None:
    root = gateway.create("root's")
    opened = gateway.admin.post("/access-tokens", owner=ALICE)
    assert opened["user"] == int(ALICE)
    alice = Gateway(gateway.admin, opened["token"])
    mine = alice.create("alice's")
    gateway.chat(root)
    gateway.chat(mine)
    assert [token["name"] for token in alice.get("/api/token/")["items"]] == ["alice's"]
    assert alice.refused("DELETE", f"/api/token/{root['id']}")
    assert alice.refused("PUT", "/api/token/?status_only=1", json={"id": root["id"], "status": 2})
    assert [line["username"] for line in alice.logs()] == ["alice"]
    assert len(gateway.logs(type=2)) == 2
    user, whole = alice.get("/api/user/self"), gateway.get("/api/user/self")
    assert (user["id"], user["username"], user["request_count"], whole["request_count"]) == (int(ALICE), "alice", 1, 2)
    assert user["quota"] == whole["quota"]
    assert 0 < user["used_quota"] == alice.get("/api/log/self/stat")["quota"] < whole["used_quota"]
    span = {"start_timestamp": BEGIN - DAY, "end_timestamp": BEGIN}
    (row,) = alice.get("/api/data/self", **span)
    assert (row["count"], row["quota"]) == (1, user["used_quota"])
    alice.http.close()


def test_an_access_token_is_replaced_by_the_next(gateway: Gateway) -> None:
    token = gateway.get("/api/user/token")
    assert len(token) == 32
    assert gateway.refused("GET", "/api/user/self")
    renewed = Gateway(gateway.admin, token)
    assert renewed.get("/api/user/self")["status"] == 1
    renewed.http.close()


def test_anyone_is_the_first_account_where_authentication_is_off(admin: Admin, emulator: Control) -> None:
    emulator.load("default", auth="off")
    data = httpx.get(admin.url + "/api/user/self").json()["data"]
    assert data["id"] == 100000000001
