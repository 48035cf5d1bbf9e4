"""Every button, link, switch and field of every page does something, and all of them are there for the keyboard alone."""

from pathlib import Path
from typing import Any

import pytest

from contract_tests.browser.life import live
from contract_tests.browser.person import Person
from contract_tests.browser.screenshots import pages
from contract_tests.browser.test_stories import HIDE
from contract_tests.conftest import Control

WALK = Path(__file__).with_name("walking.js").read_text()
REFUSED = r"status of 4(00|03|04|05|09|13)"
"""The browser complains of these; that they are told on the page is what the walk looks at."""
APP = "apps/1812732010083385344"
WALKED = ("", "calls", "apps", APP, f"{APP}/qas", *"world resources keys wallet settings notifications".split())  # noqa: SIM905
LONG = "world/assumptions"
"""A table of which only the rows in sight are in the page: its later rows are reached by j and k."""
FIELDS_OF_A_MOMENT = 8
"""A field for a date and a time takes so many more steps."""
REACHABLE = """() => {
  const among = 'a[href], button, select, input, textarea, summary, [tabindex="0"]';
  const radios = new Set();
  const stops = [...document.querySelectorAll(among)].filter(one => {
    if (!one.checkVisibility() || one.disabled || one.tabIndex < 0) return false;
    if (one.type !== "radio") return true;
    const group = [...document.getElementsByName(one.name)];
    return one.checked || (!group.some(other => other.checked) && group.indexOf(one) === 0);
  });
  window.stops = stops;
  window.reached = [];
  addEventListener("focusin", ({ target }) => {
    const shown = [target, target.closest("label")].filter(Boolean).map(one => getComputedStyle(one));
    const seen = shown.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
    window.reached.push([stops.indexOf(target), seen, target.outerHTML.slice(0, 120)]);
  });
  document.activeElement.blur();
  return stops.length;
}"""


def still(person: Person, emulator: Control) -> None:
    """Nothing moves of itself: time stands still, and nobody seems to look, so that the page does not listen."""
    for account in emulator.world.accounts.values():
        account.clock.freeze()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("path", WALKED, ids=lambda path: path or "overview")
def test_every_control_does_something(person: Person, emulator: Control, path: str) -> None:
    still(person, emulator)
    live(person.url)
    person.expected.append(REFUSED)
    page = person.opens(path)
    page.evaluate(HIDE, True)
    found = page.evaluate(WALK, "main, .top" if path == "" else "main")
    assert [each for each in found if each[1]] == []
    assert len(found) > 3


@pytest.mark.parametrize(
    "path", [path for path in pages() if path not in (LONG, "explorer")], ids=lambda path: path or "overview"
)
def test_every_control_is_reached_in_order_by_the_keyboard(person: Person, emulator: Control, path: str) -> None:
    still(person, emulator)
    page = person.opens(path)
    page.evaluate(HIDE, True)
    stops = page.evaluate(REACHABLE)
    for _ in range(stops + FIELDS_OF_A_MOMENT):
        page.keyboard.press("Tab")
    reached: list[Any] = page.evaluate("window.reached")[:stops]
    assert [place for place, _, _ in reached] == list(range(stops))
    assert [html for _, is_seen, html in reached if not is_seen] == []
