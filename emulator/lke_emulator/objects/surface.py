"""/files: result archives and images, behind addresses that expire by their account's clock."""

from collections.abc import Mapping
from html import escape

from lke_emulator.exchange.answer import Answer, Headers
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.knowledge.files import NoAccess, media_type

XML: Headers = [(b"content-type", b"application/xml")]
STATUSES = {"MethodNotAllowed": 405, "InternalError": 500}
METHODS = ("GET", "HEAD")


class ObjectsSurface(Exchange):
    surface = "objects"
    refusals = (NoAccess,)

    @staticmethod
    def bound(method: str, headers: Mapping[str, str]) -> int:
        return 0

    def identify(self) -> None:
        """`/files/<uin>/<expires>-<signature>/<name>`: the address itself is the right to read. The journal has no signature."""
        raw, entry = self.raw, self.entry
        _, _, uin, _, name = (raw.path.split("/", 4) + [""] * 5)[:5]
        entry.operation, entry.names = "objects.get", {"name": name}
        if raw.method not in METHODS:
            raise NoAccess("MethodNotAllowed", "The specified method is not allowed against this resource.")
        self.account = self.world.accounts.get(uin)
        if self.account is None:
            raise NoAccess("NoSuchBucket", "The specified bucket does not exist.")
        entry.account = uin

    def serve(self) -> Answer:
        account, path = self.account, self.raw.path
        assert account is not None
        content = account.files.open(path, account.clock.now())
        return Answer(content, [(b"content-type", media_type(path).encode())])

    def refuse(self, error: Exception) -> Answer:
        """As Tencent's object storage words it: XML, 404 for what is not there and 403 for who may not (inferred)."""
        assert isinstance(error, NoAccess)
        self.entry.end(error.code, error.message)
        status = 404 if error.code.startswith("NoSuch") else STATUSES.get(error.code, 403)
        resource = escape(self.raw.path)
        body = (
            "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n"
            f"\t<Code>{error.code}</Code>\n\t<Message>{error.message}</Message>\n\t<Resource>{resource}</Resource>\n</Error>\n"
        )
        return Answer(body.encode("utf-8", "replace"), XML, status)

    def internal(self) -> Exception:
        return NoAccess("InternalError", "We encountered an internal error. Please try again.")

    def fault(self, code: str, message: str) -> Exception:
        return NoAccess(code, message or code)

    def preflight(self) -> None:
        return None
