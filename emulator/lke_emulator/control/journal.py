"""What was called: the newest entries of the journal."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lke_emulator.control.table import Body, Call, route

PAGE = 100


class JournalQuery(Body):
    surface: Annotated[
        str,
        Meta(
            description="gateway, openai, oneapi, objects, ...; empty for all but control, whose calls are asked for by name."
        ),
    ] = ""
    account: str = ""
    action: Annotated[
        str,
        Meta(description="DescribeX, lke.DescribeX openai.chat.completions, oneapi.list_logs or control.get_clock."),
    ] = ""
    caller: Annotated[str, Meta(description="The uin that signed, or that owns the key.")] = ""
    code: Annotated[str, Meta(description="An error code, the part before its dot, or ok.")] = ""
    since: Annotated[float, Meta(description="Unix seconds by the real clock.")] = 0
    limit: Annotated[int, Meta(ge=0)] = PAGE


class JournalPage(msgspec.Struct, frozen=True, kw_only=True):
    calls: list[dict[str, Any]]
    """Newest first."""
    dropped: int
    """How many made room for newer ones."""


@route("GET", "/journal")
def journal(call: Call, query: JournalQuery) -> JournalPage:
    """The calls of all surfaces, newest first, without any secret."""
    book = call.world.journal
    return JournalPage(calls=list(book.find(**msgspec.structs.asdict(query))), dropped=book.dropped(query.surface))
