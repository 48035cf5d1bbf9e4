"""What was called: the entries of the journal, counted, waited for, and forgotten."""

import re
from collections.abc import Generator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lke_emulator.account.call import Wait
from lke_emulator.account.journal import CallMatch, journal_line
from lke_emulator.control import exports
from lke_emulator.control.explain import explanation_of
from lke_emulator.control.table import Body, ControlCall, HarText, PlainText, route
from lke_emulator.primitives.clock import real_now
from lke_emulator.scenario.load import shipped

HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
"""What may stand in a script."""
PAGE = 100
EXPLAINED = 20
"""Calls of a page that are explained: each may take a hundredth of a second."""
Explain = Annotated[
    bool, Meta(description=f"Whether refused calls have an Explanation, the newest {EXPLAINED} of the page.")
]
LONGEST_WAIT = 300


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
        Meta(description="A pattern: DescribeX, lke.Describe*, openai.chat.completions, oneapi.list_logs."),
    ] = ""
    caller: Annotated[str, Meta(description="The uin that signed, or that owns the key.")] = ""
    code: Annotated[str, Meta(description="An error code, the part before its dot, or ok.")] = ""
    since: Annotated[float, Meta(description="Unix seconds by the real clock.")] = 0
    limit: Annotated[int, Meta(ge=0)] = PAGE
    explain: Explain = False
    request_id: Annotated[str, Meta(description="One call.")] = ""
    format: Annotated[
        Literal["json", "har", "curl", "pytest"],
        Meta(
            description="har is JSON of HAR 1.2, curl a script for sh, pytest a test; oldest first, without any secret."
        ),
    ] = "json"


class JournalSearch(CallMatch, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls by any of their members."""

    since: Annotated[float, Meta(description="Unix seconds by the real clock.")] = 0
    limit: Annotated[int, Meta(ge=0)] = PAGE
    explain: Explain = False


class JournalWait(CallMatch, frozen=True, kw_only=True, forbid_unknown_fields=True):
    count: Annotated[int, Meta(ge=0)] = 1
    timeout: Annotated[float, Meta(ge=0, le=LONGEST_WAIT, description="Seconds.")] = 1


class JournalPage(msgspec.Struct, frozen=True, kw_only=True):
    calls: list[dict[str, Any]]
    """Newest first."""
    dropped: int
    """How many made room for newer ones."""


class JournalCount(msgspec.Struct, frozen=True, kw_only=True):
    count: int
    """Of calls that have ended, also of those whose entries made room for newer ones."""


class Forgotten(Body):
    account: str = ""
    request_id: str = ""


@route("GET", "/journal")
def journal(call: ControlCall, query: JournalQuery) -> JournalPage | PlainText | HarText:
    """The calls of all surfaces, newest first, without any secret; or as HAR, as a script of curl, as a test for pytest."""
    match = CallMatch(
        surface=query.surface,
        account=query.account,
        operation=query.action,
        caller=query.caller,
        code=query.code,
        request_id=query.request_id,
    )
    return page(call, match, query) if query.format == "json" else exported(call, match, query)


def exported(call: ControlCall, match: CallMatch, query: JournalQuery) -> PlainText | HarText:
    world = call.world
    entries = list(world.journal.entries(match, query.since, query.limit))[::-1]
    host = call.headers.get("host", "")
    url = f"http://{host if HOST.fullmatch(host) else '127.0.0.1'}"
    if query.format == "har":
        return HarText(exports.as_har(entries, url))
    if query.format == "curl":
        return PlainText(exports.as_curl(entries, url))
    opened = any(entry.account in world.opened for entry in entries)
    scenario = "" if opened or world.scenario not in shipped() else world.scenario
    return PlainText(exports.as_pytest(entries, scenario))


@route("POST", "/journal/find")
def find_calls(call: ControlCall, body: JournalSearch) -> JournalPage:
    """The same by any member of a call, its parameters too."""
    return page(call, body, body)


def page(call: ControlCall, match: CallMatch, asked: JournalQuery | JournalSearch) -> JournalPage:
    book = call.world.journal
    calls = []
    left = EXPLAINED if asked.explain else 0
    for entry in book.entries(match, asked.since, asked.limit):
        line = journal_line(entry)
        if left and entry.code:
            left -= 1
            line["Explanation"] = explanation_of(entry, call.world)
        calls.append(line)
    return JournalPage(calls=calls, dropped=book.dropped(match.surface))


@route("POST", "/journal/count")
def count_calls(call: ControlCall, body: JournalSearch) -> JournalCount:
    """How many calls there were."""
    return JournalCount(count=call.world.journal.count(body))


@route("POST", "/journal/wait")
def wait_for_calls(call: ControlCall, body: JournalWait) -> Generator[Wait, None, JournalCount]:
    """The same, once there are so many, or the time is over."""
    end = real_now() + body.timeout
    with call.running.events.heard() as ear:
        while (count := call.world.journal.count(body)) < body.count and (left := end - real_now()) > 0:
            yield Wait(left, ear)
            ear.rung = False
    return JournalCount(count=count)


@route("DELETE", "/journal", status=204)
def forget_calls(call: ControlCall, query: Forgotten) -> None:
    """Forget calls, of one account or one request id, or all."""
    call.world.journal.forget(CallMatch(account=query.account, request_id=query.request_id))
