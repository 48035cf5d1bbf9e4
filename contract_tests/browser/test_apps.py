"""Apps, what they know, their releases, and talking to them."""

import re

import pytest
from playwright.sync_api import expect

from contract_tests.browser.life import client
from contract_tests.browser.person import Person
from contract_tests.conftest import Control

SUMMARY = "1869780897737944446"
QUESTION, ANSWER = "When does the harbour open?", "At six <b>in the morning</b>."


@pytest.fixture
def modes(person: Person, emulator: Control) -> Person:
    emulator.load("three-modes")
    next(iter(emulator.world.accounts.values())).clock.freeze()  # what is learned in half a second stays to be seen
    return person


def asked(person: Person, question: str) -> None:
    person.page.get_by_label("A question").fill(question)
    person.page.keyboard.press("Enter")


def test_a_qa_waits_for_a_release_and_answers_after_it(modes: Person, emulator: Control) -> None:
    page = modes.opens("apps")
    page.get_by_role("row").filter(has_text="Content Summary").click()
    page.get_by_role("link", name="Q&A").click()
    page.get_by_role("button", name="Add a Q&A").click()
    page.get_by_label("Question").fill(QUESTION)
    page.get_by_label("Answer").fill(ANSWER)
    page.get_by_role("button", name="Add", exact=True).click()
    row = page.get_by_role("row").filter(has_text=QUESTION)
    expect(row).to_contain_text("学习中")
    page.get_by_role("button", name="+5 min").click()
    expect(row).to_contain_text("导入完成")
    page.get_by_role("link", name="Chat").click()
    page.get_by_role("button", name="The draft").click()
    asked(modes, QUESTION)
    expect(page.locator(".said:not(.mine)")).to_contain_text(ANSWER)
    page.get_by_role("link", name="Releases").click()
    expect(page.get_by_role("row").filter(has_text=QUESTION)).to_contain_text("新增")
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(page.get_by_role("table", name="Releases").get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="+5 min").click()
    expect(page.get_by_text("Nothing: the draft is as what is live.")).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    asked(modes, QUESTION)
    answer = page.locator(".said:not(.mine)")
    expect(answer).to_contain_text(ANSWER)
    expect(answer).to_contain_text("its call")
    answer.get_by_text(re.compile(r"\d+ frames")).click()
    expect(answer.get_by_text("reply").first).to_be_visible()
    answer.get_by_role("link", name="its call").click()
    expect(page.get_by_role("heading", name="dialogue.v1.sse")).to_be_visible()


def test_a_document_is_seen_while_it_is_parsed(modes: Person) -> None:
    page = modes.opens(f"apps/{SUMMARY}")
    expect(page.get_by_text("No documents.")).to_be_visible()
    about = {"FileName": "tariff.md", "FileType": "md", "CosUrl": f"/corp/1/{SUMMARY}/doc/tariff.md"}
    save = {"BotBizId": SUMMARY, "ETag": f'"{"0" * 32}"', "CosHash": "5", "Size": "10"}
    client(modes.url).call_json("SaveDoc", save | about)
    expect(page.get_by_role("row").filter(has_text="tariff.md")).to_be_visible()
    page.get_by_role("button", name="+1 h").click()
    expect(page.get_by_role("row").filter(has_text="tariff.md")).to_contain_text("导入完成")


def test_a_model_answers_and_tells_what_it_cost(modes: Person) -> None:
    page = modes.opens("apps/models", model="hunyuan")
    asked(modes, "What is a harbour?")
    expect(page.locator(".said:not(.mine)")).to_contain_text(re.compile(r"\d+ in, \d+ out, \$0\.0"))


def test_a_stopped_app_refuses_and_says_so_in_the_chat(modes: Person) -> None:
    page = modes.opens(f"apps/{SUMMARY}/chat")
    page.get_by_role("button", name="Stop the app").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop the app").click()
    expect(page.get_by_text("stopped", exact=True)).to_be_visible()
    asked(modes, "Hello")
    expect(page.get_by_role("alert")).to_be_visible()
