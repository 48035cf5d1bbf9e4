"""What a person comes for, from beginning to end, and what a page does when nobody looks or nothing answers."""

import pytest
from playwright.sync_api import expect
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.browser.life import client
from contract_tests.browser.person import Person
from contract_tests.conftest import Control
from contract_tests.exchange.plain import until
from lke_emulator.account.journal import Entry

PAGE = {"PageNumber": 1, "PageSize": 10}
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_why_the_last_call_was_refused_by_the_keyboard_alone(person: Person) -> None:
    with pytest.raises(TencentCloudSDKException):
        client(person.url).call_json("DescribeTokenUsag", {})
    page = person.opens()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("g")
    page.keyboard.press("c")
    person.arrives("Calls")
    expect(page.get_by_role("row").nth(1)).to_contain_text("InvalidAction")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("nearest: DescribeTokenUsage")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("nearest: DescribeTokenUsage")).to_have_count(0)


def test_a_broken_signature_is_compared_line_by_line(person: Person) -> None:
    with pytest.raises(TencentCloudSDKException):
        client(person.url, secret="another-key").call_json("ListApp", PAGE)
    page = person.opens("calls")
    page.get_by_role("row").nth(1).click()
    page.get_by_role("button", name="Signature").click()
    expect(page.get_by_text("The texts are the same: the SecretKey is another one.")).to_be_visible()
    expect(page.locator(".lines").last).to_contain_text("content-type;host")


def test_a_hidden_tab_holds_no_stream(person: Person, emulator: Control) -> None:
    page = person.opens("calls")
    events = emulator.app.running.events
    client(person.url).call_json("ListApp", PAGE)
    expect(page.get_by_role("row")).to_have_count(2)
    assert events.listeners == 1
    page.evaluate(HIDE, True)
    client(person.url).call_json("ListApp", PAGE)
    client(person.url).call_json("ListApp", PAGE)
    until(lambda: events.listeners == 0)
    page.evaluate(HIDE, False)
    expect(page.get_by_role("row")).to_have_count(4)


def test_an_emulator_that_does_not_answer_is_said_and_its_return_seen(person: Person) -> None:
    page = person.opens("calls")
    with person.provoking("ERR_FAILED"):
        page.route("**/_emulator/events", lambda route: route.abort())
        page.evaluate(HIDE, True)
        page.evaluate(HIDE, False)
        expect(page.get_by_role("alert")).to_contain_text("does not answer")
    page.unroute("**/_emulator/events")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_ten_thousand_calls_are_one_short_table(person: Person, emulator: Control) -> None:
    for place in range(10_000):
        entry = Entry(1_790_000_000 + place, 0, f"id-{place}", "gateway", 0)
        entry.operation, entry.latency_us = "lke.ListApp", place
        emulator.world.journal.add(entry)
    page = person.opens("calls")
    page.get_by_role("button", name="Show up to 10,000").click()
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", "10001")
    assert page.get_by_role("row").count() < 80
    page.keyboard.press("j")
    page.keyboard.press("End")
    expect(page.locator("tr:focus")).to_have_attribute("aria-rowindex", "10001")
    page.get_by_role("button", name="Took").click()
    expect(page.get_by_role("table").get_by_text("10.0 ms").first).to_be_visible()


def test_a_page_of_another_origin_neither_reads_nor_changes_anything(person: Person, emulator: Control) -> None:
    uin = next(iter(emulator.world.accounts))
    person.expected.append(".*")  # the browser complains of every try
    page = person.page
    page.route(
        "http://other.localhost/", lambda route: route.fulfill(body="<iframe></iframe>", content_type="text/html")
    )
    page.goto("http://other.localhost/")
    for method, path, body in (
        ("GET", "accounts", None),
        ("POST", f"accounts/{uin}/clock/freeze", "{}"),
        ("POST", f"accounts/{uin}/reset", ""),
        ("GET", "console/", None),
    ):
        tried = page.evaluate(
            "([url, method, body]) => fetch(url, { method, body }).then(a => a.text(), () => 'nothing')",
            [f"{person.url}/_emulator/{path}", method, body],
        )
        assert tried == "nothing"
    assert not emulator.world.accounts[uin].clock.frozen
    shown = "url => new Promise(done => Object.assign(document.querySelector('iframe'), { onload: () => done(), src: url }))"
    page.evaluate(shown, f"{person.url}/_emulator/console/")
    assert page.frames[1].evaluate("document.querySelector('#app')") is None
