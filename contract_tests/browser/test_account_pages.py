"""Keys, wallet, resources, settings and notifications, as a person uses them."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import yaml
from playwright.sync_api import Page, expect

from contract_tests.browser.person import Person
from contract_tests.conftest import Control

HOSTILE = "<img src=x onerror=alert(1)>\u202eedoc&quot;" + "w" * 10_000
CALL = """import sys
from urllib.request import Request, urlopen
body = b'{"model": "deepseek-chat", "messages": [{"role": "user", "content": "Hello"}]}'
urlopen(Request(sys.argv[1] + "/v1/chat/completions", body, {"Authorization": "Bearer " + sys.argv[2]}))"""


@pytest.fixture
def opened(emulator: Control) -> Callable[..., Any]:
    """An account of its own: `opened(path, body)` calls its control."""
    account = httpx.post(
        f"{emulator.url}/_emulator/accounts",
        json={
            "account": {
                "name": "Of a test",
                "clock": {"frozen_at": "2026-11-20 10:00"},
                "sub_accounts": [{"uin": 200, "name": "anna"}],
                "models": [{"name": "hunyuan"}],
                "spaces": [{"id": "s"}],
                "apps": [{"name": "Shop", "space": "s"}],
                "knowledge": {"capacity": 0, "used": {"Shop": 900}},
                "billing": {"balance": 5},
            }
        },
    ).json()
    uin = account["account"]["uin"]

    def control(path: str = "", body: Any = None, method: str = "POST") -> Any:
        at = f"{emulator.url}/_emulator/accounts/{uin}{path}"
        answer = httpx.get(at) if body is None else httpx.request(method, at, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    control.uin = uin  # type: ignore[attr-defined]
    return control


def shows(person: Person, opened: Any, path: str, **query: str) -> Page:
    return person.opens(path, account=opened.uin, **query)


def card(page: Page, title: str) -> Any:
    return page.locator("section.card").filter(has=page.get_by_role("heading", name=title, exact=True))


def test_a_key_is_created_seen_once_and_moves_when_it_is_used(person: Person, opened: Any) -> None:
    """BA-1 to BA-5, GW-1 to GW-6: the call comes from another process."""
    page = shows(person, opened, "keys")
    page.get_by_role("button", name="Create API key").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("Production")
    dialog.get_by_label("Remark").fill("of the shop")
    dialog.get_by_label("Group").fill("default")
    dialog.get_by_role("button", name="Create API key").click()
    secret = dialog.locator("[data-secret]").inner_text()
    assert secret.startswith("sk-")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    row = page.get_by_role("row").filter(has_text="Production")
    expect(row).to_contain_text("of the shop")
    expect(row).to_contain_text("never")
    assert secret not in page.content()
    opened("/packages/grant", {"kind": "tokens", "total": 10_000})
    subprocess.run([sys.executable, "-c", CALL, person.url, secret], check=True, timeout=30)
    expect(row).to_contain_text("2026-11-20 10:00:00")


def test_a_key_is_changed_suspended_and_deleted(person: Person, opened: Any) -> None:
    """BA-3, GW-7 to GW-9."""
    opened("/keys", {"label": "Of last year"})
    page = shows(person, opened, "keys")
    row = page.get_by_role("row").filter(has_text="Of last year")
    row.get_by_role("button", name="Edit").click()
    page.get_by_role("dialog").get_by_label("Label").fill("Of this year")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="Of this year")
    row.get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("disabled")
    row.get_by_role("button", name="Enable").click()
    expect(row).to_contain_text("enabled")
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    assert "Of this year" not in [key["label"] for key in opened("/keys")["keys"]]


def test_ten_of_ten_is_said_before_it_is_refused(person: Person, opened: Any) -> None:
    """BA-7: root and sub-accounts together."""
    for number in range(len(opened("/keys")["keys"]), 10):
        opened("/keys", {"label": f"key {number}", "owner": "200" if number % 2 else ""})
    page = shows(person, opened, "keys")
    expect(page.get_by_text("All 10 keys are taken")).to_be_visible()
    expect(page.get_by_role("button", name="Create API key").first).to_be_disabled()


def test_hostile_names_are_only_text(person: Person, opened: Any) -> None:
    opened("/keys", {"label": HOSTILE, "remark": HOSTILE, "group": HOSTILE})
    opened("/packages/grant", {"kind": "tokens", "total": 10, "name": HOSTILE})
    for path in ("keys", "resources", "notifications/coming"):
        page = shows(person, opened, path)
        page.get_by_text("onerror").first.wait_for()
        assert page.locator("img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_service_that_stopped_goes_on_after_topping_up(person: Person, opened: Any) -> None:
    """BA-13 to BA-20, RL-32, GW-14 to GW-17: postpaid is charged until the balance is gone, and paying brings it back."""
    opened("/postpaid/KnowledgeQA", {"on": True}, "PUT")
    opened(
        "",
        {
            "usage": [
                {"kind": "points", "model": "hunyuan", "points": [{"at": "+1m", "calls": 9, "input_tokens": 10**8}]}
            ]
        },
        "PATCH",
    )
    opened("/clock/advance", {"by": "2h"})
    assert opened("/wallet")["balance"] < 0
    page = shows(person, opened, "settings")
    expect(page.locator("main .page").get_by_text("services cannot be used")).to_be_visible()
    page.locator("main").get_by_role("link", name="Top up", exact=True).first.click()
    person.arrives("Wallet and bills")
    expect(page.locator("main .page").get_by_text("The account is overdue since")).to_be_visible()
    page.get_by_label("$500").check()
    expect(page.locator("dl.sum")).to_contain_text("$600.00")
    page.get_by_role("button", name="Pay $500.00").click()
    expect(page.get_by_text("not overdue")).to_be_visible()


def test_another_amount_is_credited_as_it_was_said(person: Person, opened: Any) -> None:
    page = shows(person, opened, "wallet")
    page.get_by_role("spinbutton", name="Another amount").fill("33.33")
    said = page.locator("dl.sum dd").last
    expect(said).to_have_text("$36.66")
    page.get_by_role("button", name="Pay $33.33").click()
    expect(page.get_by_text("$36.66 received. The balance is $41.66.")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("row").filter(has_text="Top-up").first).to_contain_text("$36.66")
    assert page.url.split("?")[0].endswith("wallet/history")


def test_payment_that_is_coming_soon_cannot_be_chosen(person: Person, opened: Any) -> None:
    """GW-13."""
    page = shows(person, opened, "wallet")
    expect(page.get_by_role("radio", name=re.compile("Bitcoin"))).to_be_disabled()
    page.get_by_role("radio", name="PayPal").check()
    page.get_by_role("button", name="Pay $10.00").click()
    expect(page.get_by_text("$10.00 received.")).to_be_visible()


def test_a_trial_is_used_up_and_banners_come(person: Person, opened: Any) -> None:
    """BA-10 to BA-13, RL-6, RL-19 to RL-21."""
    opened("/packages/grant", {"kind": "tokens", "total": 100, "name": "Small trial", "apis": ["ChatCompletions"]})
    page = shows(person, opened, "resources")
    payg = card(page, "Pay-as-you-go resources")
    expect(payg.get_by_role("row").filter(has_text="Small trial")).to_contain_text("0 / 100")
    key = opened("/keys", {"label": "caller"})["secret"]
    for _ in range(20):
        answer = httpx.post(
            f"{person.url}/v1/chat/completions",
            headers={"Authorization": f"Bearer {key}"},
            json={
                "model": "hunyuan",
                "messages": [{"role": "user", "content": "Tell me of harbours"}],
                "max_tokens": 50,
            },
        )
        if answer.status_code != 200:
            break
    assert answer.status_code != 200
    expect(page.get_by_text("Two remedies:")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Exhausted 1")).click()
    row = payg.get_by_role("row").filter(has_text="Small trial")
    expect(row).to_contain_text("100 / 100")
    expect(row).to_contain_text("Exhausted")
    page.get_by_role("link", name="switch on postpaid in Postpaid settings").click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Banners")).to_contain_text("Small trial (100 tokens) is used up.")
    shows(person, opened, "notifications")
    banners = page.get_by_role("region", name="Banners")
    expect(banners).to_contain_text("Small trial")
    expect(banners).to_contain_text("is used up")
    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_role("row").filter(has_text="in-site message").first).to_be_visible()


def test_a_package_is_bought_renewed_and_ended(person: Person, opened: Any) -> None:
    """RL-13, RL-15, BA-13."""
    page = shows(person, opened, "resources")
    card(page, "Concurrency resources").locator("header").get_by_role("button", name="Buy").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill("3")
    dialog.get_by_label("Name").fill("Three places")
    dialog.get_by_label("Price").fill("0")
    dialog.get_by_role("button", name="Buy").click()
    row = page.get_by_role("row").filter(has_text="Three places")
    expect(row).to_contain_text("2026-12-20")
    row.get_by_role("button", name="Renew").click()
    expect(row).to_contain_text("2027-01-20")
    row.get_by_role("button", name="End now").click()
    page.get_by_role("dialog").get_by_role("button", name="End now").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Expired")).click()
    expect(row).to_contain_text("Expired")
    assert "state=expired" in page.url


def test_isolated_knowledge_is_restored_by_hand(person: Person, opened: Any) -> None:
    """RL-16, RL-17: refused while the capacity does not hold it; bought capacity alone restores nothing."""
    bought = opened("/packages/buy", {"kind": "knowledge", "total": 1000, "price": 0})
    httpx.post(f"{person.url}/_emulator/accounts/{opened.uin}/packages/{bought['id']}/expire").raise_for_status()
    page = shows(person, opened, "resources")
    knowledge = card(page, "Knowledge base capacity")
    expect(knowledge).to_contain_text("900 characters are isolated")
    with person.provoking("409"):
        knowledge.get_by_role("button", name="Restore").click()
        expect(page.get_by_role("status").get_by_role("alert")).to_contain_text("isolated")
    knowledge.get_by_role("button", name="Buy").click()
    page.get_by_role("dialog").get_by_label("Amount").fill("1000")
    page.get_by_role("dialog").get_by_label("Price").fill("0")
    page.get_by_role("dialog").get_by_role("button", name="Buy").click()
    expect(knowledge).to_contain_text("0 of 1,000 characters")
    expect(knowledge).to_contain_text("900 characters are isolated")
    knowledge.get_by_role("button", name="Restore").click()
    expect(knowledge).to_contain_text("900 of 1,000 characters")
    expect(knowledge).not_to_contain_text("isolated")


def test_a_switch_is_locked_for_an_hour_and_a_sub_account_needs_the_permission(person: Person, opened: Any) -> None:
    """BA-18, RL-4, RL-5, RL-30."""
    page = shows(person, opened, "settings")
    with person.provoking("409|403"):
        switch = page.get_by_role("switch", name="GetEmbedding")
        switch.click()
        expect(switch).to_have_attribute("aria-checked", "true")
        expect(page.get_by_role("listitem").filter(has=switch)).to_contain_text("locked until 11:00:00")
        switch.click()
        expect(page.get_by_role("listitem").filter(has=switch).get_by_role("alert")).to_contain_text(
            "can be changed again"
        )
        page.get_by_label("Act as").select_option("anna")
        other = page.get_by_role("switch", name="RunRerank")
        other.click()
        expect(page.get_by_role("listitem").filter(has=other).get_by_role("alert")).to_be_visible()
        expect(other).to_have_attribute("aria-checked", "false")
        page.get_by_role("switch", name="Postpaid settings: anna").click()
        expect(page.get_by_text("anna may change Postpaid settings.")).to_be_visible()
        other.click()
        expect(other).to_have_attribute("aria-checked", "true")


def test_whoever_turns_moderation_off_is_told_of_the_responsibility(person: Person, opened: Any) -> None:
    """BA-24, BA-25."""
    page = shows(person, opened, "settings")
    switch = page.get_by_role("switch", name="Filter content")
    switch.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("responsible yourself")
    dialog.get_by_role("button", name="Cancel").click()
    assert opened("/moderation")["on"] is True
    switch.click()
    dialog.get_by_role("button", name="I take the responsibility").click()
    expect(switch).to_have_attribute("aria-checked", "false")
    page.get_by_label("Words that are refused").fill("casino\nbet")
    page.get_by_role("button", name="Save words").click()
    expect(page.get_by_text("The words are saved.")).to_be_visible()
    assert opened("/moderation")["words"] == ["casino", "bet"]


def test_channels_of_the_message_centre_are_chosen(person: Person, opened: Any) -> None:
    """RL-24, RL-25."""
    opened("/packages/grant", {"kind": "tokens", "total": 10, "days": 40})
    page = shows(person, opened, "notifications/coming")
    page.get_by_label("SMS").click()  # it is off only once control has said so
    expect(page.get_by_text("The channels are changed.")).to_be_visible()
    expect(page.get_by_label("SMS")).not_to_be_checked()
    assert opened("/notifications/channels")["channels"] == ["in-site", "email"]
    expect(page.get_by_role("row").filter(has_text="in-site message, e-mail").first).to_be_visible()


def test_what_was_clicked_is_copied_as_yaml_and_as_curl(person: Person, opened: Any) -> None:
    opened("/keys", {"label": "Production", "group": "shop"})
    page = shows(person, opened, "keys")
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text }")
    page.get_by_role("button", name="Copy as the scenario's YAML").click()
    expect(page.get_by_role("status")).to_contain_text("Copied")
    keys = yaml.safe_load(page.evaluate("window.copied"))["keys"]
    made = httpx.post(f"{person.url}/_emulator/accounts", json={"account": {"keys": keys}}).json()["account"]["uin"]
    rows = httpx.get(f"{person.url}/_emulator/accounts/{made}/keys").json()["keys"]
    assert ("Production", "shop") in [(key["label"], key["group"]) for key in rows]
    page.get_by_role("button", name="Copy what this page asks for as curl").click()
    page.wait_for_function("window.copied.startsWith('curl')")
    assert f"'{person.url}/_emulator/accounts/{opened.uin}/keys'" in page.evaluate("window.copied")
