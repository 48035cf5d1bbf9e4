"""Chromium, one for all tests of this folder, and persons who look at the console of the emulator under test."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import Browser

from contract_tests.browser.person import Person, browsing
from contract_tests.conftest import Control

browser = pytest.fixture(browsing, scope="package", name="browser")
"""Of this folder: while it is there, Playwright has the thread's event loop, which tests elsewhere may want."""


@pytest.fixture(scope="package")
def known(browser: Browser) -> Iterator[defaultdict[str, list[Person]]]:
    """Who is there already, by the words they were met with: a window takes longer to open than most tests last."""
    known: defaultdict[str, list[Person]] = defaultdict(list)
    yield known
    for one in chain.from_iterable(known.values()):
        one.leaves()


@pytest.fixture
def persons(emulator: Control, browser: Browser, known: dict[str, list[Person]]) -> Iterator[Callable[..., Person]]:
    """`persons(locale="zh-CN")`: one more person. A test fails by what must never happen on any of their pages."""
    met: list[tuple[Person, str]] = []

    def meet(**context: Any) -> Person:
        words = repr(context)
        one = known[words].pop() if known[words] else Person(browser, emulator.url, **context)
        met.append((one, words))
        return one

    yield meet
    complaints = [complaint for one, _ in met for complaint in one.unexpected()]
    for one, words in met:
        one.forgets()
        known[words].append(one)
    assert complaints == []


@pytest.fixture
def person(persons: Callable[..., Person]) -> Person:
    return persons()
