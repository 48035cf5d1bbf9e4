"""The gateway family's console, as its dashboards and balance checkers call it, and the official client beside it.

The first eight tests are the checks that show that the system of the gateway's manual works locally.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from openai import AuthenticationError, OpenAI, RateLimitError

from contract_tests.conftest import Control
from contract_tests.control.admin import HELLO, Admin

HOUR, DAY = 3600, 86400
BEGIN = 1742452818
"""2025-03-20 14:40:18 at UTC+8."""
UNIT = 500_000
"""Quota for one unit of money (documented)."""
PRICES = [{"api": "ImageGeneration", "image": 0.04}, {"model": "glm-*", "input": 0.001, "output": 0.002}]
ALICE = "200000000001"
TEMPLATE: dict[str, Any] = {
    "clock": {"frozen_at": BEGIN},
    "sub_accounts": [{"name": "alice", "uin": ALICE}],
    "billing": {"balance": 10, "postpaid": "all", "prices": [*PRICES, {"input": 0.004, "output": 0.012}]},
}


class Gateway:
    """The console of one account, by plain HTTP with an access token."""

    def __init__(self, admin: Admin, token: str = "") -> None:
        self.admin = admin
        user = str(admin.opened["access_token"]["user"])
        headers = (
            {"Authorization": f"Bearer {token}"} if token else {"Authorization": admin.token, "New-Api-User": user}
        )
        self.http = httpx.Client(base_url=admin.url, headers=headers)

    def call(self, method: str, path: str, /, **request: Any) -> Any:
        """What `data` is of an answer that succeeded."""
        answer = self.http.request(method, path, **request)
        body = answer.json()
        assert (answer.status_code, body["success"], body["message"]) == (200, True, ""), body
        return body.get("data")

    def get(self, path: str, /, **query: Any) -> Any:
        return self.call("GET", path, params=query)

    def refused(self, method: str, path: str, /, **request: Any) -> str:
        """The message of an answer that did not succeed."""
        body = self.http.request(method, path, **request).json()
        assert body["success"] is False
        return str(body["message"])

    def create(self, name: str, **settings: Any) -> dict[str, Any]:
        token: dict[str, Any] = self.call("POST", "/api/token/", json={"name": name, **settings})
        return token

    def client(self, token: dict[str, Any], path: str = "/v1") -> OpenAI:
        return self.admin.client(path, f"sk-{token['key']}")

    def chat(self, token: dict[str, Any], model: str = "deepseek-chat") -> Any:
        return self.client(token).chat.completions.create(model=model, messages=HELLO)

    def logs(self, **query: Any) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.get("/api/log/self", page_size=100, **query)["items"]
        return lines

    def close(self) -> None:
        self.http.close()
        self.admin.close()


@pytest.fixture
def admin(emulator: Control) -> Iterator[Admin]:
    admin = Admin(emulator.url)
    yield admin
    admin.close()


@pytest.fixture
def gateway(admin: Admin) -> Iterator[Gateway]:
    gateway = Gateway(admin.account(account=TEMPLATE))
    yield gateway
    gateway.close()


def test_a_token_is_shown_once_and_masked_after(gateway: Gateway) -> None:
    """Check 1 (GW-1 to GW-4)."""
    token = gateway.create("Production", group="vip")
    assert len(token["key"]) == 48
    assert (token["name"], token["group"], token["status"]) == ("Production", "vip", 1)
    page = gateway.get("/api/token/", p=1, page_size=10)
    listed = page["items"][0]
    assert (page["total"], listed["id"], listed["name"]) == (2, token["id"], "Production")
    assert listed["key"] == f"{token['key'][:4]}{'*' * 10}{token['key'][-4:]}"
    assert gateway.get(f"/api/token/{token['id']}") == listed
    assert gateway.get("/api/token/search", keyword="Prod")["items"] == [listed]
    assert "once" in gateway.refused("POST", f"/api/token/{token['id']}/key")


@pytest.mark.parametrize("path", ["/v1", ""])
def test_chat_embeddings_and_images_work_with_and_without_v1(gateway: Gateway, path: str) -> None:
    """Check 2 (GW-25 to GW-31): the calls of the manual."""
    client = gateway.client(gateway.create("Testing"), path)
    assert client.chat.completions.create(model="deepseek-chat", messages=HELLO).choices[0].message.content
    assert client.embeddings.create(model="text-embedding-3-small", input=["Hello world"]).data[0].embedding
    image = client.images.generate(model="dall-e-3", prompt="Chinese landscape painting, digital art")
    assert image.data
    assert [line["model_name"] for line in gateway.logs(type=2)] == [
        "dall-e-3",
        "text-embedding-3-small",
        "deepseek-chat",
    ]


def test_a_token_is_suspended_resumed_and_deleted(gateway: Gateway) -> None:
    """Check 3 (GW-8, GW-9)."""
    token = gateway.create("Testing")
    assert gateway.chat(token)
    assert gateway.call("PUT", "/api/token/?status_only=1", json={"id": token["id"], "status": 2})["status"] == 2
    with pytest.raises(AuthenticationError):
        gateway.chat(token)
    assert gateway.call("PUT", "/api/token/?status_only=1", json={"id": token["id"], "status": 1})["status"] == 1
    assert gateway.chat(token)
    gateway.call("DELETE", f"/api/token/{token['id']}")
    with pytest.raises(AuthenticationError):
        gateway.chat(token)
    assert gateway.refused("GET", f"/api/token/{token['id']}")
    assert [token["name"] for token in gateway.get("/api/token/")["items"]] == ["default"]


def test_the_quota_of_the_log_is_what_tokens_used_and_the_balance_lost(gateway: Gateway) -> None:
    """Check 4 (GW-6), also where a package pays for some calls and for a part of one."""
    gateway.admin.post("/packages/grant", kind="tokens", total=100, apis=["ChatCompletions"], models=["glm-4"])
    before = gateway.get("/api/user/self")
    tokens = [gateway.create("one"), gateway.create("two")]
    for token, model in zip(tokens * 4, ("glm-4", "glm-4", "gpt-4o", "glm-4", "qwen-max", "glm-4"), strict=False):
        gateway.admin.post("/clock/advance", by=7)
        gateway.chat(token, model)
    gateway.client(tokens[0]).images.generate(model="dall-e-3", prompt="x", n=3)
    lines, after = gateway.logs(type=2), gateway.get("/api/user/self")
    shown = [gateway.get(f"/api/token/{token['id']}") for token in tokens]
    assert len(lines) == after["request_count"] - before["request_count"] == 9
    assert sum(line["quota"] for line in lines) == after["used_quota"] - before["used_quota"]
    assert sum(line["quota"] for line in lines) == before["quota"] - after["quota"]
    for token in shown:
        assert token["used_quota"] == sum(line["quota"] for line in lines if line["token_id"] == token["id"]) > 0
        assert token["accessed_time"] == max(line["created_at"] for line in lines if line["token_id"] == token["id"])
    assert any(line["quota"] == 0 < line["prompt_tokens"] for line in lines)
    assert gateway.get("/api/log/self/stat")["quota"] == after["used_quota"]


@pytest.mark.parametrize(("paid", "credit"), [(10, 10), (20, 22), (50, 57.5), (100, 120), (200, 240), (500, 600)])
def test_top_ups_credit_what_the_manual_says(gateway: Gateway, paid: int, credit: float) -> None:
    """Check 5 (GW-13 to GW-17)."""
    before = gateway.get("/api/user/self")["quota"]
    assert gateway.get("/api/user/topup/info")["credit"][str(paid)] == credit
    asked = gateway.http.post("/api/user/amount", json={"amount": paid}).json()
    assert asked == {"message": "success", "data": f"{paid}.00"}
    answer = gateway.http.post("/api/user/pay", json={"amount": paid, "payment_method": "paypal"}).json()
    assert (answer["message"], float(answer["data"]["credit"])) == ("success", credit)
    assert gateway.get("/api/user/self")["quota"] - before == credit * UNIT
    (row,) = gateway.get("/api/user/topup/self")["items"]
    assert (row["money"], row["amount"], row["status"]) == (paid, credit, "success")
    (line,) = gateway.logs(type=1)
    assert f"{credit:.2f}" in line["content"]


def test_the_dashboard_counts_what_the_log_lists(gateway: Gateway) -> None:
    """Check 6 (GW-20 to GW-24)."""
    token = gateway.create("one")
    for moment in (BEGIN - 40 * DAY, BEGIN - 8 * DAY, BEGIN - 2 * DAY, BEGIN - HOUR, BEGIN):
        gateway.admin.post("/clock/set", at=moment)
        for model in ("gpt-4o", "glm-4", "glm-4"):
            gateway.chat(token, model)
            board = gateway.admin.get("/dashboard")
            lines = gateway.logs(type=2)
            for period in ("today", "week", "month"):
                listed = [line for line in lines if line["created_at"] >= board[period]["start"]]
                assert board[period]["requests"] == len(listed)
                assert board[period]["input_tokens"] == sum(line["prompt_tokens"] for line in listed)
                assert board[period]["output_tokens"] == sum(line["completion_tokens"] for line in listed)
            for unit in ("daily", "weekly", "monthly"):
                starts = [spent["start"] for spent in board[unit]] + [moment + 1]
                for spent, stop in zip(board[unit], starts[1:], strict=True):
                    quota = sum(line["quota"] for line in lines if spent["start"] <= line["created_at"] < stop)
                    assert spent["amount"] * UNIT == pytest.approx(quota, abs=1e-6)
            in_month = [line["model_name"] for line in lines if line["created_at"] >= board["month"]["start"]]
            assert {one["model"]: one["requests"] for one in board["models"]} == {
                model: in_month.count(model) for model in in_month
            }


def test_a_rate_limit_passes_and_an_empty_balance_takes_a_top_up(admin: Admin) -> None:
    """Check 7 (GW-32, GW-35)."""
    limits = [{"model": "glm-4", "requests_per_minute": 2}]
    gateway = Gateway(admin.account(account=TEMPLATE | {"limits": limits}))
    token = gateway.create("one")
    for _ in range(2):
        gateway.chat(token, "glm-4")
    with pytest.raises(RateLimitError) as caught:
        gateway.chat(token, "glm-4")
    gateway.admin.post("/clock/advance", by=float(caught.value.response.headers["retry-after"]))
    assert gateway.chat(token, "glm-4")
    gateway.client(token).images.generate(model="dall-e-3", prompt="x", n=10)
    while gateway.get("/api/user/self")["quota"] >= 0:
        gateway.client(token).images.generate(model="dall-e-3", prompt="x", n=10, size="16x16")
    gateway.admin.post("/clock/advance", by=HOUR)
    with pytest.raises(RateLimitError) as caught:
        gateway.chat(token)
    assert caught.value.body == {"message": "not enough quota", "type": "runtime_error", "param": None, "code": "20031"}
    assert gateway.http.post("/api/user/pay", json={"amount": 20}).json()["message"] == "success"
    assert gateway.chat(token)
    gateway.close()


@pytest.mark.parametrize("prefix", ["/v1", ""])
def test_billing_routes_agree_with_the_log(gateway: Gateway, prefix: str) -> None:
    """Check 8: what old OpenAI dashboards and New API's token query say is one figure."""
    token = gateway.create("one", remain_quota=2 * UNIT)
    for _ in range(3):
        gateway.chat(token)
    headers = {"Authorization": f"Bearer sk-{token['key']}"}
    dates = {"start_date": "2025-03-01", "end_date": "2025-03-31"}
    billing = f"{gateway.admin.url}{prefix}/dashboard/billing"
    subscription = httpx.get(f"{billing}/subscription", headers=headers).json()
    usage = httpx.get(f"{billing}/usage", headers=headers, params=dates).json()
    answer = httpx.get(f"{gateway.admin.url}/api/usage/token/", headers=headers).json()
    used = sum(line["quota"] for line in gateway.logs(token_name="one"))
    assert used > 0
    assert (answer["code"], answer["message"]) == (True, "ok")
    data = answer["data"]
    assert (data["object"], data["name"], data["unlimited_quota"]) == ("token_usage", "one", False)
    assert (data["total_granted"], data["total_used"], data["total_available"]) == (2 * UNIT, used, 2 * UNIT - used)
    assert (subscription["object"], subscription["hard_limit_usd"]) == ("billing_subscription", 2)
    assert (usage["object"], usage["total_usage"]) == ("list", pytest.approx(100 * used / UNIT))


