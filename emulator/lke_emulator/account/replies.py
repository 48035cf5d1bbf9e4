"""Canned replies: what a scenario answers in place of what a handler would."""

from typing import Any

import msgspec

from lke_emulator.primitives.register import Records, Register
from lke_emulator.protocol import shapes
from lke_emulator.protocol.spec import spec


class ErrorReply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call that is refused."""

    code: str
    """Such as FailedOperation."""
    message: str = ""
    """Left out: the cloud's own text, where there is one for the code."""


class Reply(msgspec.Struct, frozen=True):
    """Given when every member of `match` equals the request's. Of `result`, `error` and `events` it has one."""

    match: dict[str, Any]
    result: dict[str, Any] | None = None
    exact: bool = False
    """Given only when the request has no other member."""
    error: ErrorReply | None = None
    events: list[dict[str, Any]] | None = None
    """The frames of a stream."""
    times: int = 0
    """How often it is still given; 0 is without end."""
    delay: float = 0.0
    """Seconds before it is given."""

    def fits(self, params: dict[str, object]) -> bool:
        if self.exact and params.keys() != self.match.keys():
            return False
        return all(params.get(name) == value for name, value in self.match.items())


class Replies(Register[tuple[Reply, ...]]):
    """Those of one account, by `product.Action`; of each the first that fits is given."""

    def restored(self, state: Records[tuple[Reply, ...]]) -> None:
        super().restored(state)
        for action, replies in self.items():
            for reply in replies:
                if reply.result is None:
                    continue
                try:
                    shapes.encode(spec().by_key[action].response, reply.result)
                except shapes.WrongReply as error:
                    raise ValueError(f"{action}: {error}") from None

    def take(self, action: str, params: dict[str, object]) -> Reply | None:
        """The reply for these parameters, if there is one; it is then given once more."""
        replies = self.get(action)
        if replies is None:
            return None
        place = next((place for place, reply in enumerate(replies) if reply.fits(params)), None)
        if place is None:
            return None
        reply = replies[place]
        if reply.times:
            left = [msgspec.structs.replace(reply, times=reply.times - 1)] if reply.times > 1 else []
            self[action] = (*replies[:place], *left, *replies[place + 1 :])
        return reply
