"""Control: what a test does to the world, and who may. Real clients see what it does."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openai import APIStatusError, AuthenticationError, RateLimitError
from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.lke.v20231130.lke_client import LkeClient
from tencentcloud.lkeap.v20240522.lkeap_client import LkeapClient

from contract_tests.conftest import Control, Target
from contract_tests.control.admin import PREFIX, Admin

HOUR, DAY = 3600, 86400
BEGIN = 1742452818
"""2025-03-20 14:40:18 at UTC+8."""
PAID = ["ChatCompletions", "GetEmbedding", "ImageGeneration"]


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


ALICE = "200000000001"


def signed(target: Target, credential: dict[str, str], kind: type[AbstractClient] = LkeapClient) -> Any:
    return target.client(kind, secret_id=credential["secret_id"], secret_key=credential["secret_key"])


def embed(client: Any) -> Any:
    return client.call_json("GetEmbedding", {"Model": "lke-text-embedding-v1", "Inputs": ["Hello"]})["Response"]


# accounts


def test_a_test_gets_an_account_of_its_own(admin: Admin, target: Target) -> None:
    """It is registered, so it has the trial: every kind of client works at once."""
    account = admin.account()
    assert account.chat().usage.total_tokens > 0
    (credential,) = account.opened["credentials"]
    assert embed(signed(target, credential))["Usage"]["TotalTokens"] > 0
    user = httpx.get(admin.url + "/api/user/self", headers={"Authorization": account.token}).json()["data"]
    assert user["request_count"] == 2
    account.close()


def test_accounts_never_meet(admin: Admin, target: Target) -> None:
    one, other = admin.account(), admin.account()
    assert one.uin != other.uin
    one.chat()
    one.post("/clock/freeze", at=BEGIN)
    one.post("/keys", label="second")
    assert other.get("/dashboard")["today"]["requests"] == 0
    assert other.get("/clock")["now"] != BEGIN
    assert len(other.get("/keys")["keys"]) == 1
    assert [call["Account"] for call in admin.get("/journal", account=one.uin)["calls"]] == [one.uin]
    assert admin.get("/journal", account=other.uin)["calls"] == []
    for account in (one, other):
        account.close()


def test_a_closed_account_opens_nothing_any_more(admin: Admin, target: Target) -> None:
    account = admin.account()
    client = signed(target, account.opened["credentials"][0])
    assert embed(client)
    account.delete()
    with pytest.raises(TencentCloudSDKException) as caught:
        embed(client)
    assert caught.value.get_code() == "AuthFailure.SecretIdNotFound"
    with pytest.raises(AuthenticationError):
        account.chat()
    assert httpx.get(admin.url + "/api/user/self", headers={"Authorization": account.token}).status_code == 401
    assert account.uin in account.refused(404, "GET", "")["error"]
    account.close()


def test_the_first_account_of_the_scenario_stays(admin: Admin) -> None:
    (first,) = admin.get("/accounts")["accounts"]
    assert "stays" in admin.refused(409, "DELETE", f"/accounts/{first['uin']}")["error"]


def test_an_account_can_be_named(admin: Admin) -> None:
    account = admin.account(uin="100000000077", name="Mine")
    row = admin.get("/accounts/100000000077")
    assert (row["uin"], row["name"]) == ("100000000077", "Mine")
    assert "already" in admin.refused(409, "POST", "/accounts", uin="100000000077")["error"]
    account.close()


def test_a_copy_of_a_shipped_account_has_its_figures(admin: Admin, emulator: Control, target: Target) -> None:
    emulator.load("documented-examples")
    copy = admin.account(scenario="documented-examples")
    day = {"StatStartTime": 1758988800, "StatEndTime": 1759075199}
    clients = (target.client(), signed(target, copy.opened["credentials"][0], LkeClient))
    original, copied = [
        client.call_json("DescribeTokenUsage", day)["Response"] | {"RequestId": ""} for client in clients
    ]
    assert original == copied
    assert original["TotalTokenUsage"] > 0
    copy.close()


def test_every_shipped_account_can_be_copied_beside_itself(admin: Admin, emulator: Control) -> None:
    emulator.load("default")
    for _ in range(2):
        copy = admin.account(scenario="default")
        assert len(copy.opened["credentials"]) == 1 + len(copy.opened["account"]["sub_accounts"])
        assert copy.chat("gpt-4o")
        copy.close()


def test_a_template_is_an_account_as_a_scenario_writes_it(admin: Admin, target: Target) -> None:
    account = admin.account(account={"sub_accounts": [{"name": "alice"}], "clock": {"frozen_at": "2025-09-28"}})
    alice = account.opened["credentials"][1]
    assert account.get("/clock")["text"] == "2025-09-28 00:00:00+08:00"
    assert account.opened["account"]["sub_accounts"] == {alice["uin"]: "alice"}
    with pytest.raises(TencentCloudSDKException) as caught:
        embed(signed(target, alice))
    assert caught.value.get_code() == "ResourceUnavailable.ResourcePackageRunOut"
    account.close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"account": {"modles": []}}, "accounts[0].modles: nothing is called so here; did you mean `models`?"),
        ({"account": {"clock": {"frozen_at": "soon"}}}, "`soon` is no moment"),
        ({"scenario": "defualt"}, "default"),
        ({"scenario": "default", "account": {"name": "x"}}, "not both"),
        ({"unin": "1"}, "unknown field `unin`; members are uin, name"),
        ({"uin": "a/b"}, "uin"),
        ({"account": [1]}, "account"),
        ({"account": {"keys": [{"secret": "no"}]}}, "accounts[0].keys[0]"),
    ],
)
def test_what_is_wrong_with_a_template_is_said(admin: Admin, body: dict[str, Any], said: str) -> None:
    assert said in admin.refused(400, "POST", "/accounts", **body)["error"]


def test_a_template_keeps_the_secrets_that_it_gives(admin: Admin) -> None:
    keys, tokens = [{"secret": "sk-of-the-template"}], [{"token": "access-of-the-template"}]
    account = admin.account(
        account={"keys": keys, "access_tokens": tokens, "billing": {"postpaid": "all", "balance": 1}}
    )
    assert account.opened["access_token"] is None
    assert account.chat(secret="sk-of-the-template")
    user = httpx.get(admin.url + "/api/user/self", headers={"Authorization": "access-of-the-template"}).json()
    assert user["data"]["request_count"] == 1
    assert "in use" in admin.refused(409, "POST", "/accounts", account={"keys": keys})["error"]
    account.close()


def test_an_account_that_cannot_be_opened_leaves_nothing_behind(admin: Admin) -> None:
    before = admin.get("/accounts")
    full = [{"label": str(place)} for place in range(10)]
    assert "at most 10" in admin.refused(409, "POST", "/accounts", uin="100000000088", account={"keys": full})["error"]
    assert len(admin.get("/accounts")["accounts"]) == len(before["accounts"])
    admin.account(uin="100000000088").close()


# keys


def test_a_key_is_shown_once(account: Admin) -> None:
    """BA-1, BA-3, GW-2, GW-4."""
    made = account.post("/keys", label="Production", group="default")
    assert made["secret"].startswith("sk-")
    assert account.chat(secret=made["secret"])
    everything = json.dumps([account.get("/keys"), account.get(f"/keys/{made['key']['id']}"), account.get()])
    assert made["secret"] not in everything
    assert made["key"]["masked"] in everything


def test_a_key_is_renamed_and_regrouped(account: Admin) -> None:
    """BA-3, GW-7."""
    id = account.post("/keys", label="Testing", group="a")["key"]["id"]
    account.patch(f"/keys/{id}", label="Production")
    row = account.patch(f"/keys/{id}", group="b")
    assert (row["label"], row["group"]) == ("Production", "b")


def test_a_disabled_key_is_refused_at_once(account: Admin) -> None:
    """GW-6, GW-8."""
    (key,) = account.get("/keys")["keys"]
    assert account.post(f"/keys/{key['id']}/disable")["status"] == "disabled"
    with pytest.raises(AuthenticationError):
        account.chat()
    assert account.get(f"/keys/{key['id']}")["last_used"] is None
    assert account.post(f"/keys/{key['id']}/enable")["status"] == "enabled"
    assert account.chat()
    assert account.get(f"/keys/{key['id']}")["last_used"] == BEGIN


def test_a_deleted_key_is_gone_for_good(account: Admin) -> None:
    """BA-4, GW-9."""
    account.delete("/keys/1")
    with pytest.raises(AuthenticationError):
        account.chat()
    assert "do not come back" in account.refused(404, "POST", "/keys/1/enable")["error"]


def test_root_and_sub_accounts_hold_ten_keys_together(account: Admin) -> None:
    """BA-6, BA-7."""
    for place in range(9):
        account.post("/keys", owner=ALICE if place % 2 else "")
    assert "at most 10" in account.refused(409, "POST", "/keys", owner=ALICE)["error"]
    account.delete("/keys/3")
    assert account.post("/keys")["key"]["owner"] == account.uin


def test_a_key_spends_its_quota_and_expires(account: Admin) -> None:
    poor = account.post("/keys", label="Poor", quota=0.000002, models=["deepseek-*"])
    account.chat(secret=poor["secret"])
    assert account.get(f"/keys/{poor['key']['id']}")["status"] == "exhausted"
    assert "quota" in account.refused(409, "POST", f"/keys/{poor['key']['id']}/enable")["error"]
    row = account.patch(f"/keys/{poor['key']['id']}", quota=None, expires="+1m")
    assert (row["status"], row["expires"], row["quota"]) == ("enabled", BEGIN + 60, None)
    account.post("/clock/advance", by=60)
    with pytest.raises(AuthenticationError):
        account.chat(secret=poor["secret"])


def test_a_key_belongs_to_somebody_of_the_account(account: Admin) -> None:
    assert ALICE in account.refused(404, "POST", "/keys", owner="100000000001")["error"]


def test_a_secret_can_be_known_beforehand(account: Admin) -> None:
    account.post("/keys", secret="sk-known-beforehand")
    assert account.chat(secret="sk-known-beforehand")
    assert "in use" in account.refused(400, "POST", "/keys", secret="sk-known-beforehand")["error"]
    assert "begin with sk-" in account.refused(400, "POST", "/keys", secret="known")["error"]


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


# the clock


def test_the_clock_of_an_account_is_frozen_set_advanced_and_let_go(account: Admin) -> None:
    assert account.get("/clock") == {"now": BEGIN, "text": "2025-03-20 14:40:18+08:00", "frozen": True}
    assert account.post("/clock/advance", by="2d")["now"] == BEGIN + 2 * DAY
    assert account.post("/clock/advance", by=-0.5)["now"] == BEGIN + 2 * DAY - 0.5
    assert account.post("/clock/set", at="2025-09-28 14:30")["text"] == "2025-09-28 14:30:00+08:00"
    running = account.post("/clock/follow")
    assert running["frozen"] is False
    assert account.post("/clock/freeze")["now"] >= running["now"]
    assert account.post("/clock/freeze", at="-1h")["frozen"] is True


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/clock/set", {}, "missing required field `at`"),
        ("/clock/set", {"at": "soon"}, "at: `soon` is no moment; write 2025-09-28"),
        ("/clock/set", {"at": -1}, "1970"),
        ("/clock/set", {"at": [1]}, "at: Expected"),
        ("/clock/advance", {"by": "2 days"}, "by: `2 days` is no duration; write 90s"),
        ("/clock/advance", {"by": 1e15}, "9999"),
        ("/clock/freeze", {"on": True}, "unknown field `on`; members are at"),
        ("/keys", {"label": 7}, "label: Expected `str`, got `int`"),
        ("/keys", {"models": [1]}, "models[0]"),
        ("/packages/buy", {"kind": "token", "total": 1}, "kind: Invalid enum value 'token'"),
        ("/packages/buy", {"kind": "tokens", "total": 0}, "total"),
        ("/packages/buy", {"kind": "tokens", "total": 1, "apis": ["Nothing"]}, ""),
    ],
)
def test_a_body_is_read_strictly(account: Admin, path: str, body: dict[str, Any], said: str) -> None:
    status = 409 if body.get("apis") else 400
    assert said in account.refused(status, "POST", path, **body)["error"]


# what is HTTP of it


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff", b"[" * 5000])
def test_what_is_no_json_object_is_refused(account: Admin, body: bytes) -> None:
    answer = account.http.post(f"{PREFIX}{account.base}/keys", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_body_without_end_is_refused(account: Admin) -> None:
    answer = account.http.post(f"{PREFIX}{account.base}/keys", content=b" " * (1 << 20) + b"{}")
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["?stauts=all", "?status=all&status=expired", "?status=none"])
def test_a_query_is_read_strictly(account: Admin, query: str) -> None:
    assert account.refused(400, "GET", f"/packages{query}")["error"]
    assert account.refused(400, "GET", "/clock?x=1")["error"]


def test_an_unknown_path_says_what_there_is(admin: Admin) -> None:
    for path in ("/nothing", "", "/", "/accounts/1/2/3"):
        problem = admin.refused(404, "GET", path)
        assert "/accounts/{uin}/keys/{id}/enable" in problem["error"]
        assert "/_emulator/openapi.json" in problem["error"]


def test_a_wrong_method_says_the_right_ones(account: Admin) -> None:
    answer = account.http.put(f"{PREFIX}{account.base}/keys")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "POST"}


def test_the_document_describes_every_route(admin: Admin) -> None:
    document = admin.document
    assert document["openapi"].startswith("3.1")
    operations = [
        (method, path, operation) for path, row in document["paths"].items() for method, operation in row.items()
    ]
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations:
        assert operation["summary"]
        named = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert named == [step[1:-1] for step in path.split("/") if step.startswith("{")]
        # An account that is not there is told as such: the route exists.
        answer = admin.http.request(method, path.format(uin="1", id="1", api="1", sub_account="1"))
        assert answer.status_code != 405
        assert "no control route" not in answer.text
    for reference in set(find_refs(document)):
        assert reference.rpartition("/")[2] in document["components"]["schemas"]


def find_refs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for inner in value.values():
            yield from find_refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find_refs(inner)


def test_the_document_says_what_each_member_means(admin: Admin) -> None:
    members = admin.document["components"]["schemas"]["NewSecret"]["properties"]
    assert "once" in members["secret"]["description"]


def test_ready_tells_which_accounts_there_are(admin: Admin) -> None:
    account = admin.account()
    assert admin.get("/ready")["accounts"][-1] == account.uin
    account.close()


# who may


def test_control_is_closed_to_other_pages_and_names(admin: Admin) -> None:
    """DNS rebinding, and plain POSTs of any web page."""
    for headers in ({"Host": "rebound.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = admin.http.post(f"{PREFIX}/accounts", headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    own = admin.http.get(f"{PREFIX}/accounts", headers={"Origin": admin.url})
    assert own.status_code == 200
    assert "access-control-allow-origin" not in own.headers


def test_a_token_opens_control_to_other_machines(admin: Admin, emulator: Control) -> None:
    emulator.load("default", control_token="a-token")
    for headers in ({}, {"Authorization": "Bearer another"}):
        answer = admin.http.get(f"{PREFIX}/accounts", headers=headers)
        assert answer.status_code == 403
        assert "a-token" not in answer.text
    headers = {"Authorization": "Bearer a-token", "Host": "emulator.example"}
    assert admin.http.get(f"{PREFIX}/accounts", headers=headers).status_code == 200
    for path in ("/health", f"{PREFIX}/health", f"{PREFIX}/ready"):
        assert admin.http.get(path).status_code == 200


def test_no_secret_reaches_the_journal_or_a_list(account: Admin, admin: Admin) -> None:
    account.chat()
    shown = json.dumps([admin.get("/journal"), admin.get("/accounts"), account.get(), account.get("/keys")])
    for secret in (account.secret, account.token, account.opened["credentials"][0]["secret_key"]):
        assert secret not in shown


def test_one_switch_turns_off_one_api(account: Admin) -> None:
    """BA-14, BA-16."""
    account.put("/postpaid/ImageGeneration", on=False)
    with pytest.raises(APIStatusError) as caught:
        account.client().images.generate(model="dall-e-3", prompt="x")
    assert caught.value.code == "20031"
    assert account.chat("gpt-4o")
