"""Canned replies: what a scenario answers in place of what a handler would."""

from typing import Any

import msgspec

from lke_emulator.primitives.register import Records, Register
from lke_emulator.protocol import shapes
from lke_emulator.protocol.spec import spec


class Reply(msgspec.Struct, frozen=True):
    """Given when every member of `match` equals the request's."""

    match: dict[str, Any]
    result: dict[str, Any]
    exact: bool = False
    """Given only when the request has no other member."""

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
                try:
                    shapes.encode(spec().by_key[action].response, reply.result)
                except shapes.WrongReply as error:
                    raise ValueError(f"{action}: {error}") from None

    def of(self, action: str, params: dict[str, object]) -> dict[str, Any] | None:
        """The reply for these parameters, if there is one."""
        return next((reply.result for reply in self.get(action, ()) if reply.fits(params)), None)
