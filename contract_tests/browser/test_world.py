"""Time and world: what a person does to clock, scenario, accounts and faults, and reads of what is assumed."""

from pathlib import Path

import httpx
from playwright.sync_api import expect

from contract_tests.browser.person import Person
from contract_tests.conftest import Control

BAD = 'accounts:\n  - uin: "7"\n    credential: []\n'
GOOD = 'accounts:\n  - uin: "7"\n    name: Seven\n    credentials: [{ secret_id: AKIDseven, secret_key: k }]\n'


def test_time_is_frozen_and_stepped_over_midnight(person: Person, emulator: Control) -> None:
    emulator.load("empty")
    uin = next(iter(emulator.world.accounts))
    httpx.post(f"{person.url}/_emulator/accounts/{uin}/clock/freeze", json={"at": "2026-11-30 23:59:50"})
    page = person.opens("world")
    expect(page.locator(".dial")).to_contain_text("23:59:50")
    page.get_by_label("Advance by").fill("20s")
    page.get_by_label("Advance by").press("Enter")
    expect(page.locator(".dial")).to_contain_text("2026-12-01 Tue")
    expect(page.locator(".dial")).to_contain_text("00:00:10")
    page.get_by_label("Set to").fill("2027-02-03T04:05:06")
    page.get_by_label("Set to").press("Enter")
    expect(page.locator(".dial")).to_contain_text("04:05:06")
    with person.provoking("400"):
        page.get_by_label("Advance by").fill("much")
        page.get_by_label("Advance by").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("by:")


def test_a_scenario_is_loaded_and_its_mistake_is_shown_at_its_line(person: Person, emulator: Control) -> None:
    page = person.opens("world")
    page.get_by_role("listitem").filter(has_text="empty").get_by_role("button", name="Load").click()
    page.get_by_role("dialog").get_by_role("button", name="Load").click()
    expect(page.get_by_role("listitem").filter(has_text="empty")).to_contain_text("served now")
    assert emulator.world.scenario == "empty"
    page.get_by_text("From text").click()
    page.get_by_label("From text").fill(BAD)
    with person.provoking("409"):
        page.get_by_role("button", name="Load", exact=True).last.click()
        expect(page.get_by_role("alert")).to_contain_text("sent.yaml:3")
        expect(page.locator(".differs")).to_contain_text("credential: []")
    assert emulator.world.scenario == "empty"
    page.get_by_label("From text").fill(GOOD)
    page.get_by_role("button", name="Load", exact=True).last.click()
    expect(page.get_by_role("combobox", name="Account")).to_contain_text("Seven")


def test_an_account_is_opened_copied_reset_and_closed(person: Person, emulator: Control, tmp_path: Path) -> None:
    page = person.opens("world/accounts")
    page.get_by_role("button", name="Open an account").click()
    page.get_by_label("Name").fill("Night shift")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("SecretKey")
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("listitem").filter(has_text="Night shift")
    row.get_by_role("button", name="Show").click()
    expect(page.get_by_role("combobox", name="Account")).to_contain_text("Night shift")
    with page.expect_download() as saved:
        row.get_by_role("button", name="Save snapshot").click()
    saved.value.save_as(tmp_path / "snapshot.json")
    uin = next(uin for uin, account in emulator.world.accounts.items() if account.name == "Night shift")
    before = emulator.world.accounts[uin]
    row.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("as it was before")
    assert emulator.world.accounts[uin] is not before
    row.get_by_label("Load snapshot").set_input_files(tmp_path / "snapshot.json")
    expect(page.get_by_role("status")).to_contain_text("as the snapshot says")
    row.get_by_role("button", name="Close account").click()
    page.get_by_role("dialog").get_by_role("button", name="Close account").click()
    expect(row).to_have_count(0)
    assert uin not in emulator.world.accounts


def test_a_fault_is_seen_with_what_it_has_done_and_ended(person: Person, emulator: Control) -> None:
    page = person.opens("world/faults")
    page.get_by_role("button", name="Set a fault").click()
    page.get_by_label("Action").fill("lke.List*")
    page.get_by_role("button", name="Set", exact=True).click()
    row = page.get_by_role("row").filter(has_text="lke.List*")
    expect(row).to_contain_text("error=InternalError")
    row.get_by_role("button", name="End").click()
    expect(row).to_have_count(0)
    assert not next(iter(emulator.world.accounts.values())).faults


def test_what_is_assumed_is_found_with_what_it_rests_on(person: Person) -> None:
    page = person.opens("world/assumptions")
    page.get_by_label("Filter").fill("label_edge")
    expect(page.get_by_role("row")).to_have_count(2)
    assert "q=label_edge" in page.url
    page.get_by_role("row").nth(1).locator("td").last.click()
    expect(page.get_by_role("dialog")).to_contain_text("Which edge of its five minutes")
