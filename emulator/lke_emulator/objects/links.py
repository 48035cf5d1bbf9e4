"""/files: result archives and images, behind addresses that expire by their account's clock."""

from collections.abc import Mapping

from lke_emulator.exchange.answer import Answer
from lke_emulator.exchange.exchange import Exchange
from lke_emulator.knowledge.files import NoAccess, media_type
from lke_emulator.objects.refusal import CODES, xml_refusal

METHODS = ("GET", "HEAD")


class Links(Exchange):
    surface = "objects"
    tells_answers = False
    refusals = (NoAccess,)
    may_change = None

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
        """As object storage words it."""
        assert isinstance(error, NoAccess)
        self.entry.end(error.code, error.message)
        status = CODES.get(error.code, (403, ""))[0]
        return xml_refusal(error.code, error.message, self.raw.path, self.request_id, status, [])

    def internal(self) -> Exception:
        return NoAccess("InternalError", "We encountered an internal error. Please try again.")

    def fault(self, code: str, message: str) -> Exception:
        return NoAccess(code, message or code)

    def preflight(self) -> None:
        return None
