"""Accounts that begin anew, are copied, written down and made again. Real clients see what becomes of them."""

import json
from typing import Any

import httpx
import pytest
from openai import AuthenticationError
from tencentcloud.lke.v20231130.lke_client import LkeClient

from contract_tests.conftest import Target
from contract_tests.control.admin import Admin
from contract_tests.control.signed_calls import ALICE, BEGIN, DAY, embed, signed

ROOT = "100000000001"


def copy_of(account: Admin, **body: Any) -> Admin:
    """A client for a copy, with its first key."""
    copied = account.post("/copy", **body)
    copied["key"] = next(iter(copied["keys"]), None)
    return Admin(account.url, f"/accounts/{copied['account']['uin']}", copied, account)


def spent(account: Admin) -> Any:
    return account.get("/dashboard")["month"]["requests"]


# reset


def test_a_reset_account_is_as_it_was_opened(account: Admin, target: Target) -> None:
    before = account.get("/snapshot")
    key = account.post("/keys", label="second")
    account.chat()
    embed(signed(target, account.opened["credentials"][1]))
    account.post("/wallet/top-up", amount=20, method="card")
    account.patch("/moderation", words=["rain"])
    account.post("/clock/advance", by="12h")
    assert spent(account) == 2
    row = account.post("/reset")
    assert row["now"] == BEGIN
    assert spent(account) == 0
    again = account.get("/snapshot")
    assert {name: part for name, part in again["parts"].items() if part != before["parts"][name]} == {}
    assert again == before
    with pytest.raises(AuthenticationError):
        account.chat(secret=key["secret"])
    assert account.chat().usage.total_tokens > 0  # the key that it was opened with
    assert embed(signed(target, account.opened["credentials"][1]))  # and the credentials


def test_a_key_that_was_deleted_is_back_after_a_reset(account: Admin) -> None:
    account.delete(f"/keys/{account.opened['key']['key']['id']}")
    with pytest.raises(AuthenticationError):
        account.chat()
    account.post("/reset")
    assert account.chat().usage.total_tokens > 0


def test_the_same_calls_after_a_reset_get_the_same_answers(account: Admin) -> None:
    first = [account.chat().model_dump(exclude={"id", "_request_id"}) for _ in range(2)]
    secret = account.post("/keys", label="second")["secret"]
    account.post("/reset")
    assert [account.chat().model_dump(exclude={"id", "_request_id"}) for _ in range(2)] == first
    assert account.post("/keys", label="second")["secret"] == secret


def test_an_account_of_the_scenario_begins_anew(admin: Admin) -> None:
    scenario = Admin(admin.url, f"/accounts/{ROOT}", {}, admin)
    keys = scenario.get("/keys")["keys"]
    scenario.post("/keys", label="more")
    scenario.delete(f"/keys/{keys[0]['id']}")
    scenario.post("/reset")
    assert scenario.get("/keys")["keys"] == keys
    scenario.close()


def test_a_reset_is_refused_where_another_account_has_a_key_by_now(admin: Admin) -> None:
    template = {"keys": [{"secret": "sk-known-beforehand", "label": "mine"}]}
    one, other = admin.account(account=template), admin.account()
    one.delete("/keys/1")
    other.post("/keys", secret="sk-known-beforehand")
    before = one.get("/snapshot")["parts"]["keys"]
    assert other.uin in one.refused(409, "POST", "/reset")["error"]
    assert one.get("/snapshot")["parts"]["keys"] == before
    assert other.chat(secret="sk-known-beforehand").usage.total_tokens > 0
    for account in (one, other):
        account.close()


# copies


def test_a_copy_is_as_its_original_and_opened_by_its_own(account: Admin, target: Target) -> None:
    account.chat()
    copy = copy_of(account)
    assert copy.uin != account.uin
    assert copy.get("/dashboard") == account.get("/dashboard")
    assert copy.get("/wallet") == account.get("/wallet")
    assert copy.get("/packages") == account.get("/packages")
    original = {one["secret_id"] for one in account.opened["credentials"]}
    assert original.isdisjoint(one["secret_id"] for one in copy.opened["credentials"])
    assert [one["uin"] for one in copy.opened["credentials"]][1:] == [
        one["uin"] for one in account.opened["credentials"]
    ][1:]
    assert embed(signed(target, copy.opened["credentials"][0]))
    assert copy.secret != account.secret
    assert copy.chat().choices == account.chat().choices
    token = copy.opened["access_tokens"][0]["token"]
    user = httpx.get(account.url + "/api/user/self", headers={"Authorization": token}).json()["data"]
    assert user["request_count"] == 3
    copy.close()


def test_a_copy_and_its_original_go_their_own_ways(account: Admin) -> None:
    account.chat()
    copy = copy_of(account, name="The other one")
    assert copy.get()["name"] == "The other one"
    before = account.get("/snapshot")
    copy.chat()
    copy.post("/clock/advance", by="1d")
    copy.patch("/moderation", words=["Hello"])
    copy.post("/wallet/top-up", amount=50, method="card")
    copy.post("/keys", label="more")
    assert account.get("/snapshot") == before
    after = copy.get("/snapshot")
    account.chat()
    account.post("/packages/grant", kind="tokens", total=1000)
    account.post("/keys", label="more")
    assert copy.get("/snapshot") == after
    copy.post("/reset")
    assert spent(copy) == 1  # a copy goes back to what it was copied as
    copy.close()


