"""The keyboard: single letters, the palette, rows, and where the focus is after a dialog."""

import pytest
from playwright.sync_api import expect

from contract_tests.browser.life import live
from contract_tests.browser.person import Person


def test_j_and_k_walk_the_rows_and_escape_comes_back_to_the_one_that_was_opened(person: Person) -> None:
    live(person.url)
    page = person.opens("calls")
    focused = page.locator("tr:focus")
    for key, row in (("j", 2), ("j", 3), ("j", 4), ("k", 3), ("k", 2), ("k", 2), ("j", 3)):
        page.keyboard.press(key)
        expect(focused).to_have_attribute("aria-rowindex", str(row))
    page.keyboard.press("Enter")
    expect(page.locator("tr[aria-current=true]")).to_have_attribute("aria-rowindex", "3")
    page.keyboard.press("Escape")
    expect(page.locator("tr[aria-current=true]")).to_have_count(0)
    expect(focused).to_have_attribute("aria-rowindex", "3")


@pytest.mark.parametrize("path", ["calls", "apps", "explorer", "world/assumptions"])
def test_a_slash_goes_to_the_filter(person: Person, path: str) -> None:
    page = person.opens(path)
    page.keyboard.press("/")
    page.keyboard.type("zzz/?")  # no letter of a text is a shortcut
    expect(page.locator("main [data-filter]")).to_have_value("zzz/?")
    page.keyboard.press("Escape")
    expect(page.locator("main [data-filter]")).not_to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_dialog_gives_the_focus_back(person: Person) -> None:
    page = person.opens("calls")
    for name in ("Find", "Keyboard"):
        opener = page.get_by_role("button", name=name)
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(opener).to_be_focused()


def test_the_palette_goes_where_the_arrows_point(person: Person) -> None:
    page = person.opens()
    page.keyboard.press("Control+k")
    asked = page.get_by_role("combobox", name="A page, an account, an action")
    expect(asked).to_be_focused()
    page.keyboard.type("nothing is called so")
    expect(page.get_by_role("dialog")).to_contain_text("Nothing is called so.")
    asked.fill("DescribeTokenUsage")
    options = page.get_by_role("dialog").get_by_role("option")
    expect(options.nth(1)).to_contain_text("DescribeTokenUsageGraph")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    person.arrives("DescribeTokenUsageGraph")
    assert page.url.endswith("explorer/lke/DescribeTokenUsageGraph")


def test_single_letters_can_be_turned_off(person: Person) -> None:
    page = person.opens("calls")
    page.keyboard.press("?")
    page.get_by_label("Single letters are shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    person.arrives("Calls")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()  # what needs Control still works
    expect(page.locator("main h1")).to_have_text("Calls")


def test_the_order_of_a_table_stands_in_the_address(person: Person) -> None:
    live(person.url)
    page = person.opens("calls")
    head = page.get_by_role("columnheader", name="Action")
    action = page.get_by_role("row").nth(1).get_by_role("cell").nth(1)
    page.get_by_role("button", name="Action").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    first = action.inner_text()
    page.get_by_role("button", name="Action").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert action.inner_text() > first
    last, address = action.inner_text(), page.url
    page.reload()
    person.arrives("Calls")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(action).to_have_text(last)
    assert page.url == address
