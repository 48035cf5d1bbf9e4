"""Packages, postpaid, wallet and notices through control. Real clients see what it does."""

import pytest
from openai import RateLimitError
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.conftest import Target
from contract_tests.control.admin import Admin
from contract_tests.control.signed_calls import ALICE, BEGIN, DAY, HOUR, embed, signed

# packages


def test_the_resource_list_shows_what_is_available(account: Admin) -> None:
    """BA-10 to BA-13, RL-1, RL-6 to RL-10."""
    package = account.post("/packages/grant", kind="tokens", total=100, apis=["ChatCompletions"], days=30)
    assert (package["source"], package["expires"]) == ("trial", BEGIN + 30 * DAY)
    assert [row["id"] for row in account.get("/packages")["packages"]] == [package["id"]]
    while account.get(f"/packages/{package['id']}")["status"] == "available":
        account.chat()
    listed = account.get("/packages")
    assert listed["packages"] == []
    assert "discontinued" in listed["notice"]
    exhausted = account.get("/packages", status="exhausted")
    assert [(row["used"], row["remaining"]) for row in exhausted["packages"]] == [(100, 0)]
    assert len(exhausted["remedies"]) == 2
    assert len(account.get("/packages", status="all", kind="tokens")["packages"]) == 1
    assert account.get("/packages", status="all", kind="pages")["packages"] == []


def test_a_package_is_bought_at_the_list_price(account: Admin) -> None:
    """Documented: 1 000 pages of reconstruction cost 75 USD, valid for a year."""
    bought = account.post("/packages/buy", kind="pages", total=1000, apis=["CreateReconstructDocumentFlow"])
    assert (bought["price"], bought["source"], bought["unit"]) == (75, "purchased", "page")
    (entry,) = account.get("/wallet/history")["entries"]
    assert (entry["kind"], entry["paid"], entry["package"]) == ("purchase", 75, bought["id"])


def test_only_prepaid_packages_are_renewed(account: Admin) -> None:
    """RL-12 to RL-15."""
    held = account.post("/packages/buy", kind="concurrency", total=5, period="month")
    renewed = account.post(f"/packages/{held['id']}/renew", period="year")
    assert renewed["expires"] - held["expires"] in (365 * DAY, 366 * DAY)
    used = account.post("/packages/buy", kind="tokens", total=5)
    assert "usage-based" in account.refused(409, "POST", f"/packages/{used['id']}/renew")["error"]


def test_an_expired_package_pays_for_nothing(account: Admin) -> None:
    package = account.post("/packages/buy", kind="tokens", total=10**6)
    account.post(f"/packages/{package['id']}/expire")
    (row,) = account.get("/packages", status="expired")["packages"]
    assert (row["id"], row["used"]) == (package["id"], 0)
    account.chat()
    assert account.get("/wallet")["pending"] > 0
    assert "expired already" in account.refused(409, "POST", f"/packages/{package['id']}/expire")["error"]


def test_the_trial_is_given_once(admin: Admin, account: Admin) -> None:
    """RL-8."""
    assert account.post("/packages/register")["packages"]
    assert "once" in account.refused(409, "POST", "/packages/register")["error"]


def test_there_is_no_such_package(account: Admin) -> None:
    for method, path in (("GET", "/packages/9"), ("POST", "/packages/9/renew"), ("POST", "/packages/9/expire")):
        assert "no package 9" in account.refused(404, method, path)["error"]


# postpaid


def test_a_switch_can_be_turned_once_an_hour(account: Admin) -> None:
    """BA-18, RL-30: another switch is not affected, and after the hour it is accepted."""
    assert account.put("/postpaid/ChatCompletions", on=False) == {"on": False, "changed": BEGIN}
    account.post("/clock/advance", by=HOUR - 1)
    problem = account.refused(409, "PUT", "/postpaid/ChatCompletions", on=True)
    assert problem["until"] == BEGIN + HOUR
    assert "2025-03-20 15:40:18" in problem["error"]
    assert account.put("/postpaid/GetEmbedding", on=False)["on"] is False
    with pytest.raises(RateLimitError) as caught:
        account.chat()
    assert caught.value.code == "20031"
    account.post("/clock/set", at=problem["until"])
    assert account.put("/postpaid/ChatCompletions", on=True)["on"] is True
    assert account.chat()


