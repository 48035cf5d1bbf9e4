"""The data report shows the figures that the statistics of the API give."""

import csv
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from contract_tests.browser.life import client
from contract_tests.browser.person import Person
from contract_tests.conftest import Control

DAY = 86_400
ZONE = 8 * 3600


@pytest.fixture(autouse=True)
def standing_still(emulator: Control) -> None:
    """What is asked for twice is the same: seeded usage grows with the clock."""
    next(iter(emulator.world.accounts.values())).clock.freeze()


def yesterday(emulator: Control) -> dict[str, int]:
    now = int(next(iter(emulator.world.accounts.values())).clock.now())
    today = (now + ZONE) // DAY * DAY - ZONE
    return {"StatStartTime": today - DAY, "StatEndTime": today - 1}


def figure(page: Page, name: str) -> int:
    shown = page.locator(".figure").filter(has_text=re.compile(f"^{name}")).locator(".value")
    return int(shown.inner_text().replace(",", ""))


def usage(person: Person, **params: Any) -> Any:
    return client(person.url).call_json("DescribeTokenUsage", params)["Response"]


def test_how_many_tokens_were_used_yesterday_by_which_model(person: Person, emulator: Control) -> None:
    days = yesterday(emulator)
    page = person.opens("report")
    page.get_by_role("button", name="Yesterday").click()
    person.settled()
    told = usage(person, **days)
    expect(page.locator(".figure .value").first).to_have_text(f"{told['TotalTokenUsage']:,.0f}")
    assert figure(page, "Calls") == told["ApiCallStats"]
    one = usage(person, **days, ModelName="hunyuan")
    row = page.get_by_role("list", name="Shares").locator("li").filter(has_text="hunyuan")
    expect(row).to_contain_text(f"{one['TotalTokenUsage']:,.0f}")
    assert page.locator(".laws .bad").count() == 0


def test_filters_narrow_every_figure_and_stand_in_the_address(person: Person, emulator: Control) -> None:
    days = yesterday(emulator)
    page = person.opens("report", range="yesterday", model="cs-normal-70b", person="100000000011")
    told = usage(person, **days, ModelName="cs-normal-70b", UinAccount=["100000000011"])
    expect(page.locator(".figure .value").first).to_have_text(f"{told['TotalTokenUsage']:,.0f}")
    expect(page.get_by_label("Model").first).to_have_value("cs-normal-70b")
    assert page.locator(".laws .bad").count() == 0


def test_the_usage_of_one_api_key(person: Person, emulator: Control) -> None:
    account = next(iter(emulator.world.accounts))
    httpx.post(
        f"{emulator.url}/_emulator/accounts/{account}/usage",
        json={"model": "deepseek-v3.2", "calls": 3, "input_tokens": 300, "output_tokens": 30, "key": "1"},
    ).raise_for_status()
    page = person.opens("report", range="today", key="1")
    assert (figure(page, "Tokens"), figure(page, "Calls")) == (330, 3)


def test_a_call_is_in_the_report_as_soon_as_it_ends(person: Person, emulator: Control) -> None:
    page = person.opens("report", range="today")
    before = figure(page, "Tokens")
    client(person.url, "lkeap").call_json("RunRerank", {"Query": "harbour", "Docs": ["a harbour"]})
    told = usage(person, StatStartTime=yesterday(emulator)["StatEndTime"] + 1)["TotalTokenUsage"]
    assert told > before
    expect(page.locator(".figure .value").first).to_have_text(f"{told:,.0f}")


def test_a_range_without_usage_leads_to_the_nearest_day_that_has(person: Person) -> None:
    page = person.opens("report", range="custom", **{"from": "2031-05-01", "to": "2031-05-02"})
    page.get_by_role("button", name="Go there").click()
    expect(page).not_to_have_url(re.compile("2031"))
    person.settled()
    assert figure(page, "Tokens") > 0


def test_the_report_is_saved_as_it_is_shown(person: Person) -> None:
    page = person.opens("report", range="7d")
    table = page.locator(".card").filter(has=page.get_by_role("heading", name="Report", exact=True))
    with page.expect_download() as saved:
        table.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(saved.value.path().read_text().splitlines()))
    assert sum(int(row["Tokens"]) for row in rows) == figure(page, "Tokens")
    assert datetime.fromtimestamp(int(rows[0]["Day"]), UTC)


def test_every_statistic_can_be_drawn_and_read_as_a_table(person: Person) -> None:
    page = person.opens("report", range="7d", model="cs-normal-70b")
    for view in ("By model", "By API", "By account", "By API key", "Calls", "Concurrency", "Tokens"):
        page.get_by_role("group", name="Data report").get_by_role("button", name=view, exact=True).click()
        expect(page.get_by_role("img", name=view, exact=True)).to_be_visible()
    page.get_by_role("button", name="Show as table").click()
    expect(page.get_by_role("table", name="Tokens").get_by_role("row").nth(3)).to_be_visible()


def test_no_page_changes_what_it_looks_at(person: Person) -> None:
    person.opens("report")
    assert httpx.get(f"{person.url}/_emulator/journal").json()["calls"] == []
