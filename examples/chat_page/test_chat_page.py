"""The page in a browser: what is asked is answered, from what, and what goes wrong is said."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from contract_tests.browser.person import PATIENCE, browsing
from lke_emulator.testing.server import ThreadedServer

FILE = Path(__file__).with_name("chat.html")
KEY = "key-of-the-chat-page"
LINE, LINES = "Once upon a time ", 10_000
SHOP = {
    "spaces": [{"id": "s"}],
    "apps": [
        {
            "name": "Shop",
            "space": "s",
            "key": KEY,
            "questions": [{"question": "When is the shop open?", "answer": "On weekdays from 9 to 18.", "at": "-2d"}],
            "releases": [{"at": "-1d"}],
        }
    ],
    "models": [{"name": "hunyuan"}],
    "chat": [
        {"match": {"text": "story"}, "content": LINE * LINES, "delay_per_token": 0.01},
        {"match": {"text": "light"}, "content": "A <b>lamp</b>,\nand a switch."},
    ],
    "billing": {"postpaid": "all", "balance": 10},
}
pytestmark = pytest.mark.lke_scenario(SHOP)
browser = pytest.fixture(browsing, scope="module", name="browser")


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Where the page is served, as a development server does."""
    handler = partial(Quiet, directory=str(Path(__file__).parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, origin: str) -> Iterator[Open]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)

    def opened(server: str, **chosen: str) -> Page:
        page = context.new_page()
        page.goto(f"{origin}/chat.html?{urlencode({'server': server, **chosen})}")
        return page

    yield opened
    context.close()


@pytest.fixture
def page(open_page: Open, lke: Any) -> Page:
    return open_page(lke.url, key=KEY)


def ask(page: Page, question: str) -> None:
    page.get_by_label("Question").fill(question)
    page.get_by_role("button", name="Send").click()


def test_a_question_is_answered_in_its_own_words(page: Page) -> None:
    ask(page, "What is a light made of?")
    expect(page.locator(".question")).to_have_text("What is a light made of?")
    expect(page.locator(".reply")).to_have_text("A <b>lamp</b>,\nand a switch.")
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    expect(page.get_by_label("Question")).to_have_value("")


def test_what_an_answer_refers_to_is_shown(page: Page) -> None:
    ask(page, "When is the shop open?")
    expect(page.locator(".reply")).to_have_text("On weekdays from 9 to 18.")
    expect(page.locator(".references li")).to_have_text("When is the shop open?")


def test_an_answer_streams_in_until_it_is_stopped(lke: Any, page: Page) -> None:
    ask(page, "Tell me a story")
    expect(page.locator(".reply")).to_contain_text("Once upon a time")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".reply")).to_have_class("reply stopped")
    expect(page.get_by_role("button", name="Send")).to_be_enabled()
    assert lke.calls.wait(operation="dialogue.v2.sse", code="disconnected")


def test_an_app_key_that_opens_nothing_is_said(open_page: Open, lke: Any) -> None:
    page = open_page(lke.url, key="no-such-key")
    ask(page, "Hello?")
    expect(page.get_by_role("alert")).to_contain_text("4505004")
    expect(page.get_by_role("button", name="Send")).to_be_enabled()


def test_a_server_that_is_not_there_is_said(open_page: Open) -> None:
    page = open_page("http://127.0.0.1:9", key="any")
    ask(page, "Hello?")
    expect(page.get_by_role("alert")).not_to_be_empty()


def test_where_nothing_is_verified_the_page_needs_no_key(open_page: Open) -> None:
    server = ThreadedServer("three-modes", auth="off")
    try:
        page = open_page(server.url)
        ask(page, "What do you do?")
        expect(page.locator(".reply")).not_to_be_empty()
        expect(page.get_by_role("alert")).to_have_count(0)
    finally:
        server.stop()
