"""Time through control, and what every surface then tells: clocks that are set back, and clocks near their end."""

from typing import Any

import pytest
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Target
from contract_tests.control.admin import Admin
from contract_tests.control.signed_calls import BEGIN, DAY, HOUR, embed, signed
from lke_emulator.control import wallet

LAST = "8999-12-31 23:00"


def chat(account: Admin) -> None:
    account.chat("deepseek-v3.2")


@pytest.mark.parametrize("look", [False, True])
def test_an_account_whose_clock_is_frozen_in_the_past_is_served_by_its_trial(
    admin: Admin, target: Target, look: bool
) -> None:
    account = admin.account()
    if look:
        account.get("/packages")
    account.post("/clock/freeze", at="2020-02-02 12:00")
    assert embed(signed(target, account.opened["credentials"][0]))["Usage"]
    rows = account.get("/packages")["packages"]
    assert sum(row["used"] for row in rows) > 0
    account.close()


def test_calls_on_a_clock_that_was_set_back_are_told_by_every_surface(account: Admin, target: Target) -> None:
    chat(account)
    account.post("/clock/set", at=BEGIN - 90 * DAY)
    chat(account)
    lke = signed(target, account.opened["credentials"][0], LkeClient)
    asked = {"StatStartTime": BEGIN - 91 * DAY, "StatEndTime": BEGIN - 89 * DAY}
    used = lke.call_json("DescribeTokenUsage", asked)["Response"]
    assert used["ApiCallStats"] == 1
    rows = lke.call_json("ListUsageCallDetail", {"ModelName": "", "PageNumber": 1, "PageSize": 9})["Response"]["List"]
    assert [row["CallTime"] for row in rows] == [str(BEGIN - 90 * DAY)]
    board = account.get("/dashboard")
    assert board["today"]["requests"] == 1
    [row] = account.get("/report")["rows"]
    assert row["total_tokens"] == board["today"]["input_tokens"] + board["today"]["output_tokens"]
    assert row["total_tokens"] == used["TotalTokenUsage"]


def test_a_switch_that_was_turned_in_the_future_can_be_turned(account: Admin) -> None:
    account.put("/postpaid/SearchPro", on=True)
    account.post("/clock/set", at=BEGIN - 90 * DAY)
    assert account.put("/postpaid/SearchPro", on=False)["on"] is False
    assert "until" in account.refused(409, "PUT", "/postpaid/SearchPro", on=True)


@pytest.mark.parametrize("moment", ["9000-01-01 12:00", "9999-12-31", 221_845_392_000, 253_402_300_799])
def test_no_moment_after_the_year_8999_is_accepted(account: Admin, moment: Any) -> None:
    for path in ("/clock/set", "/clock/freeze"):
        assert "8999" in account.refused(400, "POST", path, at=moment)["error"]
    assert "8999" in account.refused(400, "POST", "/keys", label="late", expires=moment)["error"]
    opened = {"clock": {"frozen_at": str(moment)}}
    assert "8999" in account.http.post("/_emulator/accounts", json={"account": opened}).json()["error"]
    account.post("/clock/set", at=LAST)
    assert "8999" in account.refused(409, "POST", "/clock/advance", by="1d")["error"]
    assert account.get("/clock")["text"].startswith("8999-12-31 23:00")


def test_everything_is_answered_at_the_end_of_the_year_8999(account: Admin, target: Target) -> None:
    account.post("/clock/freeze", at=LAST)
    chat(account)
    account.post("/packages/grant", kind="tokens", total=5, days=36_500)
    account.post("/packages/buy", kind="knowledge", total=5, period="year")
    account.post("/clock/advance", by=3599)
    paths = ("", "/clock", "/packages?status=all", "/wallet", "/wallet/history", "/bills", "/notifications", "/keys")
    for path in (*paths, "/dashboard", "/report", "/report?unit=month&start=0", "/postpaid", "/knowledge"):
        assert account.get(path)
    lke = signed(target, account.opened["credentials"][0], LkeClient)
    graph = lke.call_json("DescribeTokenUsageGraph", {})["Response"]
    assert [stat["X"] for stat in graph["Total"]] == ["89991231"]


