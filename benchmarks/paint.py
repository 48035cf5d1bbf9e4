"""What a person waits for at the console: the first paint of a browser that was never here, each page after that, and a table
of ten thousand calls that is scrolled; the least of some runs. `empty` is a page of one word: what the browser itself takes."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.dialogue import row
from benchmarks.serving import serving
from contract_tests.browser.life import live
from contract_tests.browser.person import CONSOLE, chromium, start

RUNS = 5
FIRST = ("", "report", "calls", "explorer")
PAGES = ("", "report", "calls", "apps", "world", "resources", "keys", "wallet", "notifications", "explorer", "settings")
CALLS = 10_000
TASKS = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: "longtask", buffered: true });
}"""
SETTLED = """(path) => new Promise((done) => {
  const look = () => {
    const main = document.querySelector("main");
    const here = document.querySelector("nav a[aria-current=page]");
    const there = main?.querySelector("h1") && here?.pathname.endsWith("/console/" + path);
    if (there && !main.querySelector("[aria-busy=true]")) setTimeout(() => done(performance.now()));
    else requestAnimationFrame(look);
  };
  look();
})"""
PAINTED = """() => new Promise((done) => {
  const look = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (paint) done(paint.startTime);
    else requestAnimationFrame(look);
  };
  look();
})"""
CHOSEN = """async (path) => {
  const link = [...document.querySelectorAll("aside nav a")].find((one) => one.pathname.endsWith("/console/" + path));
  link.dispatchEvent(new PointerEvent("pointerenter"));
  await new Promise((done) => setTimeout(done, 150));
  const began = performance.now();
  link.click();
  const frames = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  do await frames(); while (!link.getAttribute("aria-current") || !document.querySelector("main h1"));
  const shown = performance.now() - began;
  while (document.querySelector("main [aria-busy=true]")) await frames();
  return [shown, performance.now() - began];
}"""
STEPS = {"rolled": 120, "dragged": 5_000}
"""How it is scrolled: pixels in a frame, as a wheel does and as the bar at its side does."""
SCROLLED = """async (step) => {
  const box = document.querySelector("main .scroll");
  tasks.length = 0;
  const times = [];
  let last = performance.now();
  box.scrollTop = 0;
  for (let frame = 0; frame < 60; frame++) {
    box.scrollTop += step;
    await new Promise((done) => requestAnimationFrame(done));
    times.push(performance.now() - last);
    last = performance.now();
  }
  times.sort((one, other) => one - other);
  return [times[30], times[57], tasks.length];
}"""


@contextmanager
def looking(browser: Browser) -> Iterator[Page]:
    """A browser that has never been here."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.add_init_script(f"({TASKS})()")
    yield context.new_page()
    context.close()


class Word(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>x</title><p>word")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def paint_of(browser: Browser, url: str) -> float:
    with looking(browser) as page:
        page.goto(url)
        return float(page.evaluate(PAINTED))


def first(browser: Browser, url: str, path: str) -> tuple[float, float, float]:
    """Milliseconds to the first paint, and to the page with its figures; and to the paint when the browser comes again."""
    with looking(browser) as page:
        page.goto(f"{url}{CONSOLE}{path}")
        settled = page.evaluate(SETTLED, path)
        paint = page.evaluate(PAINTED)
        page.reload()
        return paint, settled, page.evaluate(PAINTED)


def later(browser: Browser, url: str) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds to a page's heading and to its figures, at the first visit and at the second."""
    found: dict[str, list[tuple[float, float]]] = {path: [] for path in PAGES}
    with looking(browser) as page:
        page.goto(f"{url}{CONSOLE}settings")
        page.evaluate(SETTLED, "settings")
        for path in PAGES * 2:
            found[path].append(tuple(page.evaluate(CHOSEN, path)))
    return found


def scrolled(browser: Browser, url: str) -> dict[str, list[float]]:
    """Of 60 frames in each of which the table moves: median, 95th percentile, long tasks."""
    with looking(browser) as page:
        page.goto(f"{url}{CONSOLE}calls")
        page.evaluate(SETTLED, "calls")
        page.get_by_role("button", name="Show up to 10,000").click()
        page.wait_for_function(f"() => document.querySelector('main table').ariaRowCount > {CALLS - 1}")
        return {name: best([page.evaluate(SCROLLED, step) for _ in range(RUNS)]) for name, step in STEPS.items()}


def call_often(url: str) -> None:
    body = {"model": "deepseek-v3.2", "messages": [{"role": "user", "content": "Hello"}]}
    with httpx.Client(base_url=url) as client:
        for _ in range(CALLS):
            client.post("/v1/chat/completions", json=body)


def best(rows: list[tuple[float, ...]]) -> list[float]:
    return [min(column) for column in zip(*rows, strict=True)]


def main() -> None:
    if chromium() is None:
        print("\nthere is no chromium: paint is not measured")
        return
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Word)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with serving("emulator") as served, sync_playwright() as playwright:
        url = f"http://127.0.0.1:{served.port}"
        live(url)
        browser = start(playwright)
        print(f"\n{'a page in milliseconds':<78} {'aim':>10} {'measured':>10}")
        empty = [paint_of(browser, f"http://127.0.0.1:{server.server_port}") for _ in range(RUNS)]
        row("first paint, empty", "", min(empty))
        for path in FIRST:
            paint, settled, again = best([first(browser, url, path) for _ in range(RUNS)])
            name = path or "overview"
            row(f"first paint, {name}", "< 300", paint)
            row(f"its figures, {name}", "", settled)
            row(f"first paint when it comes again, {name}", "", again)
        runs = [later(browser, url) for _ in range(RUNS)]
        for path in PAGES:
            shown, figures = best([run[path][0] for run in runs])
            again, last = best([run[path][1] for run in runs])
            name = path or "overview"
            row(f"another page, {name}", "< 100", shown)
            row(f"its figures, {name}", "", figures)
            row(f"the same page again, {name}", "< 100", again)
            row(f"its figures again, {name}", "", last)
        call_often(url)
        for how, (middle, slow, tasks) in scrolled(browser, url).items():
            row(f"a frame of a table of 10,000 calls that is {how}, median", "< 17", middle)
            row("the same, 95th percentile", "< 34", slow)
            row("its tasks of more than 50 ms", "0", tasks)
        browser.close()
    server.shutdown()
