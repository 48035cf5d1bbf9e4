"""What holds for every page of the console: it is whole in both languages, on a narrow screen, for whoever cannot see."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from contract_tests.browser.person import Person
from contract_tests.browser.screenshots import pages

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
ALL = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")


def findings(person: Person, *rules: str) -> list[Any]:
    """What axe finds that is serious."""
    person.page.evaluate(AXE)
    options = {"runOnly": rules or ALL, "resultTypes": ["violations"]}
    found = person.page.evaluate("rules => axe.run(document, rules)", options)["violations"]
    return [
        (one["id"], node["html"][:200], node["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", pages(), ids=lambda path: path or "overview")
def test_a_page_is_whole(persons: Callable[..., Person], path: str) -> None:
    person = persons(color_scheme="light")
    page = person.opens(path)
    assert findings(person) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 380, "height": 800})
    person.speaks("简体中文")
    assert findings(person, "color-contrast") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