def test_sub_accounts_need_the_permission(account: Admin) -> None:
    """RL-4, RL-5."""
    change = {"on": True, "caller": ALICE}
    assert "permission" in account.refused(409, "PUT", "/postpaid/RunRerank", **change)["error"]
    assert (
        "only the root"
        in account.refused(409, "PUT", f"/permissions/{ALICE}", postpaid_settings=True, caller=ALICE)["error"]
    )
    granted = account.put(f"/permissions/{ALICE}", postpaid_settings=True)["permissions"]
    assert [(one["name"], one["postpaid_settings"]) for one in granted] == [("alice", True), ("bob", False)]
    assert account.put("/postpaid/RunRerank", **change)["on"] is True
    account.put(f"/permissions/{ALICE}", postpaid_settings=False)
    assert account.refused(409, "PUT", "/postpaid/QueryRewrite", **change)


def test_only_what_is_billed_has_a_switch(account: Admin) -> None:
    assert "ChatCompletions" in account.refused(404, "PUT", "/postpaid/ListApp", on=True)["error"]
    assert account.refused(404, "PUT", "/postpaid/RunRerank", on=True, caller="1")
    assert account.refused(404, "PUT", "/permissions/1", postpaid_settings=True)


def test_a_service_that_was_not_opened_says_so(account: Admin, target: Target) -> None:
    assert account.put("/service", activated=False)["activated"] is False
    with pytest.raises(TencentCloudSDKException) as caught:
        embed(signed(target, account.opened["credentials"][0]))
    assert caught.value.get_code() == "FailedOperation.UnOpenError"
    assert account.put("/service", activated=True)["activated"] is True
    assert embed(signed(target, account.opened["credentials"][0]))


# wallet


@pytest.mark.parametrize(
    ("paid", "credited"), [(10, 10), (20, 22), (50, 57.5), (100, 120), (200, 240), (500, 600), (30, 33), (5, 5)]
)
def test_a_top_up_brings_the_bonus_of_the_manual(account: Admin, paid: float, credited: float) -> None:
    """GW-16, GW-17; a custom amount has the bonus of the preset below it (assumption)."""
    entry = account.post("/wallet/top-up", amount=paid, method="paypal")
    assert (entry["paid"], entry["amount"], entry["balance"]) == (paid, credited, 10 + credited)
    assert account.get("/wallet")["balance"] == 10 + credited
    presets = {preset["amount"]: preset["credit"] for preset in account.get("/wallet")["presets"]}
    assert presets.get(paid, credited) == credited


def test_some_payments_are_refused(account: Admin) -> None:
    """GW-13."""
    assert "coming soon" in account.refused(409, "POST", "/wallet/top-up", amount=10, method="bitcoin")["error"]
    assert "card" in account.refused(409, "POST", "/wallet/top-up", amount=10, method="cash")["error"]
    assert "cents" in account.refused(409, "POST", "/wallet/top-up", amount=0.001)["error"]
    assert account.refused(400, "POST", "/wallet/top-up", amount=1e10)
    assert account.get("/wallet/history")["entries"] == []


def test_usage_is_billed_and_settled_by_the_hour(account: Admin) -> None:
    """BA-17, BA-22."""
    usage = account.chat().usage
    cost = (4 * usage.prompt_tokens + 12 * usage.completion_tokens) / 1e6
    (bill,) = account.get("/bills")["bills"]
    assert (bill["api"], bill["model"], bill["charge"]) == ("ChatCompletions", "deepseek-chat", cost)
    assert (bill["input_tokens"], bill["output_tokens"]) == (usage.prompt_tokens, usage.completion_tokens)
    wallet = account.get("/wallet")
    assert (wallet["balance"], wallet["pending"]) == (10, cost)
    account.post("/clock/set", at=wallet["due"])
    wallet = account.get("/wallet")
    assert (wallet["balance"], wallet["pending"]) == (10 - cost, 0)
    assert account.get("/bills", start="2025-03-20 15:00")["bills"] == []
    assert account.get("/bills", model="deepseek-chat", stop="2025-03-20 15:00")["charge"] == cost


