"""Tickets: the tokens that open a socket for one visitor of one app, for a minute and once (documented)."""

import msgspec

from lke_emulator.primitives.ids import Ids


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """`issued` is Unix seconds on the account's clock."""

    token: str
    app: str
    visitor: str
    channel: int
    """Type of the conversations that it opens: 1, 2, 5, 10 or 20 (documented)."""
    caller: str
    """The uin that asked for it."""
    labels: dict[str, tuple[str, ...]] = {}
    """Which knowledge is searched (documented, being replaced by custom variables)."""
    issued: float
    used: bool = False


class Tickets:
    """Those of one account; what has expired is forgotten when the next one is issued."""

    class State(msgspec.Struct, frozen=True):
        tickets: tuple[Ticket, ...]

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._tickets: dict[str, Ticket] = {}

    def issue(
        self,
        app: str,
        visitor: str,
        channel: int,
        caller: str,
        now: float,
        seconds: float,
        labels: dict[str, tuple[str, ...]] | None = None,
    ) -> str:
        """A token of the documented form (a UUID), good for so many seconds."""
        self._tickets = {one.token: one for one in self._tickets.values() if now - one.issued < seconds}
        token = self._ids.request_id()
        self._tickets[token] = Ticket(
            token=token, app=app, visitor=visitor, channel=channel, caller=caller, labels=labels or {}, issued=now
        )
        return token

    def redeem(self, token: str, now: float, seconds: float, single_use: bool) -> Ticket | None:
        """What the token opens, once; None for one that is unknown, used or expired."""
        ticket = self._tickets.get(token)
        if ticket is None or (ticket.used and single_use) or now - ticket.issued >= seconds:
            return None
        self._tickets[token] = msgspec.structs.replace(ticket, used=True)
        return ticket

    def forget(self, app: str) -> None:
        self._tickets = {token: one for token, one in self._tickets.items() if one.app != app}

    def saved(self) -> State:
        return self.State(tuple(self._tickets.values()))

    def restored(self, state: State) -> None:
        self._tickets = {one.token: one for one in state.tickets}