USED: dict[str, Any] = {
    "clock": {"frozen_at": "2025-01-05 12:00"},
    "usage": [{"kind": "steady", "since": "1971-01-01", "calls": 1, "per_call": {"input_tokens": 10}}],
}


def test_no_answer_has_more_than_100_000_buckets_whatever_the_clock(admin: Admin, target: Target) -> None:
    account = admin.account(account=USED | {"clock": {"frozen_at": "8999-01-05 12:00"}})
    credential = account.opened["credentials"][0]
    stats = signed(target, credential, LkeClient).call_json("DescribeCallStatsGraph", {})["Response"]["List"]
    assert 99_999 <= len(stats) <= 100_000
    assert max(stat["X"] for stat in stats) == "89990104"
    for unit in ("hour", "day"):
        response = account.http.get(f"/_emulator{account.base}/report?start=0&unit={unit}")
        assert response.status_code == 409
        assert "shorter range" in response.json()["error"]
    account.close()


def test_a_report_by_the_month_is_of_any_length(admin: Admin) -> None:
    account = admin.account(account=USED)
    rows = account.get("/report", unit="month", start=0)["rows"]
    assert len(rows) == 12 * 54 + 1
    account.close()


def test_settlements_and_purchases_are_in_the_history_of_the_wallet(account: Admin) -> None:
    account.post("/packages/buy", kind="concurrency", total=3, models=["hunyuan"])
    chat(account)
    account.post("/clock/advance", by=HOUR)
    history = account.get("/wallet/history")["entries"]
    assert [entry["kind"] for entry in history] == ["purchase", "settlement"]
    assert history[-1]["balance"] == account.get("/wallet")["balance"] == 10 + history[-1]["amount"]


def test_usage_without_a_model_is_told_by_its_api(admin: Admin) -> None:
    usage = [
        {
            "kind": "points",
            "api": "CreateReconstructDocumentFlow",
            "points": [{"at": "-1h", "calls": 3, "pages": 9}],
        },
        {"kind": "points", "sub_biz_type": "SearchEngine", "points": [{"at": "-1h", "calls": 2}]},
    ]
    account = admin.account(account={"clock": {"frozen_at": BEGIN}, "usage": usage})
    models = [(row["model"], row["requests"]) for row in account.get("/dashboard")["models"]]
    assert models == [("CreateReconstructDocumentFlow", 3), ("SearchEngine", 2)]
    data = account.http.get(
        "/api/data/self",
        params={"start_timestamp": BEGIN - DAY, "end_timestamp": BEGIN},
        headers={"Authorization": account.token},
    ).json()["data"]
    assert [(row["model_name"], row["count"]) for row in data] == models
    account.close()


def test_an_exhausted_account_is_served_again_when_it_buys_concurrency(admin: Admin) -> None:
    account = admin.account(account={"clock": {"frozen_at": BEGIN}})
    with pytest.raises(Exception, match="not enough quota"):
        chat(account)
    account.post("/packages/buy", kind="concurrency", total=1, models=["deepseek-v3.2"])
    chat(account)
    with pytest.raises(Exception, match="not enough quota"):
        account.chat("deepseek-r1")
    account.close()


def test_the_gateways_own_routes_take_no_later_moment_and_no_endless_number(account: Admin) -> None:
    shown = {"Authorization": account.token}
    late = account.http.post(
        "/api/token/", headers=shown, json={"name": "late", "expired_time": 221_845_392_000}
    ).json()
    assert (late["success"], "8999" in late["message"]) == (False, True)
    assert [key["label"] for key in account.get("/keys")["keys"]] == ["default"]
    for name in ("start_timestamp", "end_timestamp", "p", "page_size"):
        answer = account.http.get("/api/log/self", headers=shown, params={name: "9" * 5000})
        assert answer.json()["success"]


def test_more_bills_than_fit_are_asked_for_in_parts(account: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallet, "MOST_ROWS", 2)
    for _ in range(3):
        chat(account)
        account.post("/clock/advance", by=HOUR)
    assert "shorter range" in account.refused(409, "GET", "/bills")["error"]
    assert len(account.get("/bills", start=BEGIN, stop=BEGIN + 2 * HOUR)["bills"]) == 2
