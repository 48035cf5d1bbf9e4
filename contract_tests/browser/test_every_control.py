"""Every button, link, switch and field of every page does something, and all of them are there for the keyboard alone."""

from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Page

from contract_tests.browser.life import live
from contract_tests.browser.person import Person
from contract_tests.browser.screenshots import pages
from contract_tests.browser.test_stories import HIDE
from contract_tests.conftest import Control

WALK = Path(__file__).with_name("walking.js").read_text()
REFUSED = r"status of 4(00|03|04|05|09|13)"
"""The browser complains of these; that they are told on the page is what the walk looks at."""
APP = "apps/1812732010083385344"
MORE = (APP, f"{APP}/qas", f"{APP}/chat", "explorer/lke/DescribeTokenUsage")
SHORTENED = {"explorer": {"q": "Usage"}, "world/assumptions": {"q": "language"}, f"{APP}/qas": {"q": "payment"}}
"""Of what is there by the hundred a few: rows are alike, and of a long table only those in sight are in the page."""
FIELDS_OF_A_MOMENT = 8
"""A field for a date and a time takes so many more steps."""
REACHABLE = """() => {
  const among = 'a[href], button, select, input, textarea, summary, [tabindex="0"]';
  window.stops = () => [...document.querySelectorAll(among)].filter(one => {
    if (!one.checkVisibility() || one.disabled || one.tabIndex < 0) return false;
    if (one.type !== "radio") return true;
    const group = [...document.getElementsByName(one.name)];
    return one.checked || (!group.some(other => other.checked) && group.indexOf(one) === 0);
  });
  window.reached = [];
  addEventListener("focusin", ({ target }) => {
    const shown = [target, target.closest("label")].filter(Boolean).map(one => getComputedStyle(one));
    const seen = shown.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    window.reached.push([target, seen]);
  });
  document.activeElement.blur();
}"""
IN_ORDER = """() => {
  const all = window.stops();
  const found = window.reached.map(([one, seen]) => [all.indexOf(one), seen, one.outerHTML.slice(0, 120)]);
  return [all.length, found.slice(0, all.length)];
}"""


def reached(page: Page) -> list[Any]:
    """What has the focus after each press of Tab, in the order of the page: [place, whether it is seen to have it, markup]."""
    page.evaluate(REACHABLE)
    stops: int = page.evaluate("stops().length")
    for _ in range(stops + FIELDS_OF_A_MOMENT):
        page.keyboard.press("Tab")
    stops, found = page.evaluate(IN_ORDER)
    assert len(found) == stops
    assert [each for at, each in enumerate(found) if each[0] != at] == []
    return cast(list[Any], found)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("path", [*pages(), *MORE], ids=lambda path: path or "overview")
def test_every_control_is_reached_by_the_keyboard_and_does_something(
    person: Person, emulator: Control, path: str
) -> None:
    # Nothing moves of itself: time stands still, and nobody seems to look, so that the page does not listen.
    for account in emulator.world.accounts.values():
        account.clock.freeze()
    live(person.url)
    person.expected.append(REFUSED)
    page = person.opens(path, **SHORTENED.get(path, {}))
    page.evaluate(HIDE, True)
    assert [html for _, is_seen, html in reached(page) if not is_seen] == []
    found = page.evaluate(WALK, "main, .top" if path == "" else "main")
    assert [each for each in found if each[1]] == []
    assert len(found) > 3
