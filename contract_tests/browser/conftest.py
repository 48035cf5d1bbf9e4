"""Chromium, one for all tests of a module, and persons who look at the console of the emulator under test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from contract_tests.browser.person import Person, chromium, start
from contract_tests.conftest import Control


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of a module: while it is there, Playwright has the thread's event loop, which tests of other modules may want."""
    if chromium() is None:
        pytest.skip("there is no chromium on the path: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = start(playwright)
        yield browser
        browser.close()


@pytest.fixture
def persons(emulator: Control, browser: Browser) -> Iterator[Callable[..., Person]]:
    """`persons(locale="zh-CN")`: one more person. A test fails by what must never happen on any of their pages."""
    met: list[Person] = []

    def meet(**context: Any) -> Person:
        met.append(Person(browser, emulator.url, **context))
        return met[-1]

    yield meet
    for one in met:
        one.leaves()
    assert [complaint for one in met for complaint in one.unexpected()] == []


@pytest.fixture
def person(persons: Callable[..., Person]) -> Person:
    return persons()