def test_the_price_of_a_model_can_be_asked(account: Admin) -> None:
    price = account.get("/price", api="ChatCompletions", model="gpt-4o")
    assert (price["input"], price["output"]) == (0.004, 0.012)


# what the account is told and shown


def test_every_threshold_of_a_package_is_told_once(account: Admin) -> None:
    """RL-20 to RL-22, RL-26, RL-27."""
    package = account.post("/packages/buy", kind="tokens", total=60, apis=["ChatCompletions"])
    account.put("/notifications/channels", channels=["sms"])
    while account.get(f"/packages/{package['id']}")["status"] == "available":
        account.chat()
    account.post("/clock/set", at=package["expires"])
    told = account.get("/notifications", package=package["id"])["notifications"]
    console = [(one["event"], one["threshold"]) for one in told if one["sender"] == "console"]
    cloud = [(one["event"], one["threshold"]) for one in told if one["sender"] == "cloud"]
    days = [("expiring", 30), ("expiring", 7), ("expiring", 1), ("expired", 0)]
    assert console == [("nearly-exhausted", 90), ("exhausted", 100), *days]
    assert cloud == [*[("remaining", percent) for percent in (10, 5, 1)], *[("expiring", day) for day in (7, 5, 3, 1)]]
    assert {channel for one in told if one["sender"] == "cloud" for channel in one["channels"]} == {"sms"}
    assert account.get("/notifications", sender="cloud")["notifications"] == [
        one for one in told if one["sender"] == "cloud"
    ]


def test_whoever_turns_moderation_off_is_told_of_the_responsibility(account: Admin) -> None:
    """BA-23 to BA-25."""
    assert account.get("/moderation")["on"] is True
    account.patch("/moderation", words=["hello"])
    assert account.chat().choices[0].finish_reason == "content_filter"
    off = account.patch("/moderation", on=False)
    assert "duty" in off["notice"]
    assert account.chat().choices[0].finish_reason == "stop"
    assert account.patch("/moderation", on=True)["notice"] == ""
    assert account.chat().choices[0].finish_reason == "content_filter"


def test_isolated_knowledge_is_restored_by_hand(admin: Admin) -> None:
    """RL-16, RL-17."""
    app = {"biz_id": "1812732010083385344", "name": "Shop"}
    knowledge = {"capacity": 0, "used": {"Shop": 900}}
    account = admin.account(
        account={
            "clock": {"frozen_at": BEGIN},
            "spaces": [{"id": "s"}],
            "apps": [app | {"space": "s"}],
            "knowledge": knowledge,
        }
    )
    package = account.post("/packages/buy", kind="knowledge", total=1000)
    assert account.get("/knowledge") == {"total": 1000, "used": 900, "isolated": 0, "available": 100}
    account.post(f"/packages/{package['id']}/expire")
    assert account.get("/knowledge") == {"total": 0, "used": 0, "isolated": 900, "available": 0}
    assert "isolated" in account.refused(409, "POST", "/knowledge/restore")["error"]
    account.post("/packages/buy", kind="knowledge", total=900)
    assert account.get("/knowledge")["isolated"] == 900
    assert account.post("/knowledge/restore") == {"total": 900, "used": 900, "isolated": 0, "available": 0}
    account.close()


