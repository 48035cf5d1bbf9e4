"""The console's files: who gets them, what they may do in a browser, and that SDKs see nothing of them."""

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from contract_tests.conftest import Control
from lke_emulator.console import files as console_files
from lke_emulator.console.files import STATIC, to_send

HOME = "/_emulator/console/"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "user-agent": "Mozilla/5.0"}
TC = {"x-tc-action": "DescribeTokenUsage", "x-tc-version": "2023-11-30", "x-tc-timestamp": "1758988800"}
SDKS = {
    "python, tccli": {"accept": "*/*", "accept-encoding": "gzip, deflate", "user-agent": "python-requests/2.32"},
    "java": {"accept-encoding": "gzip", "user-agent": "okhttp/3.12.13", "accept": "*/*"},
    "go": {"user-agent": "Go-http-client/1.1", "accept-encoding": "gzip", "accept": ""},
    "node": {"accept": "*/*", "user-agent": "node-fetch/1.0", "accept-encoding": "gzip,deflate"},
    "php": {"user-agent": "GuzzleHttp/7", "accept": "*/*"},
    "dotnet": {"accept": "application/json"},
    "c++, curl": {"accept": "*/*", "user-agent": "curl/8.5"},
    "ruby": {"accept": "*/*", "user-agent": "Ruby", "accept-encoding": "gzip;q=1.0,deflate;q=0.6,identity;q=0.3"},
}
LIMIT = 250_000
FILES = sorted(file for file in STATIC.rglob("*") if file.is_file())


@pytest.fixture
def http(emulator: Control) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=emulator.url) as client:
        yield client


def test_a_browser_at_the_emulators_address_is_shown_the_console(http: httpx.Client) -> None:
    answer = http.get("/", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, HOME)
    assert "<div id=" in http.get(HOME).text


@pytest.mark.parametrize("headers", SDKS.values(), ids=SDKS)
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_sdk_gets_its_answer_at_the_same_address(
    http: httpx.Client, headers: dict[str, str], signed: bool, method: str
) -> None:
    answer = http.request(method, "/", headers=headers | (TC if signed else {}))
    assert answer.status_code == 200
    assert "Error" in answer.json()["Response"]


@pytest.mark.parametrize(
    ("query", "more"), [("?Action=DescribeTokenUsage", {}), ("", TC), ("", {"authorization": "TC3-HMAC-SHA256 x"})]
)
def test_a_browser_that_calls_an_action_gets_its_answer(http: httpx.Client, query: str, more: dict[str, str]) -> None:
    assert "Response" in http.get(f"/{query}", headers=BROWSER | more).json()


