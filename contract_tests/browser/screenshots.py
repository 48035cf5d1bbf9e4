"""`make screenshots`: every page of the console in both themes, in screenshots/."""

import re
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from contract_tests.browser.life import live
from contract_tests.browser.person import Person, chromium, start
from lke_emulator.console.files import STATIC
from lke_emulator.testing import serve

FOLDER = Path("screenshots")
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


TABS = ("apps/1812732010083385344/releases", "apps/models", "world/accounts", "world/faults", "world/assumptions")


def pages() -> list[str]:
    """The paths in the one list of pages, and those below them."""
    return [*re.findall(r'\{ path: "([^"]*)"', (STATIC / "pages.js").read_text()), *TABS]


def take(browser: Browser, url: str, wanted: list[str]) -> None:
    for theme in THEMES:
        for width in (1280, 380):
            person = Person(browser, url, color_scheme=theme, viewport={"width": width, "height": 900})
            for path in wanted:
                page = person.opens(path)
                page.wait_for_timeout(300)
                name = f"{path.replace('/', '-') or 'overview'}-{theme}{'-narrow' * (width < 800)}.png"
                page.screenshot(path=FOLDER / name, full_page=True)
            for complaint in person.unexpected():
                print(complaint, file=sys.stderr)
            person.leaves()


def main() -> None:
    if chromium() is None:
        sys.exit("there is no chromium on the path: apt-get install chromium")
    FOLDER.mkdir(exist_ok=True)
    with serve(rate_limit=0) as served, sync_playwright() as playwright:
        live(served.url)
        browser = start(playwright)
        take(browser, served.url, sys.argv[1:] or pages())
        browser.close()


if __name__ == "__main__":
    main()
