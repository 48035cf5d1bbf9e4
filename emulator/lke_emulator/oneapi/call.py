"""One request to the console, and how it can be answered."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from lke_emulator.account.account import Account
from lke_emulator.account.keys import Key
from lke_emulator.account.world import World
from lke_emulator.primitives.strict_json import NotReadable, read_json
from lke_emulator.usage.filter import Filter

PAGE, LARGEST_PAGE = 10, 100


class OneapiCall(NamedTuple):
    world: World
    account: Account
    uin: str
    """Who acts: the root's uin, which sees all of the account, or a sub-account's, which sees its own."""
    key: Key | None
    """The API key that was shown, if it was one."""
    now: float
    """Unix seconds on the account's clock."""
    query: Mapping[str, str]
    names: Mapping[str, str]
    """What the path names."""
    body: bytes

    @property
    def own(self) -> str:
        """The uin whose things are shown; empty for all of the account."""
        return "" if self.uin == self.account.uin else self.uin

    @property
    def usage(self) -> Filter:
        return Filter(sub_accounts=(self.own,) if self.own else ())

    def whole(self, name: str) -> int:
        """A number of the query; what is none counts as 0, as the family has it."""
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class Denied(Exception):
    """{"success": false, "message": why}, with HTTP 200 unless the caller is not known."""

    def __init__(self, why: str, status: int = 200) -> None:
        super().__init__(why)
        self.status = status


class Plain(NamedTuple):
    """An answer without the envelope."""

    body: dict[str, Any]
    status: int = 200


Body = TypeVar("Body", bound=msgspec.Struct)


def read_body(call: OneapiCall, kind: type[Body]) -> Body:
    """The JSON body. What it has beside the members of `kind` is not looked at."""
    try:
        body: Body = read_json(call.body, kind)
    except (msgspec.ValidationError, NotReadable) as error:
        raise Denied(f"The body is not as it should be: {error}") from None
    return body


def page(call: OneapiCall) -> tuple[int, int]:
    """(offset, size) of the page that was asked for: `p` counts from 1 in New API, from 0 in One API."""
    size = call.whole("page_size") or call.whole("size") or PAGE
    size = min(size, LARGEST_PAGE)
    number = call.whole("p")
    if call.account.assumptions.gateway_lists == "new-api":
        number = max(number, 1) - 1
    return number * size, size


def like(text: str, pattern: str) -> bool:
    """SQL's LIKE: `%` stands for anything, and without one the whole text is meant. In linear time, unlike a regex."""
    first, *rest = pattern.split("%")
    if not rest:
        return text == first
    *middle, last = rest
    at, end = len(first), len(text) - len(last)
    if at > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def paged(call: OneapiCall, rows: list[dict[str, Any]], total: int) -> Any:
    if call.account.assumptions.gateway_lists == "one-api":
        return rows
    offset, size = page(call)
    return {"page": offset // size + 1, "page_size": size, "total": total, "items": rows}
