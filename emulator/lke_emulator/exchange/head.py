"""The head of a usual request, and those that came before: who calls again and again sends the same head but for its signature,
and what it says is not read again."""

from typing import NamedTuple

from lke_emulator.exchange.exchange import Exchange

KEPT = 128
BYTES = 4 << 10
"""No longer head is kept."""
END = b"\r\n\r\n"
SIGNATURE = b"Signature="
DIGITS = 64
"""Of a signature, which ends its header."""


class Head(NamedTuple):
    """What it says."""

    surface: type[Exchange]
    """Whose request it is."""
    method: str
    path: str
    query: str
    headers: dict[str, str]
    """Lower-case names; of a repeated header the last."""
    length: int
    """Bytes of its body."""

    def signed(self, signature: bytes) -> dict[str, str]:
        """The headers with another signature, if there is one."""
        if not signature:
            return self.headers
        return {**self.headers, "authorization": self.headers["authorization"][:-DIGITS] + signature.decode()}


class Packet(NamedTuple):
    """A request as it comes in one piece."""

    head: bytes
    """Without its signature."""
    signature: bytes
    body: bytes


def packet(data: bytes) -> Packet | None:
    """None for what holds no whole head, or a signature that is cut short: without its digits it is like a whole one."""
    head, end, body = data.partition(END)
    if not end or not head:
        return None
    start = head.find(SIGNATURE)
    if start < 0:
        return Packet(head, b"", body)
    start += len(SIGNATURE)
    signature = head[start : start + DIGITS]
    return Packet(head[:start] + head[start + DIGITS :], signature, body) if len(signature) == DIGITS else None


class Heads:
    """Those that came, by their bytes. The same bytes say the same, whatever stands in the place of the signature."""

    def __init__(self) -> None:
        self._known: dict[bytes, Head] = {}

    def find(self, packet: Packet) -> Head | None:
        """What the head of a packet says, if such a one came before and all of its body is there."""
        found = self._known.get(packet.head)
        if found is None or found.length != len(packet.body):
            return None
        # Letters and digits end no header.
        return found if not packet.signature or packet.signature.isalnum() else None

    def keep(self, packet: Packet, head: Head) -> None:
        """`head` is what the parser read of it."""
        signed = SIGNATURE.decode() + packet.signature.decode("latin-1")
        known = self._known
        if len(packet.head) > BYTES or (
            packet.signature
            and (packet.head.count(SIGNATURE) > 1 or not head.headers.get("authorization", "").endswith(signed))
        ):
            return
        if len(known) >= KEPT:
            del known[next(iter(known))]
        known[packet.head] = head
