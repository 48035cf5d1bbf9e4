"""/_emulator/console as a surface: the files of the page for people. Whatever the page shows it asks control for."""

from collections.abc import Mapping
from urllib.parse import quote

from lke_emulator.account.journal import CONTROL
from lke_emulator.console.files import TYPES, Sendable, edition, files, is_of, sendable, to_send
from lke_emulator.console.page import PAGE, PREFIX, page_for, style_of
from lke_emulator.control.guard import NotOpen, check_open
from lke_emulator.exchange.answer import Answer, Headers, of_json
from lke_emulator.exchange.exchange import Exchange

POLICY = (
    b"default-src 'none'; script-src 'self'; style-src %s; img-src 'self' data:; connect-src 'self'; base-uri 'none';"
    b" form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
SAFE: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
ASKED_AGAIN = (b"cache-control", b"no-cache")
"""A browser asks each time whether it is still the same: a new version is seen at once."""
KEPT = (b"cache-control", b"private, max-age=31536000, immutable")


class NoFile(Exception):
    """There is no such file, or it cannot be had so."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


class Console(Exchange):
    surface = CONTROL
    tells_answers = False
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
            location = f"{PREFIX}/{'?' * bool(query)}{query}".encode()
            return Answer(b"", [(b"location", location), *SAFE, ASKED_AGAIN], 302)
        name, asked = path[len(PREFIX) + 1 :], ""
        if name.startswith("@"):
            asked, _, name = name[1:].partition("/")
        if file := files().get(name):
            return self.sent(sendable(file), TYPES[file.suffix], is_of(asked, file))
        if asked or "." in name.rpartition("/")[2]:
            raise NoFile(f"the console has no file {quote(name)[:200]}", 404)
        page = page_for(name, self.raw.headers, bool(self.settings.control_token))
        return self.sent(to_send(page), TYPES[PAGE.suffix], False, style_of(edition()).source)

    def sent(self, what: Sendable, kind: bytes, is_kept: bool, style: bytes = b"'none'") -> Answer:
        """`style`: where its styles may be from, as a content security policy says it."""
        policy = b"content-security-policy", POLICY % style
        headers = [*SAFE, policy, (b"etag", what.tag), (b"vary", b"accept-encoding"), KEPT if is_kept else ASKED_AGAIN]
        if self.raw.headers.get("if-none-match", "").encode() == what.tag:
            return Answer(b"", headers, 304)
        headers.append((b"content-type", kind))
        if "gzip" not in self.raw.headers.get("accept-encoding", ""):
            return Answer(what.plain, headers)
        return Answer(what.packed, [*headers, (b"content-encoding", b"gzip")])

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
