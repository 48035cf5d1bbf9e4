"""An event of a dialogue, whichever way it goes out."""

from typing import Any

import msgspec

encode = msgspec.json.Encoder().encode


class Event(msgspec.Struct, frozen=True, gc=False):
    name: str
    data: bytes
    """JSON; of v2's `done` the bare text `[DONE]`."""

    def tight(self) -> bytes:
        """As SSE of v1 and docParse: without blanks, for public clients look for `event:reply` (observed)."""
        return b"event:%s\ndata:%s\n\n" % (self.name.encode(), self.data)

    def loose(self) -> bytes:
        """As SSE of v2: with a blank after each colon (documented)."""
        return b"event: %s\ndata: %s\n\n" % (self.name.encode(), self.data)


def event(name: str, value: Any) -> Event:
    return Event(name, encode(value))
