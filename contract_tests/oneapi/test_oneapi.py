"""The gateway family's console, as its dashboards and balance checkers call it, and the official client beside it.

The first eight tests are the checks that show that the system of the gateway's manual works locally.
"""

from typing import Any

import httpx
import pytest
from openai import AuthenticationError, RateLimitError

from contract_tests.control.admin import HELLO, Admin
from contract_tests.oneapi.console_gateway import BEGIN, DAY, HOUR, TEMPLATE, UNIT, Gateway


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
