"""Accounts that control opens and closes, and their keys. Real clients see what it does."""

import json
from typing import Any

import httpx
import pytest
from openai import AuthenticationError
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Control, Target
from contract_tests.control.admin import Admin
from contract_tests.control.signed_calls import ALICE, BEGIN, embed, signed

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
    ("body", "status", "said"),
    [
        ({"account": {"modles": []}}, 409, "accounts[0].modles: nothing is called so here; did you mean `models`?"),
        ({"account": {"clock": {"frozen_at": "soon"}}}, 409, "`soon` is no moment"),
        ({"scenario": "defualt"}, 404, "default"),
        ({"scenario": "default", "account": {"name": "x"}}, 400, "not both"),
        ({"unin": "1"}, 400, "unknown field `unin`; members are uin, name"),
        ({"uin": "a/b"}, 400, "uin"),
        ({"account": [1]}, 400, "account"),
        ({"account": {"keys": [{"secret": "no"}]}}, 409, "accounts[0].keys[0]"),
    ],
)
def test_what_is_wrong_with_a_template_is_said(admin: Admin, body: dict[str, Any], status: int, said: str) -> None:
    assert said in admin.refused(status, "POST", "/accounts", **body)["error"]


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
    assert "in use" in account.refused(409, "POST", "/keys", secret="sk-known-beforehand")["error"]
    assert "begin with sk-" in account.refused(400, "POST", "/keys", secret="known")["error"]
