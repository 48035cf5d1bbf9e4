"""Apps, what they know, their releases, and talking to them."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from contract_tests.browser.life import client
from contract_tests.browser.person import Person
from contract_tests.conftest import Control

SUMMARY = "1869780897737944446"
SUPPORT = "1800000000000000041"
QUESTION, ANSWER = "When does the harbour open?", "At six <b>in the morning</b>."


@pytest.fixture
def modes(person: Person, emulator: Control) -> Person:
    """Time stands still, so that what is under way stays so until a test moves it on."""
    next(iter(emulator.load("three-modes").accounts.values())).clock.freeze()
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
    expect(row).to_contain_text("learning")
    page.get_by_role("button", name="+5 min").click()
    expect(row).to_contain_text("imported")
    page.get_by_role("link", name="Chat").click()
    page.get_by_role("button", name="The draft").click()
    asked(modes, QUESTION)
    expect(page.locator(".said:not(.mine)")).to_contain_text(ANSWER)
    page.get_by_role("link", name="Releases").click()
    expect(page.get_by_role("row").filter(has_text=QUESTION)).to_contain_text("added")
    page.get_by_role("button", name="Release · 1 change").click()
    expect(page.get_by_role("dialog")).to_contain_text(QUESTION)
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(page.get_by_role("table", name="Releases").get_by_role("row")).to_have_count(
        3
    )  # and the head, and the one before
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
    expect(page.get_by_role("row").filter(has_text="tariff.md")).to_contain_text("imported")


def test_files_are_uploaded_refused_in_place_and_deleted(modes: Person, tmp_path: Path) -> None:
    (tmp_path / "tariff.md").write_text("# Tariff\n\nA night in the harbour is 40.")
    (tmp_path / "run.exe").write_text("MZ")
    page = modes.opens(f"apps/{SUMMARY}")
    page.get_by_label("Upload").set_input_files([tmp_path / "tariff.md", tmp_path / "run.exe"])
    row = page.get_by_role("row").filter(has_text="tariff.md")
    expect(row).to_contain_text(re.compile("parsing|in review|learning"))
    expect(page.get_by_role("alert")).to_contain_text("must be a type that can be uploaded")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="+1 h").click()
    expect(row).to_contain_text("imported")
    page.get_by_label("Upload").set_input_files(tmp_path / "tariff.md")
    expect(page.get_by_role("alert")).to_contain_text("has the same content")
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_a_document_that_failed_is_tried_again(modes: Person, emulator: Control, tmp_path: Path) -> None:
    uin = next(iter(emulator.world.accounts))
    failure = {"kind": "document", "stage": "parse", "reason": "no text in it", "times": 1}
    httpx.post(f"{modes.url}/_emulator/accounts/{uin}/failures", json=failure).raise_for_status()
    (tmp_path / "scan.md").write_text("# Scan")
    page = modes.opens(f"apps/{SUMMARY}")
    page.get_by_label("Upload").set_input_files(tmp_path / "scan.md")
    row = page.get_by_role("row").filter(has_text="scan.md")
    expect(row).to_be_visible()
    page.get_by_role("button", name="+1 h").click()
    expect(row).to_contain_text("parsing failed")
    expect(row).to_contain_text("no text in it")
    row.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text("parsing")
    page.get_by_role("button", name="+1 h").click()
    expect(row).to_contain_text("imported")


def test_a_qa_is_changed_and_deleted(modes: Person) -> None:
    said = {"BotBizId": SUMMARY, "Question": QUESTION, "Answer": "At six.", "AttrRange": 1}
    client(modes.url).call_json("CreateQA", said)
    page = modes.opens(f"apps/{SUMMARY}/qas")
    row = page.get_by_role("row").filter(has_text=QUESTION)
    row.get_by_role("button", name="Edit").click()
    page.get_by_label("Answer").fill("At seven.")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(row).to_contain_text("At seven.")
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_the_apps_of_a_space_are_chosen(modes: Person, emulator: Control) -> None:
    uin = next(iter(emulator.world.accounts))
    more = {"spaces": [{"id": "night"}], "apps": [{"name": "Owl", "space": "night"}]}
    httpx.patch(f"{modes.url}/_emulator/accounts/{uin}", json=more).raise_for_status()
    page = modes.opens("apps")
    apps = page.get_by_role("table", name="Apps")
    page.get_by_label("Space").select_option("night")
    expect(apps.get_by_role("row")).to_have_count(2)
    assert "space=night" in page.url
    page.get_by_label("Filter").fill("nothing")
    page.get_by_role("button", name="Clear filters").click()
    expect(apps.get_by_role("row").filter(has_text="Content Summary")).to_be_visible()


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


@pytest.mark.parametrize("tab", ["", "/qas", "/labels", "/releases"])
def test_what_the_wire_has_in_chinese_is_said_in_the_pages_language(
    person: Person, emulator: Control, tab: str
) -> None:
    emulator.load("support-bot")
    page = person.opens(f"apps/{SUPPORT}{tab}")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    assert re.findall("[\u4e00-\u9fff]+", page.locator("main").inner_text()) == []
