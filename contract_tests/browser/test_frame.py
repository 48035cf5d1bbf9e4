"""What stands around every page: account, clock, language, theme, palette, keys."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import expect
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.browser.life import client
from contract_tests.browser.person import Person
from contract_tests.conftest import Control


def test_the_emulators_address_shows_the_console(person: Person) -> None:
    person.page.goto(person.url)
    expect(person.page.get_by_role("heading", name="Overview")).to_be_visible()
    assert person.page.url.startswith(person.url + "/_emulator/console/")


def test_the_browsers_language_is_spoken_and_can_be_changed(persons: Callable[..., Person]) -> None:
    page = persons(locale="zh-CN").opens()
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def test_what_control_says_in_english_is_said_in_chinese(persons: Callable[..., Person]) -> None:
    person = persons(locale="zh-CN")
    for action in ("DescribeTokenUsag", "ListApp"):
        with pytest.raises(TencentCloudSDKException):
            client(person.url, secret="x" if action == "ListApp" else "local-secret-key").call_json(action, {})
    page = person.opens("calls")
    page.get_by_role("row").filter(has_text="DescribeTokenUsag").click()
    expect(page.get_by_text("没有 `DescribeTokenUsag`；最接近的：DescribeTokenUsage")).to_be_visible()
    page.get_by_role("row").filter(has_text="ListApp").click()
    expect(page.get_by_text("没有哪种常见错误会得到这个签名：SecretKey 很可能不同")).to_be_visible()
    page = person.opens("world")
    expect(page.get_by_text("一家中型企业，使用三个月。")).to_be_visible()
    with person.provoking("409"):
        page.locator("summary").first.click()
        page.locator("main textarea").first.fill("accounts: [{uin: 7}]")
        page.locator("details form button").click()
        expect(page.get_by_role("alert")).to_contain_text("缺少 `credentials`；它是列表")
    page = person.opens("world/assumptions", q="category_depth")
    expect(page.get_by_role("row").nth(1)).to_contain_text("分类最多可以嵌套几层。")


def test_a_theme_that_was_chosen_stays(person: Person) -> None:
    page = person.opens()
    for _ in range(2):
        page.get_by_role("button", name="Theme").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(16, 19, 24)"


def test_the_clock_is_frozen_and_moved_from_any_page(person: Person, emulator: Control) -> None:
    page = person.opens()
    clock = page.get_by_role("group", name="The account's clock")
    clock.get_by_role("button", name="Freeze").click()
    expect(clock).to_contain_text("frozen")
    uin = next(iter(emulator.world.accounts))
    state = f"{emulator.url}/_emulator/accounts/{uin}/clock"
    before = httpx.get(state).json()
    assert before["frozen"]
    clock.get_by_role("button", name="+1 d").click()
    day = datetime.fromisoformat(before["text"][:10]) + timedelta(days=1)
    expect(clock).to_contain_text(f"{day:%Y-%m-%d}")
    assert httpx.get(state).json()["now"] - before["now"] == 86_400
    clock.get_by_role("button", name="Midnight").click()
    expect(clock).to_contain_text("00:00:00")
    clock.get_by_role("button", name="Let it run").click()
    expect(clock).not_to_contain_text("frozen")


def test_the_palette_finds_a_page_an_account_and_an_action(person: Person) -> None:
    page = person.opens()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="A page, an account, an action").fill("tokenusageg")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_contain_text("DescribeTokenUsageGraph")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_question_mark_tells_the_keys(person: Person) -> None:
    page = person.opens()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next and previous row")


def test_two_tabs_look_at_two_accounts(persons: Callable[..., Person], emulator: Control) -> None:
    opened = httpx.post(f"{emulator.url}/_emulator/accounts", json={"name": "Second"}).json()["account"]["uin"]
    first, second = persons(), persons()
    first.opens()
    second.opens(account=opened)
    assert first.page.get_by_role("combobox", name="Account").input_value() != opened
    assert second.page.get_by_role("combobox", name="Account").input_value() == opened
    second.page.get_by_role("button", name="Freeze").click()
    expect(second.page.get_by_role("group", name="clock")).to_contain_text("frozen")
    expect(first.page.get_by_role("group", name="clock")).not_to_contain_text("frozen")


def test_an_account_that_is_not_there_is_said(person: Person) -> None:
    person.page.goto(f"{person.url}/_emulator/console/?account=99")
    expect(person.page.get_by_text("There is no account 99.")).to_be_visible()
    person.page.get_by_role("button", name="Go to the first one").click()
    expect(person.page.get_by_role("heading", name="Overview")).to_be_visible()


def test_control_that_needs_a_token_asks_for_it(person: Person, emulator: Control) -> None:
    emulator.load("default", control_token="sesame")
    with person.provoking("403"):
        person.page.goto(f"{person.url}/_emulator/console/")
        person.page.get_by_label("Control token").fill("sesame")
        person.page.keyboard.press("Enter")
        expect(person.page.get_by_role("heading", name="Overview")).to_be_visible()


def test_names_that_are_markup_are_text(person: Person, emulator: Control) -> None:
    name = "<img src=x onerror=alert(1)>\u202e\"'{{7*7}}" + "x" * 10_000
    uin = httpx.post(f"{emulator.url}/_emulator/accounts", json={"name": name}).json()["account"]["uin"]
    page = person.opens(account=uin)
    assert name in page.get_by_role("combobox", name="Account").inner_text()
    assert page.locator("img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