def test_dashboard_and_report_show_a_call_as_soon_as_it_has_ended(account: Admin) -> None:
    """GW-19 to GW-24, BA-8, BA-9."""
    chat = account.chat().usage
    embedding = account.client().embeddings.create(model="text-embedding-3-small", input=["Hello world"]).usage
    board = account.get("/dashboard")
    assert board["today"]["requests"] == board["week"]["requests"] == board["month"]["requests"] == 2
    assert board["today"]["input_tokens"] == chat.prompt_tokens + embedding.prompt_tokens
    assert board["today"]["output_tokens"] == chat.completion_tokens
    assert {one["model"] for one in board["models"]} == {"deepseek-chat", "text-embedding-3-small"}
    cost = (4 * (chat.prompt_tokens + embedding.prompt_tokens) + 12 * chat.completion_tokens) / 1e6
    assert board["balance"] == pytest.approx(10 - cost, abs=1e-9)
    assert board["daily"][-1]["amount"] == board["weekly"][-1]["amount"] == board["monthly"][-1]["amount"] == cost
    (row,) = account.get("/report", api="GetEmbedding", unit="hour", api_key="1")["rows"]
    assert (row["time"], row["calls"], row["total_tokens"]) == (1742450400, 1, embedding.total_tokens)
    assert account.get("/report", account=ALICE)["rows"] == []


def test_what_would_be_credited_is_told_before_it_is_paid(account: Admin) -> None:
    """GW-15, GW-17; the bonus of other amounts is an assumption."""
    assert account.get("/wallet/credit", amount=50)["credit"] == 57.5
    told = account.get("/wallet/credit", amount=33.33)["credit"]
    assert account.post("/wallet/top-up", amount=33.33)["amount"] == told == 36.66  # whole cents


def test_what_will_be_told_next_is_told_then(admin: Admin) -> None:
    """Every notice that comes was announced, and none that was announced stays away (RL-20 to RL-23, RL-26, RL-27)."""
    account = admin.account(account={"clock": {"frozen_at": BEGIN}})
    package = account.post("/packages/grant", kind="tokens", total=1000, apis=["ChatCompletions"], days=40)["id"]
    announced = [one for one in account.get("/notifications/coming")["notifications"] if one["package"] == package]
    assert {one["threshold"] for one in announced if one["used"] is not None} == {10, 90, 5, 1, 100}
    account.post("/clock/advance", by="41d")
    told = [one for one in account.get("/notifications")["notifications"] if one["package"] == package]
    by_day = [one for one in announced if one["time"] is not None]
    assert [(one["sender"], one["event"], one["threshold"], one["time"]) for one in by_day] == [
        (one["sender"], one["event"], one["threshold"], one["time"]) for one in told
    ]
    assert [one for one in account.get("/notifications/coming")["notifications"] if one["package"] == package] == []


def test_a_channel_that_is_off_announces_nothing(account: Admin) -> None:
    account.post("/packages/grant", kind="tokens", total=1000, days=40)
    account.put("/notifications/channels", channels=["sms"])
    assert account.get("/notifications/channels") == {"channels": ["sms"]}
    cloud = [one for one in account.get("/notifications/coming")["notifications"] if one["sender"] == "cloud"]
    assert {tuple(one["channels"]) for one in cloud} == {("sms",)}
    account.put("/notifications/channels", channels=[])
    assert {one["sender"] for one in account.get("/notifications/coming")["notifications"]} == {"console"}


def test_bought_concurrency_is_in_the_limits(admin: Admin) -> None:
    """GW-32, GW-33, RL-13."""
    account = admin.account(account={"models": [{"name": "hunyuan", "concurrency": 2}]})
    before = account.get("/limits")
    assert before["calls_per_second"] == 20
    assert before["actions"]["lke.GetWsToken"] == 100
    account.post("/packages/buy", kind="concurrency", total=7, models=["hunyuan"], price=0)
    assert account.get("/limits")["models"] == [{"model": "hunyuan", "concurrency": 9}]


def test_a_key_has_a_remark(account: Admin) -> None:
    """BA-3."""
    key = account.post("/keys", label="Production", remark="of the shop")["key"]
    assert account.get(f"/keys/{key['id']}")["remark"] == "of the shop"
    assert account.patch(f"/keys/{key['id']}", remark="of the app")["label"] == "Production"
    assert account.get(f"/keys/{key['id']}")["remark"] == "of the app"