@pytest.mark.parametrize("closed", ["copy", "original"])
def test_when_either_is_closed_the_other_is_whole(account: Admin, target: Target, closed: str) -> None:
    account.chat()
    copy = copy_of(account)
    stays, goes = (account, copy) if closed == "copy" else (copy, account)
    goes.delete()
    assert stays.chat().usage.total_tokens > 0
    assert embed(signed(target, stays.opened["credentials"][0]))
    assert spent(stays) == 3
    stays.post("/reset")
    assert stays.chat().usage.total_tokens > 0
    copy.close()


def test_a_copy_of_the_scenarios_account_takes_everything_along(admin: Admin, target: Target) -> None:
    scenario = Admin(admin.url, f"/accounts/{ROOT}", {}, admin)
    copy = copy_of(scenario, uin="77")
    assert copy.uin == "77"
    assert "77" in scenario.refused(409, "POST", "/copy", uin="77")["error"]
    copy.post("/clock/freeze", at=(now := scenario.get("/clock")["now"]))
    scenario.post("/clock/freeze", at=now)
    for path in ("/dashboard", "/report", "/bills", "/packages", "/notifications", "/knowledge"):
        text = json.dumps(copy.get(path)).replace('"77"', f'"{ROOT}"')
        assert json.loads(text) == scenario.get(path), path
    assert [key["masked"] for key in copy.get("/keys")["keys"]] != [
        key["masked"] for key in scenario.get("/keys")["keys"]
    ]
    scenario.close()
    copy.close()


def test_a_link_of_a_copy_opens_the_copys_file(account: Admin, target: Target) -> None:
    """The copy has its own, also when the original is gone."""
    account.post("/packages/grant", kind="pages", total=100)
    client = signed(target, account.opened["credentials"][0])
    task = client.call_json("CreateReconstructDocumentFlow", {"FileType": "TXT", "FileUrl": "data:,Hello"})["Response"]
    copy = copy_of(account)
    copy.post("/clock/advance", by="1m")
    account.delete()
    answer = signed(target, copy.opened["credentials"][0]).call_json(
        "GetReconstructDocumentResult", {"TaskId": task["TaskId"]}
    )["Response"]
    assert answer["Status"] == "Success"
    link = answer["DocumentRecognizeResultUrl"]
    assert f"/files/{copy.uin}/" in link
    assert httpx.get(link).content[:2] == b"PK"
    copy.close()


# snapshots


def test_a_snapshot_brings_an_account_back(account: Admin) -> None:
    account.chat()
    saved = account.get("/snapshot")
    figures = account.get("/dashboard"), account.get("/keys"), account.get("/wallet")
    account.chat()
    account.delete(f"/keys/{account.opened['key']['key']['id']}")
    account.post("/clock/advance", by=-DAY)
    answer = account.put("/snapshot", **saved)
    assert answer["credentials"] == []
    assert account.get("/snapshot") == saved
    assert (account.get("/dashboard"), account.get("/keys"), account.get("/wallet")) == figures
    assert account.chat().usage.total_tokens > 0
    account.post("/reset")
    assert spent(account) == 0  # to what it was opened as


def test_a_snapshot_makes_an_account_where_it_is_gone(account: Admin, target: Target) -> None:
    account.chat()
    saved = account.get("/snapshot")
    account.delete()
    answer = account.put("/snapshot", **saved)
    assert [one["uin"] for one in answer["credentials"]] == [account.uin, ALICE, "200000000002"]
    assert embed(signed(target, answer["credentials"][1]))
    assert account.chat().usage.total_tokens > 0  # API keys are those of the snapshot
    assert spent(account) == 3


def test_a_snapshot_of_one_account_can_be_put_into_another(account: Admin, admin: Admin) -> None:
    account.chat()
    saved = account.get("/snapshot")
    other = admin.account()
    assert account.uin in other.refused(409, "PUT", "/snapshot", **saved)["error"]  # its keys open the first
    account.delete()
    other.put("/snapshot", **saved)
    assert spent(other) == 1
    assert other.chat(secret=account.secret).usage.total_tokens > 0
    with pytest.raises(AuthenticationError):
        other.chat()
    other.close()


def test_a_snapshot_is_sorted_and_holds_no_secret(account: Admin, admin: Admin, target: Target) -> None:
    made = account.post("/keys", label="second")["secret"]
    known = account.post("/keys", secret="sk-known-beforehand-to-the-test")["secret"]
    token = account.post("/access-tokens", owner=ALICE)["token"]
    account.chat()
    embed(signed(target, account.opened["credentials"][0]))
    text = httpx.get(f"{admin.url}/_emulator{account.base}/snapshot").text
    secrets = [made, known, token, account.secret, account.token]
    for credential in account.opened["credentials"]:
        secrets += [credential["secret_id"], credential["secret_key"]]
    assert not [secret for secret in secrets if secret.removeprefix("sk-") in text]
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert json.loads(text)["format"] == 1


