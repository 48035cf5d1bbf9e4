"""Lines of the log, and data by the hour."""

import httpx

from contract_tests.control.admin import HELLO, Admin
from contract_tests.oneapi.console_gateway import BEGIN, DAY, HOUR, TEMPLATE, UNIT, Gateway


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