@pytest.mark.parametrize("path", ["", "calls", "apps/1812732010083385344/documents"])
def test_every_address_of_a_page_gives_the_page(http: httpx.Client, path: str) -> None:
    answer = http.get(HOME + path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy


@pytest.mark.parametrize(
    "path", ["x.js", "../surface.py", "..%2f..%2fcli.py", "static/app.js", "%00.js", "/etc/passwd.txt"]
)
def test_only_the_consoles_own_files_are_given(http: httpx.Client, path: str) -> None:
    assert http.get(HOME + path).status_code == 404


def test_a_file_is_sent_again_only_when_it_has_changed(http: httpx.Client) -> None:
    first = http.get(HOME + "app.js")
    again = http.get(HOME + "app.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_a_page_needs_is_named_in_it_and_kept_for_ever(http: httpx.Client) -> None:
    page = http.get(HOME + "report")
    assert page.headers["cache-control"] == "no-cache"
    names = re.findall(r'(?:href|src)="([^"]+\.js)"', page.text)
    assert {name.rpartition("/")[2] for name in names} >= {"app.js", "report.js", "chart.js", "preact.js"}
    for name in names:
        answer = http.get(name)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True), name
    other = re.sub("/@[^/]+/", "/@000000000000/", names[0])
    assert http.get(other).headers["cache-control"] == "no-cache"  # it was another edition's


def test_a_file_that_was_changed_is_of_another_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.js"
    file.write_text("1;")
    monkeypatch.setattr(console_files, "files", lambda: {"a.js": file})
    before = console_files.edition()
    assert console_files.is_of(before, file)
    file.write_text("2;")
    os.utime(file, ns=(1, 1))  # a clock that is coarse
    assert not console_files.is_of(before, file)
    assert console_files.edition() != before
    assert console_files.sendable(file).plain == b"2;"


@pytest.mark.parametrize(
    ("headers", "written"),
    [
        ({}, '<html lang="en" data-theme=""'),
        ({"accept-language": "zh-HK,zh;q=0.9"}, '<html lang="zh-CN"'),
        ({"accept-language": "zh-CN", "cookie": "a=b; language=en; theme=dark"}, '<html lang="en" data-theme="dark"'),
        ({"cookie": 'language="><script>; theme="x'}, '<html lang="en" data-theme=""'),
        ({"cookie": "language=dark; theme=zh"}, '<html lang="en" data-theme=""'),
    ],
)
def test_a_page_is_written_in_the_language_and_theme_of_who_asks(
    http: httpx.Client, headers: dict[str, str], written: str
) -> None:
    assert written in http.get(HOME, headers=headers).text


def test_a_page_brings_the_words_of_its_language_alone(http: httpx.Client) -> None:
    chinese, english = (http.get(HOME, headers={"accept-language": one}).text for one in ("zh-CN", "en"))
    assert "数据报表" in chinese
    assert "Data report" not in chinese
    assert "Data report" in english
    assert "数据报表" not in english


def test_the_console_is_only_read(http: httpx.Client) -> None:
    assert http.post(HOME, content=b"x").status_code == 405


def test_another_machine_is_refused_as_control_refuses_it(http: httpx.Client) -> None:
    assert http.get(HOME, headers={"host": "example.com"}).status_code == 403


def test_no_page_of_another_origin_reads_it(http: httpx.Client) -> None:
    answer = http.get(HOME, headers={"origin": "http://127.0.0.1:1"})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_with_a_token_the_page_comes_and_its_figures_do_not(emulator: Control, http: httpx.Client) -> None:
    emulator.load("default", control_token="t")
    assert http.get(HOME, headers={"host": "example.com"}).status_code == 200
    assert http.get("/_emulator/accounts").status_code == 403


def test_looking_leaves_nothing_in_the_journal_of_calls(emulator: Control, http: httpx.Client) -> None:
    http.get("/", headers=BROWSER)
    http.get(HOME)
    assert http.get("/_emulator/journal").json()["calls"] == []


def test_what_was_taken_from_others_is_what_was_taken() -> None:
    rows = json.loads((STATIC / "vendor" / "vendor.json").read_text())
    assert {row["file"]: row["sha256"] for row in rows} == {
        file.name: sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "vendor").iterdir()
        if file.name != "vendor.json"
    }
    assert all(row["licence"] and row["version"] for row in rows)


def brought(page: str) -> set[Path]:
    """Scripts of the frame and of a page, and all that these import, at once or later: every tab, every language of code."""
    found = [STATIC / "app.js", STATIC / page]
    for file in found:
        if file.name == "pages.js":  # another page is another load
            continue
        for name in re.findall(r'(?:from |import\()"(\.[^"]+)"', file.read_text()):
            other = (file.parent / name).resolve()
            if other not in found:
                found.append(other)
    return set(found)


@pytest.mark.parametrize("page", sorted(re.findall(r'import\("\./(.+)"\)', (STATIC / "pages.js").read_text())))
def test_a_page_brings_few_scripts_and_styles(page: str) -> None:
    """Bytes as they stand in the files, neither packed nor minified: all styles, and all scripts that one page can load
    without leaving it. Scripts of other pages come when these are opened."""
    files = brought(page) | {file for file in FILES if file.suffix == ".css"}
    assert sum(file.stat().st_size for file in files) < LIMIT


def test_all_scripts_and_styles_together_are_few_bytes_as_they_are_sent() -> None:
    assert sum(len(to_send(file.read_bytes()).packed) for file in FILES if file.suffix in (".js", ".css")) < LIMIT


def test_no_script_is_there_for_nothing() -> None:
    pages = re.findall(r'import\("\./(.+)"\)', (STATIC / "pages.js").read_text())
    used = set().union(*(brought(page) for page in pages))
    assert [file for file in FILES if file.suffix == ".js" and file not in used] == []


@pytest.mark.parametrize(
    "file", [one for one in FILES if one.suffix in (".js", ".css", ".html")], ids=lambda one: one.name
)
def test_nothing_of_the_console_is_from_another_host(file: Path) -> None:
    text = re.sub(r"/\*!.*?\*/", "", file.read_text(), flags=re.DOTALL)
    assert not re.findall(r"https?://(?!127\.0\.0\.1|www\.w3\.org)\w+", text)
