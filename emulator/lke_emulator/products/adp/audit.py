"""The audit log: who did what to which app."""

from itertools import islice
from typing import Any

from lke_emulator.account.audit import AuditEntry
from lke_emulator.account.call import Call
from lke_emulator.knowledge.refusals import invalid
from lke_emulator.products import action
from lke_emulator.products.adp.listing import MOST, PER_PAGE, filtered, plain, unix_text
from lke_emulator.products.auditing import NOUNS, VERBS

VERB_NAMES, NOUN_NAMES = dict(VERBS.values()), dict(NOUNS.values())
RANGES = {"starttime": lambda value: [value, ""], "endtime": lambda value: ["", value]}
AVATAR = "https://cdn.lke.example.com/static/account-default-avatar.png"


@action("adp.DescribeAuditLogMeta")
def describe_audit_log_meta(call: Call) -> dict[str, Any]:
    def fields(names: dict[str, str]) -> list[dict[str, str]]:
        return [{"Key": key, "Name": name} for key, name in names.items()]

    return {"Actions": fields(VERB_NAMES), "BizObjects": fields(NOUN_NAMES)}


@action("adp.DescribeAuditLogList")
def describe_audit_log_list(call: Call) -> dict[str, Any]:
    """The newest first (documented by example). SearchAfter names the last line of a page: its milliseconds (documented by
    example), and its id, so that of several lines of a moment none is left out."""
    params = call.params
    limit = params.get("Limit", PER_PAGE)
    if not 1 <= limit <= MOST:
        raise invalid("Limit", f"must be from 1 to {MOST}, not {limit}")
    space = params.get("SpaceId", "")
    rows = [each for each in call.account.audit.newest() if space in ("", each.space)]
    found = filtered(
        call._replace(params={**params, "FilterList": [ranged(each) for each in params.get("FilterList") or ()]}),
        rows,
        {
            "Action": lambda each: frozenset((each.verb, VERB_NAMES.get(each.verb, each.verb))),
            "BizObject": lambda each: frozenset((each.noun, NOUN_NAMES.get(each.noun, each.noun))),
            "SpaceId": lambda each: each.space,
            "AccountUin": lambda each: each.uin,
            "AppId": lambda each: each.app,
            "startTime": lambda each: int(each.time),
            "endTime": lambda each: int(each.time),
        },
        {"Content": content_of},
    )
    page = list(islice(after(found, params.get("SearchAfter") or []), limit))
    return {"AuditLogList": [audit_log(each, call) for each in page], "SearchAfter": mark(page[-1]) if page else []}


def ranged(given: dict[str, Any]) -> dict[str, Any]:
    """startTime and endTime are bounds, whatever the operator is."""
    values = given.get("ValueList") or []
    bounds = RANGES.get(plain(given.get("Name", "")))
    return {**given, "Operator": 2, "ValueList": bounds(values[0])} if bounds and len(values) == 1 else given


def after(rows: list[AuditEntry], place: list[str]) -> list[AuditEntry]:
    """The rows that follow a mark."""
    if not place:
        return rows
    number = next((number for number, each in enumerate(rows) if mark(each) == place), None)
    if number is not None:
        return rows[number + 1 :]
    if not (place[0].isascii() and place[0].isdecimal()):
        raise invalid("SearchAfter.0", "must be milliseconds, as an answer's SearchAfter has them")
    return [each for each in rows if str(milliseconds(each)).zfill(20) < place[0].zfill(20)]


def mark(operation: AuditEntry) -> list[str]:
    return [str(milliseconds(operation)), operation.id]


def milliseconds(operation: AuditEntry) -> int:
    return int(operation.time * 1000)


def content_of(operation: AuditEntry) -> str:
    verb = VERB_NAMES.get(operation.verb, operation.verb)
    return f"{verb}-{operation.name}" if operation.name else verb


def audit_log(operation: AuditEntry, call: Call) -> dict[str, Any]:
    name = call.account.name_of(operation.uin)
    return {
        "AccountInfo": {"AccountUin": operation.uin, "NickName": name, "Avatar": AVATAR},
        "Action": VERB_NAMES.get(operation.verb, operation.verb),
        "AppId": operation.app,
        "AppName": operation.app_name,
        "Biz": NOUN_NAMES.get(operation.noun, operation.noun),
        "Content": content_of(operation),
        "OperateTime": unix_text(operation.time),
        "UniqueId": operation.id,
    }
