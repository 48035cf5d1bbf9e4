"""A person at the console: a page of Chromium that keeps what must never happen on it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, expect, sync_playwright

CONSOLE = "/_emulator/console/"
PATIENCE = 40_000
"""Milliseconds: a busy machine is no broken page."""
expect.set_options(timeout=PATIENCE)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CALM = """() => new Promise((done) => {
  let frames = 0; // an effect asks for data only after the frame in which it became due
  const look = () => {
    frames = document.querySelector("main [aria-busy=true], main .stale") ? 0 : frames + 1;
    if (frames > 3) done(true);
    else requestAnimationFrame(look);
  };
  look();
})"""
WATCHED = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""


def chromium() -> str | None:
    """Debian's browser; none is downloaded."""
    return shutil.which("chromium")


def start(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)


def browsing() -> Iterator[Browser]:
    """The fixture `browser` of every folder that looks at pages."""
    if chromium() is None:
        pytest.skip("there is no chromium on the path: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = start(playwright)
        yield browser
        browser.close()


class Person:
    def __init__(self, browser: Browser, url: str, **context: Any) -> None:
        """`context`: what a browser context takes (locale, color_scheme, viewport, ...)."""
        self.browser = browser
        self.url = url
        self.complaints: list[str] = []
        """Errors and warnings of the page, violations of its policy, requests to another host."""
        self.expected: list[str] = []
        """Patterns of complaints that a test provokes."""
        # A colour on its way from one to the other has no contrast that could be judged.
        usual = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
        self.settings = {**usual, **context}
        self.context = browser.new_context(**self.settings)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(WATCHED)
        self.context.on("request", self.asked)
        self.context.on("console", self.said)
        self.context.on("weberror", lambda error: self.complaints.append(f"thrown: {error.error}"))
        self.page: Page = self.context.new_page()

    def forgets(self) -> None:
        """All that was done and seen, as if the window had just been opened."""
        self.page.unroute_all(behavior="ignoreErrors")
        for other in self.context.pages:
            if other != self.page:
                other.close()
        self.page.goto(f"{self.url}/health")  # a page without scripts, and of the same origin
        self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.set_viewport_size(self.settings["viewport"])
        self.page.emulate_media(color_scheme=self.settings.get("color_scheme"), reduced_motion="reduce")
        self.context.clear_cookies()
        self.complaints.clear()
        self.expected.clear()

    def asked(self, request: Request) -> None:
        host = urlsplit(request.url)
        if host.scheme in ("http", "https", "ws", "wss") and host.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"another host: {request.url}")

    def said(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        # The page on which a person forgets says no icon of its own, so a browser may look for one at any time after.
        if message.type in ("error", "warning") and not url.endswith("/favicon.ico"):
            self.complaints.append(f"{message.type}: {message.text} {url}")

    def unexpected(self) -> list[str]:
        return [one for one in self.complaints if not any(re.search(pattern, one) for pattern in self.expected)]

    def opens(self, path: str = "", **query: str) -> Page:
        """A page of the console, once it shows what it is about."""
        self.page.goto(self.url + CONSOLE + path + (f"?{urlencode(query)}" if query else ""))
        self.page.locator("main h1").first.wait_for()
        self.settled()
        return self.page

    def settled(self) -> None:
        """Until nothing is asked for any more."""
        self.page.evaluate(CALM)

    def speaks(self, language: str) -> None:
        """From now on; the page comes again in it."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=language).click()
        self.page.locator("main h1").first.wait_for()
        self.settled()

    def arrives(self, title: str) -> None:
        """At the page of that title, which is there whole: nothing of the one before is taken for it."""
        expect(self.page.locator("main h1")).to_have_text(title)
        self.settled()

    @contextmanager
    def provoking(self, pattern: str) -> Iterator[None]:
        self.expected.append(pattern)
        yield

    def leaves(self) -> None:
        self.context.close()