BROKEN: list[tuple[str, Any, str]] = [
    ("format", 2, "format: this is a snapshot of format 2, and formats up to 1"),
    ("format", 0, "format: there is no format 0"),
    ("account.uin", "x", "account.uin: Expected `str` matching regex"),
    ("account.zone", 10**6, "account.zone: Expected `int` <= 50400"),
    ("account.assumptions.settlement", "daily", "account.assumptions.settlement: Invalid enum value 'daily'"),
    ("parts.weather", {}, "parts: there is no part 'weather'"),
    ("parts.billing.wallet.balance", "much", "parts.billing.wallet.balance: Expected `int`, got `str`"),
    ("parts.keys.keys.0.digest", 5, "parts.keys.keys[0].digest: Expected `bytes`, got `int`"),
    ("parts.keys.keys.0.account", "5", "parts.keys: keys[0]: a key of"),
    ("parts.ledger.series.0.moments", [5, 4], "parts.ledger: series[0]: "),
    ("parts.ledger.series.0.kind", "guessed", "parts.ledger.series[0].kind: Invalid value 'guessed'"),
    ("parts.sub_accounts.records.1.0", ALICE, f"parts.sub_accounts: '{ALICE}' is there twice"),
]


@pytest.mark.parametrize(("place", "value", "why"), BROKEN, ids=[f"{place}={value}" for place, value, _ in BROKEN])
def test_a_broken_snapshot_is_refused_with_its_place_and_changes_nothing(
    account: Admin, place: str, value: Any, why: str
) -> None:
    account.chat()
    saved = account.get("/snapshot")
    broken = json.loads(json.dumps(saved))
    *path, last = [int(step) if step.isdecimal() else step for step in place.split(".")]
    inner = broken
    for step in path:
        inner = inner[step]
    inner[last] = value
    account.chat()
    before = account.get("/snapshot")
    assert account.refused(409, "PUT", "/snapshot", **broken)["error"].startswith(why)
    assert account.get("/snapshot") == before
    assert spent(account) == 2


def test_there_is_nothing_to_reset_copy_or_save_where_no_account_is(admin: Admin) -> None:
    for method, path in (("POST", "reset"), ("POST", "copy"), ("GET", "snapshot")):
        assert "there is no account 5" in admin.refused(404, method, f"/accounts/5/{path}")["error"]
    assert "is no uin" in admin.refused(400, "PUT", "/accounts/x/snapshot", account={}, format=1, parts={})["error"]


def test_a_snapshot_brings_its_assumptions_along(account: Admin) -> None:
    saved = account.get("/snapshot")
    saved["account"]["assumptions"] |= {"api_key_limit": 2, "gateway_lists": "one-api", "root_uin_selects": "own"}
    account.put("/snapshot", **saved)
    account.post("/keys", label="second")
    assert "at most 2" in account.refused(409, "POST", "/keys", label="third")["error"]
    listed = httpx.get(account.url + "/api/token/", headers={"Authorization": account.token}).json()["data"]
    assert isinstance(listed, list)


def test_a_snapshot_of_many_megabytes_is_taken(account: Admin) -> None:
    """What an account serves under /files is in it."""
    saved = account.get("/snapshot")
    saved["parts"]["files"]["files"] = [[f"{i}.md", ["IyBNb3Jl" * 150_000, 2e9]] for i in range(2)]
    account.put("/snapshot", **saved)
    assert account.get("/snapshot") == saved


def app_keys(target: Target, credential: dict[str, str]) -> list[str]:
    client = signed(target, credential, LkeClient)
    apps = client.call_json("ListApp", {"AppType": "", "PageSize": 20, "PageNumber": 1})["Response"]["List"]
    keys = [client.call_json("GetAppSecret", {"AppBizId": app["AppBizId"]})["Response"]["AppKey"] for app in apps]
    for app, key in zip(apps, keys, strict=True):
        assert (
            client.call_json("DescribeRobotBizIDByAppKey", {"AppKey": key})["Response"]["BotBizId"] == app["AppBizId"]
        )
    return keys


def test_no_two_accounts_are_opened_by_one_app_key(admin: Admin, target: Target) -> None:
    """Neither a copy nor an account opened from a scenario: dialogues show nothing but the AppKey."""
    template = {"seed": 5, "apps": [{"name": "desk"}, {"name": "shop", "key": "knownBeforehand"}]}
    first, default = admin.account(account=template), admin.account(scenario="default")
    answer = admin.refused(409, "POST", "/accounts", account=template)["error"]
    assert "AppKey of app 'shop'" in answer
    copies = [copy_of(first), copy_of(default)]
    credential = {"secret_id": target.secret_id, "secret_key": target.secret_key}
    credentials = [credential, *[one.opened["credentials"][0] for one in (first, default, *copies)]]
    keys = [key for each in credentials for key in app_keys(target, each)]
    assert len(keys) == len(set(keys)) == 10
    for account in (first, default, *copies):
        account.close()