# who may


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
    emulator.world.assumptions = msgspec.structs.replace(emulator.world.assumptions, gateway_billing_of="account")
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


# tokens


def test_a_token_is_changed_as_a_whole(gateway: Gateway) -> None:
    """GW-7."""
    token = gateway.create("one", models="glm-4")
    change = {"id": token["id"], "name": "two", "group": "b", "expired_time": BEGIN + 60, "unlimited_quota": True}
    changed = gateway.call(
        "PUT", "/api/token/", json=change | {"model_limits_enabled": True, "model_limits": "gpt-4o,glm-4"}
    )
    assert (changed["name"], changed["group"], changed["expired_time"]) == ("two", "b", BEGIN + 60)
    assert (changed["model_limits"], changed["unlimited_quota"]) == ("gpt-4o,glm-4", True)
    assert gateway.chat(token, "gpt-4o")
    gateway.admin.post("/clock/advance", by=60)
    assert gateway.get(f"/api/token/{token['id']}")["status"] == 3
    refusal = gateway.refused("PUT", "/api/token/?status_only=1", json={"id": token["id"], "status": 1})
    assert "expiry" in refusal


def test_a_token_is_exhausted_by_its_quota(gateway: Gateway) -> None:
    token = gateway.create("one", remain_quota=1)
    gateway.chat(token)
    shown = gateway.get(f"/api/token/{token['id']}")
    assert (shown["status"], shown["remain_quota"], shown["unlimited_quota"]) == (4, 0, False)
    with pytest.raises(AuthenticationError):
        gateway.chat(token)
    gateway.call("PUT", "/api/token/", json={"id": token["id"], "name": "one", "remain_quota": UNIT})
    assert gateway.chat(token)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"name": ""}', "1 to 50 characters"),
        (b'{"name": "' + b"x" * 51 + b'"}', "1 to 50 characters"),
        (b'{"name": "x", "remain_quota": -1}', "not below 0"),
        (b'{"name": 7}', "name"),
        (b"{", "not as it should be"),
        (b"", "not as it should be"),
    ],
)
def test_a_token_that_cannot_be_is_refused(gateway: Gateway, body: bytes, said: str) -> None:
    assert said in gateway.refused("POST", "/api/token/", content=body)


