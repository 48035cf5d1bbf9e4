"""The page of calls: the journal as it grows, one call opened, and what is made to happen to the next ones."""

import pytest
from openai import InternalServerError, OpenAI
from playwright.sync_api import Route, expect
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from contract_tests.browser.life import KEY, client, hostile, live
from contract_tests.browser.person import Person

PAGE = {"PageNumber": 1, "PageSize": 10}


def test_a_call_is_seen_as_soon_as_it_was_made(person: Person) -> None:
    page = person.opens("calls")
    expect(page.get_by_text("No calls yet.")).to_be_visible()
    client(person.url).call_json("ListApp", PAGE)
    expect(page.get_by_role("row").filter(has_text="lke.ListApp")).to_contain_text("ok")


def test_a_call_that_comes_while_the_page_opens_is_not_missed(person: Person) -> None:
    def after_a_call(route: Route) -> None:
        client(person.url).call_json("ListApp", PAGE)
        route.continue_()

    person.page.route("**/_emulator/events", after_a_call)
    page = person.opens("calls")
    expect(page.get_by_role("row").filter(has_text="lke.ListApp")).to_be_visible()


def test_filters_stand_in_the_address(person: Person) -> None:
    live(person.url)
    page = person.opens("calls")
    page.get_by_label("Verdict").select_option("refused")
    expect(page.get_by_role("row").filter(has_text="lke.ListApp")).to_contain_text("AuthFailure.SignatureFailure")
    assert "code=refused" in page.url
    page.keyboard.press("/")
    page.keyboard.type("UnknownParameter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_label("Verdict").select_option("ok")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("row").filter(has_text="lkeap.RunRerank")).to_be_visible()


def test_a_refused_call_tells_why_and_is_written_as_code(person: Person) -> None:
    with pytest.raises(TencentCloudSDKException):
        client(person.url).call_json("DescribeTokenUsage", {"ModelNames": "hunyuan"})
    page = person.opens("calls")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened = page.locator(".card").nth(1)
    expect(opened).to_contain_text("UnknownParameter")
    opened.get_by_role("button", name="Parameters").click()
    expect(opened.get_by_label("Parameters")).to_contain_text("hunyuan")
    opened.get_by_role("button", name="As code").click()
    opened.get_by_role("button", name="curl", exact=True).click()
    expect(opened).to_contain_text("X-TC-Action: DescribeTokenUsage")
    page.keyboard.press("Escape")
    expect(page.locator(".card")).to_have_count(1)


def test_the_next_call_is_made_to_fail(person: Person) -> None:
    openai = OpenAI(base_url=f"{person.url}/v1", api_key=KEY, max_retries=0)
    openai.models.list()
    page = person.opens("calls")
    page.get_by_role("row").nth(1).click()
    page.get_by_role("button", name="Make the next fail").click()
    page.get_by_label("What happens").select_option("status")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("will meet it")
    with pytest.raises(InternalServerError):
        openai.models.list()
    openai.models.list()
    openai.close()
    expect(page.get_by_role("row").filter(has_text="openai.models")).to_have_count(3)


def test_paused_the_page_counts_what_is_new(person: Person) -> None:
    lke = client(person.url)
    lke.call_json("ListApp", PAGE)
    page = person.opens("calls")
    page.keyboard.press("p")
    lke.call_json("ListApp", PAGE)
    expect(page.get_by_role("button", name="Resume · 1 new")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    page.keyboard.press("p")
    expect(page.get_by_role("row")).to_have_count(3)


def test_what_others_wrote_is_never_read_as_markup(person: Person) -> None:
    hostile(person.url, "<img src=x onerror=alert(1)>\u202e${alert(1)}" + "long " * 2000)
    page = person.opens("calls")
    expect(page.get_by_role("row")).to_have_count(3)
    for tab in ("Facts", "Parameters", "As code"):
        page.get_by_role("row").nth(1).click()
        page.get_by_role("button", name=tab).click()
    assert page.locator("main img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
