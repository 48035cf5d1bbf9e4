"""Worlds at the edge: almost nothing, ten thousand of each, the first and the last years, names that somebody else chose."""

import json
from typing import Any

import httpx
import pytest

from contract_tests.browser.person import CALM, Person
from contract_tests.browser.screenshots import pages

APP = 1812732010083385000
MANY = 10_000
HOSTILE = "<img src=x onerror=alert(1)>\u202e\u2066\"'`{{7*7}}${1}&amp;" + "x" * 9_950
WALK = f"""async ([account, paths]) => {{
  const calm = {CALM};
  const found = [];
  for (const path of paths) {{
    history.pushState(null, "", `/_emulator/console/${{path}}?account=${{account}}`);
    dispatchEvent(new PopStateEvent("popstate"));
    do await calm(); while (!document.querySelector("main h1, main .problem"));
    const text = document.body.innerText;
    const wrong = /\\bNaN\\b|undefined|Infinity|Invalid Date|\\[object/.exec(text);
    const wide = document.documentElement.scrollWidth > innerWidth;
    const alarm = document.querySelector("main .problem[role=alert]")?.innerText;
    const markup = document.querySelector("main img, .top img");
    if (wrong || wide || alarm || markup) found.push([path, wrong?.[0], wide && "too wide", alarm, markup && "markup"]);
  }}
  return found;
}}"""


def account(uin: int, clock: str = "", **more: Any) -> dict[str, Any]:
    frozen = {"clock": {"frozen_at": clock}} if clock else {}
    credentials = [{"secret_id": f"AKID{uin}", "secret_key": "local-secret-key"}]
    return {"uin": uin, "credentials": credentials, "models": [{"name": "hunyuan"}], **frozen, **more}


def generated(since: str, calls_a_day: int) -> list[Any]:
    per_call = {"input_tokens": 1000, "output_tokens": 100}
    return [{"kind": "generated", "model": "hunyuan", "since": since, "calls_a_day": calls_a_day, "per_call": per_call}]


def app(name: str, number: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "biz_id": APP + number, "space": "default_space", **more}


WORLDS = {
    "one model": account(1),
    "the first day": account(2, "1970-01-01 08:00"),
    "the last year": account(
        3,
        "8999-12-30 10:00",
        spaces=[{"id": "default_space"}],
        apps=[app("Last", 3, documents=3, questions=3)],
        usage=generated("8999-12-01", 100),
        billing={"postpaid": "all", "balance": -1, "packages": [{"kind": "tokens", "total": 1, "start": "-1d"}]},
    ),
    "names that somebody else chose": account(
        4,
        name=HOSTILE,
        sub_accounts=[{"uin": 44, "name": HOSTILE}],
        spaces=[{"id": "default_space", "name": HOSTILE}],
        apps=[app(HOSTILE[:60], 4, documents=2, questions=[{"question": HOSTILE[:400], "answer": HOSTILE[:400]}])],
        billing={"packages": [{"kind": "tokens", "name": HOSTILE, "total": 10}]},
    ),
    "very many": account(
        5,
        sub_accounts=[{"uin": 10**9 + number, "name": f"Person {number}"} for number in range(200)],
        spaces=[{"id": "default_space"}],
        apps=[
            app("Full", 5, documents=MANY, questions=MANY),
            *(app(f"App {number}", number, documents=0, questions=0) for number in range(6, 200)),
        ],
        usage=generated("-30d", 10**9),
        billing={"balance": 10**9, "packages": [{"kind": "tokens", "total": 10**15}] * 200},
    ),
}
ALL = ["", *(path for path in pages() if path and not path.startswith("apps/1")), "wallet/history"]


@pytest.mark.timeout(120)
def test_every_page_of_a_world_at_the_edge_is_whole(person: Person) -> None:
    """At 380 pixels, where a page is first too narrow: no figure that is none, nothing refused, no markup of others."""
    text = json.dumps({"accounts": [*WORLDS.values()]}, ensure_ascii=False)
    answer = httpx.post(f"{person.url}/_emulator/scenario", json={"text": text}, timeout=60)
    assert answer.status_code == 200, answer.text
    person.page.set_viewport_size({"width": 380, "height": 800})
    page = person.opens(account="1")
    for name, world in WORLDS.items():
        of_apps = [f"apps/{one['biz_id']}{tab}" for one in world.get("apps", [])[:1] for tab in ("", "/qas", "/chat")]
        found = page.evaluate(WALK, [str(world["uin"]), [*ALL, *of_apps]])
        assert found == [], name