def test_an_account_has_ten_tokens(gateway: Gateway) -> None:
    for place in range(9):
        gateway.create(str(place))
    assert "at most 10" in gateway.refused("POST", "/api/token/", json={"name": "eleventh"})


def test_tokens_come_in_pages(gateway: Gateway, emulator: Control) -> None:
    for place in range(4):
        gateway.create(f"key {place}")
    pages = [gateway.get("/api/token/", p=p, page_size=2) for p in (1, 2, 3, 4)]
    assert [page["total"] for page in pages] == [5] * 4
    assert [token["name"] for page in pages for token in page["items"]] == [
        "key 3",
        "key 2",
        "key 1",
        "key 0",
        "default",
    ]
    assert [token["name"] for token in gateway.get("/api/token/search", keyword="%1")["items"]] == ["key 1"]
    emulator.world.assumptions = msgspec.structs.replace(emulator.world.assumptions, gateway_lists="one-api")
    assert [token["name"] for token in gateway.get("/api/token/", p=1, page_size=2)] == ["key 1", "key 0"]


# logs and data


def test_pages_of_the_log_hold_every_line_once(gateway: Gateway) -> None:
    """Calls, top-ups and purchases in one order, whatever the size of a page."""
    token = gateway.create("one")
    for place in range(7):
        gateway.admin.post("/clock/advance", by=1)
        gateway.chat(token)
        if place in (0, 3, 4):
            gateway.admin.post("/wallet/top-up", amount=10)
        if place == 4:
            gateway.admin.post("/packages/buy", kind="pages", total=5)
    lines = gateway.logs()
    assert len({line["id"] for line in lines if line["type"] == 2}) == 7
    assert [line["type"] for line in lines].count(1) == 3
    assert [line["type"] for line in lines].count(3) == 1
    assert [line["created_at"] for line in lines] == sorted([line["created_at"] for line in lines], reverse=True)
    for size in (1, 2, 3, 5, 11):
        pages = [gateway.get("/api/log/self", p=p, page_size=size) for p in range(1, 12 // size + 2)]
        assert [line for page in pages for line in page["items"]] == lines
        assert {page["total"] for page in pages} == {11}


def test_the_log_is_filtered_by_token_model_and_time(gateway: Gateway) -> None:
    one, two = gateway.create("one"), gateway.create("two")
    gateway.chat(one, "glm-4")
    gateway.admin.post("/clock/advance", by=100)
    gateway.chat(one, "gpt-4o")
    gateway.chat(two, "glm-4")
    assert {line["token_name"] for line in gateway.logs(token_name="one")} == {"one"}
    assert len(gateway.logs(token_name="one", model_name="glm-4")) == 1
    assert len(gateway.logs(model_name="g%4%")) == 3
    assert gateway.logs(token_name="nobody") == gateway.logs(model_name="glm") == []
    assert len(gateway.logs(start_timestamp=BEGIN + 1)) == 2
    assert len(gateway.logs(end_timestamp=BEGIN)) == 1
    found = gateway.get("/api/log/self/search", keyword="gpt")["items"]
    assert [line["model_name"] for line in found] == ["gpt-4o"]
    stat = gateway.get("/api/log/self/stat", token_name="one")
    assert stat["quota"] == sum(line["quota"] for line in gateway.logs(token_name="one"))
    assert stat["rpm"] == 1


def test_a_line_says_whether_it_was_a_stream_and_which_request(gateway: Gateway) -> None:
    token = gateway.create("one")
    client = gateway.client(token)
    answer = client.chat.completions.with_raw_response.create(model="glm-4", messages=HELLO)
    list(client.chat.completions.create(model="glm-4", messages=HELLO, stream=True))
    stream, whole = gateway.logs(type=2)
    assert (stream["is_stream"], whole["is_stream"]) == (True, False)
    assert whole["request_id"] == answer.headers["x-request-id"]
    headers = {"Authorization": f"Bearer sk-{token['key']}"}
    assert httpx.get(gateway.admin.url + "/api/log/token", headers=headers).json()["data"] == [stream, whole]


def test_usage_that_a_scenario_describes_is_a_line_for_its_bill(admin: Admin) -> None:
    """It is billed by the hour and not by the call; so the quota of all lines is what the balance has lost."""
    usage = {"kind": "steady", "api": "ChatCompletions", "model": "glm-4", "since": BEGIN, "calls": 24, "per_call": {}}
    usage["per_call"] = {"input_tokens": 100, "output_tokens": 50}
    gateway = Gateway(admin.account(account=TEMPLATE | {"models": [{"name": "glm-4"}], "usage": [usage]}))
    gateway.admin.post("/clock/advance", by=5 * HOUR)
    gateway.chat(gateway.create("one"), "glm-4")
    lines, user = gateway.logs(), gateway.get("/api/user/self")
    settled = [line for line in lines if line["type"] == 4]
    assert sum(line["quota"] for line in lines) == user["used_quota"] == 10 * UNIT - user["quota"]
    assert gateway.get("/api/log/self/stat")["quota"] == user["used_quota"]
    assert {line["model_name"] for line in settled} == {"glm-4"}
    assert sum(line["quota"] for line in settled) > 0
    assert len([line for line in lines if line["type"] == 2]) == user["request_count"]
    rows = gateway.get("/api/data/self", start_timestamp=BEGIN - HOUR, end_timestamp=BEGIN + DAY)
    assert sum(row["quota"] for row in rows) == user["used_quota"]
    gateway.close()


def test_data_by_hour_and_model_adds_up_to_the_log(gateway: Gateway) -> None:
    token = gateway.create("one")
    for by, model in ((0, "glm-4"), (HOUR, "glm-4"), (0, "gpt-4o"), (2 * HOUR, "glm-4")):
        gateway.admin.post("/clock/advance", by=by)
        gateway.chat(token, model)
    rows = gateway.get("/api/data/self", start_timestamp=BEGIN - DAY, end_timestamp=BEGIN + DAY)
    lines = gateway.logs(type=2)
    told: dict[tuple[int, str], list[int]] = {}
    for line in lines:
        figures = told.setdefault((line["created_at"] // HOUR * HOUR, line["model_name"]), [0, 0, 0])
        figures[0] += 1
        figures[1] += line["prompt_tokens"] + line["completion_tokens"]
        figures[2] += line["quota"]
    assert {
        (row["created_at"], row["model_name"]): [row["count"], row["token_used"], row["quota"]] for row in rows
    } == told


def test_data_spans_a_month_at_most(gateway: Gateway) -> None:
    """Documented: 2 592 000 seconds, and the text."""
    assert gateway.get("/api/data/self", start_timestamp=BEGIN - 2_592_000, end_timestamp=BEGIN) == []
    refusal = gateway.refused("GET", f"/api/data/self?start_timestamp={BEGIN - 2_592_001}&end_timestamp={BEGIN}")
    assert refusal == "时间跨度不能超过 1 个月"


# prices and payment


def test_the_price_list_gives_the_quota_of_a_call(gateway: Gateway) -> None:
    """The family's own formula, by which dashboards foretell what a call costs."""
    token = gateway.create("one")
    prices = {
        row["model_name"]: row
        for row in httpx.get(gateway.admin.url + "/api/pricing", headers=bearer(token)).json()["data"]
    }
    for model in ("glm-4", "gpt-4o"):
        usage, price = gateway.chat(token, model).usage, prices[model]
        foretold = (usage.prompt_tokens + usage.completion_tokens * price["completion_ratio"]) * price["model_ratio"]
        assert gateway.logs(type=2)[0]["quota"] == pytest.approx(foretold, abs=1)
        assert price["quota_type"] == 0
    gateway.client(token).images.generate(model="dall-e-3", prompt="x")
    assert prices["dall-e-3"]["quota_type"] == 1
    assert gateway.logs(type=2)[0]["quota"] == prices["dall-e-3"]["model_price"] * UNIT


def bearer(token: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer sk-{token['key']}"}


def test_the_manuals_models_are_for_sale(gateway: Gateway) -> None:
    """GW-11."""
    manual = "deepseek-chat qwen-plus deepseek-reasoner claude-sonnet kimi-k2 doubao-pro glm-4 qwen-max gpt-4o"
    assert set(manual.split()) <= set(gateway.get("/api/user/models"))
    assert set(manual.split()) <= {row["model_name"] for row in gateway.get("/api/pricing")}


def test_status_tells_the_quota_of_a_unit(gateway: Gateway) -> None:
    status = httpx.get(gateway.admin.url + "/api/status").json()
    assert status["success"] is True
    assert status["data"]["quota_per_unit"] == UNIT
    headers = gateway.http.headers
    assert httpx.get(gateway.admin.url + "/api/status", headers=headers).json()["data"]["quota_display_type"] == "USD"


def test_payment_methods_are_those_of_the_manual(gateway: Gateway) -> None:
    """GW-13: crypto-currencies are coming soon."""
    info = gateway.get("/api/user/topup/info")
    assert {method["type"] for method in info["pay_methods"]} >= {"visa", "mastercard", "american-express", "paypal"}
    for method in info["coming_soon"]:
        answer = gateway.http.post("/api/user/pay", json={"amount": 10, "payment_method": method["type"]}).json()
        assert answer["message"] == "error"
        assert "coming soon" in answer["data"]
    assert gateway.get("/api/user/topup/self")["items"] == []


def test_redemption_codes_are_told_not_to_be_there(gateway: Gateway) -> None:
    assert "no redemption codes" in gateway.refused("POST", "/api/user/topup", json={"key": "0123"})


def test_groups_are_those_of_the_tokens(gateway: Gateway) -> None:
    gateway.create("one", group="vip")
    assert list(gateway.get("/api/user/self/groups")) == ["default", "vip"]


# what is HTTP of it


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/nothing"), ("PATCH", "/api/token/"), ("GET", "/api"), ("GET", "/dashboard/billing/x")],
)
def test_an_unknown_route_says_what_there_is(gateway: Gateway, method: str, path: str) -> None:
    answer = gateway.http.request(method, path)
    assert answer.status_code == 404
    assert "/api/token/" in answer.json()["message"]


def test_a_page_on_a_loopback_origin_may_use_the_console(gateway: Gateway) -> None:
    origin = {"Origin": "http://localhost:3000"}
    answer = gateway.http.get("/api/user/self", headers=origin)
    assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    asked = origin | {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,new-api-user",
    }
    preflight = gateway.http.options("/api/token/", headers=asked)
    assert preflight.status_code == 200
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "authorization,new-api-user"
    other = gateway.http.get("/api/user/self", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_a_body_without_end_is_refused(gateway: Gateway) -> None:
    answer = gateway.http.post("/api/token/", content=b" " * (1 << 20) + b"{}")
    assert answer.status_code == 413
