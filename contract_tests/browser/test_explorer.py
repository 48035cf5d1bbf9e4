"""The API Explorer as a person uses it."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Page, expect

from contract_tests.browser.person import Person
from contract_tests.browser.test_every_page import findings
from contract_tests.conftest import Control
from lke_emulator.account.journal import CallMatch, params_of


def tab(page: Page, name: str) -> None:
    page.get_by_role("group", name="What to see").get_by_role("button", name=name, exact=True).click()


def calls(emulator: Control, operation: str) -> list[object]:
    return [params_of(entry) for entry in emulator.world.journal.entries(CallMatch(operation=operation))]


def copies(page: Page) -> str:
    """What the first button of the program copies."""
    page.evaluate("navigator.clipboard.writeText('')")
    expect(page.locator("pre.program")).to_be_visible()
    page.get_by_role("button", name="Copy", exact=True).first.click()
    page.wait_for_function("() => navigator.clipboard.readText().then((text) => text !== '')")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_an_action_is_found_filled_and_called(person: Person, emulator: Control) -> None:
    page = person.opens("explorer")
    expect(page.get_by_text("250 actions")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("custom param")
    page.get_by_role("link", name=re.compile("^CreateQA ")).click()
    person.arrives("CreateQA")
    page.get_by_label("Question", exact=True).fill("How late is it?")
    page.get_by_role("button", name="9 more members").click()
    page.get_by_label("CustomParam").fill("x")
    page.get_by_role("button", name="2 by labels").click()
    page.get_by_role("button", name="Add AttrLabels").click()
    page.get_by_role("button", name="1 everybody").click()
    page.get_by_role("button", name="Remove AttrLabels", exact=True).click()
    page.get_by_role("button", name=re.compile("^Send")).click()
    reply = page.locator("[data-part=reply]")
    expect(reply).to_contain_text("QaBizId")
    expect(reply.locator("[data-part=journal]")).to_contain_text("ok")
    [params] = calls(emulator, "lke.CreateQA")
    assert isinstance(params, dict)
    assert {name: params[name] for name in ("Question", "CustomParam", "AttrRange")} == {
        "Question": "How late is it?",
        "CustomParam": "x",
        "AttrRange": 1,
    }
    assert "AttrLabels" not in params


def test_the_form_and_its_json_are_one_request_and_the_address_holds_it(
    person: Person, persons: Callable[..., Person]
) -> None:
    page = person.opens("explorer/lke/DescribeTokenUsage")
    page.get_by_role("button", name="11 more members").click()
    page.get_by_label("ModelName").fill("cs-normal-70b")
    page.get_by_role("button", name="JSON", exact=True).click()
    view = page.get_by_role("textbox", name="JSON")
    held = json.loads(view.input_value())
    assert held["ModelName"] == "cs-normal-70b"
    view.fill(json.dumps({**held, "ModelName": "hunyuan", "UinAccount": ["1"]}))
    page.get_by_role("button", name="Form", exact=True).click()
    expect(page.get_by_label("ModelName")).to_have_value("hunyuan")
    expect(page.get_by_label("UinAccount.0", exact=True)).to_have_value("1")
    page.wait_for_url(re.compile("params=.*hunyuan"))
    address = urlsplit(page.url)
    again = persons().opens(
        address.path.partition("/console/")[2], **{name: value[0] for name, value in parse_qs(address.query).items()}
    )
    expect(again.get_by_label("ModelName")).to_have_value("hunyuan")


def test_a_mistake_is_told_at_its_member_before_anything_is_sent(person: Person, emulator: Control) -> None:
    page = person.opens("explorer/lke/DescribeTokenUsage")
    page.get_by_label("StatStartTime").fill("soon")
    expect(page.locator("[data-member=StatStartTime]")).to_contain_text("has to be int64")
    expect(page.get_by_label("StatStartTime")).to_have_attribute("aria-invalid", "true")
    assert calls(emulator, "lke.DescribeTokenUsage") == []
    page.get_by_role("button", name="Send anyway").click()
    expect(page.locator("[data-part=reply]")).to_contain_text("InvalidParameter")
    page.get_by_role("button", name="JSON", exact=True).click()
    page.get_by_role("textbox", name="JSON").fill('{"StatStartTime": 1,\n  nonsense}')
    expect(page.get_by_role("alert")).to_contain_text("Line 2, column 3")
    expect(page.get_by_role("button", name=re.compile("^Send"))).to_be_disabled()
    page.get_by_role("button", name="Example").click()
    expect(page.get_by_role("button", name=re.compile("^Send"))).to_be_enabled()


def test_a_stream_is_shown_as_it_comes(person: Person, emulator: Control) -> None:
    page = person.opens("explorer/lkeap/ChatCompletions")
    page.get_by_label("Messages.0.Content").fill("Where is the harbour?")
    page.keyboard.press("Control+Enter")
    reply = page.locator("[data-part=reply]")
    expect(reply.get_by_label("What was said")).to_contain_text("harbour")
    expect(reply).to_contain_text("first event after")
    expect(reply.locator("[data-part=journal]")).to_contain_text("tokens")
    assert reply.locator(".events li").count() > 5


SLOW = {"match": {"text": "harbour"}, "content": "It is far behind. " * 100, "delay_per_token": 0.3}


def test_a_stream_that_is_stopped_says_so_and_what_became_of_the_call(person: Person, emulator: Control) -> None:
    uin = emulator.world.first_credential.account
    httpx.patch(f"{emulator.url}/_emulator/accounts/{uin}", json={"chat": [SLOW]}).raise_for_status()
    page = person.opens("explorer/lkeap/ChatCompletions")
    page.get_by_label("Messages.0.Content").fill("Where is the harbour?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=reply] .events li").first).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("[data-part=reply]")).to_contain_text("You stopped the call.")
    expect(page.locator("[data-part=journal]")).to_contain_text("disconnected")


def test_who_writes_a_long_text_goes_on_writing_in_the_larger_field(person: Person) -> None:
    page = person.opens("explorer/lke/CreateQA")
    answer = page.get_by_label("Answer", exact=True)
    answer.fill("")
    answer.press_sequentially("a" * 75)
    page.keyboard.type("b" * 25)
    expect(answer).to_have_value("a" * 75 + "b" * 25)
    expect(answer).to_be_focused()
    answer.fill("short")
    page.evaluate("navigator.clipboard.writeText('one\\ntwo')")
    answer.press("ControlOrMeta+a")
    answer.press("ControlOrMeta+v")
    expect(answer).to_have_value("one\ntwo")
    page.keyboard.type(" three")
    expect(answer).to_have_value("one\ntwo three")


def test_enter_opens_what_fits_best_and_the_arrow_goes_to_what_was_found(person: Person) -> None:
    page = person.opens("explorer")
    page.get_by_role("searchbox").fill("DTUG")
    page.keyboard.press("Enter")
    person.arrives("DescribeTokenUsageGraph")
    page.get_by_role("searchbox").press("ArrowDown")
    expect(page.get_by_role("link", name=re.compile("^DescribeTokenUsageGraph")).first).to_be_focused()


def test_a_call_is_signed_in_every_way_by_whoever_is_chosen(person: Person, emulator: Control) -> None:
    page = person.opens("explorer/lke/DescribeTokenUsage")
    for way in ("HmacSHA1", "HmacSHA256", "TC3-HMAC-SHA256"):
        page.get_by_role("combobox", name="Signed by").select_option(way)
        for method in ("GET", "POST"):
            page.get_by_role("button", name=method, exact=True).click()
            with page.expect_response(lambda answer: urlsplit(answer.url).path == "/") as answer:
                page.get_by_role("button", name=re.compile("^Send")).click()
            assert answer.value.request.method == method
            assert "TotalTokenUsage" in answer.value.json()["Response"]
    assert len(calls(emulator, "lke.DescribeTokenUsage")) == 6


def test_a_broken_signature_shows_where_it_differs(person: Person) -> None:
    page = person.opens("explorer/lke/DescribeTokenUsage", tab="signature")
    canonical = page.get_by_label("Canonical request").inner_text()
    own = page.get_by_role("textbox", name="Compare a request of your own")
    own.fill(canonical.replace(":" + canonical.partition("host:127.0.0.1:")[2].split("\n")[0], ""))
    expect(page.get_by_text("They first differ at line 5, column 15.")).to_be_visible()
    expect(page.locator("mark").first).to_contain_text(":")
    # A whole request, whose body was changed after it was signed.
    sent = page.get_by_label("What is sent").inner_text()
    own.fill(sent)
    verdict = page.locator("[data-part=verdict]")
    expect(verdict).to_contain_text("The signature is right.")
    own.fill(re.sub(r"\{(.*)\}$", lambda found: "{ " + found[1] + " }", sent.rstrip()))
    expect(verdict).to_contain_text("another body was signed")
    expect(verdict).to_contain_text("They first differ at line 1, column 2.")  # of the bodies
    expect(verdict).to_contain_text("They first differ at line 8, column 1.")  # of the canonical requests


def test_derived_keys_are_masked_until_they_are_asked_for(person: Person) -> None:
    page = person.opens("explorer/lke/DescribeTokenUsage", tab="signature")
    keys = page.locator("dl.keys")
    expect(keys).to_contain_text("SecretSigning")
    assert "local-secret-key" not in page.locator("main").inner_text()
    page.get_by_role("button", name="Show keys").click()
    expect(keys).to_contain_text("local-secret-key")
    assert re.search("[0-9a-f]{64}", keys.inner_text())


def test_go_code_is_copied(persons: Callable[..., Person]) -> None:
    person = persons(permissions=["clipboard-read", "clipboard-write"])
    page = person.opens("explorer/lke/CreateQA")
    page.get_by_label("Answer").fill('In two "days"')
    tab(page, "Code")
    page.get_by_role("button", name="Go", exact=True).click()
    copied = copies(page)
    assert copied.startswith("package main\n")
    assert r'"Answer":    "In two \"days\"",' in copied
    assert urlsplit(person.url).netloc in copied
    page.get_by_label("For the cloud").check()
    copied = copies(page)
    assert '"lke.tencentcloudapi.com"' in copied
    assert "127.0.0.1" not in copied


def test_every_language_is_shown(person: Person) -> None:
    page = person.opens("explorer/lkeap/ChatCompletions", tab="code")
    group = page.get_by_role("group", name="Language")
    for name in ("Python", "Java", "Node.js", "Go", "PHP", ".NET", "C++", "Ruby", "tccli", "curl", "pytest"):
        group.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(f'pre[aria-label="{name}"]')).to_contain_text("ChatCompletions")


def test_a_star_stays_and_comes_first(person: Person) -> None:
    page = person.opens("explorer/lkeap/RunRerank")
    page.get_by_role("button", name="Star", exact=True).click()
    page = person.opens("explorer")
    navigation = page.get_by_role("navigation", name="Choose an action")
    expect(navigation.get_by_role("link").first).to_contain_text("RunRerank")
    expect(navigation).to_contain_text("Recent")


def test_the_explorer_is_whole_for_whoever_cannot_see(persons: Callable[..., Person]) -> None:
    for language, query in (("en-GB", "call"), ("zh-CN", "signature"), ("en-GB", "code")):
        one = persons(locale=language, color_scheme="dark", viewport={"width": 380, "height": 800})
        page = one.opens("explorer/lkeap/ChatCompletions", tab=query)
        page.wait_for_selector(".member")
        assert findings(one) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_hostile_requests_are_text(person: Person) -> None:
    text = "<img src=x onerror=alert(1)>\u202e" + "x" * 1500
    params = json.dumps({"Query": text, "Docs": [text], "<b>": {"__proto__": text}})
    page = person.opens("explorer/lkeap/RunRerank", params=params)
    expect(page.get_by_label("Query", exact=True)).to_have_value(text)
    for name in ("Code", "Signature"):
        tab(page, name)
        expect(page.locator("main").get_by_role("heading", name=name).first).to_be_visible()
        person.settled()
    assert page.locator("main img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_call_of_the_journal_is_opened_to_be_sent_again(person: Person, lke: Any) -> None:
    reply = lke.call_json("DescribeTokenUsage", {"ModelName": "hunyuan"})["Response"]
    page = person.opens(f"calls/{reply['RequestId']}", tab="code")
    page.locator("main").get_by_role("link", name="API Explorer").click()
    person.arrives("DescribeTokenUsage")
    expect(page.get_by_label("ModelName")).to_have_value("hunyuan")


def test_what_an_account_has_not_is_said_and_made(person: Person) -> None:
    page = person.opens("explorer/lke/DescribeSharedKnowledge")
    expect(page.get_by_text("This account has nothing that KnowledgeBizId could name")).to_be_visible()
    page.get_by_role("button", name="Give the account one of each").click()
    expect(page.get_by_text("things were made by calls of the account")).to_be_visible()
    expect(page.get_by_text("This account has nothing that")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.locator("[data-part=reply]")).to_contain_text("KnowledgeDetailInfo")


def test_an_action_that_there_is_not_is_said(person: Person) -> None:
    person.page.goto(f"{person.url}/_emulator/console/explorer/lke/Nothing")
    expect(person.page.get_by_text("There is no action lke.Nothing.")).to_be_visible()
