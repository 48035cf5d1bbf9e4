"""/_emulator/console as a surface: the files of the page for people. Whatever the page shows it asks control for."""

import gzip
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from lke_emulator.account.journal import CONTROL
from lke_emulator.control.guard import NotOpen, check_open
from lke_emulator.exchange.answer import Answer, Headers, of_json
from lke_emulator.exchange.exchange import Exchange

PREFIX = "/_emulator/console"
STATIC = Path(__file__).parent / "static"
PAGE = "index.html"
"""What every address below the prefix gives that has no dot in its last name: the page reads what it shows from the address."""
IMPORTED = re.compile(r'^(?:import|export)\b.*? from "(\.[^"]+)";$', re.MULTILINE)
TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".json": b"application/json",
    ".txt": b"text/plain; charset=utf-8",
}
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none';"
    b" form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
SAFE: Headers = [
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
]
"""A browser asks each time whether a file is still the same: a new version is seen at once."""


class NoFile(Exception):
    """There is no such file, or it cannot be had so."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


class Console(Exchange):
    surface = CONTROL
    """Kept apart in the journal as control's calls are: who looks must not push out what is looked at."""
    refusals = (NotOpen, NoFile)
    is_delayed = can_fail = False

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        return 0

    def draw_id(self) -> str:
        return ""

    def identify(self) -> None:
        """Where control is open by a token the files are for everybody: a browser cannot show it before it has them."""
        raw, self.entry.operation = self.raw, "console.file"
        if not self.settings.control_token:
            check_open(raw, self.settings)
        if raw.method not in ("GET", "HEAD"):
            raise NoFile(f"the console is read: {raw.method} is not for it", 405)

    def serve(self) -> Answer:
        path, query = self.raw.path, self.raw.query
        if not path.startswith(PREFIX + "/"):  # the emulator's own address, or the console's without its slash
            return Answer(b"", [(b"location", f"{PREFIX}/{'?' * bool(query)}{query}".encode()), *SAFE], 302)
        return self.file(file_named(path[len(PREFIX) + 1 :]))

    def file(self, file: Path) -> Answer:
        content = with_modules(file.read_text()).encode() if file.name == PAGE else file.read_bytes()
        tag = f'"{sha256(content).hexdigest()[:20]}"'
        headers = [*SAFE, (b"etag", tag.encode()), (b"vary", b"accept-encoding")]
        if self.raw.headers.get("if-none-match") == tag:
            return Answer(b"", headers, 304)
        headers.append((b"content-type", TYPES[file.suffix]))
        if "gzip" in self.raw.headers.get("accept-encoding", ""):
            content = gzipped(content)
            headers.append((b"content-encoding", b"gzip"))
        return Answer(content, headers)

    def refuse(self, error: Exception) -> Answer:
        self.entry.end(type(error).__name__, str(error))
        return of_json({"error": str(error)}, error.status if isinstance(error, NoFile) else 403)

    def internal(self) -> Exception:
        return NoFile("it failed inside; the log says where", 500)

    def preflight(self) -> Headers:
        return []

    def cors(self) -> Headers:
        """No other page reads it."""
        return []


@lru_cache(256)
def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


@cache
def files() -> dict[str, Path]:
    return {file.relative_to(STATIC).as_posix(): file for file in STATIC.rglob("*") if file.suffix in TYPES}


@cache
def modules() -> tuple[str, ...]:
    """What app.js imports, and what that does: told at once, so that a browser need not read one to ask for the next."""
    found = [STATIC / "app.js"]
    for file in found:
        for name in IMPORTED.findall(file.read_text()):
            other = (file.parent / name).resolve()
            if other not in found:
                found.append(other)
    return tuple(file.relative_to(STATIC).as_posix() for file in found)


def with_modules(page: str) -> str:
    links = [f'<link rel="modulepreload" href="{PREFIX}/{name}">' for name in modules()]
    return page.replace("<!-- modules -->", "\n".join(links))


def file_named(name: str) -> Path:
    known = files()
    if name not in known and "." in name.rpartition("/")[2]:
        raise NoFile(f"the console has no file {quote(name)[:200]}", 404)
    return known.get(name, STATIC / PAGE)
